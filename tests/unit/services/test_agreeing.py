"""Agreements: a version once filed never changes, and the right one is in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear.errors import InvalidAgreement, ModeMismatch, VersionMismatch, VersionMissing
from keepclear.formats.agreement import write_agreement
from keepclear.model.operation import Mode
from keepclear.model.party import Party, PartyKind
from keepclear.model.window import Window
from keepclear.services.agreeing import agreements, file_agreement
from keepclear.services.expected import NEW
from keepclear.services.frame import in_their_time
from node_fixture import RunningNode, exercise_node
from samples import NOON, agreement, rule

TEXT = write_agreement(agreement()).encode()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path, agreed=False) as running:
        yield running


def test_an_agreement_is_kept_byte_for_byte(running: RunningNode) -> None:
    declared = file_agreement(running.node, "TEST", 1, TEXT, expected=NEW)
    assert declared.created
    (standing,) = agreements(running.node)
    assert (standing.toml, standing.in_force) == (TEXT, True)


def test_the_same_text_again_changes_nothing(running: RunningNode) -> None:
    first = file_agreement(running.node, "TEST", 1, TEXT, expected=NEW)
    again = file_agreement(running.node, "TEST", 1, TEXT, expected=None)
    assert (again.declaration, again.created) == (first.declaration, False)


def test_a_version_once_filed_never_changes(running: RunningNode) -> None:
    file_agreement(running.node, "TEST", 1, TEXT, expected=NEW)
    other = write_agreement(agreement(rule(0.0, 0.0))).encode()
    with pytest.raises(VersionMismatch):
        file_agreement(running.node, "TEST", 1, other, expected=NEW)
    with pytest.raises(InvalidAgreement, match="never changed"):
        file_agreement(running.node, "TEST", 1, other, expected=1)


def test_it_is_filed_under_the_name_it_gives_itself(running: RunningNode) -> None:
    with pytest.raises(InvalidAgreement):
        file_agreement(running.node, "OTHER", 1, TEXT, expected=NEW)
    with pytest.raises(InvalidAgreement):
        file_agreement(running.node, "TEST", 2, TEXT, expected=NEW)


def test_a_new_version_must_be_said_to_be_new(running: RunningNode) -> None:
    with pytest.raises(VersionMissing):
        file_agreement(running.node, "TEST", 1, TEXT, expected=None)


def test_the_other_modes_agreement_is_refused(running: RunningNode) -> None:
    text = write_agreement(agreement(mode=Mode.REAL)).encode()
    with pytest.raises(ModeMismatch):
        file_agreement(running.node, "TEST", 1, text, expected=NEW)


def test_an_agreement_of_others_is_refused(running: RunningNode) -> None:
    others = (Party("AMBER", "Amber", PartyKind.STATE), Party("HUM", "Hum", PartyKind.NGO))
    text = write_agreement(agreement(parties=others)).encode()
    with pytest.raises(InvalidAgreement, match="not a party"):
        file_agreement(running.node, "TEST", 1, text, expected=NEW)


def test_a_higher_version_takes_over_when_its_time_comes(running: RunningNode) -> None:
    second = agreement(version=2, valid=Window(NOON, NOON + timedelta(days=9)))
    running.agree(TEXT)
    running.agree(second)
    assert [(s.agreement.version, s.in_force) for s in agreements(running.node)] == [
        (1, True),
        (2, False),
    ]
    running.clock.turn(hours=7)
    assert [(s.agreement.version, s.in_force) for s in agreements(running.node)] == [
        (1, False),
        (2, True),
    ]


def test_a_version_that_is_wholly_overtaken_never_binds() -> None:
    first = agreement()
    second = replace(first, version=2)
    assert in_their_time([first, second]) == (second,)


def test_a_lower_version_binds_until_the_earliest_higher_one_starts() -> None:
    first = agreement()
    third = replace(first, version=3, valid=Window(NOON, first.valid.end))
    second = replace(first, version=2, valid=Window(NOON + timedelta(days=1), first.valid.end))
    kept = {each.version: each.valid for each in in_their_time([third, first, second])}
    assert kept == {1: Window(first.valid.start, NOON), 3: third.valid}
