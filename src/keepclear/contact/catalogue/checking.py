"""What stands against a message: field by field, each with what to write instead.

Source: domain study of keepclear, 5d (validate) and 5f (phrase discipline).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue import CATALOGUE, type_of
from keepclear.contact.catalogue.kinds import Field, MessageType
from keepclear.contact.catalogue.values import kept, read_value
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import require_line, require_text
from keepclear.formats.property_values import advice
from keepclear.formats.times import iso_text
from keepclear.model.message import Message
from keepclear.model.operation import Mode

LONGEST_REMARK: Final = 280
LONGEST_RENDERING: Final = 10_000
MOST_RENDERINGS: Final = 8
MOST_REFS: Final = 50
LONGEST_ROLE: Final = 40

_FORBIDDEN: Final = ("weapon", "target", "strike", "munition", "warhead")
"""Words no field is ever called by; a sender's try is refused with its reason (5g)."""


class Problem(NamedTuple):
    """One thing that stands against a message.

    Attributes:
        place: which part, as `fields.volumes`; empty for the whole.
        text: what is wrong.
        remedy: what to write instead.
    """

    place: str
    text: str
    remedy: str


def check_fields(code: str, fields: Mapping[str, Any], now: datetime) -> tuple[Problem, ...]:
    """Everything that stands against the fields of a message; empty where nothing does.

    Args:
        code: which type.
        fields: as they were written.
        now: the present moment; what must lie ahead lies behind it.
    """
    if code not in CATALOGUE:
        return (Problem("code", f"there is no message {code!r:.20}", advice(code, CATALOGUE)),)
    kind = CATALOGUE[code]
    unknown = [_unknown(kind, name) for name in fields if kind.field(name) is None]
    told = (_against(field, fields, now) for field in kind.fields)
    return (*unknown, *(problem for problem in told if problem is not None))


def canonical_fields(code: str, fields: Mapping[str, Any], now: datetime) -> dict[str, JsonValue]:
    """The fields in their one spelling; what cannot be read stays as it was written."""
    kind = type_of(code)
    found: dict[str, JsonValue] = {}
    for name, given in fields.items():
        field = kind.field(name)
        if given is not None:
            found[name] = given if field is None else kept(field, given, now)
    return found


def check_header(message: Message, mode: Mode, now: datetime) -> tuple[Problem, ...]:
    """Everything that stands against what is said around the fields."""
    kind = CATALOGUE.get(message.code)
    found = [
        *_text_problems(message),
        *_time_problems(message, kind, now),
    ]
    if message.mode is not mode:
        text = f"the message is {message.mode}, the node is {mode}"
        found.append(Problem("mode", text, "EXERCISE and REAL never mix."))
    if message.no_duff and mode is Mode.REAL:
        text = "NO DUFF marks a real emergency in an exercise, and this is none"
        found.append(Problem("no_duff", text, "Leave it out; what is REAL is real."))
    if len(message.refs) > MOST_REFS:
        text = f"{len(message.refs)} references are more than {MOST_REFS}"
        found.append(Problem("refs", text, "Name those that matter."))
    return tuple(found)


def _against(field: Field, fields: Mapping[str, Any], now: datetime) -> Problem | None:
    given = fields.get(field.key)
    place = f"fields.{field.key}"
    if given is None:
        missing = Problem(place, "missing", f"Write: {field.explanation}.")
        return missing if field.mandatory else None
    try:
        read_value(field, given, now)
    except InvalidInput as error:
        return Problem(place, error.message, error.remedy)
    return None


def _unknown(kind: MessageType, name: str) -> Problem:
    known = [field.key for field in kind.fields]
    if any(word in name.casefold() for word in _FORBIDDEN):
        text = "keepclear holds no targets and no weapon data"
        return Problem(f"fields.{name:.60}", text, "Leave it out.")
    text = f"{kind.code} has no field of this name"
    return Problem(f"fields.{name:.60}", text, advice(name[:60], known))


def _text_problems(message: Message) -> list[Problem]:
    found = []
    if len(message.remark) > LONGEST_REMARK:
        text = f"{len(message.remark):,} characters are more than {LONGEST_REMARK}"
        found.append(Problem("remark", text, "Say it shorter, or in a message of its own."))
    if len(message.renderings) > MOST_RENDERINGS:
        found.append(Problem("renderings", "too many languages", f"At most {MOST_RENDERINGS}."))
    texts = [("remark", message.remark)]
    texts += [(f"renderings.{name:.20}", said) for name, said in message.renderings.items()]
    for place, said in texts:
        if len(said) > LONGEST_RENDERING:
            found.append(Problem(place, "the text is too long", f"At most {LONGEST_RENDERING:,}."))
        found += _refused(place, said, lines=True)
    for place, role in (("from_role", message.from_role), ("to_role", message.to_role)):
        if not role or len(role) > LONGEST_ROLE:
            found.append(Problem(place, "no role is named", "Name a role on watch, no person."))
        found += _refused(place, role, lines=False)
    return found


def _refused(place: str, said: str, *, lines: bool) -> list[Problem]:
    try:
        (require_text if lines else require_line)(said)
    except InvalidInput as error:
        return [Problem(place, error.message, error.remedy)]
    return []


def _time_problems(message: Message, kind: MessageType | None, now: datetime) -> list[Problem]:
    if message.valid is not None and message.valid.end <= now:
        text = f"its validity ended {iso_text(message.valid.end)}"
        return [Problem("valid", text, "Give a validity that is not over.")]
    if message.valid is None and kind is not None and kind.validity:
        return [Problem("valid", "missing", f"Say from when to when the {kind.name} holds.")]
    return []
