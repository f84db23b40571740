"""At which level one party may learn of an operation of another.

Source: domain study of keepclear, 5e; design, section 5 (disclosure): a release per item counts
before the most specific rule of the agreement, that before its default; members inherit only
if the agreement says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.model.agreement import Agreement, DisclosureRule
from keepclear.model.operation import DisclosureLevel, Operation, OperationClass
from keepclear.model.release import Release


class Ground(StrEnum):
    """Why a level is what it is."""

    RELEASE = "release"
    RULE = "rule of the agreement"
    DEFAULT = "default of the agreement"
    NO_AGREEMENT = "no agreement binds both"
    MEMBER = "the member does not inherit"
    OWNER = "the operation's own level"


@dataclass(frozen=True, slots=True)
class Effective:
    """A level that holds now, and why."""

    level: DisclosureLevel
    ground: Ground


def effective_level(
    operation: Operation,
    to: str,
    agreement: Agreement | None,
    release: Release | None,
    *,
    now: datetime,
    member: str = "",
) -> Effective:
    """The level at which a party learns of an operation.

    Args:
        operation: whose owner is another party.
        to: the party that would learn of it.
        agreement: what binds both; None where nothing does.
        release: what its owner released of it to that party; None for nothing.
        now: a release holds only until its time.
        member: the member of that party that asks; empty for the party itself.
    """
    if agreement is None or agreement.party(to) is None:
        return Effective(DisclosureLevel.L0, Ground.NO_AGREEMENT)
    if member and not inherits(agreement, to, member):
        return Effective(DisclosureLevel.L0, Ground.MEMBER)
    if release is not None and release.holds(now):
        return Effective(release.level, Ground.RELEASE)
    if operation.level is DisclosureLevel.L0:
        return Effective(DisclosureLevel.L0, Ground.OWNER)
    return agreed_level(agreement, operation.party, to, operation.operation_class)


def agreed_level(
    agreement: Agreement, of: str, to: str, operation_class: OperationClass | None = None
) -> Effective:
    """What an agreement says of a class of operations; of none, what holds for all of them.

    A rule that names the class counts before one that names none.
    """
    meant = [rule for rule in agreement.disclosure if (rule.of, rule.to) == (of, to)]
    for wanted in (operation_class, None):
        found = [rule for rule in meant if rule.operation_class is wanted]
        if found:
            return Effective(_least(found), Ground.RULE)
    return Effective(agreement.default_level, Ground.DEFAULT)


def _least(rules: list[DisclosureRule]) -> DisclosureLevel:
    """Of two rules for the same thing the one that tells less."""
    return min(rule.level for rule in rules)


def inherits(agreement: Agreement, party_id: str, member_id: str) -> bool:
    """Whether a member of a party sees what its party may see."""
    party = agreement.party(party_id)
    members = () if party is None else party.members
    return any(each.id == member_id and each.inherits_disclosure for each in members)
