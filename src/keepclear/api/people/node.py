"""The node at a glance: whose it is, what it holds, how old others' data are."""

from __future__ import annotations

import math
from typing import Annotated

from msgspec import Meta

from keepclear import __version__
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.people.entries import Hash
from keepclear.api.replies import Reply
from keepclear.formats.times import iso_text
from keepclear.model.coverage import Completeness
from keepclear.model.node import NodeKind, Subject
from keepclear.model.operation import Mode, OperationState
from keepclear.services.telling import DataAge, Overview, overview


class LedgerGlance(Told, frozen=True, kw_only=True):
    """The last signed head."""

    size: int
    root: Hash | None
    signed_at: Time | None


class Counts(Told, frozen=True, kw_only=True):
    """How many of what the node holds."""

    operations: Annotated[dict[OperationState, int], Meta(description="All parties, by state")]
    zones: int
    boundaries: int
    airfields: int
    coverages: int
    agreements: int
    drafts: int


class DataRecord(Told, frozen=True, kw_only=True):
    """What one other party released."""

    party: str
    as_of: Annotated[Time | None, Meta(description="When its set was drawn up")]
    age_s: Annotated[int | None, Meta(description="Age of that statement")]
    oldest_s: Annotated[int | None, Meta(description="Age of its oldest notice")]
    completeness: Completeness | None
    notices: int
    fresh: Annotated[bool, Meta(description="Coverage declared and fresh")]
    reasons: Annotated[tuple[str, ...], Meta(description="What speaks against its set")]


class AgreementGlance(Told, frozen=True, kw_only=True):
    """One version of an agreement."""

    id: str
    version: int
    title: str
    in_force: bool


class NodeRecord(Told, frozen=True, kw_only=True):
    """The node at a glance; the mode stands first and last."""

    mode: Mode
    kind: NodeKind
    party: str
    node_id: str
    name: Annotated[str, Meta(description="The party's name in its agreements, else its id")]
    version: Annotated[str, Meta(description="keepclear's")]
    now: Annotated[Time, Meta(description="The node's clock")]
    is_clock_set: Annotated[bool, Meta(description="Whether that clock was set for an exercise")]
    has_script: Annotated[bool, Meta(description="Whether an exercise's script is played on it")]
    is_uss: Annotated[bool, Meta(description="Whether it is a running USS of F3548")]
    started_at: Time
    change: Annotated[int, Meta(description="The last change; follow events from here")]
    ledger: LedgerGlance
    counts: Counts
    data: tuple[DataRecord, ...]
    agreements: tuple[AgreementGlance, ...]
    mode_again: Mode


def _get(call: Call[NoQuery]) -> Reply:
    has_script, is_uss = call.equipment.board is not None, call.node.coordination.uss is not None
    return Reply({**_record(overview(call.node)), "has_script": has_script, "is_uss": is_uss})


def _record(seen: Overview) -> dict[str, object]:
    identity = seen.identity
    head = seen.head
    return {
        "mode": identity.mode.value,
        "kind": identity.kind.value,
        "party": identity.party,
        "node_id": identity.id,
        "name": _name(seen),
        "version": __version__,
        "now": iso_text(seen.now),
        "is_clock_set": seen.is_clock_set,
        "started_at": iso_text(seen.started_at),
        "change": seen.change,
        "ledger": {
            "size": 0 if head is None else head.head.size,
            "root": None if head is None else head.head.root.hex(),
            "signed_at": None if head is None else iso_text(head.head.at),
        },
        "counts": _counts(seen),
        "data": [_data(each) for each in seen.data],
        "agreements": [
            {
                "id": each.agreement.id,
                "version": each.agreement.version,
                "title": each.agreement.title,
                "in_force": each.in_force,
            }
            for each in seen.agreements
        ],
        "mode_again": identity.mode.value,
    }


def _name(seen: Overview) -> str:
    named = (each.agreement.party(seen.identity.party) for each in reversed(seen.agreements))
    return next((party.name for party in named if party is not None), seen.identity.party)


def _counts(seen: Overview) -> dict[str, object]:
    declared = seen.declarations
    return {
        "operations": {state.value: seen.operations.get(state, 0) for state in OperationState},
        "zones": declared[Subject.ZONE],
        "boundaries": declared[Subject.BOUNDARY],
        "airfields": declared[Subject.AIRFIELD],
        "coverages": declared[Subject.COVERAGE],
        "agreements": declared[Subject.AGREEMENT],
        "drafts": seen.drafts,
    }


def _data(age: DataAge) -> dict[str, object]:
    among = age.among
    return {
        "party": among.party,
        "as_of": None if among.as_of is None else iso_text(among.as_of),
        "age_s": _whole(among.age_s),
        "oldest_s": _whole(among.oldest_s),
        "completeness": None if among.completeness is None else among.completeness.value,
        "notices": among.notices,
        "fresh": age.fresh,
        "reasons": age.reasons,
    }


def _whole(age_s: float | None) -> int | None:
    """Whole seconds, rounded towards older."""
    return None if age_s is None else math.ceil(age_s)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/node",
        summary="The node at a glance",
        handler=_get,
        returns=(Returned(200, "The node", NodeRecord),),
    ),
)
