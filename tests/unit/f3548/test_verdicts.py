"""What publishing an intent found out is told in one of three words."""

from __future__ import annotations

from keepclear.f3548.verdicts import verdict_on
from keepclear.model.answer import Verdict
from keepclear.model.coordination import IntentState


def test_what_is_met_by_right_is_a_conflict_all_the_same() -> None:
    assert verdict_on(IntentState.ACTIVATED, 2) is Verdict.CONFLICT
    assert verdict_on(IntentState.ACCEPTED, 0) is Verdict.NO_CONFLICT_FOUND


def test_what_was_compared_with_nothing_cannot_be_said_to_meet_nothing() -> None:
    assert verdict_on(IntentState.NONCONFORMING, 0) is Verdict.CANNOT_SAY
    assert verdict_on(IntentState.CONTINGENT, 0) is Verdict.CANNOT_SAY
