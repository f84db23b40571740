"""Refuse shapes that are none: edges that cross, holes outside, coordinates exchanged.

Readers know bytes and words; whether a ring is simple takes geometry, so it is asked here,
before anything is compared or stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from keepclear.deconflict.containment import Shape
from keepclear.deconflict.packing import lateral_pack
from keepclear.errors import InvalidAgreement, InvalidFile, InvalidFootprint
from keepclear.formats.agreement import check_agreement, read_agreement
from keepclear.formats.agreement.lines import KeyPath, locate
from keepclear.formats.agreement.problems import Problem, Severity, spelled
from keepclear.geometry.footprint import unsound
from keepclear.model.agreement import Agreement
from keepclear.model.operation import Operation
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, positions_of


def sound_plans(
    plans: PlanSet, *, area: Footprint | None = None, skip_invalid: bool = False
) -> PlanSet:
    """The same plans, once their shapes are known to be sound.

    Args:
        plans: as read.
        area: where operations are expected; None leaves exchanged coordinates unasked.
        skip_invalid: put operations, coverage statements and zones with unsound shapes among
            the rejected instead of refusing all.

    Raises:
        InvalidFile: a shape is unsound; it names file, feature and remedy.
    """
    shapes = [volume.footprint for one in plans.operations for volume in one.volumes]
    owners = [one for one in plans.operations for _ in one.volumes]
    bad: dict[str, InvalidFile] = {}
    for v, fault in unsound(shapes).items():
        bad.setdefault(owners[v].id, _refusal(owners[v], fault))
    for one in _exchanged(plans.operations, area) if area is not None else ():
        bad.setdefault(one.id, _refusal(one, _EXCHANGED))
    lost_coverages = unsound([coverage.area for coverage in plans.coverages])
    lost_zones = unsound([zone.footprint for zone in plans.zones])
    if not (bad or lost_coverages or lost_zones):
        return plans
    rejected = [
        *bad.values(),
        *(
            _named(f"the coverage of {plans.coverages[i].party}", f)
            for i, f in lost_coverages.items()
        ),
        *(_named(f"zone {plans.zones[i].id}", f) for i, f in lost_zones.items()),
    ]
    if rejected and not skip_invalid:
        raise rejected[0]
    return replace(
        plans,
        operations=tuple(one for one in plans.operations if one.id not in bad),
        coverages=tuple(c for i, c in enumerate(plans.coverages) if i not in lost_coverages),
        zones=tuple(z for i, z in enumerate(plans.zones) if i not in lost_zones),
        rejected=(*plans.rejected, *rejected),
    )


def require_sound_agreement(agreement: Agreement) -> None:
    """Refuse an agreement with an unsound shape.

    Raises:
        InvalidAgreement: it names what the shape belongs to.
    """
    for path, fault in _agreement_faults(agreement):
        raise InvalidAgreement(f"{spelled(path)}: {fault.message}", remedy=fault.remedy)


def agreement_problems(data: bytes, *, name: str) -> tuple[Problem, ...]:
    """Everything wrong with an agreement's text, its shapes included; empty where all is well."""
    problems = check_agreement(data, name=name)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return problems  # what cannot be read has no shapes yet
    lines = locate(data.decode("utf-8-sig").replace("\r\n", "\n"))
    return problems + tuple(
        Problem(lines.of(path), spelled(path), fault.message, fault.remedy)
        for path, fault in _agreement_faults(read_agreement(data, name=name))
    )


def _agreement_faults(agreement: Agreement) -> list[tuple[KeyPath, InvalidFootprint]]:
    """What is wrong with an agreement's shapes, each with the table it stands in."""
    placed: list[tuple[KeyPath, Footprint]] = [
        (("area",), agreement.area),
        *((("zone", i), zone.footprint) for i, zone in enumerate(agreement.zones)),
        *(
            (("boundary", i), Corridor(line.line, 1.0))
            for i, line in enumerate(agreement.boundaries)
        ),
        *(
            (("airfield", i, "corridor", j), way.corridor)
            for i, field in enumerate(agreement.airfields)
            for j, way in enumerate(field.corridors)
        ),
    ]
    faults = unsound([footprint for _, footprint in placed])
    return [(placed[i][0], fault) for i, fault in faults.items()]


_EXCHANGED = InvalidFootprint(
    "it lies outside the agreement's area, and inside it with latitude and longitude exchanged",
    remedy="Write latitude and longitude in the order the format asks for.",
)


def _exchanged(operations: Sequence[Operation], area: Footprint) -> Iterable[Operation]:
    """Operations that lie in an area only once latitude and longitude are exchanged."""
    shape = _shape_of(area)
    packed = lateral_pack([volume.footprint for one in operations for volume in one.volumes])
    begin = 0
    for operation in operations:
        first, begin = begin, begin + len(operation.volumes)
        if any(shape.touches(packed, v) for v in range(first, begin)):
            continue
        turned = [_turned(volume.footprint) for volume in operation.volumes]
        known = [footprint for footprint in turned if footprint is not None]
        if len(known) == len(turned):
            exchanged = lateral_pack(known)
            if all(shape.touches(exchanged, v) for v in range(len(known))):
                yield operation


@lru_cache(maxsize=16)
def _shape_of(area: Footprint) -> Shape:
    """The shape of an agreement's area; the same few are asked about again and again."""
    return Shape(area)


def _turned(footprint: Footprint) -> Footprint | None:
    """The footprint with latitude and longitude exchanged; None where that is no place."""
    if any(abs(position.longitude_deg) > 90.0 for position in positions_of(footprint)):
        return None

    def turned(positions: Iterable[Position]) -> tuple[Position, ...]:
        return tuple(Position(p.longitude_deg, p.latitude_deg) for p in positions)

    match footprint:
        case Circle(centre=centre, radius_m=radius_m):
            return Circle(turned([centre])[0], radius_m)
        case Corridor(centreline=line, half_width_m=half_width_m):
            return Corridor(turned(line), half_width_m)
        case Polygon(rings=rings):
            return Polygon(tuple(turned(ring) for ring in rings))


def _refusal(operation: Operation, fault: InvalidFootprint) -> InvalidFile:
    source = operation.source
    feature = source.feature or operation.designator
    return InvalidFile(
        fault.message, file=source.name or source.kind, feature=feature, remedy=fault.remedy
    )


def _named(name: str, fault: InvalidFootprint) -> InvalidFile:
    return InvalidFile(fault.message, file="plans", feature=name, remedy=fault.remedy)
