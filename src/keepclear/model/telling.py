"""Which own units must be told of a message, and what each of them said.

Nothing else decides whether a message was passed to units.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.model.message_life import Units
from keepclear.model.unit import MeansKind


class UnitWord(StrEnum):
    """How far a unit is told."""

    WAITS = "to be told"
    TOLD = "told"
    CONFIRMED = "confirmed"
    CANNOT = "cannot"


SAID = (UnitWord.TOLD, UnitWord.CONFIRMED, UnitWord.CANNOT)
"""What a person may put on record; that it waits follows from nothing having been said."""


@dataclass(frozen=True, slots=True)
class TellingStep:
    """One thing on record about telling a unit.

    Attributes:
        id: a UUID; the same again changes nothing.
        at: when.
        word: what.
        means: by which; None where it was not said.
        role: who put it on record, as what on duty.
        actor: how they call themselves.
        words: as the unit said it, or why it cannot.
    """

    id: str
    at: datetime
    word: UnitWord
    means: MeansKind | None = None
    role: str = ""
    actor: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class UnitTelling:
    """One unit that must be told of one message.

    Attributes:
        unit: its id.
        name: as it was called then.
        why: why it must be told.
        due: when the next thing must have happened; None where nothing is awaited.
        is_overdue: that moment has passed.
        tried: how many of its means ran out of time.
        steps: what was put on record, in order.
    """

    unit: str
    name: str
    why: str
    due: datetime | None = None
    is_overdue: bool = False
    tried: int = 0
    steps: tuple[TellingStep, ...] = ()

    @property
    def word(self) -> UnitWord:
        """How far it is told. Whoever confirmed knows; that is not taken back."""
        words = [each.word for each in self.steps]
        if UnitWord.CONFIRMED in words:
            return UnitWord.CONFIRMED
        return words[-1] if words else UnitWord.WAITS


@dataclass(frozen=True, slots=True)
class MessageTelling:
    """Who must be told of a message.

    Attributes:
        message: its id.
        line: on which line it came.
        code: what sort of message.
        title: what it is about, for a person.
        is_humanitarian: it speaks of a humanitarian movement or site.
        began_at: when it came.
        speaks_of: when what it speaks of begins; None where nothing is awaited.
        acknowledge_s: how long a person may take, by its precedence.
        has_list: whether any own unit was listed at all; without, nobody can say that none
            must be told.
        units: each unit that must be told.
    """

    message: str
    line: str
    code: str
    title: str
    is_humanitarian: bool
    began_at: datetime
    speaks_of: datetime | None
    acknowledge_s: float
    has_list: bool
    units: tuple[UnitTelling, ...] = ()

    @property
    def passed(self) -> Units:
        """PASSED TO UNITS, from what the units said and from nothing else.

        `NONE` says that no unit must be told; `ASKED` that one has still to speak.
        """
        words = [each.word for each in self.units]
        if UnitWord.CANNOT in words:
            return Units.CANNOT
        if not words:
            return Units.NONE if self.has_list else Units.ASKED
        all_confirmed = all(each is UnitWord.CONFIRMED for each in words)
        return Units.CONFIRMED if all_confirmed else Units.ASKED

    @property
    def says(self) -> str:
        """The same in a sentence."""
        if not self.units:
            none = "no unit of ours must be told of this"
            return none if self.has_list else "no list of own units is kept; nobody can be told"
        cannot = [each.name for each in self.units if each.word is UnitWord.CANNOT]
        if cannot:
            return f"cannot be told: {', '.join(cannot)}"
        count = len(self.units)
        done = sum(each.word is UnitWord.CONFIRMED for each in self.units)
        return f"{done} of {count} units confirmed"
