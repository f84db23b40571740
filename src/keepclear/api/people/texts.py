"""Messages as text: printed, read aloud, entered as copies, authenticated, held against."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import Cursor, Limit, cut
from keepclear.api.people.kept import latest_first
from keepclear.api.replies import Reply
from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.printing import printed
from keepclear.contact.read_aloud import read_aloud
from keepclear.data.loading import load_phrases
from keepclear.formats.documents.message import MessageDocument, message_document, message_from
from keepclear.formats.documents.text_copy import TextCopyDocument, text_copy_document
from keepclear.formats.text_line.pieces import cut_line
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.model.phrase import Language
from keepclear.model.text_copy import CopyState, TextCopy
from keepclear.ports.store import Unit, View
from keepclear.reports.cards.challenge import text_page
from keepclear.reports.cards.page import Size
from keepclear.services.node import Node
from keepclear.services.paper.authenticating import authenticate, next_of
from keepclear.services.paper.copies_kept import copy_of
from keepclear.services.paper.entering import Entering, claims_against, enter_text, reading_of
from keepclear.services.paper.phrases_signed import UNVERIFIED, is_verified
from keepclear.services.paper.settling import see_copy
from keepclear.services.paper.writing import Printed, placed_by, printed_text

HTML = "text/html; charset=utf-8"


class TextsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which copies are meant."""

    line: Annotated[str, Meta(max_length=100, description="Only of this line")] = ""
    state: Annotated[tuple[CopyState, ...], Meta(description="Only in these states")] = ()
    limit: Limit = 50
    cursor: Cursor = ""


class SheetQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How a sheet is printed."""

    size: Annotated[Size, Meta(description="Of the paper")] = Size.A4


class EnterDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text line that came."""

    text: Annotated[str, Meta(max_length=200_000, description="As it came; may be wrapped")]
    by: Annotated[str, Meta(max_length=40, description="By which channel")]
    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]
    language: Annotated[str, Meta(max_length=20, description="In which it was heard")] = "en"


class LineDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A text line to be read."""

    text: Annotated[str, Meta(max_length=200_000, description="As it came; may be wrapped")]


class ReplyDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was replied to a challenge."""

    challenge: Annotated[str, Meta(max_length=10, description="Which line of the card")]
    reply: Annotated[str, Meta(max_length=40, description="As it was heard")]
    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]


class SentenceRecord(Told, frozen=True, kw_only=True):
    """One thing that is said."""

    text: str
    read_back: Annotated[bool, Meta(description="The other side says it back")]


class AloudRecord(Told, frozen=True, kw_only=True):
    """A message as it is read aloud in one language."""

    language: Language
    mark: Annotated[str, Meta(description="UNVERIFIED TRANSLATION, or empty")]
    sentences: tuple[SentenceRecord, ...]


class MessageTextRecord(Told, frozen=True, kw_only=True):
    """A message as text."""

    message: str
    epoch: int
    serial: int
    line: Annotated[str, Meta(description="To be mailed or typed; with the message's id")]
    spoken_line: Annotated[str, Meta(description="To be read aloud; without the id")]
    word: Annotated[str, Meta(description="The check word of `spoken_line`")]
    aloud: tuple[AloudRecord, ...]


class TextReadingRecord(Told, frozen=True, kw_only=True):
    """What a text line says; nothing was entered."""

    document: MessageDocument
    epoch: int
    serial: int
    word: Annotated[str, Meta(description="Its check word, which holds")]
    printed: Annotated[tuple[str, ...], Meta(description="Line by line")]
    doubts: Annotated[tuple[str, ...], Meta(description="Where places disagree")]


class TextRecord(TextCopyDocument, frozen=True, kw_only=True):
    """A copy that came as text."""

    code: str
    name: str
    state: CopyState
    challenge: Annotated[str, Meta(description="The next to put; empty for none, or no secret")]
    printed: Annotated[tuple[str, ...], Meta(description="Line by line")]


class TextPage(Told, frozen=True, kw_only=True):
    """A page of copies, the latest first."""

    total: int
    items: tuple[TextRecord, ...]
    next: str | None


def _print(call: Call[NoQuery]) -> Reply:
    told = printed_text(call.node, call.path["message_id"])
    call.permit.require_shown(told.message.code)
    return Reply(
        {
            "message": told.message.id,
            "epoch": told.place.epoch,
            "serial": told.place.serial,
            "line": told.line,
            "spoken_line": told.spoken_line,
            "word": _word(told),
            "aloud": [_aloud(call.node, told, each) for each in Language],
        }
    )


def _sheet(call: Call[SheetQuery]) -> Reply:
    node = call.node
    told = printed_text(node, call.path["message_id"])
    call.permit.require_shown(told.message.code)
    aloud = [(each, _sentences(node, told, each)) for each in Language]
    place = f"{told.place.epoch}/{told.place.serial:04d}"
    title = f"{told.message.code} {place} of {told.message.sender}"
    page = text_page(
        title,
        told.message.mode,
        call.query.size,
        line=told.line,
        spoken_line=told.spoken_line,
        aloud=aloud,
        verified=_is_verified(node, told.message),
    )
    return Reply(page, content_type=HTML)


def _list(call: Call[TextsQuery]) -> Reply:
    query = call.query
    with call.node.store.view() as view:
        every = [copy_of(view, each.id) for each in view.declarations(Subject.TEXT)]
        meant = [
            each
            for each in every
            if (not query.line or each.line == query.line)
            and (not query.state or each.state in query.state)
            and each.code not in call.permit.withheld
        ]
        page = cut(
            meant,
            lambda each: latest_first(each.entered_at, each.id),
            cursor=query.cursor,
            limit=query.limit,
        )
    items = [_record(call.node, each) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _get(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        found = copy_of(view, call.path["text_id"])
    call.permit.require_shown(found.code)
    return Reply(_record(call.node, found))


def _enter(call: Call[NoQuery]) -> Reply:
    told = body_of(call.body, EnterDocument)
    entering = Entering(told.by, told.role, call.caller.actor, told.language)
    kept = enter_text(call.node, call.path["text_id"], told.text, entering)
    return Reply(_record(call.node, kept))


def _read(call: Call[NoQuery]) -> Reply:
    told = reading_of(call.node, body_of(call.body, LineDocument).text)
    return Reply(
        {
            "document": message_document(told.message),
            "epoch": told.place.epoch,
            "serial": told.place.serial,
            "word": told.word,
            "printed": list(printed(told.message)),
            "doubts": list(claims_against(call.node, told)),
        }
    )


def _authenticate(call: Call[NoQuery]) -> Reply:
    told = body_of(call.body, ReplyDocument)
    kept = authenticate(
        call.node,
        call.path["text_id"],
        told.challenge,
        told.reply,
        role=told.role,
        actor=call.caller.actor,
    )
    return Reply(_record(call.node, kept))


def _see(call: Call[NoQuery]) -> Reply:
    def work(unit: Unit) -> TextCopy:
        return see_copy(unit, call.node, call.path["text_id"])

    return Reply(_record(call.node, call.node.store.write(work)))


def _record(node: Node, copy: TextCopy) -> dict[str, object]:
    message = message_from(dict(copy.document))
    known = copy.code in CATALOGUE
    is_asked = not copy.envelope and not copy.is_authenticated
    return {
        **text_copy_document(copy),
        "code": copy.code,
        "name": CATALOGUE[copy.code].name if known else "unknown to this node",
        "state": copy.state.value,
        "challenge": _next(node, copy) if is_asked else "",
        "printed": list(printed(message)) if known else [],
    }


def _next(node: Node, copy: TextCopy) -> str:
    try:
        return next_of(node, copy.id)
    except (errors.NotFound, errors.InvalidInput):
        return ""


def _aloud(node: Node, told: Printed, language: Language) -> dict[str, Any]:
    is_own = language is Language.ENGLISH or _is_verified(node, told.message)
    return {
        "language": language.value,
        "mark": "" if is_own else UNVERIFIED,
        "sentences": [each._asdict() for each in _sentences(node, told, language)],
    }


def _sentences(node: Node, told: Printed, language: Language) -> tuple[Any, ...]:
    return read_aloud(
        told.message,
        told.place,
        _word(told),
        language=language,
        table=load_phrases(),
        placed=placed_by(node),
    )


def _word(told: Printed) -> str:
    return cut_line(told.spoken_line).word


def _is_verified(node: Node, message: Message) -> bool:
    with node.store.view() as view:
        return _verified(view, (message.sender, message.recipient))


def _verified(view: View, parties: tuple[str, str]) -> bool:
    return is_verified(view, load_phrases(), parties)


_TEXT = Returned(200, "The copy", TextRecord)
_ENTERING_ERRORS = (
    errors.InvalidMessage,
    errors.InvalidOperation,
    errors.InvalidWindow,
    errors.InvalidCoordinates,
    errors.InvalidAltitude,
    errors.InvalidFootprint,
    errors.ModeMismatch,
    errors.NotFound,
    errors.NotPermitted,
    errors.StateForbids,
    errors.StoreFull,
)
_PRINTING_ERRORS = (
    errors.NotFound,
    errors.NotPermitted,
    errors.StateForbids,
    errors.InvalidMessage,
)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/messages/{message_id}/text",
        summary="A released message as a text line, and as it is read aloud in each language",
        handler=_print,
        returns=(Returned(200, "The message as text", MessageTextRecord),),
        errors=_PRINTING_ERRORS,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/messages/{message_id}/text-sheet",
        summary="The same to be printed",
        handler=_sheet,
        query=SheetQuery,
        returns=(Returned(200, "A page of HTML", None, HTML),),
        errors=_PRINTING_ERRORS,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/texts",
        summary="List copies of messages that came as text, the latest first",
        handler=_list,
        query=TextsQuery,
        returns=(Returned(200, "A page of copies", TextPage),),
    ),
    Endpoint(
        method="POST",
        path="/api/v1/text-readings",
        summary="Read a text line without entering it",
        handler=_read,
        body=Body(LineDocument),
        returns=(Returned(200, "What it says", TextReadingRecord),),
        errors=_ENTERING_ERRORS,
    ),
    Endpoint(
        method="GET",
        path="/api/v1/texts/{text_id}",
        summary="One copy, how far it is vouched for, and the challenge to put next",
        handler=_get,
        returns=(_TEXT,),
        errors=(errors.NotFound, errors.NotPermitted),
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/texts/{text_id}",
        summary="Enter a text line that came by voice, radio, mail or on paper",
        description="It is a copy that nobody signed. M09 and M10 are acted on at once and marked "
        "to be verified; any other waits for challenge and reply. The same again changes nothing.",
        handler=_enter,
        body=Body(EnterDocument),
        returns=(_TEXT,),
        errors=_ENTERING_ERRORS,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/texts/{text_id}/authentication",
        summary="Say what was replied to a challenge from the card",
        handler=_authenticate,
        body=Body(ReplyDocument),
        returns=(_TEXT,),
        errors=_ENTERING_ERRORS,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/texts/{text_id}/seen",
        summary="Say that a person saw what is disputed or failed: it asks for nobody any more",
        handler=_see,
        returns=(_TEXT,),
        errors=(errors.NotFound, errors.StoreFull),
    ),
)
