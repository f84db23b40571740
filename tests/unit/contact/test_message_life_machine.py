"""Two sides of one message over a transport that loses, doubles, delays and reorders."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from keepclear.contact.life import EffectKind, advance, allowed, due, received
from keepclear.formats.documents.life import life_bytes, stored_life
from keepclear.model.message_life import (
    Act,
    ActKind,
    AnswerWord,
    Life,
    MessageSide,
    State,
    Terms,
    Units,
)
from keepclear.model.operation import Precedence
from samples import NOON
from unit.contact.lives import act, facts, sent, terms

RECEIPT = Act("receipt", ActKind.DELIVER, MessageSide.RECEIVER)
_OVER_WITHOUT_PROOF = (State.WITHDRAWN, State.SUPERSEDED, State.CANCELLED, State.EXPIRED)


class Pair(RuleBasedStateMachine):
    """A sender and a receiver; what one tells waits in `under_way` until it arrives, if ever."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOON
        self.under_way: list[Act] = []
        self.told: list[Act] = []
        self.sender: Life
        self.receiver: Life | None = None
        self.message: Terms
        self.seen = {MessageSide.SENDER: 0, MessageSide.RECEIVER: 0}

    @initialize(
        precedence=st.sampled_from(Precedence),
        readback=st.booleans(),
        answer=st.booleans(),
        units=st.booleans(),
        valid_min=st.none() | st.integers(1, 600),
        speaks_min=st.none() | st.integers(-60, 600),
    )
    def begin(
        self,
        precedence: Precedence,
        readback: bool,
        answer: bool,
        units: bool,
        valid_min: int | None,
        speaks_min: int | None,
    ) -> None:
        self.message = terms(
            precedence,
            needs_readback=readback,
            needs_answer=answer,
            asks_units=units,
            valid_until=None if valid_min is None else NOON + timedelta(minutes=valid_min),
            speaks_of=None if speaks_min is None else NOON + timedelta(minutes=speaks_min),
        )
        self.sender = sent(self.message)

    @rule(twice=st.booleans())
    def the_message_arrives(self, twice: bool) -> None:
        if self.receiver is None:
            self.receiver = received(self.message, self.now, their_at=NOON).life
        for _ in range(1 + twice):
            self.sender = advance(self.sender, RECEIPT, self.now).life

    @rule(data=st.data())
    def one_side_acts(self, data: st.DataObject) -> None:
        sides = [MessageSide.SENDER, *([MessageSide.RECEIVER] if self.receiver is not None else [])]
        side = data.draw(st.sampled_from(sides))
        may = allowed(self._life(side))
        if not may:
            return
        kind = data.draw(st.sampled_from(may))
        done = act(
            kind,
            side,
            matches=data.draw(st.booleans()),
            answer=data.draw(st.sampled_from(AnswerWord)),
            until=self.now + timedelta(hours=1),
            units=data.draw(st.sampled_from((Units.CONFIRMED, Units.CANNOT))),
            successor="the next",
        )
        step = advance(self._life(side), done, self.now)
        self._keep(side, step.life)
        is_told = any(each.kind is EffectKind.TELL for each in step.effects)
        if is_told or kind is ActKind.SUPERSEDE:
            self.under_way.append(done)
            self.told.append(done)

    @rule(data=st.data(), twice=st.booleans())
    def an_act_arrives(self, data: st.DataObject, twice: bool) -> None:
        if not self.under_way:
            return
        place = data.draw(st.integers(0, len(self.under_way) - 1))
        arriving = self.under_way[place] if twice else self.under_way.pop(place)
        self._arrive(arriving)

    @rule(data=st.data())
    def what_was_lost_is_sent_again(self, data: st.DataObject) -> None:
        if self.told:
            self.under_way.append(data.draw(st.sampled_from(self.told)))

    @rule(seconds=st.integers(1, 40_000))
    def time_goes_on(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        for side in MessageSide:
            if side is MessageSide.SENDER or self.receiver is not None:
                self._keep(side, due(self._life(side), self.now).life)

    @rule()
    def both_are_stored_and_read_again(self) -> None:
        self.sender = stored_life(life_bytes(self.sender))
        if self.receiver is not None:
            self.receiver = stored_life(life_bytes(self.receiver))

    @invariant()
    def nothing_is_over_without_its_proofs(self) -> None:
        for life in self._lives():
            if life.is_open or life.state in _OVER_WITHOUT_PROOF:
                continue
            assert life.acknowledged_at is not None
            assert not life.terms.needs_readback or life.read_back_at is not None
            assert not life.terms.needs_answer or life.answered_at is not None
            assert not life.terms.asks_units or life.units is not Units.ASKED

    @invariant()
    def a_cancellation_is_over_only_once_it_is_acknowledged(self) -> None:
        for life in self._lives():
            if life.state is State.CANCELLED and not life.is_open:
                assert life.cancellation_acknowledged_at is not None

    @invariant()
    def what_waits_for_a_proof_has_a_clock_or_has_told_the_top(self) -> None:
        for life in self._lives():
            if life.is_open and life.sent_at is not None:
                is_routine = life.terms.clocks.top_level_s is None
                assert life.deadlines or life.overdue or life.level == 2 or is_routine

    @invariant()
    def no_clock_runs_in_what_is_over_and_none_lies_in_the_past_of_its_start(self) -> None:
        for life in self._lives():
            assert life.is_open or not life.deadlines
            assert list(life.deadlines) == sorted(life.deadlines, key=lambda one: one.due)

    @invariant()
    def history_only_grows(self) -> None:
        for life in self._lives():
            assert len(life.history) >= self.seen[life.side]
            self.seen[life.side] = len(life.history)

    def teardown(self) -> None:
        """Once everything arrives, in whatever order, both sides hold the same proofs."""
        if not hasattr(self, "sender"):
            return
        if self.receiver is None:
            self.receiver = received(self.message, self.now, their_at=NOON).life
        self.sender = advance(self.sender, RECEIPT, self.now).life
        for told in reversed(self.told):
            self._arrive(told)
        for told in self.told:
            self._arrive(told)
        for name in ("acknowledged_by", "superseded_by", "mismatches", "corrections"):
            assert getattr(self.sender, name) == getattr(self.receiver, name), name
        for name in ("acknowledged_at", "read_back_at", "withdrawn_at", "cancelled_at"):
            proved = [getattr(life, name) is None for life in (self.sender, self.receiver)]
            assert proved[0] is proved[1], name
        both_run = State.EXPIRED not in (self.sender.state, self.receiver.state)
        if both_run:
            assert self.sender.state is self.receiver.state

    def _lives(self) -> list[Life]:
        if not hasattr(self, "sender"):
            return []
        return [self.sender, *([self.receiver] if self.receiver is not None else [])]

    def _life(self, side: MessageSide) -> Life:
        life = self.sender if side is MessageSide.SENDER else self.receiver
        assert life is not None
        return life

    def _keep(self, side: MessageSide, life: Life) -> None:
        if side is MessageSide.SENDER:
            self.sender = life
        else:
            self.receiver = life

    def _arrive(self, told: Act) -> None:
        other = MessageSide.RECEIVER if told.by is MessageSide.SENDER else MessageSide.SENDER
        if other is MessageSide.RECEIVER and self.receiver is None:
            return  # kept by the node until the message is there
        before = self._life(other)
        step = advance(before, replace(told, their_at=NOON), self.now)
        again = advance(step.life, told, self.now)
        assert again.life is step.life
        if not before.has_seen(told.id):
            assert step.life.has_seen(told.id)
        assert facts(again.life) == facts(step.life)
        self._keep(other, step.life)


TestPair = Pair.TestCase
TestPair.settings = settings(stateful_step_count=40)
