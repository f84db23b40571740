"""Which separation rules of an agreement bind a pair of volumes.

Source: design of keepclear, section 5 ("Verdicts"): every matching rule applies unless one
names `replaces` and both volumes lie wholly in its zone.
"""

from __future__ import annotations

from collections.abc import Iterable

from keepclear.model.agreement import SeparationRule
from keepclear.model.operation import OperationClass

Pair = tuple[str, str]


def matches(
    rule: SeparationRule, parties: Pair, classes: tuple[OperationClass, OperationClass]
) -> bool:
    """Tell whether a rule speaks of these two parties and these two classes, zone aside."""
    if rule.parties is not None and sorted(rule.parties) != sorted(parties):
        return False
    return rule.classes is None or sorted(rule.classes) == sorted(classes)


def binding_rules(
    rules: Iterable[SeparationRule],
    parties: Pair,
    classes: tuple[OperationClass, OperationClass],
    *,
    touched: frozenset[str],
    inside: frozenset[str],
) -> tuple[SeparationRule, ...]:
    """List the rules that bind a pair of volumes; empty where none speaks of such a pair.

    Args:
        rules: those of the agreement.
        parties: of the two operations.
        classes: of the two operations.
        touched: ids of zones that at least one volume touches or may touch.
        inside: ids of zones in which both volumes wholly lie for certain.
    """
    matching = [
        rule
        for rule in rules
        if matches(rule, parties, classes) and (rule.zone is None or rule.zone in touched)
    ]
    replaced = {gone for rule in matching if rule.zone in inside for gone in rule.replaces}
    return tuple(rule for rule in matching if rule.id not in replaced)
