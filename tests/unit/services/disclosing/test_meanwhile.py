"""What a node tells and asks by itself holds when it is written, not only when it was decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear.ledger.entries import EntryKind
from keepclear.model.coverage import Completeness
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.ports.store import Unit
from keepclear.services.declaring import state_coverage
from keepclear.services.disclosing.following import follow
from keepclear.services.disclosing.levels_now import withholds
from keepclear.services.disclosing.releasing import withdraw
from keepclear.services.disclosing.setting import set_disclosure, setting_of
from keepclear.services.disclosing.telling import told_of
from keepclear.services.expected import NEW
from keepclear.services.filing import entry_of, put_version, version_of
from keepclear.services.node import Node
from line_pair import LINE, Side
from meanwhile import before_writing, in_one_group
from samples import coverage
from unit.services.disclosing.answering_pair import (
    BLUE,
    FAR,
    NEAR,
    Asking,
    an_id,
    asking_nodes,
    later,
)

L0, L1, L2, L3, L4 = DisclosureLevel


def sent_of(side: Side, code: str) -> int:
    """How many messages of a type a node sent."""
    return sum(f'"code":"{code}"'.encode() in content for content in side.sent())


def put(unit: Unit, node: Node, operation: Operation) -> None:
    version = version_of(node, operation, EntryKind.OPERATION_FILED)
    put_version(unit, version, entry_of(node, version, at=node.now()))


def test_a_change_is_not_told_once_the_release_was_taken_back(asking: Asking) -> None:
    node = asking.amber.node
    asking.release(NEAR, L3)
    asking.file(asking.amber, later(NEAR, 30.0), expected=1)

    def take_back() -> None:
        withdraw(node, NEAR.id, "BLUE", role="planner", expected=1)

    follow(before_writing(node, take_back), [NEAR.id])
    assert (sent_of(asking.amber, "M03"), sent_of(asking.amber, "M04")) == (1, 0)


def test_a_line_that_was_set_to_be_quiet_is_quiet_at_once(asking: Asking) -> None:
    node = asking.blue.node

    def be_quiet() -> None:
        with node.store.view() as view:
            setting, version = setting_of(view, LINE)
        quiet = replace(setting, asks_on_filing=False, tells_presence=False)
        set_disclosure(node, quiet, expected=version or NEW)

    follow(before_writing(node, be_quiet), [BLUE.id])
    assert (sent_of(asking.blue, "M30"), sent_of(asking.blue, "M32")) == (0, 0)


def test_what_changed_again_meanwhile_is_told_as_the_version_it_is(tmp_path: Path) -> None:
    with asking_nodes(tmp_path, default_level=L3) as asking:
        node = asking.amber.node
        asking.file(asking.amber, NEAR)

        def move() -> None:
            asking.file(asking.amber, later(NEAR, 30.0), expected=1)

        follow(before_writing(node, move), [NEAR.id])
        with node.store.view() as view:
            told = told_of(view, LINE)[NEAR.id]
        assert (told.version, told.by_itself) == (2, True)


def test_a_set_is_not_told_as_complete_beside_what_is_being_filed(asking: Asking) -> None:
    node = asking.amber.node
    asking.release(NEAR, L3)
    asking.amber.clock.turn(minutes=1)
    anew = coverage("AMBER", as_of=node.now())
    state_coverage(node, an_id("AMBER coverage"), anew, expected=1)
    follow(in_one_group(node, lambda unit: put(unit, node, FAR)), [])
    asking.pair.carry()
    (told,) = asking.blue.node.picture.standing().frame.coverages_of("AMBER")
    assert told.as_of == anew.as_of
    assert {word for _, word in told.completeness} == {Completeness.PARTIAL}


def test_what_is_kept_back_is_known_whatever_was_undone_before(asking: Asking) -> None:
    node = asking.amber.node
    standing = node.picture.standing()
    (agreement,) = standing.frame.agreements

    def undone(unit: Unit) -> None:
        put(unit, node, FAR)
        assert not withholds(unit, node, standing, "BLUE", agreement, node.now())
        raise TimeoutError

    with pytest.raises(TimeoutError):
        node.store.write(undone)
    asking.file(asking.amber, replace(FAR, level=L0))
    with node.store.view() as view:
        now = node.picture.standing()
        assert withholds(view, node, now, "BLUE", agreement, node.now() + timedelta(seconds=1))
