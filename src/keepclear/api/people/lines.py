"""Lines: their state at a glance, what is declared of them, and how they are restored."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.line_record import (
    LineDeclarationRecord,
    LineRecord,
    declaration_record,
    line_record,
)
from keepclear.api.paging import PageQuery, cut
from keepclear.api.replies import Reply
from keepclear.api.seconds import SecondBody, with_named_second
from keepclear.contact.rights import Capability
from keepclear.errors import InvalidInput
from keepclear.formats.documents.fields import Name, Text, Uuid
from keepclear.formats.documents.line import LineDeclarationDocument
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.strict import read_document
from keepclear.model.restoration import Step
from keepclear.services.line.pairing import line_of
from keepclear.services.line.restoring import break_off, restore_line
from keepclear.services.line.status import LineReport, line_report, line_reports
from keepclear.services.line.suspending import declare_line
from keepclear.services.node import Node

BREAK_OFF = "break off"
_STEPS = {**{step.value: step for step in Step}, "list": Step.LIST}


class LinePage(Told, frozen=True, kw_only=True):
    """A page of lines, by id."""

    total: int
    items: tuple[LineRecord, ...]
    next: str | None


class DeclarationDocument(LineDeclarationDocument, frozen=True, kw_only=True):
    """What a party declares of a line, under an id that makes it safe to send again."""

    id: Annotated[
        Uuid | None, Meta(description="A UUID drawn by the caller; null to have one drawn.")
    ] = None


class DeclarationBody(DeclarationDocument, frozen=True, kw_only=True):
    """The same as it is sent: the second person may confirm by password."""

    second: Annotated[
        str | SecondBody,
        Meta(description="Who else has read it; where there are accounts, by password"),
    ] = ""  # type: ignore[assignment]  # it is read only once it is a name


class DeclarationReply(Told, frozen=True, kw_only=True):
    """The declaration, and the line with it."""

    declaration: LineDeclarationRecord
    line: LineRecord


class RestorationDocument(Part, frozen=True, kw_only=True):
    """A step in restoring a line."""

    act: Annotated[
        Name,
        Meta(
            description="`offer`, `test`, `verify`, `list` or `confirm`, each once on each side; "
            "`break off` ends it.",
            extra_json_schema={"enum": [*(step.value for step in Step), BREAK_OFF]},
        ),
    ]
    role: Annotated[Name, Meta(description="The role that takes the step.")] = "duty officer"
    reason: Annotated[Text, Meta(description="Why it is broken off.", max_length=280)] = ""


def _list(call: Call[PageQuery]) -> Reply:
    reports = line_reports(call.node)
    page = cut(reports, _name_of, cursor=call.query.cursor, limit=call.query.limit)
    items = tuple(line_record(each) for each in page.items)
    return Reply(LinePage(total=page.total, items=items, next=page.following or None))


def _get(call: Call[NoQuery]) -> Reply:
    return Reply(line_at_hand(call.node, call.path["line_id"]))


def _declare(call: Call[NoQuery]) -> Reply:
    sent = with_named_second(call)
    document: DeclarationDocument = read_document(sent, DeclarationDocument, lambda it: it)
    name = call.path["line_id"]
    declared = declare_line(
        call.node,
        name,
        document.id or call.node.entropy.new_id(),
        document,
        actor=call.caller.actor,
    )
    return Reply(
        DeclarationReply(
            declaration=declaration_record(declared), line=line_at_hand(call.node, name)
        )
    )


def _restore(call: Call[NoQuery]) -> Reply:
    document: RestorationDocument = read_document(call.body, RestorationDocument, lambda it: it)
    name, actor = call.path["line_id"], call.caller.actor
    if document.act == BREAK_OFF:
        break_off(call.node, name, document.reason, role=document.role, actor=actor)
    elif document.act in _STEPS:
        restore_line(call.node, name, _STEPS[document.act], role=document.role, actor=actor)
    else:
        raise InvalidInput(
            f"act: {document.act!r:.40} is no step of a restoration",
            remedy=f"Write one of {', '.join(_STEPS)}, or {BREAK_OFF}.",
        )
    return Reply(line_at_hand(call.node, name))


def line_at_hand(node: Node, name: str) -> LineRecord:
    """A line at a glance, now.

    Raises:
        NotFound: there is no such line.
    """
    with node.store.view() as view:
        return line_record(line_report(view, line_of(view, name), node.now()))


def _name_of(report: LineReport) -> str:
    return report.line.id


_PATH = "/api/v1/lines"
_ONE = f"{_PATH}/{{line_id}}"
SAYING_ERRORS = (
    errors.InvalidOperation,
    errors.InvalidMessage,
    errors.InvalidWindow,
    errors.NotFound,
    errors.NotPermitted,
    errors.StateForbids,
    errors.KeyFault,
    errors.StoreFull,
)
"""What may stand against saying something on a line."""

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="List lines: declared, observed, and what waits",
        handler=_list,
        query=PageQuery,
        returns=(Returned(200, "A page of lines", LinePage),),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One line at a glance",
        handler=_get,
        returns=(Returned(200, "The line", LineRecord),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="PUT",
        path=f"{_ONE}/declaration",
        summary="Declare a line suspended, resumed, changed or closed",
        description="The other side is told. Nothing is hidden or deleted by it, and FLASH still "
        "goes. The same id again changes nothing.",
        needs=Capability.RELEASE,
        handler=_declare,
        body=Body(DeclarationBody),
        returns=(Returned(200, "Declared, now or before", DeclarationReply),),
        errors=SAYING_ERRORS,
    ),
    Endpoint(
        method="PUT",
        path=f"{_ONE}/restoration",
        summary="Take a step in restoring a line",
        description="The line is up when both sides gave every proof. A step taken twice changes "
        "nothing.",
        handler=_restore,
        body=Body(RestorationDocument),
        returns=(Returned(200, "Taken, now or before; the line with it", LineRecord),),
        errors=SAYING_ERRORS,
    ),
)
