"""The parts that records of talks share: actions, characterisations, and their sorts of field."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, ClassVar, TypeAlias

from msgspec import UNSET, Meta, UnsetType

from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import (
    Uuid,
    Whole,
    moment,
    require_count,
    require_line,
    require_moment,
    require_name,
    require_text,
    require_uuid,
)
from keepclear.formats.documents.part import Part
from keepclear.model.call import Action, Characterisation

MOST_WORDS = 4_000
"""The longest text of one field, in characters."""
MOST_WHOLE_TEXT = 40_000
"""The longest text of a whole statement."""
MOST_LINE = 200
"""The longest single line."""


def _require_length(text: str, most: int) -> None:
    if len(text) > most:
        raise InvalidInput(
            f"the text has {len(text):,} characters, of at most {most:,}",
            remedy="Shorten it, or divide it.",
        )


def require_words(text: str) -> None:
    """Refuse a text that is too long, or that no other program could be given.

    Raises:
        InvalidInput: it is; shorten it, or take the character out.
    """
    require_text(text)
    _require_length(text, MOST_WORDS)


def require_whole_text(text: str) -> None:
    """Refuse a whole statement that is too long, or that no other program could be given.

    Raises:
        InvalidInput: it is; shorten it, or take the character out.
    """
    require_text(text)
    _require_length(text, MOST_WHOLE_TEXT)


def require_said(text: str) -> None:
    """Refuse words that say nothing, and those `require_words` refuses.

    Raises:
        InvalidInput: they do; write what was said.
    """
    if not text.strip():
        raise InvalidInput("it is empty", remedy="Write what was said; it is never guessed.")
    require_words(text)


def require_short(text: str) -> None:
    """Refuse what is not one short line; it may be empty.

    Raises:
        InvalidInput: it is not; write it on one line.
    """
    require_line(text)
    _require_length(text, MOST_LINE)


def require_role(text: str) -> None:
    """Refuse what is not the name of a role on one short line.

    Raises:
        InvalidInput: it is not; name the duty role or the office, never the person.
    """
    require_name(text)
    _require_length(text, MOST_LINE)


def require_uuid_or_nothing(text: str) -> None:
    """Refuse what is neither empty nor a UUID.

    Raises:
        InvalidInput: it is; leave it empty, or give the id as lists show it.
    """
    if text:
        require_uuid(text)


Words: TypeAlias = Annotated[
    str, Meta(extra={"rule": require_words}, extra_json_schema={"maxLength": MOST_WORDS})
]
"""Text word for word; may be empty."""
WholeText: TypeAlias = Annotated[
    str, Meta(extra={"rule": require_whole_text}, extra_json_schema={"maxLength": MOST_WHOLE_TEXT})
]
"""A whole statement word for word; may be empty."""
Said: TypeAlias = Annotated[
    str,
    Meta(extra={"rule": require_said}, extra_json_schema={"minLength": 1, "maxLength": MOST_WORDS}),
]
"""Words as said; never empty."""
Short: TypeAlias = Annotated[
    str, Meta(extra={"rule": require_short}, extra_json_schema={"maxLength": MOST_LINE})
]
"""One short line; may be empty."""
RoleName: TypeAlias = Annotated[
    str,
    Meta(extra={"rule": require_role}, extra_json_schema={"minLength": 1, "maxLength": MOST_LINE}),
]
"""A duty role, an office or a party; never empty, never a person's name."""
MaybeUuid: TypeAlias = Annotated[str, Meta(extra={"rule": require_uuid_or_nothing})]
"""A UUID, or empty for none."""
MaybeMoment: TypeAlias = Annotated[
    str | None,
    Meta(extra={"rule": require_moment}, extra_json_schema={"format": "date-time"}),
]
"""ISO 8601 with a zone, or null for none."""
Number: TypeAlias = Annotated[
    int,
    Meta(
        extra={"rule": require_count},
        extra_json_schema={"minimum": 1, "maximum": 2**53 - 1},
    ),
]
"""Counts from 1."""


def maybe_moment(text: str | None) -> datetime | None:
    """The moment of a field that may be null."""
    return None if text is None else moment(text)


class TalkPart(Part, frozen=True, kw_only=True, gc=False):
    """A part of a record of talks."""

    refusal: ClassVar[type[InvalidInput]] = InvalidInput


class RecordDocument(TalkPart, frozen=True, kw_only=True, gc=False):
    """What every record kept on a line states of itself."""

    id: Annotated[
        Uuid | UnsetType, Meta(description="A UUID; from outside it must be the one of the path.")
    ] = UNSET
    line: Annotated[RoleName, Meta(description="The line, as lists name it.")]
    version: Annotated[
        Whole | UnsetType,
        Meta(description="1, and one more at every change; the node counts."),
    ] = UNSET


class ActionPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """Something a party will do."""

    number: Annotated[Number, Meta(description="Counts from 1 within the record.")]
    text: Annotated[Said, Meta(description="What will be done.")]
    party: Annotated[RoleName, Meta(description="Who owns it.")]
    role: Annotated[Short, Meta(description="In which role; never a person.")] = ""
    due_at: Annotated[MaybeMoment, Meta(description="By when; null where none was set.")] = None
    done_at: Annotated[MaybeMoment, Meta(description="When it was done; null until then.")] = None

    def built(self) -> Action:
        """The action it stands for."""
        return Action(
            number=self.number,
            text=self.text,
            party=self.party,
            role=self.role,
            due_at=maybe_moment(self.due_at),
            done_at=maybe_moment(self.done_at),
        )


class CharacterisationPart(TalkPart, frozen=True, kw_only=True, gc=False):
    """An adjective, with whose word it is."""

    party: Annotated[RoleName, Meta(description="Whose word it is.")]
    words: Annotated[Said, Meta(description="The word or words, as said.")]
    where: Annotated[Short, Meta(description="Said or published where.")] = ""

    def built(self) -> Characterisation:
        """The characterisation it stands for."""
        return Characterisation(self.party, self.words, self.where)
