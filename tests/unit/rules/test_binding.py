from __future__ import annotations

from keepclear.model.agreement import SeparationRule
from keepclear.model.operation import OperationClass
from keepclear.rules.binding import binding_rules
from samples import rule

MANNED, UNMANNED = OperationClass.MANNED, OperationClass.UNMANNED
NOWHERE: frozenset[str] = frozenset()
ZONE = frozenset({"Z"})


def names(
    *rules: SeparationRule,
    touched: frozenset[str] = NOWHERE,
    inside: frozenset[str] = NOWHERE,
    classes: tuple[OperationClass, OperationClass] = (MANNED, MANNED),
) -> list[str]:
    bound = binding_rules(rules, ("BLUE", "AMBER"), classes, touched=touched, inside=inside)
    return [one.id for one in bound]


def test_every_matching_rule_binds() -> None:
    assert names(rule(name="A"), rule(name="B")) == ["A", "B"]


def test_a_rule_for_two_classes_binds_them_in_any_order() -> None:
    mixed = rule(name="M", classes=(MANNED, UNMANNED))
    assert names(mixed, classes=(UNMANNED, MANNED)) == ["M"]
    assert names(mixed, classes=(MANNED, MANNED)) == []


def test_a_rule_for_two_parties_binds_them_in_any_order() -> None:
    assert names(rule(name="P", parties=("AMBER", "BLUE"))) == ["P"]
    assert names(rule(name="P", parties=("AMBER", "HUM"))) == []


def test_a_zone_rule_binds_where_one_volume_touches_the_zone() -> None:
    zoned = rule(name="Z1", zone="Z")
    assert names(zoned) == []
    assert names(zoned, touched=ZONE) == ["Z1"]


def test_a_replacing_rule_replaces_only_where_both_lie_wholly_inside() -> None:
    wide, close = rule(name="R1"), rule(name="Z1", zone="Z", replaces=("R1",))
    assert names(wide, close, touched=ZONE) == ["R1", "Z1"]
    assert names(wide, close, touched=ZONE, inside=ZONE) == ["Z1"]
