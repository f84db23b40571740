"""A message as the API tells it: the document, its life, and what may be done with it next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Raw

from keepclear.api.answer_record import Time, Told
from keepclear.api.people.catalogue import FieldRecord
from keepclear.api.people.drafts import ProblemRecord
from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.checking import Problem
from keepclear.contact.catalogue.forms import field_item
from keepclear.contact.catalogue.kinds import Field, FieldKind
from keepclear.contact.catalogue.next_acts import NextAct, next_acts
from keepclear.contact.catalogue.printing import field_text, printed, spoken
from keepclear.contact.catalogue.values import position_of
from keepclear.contact.life.step import LEVELS
from keepclear.contact.readback import fields_read_back, position_phrase
from keepclear.disclose.speaking import TellingCaution
from keepclear.errors import InvalidInput
from keepclear.formats.documents.message import MessageDocument
from keepclear.formats.times import iso_text
from keepclear.model.message import Message
from keepclear.model.message_life import (
    AnswerWord,
    ClockKind,
    Life,
    MessageSide,
    State,
    Transition,
    Units,
)
from keepclear.ports.world import Gazetteer
from keepclear.services.line.messaging import Held
from keepclear.services.line.messaging_held import step_document

_SHOWN = frozenset(ClockKind) - {ClockKind.ESCALATE, ClockKind.ALTERNATE, ClockKind.TOP_LEVEL}


class ClockRecord(Told, frozen=True, kw_only=True):
    """A clock of a message."""

    kind: ClockKind
    due: Time
    remaining_s: Annotated[float, Meta(description="Below 0 once it ran out")]
    overdue: bool


class StepRecord(Told, frozen=True, kw_only=True):
    """One line of a message's history."""

    at: Annotated[Time, Meta(description="By this node's clock")]
    act: str
    state: Annotated[State, Meta(description="The state after it")]
    id: Annotated[str, Meta(description="Of the act; empty for what a clock did")]
    role: str
    actor: str
    reason: str
    their_at: Annotated[Time | None, Meta(description="By the other side's clock")]
    late: bool
    due: Annotated[Time | None, Meta(description="Of a clock: when it ran out; null otherwise")]


class LifeRecord(Told, frozen=True, kw_only=True):
    """Where a message is in its life, on this side."""

    state: State
    side: MessageSide
    is_open: bool
    level: Annotated[int, Meta(description="0 watch, 1 senior watch, 2 top level")]
    told: Annotated[str, Meta(description="That level in words")]
    channel: Annotated[str, Meta(description="By which means to try now")]
    channels: tuple[str, ...]
    units: Units
    late: Annotated[bool, Meta(description="Something came when it was over; it was kept")]
    undelivered: bool
    disputes: Annotated[int, Meta(description="How often a readback differed")]
    needs_readback: bool
    needs_answer: bool
    asks_units: bool
    acknowledged_by: Annotated[str, Meta(description="A role; empty while nobody has it")]
    answer: AnswerWord | None
    considered_until: Time | None
    superseded_by: str | None
    is_silenced: bool
    doubts: Annotated[tuple[str, ...], Meta(description="What whoever reads it must know")]
    clocks: tuple[ClockRecord, ...]
    history: tuple[StepRecord, ...]


class NextActRecord(Told, frozen=True, kw_only=True):
    """Something that may be done now."""

    kind: str
    label: str
    fields: tuple[FieldRecord, ...]
    codes: Annotated[tuple[str, ...], Meta(description="Messages that do it instead; else none")]


class ReadbackFieldRecord(Told, frozen=True, kw_only=True):
    """A field that is read back."""

    field: FieldRecord
    text: Annotated[str, Meta(description="As it was sent, for reading")]
    spoken: Annotated[str, Meta(description="As it is said, digit by digit")]
    place: Annotated[str, Meta(description="Where a position lies, from a place people know")]


class TellingCautionRecord(Told, frozen=True, kw_only=True):
    """Something a draft tells beyond the level of an operation of ours."""

    id: Annotated[str, Meta(description="Confirm it by this; other words have another")]
    place: Annotated[str, Meta(description="As `fields.window`")]
    text: Annotated[str, Meta(description="What the other side would learn")]
    remedy: str
    instead: Annotated[
        Any, Meta(description="The part's value as the level allows it; null: find the words")
    ]


class MessageRecord(Told, frozen=True, kw_only=True):
    """A message as this side holds it."""

    id: str
    name: Annotated[str, Meta(description="Of its type, in words")]
    version: Annotated[int, Meta(description="One more at every step of its life")]
    outgoing: bool
    epoch: int | None
    serial: int | None
    at: Annotated[Time, Meta(description="When it last changed")]
    entry: Annotated[int | None, Meta(description="Ledger entry of the last step; null: draft")]
    document: MessageDocument
    life: LifeRecord
    acts: Annotated[tuple[NextActRecord, ...], Meta(description="What may be done now")]
    can_supersede: Annotated[bool, Meta(description="Whether a new version may take its place")]
    readback: tuple[ReadbackFieldRecord, ...]
    printed: Annotated[tuple[str, ...], Meta(description="Line by line, as it is read aloud")]
    problems: Annotated[
        tuple[ProblemRecord, ...], Meta(description="What stands against releasing a draft")
    ]
    cautions: Annotated[
        tuple[TellingCautionRecord, ...],
        Meta(description="What a draft tells beyond a level; each is confirmed or rewritten"),
    ]


def message_record(
    held: Held,
    now: datetime,
    *,
    roles: tuple[str, ...],
    gazetteer: Gazetteer,
    problems: tuple[Problem, ...] = (),
    cautions: tuple[TellingCaution, ...] = (),
) -> dict[str, object]:
    """A message as a record.

    Args:
        held: the message with its life.
        now: the present moment, for its clocks.
        roles: those that may act at this node.
        gazetteer: says where positions lie.
        problems: what stands against a draft.
        cautions: what a draft tells beyond a level.
    """
    stored, message, life = held
    known = message.code in CATALOGUE
    return {
        "id": stored.id,
        "name": CATALOGUE[message.code].name if known else "unknown to this node",
        "version": stored.version,
        "outgoing": stored.outgoing,
        "epoch": stored.epoch,
        "serial": stored.serial,
        "at": iso_text(stored.at),
        "entry": stored.entry,
        "document": Raw(stored.content),
        "life": _life(life, now),
        "acts": [_act(each) for each in next_acts(message, life, roles)] if known else [],
        "can_supersede": stored.outgoing and stored.entry is not None and life.is_open,
        "readback": _readback(message, gazetteer) if known else [],
        "printed": list(printed(message)) if known else [],
        "problems": [
            {"place": each.place, "text": f"{each.text}. {each.remedy}"} for each in problems
        ],
        "cautions": [_caution(each) for each in cautions],
    }


def _caution(caution: TellingCaution) -> dict[str, object]:
    return {
        "id": caution.id,
        "place": caution.place,
        "text": caution.text,
        "remedy": caution.remedy,
        "instead": caution.instead,
    }


def _life(life: Life, now: datetime) -> dict[str, object]:
    terms = life.terms
    return {
        "state": life.state.value,
        "side": life.side.value,
        "is_open": life.is_open,
        "level": life.level,
        "told": LEVELS[life.level],
        "channel": terms.channels[life.channel],
        "channels": list(terms.channels),
        "units": life.units.value,
        "late": life.is_late,
        "undelivered": life.undelivered,
        "disputes": life.mismatches,
        "needs_readback": terms.needs_readback,
        "needs_answer": terms.needs_answer,
        "asks_units": terms.asks_units,
        "acknowledged_by": life.acknowledged_by,
        "answer": life.answer,
        "considered_until": _text(life.considered_until),
        "superseded_by": life.superseded_by or None,
        "is_silenced": life.silenced_level >= life.level,
        "doubts": list(life.doubts),
        "clocks": _clocks(life, now),
        "history": [step_document(each) for each in life.history],
    }


def _clocks(life: Life, now: datetime) -> list[dict[str, object]]:
    """Those that run, and those that ran out for what is still awaited."""
    ran_out = [(kind, _ran_out_at(kind, life.history)) for kind in life.overdue if kind in _SHOWN]
    found = [(kind, at) for kind, at in ran_out if at is not None]
    found += [(each.kind, each.due) for each in life.deadlines if each.kind in _SHOWN]
    return [
        {
            "kind": kind.value,
            "due": iso_text(due),
            "remaining_s": (due - now).total_seconds(),
            "overdue": due <= now,
        }
        for kind, due in found
    ]


def _ran_out_at(kind: ClockKind, history: tuple[Transition, ...]) -> datetime | None:
    found = (each for each in reversed(history) if each.act == f"clock: {kind}")
    return next((each.due or each.at for each in found), None)


def _act(act: NextAct) -> dict[str, object]:
    return {
        "kind": act.kind,
        "label": act.label,
        "fields": [field_item(field) for field in act.fields],
        "codes": list(act.codes),
    }


def _readback(message: Message, gazetteer: Gazetteer) -> list[dict[str, object]]:
    found = fields_read_back(message.code, message.fields)
    return [_read_back(field, message.fields, gazetteer) for field in found]


def _read_back(field: Field, fields: Mapping[str, Any], gazetteer: Gazetteer) -> dict[str, object]:
    text = field_text(field, fields[field.key])
    return {
        "field": field_item(field),
        "text": text,
        "spoken": spoken(text),
        "place": _place(field, fields[field.key], gazetteer),
    }


def _place(field: Field, stored: object, gazetteer: Gazetteer) -> str:
    if field.kind is not FieldKind.POSITION:
        return ""
    try:
        position = position_of(stored)
    except InvalidInput:
        return ""
    return position_phrase(position, gazetteer.nearest(position))


def _text(at: datetime | None) -> str | None:
    return None if at is None else iso_text(at)
