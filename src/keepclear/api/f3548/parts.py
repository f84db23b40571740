"""The parts of F3548 paths: what each may be, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping

from keepclear.api.parts import Part, read_name
from keepclear.errors import InvalidInput
from keepclear.formats.f3548 import id_of

LONGEST_OVN = 128


def _token(text: str) -> str:
    """An OVN or a version: opaque, so whoever compares it answers a wrong one."""
    if not 0 < len(text) <= LONGEST_OVN or not text.isprintable():
        raise InvalidInput(
            f"{text!r:.60} is no OVN or version", remedy="Give the one that the record shows."
        )
    return text


_ID = {
    "type": "string",
    "format": "uuid",
    "pattern": "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-"
    "[0-9a-fA-F]{12}$",
}
_TEXT = {"type": "string", "minLength": 1, "maxLength": 200}

PARTS: Mapping[str, Part] = {
    "entityid": Part("Of an operational intent or a constraint.", _ID, id_of),
    "subscriptionid": Part("Of a subscription.", _ID, id_of),
    "flight_plan_id": Part("Of a flight plan.", _ID, id_of),
    "ovn": Part(
        "The opaque version number that is changed.",
        {"type": "string", "minLength": 16, "maxLength": LONGEST_OVN},
        _token,
    ),
    "version": Part(
        "The version that is changed.",
        {"type": "string", "minLength": 1, "maxLength": LONGEST_OVN},
        _token,
    ),
    "uss_id": Part("Of a USS, as the `sub` of its tokens.", _TEXT, read_name),
    "log_set_id": Part("Of a set of logs.", _TEXT, read_name),
    "system_identity": Part("Of a system, as `astm.f3548.v21`.", _TEXT, read_name),
}
"""Every part that a path may have, by name."""
