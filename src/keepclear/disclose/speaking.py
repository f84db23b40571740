"""What a message about a conflict tells of the sender's operations beyond their levels.

A conflict advisory and its answer (M07, M08) name operations, times, an overlap, and suggest
changes in people's words. Each is held against the level at which the other side may learn of
the operation it speaks of: nothing at L0, the conflict in whole steps of time at L1, at L2 also
the padded overlap, everything from L3 on. What goes beyond is no mistake of form: whoever
releases the message confirms it, or writes it coarser.

Source: domain study of keepclear, 5e (levels) and 5f (M07, M08); design, section 5 (suggestions
against L1 or L2 data are quantised to the grid).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.disclose.lattice import Lattice
from keepclear.disclose.overlapping import boxed, is_boxed
from keepclear.errors import InvalidInput
from keepclear.formats.documents.shapes import (
    VolumeDocument,
    volume_document,
    window_document,
    window_from,
)
from keepclear.formats.documents.strict import read_document
from keepclear.formats.figures import Figure, Measure, Reading, figures_in
from keepclear.formats.quantities import LONGEST_S
from keepclear.model.message import Message
from keepclear.model.operation import DisclosureLevel

SPEAKING: Final = ("M07", "M08")
"""Messages that speak of a conflict in people's words."""
_TEXTS: Final = ("own_change", "asked_change", "words", "conflict", "rule")


@dataclass(frozen=True, slots=True)
class Spoken:
    """An operation that a message speaks of, as far as its level goes.

    Attributes:
        designator: its name at home.
        party: whose it is.
        level: at which the other side may learn of it.
        is_named_by_them: the other side called it by its name first.
    """

    designator: str
    party: str
    level: DisclosureLevel
    is_named_by_them: bool = False

    @property
    def may_be_named(self) -> bool:
        """Whether its name tells nothing that is not known or released."""
        return self.is_named_by_them or self.level >= DisclosureLevel.L3


@dataclass(frozen=True, slots=True)
class TellingCaution:
    """One thing that a message tells beyond a level.

    Attributes:
        place: which part, as `fields.window`.
        text: what it tells.
        remedy: what to write instead.
        instead: the part's value as the level allows it; None where people must find the words.
    """

    place: str
    text: str
    remedy: str
    instead: JsonValue = None

    @property
    def id(self) -> str:
        """Names this caution of this wording; another wording has to be confirmed anew."""
        told = canonical_bytes([self.place, self.text])
        return hashlib.sha256(told).hexdigest()[:12]


def telling_cautions(
    message: Message, own: Spoken, named: Sequence[Spoken], lattice: Lattice
) -> tuple[TellingCaution, ...]:
    """Everything that a message tells beyond the level of the operations it speaks of.

    Args:
        message: of ours, with its fields in their one spelling.
        own: the operation of ours that it is about.
        named: other operations that its fields or words name, none of the other side.
        lattice: what is told below L3 is drawn on.
    """
    if message.code not in SPEAKING:
        return ()
    found = [*_names(message, own, named)]
    least = min([own.level, *(each.level for each in named if not each.may_be_named)])
    if own.level < DisclosureLevel.L3:
        found += _structured(message.fields, own, lattice)
    if least < DisclosureLevel.L3:
        found += _figures(message, least, lattice)
    return tuple(found)


def _names(message: Message, own: Spoken, named: Sequence[Spoken]) -> Iterator[TellingCaution]:
    field = message.fields.get("operation")
    if isinstance(field, Mapping) and not own.may_be_named:
        plain = f"op-{str(field.get('id'))[:8]}"
        if str(field.get("designator")) == own.designator != plain:
            yield _named("fields.operation", own, {**field, "designator": plain})
    other = message.fields.get("other")
    for each in (own, *named):
        if each.may_be_named:
            continue
        if isinstance(other, Mapping) and other.get("designator") == each.designator:
            yield _named("fields.other", each)
        for place, text in _texts_of(message):
            if holds_name(text, each.designator):
                yield _named(place, each)


def _named(place: str, spoken: Spoken, instead: JsonValue = None) -> TellingCaution:
    return TellingCaution(
        place,
        f"it names {spoken.designator} of {spoken.party}, which they may learn of at "
        f"{spoken.level.name}: names are told from L3 on",
        "Leave the name out, or release the operation at L3 first.",
        instead,
    )


def holds_name(text: str, designator: str) -> bool:
    """Whether a text holds a designator as a word of its own, capitals or not."""
    said, name = text.casefold(), designator.casefold()
    at = said.find(name) if name else -1
    while at >= 0:
        before, after = said[at - 1 : at], said[at + len(name) : at + len(name) + 1]
        if not before.isalnum() and not after.isalnum():
            return True
        at = said.find(name, at + 1)
    return False


def _structured(
    fields: Mapping[str, Any], own: Spoken, lattice: Lattice
) -> Iterator[TellingCaution]:
    """The conflict at L0; its window, time left and overlap finer than the level."""
    if own.level is DisclosureLevel.L0 and "conflict" in fields:
        yield TellingCaution(
            "fields.conflict",
            f"it tells that {own.designator} is in a conflict; at L0 they learn of no conflict",
            "Release the operation at L1 first, or say it by voice to whoever may know.",
        )
    if (window := fields.get("window")) is not None:
        yield from _window(window, own, lattice)
    left_s = fields.get("time_to_overlap_s")
    is_read = isinstance(left_s, int | float) and 0 <= left_s <= LONGEST_S
    if left_s is not None and is_read and left_s % lattice.pitch_time_s:
        yield TellingCaution(
            "fields.time_to_overlap_s",
            f"the time left is finer than the grid that {own.level.name} is told on",
            f"Write whole steps of {lattice.pitch_time_s:g} s, rounded down.",
            left_s // lattice.pitch_time_s * lattice.pitch_time_s,
        )
    if (overlap := fields.get("overlap")) is not None:
        yield from _overlap(overlap, own, lattice)


def _window(told: Any, own: Spoken, lattice: Lattice) -> Iterator[TellingCaution]:
    try:
        window = window_from(told)
    except InvalidInput:
        return  # it stands against releasing the message anyway
    around = lattice.around(window)
    if window != around:
        yield TellingCaution(
            "fields.window",
            f"its times are finer than the grid that {own.level.name} is told on",
            f"Write the band around it, in whole steps of {lattice.pitch_time_s:g} s.",
            window_document(around),
        )


def _overlap(told: Any, own: Spoken, lattice: Lattice) -> Iterator[TellingCaution]:
    if own.level < DisclosureLevel.L2:
        yield TellingCaution(
            "fields.overlap",
            f"it tells where the overlap is; at {own.level.name} they learn only that there is one",
            "Leave the overlap out, or release the operation at L2 first.",
        )
        return
    try:
        volumes = [read_document(each, VolumeDocument, VolumeDocument.built) for each in told]
    except (InvalidInput, TypeError):
        return  # it stands against releasing the message anyway
    if not all(is_boxed(each, lattice) for each in volumes):
        boxes = dict.fromkeys(box for each in volumes for box in boxed(each, lattice))
        yield TellingCaution(
            "fields.overlap",
            "its edges are finer than the grid that L2 is told on",
            "Write the boxes between the grid's nodes that hold it.",
            [volume_document(box) for box in boxes],
        )


def _figures(
    message: Message, level: DisclosureLevel, lattice: Lattice
) -> Iterator[TellingCaution]:
    for place, text in _texts_of(message):
        if place.removeprefix("fields.") in {"conflict", "rule"}:
            continue  # identifiers of the agreement, the same on both sides
        for figure in figures_in(text):
            if any(_is_coarse(each, lattice) for each in figure.readings):
                continue
            yield _figure(place, figure, level, lattice)


def _figure(place: str, figure: Figure, level: DisclosureLevel, lattice: Lattice) -> TellingCaution:
    reading = figure.readings[-1]
    pitch = _pitch(reading.measure, lattice)
    text = f'"{figure.text}" is finer than the grid that {level.name} is told on'
    if reading.measure is Measure.PLACE:
        text = f'"{figure.text}" tells a place; at {level.name} no place is told in words'
    if reading.measure is Measure.UNKNOWN:
        text = f'"{figure.text}" has no unit that can be held against the grid of {level.name}'
    if pitch is None:
        return TellingCaution(place, text, "Leave it out, or give its unit in whole steps.")
    whole = max(1.0, -(-reading.value // pitch)) * pitch
    return TellingCaution(place, text, f'Write "{figure.written(whole)}".')


def _is_coarse(reading: Reading, lattice: Lattice) -> bool:
    pitch = _pitch(reading.measure, lattice)
    if pitch is None:
        return False
    return abs(reading.value - round(reading.value / pitch) * pitch) <= reading.slack + 1e-6


def _pitch(measure: Measure, lattice: Lattice) -> float | None:
    pitches = {
        Measure.LENGTH: lattice.pitch_m,
        Measure.HEIGHT: lattice.pitch_height_m,
        Measure.TIME: lattice.pitch_time_s,
    }
    return pitches.get(measure)


def _texts_of(message: Message) -> Iterator[tuple[str, str]]:
    """Every text of a message that people wrote, by its place."""
    for name in _TEXTS:
        text = message.fields.get(name)
        if isinstance(text, str):
            yield f"fields.{name}", text
    if message.remark:
        yield "remark", message.remark
    for language, text in message.renderings.items():
        yield f"renderings.{language}", text


def suggesting_texts(message: Message) -> tuple[str, ...]:
    """The texts in which a designator may stand."""
    return tuple(text for place, text in _texts_of(message) if place != "fields.conflict")
