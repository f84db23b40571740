"""Releases as JSON documents: how much one party may learn of one operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import Moment, Name, moment
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.talks import MaybeMoment, RoleName, Short, maybe_moment
from keepclear.formats.times import iso_text
from keepclear.model.operation import DisclosureLevel
from keepclear.model.release import Release

LEVELS = tuple(level.name for level in DisclosureLevel)


class ReleaseDocument(Part, frozen=True, kw_only=True):
    """A release as it is kept and told."""

    operation: Annotated[str, Meta(description="The operation's UUID.")]
    party: Annotated[Name, Meta(description="To whom.")]
    level: Annotated[str, Meta(description="How much: L0 to L4.")]
    released_by: Annotated[RoleName, Meta(description="On duty as what; never a name.")]
    actor: Annotated[Short, Meta(description="How they call themselves.")] = ""
    at: Annotated[Moment, Meta(description="When.")]
    until: Annotated[MaybeMoment, Meta(description="Until when; null: while it lives.")] = None
    reason: Annotated[Short, Meta(description="In their words.")] = ""
    ended_at: Annotated[MaybeMoment, Meta(description="When it ended; null: it stands.")] = None
    ended_by: Annotated[Short, Meta(description="The role that withdrew it.")] = ""


def level_of(word: str) -> DisclosureLevel:
    """The level of its name.

    Raises:
        InvalidInput: there is none of that name.
    """
    if word not in DisclosureLevel.__members__:
        raise InvalidInput(f"{word!r:.20} is no level", remedy=f"Say one of {', '.join(LEVELS)}.")
    return DisclosureLevel[word]


def release_document(release: Release) -> dict[str, JsonValue]:
    """A release as plain values, every field written."""
    return {
        "operation": release.operation,
        "party": release.party,
        "level": release.level.name,
        "released_by": release.released_by,
        "actor": release.actor,
        "at": iso_text(release.at),
        "until": None if release.until is None else iso_text(release.until),
        "reason": release.reason,
        "ended_at": None if release.ended_at is None else iso_text(release.ended_at),
        "ended_by": release.ended_by,
    }


def stored_release(body: Mapping[str, Any] | bytes) -> Release:
    """The release that `release_document` wrote.

    Raises:
        InvalidInput: the document is damaged.
    """
    try:
        value = msgspec.json.decode(body) if isinstance(body, bytes) else body
        told = msgspec.convert(value, ReleaseDocument)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the release cannot be read: {error}") from None
    return Release(
        operation=told.operation,
        party=told.party,
        level=level_of(told.level),
        released_by=told.released_by,
        actor=told.actor,
        at=moment(told.at),
        until=maybe_moment(told.until),
        reason=told.reason,
        ended_at=maybe_moment(told.ended_at),
        ended_by=told.ended_by,
    )
