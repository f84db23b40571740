"""The public keys that issuers of access tokens sign with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from joserfc.jwk import RSAKey


class SigningKeys(Protocol):
    """Keys that come and go while a node runs; for use from any thread."""

    @property
    def edition(self) -> int:
        """Another number whenever the set of keys is another. Never absent."""
        ...

    def candidates(self, kid: str) -> Sequence[RSAKey]:
        """Those that may have signed a token.

        Args:
            kid: which key the token names; empty where it names none.

        An empty answer means that no key is known for it.
        """
        ...

    def look_again(self) -> bool:
        """Read and fetch the keys anew, unless that was done a moment ago.

        True where the set of keys is another now. Issuers that do not answer keep their last keys.
        """
        ...
