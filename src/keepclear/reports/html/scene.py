"""What a page shows and under which key: one operation, one key, on every part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from keepclear.model.answer import Answer, OperationRef, Verdict
from keepclear.model.operation import Operation
from keepclear.model.volume import positions_of
from keepclear.ports.world import Gazetteer
from keepclear.reports.html.limits import MOST_OPERATIONS
from keepclear.reports.local import Projection, Region, table
from keepclear.reports.place import Places
from keepclear.reports.ranking import Numbered, numbered_conflicts, ordered
from keepclear.reports.region import region_of
from keepclear.reports.subject import CheckSubject, Shelf, shelf_of
from keepclear.reports.wording import plain

PATTERNS = 4
"""Line patterns: solid for the parties that asked, three others in turn."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One operation on the page.

    Attributes:
        key: its name in the page's own markup ("o3").
        operation: the operation.
        own: whether it was checked, or belongs to a party that asked.
        pattern: its party's line pattern, 0 .. 3.
        trouble: the gravest verdict of a conflict it is in; None where it is in none.
        answer: what was answered; None for those it was compared with.
    """

    key: str
    operation: Operation
    own: bool
    pattern: int
    trouble: Verdict | None
    answer: Answer | None

    @property
    def label(self) -> str:
        """How it is named on map and lists: designator and party."""
        return f"{plain(self.operation.designator, 24)} {plain(self.operation.party, 16)}"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the parts of a page share.

    Attributes:
        subject: the check.
        region: where its map opens.
        shelf: operations by reference.
        conflicts: numbered, worst first.
        shown: operations on the page; ours first, those in conflicts before others.
        left_out: how many operations are not on the page.
        parties: the parties, those that asked first.
        gazetteer: names places; None where no place is known.
        keys: the key of each shown operation by its id.
        patterns: the line pattern of each party.
    """

    subject: CheckSubject
    region: Region
    shelf: Shelf
    conflicts: tuple[Numbered, ...]
    shown: tuple[Shown, ...]
    left_out: int
    parties: tuple[str, ...]
    gazetteer: Gazetteer | None
    keys: Mapping[str, str]
    patterns: Mapping[str, int]

    def key_of(self, ref: OperationRef) -> str | None:
        """The key of the operation a reference names; None where it is not on the page."""
        return self.keys.get(ref.id)

    def keys_of(self, numbered: Numbered) -> str:
        """The keys of both operations of a conflict, for the page's script."""
        refs = (numbered.conflict.ours, numbered.conflict.theirs)
        return " ".join(self.keys[ref.id] for ref in refs if ref.id in self.keys)


def scene_of(subject: CheckSubject, gazetteer: Gazetteer | None) -> Scene:
    """Decide what is shown, in which order and under which keys."""
    conflicts = numbered_conflicts(subject.report)
    parties = _parties(subject)
    every = list(_candidates(subject, conflicts))
    chosen = every[:MOST_OPERATIONS]
    answers = {answer.operation.id: answer for answer in subject.report.answers}
    troubles = _troubles(conflicts)
    own_parties = set(subject.report.own_parties)
    patterns = {party: _pattern(party, parties, own_parties) for party in parties}
    shown = tuple(
        Shown(
            key=f"o{index}",
            operation=operation,
            own=operation.party in own_parties or operation.id in answers,
            pattern=patterns.get(operation.party, 0),
            trouble=troubles.get(operation.id),
            answer=answers.get(operation.id),
        )
        for index, operation in enumerate(chosen)
    )
    known = gazetteer
    if known is None and subject.basemap.places:
        known = Places(subject.basemap.places)
    return Scene(
        subject=subject,
        region=region_of(subject),
        shelf=shelf_of(subject),
        conflicts=conflicts,
        shown=shown,
        left_out=len(every) - len(chosen),
        parties=parties,
        gazetteer=known,
        keys={one.operation.id: one.key for one in shown},
        patterns=patterns,
    )


def _parties(subject: CheckSubject) -> tuple[str, ...]:
    own = sorted(set(subject.report.own_parties) | {o.party for o in subject.ours.operations})
    others = sorted({o.party for o in subject.theirs.operations} - set(own))
    return (*own, *others)


def _pattern(party: str, parties: tuple[str, ...], own: set[str]) -> int:
    others = [name for name in parties if name not in own]
    return 0 if party not in others else 1 + others.index(party) % (PATTERNS - 1)


def _troubles(conflicts: tuple[Numbered, ...]) -> dict[str, Verdict]:
    troubles: dict[str, Verdict] = {}
    for numbered in reversed(conflicts):
        for ref in (numbered.conflict.ours, numbered.conflict.theirs):
            troubles[ref.id] = numbered.conflict.verdict
    return troubles


def _candidates(subject: CheckSubject, conflicts: tuple[Numbered, ...]) -> Iterator[Operation]:
    """Every operation once: those in conflicts, then ours, then theirs, nearest first."""
    shelf = shelf_of(subject)
    seen: set[str] = set()
    refs = [ref for n in conflicts for ref in (n.conflict.ours, n.conflict.theirs)]
    refs += [answer.operation for answer in ordered(subject.report)]
    held = [shelf.find(ref) for ref in refs]
    rest = (*subject.ours.operations, *_nearest(subject))
    for operation in (*held, *rest):
        if operation is not None and operation.id not in seen:
            seen.add(operation.id)
            yield operation


def _nearest(subject: CheckSubject) -> list[Operation]:
    operations = subject.theirs.operations
    if len(operations) <= MOST_OPERATIONS:
        return list(operations)
    middle = region_of(subject).centre
    first = table(positions_of(operation.volumes[0].footprint)[0] for operation in operations)
    order = (Projection(middle).flat(first) ** 2).sum(axis=1).argsort(kind="stable")
    return [operations[int(i)] for i in order]
