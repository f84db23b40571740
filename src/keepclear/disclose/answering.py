"""The answer to a question about a volume: what each hidden operation's level lets be told.

Below L3 an operation takes part as its coarse self; from L3 on the asker was told it whole, and
it takes part as it is. Everything here follows from the question, the coarse operations and the
agreement, and from nothing finer.

Source: domain study of keepclear, 5e; design, section 5 (disclosure).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keepclear.deconflict.conflict import MEETING_RULE, Comparison
from keepclear.deconflict.declared import GeoidHeights
from keepclear.deconflict.rulebook import Rulebook
from keepclear.disclose.coarse import coarse_operation, may_be_coarse
from keepclear.disclose.hinting import amounts_for
from keepclear.disclose.lattice import Lattice, lattice_of, limits_of
from keepclear.disclose.overlapping import overlaps_of
from keepclear.model.agreement import Agreement
from keepclear.model.answer import Conflict, Verdict, worst
from keepclear.model.message import Role
from keepclear.model.operation import DisclosureLevel, Operation, OperationState
from keepclear.model.volume_question import Amount, Reason, ToldConflict, VolumeAnswer

MOST_TOLD = 20
"""So many conflicts are told with an answer; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """An operation that the asker may learn of at a level.

    Attributes:
        operation: as its owner has it.
        level: to the asker.
    """

    operation: Operation
    level: DisclosureLevel


def answer_at_level(
    asked: Operation,
    hidden: Sequence[Hidden],
    agreement: Agreement,
    *,
    geoid: GeoidHeights,
    now: datetime,
    reasons: Sequence[Reason] = (),
    suggests: bool = False,
    rulebook: Rulebook | None = None,
) -> VolumeAnswer:
    """Answer for an asked operation.

    Args:
        asked: the question as an operation of the asker.
        hidden: everything of the answering set that could be close, and what is not released.
        agreement: what binds both parties.
        geoid: heights of mean sea level.
        now: no suggestion starts before it.
        reasons: why silence proves nothing, as found beforehand.
        suggests: tell amounts too.
        rulebook: of the agreement, where there is one made before.
    """
    live = [each for each in hidden if each.operation.state is not OperationState.ENDED]
    doubts = [*reasons, *_withheld(live)]
    lattice = lattice_of(limits_of(agreement))
    shown = [each for each in live if _takes_part(each)]
    comparison = Comparison(
        [_seen(each, lattice) for each in shown], agreement, geoid=geoid, rulebook=rulebook
    )
    packed = comparison.pack([asked])
    found = comparison.conflicts_of(asked, packed)
    levels = {each.operation.id: each for each in shown}
    told = tuple(
        _told(each, asked, levels[each.theirs.id], agreement, lattice) for each in found[:MOST_TOLD]
    )
    amounts = amounts_for(asked, comparison, agreement, lattice, now=now) if found else ()
    unsure = [Verdict.CANNOT_SAY] if doubts else []
    return VolumeAnswer(
        verdict=worst([*(each.verdict for each in found), *unsure]),
        reasons=tuple(dict.fromkeys(doubts)),
        conflicts=tuple(sorted(told, key=_urgency)),
        total=len(found),
        hints=tuple(each.hint for each in amounts),
        amounts=_told_amounts(amounts, suggests=suggests),
    )


def _urgency(told: ToldConflict) -> tuple[int, datetime, str]:
    """Never by a name, which is above L1."""
    return (-told.verdict.weight, told.start, told.id)


def _told_amounts(amounts: tuple[Amount, ...], *, suggests: bool) -> tuple[Amount, ...]:
    return amounts if suggests else ()


def _withheld(live: Sequence[Hidden]) -> list[Reason]:
    """Why "no conflict found" cannot be said, wherever what is withheld may be."""
    found = []
    if any(each.level is DisclosureLevel.L0 for each in live):
        found.append(Reason.NOT_RELEASED)
    if any(
        DisclosureLevel.L0 < each.level < DisclosureLevel.L3 and not may_be_coarse(each.operation)
        for each in live
    ):
        found.append(Reason.FROM_AFAR)
    return found


def _takes_part(hidden: Hidden) -> bool:
    if hidden.level >= DisclosureLevel.L3:
        return True
    return hidden.level is not DisclosureLevel.L0 and may_be_coarse(hidden.operation)


def _seen(hidden: Hidden, lattice: Lattice) -> Operation:
    """The operation as its level lets it be seen."""
    if hidden.level >= DisclosureLevel.L3:
        return hidden.operation
    return coarse_operation(hidden.operation, lattice)


def _told(
    conflict: Conflict, asked: Operation, hidden: Hidden, agreement: Agreement, lattice: Lattice
) -> ToldConflict:
    band = lattice.around(conflict.span)
    shows_part = hidden.level >= DisclosureLevel.L2
    shows_whole = hidden.level >= DisclosureLevel.L3
    owner = hidden.operation
    rules = {rule.id: rule for rule in agreement.rules}
    return ToldConflict(
        id=conflict.id,
        rule_id=conflict.rule_id,
        verdict=conflict.verdict,
        level=hidden.level,
        start=band.start,
        end=band.end,
        overlap=overlaps_of(
            asked.volumes,
            coarse_operation(owner, lattice).volumes,
            rules.get(conflict.rule_id, MEETING_RULE),
            lattice,
        )
        if shows_part and may_be_coarse(owner)
        else (),
        category=owner.category.value if shows_part else "",
        contact_role=Role.DUTY_OFFICER.value if shows_part else "",
        operation=owner.id if shows_whole else "",
        designator=owner.designator if shows_whole else "",
    )
