import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidInput, InvalidWindow
from keepclear.ledger.entries import EntryKind, Record, payload_of, record_of
from keepclear.model.node import Subject
from unit.ledger.grown import NODE, OPERATION, START, record

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values: st.SearchStrategy[JsonValue] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def test_a_payload_is_the_document_and_what_is_said_of_it() -> None:
    payload = payload_of(replace(record(1, EntryKind.OPERATION_FILED), answer={"verdict": "x"}))
    assert json.loads(payload) == {
        "actor": "duty officer",
        "answer": {"verdict": "x"},
        "at": "2026-03-14T05:00:01.123Z",
        "body": {"designator": "B-1"},
        "kind": "operation filed",
        "mode": "EXERCISE",
        "node": NODE,
        "party": "BLUE",
        "schema": 1,
        "subject": {"id": OPERATION, "kind": "operation", "version": 1},
    }


def test_an_entry_without_answer_or_note_does_not_mention_them() -> None:
    assert b"answer" not in payload_of(record(1))
    assert b"note" not in payload_of(record(1))


def test_a_note_stands_in_the_payload() -> None:
    noted = payload_of(replace(record(1), note="asked for by AMBER"))
    assert json.loads(noted)["note"] == "asked for by AMBER"


@given(
    st.builds(
        lambda kind, body, answer, actor, note: replace(
            record(1, kind), body=body, answer=answer, actor=actor, note=note
        ),
        st.sampled_from(EntryKind),
        values,
        values,
        texts,
        texts,
    )
)
def test_every_record_reads_back_as_it_was(written: Record) -> None:
    assert record_of(payload_of(written)) == written


def test_the_moment_is_kept_to_the_millisecond_from_the_start() -> None:
    fine = replace(record(1), at=START + timedelta(microseconds=999))
    assert fine.at == START
    assert record_of(payload_of(fine)) == fine


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidWindow):
        replace(record(1), at=datetime(2026, 3, 14))  # noqa: DTZ001


@pytest.mark.parametrize("kind", EntryKind)
def test_each_kind_is_about_one_sort_of_thing(kind: EntryKind) -> None:
    assert kind.subject is not Subject.DRAFT
    wrong = Subject.ZONE if kind.subject is not Subject.ZONE else Subject.NODE
    with pytest.raises(InvalidInput, match="is about"):
        replace(record(1, kind), subject=wrong)


def test_kinds_that_name_no_thing_are_about_the_node() -> None:
    about_node = {kind for kind in EntryKind if kind.subject is Subject.NODE}
    assert about_node == {
        EntryKind.NODE_INITIALISED,
        EntryKind.NODE_STARTED,
        EntryKind.NODE_STOPPED,
        EntryKind.KEY_CERTIFIED,
        EntryKind.CLOCK_STEPPED_BACK,
        EntryKind.RESTORED,
    }


def test_a_negative_version_is_refused() -> None:
    with pytest.raises(InvalidInput, match="version"):
        replace(record(1), version=-1)


@pytest.mark.parametrize(
    "alter",
    [
        lambda payload: payload + b" ",
        lambda payload: b"\xef\xbb\xbf" + payload,
        lambda payload: payload.replace(b'"actor":"duty officer"', b'"actor": "duty officer"'),
        lambda payload: payload.replace(b'{"actor":', b'{"actor":"x","actor":'),
        lambda payload: payload.replace(b'"at":', b'"answer":null,"at":'),
        lambda payload: payload.replace(b'"party":', b'"note":"","party":'),
        lambda payload: payload.replace(b'"schema":1', b'"schema":2'),
        lambda payload: payload.replace(b'"schema":1', b'"schema":true'),
        lambda payload: payload.replace(b'"schema":1', b'"schema":1.0'),
        lambda payload: payload.replace(b"05:00:01.123Z", b"05:00:01Z"),
        lambda payload: payload.replace(b"05:00:01.123Z", b"25:00:01.123Z"),
        lambda payload: payload.replace(b'"kind":"operation"', b'"kind":"zone"'),
        lambda payload: payload.replace(b"operation changed", b"operation invented"),
        lambda payload: payload.replace(b'"version":1', b'"version":-1'),
        lambda payload: payload.replace(b'"schema":1,', b'"schema":1,"secret":1,'),
        lambda payload: payload.replace(b'"mode":"EXERCISE",', b""),
        lambda payload: payload.replace(b'{"designator":"B-1"}', b"1" * 400),
        lambda payload: payload.replace(b'{"designator":"B-1"}', b"[" * 9_999 + b"]" * 9_999),
        lambda payload: payload.replace(b"B-1", b"\xff"),
        lambda payload: payload.replace(b"B-1", b"\\ud800"),
        lambda payload: payload[:-1],
    ],
)
def test_any_other_bytes_are_no_payload(alter: object) -> None:
    payload = payload_of(record(1))
    altered = alter(payload)  # type: ignore[operator]
    assert altered != payload
    with pytest.raises(InvalidInput, match="not a ledger entry's payload"):
        record_of(altered)


@pytest.mark.parametrize("document", [b"", b"{}", b"[]", b"null", b"1e999", b"NaN"])
def test_a_document_of_another_sort_is_no_payload(document: bytes) -> None:
    with pytest.raises(InvalidInput, match="not a ledger entry's payload"):
        record_of(document)


@given(st.binary(max_size=200))
def test_garbage_is_refused_with_a_remedy(garbage: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_of(garbage)
    assert refused.value.remedy


@given(values)
def test_any_document_that_is_no_envelope_is_refused(value: JsonValue) -> None:
    with pytest.raises(InvalidInput):
        record_of(canonical_bytes(value))
