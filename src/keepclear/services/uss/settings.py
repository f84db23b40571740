"""What a USS is told of itself."""

from __future__ import annotations

from dataclasses import dataclass

SC = "utm.strategic_coordination"
CM = "utm.constraint_management"
CP = "utm.constraint_processing"
CMSA = "utm.conformance_monitoring_sa"
AA = "utm.availability_arbitration"


@dataclass(frozen=True, slots=True)
class UssSettings:
    """What a USS is told of itself.

    Attributes:
        base_url: where others reach it; stands in everything it publishes.
        scopes: what its authorisation server lets it ask for; decides which roles it has.
        operator: who answers for its operations; stands in the log.
        ground_m: height of the ground above the ellipsoid, for plans that count from it; None
            where nobody said, and such plans are not supported.
        equal_priority_may_conflict: what the regulator says of intents of one priority.
        log_days: how long the log is kept.
    """

    base_url: str
    scopes: frozenset[str] = frozenset({SC, CM, CP, CMSA})
    operator: str = ""
    ground_m: float | None = None
    equal_priority_may_conflict: bool = False
    log_days: int = 30

    @property
    def processes_constraints(self) -> bool:
        """Whether it looks at constraints when it plans, and is told of them."""
        return CP in self.scopes

    @property
    def manages_constraints(self) -> bool:
        """Whether it may publish constraints."""
        return CM in self.scopes

    @property
    def monitors(self) -> bool:
        """Whether it may declare intents nonconforming or contingent."""
        return CMSA in self.scopes
