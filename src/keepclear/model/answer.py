"""What keepclear answers: conflict, no conflict found, or cannot say, and why.

No answer is ever a permission, and none says that airspace is free: "no conflict found"
always comes with among what, how old, and which coverage (`Among`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.errors import InvalidFile
from keepclear.model.coverage import Completeness
from keepclear.model.operation import Mode, OperationClass
from keepclear.model.volume import Position
from keepclear.model.window import Window


class Verdict(StrEnum):
    """The three answers; over rules and volumes conflict outweighs cannot say outweighs none."""

    CONFLICT = "conflict"
    CANNOT_SAY = "cannot say"
    NO_CONFLICT_FOUND = "no conflict found"

    @property
    def weight(self) -> int:
        """Larger outweighs smaller."""
        return {"conflict": 2, "cannot say": 1, "no conflict found": 0}[self.value]


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict that outweighs the others; NO_CONFLICT_FOUND for none."""
    return max(verdicts, key=lambda verdict: verdict.weight, default=Verdict.NO_CONFLICT_FOUND)


@dataclass(frozen=True, slots=True)
class OperationRef:
    """Which operation, in which version: enough to name it, no more."""

    id: str
    designator: str
    party: str
    version: int
    operation_class: OperationClass


@dataclass(frozen=True, slots=True)
class Separations:
    """How far apart two volumes are, beside what a rule asks.

    Attributes:
        lateral_m: geodesic distance between footprints; zero where they meet.
        lateral_minimum_m: what the rule asks.
        lateral_uncertainty_m: how far that distance may be off, as both owners declare.
        vertical_low_m: the least vertical distance that fits what was declared; negative
            where bands overlap; -inf where the references cannot be reconciled.
        vertical_high_m: the greatest; equal to the least within one reference.
        vertical_minimum_m: what the rule asks.
        time_s: between windows, tolerance included; negative where they overlap.
        time_minimum_s: what the rule asks.
        vertical_uncertainty_m: how far the vertical distance may be off besides, as both
            owners declare.
    """

    lateral_m: float
    lateral_minimum_m: float
    lateral_uncertainty_m: float
    vertical_low_m: float
    vertical_high_m: float
    vertical_minimum_m: float
    time_s: float
    time_minimum_s: float
    vertical_uncertainty_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two operations closer than a rule allows, or not provably as far as it asks.

    Attributes:
        id: the same on both sides: a hash of agreement, rule and both operation ids.
        verdict: CONFLICT, or CANNOT_SAY with the reason.
        ours: the operation that was checked.
        theirs: the other one.
        rule_id: the rule; "meeting" where no rule binds and the volumes meet.
        our_volume: index of the volume of ours that comes closest.
        their_volume: index of the volume of theirs.
        volume_pairs: how many pairs of volumes break the rule.
        span: from the first to the last moment at which both volumes are live; where they
            never are, the time between them.
        separations: how far apart, beside what the rule asks.
        our_closest: where ours comes closest.
        their_closest: where theirs does; the same position where footprints meet.
        reason: one sentence for a person.
        own: True where both operations are of the same party.
    """

    id: str
    verdict: Verdict
    ours: OperationRef
    theirs: OperationRef
    rule_id: str
    our_volume: int
    their_volume: int
    volume_pairs: int
    span: Window
    separations: Separations
    our_closest: Position
    their_closest: Position
    reason: str
    own: bool = False


class AirspaceKind(StrEnum):
    """What an operation infringes."""

    ZONE = "zone"
    BOUNDARY = "boundary"
    AIRFIELD = "airfield"


@dataclass(frozen=True, slots=True)
class Infringement:
    """An operation in a zone, over a boundary or at an airfield against its rule.

    Attributes:
        verdict: CONFLICT for a certain infringement, CANNOT_SAY for a possible one.
        airspace: what sort of airspace.
        airspace_id: its id.
        airspace_name: for people.
        volume: index of the operation's volume.
        span: when, within the volume's window.
        place: where they meet or come closest.
        reason: one sentence for a person, with what would mend it.
        contact: whom to call; empty where none is agreed.
    """

    verdict: Verdict
    airspace: AirspaceKind
    airspace_id: str
    airspace_name: str
    volume: int
    span: Window
    place: Position
    reason: str
    contact: str = ""


class FindingKind(StrEnum):
    """What is wrong with a notice as a notice."""

    TOO_LATE = "too late"
    TOO_BIG = "too big"
    TOO_VAGUE = "too vague"


@dataclass(frozen=True, slots=True)
class Finding:
    """A notice too late, too big or too vague; it is taken all the same."""

    kind: FindingKind
    reason: str
    volume: int | None = None


class DoubtKind(StrEnum):
    """Why an answer is cannot say."""

    NOTHING_RELEASED = "nothing released"
    COVERAGE_UNDECLARED = "coverage undeclared"
    COVERAGE_STALE = "coverage stale"
    COVERAGE_FROM_THE_FUTURE = "coverage from the future"
    COVERAGE_SHORT = "coverage does not reach"
    COVERAGE_NONE = "coverage none"
    COVERAGE_COUNT = "coverage count differs"
    OUTSIDE_AGREEMENT = "outside the agreement"
    FEATURES_LEFT_OUT = "features left out"
    REFERENCE = "altitude reference"
    UNCERTAINTY = "declared uncertainty"
    NO_RULE = "no rule binds"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason why keepclear cannot say, and what would help."""

    kind: DoubtKind
    reason: str
    remedy: str
    party: str = ""


@dataclass(frozen=True, slots=True)
class Among:
    """Among what an answer was found: one other party's released set.

    Attributes:
        party: whose.
        notices: how many notices were compared.
        oldest_s: age of the oldest notice; None where there is none.
        as_of: when the party drew up its set; None where undeclared.
        age_s: age of that statement; None where undeclared.
        completeness: the least complete class of its coverage; None where undeclared.
        own: True for our own plans, compared with each other; they need no coverage.
    """

    party: str
    notices: int
    oldest_s: float | None
    as_of: datetime | None
    age_s: float | None
    completeness: Completeness | None
    own: bool = False


class SuggestionKind(StrEnum):
    """What a suggestion changes; each changes one thing alone."""

    TIME = "time"
    ALTITUDE = "altitude"
    LATERAL = "lateral"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The least change of one kind after which no conflict is found.

    Attributes:
        kind: what changes.
        found: False where nothing within the agreement's limits helps.
        time_s: later by this much (earlier where negative).
        vertical_m: higher by this much (lower where negative).
        lateral_m: moved by this much.
        bearing_deg: in this direction, clockwise from north.
    """

    kind: SuggestionKind
    found: bool
    time_s: float = 0.0
    vertical_m: float = 0.0
    lateral_m: float = 0.0
    bearing_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything keepclear says of one operation.

    Attributes:
        operation: which.
        verdict: on conflicts with other operations, doubts included.
        conflicts: worst first; both CONFLICT and CANNOT_SAY pairs.
        conflicts_total: how many there are where only the worst are listed; None where all are.
        infringements: of zones, boundaries and airfields.
        findings: on the notice itself.
        doubts: why the verdict cannot be "no conflict found".
        among: what the operation was compared with.
        suggestions: empty unless asked for.
    """

    operation: OperationRef
    verdict: Verdict
    conflicts: tuple[Conflict, ...]
    infringements: tuple[Infringement, ...]
    findings: tuple[Finding, ...]
    doubts: tuple[Doubt, ...]
    among: tuple[Among, ...]
    suggestions: tuple[Suggestion, ...] = ()
    conflicts_total: int | None = None

    @property
    def overall(self) -> Verdict:
        """The verdict with infringements counted in; exit codes come from it."""
        return worst([self.verdict, *(i.verdict for i in self.infringements)])


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The answers to one check, and under which agreement they were given.

    Attributes:
        mode: EXERCISE or REAL.
        now: the moment the check speaks of.
        agreement_id: the agreement.
        agreement_title: for people.
        agreement_version: its version.
        agreement_digest: SHA-256 of its content.
        own_parties: whose operations were checked.
        answers: one for each operation that has not ended, in the order given.
        rejected: features that were left out.
    """

    mode: Mode
    now: datetime
    agreement_id: str
    agreement_title: str
    agreement_version: int
    agreement_digest: str
    own_parties: tuple[str, ...]
    answers: tuple[Answer, ...]
    rejected: tuple[InvalidFile, ...] = ()

    @property
    def overall(self) -> Verdict:
        """The worst of all answers; CANNOT_SAY where nothing was checked or left out."""
        verdicts = [answer.overall for answer in self.answers]
        if not verdicts or self.rejected:
            verdicts.append(Verdict.CANNOT_SAY)
        return worst(verdicts)
