"""Own buffers grow while a line is not to be relied on."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.caution import caution_factor, widened
from keepclear.model.line_state import LineState
from samples import agreement, rule


def test_buffers_grow_in_the_states_in_which_contact_is_not_to_be_relied_on() -> None:
    agreed = agreement(caution_factor=1.5)
    grown = {state for state in LineState if caution_factor(agreed, state) > 1.0}
    assert grown == set(LineState) - {LineState.UP, LineState.DEGRADED}


def test_nothing_grows_without_an_agreement_or_without_a_line() -> None:
    assert caution_factor(None, LineState.LAPSED) == 1.0
    assert caution_factor(agreement(), None) == 1.0


@given(st.floats(1.0, 5.0))
def test_every_separation_grows_by_the_factor(factor: float) -> None:
    grown = widened(agreement(rule(1_000.0, 300.0, min_time_s=60.0)), factor)
    (one,) = grown.rules
    assert (one.lateral_m, one.vertical_m) == (1_000.0 * factor, 300.0 * factor)
    assert one.min_time_s == 60.0 * factor
    assert grown.digest == ""
