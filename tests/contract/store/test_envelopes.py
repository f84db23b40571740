"""Signed envelopes, their streams and deadlines: kept word for word, delivered once."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest

from contract.store.parts import START
from keepclear.errors import InvalidInput
from keepclear.model.node import Subject
from keepclear.ports.line_store import Due, StoredEnvelope, StoredStream
from keepclear.ports.store import Store

LINE = "AMBER-BLUE"
LATER = START + timedelta(minutes=1)


def message_id(serial: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"message {serial}"))


def ours(serial: int, **changed: object) -> StoredEnvelope:
    plain = StoredEnvelope(
        line=LINE,
        outgoing=True,
        epoch=0,
        serial=serial,
        hash=bytes([serial]) * 32,
        precedence="ROUTINE",
        message=message_id(serial),
        delivered_at=None,
        applied=True,
        content=f"envelope {serial}".encode(),
    )
    return plain._replace(**changed)  # type: ignore[arg-type]  # names and types of the caller


def put(store: Store, *envelopes: StoredEnvelope) -> None:
    def work_of(envelope: StoredEnvelope) -> None:
        store.write(lambda unit: unit.put_envelope(envelope))

    for envelope in envelopes:
        work_of(envelope)


def test_an_envelope_is_read_as_it_was_put(store: Store) -> None:
    put(store, ours(1), ours(1, outgoing=False, delivered_at=START, applied=False))
    with store.view() as view:
        assert view.envelope(LINE, outgoing=True, epoch=0, serial=1) == ours(1)
        assert view.envelope(LINE, outgoing=True, epoch=1, serial=1) is None
        assert view.envelope_of(message_id(1), outgoing=True) == ours(1)
        theirs = view.envelope_of(message_id(1), outgoing=False)
        assert theirs is not None
        assert theirs.delivered_at == START
        assert view.envelope_of("no id", outgoing=True) is None


def test_nothing_signed_is_ever_replaced(store: Store) -> None:
    put(store, ours(1))
    with pytest.raises(InvalidInput, match="taken"):
        put(store, ours(1, content=b"other words"))
    with store.view() as view:
        assert view.envelope(LINE, outgoing=True, epoch=0, serial=1) == ours(1)


def test_what_waits_goes_oldest_first_and_flash_by_itself(store: Store) -> None:
    put(store, ours(3), ours(1), ours(2, precedence="FLASH"), ours(1, epoch=1, hash=b"1"))
    with store.view() as view:

        def waiting(flash: bool | None = None) -> list[tuple[int, int]]:
            return [(e.epoch, e.serial) for e in view.envelopes_waiting(LINE, flash=flash)]

        assert waiting() == [(0, 1), (0, 2), (0, 3), (1, 1)]
        assert waiting(True) == [(0, 2)]
        assert waiting(False) == [(0, 1), (0, 3), (1, 1)]
        assert view.waiting_count(LINE) == 4
        assert view.waiting_count("ELSEWHERE") == 0


def test_a_delivery_counts_once(store: Store) -> None:
    put(store, ours(1), ours(2), ours(3))

    def deliver(*serials: int) -> list[str]:
        return list(store.write(lambda unit: unit.mark_delivered(LINE, 0, serials, at=LATER)))

    assert deliver(1, 3) == [message_id(1), message_id(3)]
    assert deliver(1, 2, 9) == [message_id(2)]
    assert deliver() == []
    with store.view() as view:
        assert view.envelopes_waiting(LINE) == []
        kept = view.envelope(LINE, outgoing=True, epoch=0, serial=1)
        assert kept is not None
        assert kept.delivered_at == LATER


def test_what_came_early_is_held_until_it_is_applied(store: Store) -> None:
    early = [ours(n, outgoing=False, applied=False, delivered_at=START) for n in (3, 2)]
    put(store, *early)
    with store.view() as view:
        assert [each.serial for each in view.envelopes_held(LINE)] == [2, 3]
    store.write(lambda unit: unit.mark_applied(LINE, 0, 2))
    with store.view() as view:
        assert [each.serial for each in view.envelopes_held(LINE)] == [3]
        between = view.envelopes_between(LINE, outgoing=False, epoch=0, first=1, last=9)
        assert [each.serial for each in between] == [2, 3]


def test_a_stream_says_how_far_it_goes(store: Store) -> None:
    with store.view() as view:
        assert view.stream(LINE, outgoing=True, epoch=0) is None
    for stream in (StoredStream(0, 1, b"a"), StoredStream(0, 2, b"b"), StoredStream(1, 1, b"c")):
        store.write(lambda unit, put=stream: unit.put_stream(LINE, put, outgoing=True))  # type: ignore[misc]  # a default in a lambda
    with store.view() as view:
        assert view.stream(LINE, outgoing=True, epoch=0) == StoredStream(0, 2, b"b")
        assert view.streams(LINE, outgoing=True) == [
            StoredStream(0, 2, b"b"),
            StoredStream(1, 1, b"c"),
        ]
        assert view.streams(LINE, outgoing=False) == []


def test_deadlines_come_in_order_and_one_thing_has_one_set_of_them(store: Store) -> None:
    def keep(thing: str, *deadlines: tuple[str, int]) -> None:
        moments = [(kind, START + timedelta(seconds=seconds)) for kind, seconds in deadlines]
        store.write(lambda unit: unit.put_deadlines(Subject.MESSAGE, thing, moments))

    keep("one", ("acknowledge", 60), ("answer", 900))
    keep("two", ("acknowledge", 30))
    now = START + timedelta(seconds=60)
    with store.view() as view:
        assert view.next_due() == START + timedelta(seconds=30)
        assert [(due.id, due.kind) for due in view.due(now)] == [
            ("two", "acknowledge"),
            ("one", "acknowledge"),
        ]
        assert view.due(START) == []
    keep("two")
    store.write(lambda unit: unit.drop_deadline(Subject.MESSAGE, "one", "acknowledge"))
    with store.view() as view:
        left = Due(Subject.MESSAGE, "one", "answer", START + timedelta(seconds=900))
        assert view.deadlines(Subject.MESSAGE, "one") == [left]
        assert view.next_due() == left.due
        assert view.deadlines(Subject.LINE, "one") == []
    keep("one")
    with store.view() as view:
        assert view.next_due() is None
