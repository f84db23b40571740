"""What is remembered of a line, declarations on it (M23), and acts of restoration (M24)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.documents.fields import Line, Moment, Name, Text, moment
from keepclear.formats.documents.part import Part
from keepclear.formats.times import iso_text
from keepclear.model.channel import channel_of
from keepclear.model.line_standing import LineStanding
from keepclear.model.line_state import LineAct, LineDeclaration, Scope
from keepclear.model.restoration import GapList, RestorationAct, Step

MOST_LISTED = 5_000
"""A longer gap list does not fit into an envelope."""
MOST_CHARACTERS = 1_000
"""So long any text of a declaration or a step may be."""
BREAK_OFF = "break off"
_STEP_WORDS: Mapping[Step, str] = {
    **{step: step.value for step in Step},
    Step.LIST: "gap list",
}
"""How the catalogue calls the steps of M24."""

_STANDING = msgspec.json.Decoder(LineStanding)


class LineDeclarationDocument(Part, frozen=True, kw_only=True):
    """What a party declares of a line, as somebody at its node says it."""

    act: Annotated[LineAct, Meta(description="What is declared.")]
    scope: Annotated[Scope, Meta(description="Of how much of the line.")] = Scope.ALL
    residue: Annotated[
        Text, Meta(description="What still works for safety, in your words.", max_length=280)
    ] = ""
    effective_at: Annotated[Moment | None, Meta(description="From when; null for at once.")] = None
    channel: Annotated[Line, Meta(description="The one channel it speaks of; empty: all.")] = ""
    reason: Annotated[Text, Meta(description="Why, in your words.", max_length=280)] = ""
    role: Annotated[Name, Meta(description="The role that declares.")] = "duty officer"
    second: Annotated[
        Line, Meta(description="Who else has read it: two people declare, each by a login.")
    ] = ""


class _Declared(Struct, frozen=True, kw_only=True):
    """The fields of M23."""

    act: LineAct
    scope: Scope
    residue: str = ""
    effective_at: datetime
    channel: str = ""
    reason: str = ""


class _Restored(Struct, frozen=True, kw_only=True):
    """The fields of M24."""

    kind: str
    restoration: str
    offers: tuple[str, ...] = ()
    gap: GapList | None = None
    digests: tuple[str, str] | None = None
    fingerprint: str = ""
    skew_s: float | None = None
    check_id: str = ""
    reason: str = ""
    role: str = ""


def standing_document(standing: LineStanding) -> dict[str, JsonValue]:
    """What is remembered of a line as plain values; sets in the order of their words."""
    return _plain(standing)


def stored_standing(body: bytes) -> LineStanding:
    """What `standing_document` wrote.

    Raises:
        InvalidInput: it is damaged.
    """
    try:
        return _STANDING.decode(body)
    except msgspec.MsgspecError as error:
        raise InvalidInput(f"what is remembered of the line cannot be read: {error}") from None


def declaration_fields(declaration: LineDeclaration) -> dict[str, JsonValue]:
    """A declaration as the fields of M23."""
    return {
        "act": declaration.act.value,
        "scope": declaration.scope.value,
        "residue": declaration.residue or "FLASH and IMMEDIATE are still taken",
        "effective_at": iso_text(declaration.effective_at),
        **({"channel": declaration.channel} if declaration.channel else {}),
        **({"reason": declaration.reason} if declaration.reason else {}),
    }


def declaration_of(
    fields: Mapping[str, Any], *, message_id: str, party: str, role: str, at: datetime
) -> LineDeclaration:
    """The declaration that the fields of an M23 make.

    Args:
        fields: as they came.
        message_id: of the message; the declaration's id on both sides.
        party: who declares.
        role: the role that released it.
        at: when it was said, by their clock.

    Raises:
        InvalidMessage: they make none; the message says which field.
    """
    told = _read(fields, _Declared, "M23")
    _require_short(told.residue, told.reason)
    if told.channel:
        channel_of(told.channel)
    if told.effective_at.tzinfo is None:
        raise InvalidMessage("effective_at: the time has no zone")
    return LineDeclaration(
        id=message_id,
        party=party,
        act=told.act,
        scope=told.scope,
        residue=told.residue,
        effective_at=told.effective_at,
        declared_at=at,
        channel=told.channel,
        reason=told.reason,
        role=role,
    )


def declared_by(
    document: LineDeclarationDocument, *, declaration_id: str, party: str, at: datetime
) -> LineDeclaration:
    """The declaration somebody at this node makes.

    Raises:
        InvalidInput: the channel is none, or the time cannot be read.
    """
    if document.channel:
        channel_of(document.channel)
    return LineDeclaration(
        id=declaration_id,
        party=party,
        act=document.act,
        scope=document.scope,
        residue=document.residue,
        effective_at=at if document.effective_at is None else moment(document.effective_at),
        declared_at=at,
        channel=document.channel,
        reason=document.reason,
        role=document.role,
    )


def act_fields(act: RestorationAct, clock: datetime) -> dict[str, JsonValue]:
    """An act of restoration as the fields of M24."""
    return {
        "kind": BREAK_OFF if act.step is None else _STEP_WORDS[act.step],
        "restoration": act.restoration,
        "offers": list[JsonValue](sorted(act.offers)),
        "clock": iso_text(clock),
        "gap": None if act.gap is None else gap_document(act.gap),
        "digests": None if act.digests is None else list(act.digests),
        "fingerprint": act.fingerprint,
        "skew_s": act.skew_s,
        "check_id": act.check,
        "reason": act.reason,
        "role": act.role,
    }


def act_of(fields: Mapping[str, Any]) -> RestorationAct:
    """The act that the fields of an M24 make.

    Raises:
        InvalidMessage: they make none, or a list that is too long.
    """
    told = _read(fields, _Restored, "M24")
    _require_short(told.reason, told.role, told.fingerprint, told.check_id, *told.offers)
    steps = {word: step for step, word in _STEP_WORDS.items()}
    if told.kind not in steps and told.kind != BREAK_OFF:
        raise InvalidMessage(f"kind: {told.kind!r:.40} is no step of a restoration")
    step = steps.get(told.kind)
    if step is Step.LIST and told.gap is None:
        raise InvalidMessage("gap: a gap list holds a list")
    if told.gap is not None and _length(told.gap) > MOST_LISTED:
        raise InvalidMessage(f"gap: more than {MOST_LISTED:,} things are listed")
    if not told.restoration or len(told.offers) > 100:
        raise InvalidMessage("restoration: it names no restoration")
    return RestorationAct(
        step=step,
        restoration=told.restoration,
        offers=frozenset(told.offers),
        gap=told.gap,
        digests=told.digests,
        fingerprint=told.fingerprint,
        skew_s=told.skew_s,
        check=told.check_id,
        reason=told.reason,
        role=told.role,
    )


def gap_document(gap: GapList) -> dict[str, JsonValue]:
    """A gap list as plain values."""
    return _plain(gap)


def gap_digest(gap: GapList) -> str:
    """SHA-256 of a gap list in its one spelling, hex: both sides confirm the same lists by it."""
    return hashlib.sha256(canonical_bytes(gap_document(gap))).hexdigest()


def _length(gap: GapList) -> int:
    return sum(len(each) for each in (gap.messages, gap.things, gap.missed, gap.sent, gap.held))


def _require_short(*texts: str) -> None:
    if any(len(each) > MOST_CHARACTERS for each in texts):
        raise InvalidMessage(f"a text has more than {MOST_CHARACTERS:,} characters")


def _plain(noun: object) -> dict[str, JsonValue]:
    document: dict[str, JsonValue] = msgspec.to_builtins(noun, order="deterministic")
    return document


def _read(fields: Mapping[str, Any], kind: Any, code: str) -> Any:
    try:
        return msgspec.convert(dict(fields), kind)
    except (msgspec.ValidationError, InvalidInput) as error:
        raise InvalidMessage(f"the fields of {code} cannot be used: {error}") from None
