"""Messages: write, release, acknowledge, read back, answer; each with what may be done next."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.message_record import MessageRecord, message_record
from keepclear.api.paging import Cursor, Limit
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.api.seconds import SecondBody, second_of
from keepclear.contact.rights import Capability
from keepclear.errors import InvalidMessage
from keepclear.formats.documents.fields import moment, require_moment
from keepclear.formats.property_values import advice
from keepclear.formats.strict_json import decoded_value
from keepclear.model.message_life import AnswerWord, State
from keepclear.ports.line_store import MessageQuery
from keepclear.services.disclosing.speaking import telling_of
from keepclear.services.line.messaging import (
    Acting,
    Held,
    Releasing,
    act_on,
    drop_draft,
    held,
    held_of,
    preview,
    problems_of,
    release,
    save_draft,
)
from keepclear.services.line.messaging_acting import WORDS
from keepclear.services.line.watch_roles import roles_on_watch

RELEASE = "release"


class MessagesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which messages are meant."""

    line: Annotated[str, Meta(max_length=100, description="Only of this line")] = ""
    state: Annotated[tuple[State, ...], Meta(description="Only in these states")] = ()
    code: Annotated[tuple[str, ...], Meta(description="Only of these types")] = ()
    open: Annotated[bool, Meta(description="Leave out what is over")] = False
    outgoing: Annotated[bool | None, Meta(description="Only ours, or only theirs")] = None
    text: Annotated[str, Meta(max_length=200, description="Found in it, capitals or not")] = ""
    limit: Limit = 50
    cursor: Cursor = ""


class MessagePage(Told, frozen=True, kw_only=True):
    """A page of messages, the newest first."""

    total: int
    items: tuple[MessageRecord, ...]
    next: str | None


class ActDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something that is done to a message; `acts` of the message tells what each needs."""

    kind: Annotated[str, Meta(max_length=40, description="As `acts` names it")]
    role: Annotated[str, Meta(max_length=60, description="As what you are on duty, never a name")]
    text: Annotated[str, Meta(max_length=2_000, description="In your words")] = ""
    second: Annotated[
        Annotated[str, Meta(max_length=100)] | SecondBody,
        Meta(description="Of a release: who else read it; where there are accounts, by password"),
    ] = ""
    heard: Annotated[
        dict[str, Any] | None, Meta(description="Of a readback: what was heard, by field")
    ] = None
    answer: Annotated[AnswerWord | None, Meta(description="Of an answer: how far it goes")] = None
    until: Annotated[str | None, Meta(description="Of a consideration: until when")] = None
    confirmed: Annotated[
        tuple[str, ...],
        Meta(max_length=200, description="Of a release: ids of its `cautions` that were seen"),
    ] = ()
    version: Annotated[
        Annotated[int, Meta(ge=1)] | None,
        Meta(description="Of a release: the draft's version that was read; null: whichever"),
    ] = None


class HeardDocument(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was heard."""

    heard: Annotated[dict[str, Any], Meta(description="Field by field, as typed or as values")]


class DifferenceRecord(Told, frozen=True, kw_only=True):
    """A field that was not heard as it was sent."""

    key: str
    label: str
    sent: Any
    heard: Any
    reason: str


class ReadbackComparisonRecord(Told, frozen=True, kw_only=True):
    """What a readback would come to."""

    matches: bool
    differences: tuple[DifferenceRecord, ...]


def _list(call: Call[MessagesQuery]) -> Reply:
    query = call.query
    meant = MessageQuery(
        line=query.line,
        states=frozenset(each.value for each in query.state),
        codes=frozenset(query.code),
        outgoing=query.outgoing,
        open_only=query.open,
        text=query.text,
        except_codes=call.permit.withheld,
    )
    with call.node.store.view() as view:
        page = view.messages(meant, cursor=query.cursor, limit=query.limit)
        items = [_record(call, view, held_of(each)) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _get(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        found = held(view, call.path["message_id"])
    call.permit.require_shown(found.message.code)
    return _reply(call, found)


def _put(call: Call[NoQuery]) -> Reply:
    expected = expected_of(call.headers)
    document = _object(call.body)
    saved = save_draft(call.node, call.path["message_id"], document, expected=expected)
    return _reply(call, saved, 201 if saved.stored.version == 1 else 200)


def _delete(call: Call[NoQuery]) -> Reply:
    drop_draft(call.node, call.path["message_id"], expected=expected_of(call.headers))
    return Reply(status=204)


def _act(call: Call[NoQuery]) -> Reply:
    document = body_of(call.body, ActDocument)
    message_id, act_id = call.path["message_id"], call.path["act_id"]
    if document.kind == RELEASE:
        releasing = Releasing(
            act_id,
            document.role,
            call.caller.actor,
            second_of(call, document.second),
            document.text,
            flash_only=not call.permit.allows(Capability.RELEASE),
            confirmed=document.confirmed,
            version=document.version,
        )
        return _reply(call, release(call.node, message_id, releasing))
    return _reply(call, act_on(call.node, message_id, act_id, _acting(call, document)))


def _acting(call: Call[NoQuery], document: ActDocument) -> Acting:
    kind = WORDS.get(document.kind)
    if kind is None:
        raise InvalidMessage(
            f"kind: {document.kind!r} is no act", remedy=advice(document.kind, (RELEASE, *WORDS))
        )
    until = None
    if document.until is not None:
        require_moment(document.until)
        until = moment(document.until)
    return Acting(
        kind=kind,
        role=document.role,
        actor=call.caller.actor,
        text=document.text,
        heard=document.heard or {},
        answer=document.answer,
        until=until,
    )


def _compare(call: Call[NoQuery]) -> Reply:
    heard = body_of(call.body, HeardDocument).heard
    with call.node.store.view() as view:
        call.permit.require_shown(held(view, call.path["message_id"]).message.code)
    found = preview(call.node, call.path["message_id"], heard)
    differences = [each._asdict() for each in found.differences]
    return Reply({"matches": found.matches, "differences": differences})


def _reply(call: Call[Any], found: Held, status: int = 200) -> Reply:
    with call.node.store.view() as view:
        record = _record(call, view, found)
    return Reply(record, status, version=found.stored.version)


def _record(call: Call[Any], view: Any, found: Held) -> dict[str, object]:
    node, now = call.node, call.node.now()
    is_draft = found.stored.entry is None
    return message_record(
        found,
        now,
        roles=roles_on_watch(view, node),
        gazetteer=node.gazetteer,
        problems=problems_of(view, node, found.message, now) if is_draft else (),
        cautions=telling_of(view, node, found.message, now) if is_draft else (),
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = decoded_value(body.decode("utf-8"))
    except UnicodeDecodeError:
        value = None
    if not isinstance(value, dict):
        raise InvalidMessage("the message is no JSON object in UTF-8")
    return value


_PATH = "/api/v1/messages"
_ONE = f"{_PATH}/{{message_id}}"
_MESSAGE = Returned(200, "The message", MessageRecord, has_version=True)

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="Find messages, the newest first",
        handler=_list,
        query=MessagesQuery,
        returns=(Returned(200, "A page of messages", MessagePage),),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One message, where it is in its life, and what may be done next",
        handler=_get,
        description="Humanitarian movements and sites (M14, M15) are shown to whoever keeps them.",
        returns=(_MESSAGE,),
        errors=(errors.NotFound, errors.NotPermitted),
    ),
    Endpoint(
        method="PUT",
        path=_ONE,
        summary="Keep a draft of a message, complete or not; nobody is told",
        handler=_put,
        body=Body(
            dict[str, Any], description="A message document as far as it is written: code, line."
        ),
        returns=(
            Returned(201, "Kept for the first time", MessageRecord, has_version=True),
            _MESSAGE,
        ),
        errors=(
            errors.InvalidMessage,
            errors.InvalidOperation,
            errors.InvalidWindow,
            errors.NotFound,
            errors.StateForbids,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
        may_make=True,
    ),
    Endpoint(
        method="DELETE",
        path=_ONE,
        summary="Throw a draft away",
        handler=_delete,
        returns=(Returned(204, "Thrown away", None, ""),),
        errors=(
            errors.NotFound,
            errors.StateForbids,
            errors.VersionMissing,
            errors.VersionMismatch,
            errors.StoreFull,
        ),
        has_precondition=True,
    ),
    Endpoint(
        method="PUT",
        path=f"{_ONE}/acts/{{act_id}}",
        summary="Release a message, acknowledge it, read it back, answer it, end it",
        description="The same act again changes nothing. No act is an approval. An account of "
        "kind watch releases FLASH alone. What a draft tells beyond a level (`cautions`) is "
        "released only where each was confirmed by its id, or as FLASH.",
        handler=_act,
        body=Body(ActDocument),
        returns=(_MESSAGE,),
        errors=(
            errors.InvalidMessage,
            errors.InvalidOperation,
            errors.InvalidWindow,
            errors.NotFound,
            errors.NotPermitted,
            errors.StateForbids,
            errors.VersionMismatch,
            errors.KeyFault,
            errors.StoreFull,
        ),
    ),
    Endpoint(
        method="POST",
        path=f"{_ONE}/comparison",
        summary="Compare what was heard with what was sent, before it is sent",
        needs=Capability.VIEW,
        handler=_compare,
        body=Body(HeardDocument),
        returns=(Returned(200, "What differs", ReadbackComparisonRecord),),
        errors=(errors.NotFound, errors.NotPermitted),
    ),
)
