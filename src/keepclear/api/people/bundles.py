"""Bundles of a line as files, and by mail."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Told
from keepclear.api.endpoint import IMPORT_BYTES, Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.errors import StateForbids
from keepclear.ports.mail import Inbox, Outbox
from keepclear.services.node import Node
from keepclear.services.paper.bundling import take_bundle, write_bundle
from keepclear.services.paper.mailing import mail_bundle, mail_text, take_mails

BUNDLE = "application/x-keepclear-bundle"


class BundleQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """What goes into a bundle."""

    everything: Annotated[
        bool, Meta(description="All of this epoch, also what was delivered: for a restored node")
    ] = False


class MissingRecord(Told, frozen=True, kw_only=True):
    """Serials that still lack."""

    epoch: int
    first: int
    last: int


class BundleRecord(Told, frozen=True, kw_only=True):
    """What became of a bundle."""

    line: str
    sender: str
    results: Annotated[dict[str, int], Meta(description="How many envelopes had each result")]
    settled: Annotated[int, Meta(description="Envelopes of ours it was a receipt for")]
    receipts_refused: Annotated[str, Meta(description="Why receipts were not believed; or empty")]
    missing: tuple[MissingRecord, ...]


class MailSentRecord(Told, frozen=True, kw_only=True):
    """A mail that was sent."""

    to: str


class MailTakenRecord(Told, frozen=True, kw_only=True):
    """What became of the mails that waited."""

    mails: int
    texts: Annotated[tuple[str, ...], Meta(description="Copies that were entered")]
    bundles: int
    own: Annotated[int, Meta(description="Texts of ours that were quoted back")]
    refused: Annotated[tuple[str, ...], Meta(description="Why something was not taken")]


def _export(call: Call[BundleQuery]) -> Reply:
    line_id = call.path["line_id"]
    written = write_bundle(
        call.node, line_id, everything=call.query.everything, actor=call.caller.actor
    )
    headers = {
        "content-disposition": 'attachment; filename="line.keepclear"',
        "keepclear-envelopes": str(written.envelopes),
        "keepclear-receipted": str(written.receipted),
    }
    return Reply(written.content, content_type=BUNDLE, headers=headers)


def _import(call: Call[NoQuery]) -> Reply:
    told = take_bundle(call.node, call.path["line_id"], call.body, actor=call.caller.actor)
    missing = [dict(zip(("epoch", "first", "last"), each, strict=True)) for each in told.missing]
    return Reply({**told._asdict(), "missing": missing})


def _mail_bundle(call: Call[NoQuery]) -> Reply:
    to = mail_bundle(call.node, _outbox(call.node), call.path["line_id"], actor=call.caller.actor)
    return Reply({"to": to})


def _mail_text(call: Call[NoQuery]) -> Reply:
    message_id = call.path["message_id"]
    return Reply(
        {"to": mail_text(call.node, _outbox(call.node), message_id, actor=call.caller.actor)}
    )


def _take(call: Call[NoQuery]) -> Reply:
    return Reply(take_mails(call.node, _inbox(call.node), actor=call.caller.actor)._asdict())


def _outbox(node: Node) -> Outbox:
    if node.outbox is None:
        raise StateForbids(
            "the node sends no mail", remedy="Set [mail] in its settings, and start it."
        )
    return node.outbox


def _inbox(node: Node) -> Inbox:
    if node.inbox is None:
        raise StateForbids(
            "no mail comes in at the node",
            remedy="Set mail.inbox_folder or mail.inbox_host, and start it.",
        )
    return node.inbox


_MAIL_ERRORS = (
    errors.NotFound,
    errors.StateForbids,
    errors.PeerSilent,
    errors.PeerTrouble,
    errors.StoreFull,
)

ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/api/v1/lines/{line_id}/bundle",
        summary="Write what waits on a line, with receipts for what came, as a file",
        handler=_export,
        query=BundleQuery,
        returns=(Returned(200, "The bundle", None, BUNDLE),),
        errors=(errors.NotFound, errors.KeyFault, errors.StoreFull),
        needs=Capability.RELEASE,
    ),
    Endpoint(
        method="PUT",
        path="/api/v1/lines/{line_id}/bundle",
        summary="Take in a bundle of a line; the same one again changes nothing",
        handler=_import,
        body=Body(content_types=(), limit_bytes=IMPORT_BYTES),
        returns=(Returned(200, "What became of it", BundleRecord),),
        errors=(
            errors.NotFound,
            errors.InvalidMessage,
            errors.NotOurs,
            errors.ModeMismatch,
            errors.KeyFault,
            errors.StoreFull,
        ),
    ),
    Endpoint(
        method="POST",
        path="/api/v1/lines/{line_id}/mail",
        summary="Mail what waits on a line as a bundle",
        handler=_mail_bundle,
        returns=(Returned(200, "Where it went", MailSentRecord),),
        errors=(*_MAIL_ERRORS, errors.KeyFault),
        needs=Capability.RELEASE,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/messages/{message_id}/mail",
        summary="Mail a released message of ours as a text line",
        handler=_mail_text,
        returns=(Returned(200, "Where it went", MailSentRecord),),
        errors=(*_MAIL_ERRORS, errors.InvalidMessage),
        needs=Capability.RELEASE,
    ),
    Endpoint(
        method="POST",
        path="/api/v1/mail",
        summary="Take in every mail that waits: texts as copies, bundles as files",
        handler=_take,
        returns=(Returned(200, "What became of them", MailTakenRecord),),
        errors=_MAIL_ERRORS,
    ),
)
