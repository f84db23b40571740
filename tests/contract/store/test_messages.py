"""Messages as one side of a line keeps them: found by what they are, never lost, never doubled."""

from __future__ import annotations

import uuid

import pytest

from contract.store.parts import START, note
from keepclear.errors import InvalidInput, NotFound, StateForbids
from keepclear.model.node import Subject
from keepclear.ports.line_store import MessagePage, MessageQuery, StoredMessage
from keepclear.ports.store import Store

LINE = "AMBER-BLUE"


def named(number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"message {number}"))


def message(number: int = 1, **changed: object) -> StoredMessage:
    plain = StoredMessage(
        number=0,
        id=named(number),
        line=LINE,
        outgoing=True,
        code="M07",
        precedence="PRIORITY",
        state="drafted",
        is_open=True,
        epoch=None,
        serial=None,
        version=1,
        content=b'{"code":"M07"}',
        life=b"{}",
        at=START,
        entry=None,
    )
    return plain._replace(**changed)  # type: ignore[arg-type]  # names and types of the caller


def put(store: Store, *messages: StoredMessage, text: str = "") -> list[StoredMessage]:
    return store.write(
        lambda unit: [unit.put_message(each, action="saved", searchable=text) for each in messages]
    )


def found(store: Store, query: MessageQuery, cursor: str = "", limit: int = 50) -> MessagePage:
    with store.view() as view:
        return view.messages(query, cursor=cursor, limit=limit)


def test_a_message_is_read_as_it_was_put(store: Store) -> None:
    (kept,) = put(store, message(epoch=2, serial=147))
    assert kept.number > 0
    with store.view() as view:
        assert view.message(named(1)) == view.message(named(1).upper()) == kept
        assert view.message(named(2)) is None
        assert view.message("no id") is None


def test_a_later_step_takes_the_place_of_the_one_before(store: Store) -> None:
    (kept,) = put(store, message())
    put(store, kept._replace(state="sent", version=2, serial=1, epoch=0))
    with store.view() as view:
        now = view.message(named(1))
        assert now is not None
        assert (now.state, now.version, now.number) == ("sent", 2, kept.number)
        assert [change.action for change in view.changes(after=0)][-2:] == ["saved", "saved"]
        assert {change.subject for change in view.changes(after=0)} == {Subject.MESSAGE}


def test_two_messages_never_share_an_id(store: Store) -> None:
    put(store, message())
    with pytest.raises(InvalidInput, match="already"):
        put(store, message())
    with pytest.raises(InvalidInput, match="UUID"):
        put(store, message(id="B-1"))


def test_messages_are_found_by_what_they_are(store: Store) -> None:
    put(store, message(1), message(2, outgoing=False, state="delivered"))
    put(store, message(3, code="M09", is_open=False, state="closed"), text="Convoy at Homs")
    put(store, message(4, line="BLUE-GREY"))

    def numbers(**meant: object) -> list[str]:
        return [each.id for each in found(store, MessageQuery(**meant)).items]  # type: ignore[arg-type]  # of the caller

    assert numbers() == [named(4), named(3), named(2), named(1)]
    assert numbers(line=LINE) == [named(3), named(2), named(1)]
    assert numbers(outgoing=False) == [named(2)]
    assert numbers(open_only=True, line=LINE) == [named(2), named(1)]
    assert numbers(codes=frozenset({"M09"})) == [named(3)]
    assert numbers(states=frozenset({"closed", "delivered"})) == [named(3), named(2)]
    assert numbers(text="HOMS") == [named(3)]
    assert numbers(text="nowhere") == []


def test_pages_follow_each_other_without_gap_or_repeat(store: Store) -> None:
    put(store, *(message(number) for number in range(1, 8)))
    seen: list[str] = []
    cursor = ""
    while True:
        page = found(store, MessageQuery(), cursor, 3)
        assert page.total == 7
        seen += [each.id for each in page.items]
        cursor = page.following
        if not cursor:
            break
    assert seen == [named(number) for number in range(7, 0, -1)]
    with pytest.raises(InvalidInput, match="cursor"):
        found(store, MessageQuery(), "elsewhere")
    with pytest.raises(InvalidInput, match="page of 0"):
        found(store, MessageQuery(), limit=0)


def test_open_messages_are_counted_by_direction_and_state(store: Store) -> None:
    put(store, message(1, state="sent"), message(2, state="sent"))
    put(store, message(3, outgoing=False, state="delivered"))
    put(store, message(4, state="closed", is_open=False))
    with store.view() as view:
        assert view.open_counts(LINE) == {(True, "sent"): 2, (False, "delivered"): 1}
        assert view.open_counts("ELSEWHERE") == {}


def test_a_draft_may_be_removed_and_nothing_else(store: Store) -> None:
    put(store, message())
    store.write(lambda unit: unit.drop_message(named(1), at=START))
    with store.view() as view:
        assert view.message(named(1)) is None
    with pytest.raises(NotFound):
        store.write(lambda unit: unit.drop_message(named(1), at=START))


def test_what_was_said_stays_said(store: Store) -> None:
    number = store.write(lambda unit: unit.append(note()))
    put(store, message(entry=number, state="sent"))
    with pytest.raises(StateForbids, match="only a draft"):
        store.write(lambda unit: unit.drop_message(named(1), at=START))
