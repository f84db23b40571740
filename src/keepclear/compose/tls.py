"""The TLS key of a node: a P-256 key and a certificate it signs for itself, in one file.

It is made with the node, or at first use for one that is older. Other nodes know it by its
pin, which stands on the contact card.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from keepclear.compose.folder import NodeFolder, make_folder, read_private, write_private
from keepclear.compose.machine import SystemEntropy
from keepclear.identity.tls import pin_of_pem, self_signed

_SERIAL_BYTES = 16


def tls_file(folder: NodeFolder, *, name: str) -> Path:
    """The file with key and certificate; one is made where there is none.

    Args:
        folder: whose node.
        name: whose, for people who look at the connection.

    Raises:
        NodeFault: it cannot be written.
    """
    if not folder.tls.exists():
        make_folder(folder.keys)
        serial = int.from_bytes(SystemEntropy().new_bytes(_SERIAL_BYTES), "big") >> 1
        private = ec.generate_private_key(ec.SECP256R1())
        write_private(folder.tls, self_signed(private, name=name, serial=serial or 1))
    return folder.tls


def tls_pin(folder: NodeFolder, *, name: str) -> str:
    """The pin of the node's TLS key, hex; a key is made where there is none.

    Raises:
        KeyFault: the file holds no certificate that can be read.
        NodeFault: it cannot be written.
    """
    return pin_of_pem(read_private(tls_file(folder, name=name)))
