"""Is a notice of use as a notice: in time, small enough, precise enough?

A finding never refuses a notice; it says what the other side may rightly ask for.

Source: domain study of keepclear, 1.5 (notices of 20 minutes for a very large box) and 5d
(least lead times), as the agreement sets them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TypeVar

import numpy as np

from keepclear.deconflict.packing import BOTTOMLESS_M, PackedVolumes
from keepclear.geometry.compiled import kernel
from keepclear.geometry.geodesy import SEMI_MAJOR_M
from keepclear.model.agreement import Agreement, LeadTime, SizeLimit
from keepclear.model.answer import Finding, FindingKind
from keepclear.model.operation import Operation, OperationClass
from keepclear.model.volume import Corridor

Line = TypeVar("Line", LeadTime, SizeLimit)


def most_specific(lines: Iterable[Line], operation: Operation) -> Line | None:
    """The line that speaks most closely of an operation's class and precedence, or None."""
    fitting = [
        line
        for line in lines
        if line.operation_class in (None, operation.operation_class)
        and line.precedence in (None, operation.precedence)
    ]
    return max(
        fitting,
        key=lambda x: (x.operation_class is not None) + (x.precedence is not None),
        default=None,
    )


def findings_of(
    operation: Operation, packed: PackedVolumes, agreement: Agreement
) -> tuple[Finding, ...]:
    """What the agreement would have better in an operation's notice; empty where all is well."""
    lead = most_specific(agreement.lead_times, operation)
    limit = most_specific(agreement.size_limits, operation)
    found: list[Finding] = []
    if lead is not None:
        found.extend(_late(operation, lead))
    if limit is not None:
        for v in range(len(operation.volumes)):
            found.extend(_big(operation, packed, v, limit))
        found.extend(_vague(operation, limit))
    if operation.operation_class is not OperationClass.GROUND_MOVEMENT and not operation.contact:
        found.append(
            Finding(FindingKind.TOO_VAGUE, "no contact is given for the aircraft or its controller")
        )
    return tuple(found)


def _late(operation: Operation, lead: LeadTime) -> Sequence[Finding]:
    start = min(volume.window.start for volume in operation.volumes)
    ahead_s = (start - operation.received_at).total_seconds()
    if ahead_s >= lead.minimum_s:
        return ()
    when = "before" if ahead_s >= 0.0 else "after"
    reason = (
        f"received {_span(abs(ahead_s))} {when} its start, "
        f"the agreement asks {_span(lead.minimum_s)} before"
    )
    return (Finding(FindingKind.TOO_LATE, reason),)


def _big(
    operation: Operation, packed: PackedVolumes, v: int, limit: SizeLimit
) -> Iterable[Finding]:
    volume = operation.volumes[v]
    extent_m = _extent_m(packed, v, across=isinstance(volume.footprint, Corridor))
    if limit.extent_m is not None and extent_m > limit.extent_m + 0.5:
        yield _too_big(f"{extent_m / 1e3:.1f} km across", f"{limit.extent_m / 1e3:.1f} km", v)
    fact = packed.facts[v]
    direct = fact["lower_surface"] == fact["upper_surface"] or fact["lower_low_m"] == BOTTOMLESS_M
    tall_m = float(
        fact["upper_m"] - fact["lower_m"] if direct else fact["upper_high_m"] - fact["lower_low_m"]
    )
    if limit.thickness_m is not None and np.isfinite(tall_m) and tall_m > limit.thickness_m + 0.5:
        yield _too_big(f"{tall_m:,.0f} m from bottom to top", f"{limit.thickness_m:,.0f} m", v)
    duration_s = volume.window.duration_s
    if limit.duration_s is not None and duration_s > limit.duration_s:
        yield _too_big(f"{_span(duration_s)} long", _span(limit.duration_s), v)


def _too_big(measured: str, most: str, v: int) -> Finding:
    return Finding(FindingKind.TOO_BIG, f"{measured}, the agreement asks at most {most}", v)


def _vague(operation: Operation, limit: SizeLimit) -> Iterable[Finding]:
    if limit.tolerance_s is not None and operation.tolerance_s > limit.tolerance_s:
        yield Finding(
            FindingKind.TOO_VAGUE,
            f"times are given to ±{_span(operation.tolerance_s)}, "
            f"the agreement asks ±{_span(limit.tolerance_s)}",
        )


def _extent_m(packed: PackedVolumes, v: int, *, across: bool) -> float:
    """The greatest distance across a footprint; across its width for a corridor."""
    fact = packed.facts[v]
    thick_m = 2.0 * float(fact["radius_m"])
    if across:
        return thick_m
    return thick_m + float(_widest_rad(packed, v)) * SEMI_MAJOR_M


@kernel
def _widest_rad(packed: PackedVolumes, v: int) -> float:
    """The greatest angle between two vertices of a core."""
    begin = int(packed.facts[v].begin)
    end = begin + int(packed.facts[v].size)
    widest2 = 0.0
    for i in range(begin, end):
        x, y, z = packed.vertices[i]
        for k in range(i + 1, end):
            dx, dy, dz = (
                packed.vertices[k, 0] - x,
                packed.vertices[k, 1] - y,
                packed.vertices[k, 2] - z,
            )
            widest2 = max(widest2, dx * dx + dy * dy + dz * dz)
    return 2.0 * math.asin(min(1.0, 0.5 * math.sqrt(widest2)))


def _span(seconds: float) -> str:
    """A time span in words: the largest two units that matter."""
    minutes = round(seconds / 60.0)
    if minutes < 120:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
