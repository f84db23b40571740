"""What documents of humanitarian movements and sites share: assurances, releases, warnings."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import Moment, Names, Uuid, Whole, moment
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.talks import (
    MaybeMoment,
    MaybeUuid,
    RoleName,
    Said,
    Short,
    TalkPart,
    maybe_moment,
)
from keepclear.model.humanitarian import (
    Assurance,
    AssuranceWord,
    HazardWarning,
    RecordSource,
    Released,
)
from keepclear.model.unit import MeansKind

MaybeMeans: TypeAlias = MeansKind | None


class AssurancePart(TalkPart, frozen=True, kw_only=True, gc=False):
    """What another side said, in its own words."""

    id: Annotated[Uuid, Meta(description="A UUID drawn by whoever writes it down.")]
    party: Annotated[RoleName, Meta(description="Who said it.")]
    word: Annotated[AssuranceWord, Meta(description="Given, withheld or none.")]
    words: Annotated[Said, Meta(description="As said.")]
    role: Annotated[RoleName, Meta(description="On duty as what; never a person.")]
    said_at: Annotated[Moment, Meta(description="When.")]
    start: Annotated[MaybeMoment, Meta(description="From when; null: not said.")] = None
    end: Annotated[MaybeMoment, Meta(description="Until when; null: not said.")] = None
    means: Annotated[MaybeMeans, Meta(description="By which it reached us; null: not said.")] = None

    def built(self) -> Assurance:
        """The assurance it stands for."""
        return Assurance(
            id=self.id.lower(),
            party=self.party,
            word=self.word,
            words=self.words,
            role=self.role,
            said_at=moment(self.said_at),
            start=maybe_moment(self.start),
            end=maybe_moment(self.end),
            means=self.means,
        )


class ReleasedPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """That one recipient was told."""

    line: RoleName
    party: RoleName
    message: Uuid
    at: Moment
    role: Short
    actor: Short
    second: Short
    version: Whole

    def built(self) -> Released:
        """The release it stands for."""
        return Released(
            self.line,
            self.party,
            self.message,
            moment(self.at),
            self.role,
            self.actor,
            self.second,
            self.version,
        )


class NoticeDocument(TalkPart, frozen=True, kw_only=True, gc=False):
    """What movements and sites have in common."""

    id: Annotated[
        Uuid | UnsetType, Meta(description="A UUID; from outside it must be the one of the path.")
    ] = UNSET
    version: Annotated[
        Whole | UnsetType,
        Meta(description="1, and one more at every change; the node counts."),
    ] = UNSET
    party: Annotated[RoleName | UnsetType, Meta(description="Who notifies it; the node says.")] = (
        UNSET
    )
    expiry: Annotated[Moment, Meta(description="When the entry ends unless it is said again.")]
    confirm_by: Annotated[
        MaybeMoment, Meta(description="When somebody must look again; null: at the expiry.")
    ] = None
    recipients: Annotated[
        Names, Meta(description="Parties that may be told, by name; nobody else ever is.")
    ] = ()
    assurances: Annotated[
        tuple[AssurancePart, ...], Meta(description="What others said; only added to.")
    ] = ()
    releases: Annotated[
        tuple[ReleasedPart, ...], Meta(description="Who was told; the node says.")
    ] = ()
    message: Annotated[MaybeUuid, Meta(description="What it came in; the node says.")] = ""
    source: Annotated[RecordSource, Meta(description="How it came.")] = RecordSource.FORM


def warning_document(warning: HazardWarning) -> dict[str, JsonValue]:
    """A hazard warning as plain values."""
    return plain_document(warning)


def stored_warning(body: bytes) -> HazardWarning:
    """The warning that `warning_document` wrote.

    Raises:
        InvalidInput: it is damaged.
    """
    try:
        return msgspec.json.decode(body, type=HazardWarning)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"a stored warning cannot be read: {error}",
            remedy="Run `keepclear doctor`; the ledger holds every step of it.",
        ) from None
