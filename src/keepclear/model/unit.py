"""An own control agency or formation that must be told: who, of what, by which means, when.

Source: domain study of keepclear, 0.10 and 5c: what reaches a watch may not reach the unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from keepclear.errors import InvalidInput
from keepclear.model.message import Role
from keepclear.model.operation import OperationClass
from keepclear.model.volume import Footprint


class UnitKind(StrEnum):
    """What sort of unit it is; no number and no strength is kept of any."""

    TOWER = "tower"
    CONTROLLER = "controller"
    AIR_DEFENCE = "air defence"
    UAS = "uas"
    FORMATION = "formation"
    RESCUE = "rescue"
    OTHER = "other"


class MeansKind(StrEnum):
    """By what a unit is told."""

    TELEPHONE = "telephone"
    RADIO = "radio"
    EMAIL = "e-mail"
    RUNNER = "runner"


class Weekday(StrEnum):
    """A day of the week, in UTC."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_DAYS = tuple(Weekday)


@dataclass(frozen=True, slots=True)
class Means:
    """One means of telling a unit.

    Attributes:
        kind: which.
        address: number, frequency, address or place; never a person's name.
    """

    kind: MeansKind
    address: str


@dataclass(frozen=True, slots=True)
class DutyTime:
    """Hours on which somebody is there, in UTC; past midnight where it ends before it starts.

    Attributes:
        start: from when.
        end: until when; the same as the start for the whole day.
        days: on which days it starts; empty for every day.
    """

    start: time
    end: time
    days: tuple[Weekday, ...] = ()

    def holds(self, at: datetime) -> bool:
        """Whether somebody is there at a moment in UTC."""
        clock, today = at.time(), _DAYS[at.weekday()]
        yesterday = _DAYS[at.weekday() - 1]
        if self.start < self.end:
            return self._on(today) and self.start <= clock < self.end
        late, early = clock >= self.start, clock < self.end
        return (self._on(today) and late) or (self._on(yesterday) and early)

    def _on(self, day: Weekday) -> bool:
        return not self.days or day in self.days


@dataclass(frozen=True, slots=True)
class OwnUnit:
    """One of our own control agencies or formations.

    Attributes:
        id: a UUID.
        name: as it is called on duty.
        kind: what sort.
        means: of telling it, in the order they are tried; at least one.
        area: where it must be told of things; None for everywhere.
        classes: of what it must be told; empty for everything.
        codes: of which messages; empty for all that ask for units.
        is_humanitarian: it is told of every humanitarian movement and site in its area,
            whatever moves; False where the two lists above decide.
        duty: when somebody is there; empty for always.
        told_by: the role that tells it.
        confirm_within_s: how long it has to confirm; None for the clock of the message.
        is_listed: False once it is told of nothing any more.
        remark: what whoever tells it must know.

    Raises:
        InvalidInput: it has no name or no means, or no time to confirm in.
    """

    id: str
    name: str
    kind: UnitKind
    means: tuple[Means, ...]
    area: Footprint | None = None
    classes: tuple[OperationClass, ...] = ()
    codes: tuple[str, ...] = ()
    is_humanitarian: bool = True
    duty: tuple[DutyTime, ...] = ()
    told_by: str = Role.DUTY_OFFICER.value
    confirm_within_s: float | None = None
    is_listed: bool = True
    remark: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise InvalidInput("name: a unit needs a name")
        if not self.means:
            raise InvalidInput(
                f"means: {self.name} cannot be told", remedy="Give at least one means of telling."
            )
        if self.confirm_within_s is not None and not 10.0 <= self.confirm_within_s <= 86_400.0:
            raise InvalidInput(
                f"confirm_within_s: {self.confirm_within_s:g} s is not 10 s to a day"
            )

    def is_on_duty(self, at: datetime) -> bool:
        """Whether somebody is there; a unit that nobody mans must be told all the same."""
        return not self.duty or any(each.holds(at) for each in self.duty)
