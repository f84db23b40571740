"""What the agreement lets a party know whole is told without anybody releasing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from keepclear.model.coverage import Completeness
from keepclear.model.operation import DisclosureLevel, Mode, Operation, OperationState
from keepclear.services.disclosing.following import behind, follow
from keepclear.services.disclosing.kept import disclosure_on
from keepclear.services.disclosing.releasing import Giving, release
from keepclear.services.disclosing.setting import set_disclosure
from keepclear.services.expected import NEW
from line_fixture import verified
from line_pair import Side
from unit.services.disclosing.answering_pair import BLUE, FAR, NEAR, Asking, asking_nodes

L0, L1, L2, L3, L4 = DisclosureLevel


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with asking_nodes(tmp_path, default_level=L3) as made:
        made.file(made.blue, BLUE)
        yield made


def held(side: Side, operation_id: str) -> Operation | None:
    with side.node.store.view() as view:
        stored = view.operation(operation_id)
    return None if stored is None else stored.operation


def followed(asking: Asking, *operations: Operation) -> None:
    follow(asking.amber.node, [each.id for each in operations])
    asking.pair.carry()


def test_it_is_told_when_it_is_filed_changed_and_ended(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    followed(asking, NEAR)
    there = held(asking.blue, NEAR.id)
    assert there is not None
    assert (there.version, there.volumes) == (1, NEAR.volumes)

    asking.file(asking.amber, replace(NEAR, contact="131.500"), expected=1)
    followed(asking, NEAR)
    there = held(asking.blue, NEAR.id)
    assert there is not None
    assert (there.version, there.contact) == (2, "131.500")

    asking.end(asking.amber, NEAR.id)
    followed(asking, NEAR)
    there = held(asking.blue, NEAR.id)
    assert there is not None
    assert there.state is OperationState.ENDED
    verified(asking.blue, asking.amber)


def test_what_is_told_is_counted_in_a_coverage_statement(asking: Asking) -> None:
    for each in (NEAR, FAR):
        asking.file(asking.amber, each)
    followed(asking, NEAR, FAR)
    told = asking.blue.node.picture.standing().frame.coverages_of("AMBER")
    assert [each.notice_count for each in told] == [2]
    assert {word for each in told for _, word in each.completeness} == {Completeness.COMPLETE}


def test_a_lower_release_and_the_owners_own_level_tell_less(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    asking.file(asking.amber, replace(FAR, level=L0))
    release(asking.amber.node, NEAR.id, "BLUE", Giving(L1, "planner"), expected=NEW)
    followed(asking, NEAR, FAR)
    assert held(asking.blue, NEAR.id) is None
    assert held(asking.blue, FAR.id) is None


def test_a_line_may_be_set_to_tell_nothing_by_itself(asking: Asking) -> None:
    node = asking.amber.node
    with node.store.view() as view:
        setting = disclosure_on(view, asking.amber.line())
    set_disclosure(node, replace(setting, tells_agreed=False), expected=NEW)
    asking.file(asking.amber, NEAR)
    followed(asking, NEAR)
    assert held(asking.blue, NEAR.id) is None
    assert behind(node) == ()


def test_what_a_stop_left_untold_is_found(asking: Asking) -> None:
    asking.file(asking.amber, NEAR)
    assert behind(asking.amber.node) == (NEAR.id,)
    followed(asking, NEAR)
    assert behind(asking.amber.node) == ()


def test_in_real_nothing_is_told_before_somebody_says_so(asking: Asking) -> None:
    line = replace(asking.amber.line(), mode=Mode.REAL)
    with asking.amber.node.store.view() as view:
        assert not disclosure_on(view, line).tells_agreed
