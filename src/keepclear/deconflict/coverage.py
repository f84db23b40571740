"""What silence is worth: does a party's coverage statement reach an operation at all?

Without a fresh statement that covers the place, the time and the class, the absence of a
conflict proves nothing, and the answer is cannot say.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta
from typing import NamedTuple

from keepclear.deconflict.containment import Shape
from keepclear.deconflict.packing import PackedVolumes
from keepclear.model.agreement import Agreement
from keepclear.model.answer import Among, Doubt, DoubtKind
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import Operation, OperationClass
from keepclear.rules.binding import matches

_SKEW = timedelta(seconds=30)
"""Clocks of two parties may differ by so much without a word. Source: design, section 5."""
_LESS = (Completeness.NONE, Completeness.PARTIAL, Completeness.COMPLETE)


class Notices(NamedTuple):
    """What must be known of a party's operations to say what their silence is worth.

    Attributes:
        number: how many there are.
        oldest: when the oldest was received; None where there is none.
        classes: the classes among them.
    """

    number: int
    oldest: datetime | None
    classes: frozenset[OperationClass]

    @classmethod
    def of(cls, operations: Sequence[Operation]) -> Notices:
        """The notices of operations at hand."""
        return cls(
            len(operations),
            min((operation.received_at for operation in operations), default=None),
            frozenset(operation.operation_class for operation in operations),
        )


class Released:
    """What one other party released, and what it says of it.

    Attributes:
        party: whose.
        notices: what is known of its operations.
        coverages: its statements.
    """

    def __init__(self, party: str, notices: Notices, coverages: Sequence[Coverage]) -> None:
        self.party = party
        self.notices = notices
        self.coverages = tuple(coverages)
        self._shapes = tuple(Shape(coverage.area) for coverage in coverages)

    def with_notices(self, notices: Notices) -> Released:
        """The same statements about other operations."""
        same = copy(self)
        same.notices = notices
        return same

    def among(self, now: datetime) -> Among:
        """How much there is to be compared with, how old and how complete."""
        oldest = self.notices.oldest
        newest = max((c.as_of for c in self.coverages), default=None)
        return Among(
            party=self.party,
            notices=self.notices.number,
            oldest_s=(now - oldest).total_seconds() if oldest else None,
            as_of=newest,
            age_s=(now - newest).total_seconds() if newest else None,
            completeness=self._completeness(),
        )

    def _completeness(self) -> Completeness | None:
        levels = [level for c in self.coverages for level in (c.of(k) for k in OperationClass)]
        return min(levels, key=_LESS.index, default=None)

    def doubts(self, now: datetime, agreement: Agreement) -> tuple[Doubt, ...]:
        """Why nothing can be said against this party's set, whatever the operation."""
        if not self.coverages:
            if not self.notices.number:
                return (self._nothing(),)
            return (
                self._doubt(
                    DoubtKind.COVERAGE_UNDECLARED,
                    f"{self.party} does not say what its released set covers",
                    "Ask for a coverage statement: area, times, classes, as of when.",
                ),
            )
        found = [d for c in self.coverages for d in self._freshness(c, now, agreement)]
        counts = [c.notice_count for c in self.coverages if c.notice_count is not None]
        if counts and sum(counts) != self.notices.number:
            found.append(
                self._doubt(
                    DoubtKind.COVERAGE_COUNT,
                    f"{self.party} says its set holds {sum(counts)} notices, "
                    f"here are {self.notices.number}",
                    "Ask for the whole set again.",
                )
            )
        if not self.notices.number and not counts:
            found.append(self._nothing())
        return tuple(found)

    def _nothing(self) -> Doubt:
        return self._doubt(
            DoubtKind.NOTHING_RELEASED,
            f"{self.party} released nothing that could be compared with",
            "Ask for its notices, or for a coverage statement that counts zero notices.",
        )

    def _freshness(self, coverage: Coverage, now: datetime, agreement: Agreement) -> list[Doubt]:
        age_s = (now - coverage.as_of).total_seconds()
        if now + _SKEW < coverage.as_of:
            return [
                self._doubt(
                    DoubtKind.COVERAGE_FROM_THE_FUTURE,
                    f"{self.party}'s coverage is dated {-age_s:.0f} s ahead of this clock",
                    "Compare clocks with the other party.",
                )
            ]
        if age_s > agreement.coverage_max_age_s:
            return [
                self._doubt(
                    DoubtKind.COVERAGE_STALE,
                    f"{self.party}'s coverage is {age_s / 3600.0:.1f} h old, "
                    f"fresh is {agreement.coverage_max_age_s / 3600.0:.1f} h",
                    "Ask for its current set.",
                )
            ]
        return []

    def doubts_of(
        self, operation: Operation, packed: PackedVolumes, agreement: Agreement
    ) -> tuple[Doubt, ...]:
        """Why nothing can be said of this operation against this party's set."""
        found: list[Doubt] = []
        if self.coverages:
            for v in range(len(packed.facts)):
                if not any(
                    self._reaches(c, operation, packed, v) for c in range(len(self._shapes))
                ):
                    found.append(
                        self._doubt(
                            DoubtKind.COVERAGE_SHORT,
                            f"{self.party}'s coverage does not reach the place or the time of "
                            f"volume {v + 1}",
                            "Ask for notices that cover it, or move the operation inside.",
                        )
                    )
                    break
            found.extend(self._not_covered(operation, agreement))
        found.extend(self._without_rule(operation, agreement))
        return tuple(found)

    def _reaches(self, c: int, operation: Operation, packed: PackedVolumes, v: int) -> bool:
        window = operation.window_of(operation.volumes[v])
        return self.coverages[c].window.covers(window) and self._shapes[c].holds(packed, v)

    def _not_covered(self, operation: Operation, agreement: Agreement) -> list[Doubt]:
        """Classes that a rule keeps from this operation and of which nothing is released."""
        missing = [
            other
            for other in OperationClass
            if all(c.of(other) is Completeness.NONE for c in self.coverages)
            and self._rule_for(operation, other, agreement)
        ]
        if not missing:
            return []
        return [
            self._doubt(
                DoubtKind.COVERAGE_NONE,
                f"{self.party} says its set covers no operations of class {', '.join(missing)}",
                "Ask for its notices of that class.",
            )
        ]

    def _rule_for(self, operation: Operation, other: OperationClass, agreement: Agreement) -> bool:
        return any(
            matches(rule, (operation.party, self.party), (operation.operation_class, other))
            for rule in agreement.rules
            if rule.zone is None
        )

    def _without_rule(self, operation: Operation, agreement: Agreement) -> list[Doubt]:
        """Classes of this party for which the agreement has no rule with ours."""
        return [
            self._doubt(
                DoubtKind.NO_RULE,
                f"no rule of the agreement binds {operation.operation_class} of "
                f"{operation.party} and {other} of {self.party}; only meeting was looked for",
                "Agree a rule for this pair of classes.",
            )
            for other in sorted(self.notices.classes)
            if not self._rule_for(operation, other, agreement)
        ]

    def _doubt(self, kind: DoubtKind, reason: str, remedy: str) -> Doubt:
        return Doubt(kind, reason, remedy, self.party)


def outside_doubt(
    operation: Operation, packed: PackedVolumes, area: Shape, agreement: Agreement
) -> Doubt | None:
    """The doubt that part of an operation lies where or when the agreement does not bind."""
    for v in range(len(packed.facts)):
        in_time = agreement.valid.covers(operation.window_of(operation.volumes[v]))
        if not in_time or not area.holds(packed, v):
            what = "area" if in_time else "time of validity"
            return Doubt(
                DoubtKind.OUTSIDE_AGREEMENT,
                f"volume {v + 1} is not wholly inside the agreement's {what}; "
                "outside, only meeting is looked for",
                "Keep inside, or agree a wider one.",
            )
    return None
