"""Two machines that restore a line over a channel that loses, repeats and reorders."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from keepclear.contact import restoring as machine
from keepclear.contact.gaps import gap_between
from keepclear.errors import StateForbids
from keepclear.formats.documents.line import gap_digest
from keepclear.model.restoration import GapList, Listed, Restoration, RestorationAct, Step

NOW = datetime(2015, 9, 18, 12, tzinfo=UTC)
PARTIES = ("AMBER", "BLUE")
KEYS = {"AMBER": "key of AMBER", "BLUE": "key of BLUE"}


def other(party: str) -> str:
    return "AMBER" if party == "BLUE" else "BLUE"


class Machine:
    """One side: the pure machine with what a node would put around it."""

    def __init__(self, party: str) -> None:
        self.party = party
        self.current: Restoration | None = None
        self.over: frozenset[str] = frozenset()
        self.up = False
        self.said: list[RestorationAct] = []
        self.complete: Restoration | None = None
        self._offers = 0

    def digests(self) -> tuple[str, str] | None:
        now = self.current
        if now is None or now.our_list is None or now.their_list is None:
            return None
        return gap_digest(now.our_list), gap_digest(now.their_list)

    def may(self, step: Step) -> bool:
        return not self.up and step in machine.next_steps(self.current)

    def give(self, step: Step) -> None:
        if step is Step.OFFER:
            self._offers += 1
            self.current = machine.offered(self.current, f"{self.party}-{self._offers}", NOW)
        current = machine.require_next(self.current, step)
        act = RestorationAct(step, current.id, current.offers)
        if step is Step.TEST:
            self.current = machine.tested(current, NOW)
        elif step is not Step.OFFER:
            if step is Step.LIST:
                act = replace(act, gap=GapList(self.party, NOW))
            if step is Step.CONFIRM:
                act = replace(act, digests=self.digests())
            if step is Step.VERIFY:
                act = replace(act, fingerprint=KEYS[other(self.party)], skew_s=0.5)
            self.current = machine.given(current, act, NOW)
        self.said.append(act)
        self._settle()

    def hear(self, act: RestorationAct) -> None:
        taken = machine.heard(
            self.current,
            act,
            NOW,
            our_fingerprint=KEYS[self.party],
            digests=self.digests(),
            over=self.over,
        )
        self.current = taken.restoration
        self._settle()

    def _settle(self) -> None:
        if self.current is None:
            return
        self.current = machine.settled(self.current, self.digests(), NOW)
        if machine.is_complete(self.current):
            self.complete = self.current
            self.over |= self.current.offers
            self.current, self.up = None, True


class TwoSides(RuleBasedStateMachine):
    """Acts are given in any order and heard late, twice, or not yet."""

    def __init__(self) -> None:
        super().__init__()
        self.sides = {party: Machine(party) for party in PARTIES}

    @rule(party=st.sampled_from(PARTIES), step=st.sampled_from(Step))
    def give(self, party: str, step: Step) -> None:
        if self.sides[party].may(step):
            self.sides[party].give(step)

    @precondition(lambda self: any(side.said for side in self.sides.values()))
    @rule(party=st.sampled_from(PARTIES), place=st.integers(0, 100))
    def hear(self, party: str, place: int) -> None:
        said = self.sides[other(party)].said
        if said:
            self.sides[party].hear(said[place % len(said)])

    @invariant()
    def nobody_is_up_without_every_proof_of_both(self) -> None:
        for side in self.sides.values():
            if side.up:
                partner = self.sides[other(side.party)]
                given = {act.step for act in partner.said}
                assert set(Step) <= given
                assert set(Step) <= {act.step for act in side.said}

    def teardown(self) -> None:
        """Whatever happened, both come up once everything is heard."""
        for _ in range(6):
            for side in self.sides.values():
                for step in Step:
                    if side.may(step):
                        side.give(step)
            for side in self.sides.values():
                for act in list(self.sides[other(side.party)].said):
                    side.hear(act)
        assert all(side.up for side in self.sides.values())
        ids = {side.complete.id for side in self.sides.values() if side.complete}
        assert len(ids) == 1
        assert all(side.current is None for side in self.sides.values())


TestTwoSides = TwoSides.TestCase


def started() -> Restoration:
    return machine.offered(None, "a", NOW)


def test_two_offers_that_cross_become_one_under_the_smaller_name() -> None:
    ours = machine.offered(None, "b", NOW)
    act = RestorationAct(Step.OFFER, "a", frozenset("a"))
    heard = machine.heard(ours, act, NOW, our_fingerprint="k", digests=None)
    assert heard.restoration is not None
    assert (heard.restoration.id, heard.restoration.offers) == ("a", frozenset("ab"))
    assert heard.restoration.theirs == {Step.OFFER}


def test_a_proof_before_the_offer_is_answered_is_refused() -> None:
    act = RestorationAct(Step.OFFER, "a", frozenset("a"))
    heard = machine.heard(None, act, NOW, our_fingerprint="k", digests=None).restoration
    with pytest.raises(StateForbids, match="not answered"):
        machine.require_next(heard, Step.TEST)


def test_a_confirmation_names_what_is_missing() -> None:
    with pytest.raises(StateForbids, match="our test, our verify, our list, their offer"):
        machine.require_next(started(), Step.CONFIRM)


def test_a_verification_of_another_key_counts_for_nothing() -> None:
    act = RestorationAct(Step.VERIFY, "a", frozenset("a"), fingerprint="forged", skew_s=0.0)
    heard = machine.heard(started(), act, NOW, our_fingerprint="k", digests=None)
    assert "another key" in heard.reason
    assert heard.restoration is not None
    assert Step.VERIFY not in heard.restoration.theirs


def test_clocks_that_are_far_apart_are_not_verified() -> None:
    with pytest.raises(StateForbids, match="clocks are 600 s apart"):
        machine.require_verifiable("k", 600.0)
    with pytest.raises(StateForbids, match="not compared"):
        machine.require_verifiable("k", None)


def test_a_confirmation_of_other_lists_counts_for_nothing() -> None:
    act = RestorationAct(Step.CONFIRM, "a", frozenset("a"), digests=("x", "y"))
    heard = machine.heard(started(), act, NOW, our_fingerprint="k", digests=("y", "z"))
    assert "other lists" in heard.reason


def test_an_act_of_a_restoration_that_is_over_changes_nothing() -> None:
    act = RestorationAct(Step.OFFER, "a", frozenset("a"))
    heard = machine.heard(None, act, NOW, our_fingerprint="k", digests=None, over=frozenset("a"))
    assert heard.restoration is None
    assert "over" in heard.reason


def test_breaking_off_ends_it() -> None:
    act = RestorationAct(None, "a", frozenset("a"))
    assert machine.heard(started(), act, NOW, our_fingerprint="k", digests=None).restoration is None


def test_what_ended_in_the_gap_is_told_and_not_brought_back() -> None:
    hour = timedelta(hours=1)
    live = Listed("live", 2, "operation", NOW + hour)
    ended = Listed("ended", 1, "operation", NOW - hour)
    owed, stale = Listed("m1", 1, "M03", NOW + hour), Listed("m2", 1, "M03", NOW - hour)
    ours = GapList("BLUE", NOW, held=((0, 4),), missed=(owed, stale), fingerprints=(("A", "1"),))
    theirs = GapList("AMBER", NOW, sent=((0, 9),), things=(live, ended), fingerprints=(("A", "2"),))
    gap = gap_between(ours, theirs, {"live": 1}, NOW)
    assert (gap.unknown, gap.over) == ((live,), (ended,))
    assert (gap.owed, gap.lapsed) == ((owed,), (stale,))
    assert gap.unheard == ((0, 5),)
    assert gap.keys_differ == ("A",)
    assert gap_between(ours, theirs, {"live": 2}, NOW).unknown == ()


def test_an_offer_after_they_had_joined_begins_anew() -> None:
    joined = machine.heard(
        started(),
        RestorationAct(Step.TEST, "a", frozenset("a")),
        NOW,
        our_fingerprint="k",
        digests=None,
    ).restoration
    act = RestorationAct(Step.OFFER, "c", frozenset("c"))
    heard = machine.heard(joined, act, NOW, our_fingerprint="k", digests=None).restoration
    assert heard is not None
    assert heard.offers == {"c"}
    assert not heard.ours
    assert heard.theirs == {Step.OFFER}


def test_offers_without_end_are_not_joined() -> None:
    act = RestorationAct(Step.TEST, "x", frozenset(str(each) for each in range(30)))
    heard = machine.heard(started(), act, NOW, our_fingerprint="k", digests=None)
    assert heard.restoration == started()
    assert heard.reason
