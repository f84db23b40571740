"""Publish an own zone as a constraint, keep it true, take it back.

A constraint is no intent and has no priority: others are told of it, and decide. A zone
without windows binds always, and a constraint lasts a day at most: it is published for a span.

Source: ASTM F3548-21, CSTM0005 .. CSTM0095 and its constants (CstrMaxAreaKm2 10,000,
    CstrMaxDurationHours 24, CstrMaxPlanningHorizonDays 56, CstrMaxVertices 1,000).
"""

from __future__ import annotations

import logging
from datetime import timedelta

from keepclear.errors import (
    InvalidInput,
    NotFound,
    NotOurs,
    NotPermitted,
    PeerTrouble,
)
from keepclear.f3548.details import MOST_CONSTRAINT_VERTICES
from keepclear.f3548.soundness import AreaLimits, require_sound_area
from keepclear.formats.documents.airspace import stored_zone
from keepclear.formats.documents.published import PublishedConstraint
from keepclear.formats.f3548 import Volume4D
from keepclear.formats.f3548.volumes import area_of, moment_of
from keepclear.model.node import Subject
from keepclear.model.operation import Operation, OperationClass, Source, SourceKind
from keepclear.model.volume import Volume
from keepclear.model.window import Window
from keepclear.model.zone import Zone
from keepclear.ports.store import Declaration
from keepclear.services.uss.complaining import doubt_service
from keepclear.services.uss.constraint_sharing import put_constraint, take_back
from keepclear.services.uss.extents import extents_of
from keepclear.services.uss.publishing import releaser
from keepclear.services.uss.uss import Uss

_log = logging.getLogger(__name__)

LIMITS = AreaLimits(most_area_km2=10_000.0)
LONGEST = timedelta(hours=24)
HORIZON = timedelta(days=56)


def publish_zone(
    uss: Uss, zone_id: str, span: Window | None = None, *, role: str, actor: str = ""
) -> PublishedConstraint:
    """Publish an own zone, or bring what is published of it up to date.

    Args:
        uss: ours.
        zone_id: which zone.
        span: when it binds; left out, the zone's own windows.
        role: as what the person is on duty.
        actor: who releases it.

    Raises:
        NotPermitted: this USS manages no constraints, or no role here is called that.
        NotFound, NotOurs: there is no such zone, or another party declared it.
        InvalidInput: it has no window, lasts too long, or is too large for the standard.
        PeerTrouble: the discovery service could not be dealt with; nothing was published.
    """
    if not uss.settings.manages_constraints:
        raise NotPermitted(
            "this USS has no right to manage constraints",
            remedy="Add utm.constraint_management to f3548.scopes, where the authority gives it.",
        )
    with uss.node.store.view() as view:
        released_by = releaser(uss, view, role, actor)
    with uss.own.alone(zone_id):
        declaration = _zone(uss, zone_id)
        volumes = _volumes(uss, stored_zone(declaration.body), span)
        known = _published_of(uss, zone_id)
        entity_id = known.id if known else uss.node.entropy.new_id()
        with uss.own.alone(entity_id):
            return put_constraint(uss, declaration, entity_id, volumes, released_by)


def withdraw_zone(uss: Uss, zone_id: str, *, role: str, actor: str = "") -> None:
    """Take a published zone back; the zone itself stays declared.

    Raises:
        NotPermitted: no role here is called that.
        NotFound: it is not published.
        PeerTrouble: the discovery service could not be dealt with; it is asked again.
    """
    with uss.node.store.view() as view:
        actor = releaser(uss, view, role, actor)
    with uss.own.alone(zone_id):
        known = _published_of(uss, zone_id)
        if known is None:
            raise NotFound(f"zone {zone_id} is not published to F3548")
        with uss.own.alone(known.id):
            take_back(uss, known.id, actor=actor)


def _published_of(uss: Uss, zone_id: str) -> PublishedConstraint | None:
    return next((each for each in uss.own.constraints() if each.zone == zone_id), None)


def _zone(uss: Uss, zone_id: str) -> Declaration:
    with uss.node.store.view() as view:
        declaration = view.declaration(Subject.ZONE, zone_id)
    if declaration is None or not declaration.live:
        raise NotFound(f"there is no zone {zone_id}")
    if declaration.party != uss.node.identity.party:
        raise NotOurs(f"zone {zone_id} was declared by {declaration.party}")
    return declaration


def _volumes(uss: Uss, zone: Zone, span: Window | None) -> tuple[Volume4D, ...]:
    windows = zone.windows if span is None else (span,)
    if not windows:
        raise InvalidInput(
            f"zone {zone.id} binds always, and a constraint has a span",
            remedy="Say from when until when it is to be published, a day at most.",
        )
    starts, ends = min(each.start for each in windows), max(each.end for each in windows)
    now = uss.now()
    if ends <= now:
        raise InvalidInput(f"zone {zone.id} has ended")
    if ends - max(starts, now) > LONGEST:
        raise InvalidInput(f"a constraint lasts {LONGEST.total_seconds() / 3600:.0f} h at most")
    if starts > now + HORIZON:
        raise InvalidInput(f"a constraint starts within {HORIZON.days} days")
    volumes = extents_of(uss.node, _as_operation(uss, zone, windows)).volumes
    for each in volumes:
        require_sound_area(area_of(each), LIMITS)
    if sum(_vertices(each) for each in volumes) > MOST_CONSTRAINT_VERTICES:
        raise InvalidInput(f"a constraint has {MOST_CONSTRAINT_VERTICES:,} vertices at most")
    return volumes


def _as_operation(uss: Uss, zone: Zone, windows: tuple[Window, ...]) -> Operation:
    """The zone's shape in each of its windows, as something whose heights can be reckoned."""
    identity = uss.node.identity
    return Operation(
        id=uss.node.entropy.new_id(),
        party=identity.party,
        designator=zone.id,
        operation_class=OperationClass.MANNED,
        volumes=tuple(Volume(zone.footprint, zone.band, each) for each in windows),
        mode=identity.mode,
        source=Source(SourceKind.TYPED),
        received_at=uss.now(),
    )


def _vertices(extent: Volume4D) -> int:
    polygon = extent.volume.outline_polygon
    return len(polygon.vertices) if polygon else 1


def follow_zone(uss: Uss, entity_id: str) -> bool:
    """Bring a constraint in line with its zone; whether it is.

    A zone that was cancelled, and a constraint whose time is over or that was never answered,
    are taken back. A zone that changed is published in its new shape for the span that was
    released. One that somebody else is changing is left to them, and looked at next time.
    """
    with uss.own.alone_if_free(entity_id) as is_free:
        if not is_free:
            return True
        # Looked at only once nobody else changes it: what is being put is not there yet.
        published = uss.own.constraint(entity_id)
        if published is None:
            return True
        try:
            return _brought_in_line(uss, published)
        except (InvalidInput, PeerTrouble) as trouble:
            doubt_service(uss, trouble)
            _log.warning("constraint %s does not follow its zone: %s", entity_id, trouble)
            return False


def _brought_in_line(uss: Uss, published: PublishedConstraint) -> bool:
    with uss.node.store.view() as view:
        zone = view.declaration(Subject.ZONE, published.zone)
    is_over = (
        published.constraint is None
        or not published.is_wanted
        or moment_of(published.constraint.reference.time_end) < uss.now()
    )
    if zone is None or not zone.live or is_over:
        return take_back(uss, published.id, actor="")
    if zone.version != published.zone_version:
        volumes = _volumes(uss, stored_zone(zone.body), _span(published))
        put_constraint(uss, zone, published.id, volumes, published.released_by)
    return True


def _span(published: PublishedConstraint) -> Window | None:
    if published.constraint is None:
        return None
    reference = published.constraint.reference
    return Window(moment_of(reference.time_start), moment_of(reference.time_end))
