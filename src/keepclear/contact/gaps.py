"""Two gap lists beside each other: what one side has that the other does not know of.

Lists hold names, versions and ends; what is over by its own end is told as over and is never
brought back to life by a restoration.

Source: domain study of keepclear, 5d (gap list exchanged) and 5h, drill 5 (expired volumes
are not resurrected).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from keepclear.model.restoration import GapList, Listed


@dataclass(frozen=True, slots=True)
class Gap:
    """What the gap left on our side.

    Attributes:
        unknown: live things of theirs that we do not hold, or hold in an older version.
        over: things of theirs that ended meanwhile; nothing is done for them.
        owed: what we told them and they were never known to have, still of use.
        lapsed: what we told them, and is of no use any more.
        unheard: how many envelopes of theirs are not here, by epoch.
        keys_differ: parties whose root the two sides know differently.
        left_out: how many things both lists together could not name.
    """

    unknown: tuple[Listed, ...]
    over: tuple[Listed, ...]
    owed: tuple[Listed, ...]
    lapsed: tuple[Listed, ...]
    unheard: tuple[tuple[int, int], ...]
    keys_differ: tuple[str, ...]
    left_out: int = 0


def gap_between(ours: GapList, theirs: GapList, held: Mapping[str, int], now: datetime) -> Gap:
    """What the gap left.

    Args:
        ours: our list.
        theirs: their list.
        held: of the things they list, those we hold, with our version of each.
        now: the moment.
    """
    live = [each for each in (*theirs.things, *theirs.missed) if is_of_use(each, now)]
    return Gap(
        unknown=_distinct([each for each in live if held.get(each.id, 0) < each.version]),
        over=_distinct([e for e in (*theirs.things, *theirs.missed) if not is_of_use(e, now)]),
        owed=tuple(each for each in ours.missed if is_of_use(each, now)),
        lapsed=tuple(each for each in ours.missed if not is_of_use(each, now)),
        unheard=_unheard(ours, theirs),
        keys_differ=_differing(dict(ours.fingerprints), dict(theirs.fingerprints)),
        left_out=ours.left_out + theirs.left_out,
    )


def is_of_use(thing: Listed, now: datetime) -> bool:
    """Whether a thing has not ended of itself."""
    return thing.until is None or thing.until > now


def _unheard(ours: GapList, theirs: GapList) -> tuple[tuple[int, int], ...]:
    held = dict(ours.held)
    gaps = ((epoch, last - held.get(epoch, 0)) for epoch, last in theirs.sent)
    return tuple((epoch, count) for epoch, count in gaps if count > 0)


def _differing(ours: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in ours.keys() & theirs.keys() if ours[name] != theirs[name]))


def _distinct(things: Collection[Listed]) -> tuple[Listed, ...]:
    return tuple(dict.fromkeys(things))
