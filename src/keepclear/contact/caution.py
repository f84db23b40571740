"""By how much own buffers grow while the line to another party is not to be relied on.

A wider buffer is a local caution of whoever applies it. It is never a conflict: the other
side does not know of it, and rules are what was agreed.

Source: design of keepclear, section 5 (caution while the line is not UP); domain study, 5d.
"""

from __future__ import annotations

from dataclasses import replace

from keepclear.model.agreement import Agreement, SeparationRule
from keepclear.model.line_state import LineState

NOT_WIDENED = 1.0


def caution_factor(agreement: Agreement | None, state: LineState | None) -> float:
    """The factor by which own buffers grow towards a party.

    Args:
        agreement: what binds the pair; None where nothing does.
        state: of the line to it; None where there is none: no line that could be down.

    Returns:
        1 where nothing is widened.
    """
    if agreement is None or state is None or not state.widens:
        return NOT_WIDENED
    return agreement.caution_factor


def widened(agreement: Agreement, factor: float) -> Agreement:
    """The agreement as it would be with every separation so many times as wide.

    The digest is taken out: nobody signed this one.
    """
    rules = tuple(_widened(rule, factor) for rule in agreement.rules)
    return replace(agreement, rules=rules, digest="")


def _widened(rule: SeparationRule, factor: float) -> SeparationRule:
    return replace(
        rule,
        lateral_m=rule.lateral_m * factor,
        vertical_m=rule.vertical_m * factor,
        min_time_s=rule.min_time_s * factor,
    )
