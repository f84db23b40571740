"""Files of plans, taken in whole or not at all."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from keepclear import errors
from keepclear.api.answer_record import OperationRefRecord, Told
from keepclear.api.endpoint import IMPORT_BYTES, Body, Call, Endpoint, Returned
from keepclear.api.replies import Reply
from keepclear.errors import InvalidFile
from keepclear.model.answer import Verdict
from keepclear.model.operation import Mode, Operation
from keepclear.services.importing import ImportReport, import_plans
from keepclear.services.reading_plans import PlanSource


class ImportQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How a file is taken."""

    name: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=200,
            pattern=r"^[^/\\\x00-\x1f]+$",
            description="The file's name; its end says the format, as in `blue.geojson`",
        ),
    ]
    party: Annotated[
        str, Meta(max_length=100, description="Whose operations they are where the file is silent")
    ] = ""
    mode: Annotated[Mode | None, Meta(description="EXERCISE or REAL where the file is silent")] = (
        None
    )
    skip_invalid: Annotated[
        bool, Meta(description="Leave unusable features out and take the others")
    ] = False
    whole_set: Annotated[
        bool, Meta(description="The file is all its parties have: what it does not name ends")
    ] = False
    dry_run: Annotated[bool, Meta(description="Store nothing, say what would be done")] = False


class LeftRecord(Told, frozen=True, kw_only=True):
    """Something left as it is although the file says otherwise."""

    name: str
    reason: str


class RejectedRecord(Told, frozen=True, kw_only=True):
    """A feature that was not taken."""

    place: Annotated[str, Meta(description="Which feature, row or line; empty for the file")]
    text: str
    remedy: str


class ImportRecord(Told, frozen=True, kw_only=True):
    """What an import did, or with `dry_run` would do."""

    taken: Annotated[tuple[OperationRefRecord, ...], Meta(description="New to the node")]
    changed: tuple[OperationRefRecord, ...]
    unchanged: int
    ended: Annotated[tuple[OperationRefRecord, ...], Meta(description="No longer in the set")]
    left: tuple[LeftRecord, ...]
    zones: Annotated[int, Meta(description="Zones declared or changed")]
    coverages: Annotated[int, Meta(description="Coverage statements made or changed")]
    rejected: tuple[RejectedRecord, ...]
    answers: Annotated[
        dict[Verdict, int], Meta(description="How many of our operations got which answer")
    ]
    sha256: Annotated[str, Meta(description="Of the file")]
    stored: Annotated[bool, Meta(description="false for a dry run")]


def _put(call: Call[ImportQuery]) -> Reply:
    query = call.query
    report = import_plans(
        call.node,
        PlanSource(query.name, call.body),
        party=query.party or None,
        mode=query.mode,
        skip_invalid=query.skip_invalid,
        whole_set=query.whole_set,
        dry_run=query.dry_run,
        actor=call.caller.actor,
    )
    return Reply(_record(report))


def _record(report: ImportReport) -> dict[str, object]:
    return {
        "taken": [_ref(operation) for operation in report.taken],
        "changed": [_ref(operation) for operation in report.changed],
        "unchanged": report.unchanged,
        "ended": [_ref(operation) for operation in report.ended],
        "left": [{"name": each.name, "reason": each.reason} for each in report.left],
        "zones": report.zones,
        "coverages": report.coverages,
        "rejected": [_rejected(error) for error in report.rejected],
        "answers": {each.value: report.answers.get(each, 0) for each in Verdict},
        "sha256": report.sha256,
        "stored": report.stored,
    }


def _ref(operation: Operation) -> dict[str, object]:
    return {
        "id": operation.id,
        "designator": operation.designator,
        "party": operation.party,
        "version": operation.version,
        "class": operation.operation_class.value,
    }


def _rejected(error: InvalidFile) -> dict[str, str]:
    return {"place": error.feature, "text": error.message, "remedy": error.remedy}


ENDPOINTS = (
    Endpoint(
        method="PUT",
        path="/api/v1/imports/{import_id}",
        summary="Take in a file of operations, zones and coverage statements",
        description=(
            "All of it is stored or nothing. Sent again it changes nothing more: what is stored "
            "already counts as unchanged."
        ),
        handler=_put,
        query=ImportQuery,
        body=Body(
            None, (), IMPORT_BYTES, "The file: GeoJSON, KML, KMZ or CSV, up to 64 MB, any type."
        ),
        returns=(Returned(200, "What was done, or would be", ImportRecord),),
        errors=(
            errors.InvalidAltitude,
            errors.InvalidWindow,
            errors.InvalidFootprint,
            errors.InvalidOperation,
            errors.InvalidCoordinates,
            errors.InvalidFile,
            errors.ModeMismatch,
            errors.NotOurs,
            errors.StateForbids,
            errors.StoreFull,
        ),
    ),
)
