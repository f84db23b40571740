"""What movements and sites have in common as the API tells them: flags, recipients, warnings."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.seconds import SecondBody
from keepclear.contact.humanitarian import Flag, FlagKind
from keepclear.formats.documents.life import stored_life
from keepclear.formats.times import iso_text
from keepclear.model.humanitarian import HazardWarning, Released
from keepclear.model.message_life import State, Units
from keepclear.model.unit import MeansKind
from keepclear.ports.store import View
from keepclear.services.humanitarian.waiting import is_due

RELEASING_ERRORS = (
    errors.InvalidMessage,
    errors.InvalidOperation,
    errors.NotFound,
    errors.NotOurs,
    errors.NotPermitted,
    errors.StateForbids,
    errors.VersionMismatch,
    errors.KeyFault,
    errors.StoreFull,
)


class FlagRecord(Told, frozen=True, kw_only=True):
    """Something to look at; nothing that bears a flag is dropped."""

    kind: FlagKind
    text: str
    other: Annotated[str, Meta(description="The other entry, of a duplicate")]


class RecipientRecord(Told, frozen=True, kw_only=True):
    """How far one recipient is: four proofs, none of them an approval."""

    line: str
    party: str
    message: str
    at: Time
    state: State | None
    acknowledged_by: Annotated[str, Meta(description="As what on duty; empty: not yet")]
    acknowledged_at: Time | None
    units: Annotated[Units, Meta(description="What they said of their units")]


class ReleaseBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """To whom a notice is told, and by whom."""

    line: Annotated[str, Meta(max_length=100, description="On which line")]
    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]
    second: Annotated[
        Annotated[str, Meta(max_length=100)] | SecondBody,
        Meta(description="Who has read it with you; where there are accounts, by password"),
    ]
    text: Annotated[str, Meta(max_length=500, description="In your words")] = ""
    version: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="Of the entry, as both have read it; null: whichever"),
    ] = None


class WarningStepRecord(Told, frozen=True, kw_only=True):
    """One try at passing a warning on."""

    id: str
    at: Time
    means: Annotated[MeansKind | None, Meta(description="null: over a line")]
    reached: bool
    role: str
    actor: str
    words: str
    message: Annotated[str, Meta(description="The M09 that carried it; empty for none")]


class WarningRecord(Told, frozen=True, kw_only=True):
    """A hazard warning to a movement."""

    id: str
    message: Annotated[str, Meta(description="The notice it is about")]
    line: str
    party: str
    organisation: str
    contact: Annotated[str, Meta(description="How the movement is reached")]
    at: Time
    why: str
    words: Annotated[str, Meta(description="What the movement is told")]
    is_due: Annotated[bool, Meta(description="It has still to reach the movement")]
    steps: tuple[WarningStepRecord, ...]


def flag_records(flags: tuple[Flag, ...]) -> tuple[FlagRecord, ...]:
    """Flags as they are told."""
    return tuple(FlagRecord(kind=each.kind, text=each.text, other=each.other) for each in flags)


def recipient_records(view: View, releases: tuple[Released, ...]) -> tuple[RecipientRecord, ...]:
    """How far each recipient is; the last message to each counts."""
    last = {each.line: each for each in releases}
    return tuple(_recipient(view, each) for each in last.values())


def warning_record(view: View, warning: HazardWarning) -> WarningRecord:
    """A warning as it is told."""
    return WarningRecord(
        id=warning.id,
        message=warning.message,
        line=warning.line,
        party=warning.party,
        organisation=warning.organisation,
        contact=warning.contact,
        at=iso_text(warning.at),
        why=warning.why,
        words=warning.words,
        is_due=is_due(view, warning),
        steps=tuple(
            WarningStepRecord(
                id=each.id,
                at=iso_text(each.at),
                means=each.means,
                reached=each.reached,
                role=each.role,
                actor=each.actor,
                words=each.words,
                message=each.message,
            )
            for each in warning.steps
        ),
    )


def _recipient(view: View, released: Released) -> RecipientRecord:
    stored = view.message(released.message)
    life = None if stored is None else stored_life(stored.life)
    known = None if life is None else life.acknowledged_at
    return RecipientRecord(
        line=released.line,
        party=released.party,
        message=released.message,
        at=iso_text(released.at),
        state=None if life is None else life.state,
        acknowledged_by="" if life is None else life.acknowledged_by,
        acknowledged_at=None if known is None else iso_text(known),
        units=Units.NONE if life is None else life.units,
    )
