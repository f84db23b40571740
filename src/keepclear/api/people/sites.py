"""Humanitarian sites: each kept, told and looked at by itself; no list shows where they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.decoding import body_of
from keepclear.api.endpoint import Body, Call, Endpoint, NoQuery, Returned
from keepclear.api.notice_record import (
    RELEASING_ERRORS,
    FlagRecord,
    RecipientRecord,
    ReleaseBody,
    flag_records,
    recipient_records,
)
from keepclear.api.paging import PageQuery, cut
from keepclear.api.people.kept import (
    Kind,
    NowTold,
    common_now,
    endpoints_of,
    record_of,
    remaining_s,
)
from keepclear.api.people.movements import ToldRecord
from keepclear.api.preconditions import expected_of
from keepclear.api.replies import Reply
from keepclear.api.seconds import SecondBody, second_of
from keepclear.contact.humanitarian import due_of, site_flags
from keepclear.contact.rights import Capability
from keepclear.formats.documents.site import SiteDocument, site_from, stored_site
from keepclear.formats.times import iso_text
from keepclear.model.node import Subject
from keepclear.model.site import Site
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.humanitarian.entries import sites
from keepclear.services.humanitarian.exporting import Exporting, export_sites
from keepclear.services.humanitarian.keeping import keep_site
from keepclear.services.humanitarian.releasing import Telling, release_site
from keepclear.services.humanitarian.viewing import Look, note_site_view
from keepclear.services.line.keeping import Kept, found
from keepclear.services.node import Node


class SiteNow(NowTold, frozen=True, kw_only=True):
    """What follows from a site at this moment."""

    due_at: Annotated[Time, Meta(description="When somebody must look at it again")]
    remaining_s: Annotated[float | None, Meta(description="Below 0 once overdue")]
    flags: Annotated[tuple[FlagRecord, ...], Meta(description="What is to be looked at")]
    told: Annotated[tuple[RecipientRecord, ...], Meta(description="How far each recipient is")]
    acts: Annotated[tuple[str, ...], Meta(description="What may be done next")]


class SiteRecord(SiteDocument, frozen=True, kw_only=True):
    """A site as it is kept."""

    now: SiteNow


class SiteSummary(Told, frozen=True, kw_only=True):
    """A site in a list: what it is, not where."""

    id: str
    version: int
    party: str
    function: str
    recipients: tuple[str, ...]
    expiry: Time
    due_at: Time
    flags: tuple[FlagRecord, ...]
    told: tuple[RecipientRecord, ...]


class SitePage(Told, frozen=True, kw_only=True):
    """A page of sites, the one to be looked at first first."""

    total: int
    items: tuple[SiteSummary, ...]
    next: str | None


class ExportBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An export of the sites that one recipient may see."""

    recipient: Annotated[str, Meta(max_length=80, description="The party it is for")]
    role: Annotated[str, Meta(max_length=60, description="As what you are on duty")]
    second: Annotated[
        Annotated[str, Meta(max_length=100)] | SecondBody,
        Meta(description="Who stands by; where there are accounts, by password"),
    ]
    reason: Annotated[str, Meta(min_length=1, max_length=500, description="What for")]
    coarse: Annotated[bool, Meta(description="Wide circles that hold each site")] = False


def _now(view: View, node: Node, declaration: Declaration) -> SiteNow:
    one, now = stored_site(declaration.body), node.now()
    is_ours = one.party == node.identity.party
    due = due_of(one)
    return SiteNow(
        **common_now(node, declaration, ("*",) if is_ours else ()),
        due_at=iso_text(due),
        remaining_s=remaining_s(due, now),
        flags=flag_records(site_flags(one, sites(view), now)),
        told=recipient_records(view, one.releases),
        acts=("change", "confirm", "release", "record assurance") if is_ours else (),
    )


def _keep(call: Call[NoQuery], sent: object, site_id: str) -> Kept:
    told = site_from(sent, site_id=site_id, party=call.node.identity.party)
    return keep_site(call.node, told, expected=expected_of(call.headers), actor=call.caller.actor)


_KIND = Kind(
    subject=Subject.SITE,
    plural="sites",
    part="site_id",
    document=SiteDocument,
    told=SiteRecord,
    page=SitePage,
    moment="expiry",
    now=_now,
    keep=_keep,
    keeping="Keep a humanitarian site of ours; nobody is told",
)


def _list(call: Call[PageQuery]) -> Reply:
    with call.node.store.view() as view:
        every = [(stored_site(each.body), each.version) for each in _declared(view)]
        everyone = [site for site, _ in every]
        page = cut(
            every,
            lambda each: f"{iso_text(due_of(each[0]))} {each[0].id}",
            cursor=call.query.cursor,
            limit=call.query.limit,
        )
        items = [_summary(call, view, *each, everyone) for each in page.items]
    return Reply({"total": page.total, "items": items, "next": page.following or None})


def _declared(view: View) -> Sequence[Declaration]:
    return view.declarations(Subject.SITE)


def _summary(
    call: Call[PageQuery], view: View, site: Site, version: int, everyone: Sequence[Site]
) -> SiteSummary:
    return SiteSummary(
        id=site.id,
        version=version,
        party=site.party,
        function=site.function,
        recipients=site.recipients if site.party == call.node.identity.party else (),
        expiry=iso_text(site.expiry),
        due_at=iso_text(due_of(site)),
        flags=flag_records(site_flags(site, everyone, call.node.now())),
        told=recipient_records(view, site.releases),
    )


def _get(call: Call[NoQuery]) -> Reply:
    """One site; that it was looked at is on record before anybody sees it."""
    actor = call.caller.actor

    def work(unit: Unit) -> Declaration:
        declaration = found(unit, Subject.SITE, call.path["site_id"])
        site = stored_site(declaration.body)
        look = Look(call.node.identity.party, actor, "looked at")
        note_site_view(unit, call.node, site, declaration.version, look)
        return declaration

    declaration = call.node.store.write(work)
    with call.node.store.view() as view:
        record = record_of(_KIND, view, call.node, declaration)
    return Reply(record, version=declaration.version)


def _release(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, ReleaseBody)
    second = second_of(call, body.second, Capability.MOVE)
    telling = Telling(body.line, body.role, second, call.caller.actor, body.text, body.version)
    stored = release_site(call.node, call.path["site_id"], call.path["message_id"], telling).stored
    return Reply(
        {"message": stored.id, "line": stored.line, "code": stored.code, "state": stored.state}
    )


def _export(call: Call[NoQuery]) -> Reply:
    body = body_of(call.body, ExportBody)
    second = second_of(call, body.second, Capability.MOVE)
    exporting = Exporting(
        body.recipient, body.role, call.caller.actor, second, body.reason, body.coarse
    )
    export = export_sites(call.node, call.path["export_id"], exporting)
    headers = {
        "content-disposition": f'attachment; filename="sites-{export.id[:8]}.csv"',
        "keepclear-mark": export.mark,
    }
    return Reply(export.data, content_type="text/csv; charset=utf-8", headers=headers)


_, _PLAIN_GET, _PUT = endpoints_of(_KIND)

ENDPOINTS = tuple(
    replace(each, needs=Capability.MOVE)
    for each in (
        Endpoint(
            method="GET",
            path="/api/v1/sites",
            summary="List sites: what they are, who was told, what is stale; not where they are",
            handler=_list,
            query=PageQuery,
            returns=(Returned(200, "A page of sites", SitePage),),
        ),
        replace(
            _PLAIN_GET,
            handler=_get,
            description="Each look is an entry of the ledger, with who looked.",
            errors=(errors.NotFound, errors.StoreFull),
        ),
        _PUT,
        Endpoint(
            method="PUT",
            path="/api/v1/sites/{site_id}/releases/{message_id}",
            summary="Tell one named recipient of a site, by two people",
            handler=_release,
            body=Body(ReleaseBody),
            returns=(Returned(200, "Told, now or before", ToldRecord),),
            errors=RELEASING_ERRORS,
        ),
        Endpoint(
            method="PUT",
            path="/api/v1/site-exports/{export_id}",
            summary="Export the sites that one recipient may see, by two people, marked for it",
            description="Each export is an entry of the ledger, and so is each site in it.",
            handler=_export,
            body=Body(ExportBody),
            returns=(Returned(200, "The table", None, "text/csv"),),
            errors=(
                errors.InvalidInput,
                errors.NotFound,
                errors.NotPermitted,
                errors.StoreFull,
            ),
        ),
    )
)
