"""What a type of message is, as data: its fields, proofs and rights drive everything else.

Source: domain study of keepclear, 5f (catalogue) and 5d (release, second person).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict, Unpack

from keepclear.model.message import Role
from keepclear.model.operation import Precedence


class FieldKind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    CHOICE = "choice"
    COUNT_BAND = "count band"
    POSITION = "position"
    BAND = "altitude band"
    WINDOW = "window"
    MOMENT = "moment"
    VOLUMES = "volumes"
    OPERATION = "operation"
    MESSAGE = "message"
    DURATION = "duration"
    """In seconds."""
    DISTANCE = "distance"
    """In metres."""
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXTS = "texts"
    FINGERPRINTS = "fingerprints"
    VALUES = "values"
    """Values of other fields by their keys: what was heard, what differs."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message type.

    Attributes:
        key: its name in documents.
        label: its name on forms and in print.
        kind: what it holds.
        explanation: what to write, for whoever fills it in.
        mandatory: whether the message says nothing without it.
        read_back: whether the receiver says it back.
        choices: the words it may hold, where it holds one of some.
        most: the most characters of a text, or the most items of a list.
        future: whether its time must lie ahead when the message is released.
    """

    key: str
    label: str
    kind: FieldKind
    explanation: str
    mandatory: bool = False
    read_back: bool = False
    choices: tuple[str, ...] = ()
    most: int = 280
    future: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """Whether a message asks for an answer, and what answers it.

    Attributes:
        codes: the message types that answer it; empty where the act `answer` does.
        key: the field that decides whether it asks at all; empty where it always does.
        words: it asks where that field holds one of these.
        by: the field that may name the moment by which it asks to be answered.
    """

    codes: tuple[str, ...] = ()
    key: str = ""
    words: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True)
class MessageType:
    """One type of the catalogue.

    Attributes:
        code: "M01" to "M28".
        name: in words.
        purpose: what it is for, in one sentence.
        fields: its own fields, in the order of the form.
        precedence: what it has unless the writer chooses another.
        readback: whether its fields are read back.
        answer: how it is answered; None where it asks for none.
        units: whether the receiver's units must be told.
        roles: which roles may release it; empty for any role on watch.
        second_person: whether two people release it, unless it goes as FLASH.
        validity: whether it must say from when to when it holds.
        begins: the field from which the start of what it speaks of is taken.
        written_by_hand: False where a service writes it: checks, acts on messages.
    """

    code: str
    name: str
    purpose: str
    fields: tuple[Field, ...]
    precedence: Precedence
    readback: bool = False
    answer: AnswerRule | None = None
    units: bool = False
    roles: frozenset[Role] = frozenset()
    second_person: bool = False
    validity: bool = False
    begins: str = ""
    written_by_hand: bool = True

    def field(self, key: str) -> Field | None:
        """The field of that key; None where the type has none."""
        return next((each for each in self.fields if each.key == key), None)


DUTY = frozenset({Role.DUTY_OFFICER, Role.SENIOR_WATCH, Role.TOP_LEVEL})
"""Those who hold the watch."""
PLANNING = DUTY | {Role.PLANNER}
TALKS = DUTY | {Role.LIAISON}
MOVEMENTS = DUTY | {Role.MOVEMENT_OFFICER}

COUNT_BANDS = ("none", "1", "2-4", "5-9", "10-19", "20-49", "50 or more", "unknown")
"""Numbers are told in bands: enough for safety, no order of battle."""


class FieldMarks(TypedDict, total=False):
    """What a field may be, besides what it holds."""

    mandatory: bool
    read_back: bool
    future: bool


def text(
    key: str, label: str, explanation: str, *, most: int = 280, **marks: Unpack[FieldMarks]
) -> Field:
    """A field of free text."""
    return Field(key, label, FieldKind.TEXT, explanation, most=most, **marks)


def texts(
    key: str, label: str, explanation: str, *, most: int = 50, **marks: Unpack[FieldMarks]
) -> Field:
    """A field of several short texts."""
    return Field(key, label, FieldKind.TEXTS, explanation, most=most, **marks)


def choice(
    key: str, label: str, explanation: str, *words: str, **marks: Unpack[FieldMarks]
) -> Field:
    """A field that holds one of some words."""
    return Field(key, label, FieldKind.CHOICE, explanation, choices=words, **marks)


def count(key: str, label: str, explanation: str, **marks: Unpack[FieldMarks]) -> Field:
    """A field that says how many, in a band."""
    return Field(key, label, FieldKind.COUNT_BAND, explanation, choices=COUNT_BANDS, **marks)


def value(
    key: str, label: str, kind: FieldKind, explanation: str, **marks: Unpack[FieldMarks]
) -> Field:
    """A field of any other kind."""
    return Field(key, label, kind, explanation, **marks)
