"""May another service's details be believed: do they fit what the discovery service says.

A service whose details do not hold must not be planned around as if they did.

Source: ASTM F3548-21, interface UTM API 1.0.0, OperationalIntentDetails and
    ConstraintDetails (which volumes each state has, what each volume must have),
    OperationalIntentReference; requirements OPIN0015, SCD0070 and the standard's constants
    OiMaxVertices, ConstraintMaxVertices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from keepclear.errors import InvalidInput
from keepclear.f3548.soundness import AreaLimits, require_sound_area
from keepclear.formats.f3548 import (
    Constraint,
    ConstraintReference,
    OperationalIntent,
    OperationalIntentDetails,
    OperationalIntentReference,
    Volume4D,
    area_of,
    moment_of,
    volume_of,
)
from keepclear.model.coordination import IntentState

MOST_INTENT_VERTICES = 10_000
MOST_CONSTRAINT_VERTICES = 1_000

_ANY_SIZE = AreaLimits(most_area_km2=1e9)
_TIME_TOLERANCE = timedelta(milliseconds=1)
"""Services write times to the microsecond or coarser; nothing else is forgiven."""
_SHORTEST_OVN = 16


def faults_of_intent(
    told: OperationalIntent, reference: OperationalIntentReference
) -> tuple[str, ...]:
    """What is wrong with an intent as its manager tells it; nothing where it may be believed.

    Its subscription and availability are not compared: they change without a new version.

    Args:
        told: from its manager.
        reference: from the discovery service.
    """
    volumes = [*(told.details.volumes or ()), *(told.details.off_nominal_volumes or ())]
    return (
        *_reference_faults(told.reference, reference),
        *_state_faults(told.reference.state, reference.state, told.details),
        *_volume_faults(volumes, reference, MOST_INTENT_VERTICES),
    )


def faults_of_constraint(told: Constraint, reference: ConstraintReference) -> tuple[str, ...]:
    """What is wrong with a constraint as its manager tells it; nothing where it may be believed.

    Args:
        told: from its manager.
        reference: from the discovery service.
    """
    return (
        *_reference_faults(told.reference, reference),
        *_volume_faults(told.details.volumes, reference, MOST_CONSTRAINT_VERTICES),
    )


_Reference = OperationalIntentReference | ConstraintReference


def _reference_faults(told: _Reference, known: _Reference) -> Iterator[str]:
    for name in ("manager", "version", "uss_base_url"):
        ours, theirs = getattr(known, name), getattr(told, name)
        if ours != theirs:
            yield f"{name} is {theirs!r}, at the discovery service {ours!r}"
    if told.id.lower() != known.id.lower():
        yield f"it is about {told.id}, not {known.id}"
    if not told.ovn or len(told.ovn) < _SHORTEST_OVN:
        yield "ovn is missing"
    elif known.ovn and _is_ovn(known.ovn) and known.ovn != told.ovn:
        yield "ovn differs from the discovery service's"
    for name in ("time_start", "time_end"):
        try:
            ours_at, theirs_at = moment_of(getattr(known, name)), moment_of(getattr(told, name))
        except InvalidInput as fault:
            yield f"{name}: {fault.message}"
            continue
        if abs(ours_at - theirs_at) > _TIME_TOLERANCE:
            yield f"{name} is {theirs_at.isoformat()}, not {ours_at.isoformat()}"


def _is_ovn(text: str) -> bool:
    """Tell whether a text can be an OVN; what says whom to ask has spaces in it."""
    return len(text) >= _SHORTEST_OVN and " " not in text


def _state_faults(
    told: IntentState, known: IntentState, details: OperationalIntentDetails
) -> Iterator[str]:
    """What a state asks of the volumes.

    Services of the field leave `volumes` out of a Nonconforming intent, and some leave them in
    a Contingent one: either way all that is claimed is known, so neither is held against them.
    """
    if told is not known:
        yield f"state is {told}, at the discovery service {known}"
    if told.is_nominal and not details.volumes:
        yield f"it is {told} and has no volumes"
    if told.is_nominal and details.off_nominal_volumes:
        yield f"it is {told} and has off_nominal_volumes"
    if not told.is_nominal and not details.off_nominal_volumes:
        yield f"it is {told} and has no off_nominal_volumes"


def _volume_faults(
    volumes: Sequence[Volume4D], reference: _Reference, most_vertices: int
) -> Iterator[str]:
    vertices = sum(_vertices(each) for each in volumes)
    if vertices > most_vertices:
        yield f"it has {vertices:,} vertices, more than {most_vertices:,}"
        return
    try:
        span = moment_of(reference.time_start), moment_of(reference.time_end)
    except InvalidInput:
        return
    for number, extent in enumerate(volumes):
        if fault := _volume_fault(extent, *span):
            yield f"volume {number}: {fault}"


def _volume_fault(extent: Volume4D, start: datetime, end: datetime) -> str:
    try:
        volume = volume_of(extent)
        require_sound_area(area_of(extent), _ANY_SIZE)
    except InvalidInput as fault:
        return fault.message
    if volume.window.start < start - _TIME_TOLERANCE or volume.window.end > end + _TIME_TOLERANCE:
        return "it reaches beyond the reference's times"
    return ""


def _vertices(extent: Volume4D) -> int:
    polygon = extent.volume.outline_polygon
    return len(polygon.vertices) if polygon else 1
