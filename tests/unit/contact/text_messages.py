"""Messages of every type with fields of every kind, for tests; nothing here is under test."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.kinds import Field, FieldKind
from keepclear.contact.catalogue.terms import begins_at
from keepclear.contact.catalogue.values import read_value
from keepclear.errors import InvalidInput
from keepclear.formats.documents.shapes import volume_document
from keepclear.formats.times import iso_text
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.message import Message
from keepclear.model.operation import Mode, Precedence
from keepclear.model.volume import Circle, Corridor, Polygon, Position, Volume
from keepclear.model.window import Window

START = datetime(2026, 3, 14, 12, tzinfo=UTC)
FIELDS: dict[str, dict[str, Any]] = {
    "M03": {
        "operation": {
            "id": "5f1d7a44-6a0c-4a0e-9a53-0f1f6c1d2e3f",
            "version": 2,
            "designator": "B-7731",
        },
        "category": "transport",
        "class": "manned",
        "number": "2-4",
    },
    "M09": {
        "subject": "two fast aircraft",
        "position": "35.7100N 035.9500E",
        "requested_action": "turn away now",
        "radio_tried": True,
    },
}
UUIDS = st.uuids().map(str)
WORDS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=40
).filter(lambda text: bool(text.strip()))
MOMENTS = st.integers(0, 60 * 24 * 300).map(lambda minutes: START + timedelta(minutes=minutes))
SECONDS = st.integers(0, 3_000_000).map(lambda s: START + timedelta(seconds=s))
WINDOWS = st.builds(
    lambda start, minutes: Window(start, start + timedelta(minutes=minutes)),
    st.one_of(MOMENTS, SECONDS),
    st.integers(1, 6_000),
)
POSITIONS = st.builds(
    Position,
    st.floats(-89.0, 89.0).map(lambda x: round(x, 5)),
    st.floats(-179.9, 179.9).map(lambda x: round(x, 5)),
)
HEIGHTS = st.sampled_from([0, 300, 914, 3048.0, 7315.2, 7924.8, 123.4])
BANDS = st.builds(
    lambda low, more, ref: AltitudeBand(Altitude(low, ref), Altitude(round(low + more, 6), ref)),
    HEIGHTS,
    st.sampled_from([30.48, 300.0, 1000.0]),
    st.sampled_from([AltitudeReference.STD, AltitudeReference.QNH, AltitudeReference.HAE]),
)
RADII = st.sampled_from([1_852.0, 500.0, 9_260.0, 914.4, 1234.5])


@st.composite
def footprints(draw: Any) -> Any:
    at = draw(POSITIONS)
    beside = Position(at.latitude_deg, (at.longitude_deg + 181.0) % 360.0 - 180.0)
    above = Position(at.latitude_deg + 0.5, at.longitude_deg)
    shape = draw(st.sampled_from(["circle", "corridor", "polygon"]))
    if shape == "circle":
        return Circle(at, draw(RADII))
    if shape == "corridor":
        return Corridor((at, beside), draw(RADII))
    return Polygon(((at, beside, above),))


VOLUMES = st.lists(
    st.builds(Volume, footprints(), BANDS, WINDOWS).map(volume_document), min_size=1, max_size=3
)


_OPERATIONS = st.fixed_dictionaries(
    {
        "id": UUIDS,
        "version": st.integers(1, 999),
        "designator": st.from_regex(r"[A-Z]{1,3}-[0-9]{1,4}", fullmatch=True),
    }
)
_PLACES = POSITIONS.map(
    lambda p: {"latitude_deg": p.latitude_deg, "longitude_deg": p.longitude_deg}
)
_STORED_BANDS = BANDS.map(
    lambda band: {
        name: {"value_m": each.value_m, "reference": each.reference.value, "datum_m": None}
        for name, each in (("lower", band.lower), ("upper", band.upper))
    }
)
_VALUES = st.dictionaries(
    st.sampled_from(["position", "band", "text"]),
    st.one_of(WORDS, st.integers(0, 99), st.booleans()),
    min_size=1,
)
_BY_KIND: dict[FieldKind, st.SearchStrategy[Any]] = {
    FieldKind.POSITION: _PLACES,
    FieldKind.BAND: _STORED_BANDS,
    FieldKind.WINDOW: WINDOWS.map(lambda w: {"start": iso_text(w.start), "end": iso_text(w.end)}),
    FieldKind.MOMENT: st.one_of(MOMENTS, SECONDS).map(iso_text),
    FieldKind.VOLUMES: VOLUMES,
    FieldKind.OPERATION: _OPERATIONS,
    FieldKind.MESSAGE: UUIDS,
    FieldKind.DURATION: st.integers(0, 86_400).map(float),
    FieldKind.DISTANCE: RADII,
    FieldKind.NUMBER: st.integers(0, 5_000).map(float),
    FieldKind.BOOLEAN: st.booleans(),
    FieldKind.VALUES: _VALUES,
}


def values_of(field: Field) -> st.SearchStrategy[Any]:
    if field.kind is FieldKind.TEXT:
        return WORDS.map(lambda text: text[: field.most])
    if field.choices:
        return st.sampled_from(field.choices)
    if field.kind in (FieldKind.TEXTS, FieldKind.FINGERPRINTS):
        return st.lists(WORDS, min_size=1, max_size=min(3, field.most))
    return _BY_KIND[field.kind]


@st.composite
def fields_of(draw: Any, code: str) -> dict[str, Any]:
    """Fields as the catalogue keeps them: all that are needed, and some of the others."""
    found: dict[str, Any] = {}
    for field in CATALOGUE[code].fields:
        if field.mandatory or draw(st.booleans()):
            try:
                found[field.key] = read_value(field, draw(values_of(field)), START)
            except InvalidInput:
                found[field.key] = read_value(field, _plain(field), START)
    return found


def _plain(field: Field) -> Any:
    """What always fits, where a drawn text did not."""
    if field.kind is FieldKind.TEXT:
        return "text"
    if field.kind is FieldKind.TEXTS:
        return ["text"]
    later = Window(START + timedelta(hours=1), START + timedelta(hours=2))
    if field.kind is FieldKind.VOLUMES:
        band = AltitudeBand(
            Altitude(0.0, AltitudeReference.AGL), Altitude(900.0, AltitudeReference.QNH)
        )
        return [volume_document(Volume(Circle(Position(35.0, 36.0), 1_852.0), band, later))]
    if field.kind is FieldKind.WINDOW:
        return {"start": iso_text(later.start), "end": iso_text(later.end)}
    return iso_text(later.start)


@st.composite
def messages(draw: Any, code: str) -> Message:
    fields = draw(fields_of(code))
    sender = draw(st.sampled_from(["BLUE", "AMBER"]))
    mode = draw(st.sampled_from(Mode))
    return Message(
        id=draw(UUIDS),
        code=code,
        version=draw(st.integers(1, 3)),
        line="AMBER-BLUE",
        sender=sender,
        recipient="AMBER" if sender == "BLUE" else "BLUE",
        from_role="duty officer",
        to_role=draw(st.sampled_from(["duty officer", "liaison officer"])),
        mode=mode,
        precedence=draw(st.sampled_from(Precedence)),
        originated_at=draw(MOMENTS),
        fields=fields,
        no_duff=draw(st.booleans()) and mode is Mode.EXERCISE,
        valid=draw(st.one_of(st.none(), WINDOWS)),
        speaks_of=draw(st.sampled_from([None, START, begins_at(code, fields)])),
        supersedes=draw(st.one_of(st.just(""), UUIDS)),
        refs=tuple(draw(st.lists(UUIDS, max_size=2))),
        remark=draw(st.one_of(st.just(""), WORDS)),
        renderings=draw(st.dictionaries(st.sampled_from(["ru", "en"]), WORDS, max_size=2)),
    )


def an_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))
