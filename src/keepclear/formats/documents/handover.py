"""Handovers of the watch as JSON documents: the sheet, and who signed for it."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, moment
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.strict import read_stored
from keepclear.model.handover import Handover, HandoverState, Override, Signature, WatchSide


class SignaturePart(Part, frozen=True, kw_only=True):
    """One officer's word for what the sheet says."""

    side: WatchSide
    role: Annotated[str, Meta(description="As what they are on duty")]
    name: Annotated[str, Meta(description="The account's, or how they call themselves")]
    by_password: Annotated[bool, Meta(description="They confirmed with their own password")]
    at: Moment
    actor: Annotated[str, Meta(description="In whose session it was done")]

    def built(self) -> Signature:
        """The signature it stands for."""
        return Signature(
            self.side, self.role, self.name, self.by_password, moment(self.at), self.actor
        )


class OverridePart(Part, frozen=True, kw_only=True):
    """Why the watch changed without both signatures."""

    reason: str
    role: str
    actor: Annotated[str, Meta(description="Who said so")]
    at: Moment

    def built(self) -> Override:
        """The override it stands for."""
        return Override(self.reason, self.role, self.actor, moment(self.at))


class HandoverDocument(Part, frozen=True, kw_only=True):
    """A watch given from one officer to the next."""

    id: str
    party: str
    prepared_at: Moment
    prepared_by: str
    watch_version: Annotated[int, Meta(description="The version of the watch given up")]
    shift: Annotated[dict[str, Any], Meta(description="The next watch, without `since`")]
    sheet: dict[str, Any]
    digest: Annotated[str, Meta(description="SHA-256 of the sheet's canonical JSON, hex")]
    signatures: tuple[SignaturePart, ...]
    override: OverridePart | None
    state: HandoverState


def handover_document(handover: Handover) -> dict[str, JsonValue]:
    """A handover as plain values, every field written."""
    return plain_document(handover)


def stored_handover(body: bytes) -> Handover:
    """The handover that `handover_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, HandoverDocument, _handover)


def _handover(record: HandoverDocument) -> Handover:
    return Handover(
        id=record.id,
        party=record.party,
        prepared_at=moment(record.prepared_at),
        prepared_by=record.prepared_by,
        watch_version=record.watch_version,
        shift=record.shift,
        sheet=record.sheet,
        digest=record.digest,
        signatures=tuple(each.built() for each in record.signatures),
        override=None if record.override is None else record.override.built(),
        state=record.state,
    )
