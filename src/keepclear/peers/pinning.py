"""TLS to a node whose key is known: the pin is checked before a byte of a request leaves.

Source: Python, `ssl.SSLContext.sslsocket_class`; RFC 7469, 2.6 (validating a pin).
"""

from __future__ import annotations

import hmac
import ssl

from keepclear.errors import KeyFault
from keepclear.identity.tls import spki_pin


class PinMismatchError(ssl.SSLError):
    """The node at the other end shows another key than the one of its card."""


class _PinnedSocket(ssl.SSLSocket):
    """Ends the handshake with an error where the key is not the pinned one."""

    def do_handshake(self, block: bool = False) -> None:
        super().do_handshake(block)
        context = self.context
        assert isinstance(context, PinnedContext)  # noqa: S101  (made by it alone)
        context.require(self.getpeercert(binary_form=True))


class PinnedContext(ssl.SSLContext):
    """A context that takes one key and no other, whatever its certificate says of itself."""

    sslsocket_class = _PinnedSocket
    pin: str

    def require(self, certificate_der: bytes | None) -> None:
        """Refuse a certificate of another key.

        Raises:
            PinMismatchError: its key is not the pinned one, or there is none.
        """
        try:
            shown = spki_pin(certificate_der or b"")
        except KeyFault:
            shown = ""
        if not hmac.compare_digest(shown, self.pin):
            raise PinMismatchError("the node shows another TLS key than its card names")


def pinned_context(pin: str) -> PinnedContext:
    """A context for connections to the node of this pin."""
    context = PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # The chain says nothing about a key that is known already; the pin says all.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.pin = pin
    return context
