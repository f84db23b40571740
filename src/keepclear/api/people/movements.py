"""Humanitarian movements: kept, told to named recipients, warned; never approved or denied."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import IMPORT_BYTES, Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.notice_record import (
    RELEASING_ERRORS,
    FlagRecord,
    RecipientRecord,
    ReleaseBody,
    WarningRecord,
    flag_records,
    recipient_records,
    warning_record,
)
from keepclear.api.people.kept import (
    Kind,
    NowTold,
    common_now,
    endpoints_of,
    remaining_s,
)
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.api.seconds import second_of
from keepclear.contact.humanitarian import due_of, movement_flags
from keepclear.contact.rights import Capability
from keepclear.errors import InvalidInput
from keepclear.formats.documents.movement import (
    MovementDocument,
    movement_document,
    movement_from,
    stored_movement,
)
from keepclear.formats.movement_csv import read_movements_csv, write_movements_csv
from keepclear.formats.movement_mail import movement_mail, read_movement_mail
from keepclear.formats.movement_text import MovementsRead
from keepclear.formats.reading import Reading
from keepclear.formats.times import iso_text
from keepclear.model.humanitarian import HazardWarning
from keepclear.model.node import Subject
from keepclear.model.unit import MeansKind
from keepclear.ports.store import Declaration, View
from keepclear.services.humanitarian.entries import movements, told_by, warnings
from keepclear.services.humanitarian.keeping import keep_movement
from keepclear.services.humanitarian.passing import Passing, pass_on, warn
from keepclear.services.humanitarian.releasing import Telling, release_movement
from keepclear.services.line.keeping import Kept, found
from keepclear.services.node import Node


class MovementFormat(StrEnum):
    """What movements are read from."""

    CSV = "csv"
    MAIL = "mail"


class MovementNow(NowTold, frozen=True, kw_only=True):
    """What follows from a movement at this moment."""

    starts_at: Time
    due_at: Annotated[Time, Meta(description="When somebody must look at it again")]
    remaining_s: Annotated[float | None, Meta(description="Below 0 once overdue")]
    flags: Annotated[tuple[FlagRecord, ...], Meta(description="What is to be looked at")]
    told: Annotated[tuple[RecipientRecord, ...], Meta(description="How far each recipient is")]
    warnings: tuple[WarningRecord, ...]
    mail: Annotated[str, Meta(description="The same as the text of an e-mail")]
    acts: Annotated[tuple[str, ...], Meta(description="What may be done next")]


class MovementRecord(MovementDocument, frozen=True, kw_only=True):
    """A movement as it is kept."""

    now: MovementNow


class MovementPage(Told, frozen=True, kw_only=True):
    """A page of movements."""

    total: int
    items: tuple[MovementRecord, ...]
    next: str | None


class ReadingQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What is read."""

    format: Annotated[MovementFormat, Meta(description="csv or mail")]
    name: Annotated[str, Meta(max_length=200, description="The file's name, for messages")] = ""


class UnreadRecord(Told, frozen=True, kw_only=True):
    """Something that was not taken."""

    place: str
    text: str
    remedy: str


class ReadRecord(Told, frozen=True, kw_only=True):
    """What was read; nothing of it is kept yet, and nobody is told."""

    movements: Annotated[tuple[MovementDocument, ...], Meta(description="To be sent by PUT")]
    unread: Annotated[tuple[UnreadRecord, ...], Meta(description="Everything that was not")]


class ToldRecord(Told, frozen=True, kw_only=True):
    """That a recipient was told."""

    message: str
    line: str
    code: str
    state: str


class WarningPage(Told, frozen=True, kw_only=True):
    """Every hazard warning, those that are due first."""

    total: int
    items: tuple[WarningRecord, ...]


class WarnBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hazard that a person sees."""

    words: Annotated[str, Meta(min_length=1, max_length=200, description="As a fact")]
    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]


class PassBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a warning was passed on."""

    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]
    means: Annotated[
        MeansKind | None, Meta(description="By which; null sends it over the line, as M09")
    ] = None
    reached: Annotated[bool, Meta(description="Whether the movement took it")] = False
    words: Annotated[str, Meta(max_length=500, description="What they said to it")] = ""


def _now(view: View, node: Node, declaration: Declaration) -> MovementNow:
    one, now = stored_movement(declaration.body), node.now()
    is_ours = one.party == node.identity.party
    due = due_of(one)
    about = [each for each in warnings(view) if told_by(one, each.message)]
    return MovementNow(
        **common_now(node, declaration, ("*",) if is_ours else ()),
        starts_at=iso_text(one.starts_at),
        due_at=iso_text(due),
        remaining_s=remaining_s(due, now),
        flags=flag_records(movement_flags(one, movements(view), now)),
        told=recipient_records(view, one.releases),
        warnings=tuple(warning_record(view, each) for each in about),
        mail=movement_mail(one, node.identity.mode),
        acts=("change", "confirm", "release", "record assurance") if is_ours else ("warn",),
    )


def _keep(call: Call[NoQuery], sent: object, movement_id: str) -> Kept:
    told = movement_from(sent, movement_id=movement_id, party=call.node.identity.party)
    return keep_movement(
        call.node, told, expected=expected_of(call.headers), actor=call.caller.actor
    )


_KIND = Kind(
    subject=Subject.MOVEMENT,
    plural="movements",
    part="movement_id",
    document=MovementDocument,
    told=MovementRecord,
    page=MovementPage,
    moment="expiry",
    now=_now,
    keep=_keep,
    keeping="Keep a humanitarian movement of ours; nobody is told",
)


def _release(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, ReleaseBody)
    second = second_of(call, body.second, Capability.MOVE)
    telling = Telling(body.line, body.role, second, call.caller.actor, body.text, body.version)
    held = release_movement(call.node, call.path["movement_id"], call.path["message_id"], telling)
    stored = held.stored
    return Reply(
        {"message": stored.id, "line": stored.line, "code": stored.code, "state": stored.state}
    )


def _read(call: Call[ReadingQuery]) -> Reply:
    node, query = call.node, call.query
    reading = Reading(
        name=query.name or f"movements.{query.format}",
        received_at=node.now(),
        party=node.identity.party,
        mode=node.identity.mode,
        most_bytes=IMPORT_BYTES,
    )
    if query.format is MovementFormat.CSV:
        read = read_movements_csv(call.body, reading)
    else:
        read = read_movement_mail(_text(call.body), reading)
    return Reply(_read_record(read))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"byte {error.start:,} is not UTF-8", remedy="Send the text of the e-mail in UTF-8."
        ) from None


def _read_record(read: MovementsRead) -> dict[str, object]:
    return {
        "movements": [movement_document(each) for each in read.movements],
        "unread": [
            {"place": each.place, "text": each.text, "remedy": each.remedy} for each in read.unread
        ],
    }


def _export(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        declaration = found(view, Subject.MOVEMENT, call.path["movement_id"])
    mode = call.node.identity.mode
    file = write_movements_csv([stored_movement(declaration.body)], mode=mode)
    headers = {
        "content-disposition": 'attachment; filename="movement.csv"',
        "keepclear-losses": str(len(file.losses)),
    }
    return Reply(file.data, content_type="text/csv; charset=utf-8", headers=headers)


def _warnings(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        items = [warning_record(view, each) for each in warnings(view)]
    items.sort(key=lambda each: (not each.is_due, each.at, each.id))
    return Reply({"total": len(items), "items": items})


def _warn(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, WarnBody)
    kept = warn(
        call.node,
        call.path["message_id"],
        call.path["warning_id"],
        body.words,
        role=body.role,
        actor=call.caller.actor,
    )
    return _warning(call, kept)


def _pass(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, PassBody)
    passing = Passing(body.role, body.means, body.reached, body.words, call.caller.actor)
    kept = pass_on(call.node, call.path["warning_id"], call.path["step_id"], passing)
    return _warning(call, kept)


def _warning(call: Call[Any], kept: HazardWarning) -> Reply:
    with call.node.store.view() as view:
        return Reply(warning_record(view, kept))


_WARNING = Returned(200, "The warning", WarningRecord)
_WARNING_ERRORS = (errors.InvalidInput, *RELEASING_ERRORS)

ENDPOINTS = tuple(
    replace(each, needs=Capability.MOVE)
    for each in (
        *endpoints_of(_KIND),
        Endpoint(
            method="PUT",
            path="/api/v1/movements/{movement_id}/releases/{message_id}",
            summary="Tell one named recipient of a movement, by two people",
            description="A movement that was told before is told again as what supersedes it.",
            handler=_release,
            body=Body(ReleaseBody),
            returns=(Returned(200, "Told, now or before", ToldRecord),),
            errors=RELEASING_ERRORS,
        ),
        Endpoint(
            method="GET",
            path="/api/v1/movements/{movement_id}/table",
            summary="One movement as a table that is read back",
            description="The header Keepclear-Losses counts what the table cannot hold.",
            handler=_export,
            returns=(Returned(200, "The table", None, "text/csv"),),
            errors=(errors.NotFound,),
        ),
        Endpoint(
            method="POST",
            path="/api/v1/movement-readings",
            summary="Read movements from a table or an e-mail; nothing is kept, nobody is told",
            handler=_read,
            query=ReadingQuery,
            body=Body(None, (), IMPORT_BYTES, "The file or the text, in UTF-8."),
            returns=(Returned(200, "What was read, and what was not", ReadRecord),),
            errors=(errors.InvalidInput, errors.InvalidFile, errors.ModeMismatch),
        ),
        Endpoint(
            method="GET",
            path="/api/v1/warnings",
            summary="Hazard warnings to humanitarian movements, those that are due first",
            handler=_warnings,
            returns=(Returned(200, "Every warning", WarningPage),),
        ),
        Endpoint(
            method="PUT",
            path="/api/v1/messages/{message_id}/warnings/{warning_id}",
            summary="Have a movement warned of a hazard that a person sees",
            handler=_warn,
            body=Body(WarnBody),
            returns=(_WARNING,),
            errors=_WARNING_ERRORS,
        ),
        Endpoint(
            method="PUT",
            path="/api/v1/warnings/{warning_id}/steps/{step_id}",
            summary="Put on record how a warning was passed on, or send it over the line",
            handler=_pass,
            body=Body(PassBody),
            returns=(_WARNING,),
            errors=_WARNING_ERRORS,
        ),
    )
)
