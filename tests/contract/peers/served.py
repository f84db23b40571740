"""A node that answers its peers on a port of this machine; nothing here is under test."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from keepclear.cli.listening import open_listener
from keepclear.compose.machine import forward_seconds
from keepclear.compose.peers_serving import peers_served
from keepclear.identity.tls import pin_of_pem, self_signed
from keepclear.model.operation import Mode
from keepclear.ports.peers import PeerAddress
from line_fixture import Side


@contextmanager
def serving(
    side: Side, tls: Path | None = None, *, seconds: Callable[[], float] = forward_seconds
) -> Iterator[PeerAddress]:
    """Have a node answer its peers while the block runs."""
    with (
        closing(open_listener("127.0.0.1", 0)) as listener,
        peers_served(side.node, listener, tls, seconds),
    ):
        port = listener.getsockname()[1]
        if tls is None:
            yield PeerAddress(f"http://127.0.0.1:{port}", "", Mode.EXERCISE)
        else:
            pin = pin_of_pem(tls.read_bytes())
            yield PeerAddress(f"https://127.0.0.1:{port}", pin, side.node.identity.mode)


def tls_key(folder: Path, number: int = 7) -> Path:
    """A file with a TLS key and its certificate."""
    path = folder / f"tls-{number}.pem"
    path.write_bytes(
        self_signed(ec.derive_private_key(number, ec.SECP256R1()), name="test", serial=number)
    )
    return path


def asked(address: PeerAddress, method: str, path: str, body: bytes = b"") -> httpx.Response:
    """Ask as anybody could."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with httpx.Client(base_url=address.url, verify=context, trust_env=False, timeout=30) as http:
        return http.request(method, path, content=body)
