"""A watch is handed over by a sheet that both sign; then it changes, and not before."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidInput, NotFound, NotPermitted, StateForbids
from keepclear.formats.documents.watch import stored_watch
from keepclear.model.handover import HandoverState, WatchSide
from keepclear.model.note import Note
from keepclear.model.watch import DutyRole, Watch
from keepclear.services.expected import NEW
from keepclear.services.line.handing_over import SHEET_LASTS, Signing, override, prepare, sign
from keepclear.services.line.handing_sheet import sheet_of
from keepclear.services.line.noting import keep_note
from keepclear.services.line.receiving import receive
from keepclear.services.line.watching import take_watch, watches
from line_fixture import LINE, Side, message, two_nodes, verified
from meanwhile import before_writing
from node_fixture import START

WATCH = Watch(
    "BLUE",
    START,
    (DutyRole("duty officer", ("en",)), DutyRole("interpreter", certified_linguist=True)),
    next_handover=START + timedelta(hours=8),
    remark="Quiet so far.",
)
SHIFT = {
    "handed_over_by": "duty officer",
    "taken_over_by": "senior watch officer",
    "next_handover": "2026-03-14T22:00:00Z",
    "remark": "Call at 16:00Z.",
}
ID = str(uuid.uuid5(uuid.NAMESPACE_OID, "handover"))
OUT = Signing("duty officer", "Hugo", by_password=False, actor="jk")
IN = Signing("Senior Watch Officer", "Anna", by_password=False, actor="jk")


@pytest.fixture
def sides(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    with two_nodes(tmp_path) as made:
        take_watch(made[0].node, WATCH, expected=NEW)
        made[0].clock.turn(hours=8)
        yield made


@pytest.fixture
def blue(sides: tuple[Side, Side]) -> Side:
    return sides[0]


def held_by(side: Side) -> tuple[int, Watch]:
    with side.node.store.view() as view:
        ours = watches(view, side.node).ours
    assert ours is not None
    return ours.version, stored_watch(ours.body)


def both_sign(side: Side) -> Any:
    prepare(side.node, ID, SHIFT, actor="jk")
    sign(side.node, ID, WatchSide.OUTGOING, OUT)
    return sign(side.node, ID, WatchSide.INCOMING, IN)


def test_the_watch_changes_with_the_second_signature_and_not_before(blue: Side) -> None:
    prepare(blue.node, ID, SHIFT, actor="jk")
    assert held_by(blue)[0] == 1
    once = sign(blue.node, ID, WatchSide.INCOMING, IN)
    assert (once.took, held_by(blue)[0]) == (None, 1)
    done = sign(blue.node, ID, WatchSide.OUTGOING, OUT)
    assert done.took is not None
    assert done.took.told == (LINE,)
    version, watch = held_by(blue)
    assert (version, watch.taken_over_by) == (2, "senior watch officer")
    assert watch.since == blue.clock.now()
    assert watch.remark == "Call at 16:00Z."
    assert [each.role for each in watch.roles] == ["duty officer", "interpreter"]
    assert done.handover.state is HandoverState.SIGNED
    assert [each.side for each in done.handover.signatures] == list(WatchSide)


def test_the_other_party_is_told_of_the_new_watch(sides: tuple[Side, Side]) -> None:
    blue, amber = sides
    both_sign(blue)
    receive(amber.node, LINE, blue.sent())
    codes = [json.loads(each)["message"]["code"] for each in blue.sent()]
    assert codes == ["M02", "M02"]


def test_both_attributions_stand_in_the_ledger(blue: Side) -> None:
    both_sign(blue)
    with blue.node.store.view() as view:
        entries = [
            (each.kind, json.loads(each.payload or b"{}")["actor"])
            for each in view.entries(limit=1_000)
            if each.kind.startswith(("handover", "watch"))
        ]
    assert entries == [
        ("watch begun", ""),
        ("handover prepared", "jk"),
        ("handover signed", "Hugo"),
        ("handover signed", "Anna"),
        ("watch begun", "Anna"),
    ]
    verified(blue)


def test_the_same_request_again_changes_nothing(blue: Side) -> None:
    first = prepare(blue.node, ID, SHIFT, actor="jk")
    again = prepare(blue.node, ID, {**SHIFT, "remark": "other"}, actor="x")
    assert again.declaration == first.declaration
    signed = sign(blue.node, ID, WatchSide.OUTGOING, OUT)
    assert sign(blue.node, ID, WatchSide.OUTGOING, OUT).declaration == signed.declaration
    done = sign(blue.node, ID, WatchSide.INCOMING, IN)
    assert sign(blue.node, ID, WatchSide.INCOMING, IN).declaration == done.declaration
    assert held_by(blue)[0] == 2


def test_one_person_never_signs_for_both(blue: Side) -> None:
    prepare(blue.node, ID, SHIFT, actor="jk")
    sign(blue.node, ID, WatchSide.OUTGOING, OUT)
    with pytest.raises(NotPermitted, match="same person"):
        sign(blue.node, ID, WatchSide.INCOMING, IN._replace(name=" hugo "))
    assert held_by(blue)[0] == 1


def test_another_role_than_the_sheet_names_does_not_sign(blue: Side) -> None:
    prepare(blue.node, ID, SHIFT, actor="jk")
    with pytest.raises(NotPermitted, match="signs for the incoming side"):
        sign(blue.node, ID, WatchSide.INCOMING, IN._replace(role="planner"))
    with pytest.raises(InvalidInput, match="name: missing"):
        sign(blue.node, ID, WatchSide.INCOMING, IN._replace(name=" "))


def test_nobody_signs_for_a_sheet_that_is_old(blue: Side) -> None:
    prepare(blue.node, ID, SHIFT, actor="jk")
    blue.clock.turn(seconds=SHEET_LASTS.total_seconds() + 1.0)
    with pytest.raises(StateForbids, match="older than 60 minutes"):
        sign(blue.node, ID, WatchSide.OUTGOING, OUT)


def test_nobody_signs_once_the_watch_changed_otherwise(blue: Side) -> None:
    prepare(blue.node, ID, SHIFT, actor="jk")
    sign(blue.node, ID, WatchSide.OUTGOING, OUT)
    changed = Watch("BLUE", START, (DutyRole("planner"),))
    take_watch(blue.node, changed, expected=1)
    with pytest.raises(StateForbids, match="changed since"):
        sign(blue.node, ID, WatchSide.INCOMING, IN)


def test_what_is_over_is_not_signed_again(blue: Side) -> None:
    both_sign(blue)
    with pytest.raises(StateForbids, match="the handover is signed"):
        sign(blue.node, ID, WatchSide.INCOMING, IN._replace(name="Vera"))


def test_an_override_changes_the_watch_for_a_reason_that_stays(blue: Side) -> None:
    prepare(blue.node, ID, SHIFT, actor="jk")
    with pytest.raises(InvalidInput, match="reason"):
        override(blue.node, ID, role="duty officer", reason=" ", actor="jk")
    done = override(blue.node, ID, role="duty officer", reason="relieved ill", actor="jk")
    assert done.handover.state is HandoverState.OVERRIDDEN
    assert done.handover.override is not None
    assert done.handover.override.reason == "relieved ill"
    assert held_by(blue)[0] == 2
    with blue.node.store.view() as view:
        (entry,) = [e for e in view.entries(limit=1_000) if e.kind == "handover overridden"]
    assert json.loads(entry.payload or b"{}")["note"] == "relieved ill"
    again = override(blue.node, ID, role="duty officer", reason="other", actor="x")
    assert again.declaration == done.declaration


@pytest.mark.parametrize(
    "changed",
    [
        {"taken_over_by": "Major Hugo"},
        {"next_handover": "2026-03-14T13:00:00Z"},
        {"roles": []},
    ],
)
def test_a_next_watch_that_cannot_be_is_refused_at_once(
    blue: Side, changed: dict[str, Any]
) -> None:
    with pytest.raises(InvalidInput):
        prepare(blue.node, ID, {**SHIFT, **changed}, actor="jk")


def test_a_watch_that_nobody_has_cannot_be_given(sides: tuple[Side, Side]) -> None:
    with pytest.raises(StateForbids, match="nobody has the watch"):
        prepare(sides[1].node, ID, SHIFT, actor="jk")
    with pytest.raises(NotFound):
        sign(sides[1].node, ID, WatchSide.OUTGOING, OUT)


def test_the_sheet_holds_what_is_open(sides: tuple[Side, Side]) -> None:
    blue, amber = sides
    at = blue.clock.now()
    amber.clock.turn_to(at)
    amber.post(message("AMBER", at=at))
    receive(blue.node, LINE, amber.sent())
    keep_note(blue.node, Note(ID, at, "jk", "duty officer", "They called twice.", line=LINE))
    sheet = sheet_of(blue.node)
    assert (sheet.party, sheet.mode.value) == ("BLUE", "EXERCISE")
    assert sheet.on_watch == ("duty officer", "interpreter")
    assert sheet.remark == "Quiet so far."
    assert [each.text for each in sheet.notes.items] == ["They called twice."]
    (line,) = sheet.lines.items
    assert line.id == LINE
    (words,) = sheet.last_words.items
    assert (words.party, words.by) == ("AMBER", "message")
    assert "text 1" in words.text
    assert sheet.messages.total == len(sheet.messages.items) > 0
    assert sheet.clocks.total > 0
    assert any(each.what == "handover due" for each in sheet.alarms.items)


def test_what_is_signed_is_the_sheet_as_it_was_drawn_up(blue: Side) -> None:
    drawn = prepare(blue.node, ID, SHIFT, actor="jk").handover
    keep_note(blue.node, Note(ID, blue.clock.now(), "jk", "duty officer", "Too late for it."))
    done = both_sign(blue).handover
    assert done.sheet == drawn.sheet
    assert done.digest == hashlib.sha256(canonical_bytes(dict(done.sheet))).hexdigest()
    assert msgspec.to_builtins(sheet_of(blue.node)) != done.sheet


def test_a_sheet_of_a_watch_that_changed_just_then_is_not_signed(blue: Side) -> None:
    def change() -> None:
        take_watch(blue.node, replace(WATCH, remark="No more calls."), expected=1)

    with pytest.raises(StateForbids, match="while the sheet was drawn up"):
        prepare(before_writing(blue.node, change), ID, SHIFT, actor="jk")
    prepared = prepare(blue.node, ID, SHIFT, actor="jk").handover
    assert prepared.sheet["remark"] == "No more calls."
    assert prepared.watch_version == 2
