"""What signs the ledger's heads."""

from __future__ import annotations

from typing import Protocol


class Signer(Protocol):
    """The node's key, ready to sign."""

    @property
    def key_id(self) -> str:
        """Which key it is; its certificate carries the same name. Never absent."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Sign the bytes. Never absent: a node without its key does not start."""
        ...
