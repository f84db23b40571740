"""A humanitarian movement as the text of an e-mail: labelled lines between the mode words.

    EXERCISE
    MOVEMENT
    Reference: RE-2026-014
    Organisation: Relief Example
    By: road
    Route: Northgate to Southfield by the valley road
    Leg: CORRIDOR HALF 1 NM 35.10N 36.10E > 35.40N 36.20E | SFC-100 m AGL | 151300Z-151430Z
    Marks: blue flag on each roof, plates 1 to 4
    Contact: +00 5551 or 130.000
    Cargo: food
    Wanted: passed to units
    Expires: 151800ZSEP26
    Recipients: AMBER
    EXERCISE

Nothing is guessed: a line that is none of these is reported, word for word. An e-mail proves
nothing of who sent it; what was read is a record for a person to look at, told to nobody.

Source: domain study of keepclear, 3 (forms by e-mail) and 5i; design 5 (mode first and last).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from keepclear.errors import InvalidInput, ModeMismatch
from keepclear.formats.movement_text import MovementsRead, Unread, movement_of
from keepclear.formats.reading import Reading
from keepclear.formats.times import dtg_or_iso
from keepclear.formats.typed import volume_text
from keepclear.model.humanitarian import Movement, RecordSource
from keepclear.model.operation import Mode

LABELS: Final[Mapping[str, str]] = {
    "reference": "Reference",
    "organisation": "Organisation",
    "by": "By",
    "route": "Route",
    "leg": "Leg",
    "marks": "Marks",
    "contact": "Contact",
    "cargo": "Cargo",
    "wanted": "Wanted",
    "expires": "Expires",
    "recipients": "Recipients",
}
"""Each field by its label; a leg may stand on several lines."""
HEADING: Final = "MOVEMENT"
MOST_CHARACTERS: Final = 100_000
MOST_LINES: Final = 1_000
_BY_LABEL: Final = {label.casefold(): name for name, label in LABELS.items()}


def read_movement_mail(text: str, reading: Reading) -> MovementsRead:
    """Read the text of an e-mail.

    Returns:
        One movement where everything needed is there and can be read, and each line that
        was not used; where it is not, no movement, and what is wrong.

    Raises:
        InvalidInput: the text is too long, or not framed by the mode word.
        ModeMismatch: it is of the other mode.
    """
    lines = _framed(text, reading)
    texts: dict[str, str] = {}
    legs: list[str] = []
    unread: list[Unread] = []
    for number, line in lines:
        label, colon, said = line.partition(":")
        name = _BY_LABEL.get(" ".join(label.split()).casefold()) if colon else None
        if line.strip() == HEADING:
            continue
        if name is None:
            unread.append(_not_read(number, line))
        elif name == "leg":
            legs.append(said.strip())
        elif name in texts:
            unread.append(_twice(number, line, LABELS[name]))
        else:
            texts[name] = said.strip()
    return _made(texts, tuple(legs), unread, text, reading)


def movement_mail(movement: Movement, mode: Mode) -> str:
    """A movement as text that `read_movement_mail` reads, the mode word first and last."""
    told = {
        "reference": movement.id,
        "organisation": movement.organisation,
        "by": movement.mode.value,
        "route": " ".join(movement.route.split()),
        "marks": " ".join(movement.marks.split()),
        "contact": movement.contact,
        "cargo": movement.cargo.value,
        "wanted": movement.wanted.value,
        "expires": dtg_or_iso(movement.expiry),
        "recipients": ", ".join(movement.recipients),
    }
    lines = [f"{LABELS[name]}: {said}" for name, said in told.items() if said]
    lines[4:4] = [f"{LABELS['leg']}: {volume_text(leg)}" for leg in movement.legs]
    return "\n".join((mode.value, HEADING, *lines, mode.value, ""))


def _framed(text: str, reading: Reading) -> list[tuple[int, str]]:
    if len(text) > MOST_CHARACTERS or text.count("\n") > MOST_LINES:
        raise InvalidInput("the text is too long for a movement", remedy="Send one movement each.")
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    words = {each.value for each in Mode}
    if len(lines) < 2 or lines[0][1].strip() not in words or lines[-1][1].strip() not in words:
        raise InvalidInput(
            "the text does not begin and end with EXERCISE or REAL",
            remedy="Take out what stands before and after the mode word; quote nothing.",
        )
    said = {lines[0][1].strip(), lines[-1][1].strip()}
    if len(said) > 1 or (reading.mode is not None and said != {reading.mode.value}):
        raise ModeMismatch(
            f"the text says {' and '.join(sorted(said))}, the node is {reading.mode}",
            remedy="EXERCISE and REAL never mix.",
        )
    return lines[1:-1]


def _made(
    texts: Mapping[str, str],
    legs: tuple[str, ...],
    unread: list[Unread],
    text: str,
    reading: Reading,
) -> MovementsRead:
    if any(each.text.startswith("said twice") for each in unread):
        return MovementsRead((), tuple(unread))
    try:
        movement = movement_of(
            texts, legs, reading=reading, source=RecordSource.MAIL, source_text=text
        )
    except InvalidInput as error:
        unread.append(Unread("the movement", error.message, error.remedy))
        return MovementsRead((), tuple(unread))
    return MovementsRead((movement,), tuple(unread))


def _not_read(number: int, line: str) -> Unread:
    known = ", ".join(LABELS.values())
    return Unread(f"line {number}", f"not read: {line.strip()[:200]}", f"Labels are: {known}.")


def _twice(number: int, line: str, label: str) -> Unread:
    remedy = f"Keep one line that begins with {label}."
    return Unread(f"line {number}", f"said twice: {line.strip()[:200]}", remedy)
