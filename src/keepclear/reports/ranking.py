"""What stands first: conflicts before doubts, the closest before the less close."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from keepclear.model.answer import (
    Among,
    Answer,
    CheckReport,
    Conflict,
    Doubt,
    Infringement,
    Verdict,
)
from keepclear.model.coverage import Completeness

_THINNEST_FIRST = (None, Completeness.NONE, Completeness.PARTIAL, Completeness.COMPLETE)


class Order(StrEnum):
    """In which order operations are listed."""

    WORST_FIRST = "worst"
    AS_GIVEN = "given"
    BY_TIME = "time"
    BY_DESIGNATOR = "designator"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A conflict with the number it carries on every part of a page.

    Attributes:
        number: 1 is the worst.
        conflict: the conflict.
        answer: the answer it first stands in.
    """

    number: int
    conflict: Conflict
    answer: Answer

    @property
    def label(self) -> str:
        """How pages and lists name it: "C1"."""
        return f"C{self.number}"


def closeness(conflict: Conflict) -> float:
    """How much of what the rule asks is there: 0 is contact, 1 would be enough.

    One separation suffices, so the better of lateral and vertical counts.
    """
    separations = conflict.separations
    pairs = (
        (separations.lateral_m, separations.lateral_minimum_m),
        (separations.vertical_low_m, separations.vertical_minimum_m),
    )
    return max(min(1.0, max(0.0, gap / asked)) if asked > 0.0 else 0.0 for gap, asked in pairs)


def _conflict_key(conflict: Conflict) -> tuple[int, float, datetime, str]:
    return (-conflict.verdict.weight, closeness(conflict), conflict.span.start, conflict.id)


def numbered_conflicts(report: CheckReport) -> tuple[Numbered, ...]:
    """Every conflict once, worst first; empty where there is none.

    A conflict between two own operations stands in both answers; it is one conflict.
    """
    found: dict[str, tuple[Conflict, Answer]] = {}
    for answer in report.answers:
        for conflict in answer.conflicts:
            found.setdefault(conflict.id, (conflict, answer))
    ranked = sorted(found.values(), key=lambda pair: _conflict_key(pair[0]))
    return tuple(Numbered(i + 1, conflict, answer) for i, (conflict, answer) in enumerate(ranked))


def worst_conflict(answer: Answer) -> Conflict | None:
    """The conflict to show first for one operation; None where it has none."""
    return min(answer.conflicts, key=_conflict_key, default=None)


def infringements_of(report: CheckReport) -> tuple[tuple[Answer, Infringement], ...]:
    """Every infringement with its answer; certain ones first, then by time."""
    pairs = [(answer, found) for answer in report.answers for found in answer.infringements]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1].verdict.weight, pair[1].span.start)))


def grouped_doubts(report: CheckReport) -> list[tuple[Doubt, list[str]]]:
    """Each doubt once, with the designators of the operations it touches."""
    groups: dict[Doubt, list[str]] = {}
    for answer in report.answers:
        for doubt in answer.doubts:
            groups.setdefault(doubt, []).append(answer.operation.designator)
    return sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0].kind.value))


def ordered(report: CheckReport, order: Order = Order.WORST_FIRST) -> tuple[Answer, ...]:
    """The answers in the order asked for; equals stay as given."""
    if order is Order.AS_GIVEN:
        return report.answers
    if order is Order.BY_DESIGNATOR:
        return tuple(sorted(report.answers, key=lambda answer: answer.operation.designator))
    if order is Order.BY_TIME:
        return tuple(sorted(report.answers, key=lambda answer: first_trouble(answer) or _NEVER))
    return tuple(sorted(report.answers, key=_answer_key))


_NEVER = datetime.max.replace(tzinfo=datetime.fromisoformat("2000-01-01T00:00:00Z").tzinfo)


def first_trouble(answer: Answer) -> datetime | None:
    """When the first conflict or infringement of an operation begins; None where none is."""
    starts = [c.span.start for c in answer.conflicts] + [i.span.start for i in answer.infringements]
    return min(starts, default=None)


def _answer_key(answer: Answer) -> tuple[int, float, int, datetime]:
    conflict = worst_conflict(answer)
    near = closeness(conflict) if conflict is not None else 1.0
    troubles = len(answer.conflicts) + len(answer.infringements) + len(answer.findings)
    return (-answer.overall.weight, near, -troubles, first_trouble(answer) or _NEVER)


def coverage_by_party(report: CheckReport) -> tuple[Among, ...]:
    """For each other party what was compared, at its thinnest over all answers, by name."""
    parties: dict[str, Among] = {}
    for answer in report.answers:
        for among in answer.among:
            known = parties.get(among.party)
            parties[among.party] = among if known is None else _thinner(known, among)
    return tuple(parties[party] for party in sorted(parties))


def _thinner(first: Among, second: Among) -> Among:
    thin = min(first.completeness, second.completeness, key=_THINNEST_FIRST.index)
    ages = [among.oldest_s for among in (first, second) if among.oldest_s is not None]
    oldest = max((first, second), key=lambda a: float("inf") if a.age_s is None else a.age_s)
    return replace(
        oldest,
        notices=max(first.notices, second.notices),
        oldest_s=max(ages, default=None),
        completeness=thin,
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of what; each operation is counted once.

    In `conflict` or, where it only infringes airspace for certain, in `infringing`; else in
    `cannot_say` or `no_conflict_found`.
    """

    operations: int
    conflict: int
    infringing: int
    cannot_say: int
    no_conflict_found: int
    conflict_pairs: int
    cannot_say_pairs: int
    infringements: int
    findings: int
    rejected: int


def counts_of(report: CheckReport) -> Counts:
    """Count what a report holds."""
    overall = [answer.overall for answer in report.answers]
    conflict = [answer.verdict for answer in report.answers].count(Verdict.CONFLICT)
    pairs = [numbered.conflict.verdict for numbered in numbered_conflicts(report)]
    return Counts(
        operations=len(overall),
        conflict=conflict,
        infringing=overall.count(Verdict.CONFLICT) - conflict,
        cannot_say=overall.count(Verdict.CANNOT_SAY),
        no_conflict_found=overall.count(Verdict.NO_CONFLICT_FOUND),
        conflict_pairs=pairs.count(Verdict.CONFLICT),
        cannot_say_pairs=pairs.count(Verdict.CANNOT_SAY),
        infringements=sum(len(answer.infringements) for answer in report.answers),
        findings=sum(len(answer.findings) for answer in report.answers),
        rejected=len(report.rejected),
    )
