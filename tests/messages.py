"""Messages as people write them, for tests; nothing here is under test."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from keepclear.model.message_life import ActKind, Units
from keepclear.model.node import Subject
from keepclear.model.telling import UnitWord
from keepclear.model.unit import Means, MeansKind, OwnUnit, UnitKind
from keepclear.services.expected import NEW
from keepclear.services.line.messaging import (
    Acting,
    Held,
    Releasing,
    act_on,
    held,
    release,
    save_draft,
)
from keepclear.services.units.listing import keep_unit
from keepclear.services.units.telling_units import Saying, say_of_unit
from line_fixture import LINE, Side

BAND = {
    "lower": {"value_m": 7_315.2, "reference": "STD", "datum_m": None},
    "upper": {"value_m": 7_924.8, "reference": "STD", "datum_m": None},
}
VOLUME = {
    "footprint": {
        "kind": "circle",
        "centre": {"latitude_deg": 35.0, "longitude_deg": 36.0},
        "radius_m": 5_000.0,
    },
    **BAND,
    "start": "2026-03-14T13:00:00Z",
    "end": "2026-03-14T14:30:00Z",
}
WINDOW = {"start": "2026-03-14T13:00:00Z", "end": "2026-03-14T14:00:00Z"}
OPERATION = {"id": "5f1d7a44-6a0c-4a0e-9a53-0f1f6c1d2e3f", "version": 2, "designator": "B-7731"}
PLACE = "35.7100N 035.9500E"

FIELDS: Mapping[str, dict[str, Any]] = {
    "M03": {
        "operation": OPERATION,
        "category": "transport",
        "class": "manned",
        "number": "2-4",
        "volumes": [VOLUME],
    },
    "M07": {
        "conflict": "c-17",
        "operation": {**OPERATION, "designator": "op-5f1d7a44"},
        "window": WINDOW,
        "rule": "R1",
        "asked_change": "stay north of the river",
    },
    "M09": {
        "subject": "two fast aircraft",
        "position": PLACE,
        "requested_action": "turn away now",
        "radio_tried": True,
    },
    "M16": {
        "facts": "three transports landed",
        "observed_at": "2026-03-14T04:00:00Z",
        "question": "What are they for?",
        "answer_by": "2026-03-15T04:00:00Z",
    },
    "M17": {
        "kind": "ownership",
        "words": "these are not ours",
        "scope": "the group",
        "ownership": "not ours",
    },
    "M20": {
        "rule": "R1",
        "occurrences": "2-4",
        "definition": "as the agreement says",
        "dataset_hash": "0" * 64,
    },
}


def an_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def document(code: str, **header: Any) -> dict[str, Any]:
    fields = {**FIELDS[code], **header.pop("fields", {})}
    return {"code": code, "line": LINE, "fields": fields, **header}


def draft(side: Side, code: str, name: str = "", **header: Any) -> Held:
    known = an_id(name or f"{side.party} {code}")
    return save_draft(side.node, known, document(code, **header), expected=NEW)


def released(side: Side, code: str, name: str = "", **header: Any) -> Held:
    """A message written and released by the duty officer, seen by another."""
    made = draft(side, code, name, **header)
    releasing = Releasing(an_id(f"release {made.stored.id}"), "duty officer", "first", "second")
    return release(side.node, made.stored.id, releasing)


def do(side: Side, message: str, kind: ActKind, name: str = "", **said: Any) -> Held:
    """Something the duty officer does to a message."""
    act_id = an_id(f"{side.party} {kind} {message} {name}")
    role = said.pop("role", "duty officer")
    if kind is ActKind.PASSED_TO_UNITS:
        return units_say(side, message, said["units"])
    return act_on(side.node, message, act_id, Acting(kind, role, "somebody", **said))


def units_say(side: Side, message: str, word: Units) -> Held:
    """Have the one unit of a side, told of everything, say what makes the word of a message."""
    own = OwnUnit(an_id("unit"), "TOWER", UnitKind.TOWER, (Means(MeansKind.RADIO, "130.000"),))
    with side.node.store.view() as view:
        is_listed = view.declaration(Subject.UNIT, own.id) is not None
    if not is_listed:
        keep_unit(side.node, own, expected=NEW)
    saying = Saying(UnitWord(word.value), "duty officer", MeansKind.RADIO, "as said", "somebody")
    say_of_unit(side.node, message, own.id, an_id(f"{message} {word}"), saying)
    return at(side, message)


def at(side: Side, message: str) -> Held:
    with side.node.store.view() as view:
        return held(view, message)


def heard(message: Held, **slips: Any) -> dict[str, Any]:
    """Every field that is read back, as it was sent but for slips."""
    from keepclear.contact.readback import fields_read_back

    said = message.message
    return {
        field.key: said.fields[field.key] for field in fields_read_back(said.code, said.fields)
    } | slips
