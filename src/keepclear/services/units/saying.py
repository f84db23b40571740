"""What may be said of a message's units: PASSED TO UNITS, from their words and nothing else."""

from __future__ import annotations

from typing import NamedTuple

from keepclear.model.message_life import Life, MessageSide, Units
from keepclear.ports.store import View
from keepclear.services.units.tellings import telling_of


class Said(NamedTuple):
    """What the other side is to be told.

    Attributes:
        units: in a word.
        text: in a sentence; units are counted, not named.
    """

    units: Units
    text: str


def word_of_units(view: View, message_id: str, life: Life) -> Said | None:
    """What is to be told of a message's units now; None where there is nothing new.

    That a unit has still to speak is told to nobody: it follows from silence.
    """
    if life.side is not MessageSide.RECEIVER or not life.terms.asks_units:
        return None
    telling = telling_of(view, message_id)
    if telling is None or telling.passed in (Units.ASKED, life.units):
        return None
    count = len(telling.units)
    text = {
        Units.NONE: "no unit of ours must be told of this",
        Units.CANNOT: f"not every one of {count} units can be told",
        Units.CONFIRMED: f"{count} of {count} units confirmed",
    }[telling.passed]
    return Said(telling.passed, text)
