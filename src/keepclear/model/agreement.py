"""The memorandum as executable data: what two parties can both run and get one answer from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import time

from keepclear.errors import InvalidAgreement
from keepclear.model.operation import DisclosureLevel, Mode, OperationClass, Precedence
from keepclear.model.party import Party
from keepclear.model.volume import Footprint
from keepclear.model.window import Window
from keepclear.model.zone import Airfield, Boundary, Zone


@dataclass(frozen=True, slots=True)
class SeparationRule:
    """How far two operations keep apart: laterally or vertically or in time; one suffices.

    Attributes:
        id: its identifier ("R1"); conflicts name it.
        lateral_m: least lateral distance; zero asks only that footprints do not meet.
        vertical_m: least vertical distance; zero asks only that bands do not meet.
        min_time_s: least time between windows; zero asks only that they do not meet.
        max_inside_s: an allowance counted on observed tracks only (the rule of threes);
            it never separates planned volumes. None where the rule has none.
        classes: the two classes it binds, in any order; None binds every pair.
        parties: the two parties it binds, in any order; None binds every pair.
        zone: id of the zone in which it binds: either volume touches it; None everywhere.
        replaces: ids of rules that do not bind a pair whose volumes both lie wholly in `zone`.
    """

    id: str
    lateral_m: float
    vertical_m: float
    min_time_s: float = 0.0
    max_inside_s: float | None = None
    classes: tuple[OperationClass, OperationClass] | None = None
    parties: tuple[str, str] | None = None
    zone: str | None = None
    replaces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for minimum in (self.lateral_m, self.vertical_m, self.min_time_s):
            if not math.isfinite(minimum) or minimum < 0.0:
                raise InvalidAgreement(
                    f"rule {self.id}: a separation of {minimum} is not zero or more"
                )
        if self.replaces and self.zone is None:
            raise InvalidAgreement(f"rule {self.id} replaces another without naming a zone")


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long before its first window a notice must arrive.

    Attributes:
        minimum_s: the least time.
        operation_class: for which class; None for all.
        precedence: for which precedence; None for all.
    """

    minimum_s: float
    operation_class: OperationClass | None = None
    precedence: Precedence | None = None


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """How big a volume may be before its notice is too big to be of use.

    Attributes:
        extent_m: greatest distance across the footprint; None for no limit. Corridors are
            measured across their width.
        thickness_m: greatest height of the band; None for no limit.
        duration_s: longest window; None for no limit.
        tolerance_s: largest tolerance before the times are too vague; None for no limit.
        operation_class: for which class; None for all.
        precedence: for which precedence; None for all.
    """

    extent_m: float | None = None
    thickness_m: float | None = None
    duration_s: float | None = None
    tolerance_s: float | None = None
    operation_class: OperationClass | None = None
    precedence: Precedence | None = None


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """What one party shows another of a class of operations.

    Attributes:
        of: the party whose operations they are.
        to: the party that learns of them.
        level: how much.
        operation_class: for which class; None for all.
    """

    of: str
    to: str
    level: DisclosureLevel
    operation_class: OperationClass | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """How long each act on the line may take, for one precedence.

    Attributes:
        precedence: whose clocks these are.
        delivery_s: until a machine has it.
        acknowledge_s: until a person has it.
        readback_s: until it is read back.
        escalate_s: until the next level is told.
        alternate_s: until the next channel is tried.
        top_level_s: until the top level is told; None where that is not automatic.
        answer_s: until a question is answered.
    """

    precedence: Precedence
    delivery_s: float
    acknowledge_s: float
    readback_s: float
    escalate_s: float
    alternate_s: float
    top_level_s: float | None
    answer_s: float


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """When the line is tested.

    Attributes:
        times_z: times of day in UTC, each direction.
        answer_within_s: how long a check waits for its answer.
        lapse_after_missed: consecutive due checks missed until the line counts as lapsed.
        lapse_after_s: time without two-way contact until it counts as lapsed.
    """

    times_z: tuple[time, ...] = (time(6, 0), time(13, 0))
    answer_within_s: float = 900.0
    lapse_after_missed: int = 2
    lapse_after_s: float = 86_400.0


@dataclass(frozen=True, slots=True)
class Atmosphere:
    """What the air may be like while the agreement binds: it ties pressure to true height.

    Attributes:
        qnh_low_hpa: lowest sea-level pressure to reckon with.
        qnh_high_hpa: highest.
        temperature_low_c: coldest deviation from the standard atmosphere.
        temperature_high_c: warmest deviation.
    """

    qnh_low_hpa: float = 960.0
    qnh_high_hpa: float = 1_050.0
    temperature_low_c: float = -20.0
    temperature_high_c: float = 20.0

    def __post_init__(self) -> None:
        if not 850.0 <= self.qnh_low_hpa <= self.qnh_high_hpa <= 1_100.0:
            raise InvalidAgreement("QNH bounds are not within 850 .. 1100 hPa, low before high")
        if not -60.0 <= self.temperature_low_c <= self.temperature_high_c <= 60.0:
            raise InvalidAgreement("temperature bounds are not within ±60 °C, low before high")


@dataclass(frozen=True, slots=True)
class SuggestionLimits:
    """How far a suggested change may go.

    Attributes:
        time_s: earlier or later.
        vertical_m: higher or lower.
        lateral_m: in any direction.
    """

    time_s: float = 7_200.0
    vertical_m: float = 3_048.0
    lateral_m: float = 18_520.0


@dataclass(frozen=True, slots=True)
class DisclosureLimits:
    """How coarsely questions about volumes are answered, and how many.

    Attributes:
        grid_m: no estimate of an edge on the ground is surer than this.
        grid_height_m: likewise of a height.
        grid_time_s: likewise of a time.
        least_extent_m: the narrowest footprint that is answered.
        least_height_m: the thinnest band.
        least_duration_s: the shortest window.
        questions: so many one party may ask at once, and in each window again.
        window_s: in which as many come back.
        suggestion_cost: so many questions suggested amounts count as, besides.
        questions_near: so many different ones about one place and time are planning, not a
            search.
    """

    grid_m: float = 1_852.0
    grid_height_m: float = 152.4
    grid_time_s: float = 900.0
    least_extent_m: float = 1_852.0
    least_height_m: float = 152.4
    least_duration_s: float = 900.0
    questions: int = 40
    window_s: float = 3_600.0
    suggestion_cost: int = 2
    questions_near: int = 8

    def __post_init__(self) -> None:
        if not all(each > 0.0 for each in (self.grid_m, self.grid_height_m, self.grid_time_s)):
            raise InvalidAgreement("the grid of disclosure is not above zero")
        if self.questions < 1 or self.questions_near < 1 or self.window_s <= 0.0:
            raise InvalidAgreement("nobody could ever ask: questions and window are above zero")


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the parties agreed, as data both can run.

    Attributes:
        id: its identifier.
        title: for people.
        version: 1, and one more at every signed change.
        mode: EXERCISE or REAL.
        parties: who signs.
        area: where it binds.
        valid: when it binds.
        rules: separations; at least one.
        zones: airspace with rules.
        boundaries: agreed lines.
        airfields: airfields with rings and corridors.
        lead_times: how early notices must come; the most specific line binds.
        size_limits: how big volumes may be; the most specific line binds.
        disclosure: exceptions to `default_level`.
        default_level: what parties show each other where nothing else is agreed.
        clocks: one line for each precedence.
        check_plan: when the line is tested.
        caution_factor: own buffers grow by it while the line is not UP; at least 1.
        coverage_max_age_s: how old a coverage statement may be to be fresh.
        atmosphere: bounds of pressure and temperature.
        suggestions: how far a suggested change may go.
        disclosure_limits: how coarsely and how often questions are answered; None for the
            usual figures, as an agreement that does not speak of them.
        digest: SHA-256 over the canonical parsed content, hex; empty until computed.
    """

    id: str
    title: str
    version: int
    mode: Mode
    parties: tuple[Party, ...]
    area: Footprint
    valid: Window
    rules: tuple[SeparationRule, ...]
    zones: tuple[Zone, ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    airfields: tuple[Airfield, ...] = ()
    lead_times: tuple[LeadTime, ...] = ()
    size_limits: tuple[SizeLimit, ...] = ()
    disclosure: tuple[DisclosureRule, ...] = ()
    default_level: DisclosureLevel = DisclosureLevel.L1
    clocks: tuple[Clocks, ...] = ()
    check_plan: CheckPlan = field(default_factory=CheckPlan)
    caution_factor: float = 1.5
    coverage_max_age_s: float = 6 * 3_600.0
    atmosphere: Atmosphere = field(default_factory=Atmosphere)
    suggestions: SuggestionLimits = field(default_factory=SuggestionLimits)
    disclosure_limits: DisclosureLimits | None = None
    digest: str = ""

    def __post_init__(self) -> None:
        if not self.rules:
            raise InvalidAgreement("the agreement has no separation rule")
        if not math.isfinite(self.caution_factor) or self.caution_factor < 1.0:
            raise InvalidAgreement(f"the caution factor of {self.caution_factor} is not 1 or more")
        self._require_known_names()

    def _require_known_names(self) -> None:
        parties = {party.id for party in self.parties}
        zones = {zone.id for zone in self.zones}
        rules = {rule.id for rule in self.rules}
        if len(rules) != len(self.rules) or len(zones) != len(self.zones):
            raise InvalidAgreement("two rules or two zones have the same id")
        for rule in self.rules:
            if rule.zone is not None and rule.zone not in zones:
                raise InvalidAgreement(f"rule {rule.id} names the unknown zone {rule.zone}")
            if unknown := set(rule.replaces) - rules:
                raise InvalidAgreement(f"rule {rule.id} replaces unknown {sorted(unknown)}")
            if rule.parties is not None and (unknown := set(rule.parties) - parties):
                raise InvalidAgreement(f"rule {rule.id} names unknown parties {sorted(unknown)}")

    def party(self, party_id: str) -> Party | None:
        """The party of that id, or None where it did not sign."""
        return next((party for party in self.parties if party.id == party_id), None)
