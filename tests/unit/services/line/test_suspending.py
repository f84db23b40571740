"""Declarations on a line: told to the other side, hiding nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear.errors import NotPermitted, StateForbids
from keepclear.formats.documents.line import LineDeclarationDocument
from keepclear.formats.times import iso_text
from keepclear.model.line_state import DeclaredState, LineAct, LineDeclaration, LineState, Scope
from keepclear.services.line.standing import standing_of
from keepclear.services.line.status import caution_factor
from keepclear.services.line.suspending import declare_line
from keepclear.services.line.ticking import tick
from line_pair import LINE, Pair, Side, paired_nodes, report_at, state_at
from meanwhile import before_writing
from messages import at, released

AN_ID = "22222222-2222-4222-8222-222222222222"
ANOTHER = "33333333-3333-4333-8333-333333333333"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.look()
        yield made


def declare(
    side: Side, act: LineAct = LineAct.SUSPEND, name: str = AN_ID, **said: object
) -> LineDeclaration:
    settings: dict[str, object] = {"act": act, "second": "Second Person", "residue": "FLASH"}
    document = LineDeclarationDocument(**(settings | said))  # type: ignore[arg-type]  # a table
    return declare_line(side.node, LINE, name, document, actor="First Person")


def test_a_suspension_is_known_on_both_sides_as_one_party_s_word(pair: Pair) -> None:
    declare(pair.amber, scope=Scope.AIR, reason="as announced")
    pair.carry()
    for side in pair.sides:
        status = report_at(side).status
        assert status.state is LineState.SUSPENDED
        assert status.scope is Scope.AIR
        assert "AMBER declared the line suspended (air)" in status.reasons
    assert report_at(pair.blue).status.declared_them is DeclaredState.SUSPENDED
    assert report_at(pair.blue).status.declared_us is DeclaredState.OPEN


def test_a_suspended_line_that_still_answers_is_shown_so(pair: Pair) -> None:
    declare(pair.amber)
    pair.carry()
    pair.turn(hours=24)
    assert state_at(pair.blue) == "suspended but answering"
    pair.cut = True
    pair.turn(hours=48)
    assert state_at(pair.blue) == "suspended"


def test_a_suspension_to_come_counts_when_it_comes(pair: Pair) -> None:
    ahead = pair.amber.clock.at + timedelta(hours=1)
    declare(pair.amber, effective_at=iso_text(ahead))
    pair.carry()
    assert state_at(pair.blue) != "suspended"
    pair.turn(hours=1)
    assert state_at(pair.blue) == "suspended"


def test_the_same_declaration_again_changes_nothing(pair: Pair) -> None:
    first, again = declare(pair.blue), declare(pair.blue)
    assert first == again
    with pair.blue.node.store.view() as view:
        kinds = [each.kind for each in view.entries()]
    assert kinds.count("line declared") == 1


def test_one_person_alone_declares_nothing(pair: Pair) -> None:
    with pytest.raises(NotPermitted):
        declare(pair.blue, second="")
    with pytest.raises(NotPermitted):
        declare(pair.blue, role="planner")
    assert state_at(pair.blue) == "up"


def test_what_was_not_suspended_is_not_resumed(pair: Pair) -> None:
    with pytest.raises(StateForbids):
        declare(pair.blue, LineAct.RESUME)


def test_a_party_resumes_what_it_suspended(pair: Pair) -> None:
    declare(pair.blue)
    pair.turn(minutes=1)
    declare(pair.blue, LineAct.RESUME, ANOTHER)
    pair.carry()
    assert {report_at(side).status.declared_us for side in pair.sides} == {DeclaredState.OPEN}
    assert "suspended" not in state_at(pair.amber)


def test_own_buffers_grow_while_the_line_is_suspended(pair: Pair) -> None:
    def factor(side: Side, party: str) -> float:
        with side.node.store.view() as view:
            return caution_factor(view, side.node, party, side.node.now())

    assert factor(pair.blue, "AMBER") == 1.0
    declare(pair.amber)
    pair.carry()
    assert factor(pair.blue, "AMBER") == 1.5
    assert factor(pair.blue, "BLUE") == factor(pair.blue, "GREY") == 1.0


def test_a_line_that_both_close_is_closed(pair: Pair) -> None:
    declare(pair.blue, LineAct.CLOSE)
    pair.carry()
    assert state_at(pair.amber) == "suspended"
    declare(pair.amber, LineAct.CLOSE, ANOTHER)
    pair.carry()
    assert (state_at(pair.blue), state_at(pair.amber)) == ("closed", "closed")
    with pytest.raises(StateForbids, match="closed"):
        declare(pair.blue, name="44444444-4444-4444-8444-444444444444")
    with pytest.raises(StateForbids, match="nothing is sent"):
        released(pair.blue, "M09")


def test_flash_goes_over_a_suspended_line(pair: Pair) -> None:
    declare(pair.amber)
    pair.carry()
    sent = released(pair.blue, "M09")
    pair.carry()
    assert at(pair.amber, sent.stored.id).message.precedence == "FLASH"


def test_a_look_that_began_before_a_suspension_does_not_undo_it(pair: Pair) -> None:
    node = pair.blue.node
    with node.store.view() as view:
        began_at = view.next_due()
    assert began_at is not None
    pair.blue.clock.at = began_at + timedelta(seconds=10)
    tick(before_writing(node, lambda: declare(pair.blue)), began_at)
    with node.store.view() as view:
        standing = standing_of(view, pair.blue.line())
        kinds = [each.kind for each in view.entries(limit=1_000)]
    assert standing.state is LineState.SUSPENDED
    assert kinds.count("line state changed") == 2
