"""Readouts as JSON documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Uuid
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import (
    CharacterisationPart,
    MaybeMoment,
    MaybeUuid,
    Number,
    RecordDocument,
    RoleName,
    Said,
    Short,
    TalkPart,
    WholeText,
    Words,
    maybe_moment,
)
from keepclear.model.readout import (
    AboutKind,
    Mark,
    Pairing,
    Readout,
    ReadoutKind,
    ReadoutPoint,
    Stance,
    Wording,
)


class ReadoutPointPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """One point of an account."""

    number: Annotated[Number, Meta(description="Counts from 1; pairings name it.")]
    topic: Annotated[Short, Meta(description="What it is about; equal topics are compared.")]
    stance: Annotated[Stance, Meta(description="What the account says became of it.")]
    text: Annotated[Said, Meta(description="The words.")]
    wording: Annotated[Wording, Meta(description="Quoted or not.")] = Wording.PARAPHRASE
    language: Annotated[Short, Meta(description="In which language.")] = ""
    translation: Annotated[Words, Meta(description="The same in our language.")] = ""

    def built(self) -> ReadoutPoint:
        """The point it stands for."""
        return ReadoutPoint(
            self.number,
            self.topic,
            self.stance,
            self.text,
            self.wording,
            self.language,
            self.translation,
        )


class PairingPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """What an officer says of a point here and one of another account."""

    point: Annotated[Number, Meta(description="The point here.")]
    readout: Annotated[Uuid, Meta(description="The other account.")]
    other: Annotated[Number, Meta(description="The point there.")]
    mark: Annotated[Mark, Meta(description="What the officer says of the two.")]
    role: Annotated[RoleName, Meta(description="On duty as what.")]

    def built(self) -> Pairing:
        """The pairing it stands for."""
        return Pairing(self.point, self.readout.lower(), self.other, self.mark, self.role)


class ReadoutDocument(RecordDocument, frozen=True, kw_only=True, gc=False):
    """One party's account of a call or a consultation."""

    party: Annotated[
        RoleName | UnsetType,
        Meta(description="Whose account it is; the node's own party by default."),
    ] = UNSET
    kind: Annotated[ReadoutKind, Meta(description="Where it comes from.")]
    about_kind: Annotated[AboutKind, Meta(description="Of a call or of a consultation.")]
    about: Annotated[MaybeUuid, Meta(description="Of which; empty: of none recorded here.")] = ""
    published_at: Annotated[MaybeMoment, Meta(description="When; null: not published.")] = None
    where: Annotated[Short, Meta(description="Where, by which office or source.")] = ""
    text: Annotated[WholeText, Meta(description="The whole text.")] = ""
    points: tuple[ReadoutPointPart, ...] = ()
    characterisations: tuple[CharacterisationPart, ...] = ()
    embargo_until: Annotated[MaybeMoment, Meta(description="Not to be published before.")] = None
    pairings: Annotated[
        tuple[PairingPart, ...], Meta(description="What our officers say of points.")
    ] = ()
    message: Annotated[
        MaybeUuid, Meta(description="The M22 it came in; the node says. Empty for none.")
    ] = ""


def readout_document(readout: Readout) -> dict[str, JsonValue]:
    """An account as plain values, every field written."""
    return plain_document(readout)


def readout_from(document: object, *, readout_id: str, party: str) -> Readout:
    """The account a document from outside makes.

    Args:
        document: bytes of JSON, or what a JSON reader made of them.
        readout_id: the id it was sent under.
        party: whose account it is where the document does not say.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(record: ReadoutDocument) -> Readout:
        return _readout(record, agreed_id(record.id, readout_id, is_uuid=True), party)

    return read_document(document, ReadoutDocument, build)


def stored_readout(body: Mapping[str, Any] | bytes) -> Readout:
    """The account that `readout_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """

    def build(record: ReadoutDocument) -> Readout:
        return _readout(record, first_stated("id", record.id), None)

    return read_stored(body, ReadoutDocument, build)


def _readout(record: ReadoutDocument, own_id: str, party: str | None) -> Readout:
    return Readout(
        id=own_id,
        line=record.line,
        party=first_stated("party", record.party, party),
        kind=record.kind,
        about_kind=record.about_kind,
        about=record.about.lower(),
        published_at=maybe_moment(record.published_at),
        where=record.where,
        text=record.text,
        points=tuple(each.built() for each in record.points),
        characterisations=tuple(each.built() for each in record.characterisations),
        embargo_until=maybe_moment(record.embargo_until),
        pairings=tuple(each.built() for each in record.pairings),
        message=record.message.lower(),
    )
