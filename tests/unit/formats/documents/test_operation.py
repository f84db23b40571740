"""Operations from outside: what is demanded, what the node decides, what is refused and how."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from keepclear.errors import (
    InvalidAltitude,
    InvalidFootprint,
    InvalidInput,
    InvalidOperation,
    InvalidWindow,
    ModeMismatch,
)
from keepclear.formats.documents.operation import (
    Given,
    Problem,
    draft_problems,
    operation_document,
    operation_from,
    stored_operation,
)
from keepclear.model.operation import (
    DisclosureLevel,
    EndReason,
    Mode,
    OperationClass,
    OperationState,
    Source,
    SourceKind,
)
from keepclear.model.volume import Circle, Position

ID = "0b4f8f5e-6d0c-4a52-9c8e-6d2b7c1e0a11"
AT = datetime(2026, 3, 14, 5, tzinfo=UTC)
TYPED = Source(SourceKind.TYPED, "form")
GIVEN = Given(
    id=ID,
    party="BLUE",
    mode=Mode.EXERCISE,
    version=3,
    ovn="f00d",
    state=OperationState.PLANNED,
    end_reason=EndReason.NOT_ENDED,
    received_at=AT,
    source=TYPED,
)
CENTRE = {"latitude_deg": 35.401, "longitude_deg": 35.9487}
VOLUME: dict[str, Any] = {
    "footprint": {"kind": "circle", "centre": CENTRE, "radius_m": 5_000},
    "lower": {"value_m": 7_315.2, "reference": "STD"},
    "upper": {"value_m": 7_924.8, "reference": "STD"},
    "start": "2026-03-14T08:00:00+03:00",
    "end": "2026-03-14T06:00Z",
}
SHORT: dict[str, Any] = {"designator": "B-7731", "class": "manned", "volumes": [VOLUME]}


def changed(*path: str | int, to: Any) -> Any:
    """The short document with one value replaced."""
    document = deepcopy(SHORT)
    inner: Any = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to
    return document


def without(*path: str | int) -> Any:
    """The short document with one value taken out."""
    document = deepcopy(SHORT)
    inner: Any = document
    for step in path[:-1]:
        inner = inner[step]
    del inner[path[-1]]
    return document


def refusal_of(document: Any, given: Given = GIVEN) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        operation_from(document, given=given)
    return caught.value


def test_designator_class_and_volumes_are_enough_the_node_adds_the_rest() -> None:
    operation = operation_from(SHORT, given=GIVEN)
    assert (operation.id, operation.party, operation.mode) == (ID, "BLUE", Mode.EXERCISE)
    assert (operation.version, operation.ovn, operation.received_at) == (3, "f00d", AT)
    assert operation.source == TYPED
    assert operation.operation_class is OperationClass.MANNED
    assert operation.level is DisclosureLevel.L1
    (volume,) = operation.volumes
    assert volume.footprint == Circle(Position(35.401, 35.9487), 5_000.0)
    assert volume.window.start == AT
    assert volume.window.duration_s == 3_600.0


def test_bytes_and_values_are_read_alike() -> None:
    data = json.dumps(SHORT).encode()
    assert operation_from(data, given=GIVEN) == operation_from(SHORT, given=GIVEN)


def test_the_documents_own_word_on_what_the_node_decides_is_not_used() -> None:
    full = operation_document(operation_from(SHORT, given=GIVEN))
    decided = replace(
        GIVEN,
        version=4,
        ovn="beef",
        state=OperationState.ENDED,
        end_reason=EndReason.CANCELLED,
        received_at=datetime(2026, 3, 15, tzinfo=UTC),
        source=Source(SourceKind.FILE, "blue.geojson"),
    )
    operation = operation_from(full, given=decided)
    assert (operation.version, operation.ovn) == (4, "beef")
    assert (operation.state, operation.end_reason) == (OperationState.ENDED, EndReason.CANCELLED)
    assert operation.received_at == decided.received_at
    assert operation.source == decided.source


def test_the_document_may_name_a_party_of_its_own() -> None:
    assert operation_from({**SHORT, "party": "GREEN"}, given=GIVEN).party == "GREEN"


def test_a_document_of_the_other_mode_is_refused() -> None:
    with pytest.raises(ModeMismatch, match="the document is REAL, the node is EXERCISE"):
        operation_from({**SHORT, "mode": "REAL"}, given=GIVEN)


def test_a_document_sent_under_another_id_is_refused() -> None:
    other = ID.replace("0b4f", "1b4f")
    assert refusal_of({**SHORT, "id": other}).message.startswith(f"id: {other} is not {ID}")


def test_capitals_in_a_uuid_mean_nothing() -> None:
    assert operation_from({**SHORT, "id": ID.upper()}, given=GIVEN).id == ID


@pytest.mark.parametrize(
    "name",
    ["id", "party", "mode", "version", "ovn", "state", "end_reason", "received_at", "source"],
)
def test_what_nobody_states_is_demanded(name: str) -> None:
    error = refusal_of(SHORT, replace(GIVEN, **{name: None}))
    assert (type(error), error.message) == (InvalidOperation, f"{name}: missing")
    assert name in error.remedy


@pytest.mark.parametrize("name", ["designator", "class", "volumes"])
def test_what_only_the_owner_knows_is_demanded(name: str) -> None:
    error = refusal_of(without(name))
    assert (error.message, error.remedy) == (
        f"{name}: missing",
        f'Add "{name}"; it is never guessed.',
    )


REFUSED: list[tuple[Any, type[InvalidInput], str]] = [
    ([], InvalidOperation, "a list is not an object"),
    (changed("class", to="maned"), InvalidOperation, "class: 'maned' is not known"),
    (changed("level", to=1), InvalidOperation, "level: 1 is not one of the known words"),
    (changed("level", to="L5"), InvalidOperation, "level: 'L5' is not known"),
    (changed("designator", to=""), InvalidOperation, "designator: it is empty"),
    (changed("designator", to=None), InvalidOperation, "designator: null is not text"),
    (changed("designator", to=" B"), InvalidOperation, "designator: ' B' has spaces around it"),
    (changed("contact", to="a\x00"), InvalidOperation, "contact: the text holds the control"),
    (changed("contact", to="\ud800"), InvalidOperation, "contact: the text holds the control"),
    (changed("crossings", to=["L1", "L1"]), InvalidOperation, "crossings: 'L1' stands twice"),
    (changed("entries", to=[3]), InvalidOperation, "entries[0]: 3 is not text"),
    (changed("entries", to="Z-1"), InvalidOperation, "entries: 'Z-1' is not a list"),
    (changed("tolerance_s", to=1e6), InvalidOperation, "tolerance_s: a tolerance of 1000000.0 s"),
    (changed("tolerance_s", to=float("nan")), InvalidOperation, "tolerance_s: a tolerance of nan"),
    (changed("aircraft_count", to=0), InvalidOperation, "aircraft_count: 0 is below 1"),
    (changed("aircraft_count", to=2.0), InvalidOperation, "aircraft_count: 2.0 is not a whole"),
    (changed("aircraft_count", to=True), InvalidOperation, "aircraft_count: true is not a whole"),
    (changed("priority", to=2**53), InvalidOperation, "priority: the whole number is beyond"),
    (changed("uncertainty", to={"lateral_m": -1}), InvalidOperation, "uncertainty: an uncertainty"),
    (changed("id", to="7731"), InvalidOperation, "id: '7731' is not a UUID"),
    (changed("received_at", to="today"), InvalidWindow, "received_at: the time 'today' is not"),
    (changed("volumes", to=[]), InvalidOperation, "volumes: the list is empty"),
    (changed("volumes", 0, "colour", to=1), InvalidOperation, "volumes[0]: there is no field"),
    (without("volumes", 0, "start"), InvalidOperation, "volumes[0].start: missing"),
    (
        changed("volumes", 0, "start", to="2026-03-14T05:00:00"),
        InvalidWindow,
        "volumes[0].start: the time '2026-03-14T05:00:00' has no zone",
    ),
    (
        changed("volumes", 0, "end", to="2026-03-14T04:00Z"),
        InvalidWindow,
        "volumes[0]: the window ends",
    ),
    (
        without("volumes", 0, "lower", "reference"),
        InvalidAltitude,
        "volumes[0].lower.reference: missing",
    ),
    (
        changed("volumes", 0, "lower", "reference", to="MSL"),
        InvalidAltitude,
        "volumes[0].lower.reference: 'MSL' is not known",
    ),
    (
        changed("volumes", 0, "lower", "value_m", to="FL240"),
        InvalidAltitude,
        "volumes[0].lower.value_m: 'FL240' is not a number",
    ),
    (
        changed("volumes", 0, "upper", "value_m", to=10**400),
        InvalidAltitude,
        "volumes[0].upper.value_m: the number is out of all bounds",
    ),
    (
        changed("volumes", 0, "upper", "value_m", to=float("inf")),
        InvalidAltitude,
        "volumes[0].upper: altitude of inf m",
    ),
    (
        changed("volumes", 0, "lower", "value_m", to=9_000),
        InvalidAltitude,
        "volumes[0]: the band is upside down",
    ),
    (
        changed("volumes", 0, "footprint", to={"centre": CENTRE}),
        InvalidFootprint,
        "volumes[0].footprint.kind: missing",
    ),
    (
        changed("volumes", 0, "footprint", "kind", to="circel"),
        InvalidFootprint,
        "volumes[0].footprint.kind: 'circel' is not known",
    ),
    (
        changed("volumes", 0, "footprint", "centre", to={"latitude_deg": 135, "longitude_deg": 35}),
        InvalidFootprint,
        "volumes[0].footprint.centre: latitude 135.0 is not within ±90° (latitude and",
    ),
    (
        changed("volumes", 0, "footprint", "radius_m", to=0),
        InvalidFootprint,
        "volumes[0].footprint: a radius of 0.0 m",
    ),
    (
        changed("volumes", 0, "footprint", to={"kind": "polygon", "rings": [[CENTRE, 7]]}),
        InvalidFootprint,
        "volumes[0].footprint.rings[0][1]: 7 is not an object",
    ),
    (
        changed("volumes", 0, "footprint", to={"kind": "polygon", "rings": [[CENTRE, CENTRE]]}),
        InvalidFootprint,
        "volumes[0].footprint: a ring has fewer than three",
    ),
]


@pytest.mark.parametrize(("document", "kind", "message"), REFUSED)
def test_what_cannot_be_used_is_refused_by_place(
    document: Any, kind: type[InvalidInput], message: str
) -> None:
    error = refusal_of(document)
    assert type(error) is kind
    assert error.message.startswith(message)
    assert error.remedy


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the document is not valid JSON"),
        (b"\xff{}", "the document is not UTF-8: byte 0"),
        (b'{"designator": "A", "designator": "B"}', "the document is not valid JSON: the key"),
        (b'{"tolerance_s": NaN}', "the document is not valid JSON: NaN"),
        (b'{"tolerance_s": 1e999, "designator": "A"}', "class: missing"),
        (b"[" * 100_000, "the document is nested more than 64 deep"),
        (b'{"a":' * 100_000, "the document is nested more than 64 deep"),
    ],
)
def test_bytes_that_are_no_sound_json_are_refused(data: bytes, message: str) -> None:
    error = refusal_of(data)
    assert isinstance(error, InvalidOperation)
    assert error.message.startswith(message)


def test_a_number_too_large_for_json_readers_is_refused() -> None:
    data = json.dumps(SHORT).replace("5000", "1e999").encode()
    assert refusal_of(data).message.startswith("volumes[0].footprint: a radius of inf m")


def test_nesting_beyond_all_depth_is_refused_in_values_too() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    assert refusal_of(changed("contact", to=deep)).message == "contact: a list is not text"


def test_the_nearest_known_word_is_offered() -> None:
    assert refusal_of(changed("category", to="medivac")).remedy == "Did you mean 'medevac'?"
    assert refusal_of({**SHORT, "desigantor": "B"}).remedy == "Did you mean 'designator'?"


def test_a_draft_lists_every_problem_with_its_place() -> None:
    draft = {
        "class": "manned",
        "colour": "red",
        "volumes": [without("volumes", 0, "end")["volumes"][0], VOLUME | {"lower": {}}],
    }
    assert [problem.place for problem in draft_problems(draft)] == [
        *("", "designator", "volumes[0].end"),
        *("volumes[1].lower.value_m", "volumes[1].lower.reference"),
    ]


def test_a_draft_needs_nothing_that_the_node_adds() -> None:
    assert draft_problems(SHORT) == ()
    assert draft_problems({**SHORT, "mode": "REAL", "id": ID}) == ()


def test_a_problem_says_what_to_do() -> None:
    assert draft_problems(without("designator")) == (
        Problem("designator", "missing", 'Add "designator"; it is never guessed.'),
    )


def test_an_empty_draft_misses_all_that_is_demanded() -> None:
    assert {problem.place for problem in draft_problems({})} == {"designator", "class", "volumes"}


def test_a_draft_with_endless_faults_lists_no_more_than_a_person_reads() -> None:
    draft = {**SHORT, "entries": [7] * 100_000, "volumes": [{}, {"colour": "red"}]}
    assert len(draft_problems(draft)) == 100
    assert len(draft_problems({**SHORT, "volumes": [{}] * 100_000})) == 100
    assert len(draft_problems(dict.fromkeys(map(str, range(100_000))))) == 100


def test_a_damaged_stored_operation_is_told_with_its_place() -> None:
    body = operation_document(operation_from(SHORT, given=GIVEN))
    with pytest.raises(InvalidOperation, match=r"^tolerance_s: 'x' is not a number"):
        stored_operation({**body, "tolerance_s": "x"})
    with pytest.raises(InvalidOperation, match=r"^party: missing"):
        stored_operation({name: value for name, value in body.items() if name != "party"})
    for odd in ("yesterday", "2026-03-14T05:00:00", "0001-01-01T00:00:00+14:00"):
        with pytest.raises(InvalidWindow, match="is not a time with a zone"):
            stored_operation({**body, "received_at": odd})
    with pytest.raises(InvalidOperation, match=r"^the document is not valid JSON"):
        stored_operation(b"{")


def test_every_field_of_the_model_stands_in_the_document() -> None:
    document = operation_document(operation_from(SHORT, given=GIVEN))
    told = {"operation_class" if name == "class" else name for name in document}
    assert told == set(type(operation_from(SHORT, given=GIVEN)).__slots__)
