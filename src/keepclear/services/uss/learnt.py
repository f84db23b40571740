"""What is known of others' intents and constraints, kept: what was asked for, and what was told.

Whatever comes later stands. What was asked for is not kept over what was heard of the same
thing while it was asked for: that it is gone, or is of a newer version.

Source: ASTM F3548-21, SCD0035, USS0105; interface UTM API 1.0.0, OperationalIntent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from keepclear.formats.f3548 import Constraint, OperationalIntent, encode
from keepclear.formats.f3548.volumes import moment_of
from keepclear.ports.store import Unit
from keepclear.ports.uss_store import Learnt, LearntSort
from keepclear.services.uss.uss import Uss


def learn(uss: Uss, asked: Sequence[Learnt], mark: int) -> None:
    """Keep what managers answered, so that they are asked once for each version.

    Args:
        uss: ours.
        asked: what they answered.
        mark: of `uss.hearing`, from before they were asked.
    """

    def work(unit: Unit) -> None:
        for each in asked:
            if not _is_overtaken(uss, unit, each, mark):
                keep_learnt(uss, unit, each)

    if asked:
        uss.node.store.write(work)


def _is_overtaken(uss: Uss, unit: Unit, asked: Learnt, mark: int) -> bool:
    """Whether more was heard of something while it was asked for: that it is gone, or newer."""
    if not uss.hearing.is_since(mark, asked.sort, asked.id):
        return False
    known = unit.learnt(asked.sort, asked.id)
    return known is None or known.version >= asked.version


def keep_learnt(uss: Uss, unit: Unit, learnt: Learnt) -> None:
    """Keep what is known of another's intent or constraint from now on."""
    unit.put_learnt(learnt)
    uss.hearing.note(learnt.sort, learnt.id)


def forget_learnt(uss: Uss, unit: Unit, sort: LearntSort, entity_id: str) -> None:
    """Forget another's intent or constraint: it is gone."""
    unit.drop_learnt(sort, entity_id)
    uss.hearing.note(sort, entity_id)


def learnt_of(
    uss: Uss, thing: OperationalIntent | Constraint, manager: str, *, is_told: bool
) -> Learnt:
    """An intent or a constraint of another as it is kept."""
    reference, is_intent = thing.reference, isinstance(thing, OperationalIntent)
    return Learnt(
        sort=LearntSort.INTENT if is_intent else LearntSort.CONSTRAINT,
        id=reference.id,
        manager=manager,
        version=reference.version,
        ovn=reference.ovn or "",
        is_told=is_told,
        ends=moment_of(reference.time_end),
        at=uss.now(),
        body=encode(thing),
    )


def forget_old(uss: Uss, *, kept_s: float = 86_400.0) -> None:
    """Forget what others published and is long over."""
    before = uss.now() - timedelta(seconds=kept_s)
    uss.node.store.write(lambda unit: unit.drop_learnt_before(before))
