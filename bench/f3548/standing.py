"""A DSS, or a USS beside one, in processes of their own, and a token that they take."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import NamedTuple

from keepclear.compose.folder import NodeFolder
from keepclear.compose.making import make_node
from keepclear.model.node import NodeKind
from keepclear.model.operation import Mode

_KEEPCLEAR = str(Path(sys.executable).with_name("keepclear"))
_PATIENCE_S = 300.0


class Served(NamedTuple):
    """A running DSS.

    Attributes:
        port: where it answers.
        token: what it takes, for an hour.
        pid: its process.
        started_s: from the command to the first good answer.
    """

    port: int
    token: str
    pid: int
    started_s: float

    def most_bytes(self) -> int:
        """The most memory the process ever held."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        (line,) = (line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024


class ServedUss(NamedTuple):
    """A running USS, and the discovery service it uses.

    Attributes:
        folder: of its node.
        port: where people reach it; `token` is a person's.
        f3548_port: where other USSs do.
        dss_port: where the service is.
        peer_token: what either takes from another USS, for an hour.
    """

    folder: NodeFolder
    port: int
    token: str
    f3548_port: int
    dss_port: int
    peer_token: str


@contextmanager
def serving_uss(work: Path) -> Iterator[ServedUss]:
    """Run an issuer of tokens, a DSS and a USS, each a process of its own, while the block runs."""
    tokens, dss, uss, people = (_free_port() for _ in range(4))
    folder = NodeFolder(work / "node")
    make_node(folder, party="BLUE", mode=Mode.EXERCISE, kind=NodeKind.INTEGRATED)
    common = {
        "KEEPCLEAR_F3548_JWKS": f"http://127.0.0.1:{tokens}/.well-known/jwks.json",
        "KEEPCLEAR_F3548_ALLOW_HTTP_BASE_URLS": "true",
    }
    told = {
        "ROLES": "uss",
        "PORT": f"{uss}",
        "DSS_URL": f"http://127.0.0.1:{dss}",
        "BASE_URL": f"http://127.0.0.1:{uss}",
        "TOKEN_URL": f"http://127.0.0.1:{tokens}/token",
        "TOKEN_METHOD": "GET",
        "TOKEN_PARAMETERS": "sub=node",
    }
    issuer = [_KEEPCLEAR, "dev", "tokens", "--port", str(tokens), "--key", str(work / "issuer.key")]
    service = [_KEEPCLEAR, "serve", "--role", "dss", "--node", str(work / "dss")]
    node = [_KEEPCLEAR, "serve", "--node", str(folder.path), "--port", str(people)]
    with ExitStack() as stack:
        stack.enter_context(_process(issuer, os.environ.copy()))
        _await(tokens, "/key.pem")
        where = {**os.environ, **common, "KEEPCLEAR_F3548_PORT": f"{dss}"}
        stack.enter_context(_process(service, where))
        _await(dss, "/aux/v1/version")
        settings = {f"KEEPCLEAR_F3548_{name}": text for name, text in told.items()}
        stack.enter_context(_process(node, {**os.environ, **common, **settings}))
        _await(uss, "/uss/v1/reports")
        _await(people, "/health")
        token = folder.token.read_text().strip()
        yield ServedUss(folder, people, token, uss, dss, _token(tokens, sub="peer"))


@contextmanager
def serving(folder: Path, work: Path) -> Iterator[Served]:
    """Run a DSS on a folder, and an issuer of tokens beside it, while the block runs."""
    tokens, port = _free_port(), _free_port()
    issuer = [_KEEPCLEAR, "dev", "tokens", "--port", str(tokens), "--key", str(work / "issuer.key")]
    with _process(issuer, os.environ.copy()):
        _await(tokens, "/key.pem")
        token = _token(tokens)
        said = {
            "KEEPCLEAR_F3548_AUDIENCES": "127.0.0.1,localhost",
            "KEEPCLEAR_F3548_JWKS": f"http://127.0.0.1:{tokens}/.well-known/jwks.json",
            "KEEPCLEAR_F3548_PORT": str(port),
        }
        begin = time.perf_counter()
        command = [_KEEPCLEAR, "serve", "--role", "dss", "--node", str(folder)]
        with _process(command, {**os.environ, **said}) as pid:
            _await(port, "/aux/v1/version")
            yield Served(port, token, pid, time.perf_counter() - begin)


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[int]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _await(port: int, path: str) -> None:
    until = time.perf_counter() + _PATIENCE_S
    while time.perf_counter() < until:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
        except OSError:
            time.sleep(0.02)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"nothing answers on port {port}")


def _token(port: int, *, sub: str = "bench") -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    asked = f"grant_type=client_credentials&intended_audience=127.0.0.1&issuer=bench&sub={sub}"
    scopes = "utm.strategic_coordination%20utm.constraint_processing"
    connection.request("GET", f"/token?{asked}&scope={scopes}")
    return str(json.loads(connection.getresponse().read())["access_token"])


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
