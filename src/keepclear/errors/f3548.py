"""Refusals that ASTM F3548-21 asks for.

Source: ASTM F3548-21, interface UTM API 1.0.0: 409 of references, AirspaceConflictResponse, 412.
"""

from __future__ import annotations

from keepclear.errors.invalid import InvalidInput


class VersionConflict(InvalidInput):
    """An F3548 record was changed meanwhile, or exists already; nothing was overwritten."""

    code = "version-conflict"
    default_remedy = "Get the record again and name its current OVN or version."


class AirspaceConflict(VersionConflict):
    """The key does not prove knowledge of everything relevant to an operational intent."""

    code = "airspace-conflict"
    default_remedy = (
        "Get the details of what is missing from its managing USS, deconflict, and send "
        "their OVNs with the key."
    )

    def __init__(self, message: str, *, response: object = None, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self._response = response

    @property
    def response(self) -> object:
        """The AirspaceConflictResponse, which names what is missing; None for none."""
        return self._response


class UssIsDown(InvalidInput):
    """An arbiter declared the USS to be down, so it may not plan, activate or remove."""

    code = "uss-is-down"
    default_remedy = "Have whoever arbitrates availability set it back to Normal first."
