"""Constraints at the discovery service: made, changed, removed, looked for.

Source: ASTM F3548-21, interface UTM API 1.0.0: constraint_references.
"""

from __future__ import annotations

from collections.abc import Sequence

from keepclear.f3548.extent import Extent, microseconds_of
from keepclear.formats.f3548 import (
    ChangeConstraintReferenceResponse,
    GetConstraintReferenceResponse,
    PutConstraintReferenceParameters,
    QueryConstraintReferenceParameters,
    QueryConstraintReferencesResponse,
    id_of,
)
from keepclear.ports.dss_store import ConstraintRecord, DssUnit, DssView, StoredConstraint
from keepclear.services.dss.base_urls import require_base_url
from keepclear.services.dss.discovery import Dss, Work
from keepclear.services.dss.extents import asked_extent, entity_extent
from keepclear.services.dss.nearby import constraints_near, require_sparse
from keepclear.services.dss.records import constraint_reference, subscribers_of
from keepclear.services.dss.versions import (
    require_changed,
    require_named,
    require_new,
    require_own,
    require_there,
    require_version,
)


def put_constraint(
    dss: Dss,
    caller: str,
    entity_id: str,
    ovn: str | None,
    body: PutConstraintReferenceParameters,
) -> Work[ChangeConstraintReferenceResponse]:
    """Make a constraint, or change the one of an OVN; None where it must be new.

    Raises:
        InvalidInput: the request cannot be used, whatever is stored.

    Returns:
        What is to be decided in the writer. It raises VersionConflict, NotOurs, or InvalidInput
        where its volumes lie so far apart that too much is between them.
    """
    constraint_id, now = id_of(entity_id), dss.now()
    require_named(ovn, "OVN")
    allow_http = dss.limits.allow_http_base_urls
    require_base_url(body.uss_base_url, "uss_base_url", allow_http=allow_http)
    extent = entity_extent(body.extents, dss.limits, now)
    record = ConstraintRecord(constraint_id, caller, 1, dss.new_token(), body.uss_base_url)
    now_us, limits = microseconds_of(now), dss.limits

    def put(unit: DssUnit) -> ChangeConstraintReferenceResponse:
        require_sparse(unit, extent, limits)
        return _put(unit, record, ovn, extent, now_us)

    return put


def delete_constraint(
    dss: Dss, caller: str, entity_id: str, ovn: str
) -> Work[ChangeConstraintReferenceResponse]:
    """Remove a constraint of an OVN.

    Raises:
        InvalidInput: the id is none, or the OVN empty.

    Returns:
        What is to be decided in the writer. It raises NotFound, NotOurs or VersionConflict.
    """
    constraint_id, now_us = id_of(entity_id), microseconds_of(dss.now())
    require_named(ovn, "OVN")
    return lambda unit: _delete(unit, caller, constraint_id, ovn, now_us)


def get_constraint(
    dss: Dss,  # noqa: ARG001  (every call of the service begins alike)
    view: DssView,
    caller: str,
    entity_id: str,
) -> GetConstraintReferenceResponse:
    """One constraint.

    Raises:
        NotFound: there is none of that id.
    """
    constraint_id = id_of(entity_id)
    stored = require_there(view.constraint(constraint_id), f"constraint {constraint_id}")
    return GetConstraintReferenceResponse(constraint_reference=constraint_reference(stored, caller))


def query_constraints(
    dss: Dss, view: DssView, caller: str, body: QueryConstraintReferenceParameters
) -> QueryConstraintReferencesResponse:
    """The constraints in or near an area, those that ended lately included.

    Raises:
        InvalidInput: the area cannot be used, or holds too many; narrow it.
    """
    extent = asked_extent(body.area_of_interest, dss.limits)
    return QueryConstraintReferencesResponse(
        constraint_references=tuple(
            constraint_reference(each, caller)
            for each in constraints_near(view, extent, dss.limits)
        )
    )


def _put(
    unit: DssUnit, record: ConstraintRecord, ovn: str | None, extent: Extent, now_us: int
) -> ChangeConstraintReferenceResponse:
    name = f"constraint {record.id}"
    found = unit.constraint(record.id)
    if ovn is None:
        require_new(found, name)
        unit.add_constraint(record, extent)
        places: tuple[Extent, ...] = (extent,)
    else:
        stored = require_changed(found, name)
        require_own(stored.record, record.manager, name)
        require_version(stored.record.ovn, ovn, name)
        before = unit.constraint_extent(stored.number)
        record = record._replace(version=stored.record.version + 1)
        unit.change_constraint(stored.number, record, extent, before=before)
        places = (extent,) if before == extent else (before, extent)
    now = require_there(unit.constraint(record.id), name)
    return _changed(unit, now, record.manager, places, now_us)


def _delete(
    unit: DssUnit, caller: str, constraint_id: str, ovn: str, now_us: int
) -> ChangeConstraintReferenceResponse:
    name = f"constraint {constraint_id}"
    stored = require_there(unit.constraint(constraint_id), name)
    require_own(stored.record, caller, name)
    require_version(stored.record.ovn, ovn, name)
    extent = unit.constraint_extent(stored.number)
    unit.drop_constraint(stored.number, extent)
    return _changed(unit, stored, caller, (extent,), now_us)


def _changed(
    unit: DssUnit, stored: StoredConstraint, caller: str, places: Sequence[Extent], now_us: int
) -> ChangeConstraintReferenceResponse:
    notified = unit.notify(places, of_constraints=True, now_us=now_us)
    return ChangeConstraintReferenceResponse(
        subscribers=subscribers_of(notified),
        constraint_reference=constraint_reference(stored, caller),
    )
