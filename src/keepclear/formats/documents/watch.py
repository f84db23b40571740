"""Who is on watch, as a JSON document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import Moment, Whole, moment, require_some
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.stated import first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.documents.talks import (
    MaybeMoment,
    MaybeUuid,
    RoleName,
    Short,
    TalkPart,
    Words,
    maybe_moment,
)
from keepclear.model.watch import DutyRole, Watch


class DutyRolePart(TalkPart, frozen=True, kw_only=True, gc=False):
    """One role on duty."""

    role: Annotated[RoleName, Meta(description="Its name; never a person's.")]
    languages: tuple[RoleName, ...] = ()
    certified_linguist: Annotated[bool, Meta(description="Certified to interpret on the line.")] = (
        False
    )
    alternates: Annotated[
        tuple[RoleName, ...], Meta(description="Roles that stand in for it, the first first.")
    ] = ()

    def built(self) -> DutyRole:
        """The role it stands for."""
        return DutyRole(self.role, self.languages, self.certified_linguist, self.alternates)


class WatchDocument(TalkPart, frozen=True, kw_only=True, gc=False):
    """A shift: who is on duty, by role."""

    party: Annotated[
        RoleName | UnsetType, Meta(description="Whose watch; the node's own party by default.")
    ] = UNSET
    since: Annotated[Moment, Meta(description="From when.")]
    roles: Annotated[
        tuple[DutyRolePart, ...],
        Meta(
            description="On duty as what.",
            extra={"rule": require_some},
            extra_json_schema={"minItems": 1},
        ),
    ]
    room: Annotated[Short, Meta(description="Which operations room.")] = ""
    languages: Annotated[
        tuple[RoleName, ...], Meta(description="Spoken on the watch, beside those of its roles.")
    ] = ()
    alternates: Annotated[
        tuple[RoleName, ...], Meta(description="Roles that answer where those on duty do not.")
    ] = ()
    next_handover: Annotated[MaybeMoment, Meta(description="When the next shift comes.")] = None
    handed_over_by: Annotated[Short, Meta(description="The role that gave it up.")] = ""
    taken_over_by: Annotated[Short, Meta(description="The role that took it.")] = ""
    remark: Annotated[Words, Meta(description="What the next shift must know.")] = ""
    message: Annotated[MaybeUuid, Meta(description="The M02 it came in; the node says.")] = ""
    version: Annotated[
        Whole | UnsetType, Meta(description="1, and one more at every change; the node counts.")
    ] = UNSET


def watch_document(watch: Watch) -> dict[str, JsonValue]:
    """A watch as plain values, every field written."""
    return plain_document(watch)


def watch_from(document: object, *, party: str) -> Watch:
    """The watch a document from outside makes.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """
    return read_document(document, WatchDocument, lambda record: _watch(record, party))


def stored_watch(body: Mapping[str, Any] | bytes) -> Watch:
    """The watch that `watch_document` wrote.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """
    return read_stored(body, WatchDocument, lambda record: _watch(record, None))


def _watch(record: WatchDocument, party: str | None) -> Watch:
    return Watch(
        party=first_stated("party", record.party, party),
        since=moment(record.since),
        roles=tuple(each.built() for each in record.roles),
        room=record.room,
        languages=record.languages,
        alternates=record.alternates,
        next_handover=maybe_moment(record.next_handover),
        handed_over_by=record.handed_over_by,
        taken_over_by=record.taken_over_by,
        remark=record.remark,
        message=record.message.lower(),
    )
