"""Put an own constraint to the discovery service, or take it back; keep it, and tell who must know.

That it is asked for, and that it is to go, is kept before the service is asked.

Source: ASTM F3548-21, CSTM0005 .. CSTM0095; interface UTM API 1.0.0,
    PutConstraintReferenceParameters.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET

from keepclear.errors import InvalidInput, NotFound, PeerTrouble, VersionConflict
from keepclear.formats.documents.published import PublishedConstraint
from keepclear.formats.f3548 import (
    ChangeConstraintReferenceResponse,
    Constraint,
    ConstraintDetails,
    ConstraintProviderAssociation,
    PutConstraintReferenceParameters,
    SubscriberToNotify,
)
from keepclear.formats.f3548.volumes import moment_of
from keepclear.ledger.entries import EntryKind
from keepclear.ports.exchange_log import LogSort
from keepclear.ports.store import Declaration
from keepclear.services.uss.keeping import keep_constraint
from keepclear.services.uss.notifying import constraint_notices
from keepclear.services.uss.unanswered import (
    Extents,
    constraint_removed_again,
    constraint_removed_over,
    may_still_come,
    put_over,
    stale,
    still_unanswered,
    unanswered,
)
from keepclear.services.uss.uss import Uss

TYPE = "org.keepclear.zone"


def put_constraint(
    uss: Uss, zone: Declaration, entity_id: str, volumes: Extents, actor: str
) -> PublishedConstraint:
    """Put a zone's volumes as a constraint; the caller holds `uss.own.alone`.

    Raises:
        InvalidInput: the discovery service refuses it.
        PeerTrouble: it could not be dealt with; a new one is taken back, a change is put back.
    """
    current = _asked_for(uss, zone, entity_id, actor)
    try:
        response = _asked(uss, current, volumes)
    except InvalidInput:
        if current.constraint is None and current.unanswered_at is None:
            keep_constraint(uss, current, EntryKind.CONSTRAINT_WITHDRAWN, actor=actor)
        raise
    except PeerTrouble:
        _keep_unanswered(uss, current, actor)
        raise
    constraint = Constraint(
        reference=response.constraint_reference,
        details=ConstraintDetails(volumes=volumes, type=TYPE),
    )
    published = PublishedConstraint(
        id=entity_id,
        zone=zone.id,
        zone_version=zone.version,
        constraint=constraint,
        is_wanted=True,
        released_by=actor,
        released_at=uss.now(),
        unanswered_at=still_unanswered(current, uss.now()),
    )
    return _keep_put(uss, current, published, response.subscribers, actor)


def _keep_unanswered(uss: Uss, current: PublishedConstraint, actor: str) -> None:
    """The service may have done it: `following` takes a new one back, and puts a change back."""
    is_new = current.constraint is None
    doubted = unanswered(current, uss.now()) if is_new else stale(current)
    if doubted != current:
        kind = EntryKind.CONSTRAINT_TRIED if is_new else EntryKind.CONSTRAINT_CHANGED
        keep_constraint(uss, doubted, kind, actor=actor)


def _keep_put(
    uss: Uss,
    before: PublishedConstraint,
    published: PublishedConstraint,
    subscribers: Sequence[SubscriberToNotify],
    actor: str,
) -> PublishedConstraint:
    uss.log.keep(
        LogSort.CONSTRAINT_PROVIDER,
        ConstraintProviderAssociation(
            constraint_id=published.id,
            constraint_provider_id=uss.settings.operator or uss.node.identity.party,
        ),
    )
    is_new = before.constraint is None
    return keep_constraint(
        uss,
        published,
        EntryKind.CONSTRAINT_PUBLISHED if is_new else EntryKind.CONSTRAINT_CHANGED,
        actor=actor,
        waiting=constraint_notices(uss, subscribers, published.id, published.constraint or UNSET),
    )


def _asked_for(uss: Uss, zone: Declaration, entity_id: str, actor: str) -> PublishedConstraint:
    """Keep that a new one is asked for; unless the service answers, it is to be taken back."""
    current = uss.own.constraint(entity_id)
    if current is not None and current.constraint is not None:
        return current
    tried = PublishedConstraint(
        id=entity_id,
        zone=zone.id,
        zone_version=zone.version,
        constraint=None,
        is_wanted=False,
        released_by=actor,
        released_at=uss.now(),
        unanswered_at=None if current is None else uss.now(),
    )
    return keep_constraint(uss, tried, EntryKind.CONSTRAINT_TRIED, actor=actor)


def _asked(
    uss: Uss, current: PublishedConstraint, volumes: Extents
) -> ChangeConstraintReferenceResponse:
    constraint = current.constraint
    ovn = None if constraint is None else constraint.reference.ovn or ""

    def ask(over: str | None, extents: Extents) -> ChangeConstraintReferenceResponse:
        base_url = uss.settings.base_url
        body = PutConstraintReferenceParameters(extents=extents, uss_base_url=base_url)
        return uss.dss.put_constraint(current.id, over, body)

    try:
        return ask(ovn, volumes)
    except VersionConflict:
        # Our word of before was taken and its answer lost; or the service lost all of it.
        try:
            known = uss.dss.constraint(current.id).ovn or ""
        except NotFound:
            return ask(None, volumes)
        if known == (ovn or ""):
            raise
    before = () if constraint is None else constraint.details.volumes
    return put_over(ask, _ovn_in, known, (volumes, before))


def _ovn_in(response: ChangeConstraintReferenceResponse) -> str:
    return response.constraint_reference.ovn or ""


def take_back(uss: Uss, entity_id: str, *, actor: str) -> bool:
    """Take an own constraint back; whether nothing of it can be there any more.

    The caller holds `uss.own.alone`.

    Raises:
        PeerTrouble: the discovery service could not be dealt with; ask again.
    """
    current = uss.own.constraint(entity_id)
    if current is None:
        return True
    current = _unwanted(uss, current, actor)
    is_doubted, was_there = may_still_come(current, uss.now()), current.constraint is not None
    subscribers = _removed(uss, current)
    if subscribers is None and is_doubted and not was_there:
        return False
    is_looked_for = was_there and is_doubted
    keep_constraint(
        uss,
        msgspec.structs.replace(current, constraint=None) if is_looked_for else current,
        EntryKind.CONSTRAINT_CHANGED if is_looked_for else EntryKind.CONSTRAINT_WITHDRAWN,
        actor=actor,
        waiting=constraint_notices(uss, subscribers or (), current.id, UNSET),
    )
    return True


def _unwanted(uss: Uss, current: PublishedConstraint, actor: str) -> PublishedConstraint:
    """Keep that it is to go, so that a removal whose answer is lost is known as ours."""
    marked = msgspec.structs.replace(current, is_wanted=False)
    if current.constraint is None and current.unanswered_at is None:
        marked = unanswered(marked, uss.now())
    if marked != current:
        keep_constraint(uss, marked, EntryKind.CONSTRAINT_CHANGED, actor=actor)
    return marked


def _removed(uss: Uss, current: PublishedConstraint) -> tuple[SubscriberToNotify, ...] | None:
    """Remove it at the discovery service; who must know, None where there was nothing of it."""
    constraint = current.constraint
    try:
        if constraint is None:
            ovn = uss.dss.constraint(current.id).ovn or ""
            return uss.dss.delete_constraint(current.id, ovn).subscribers
        try:
            ovn = constraint.reference.ovn or ""
            return uss.dss.delete_constraint(current.id, ovn).subscribers
        except VersionConflict:
            return constraint_removed_over(uss, constraint)
    except NotFound:
        if constraint is None or moment_of(constraint.reference.time_end) < uss.now():
            return None
        keep_constraint(uss, unanswered(current, uss.now()), EntryKind.CONSTRAINT_CHANGED)
        return constraint_removed_again(uss, constraint)
