"""What messages of the line say, as the records they become: in the words of who sent them.

A signed message that came is never lost over one of its fields: what cannot be read is left
out of the record, and stands in the message itself.

Source: domain study of keepclear, 5f (M02, M16, M17, M21, M22).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import moment, require_moment, require_uuid
from keepclear.formats.times import dtg_or_iso
from keepclear.model.call import LineEnd
from keepclear.model.consultation import Consultation, ConsultationKind
from keepclear.model.line_state import ContactLevel
from keepclear.model.message import Message
from keepclear.model.posture import Posture
from keepclear.model.query import Ownership, Query, Statement
from keepclear.model.readout import AboutKind, Readout, ReadoutKind, ReadoutPoint, Stance
from keepclear.model.watch import DutyRole, Watch

CERTIFIED = ", certified linguist"
"""Follows a role in M02 whose holder is certified to interpret."""
_KINDS: Mapping[str, ConsultationKind] = {
    **{each.value: each for each in ConsultationKind},
    "video conference": ConsultationKind.VTC,
}


def watch_told(message: Message) -> Watch:
    """The watch that an M02 states."""
    handover = _moment(message, "next_handover")
    since = message.originated_at
    return Watch(
        party=message.sender,
        since=since,
        roles=_roles(_texts(message, "roles")),
        room=_text(message, "room"),
        languages=_texts(message, "languages"),
        alternates=_texts(message, "alternates"),
        next_handover=handover if handover is not None and handover > since else None,
        remark=message.remark,
        message=message.id,
    )


def watch_fields(watch: Watch) -> dict[str, Any]:
    """A watch as the fields of an M02; who is not named by role is not named."""
    roles = [each.role + (CERTIFIED if each.certified_linguist else "") for each in watch.roles]
    alternates = [*watch.alternates, *(one for each in watch.roles for one in each.alternates)]
    fields: dict[str, Any] = {
        "room": watch.room or f"{watch.party} watch",
        "roles": roles,
        "languages": list(watch.spoken),
    }
    if alternates:
        fields["alternates"] = list(dict.fromkeys(alternates))
    return fields


def query_told(message: Message, us: str) -> Query:
    """The question that an M16 asks."""
    return Query(
        id=message.id,
        line=message.line,
        asked_by=LineEnd.OURS if message.sender == us else LineEnd.THEIRS,
        asked_at=message.originated_at,
        question=_text(message, "question"),
        facts=_text(message, "facts"),
        answer_by=_moment(message, "answer_by"),
        messages=(message.id,),
    )


def statement_told(message: Message) -> Statement:
    """What an M17 declares of whose something is."""
    word = _text(message, "ownership").casefold()
    known = {each.value: each for each in Ownership}
    return Statement(
        message=message.id,
        party=message.sender,
        at=message.originated_at,
        ownership=known.get(word),
        words=_text(message, "words"),
        scope=_text(message, "scope"),
    )


def posture_told(message: Message) -> Posture:
    """The posture that an M17 declares; it has no date of review until we set one."""
    start, end = _span(message, "window")
    return Posture(
        id=message.id,
        line=message.line,
        party=message.sender,
        declared_at=message.originated_at,
        words=_text(message, "words"),
        scope=_text(message, "scope"),
        start=start,
        end=end,
        message=message.id,
    )


def consultation_told(message: Message) -> Consultation:
    """The series that an M21 proposes, or confirms."""
    start, _ = _span(message, "window")
    is_confirmed = _text(message, "step") == "confirmation"
    kind, level = _text(message, "kind"), _text(message, "level")
    levels = {each.value: each for each in ContactLevel}
    named = _text(message, "consultation")
    if _is_uuid(named):  # of a record of theirs: a date says more to a person
        named = "" if start is None else dtg_or_iso(start)
    return Consultation(
        id=message.id,
        line=message.line,
        party=message.sender,
        kind=_KINDS.get(kind, ConsultationKind.WORKING_GROUP),
        title=", ".join(filter(None, (kind, level, named))) or message.code,
        opened_at=message.originated_at,
        level=levels.get(level.casefold(), ContactLevel.LIAISON),
        next_at=start if is_confirmed else None,
        proposed=() if is_confirmed or start is None else (start,),
        agenda=_texts(message, "agenda"),
        languages=_texts(message, "languages"),
        recording=_text(message, "recording"),
        place=_text(message, "place"),
        messages=tuple(dict.fromkeys((message.id, *message.refs))),
        from_line=True,
    )


def readout_told(message: Message, about_kind: AboutKind) -> Readout:
    """The account that an M22 shows before it is published.

    Its points carry neither topic nor stance: those are an officer's to see, not ours to guess.
    """
    about = _text(message, "about")
    return Readout(
        id=message.id,
        line=message.line,
        party=message.sender,
        kind=ReadoutKind.PUBLISHED,
        about_kind=about_kind,
        about=about.lower() if _is_uuid(about) else "",
        where=f"shown over the line as {message.code}",
        text=_text(message, "text"),
        points=tuple(
            ReadoutPoint(number, "", Stance.CLAIM, each)
            for number, each in enumerate(_texts(message, "points"), 1)
        ),
        embargo_until=_moment(message, "embargo"),
        message=message.id,
    )


def _roles(texts: Sequence[str]) -> tuple[DutyRole, ...]:
    roles: dict[str, DutyRole] = {}
    for text in texts:
        name, is_certified = text.removesuffix(CERTIFIED), text.endswith(CERTIFIED)
        held = roles.get(name.casefold())
        if held is None or is_certified:
            roles[name.casefold()] = DutyRole(name, certified_linguist=is_certified)
    return tuple(roles.values())


def _text(message: Message, key: str) -> str:
    value = message.fields.get(key, "")
    return value if isinstance(value, str) else ""


def _texts(message: Message, key: str) -> tuple[str, ...]:
    value = message.fields.get(key, ())
    is_list = isinstance(value, Sequence) and not isinstance(value, str)
    return tuple(each for each in value if isinstance(each, str)) if is_list else ()


def _moment(message: Message, key: str) -> datetime | None:
    return _moment_of(message.fields.get(key))


def _moment_of(value: object) -> datetime | None:
    if not isinstance(value, str) or not value:
        return None
    try:
        require_moment(value)
    except InvalidInput:
        return None
    return moment(value)


def _span(message: Message, key: str) -> tuple[datetime | None, datetime | None]:
    window = message.fields.get(key)
    told = window if isinstance(window, Mapping) else {}
    start, end = _moment_of(told.get("start")), _moment_of(told.get("end"))
    return (None, None) if start and end and end < start else (start, end)


def _is_uuid(text: str) -> bool:
    try:
        require_uuid(text)
    except InvalidInput:
        return False
    return True
