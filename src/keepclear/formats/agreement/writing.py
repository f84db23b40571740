"""An agreement as TOML text that reads back as the same agreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time
from typing import TypeAlias

from keepclear.formats.agreement.content import SCHEMA
from keepclear.formats.agreement.toml_text import (
    toml_array,
    toml_datetime,
    toml_number,
    toml_string,
)
from keepclear.formats.coordinates import typed_position
from keepclear.formats.quantities import duration_text, parse_length_m, typed_band, typed_length
from keepclear.model.agreement import (
    Agreement,
    CheckPlan,
    Clocks,
    DisclosureLimits,
    SeparationRule,
    SizeLimit,
)
from keepclear.model.party import Party
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position
from keepclear.model.window import Window
from keepclear.model.zone import Airfield, Boundary, Zone
from keepclear.units import feet

Keys: TypeAlias = dict[str, str | None]
"""The keys of one table with their values as they are spelled; None leaves a key out."""


def write_agreement(agreement: Agreement) -> str:
    """Write an agreement as TOML, every term spelled out, without comments.

    Returns:
        A text that `read_agreement` reads as an equal agreement, if this one could have been
        read: what the reader refuses (an empty name, a window before 1990) is not mended.
    """
    return "\n".join(_table(header, keys) for header, keys in _tables(agreement))


def _table(header: str, keys: Keys) -> str:
    lines = [header] if header else []
    lines += [f"{key} = {value}" for key, value in keys.items() if value is not None]
    return "".join(f"{line}\n" for line in lines)


def _tables(agreement: Agreement) -> Iterator[tuple[str, Keys]]:
    yield "", _head(agreement)
    yield "[valid]", _span(agreement.valid)
    yield "[area]", _shape(agreement.area)
    for party in agreement.parties:
        yield from _party(party)
    for rule in agreement.rules:
        yield "[[rule]]", _rule(rule)
    for zone in agreement.zones:
        yield "[[zone]]", _zone(zone)
    for boundary in agreement.boundaries:
        yield from _boundary(boundary)
    for airfield in agreement.airfields:
        yield from _airfield(airfield)
    yield from _notice(agreement)
    yield from _disclosure(agreement)
    for clocks in agreement.clocks:
        yield "[[clocks]]", _clocks(clocks)
    yield from _rest(agreement)


def _head(agreement: Agreement) -> Keys:
    return {
        "schema": toml_string(SCHEMA),
        "id": toml_string(agreement.id),
        "title": toml_string(agreement.title),
        "version": str(agreement.version),
        "mode": toml_string(agreement.mode),
        "caution_factor": toml_number(agreement.caution_factor),
    }


def _party(party: Party) -> Iterator[tuple[str, Keys]]:
    yield (
        "[[party]]",
        {
            "id": toml_string(party.id),
            "name": toml_string(party.name),
            "kind": toml_string(party.kind),
        },
    )
    for member in party.members:
        yield (
            "[[party.member]]",
            {
                "id": toml_string(member.id),
                "name": toml_string(member.name),
                "inherits_disclosure": _flag(member.inherits_disclosure),
            },
        )
    for affiliate in party.affiliates:
        yield (
            "[[party.affiliate]]",
            {
                "id": toml_string(affiliate.id),
                "name": toml_string(affiliate.name),
                "answered_for": _flag(affiliate.answered_for),
            },
        )


def _rule(rule: SeparationRule) -> Keys:
    return {
        "id": toml_string(rule.id),
        "classes": _texts(rule.classes) if rule.classes is not None else None,
        "parties": _texts(rule.parties) if rule.parties is not None else None,
        "zone": toml_string(rule.zone) if rule.zone is not None else None,
        "replaces": _texts(rule.replaces) if rule.replaces else None,
        "lateral": _length(rule.lateral_m),
        "vertical": _height(rule.vertical_m),
        "min_time": _duration(rule.min_time_s),
        "max_inside": _duration(rule.max_inside_s),
    }


def _zone(zone: Zone) -> Keys:
    return {
        "id": toml_string(zone.id),
        "name": toml_string(zone.name),
        "kind": toml_string(zone.kind),
        **_shape(zone.footprint),
        "band": toml_string(typed_band(zone.band)),
        "windows": _windows(zone.windows),
        "entry": toml_string(zone.entry),
        "declared_by": toml_string(zone.declared_by) if zone.declared_by else None,
        "users": _texts(zone.users) if zone.users else None,
        "classes": _texts(zone.classes) if zone.classes else None,
        "status": toml_string(zone.status),
        "contact": toml_string(zone.contact) if zone.contact else None,
    }


def _boundary(boundary: Boundary) -> Iterator[tuple[str, Keys]]:
    yield (
        "[[boundary]]",
        {
            "id": toml_string(boundary.id),
            "name": toml_string(boundary.name),
            "line": _positions(boundary.line),
        },
    )
    for rule in boundary.rules:
        yield (
            "[[boundary.rule]]",
            {
                "party": toml_string(rule.party),
                "keeps_to": toml_string(rule.keeps_to),
                "crossing": toml_string(rule.crossing),
            },
        )


def _airfield(airfield: Airfield) -> Iterator[tuple[str, Keys]]:
    yield (
        "[[airfield]]",
        {
            "id": toml_string(airfield.id),
            "name": toml_string(airfield.name),
            "position": toml_string(typed_position(airfield.position)),
            "elevation": _height(airfield.elevation_m),
            "party": toml_string(airfield.party),
            "ring_radius": _length(airfield.ring_radius_m),
            "ring_band": toml_string(typed_band(airfield.ring_band)),
            "windows": _windows(airfield.windows),
            "contact": toml_string(airfield.contact) if airfield.contact else None,
        },
    )
    for approach in airfield.corridors:
        yield (
            "[[airfield.corridor]]",
            {
                "name": toml_string(approach.name),
                "line": _positions(approach.corridor.centreline),
                "half_width": _length(approach.corridor.half_width_m),
                "band": toml_string(typed_band(approach.band)),
            },
        )


def _notice(agreement: Agreement) -> Iterator[tuple[str, Keys]]:
    for lead_time in agreement.lead_times:
        yield (
            "[[lead_time]]",
            {
                "class": _text(lead_time.operation_class),
                "precedence": _text(lead_time.precedence),
                "minimum": _duration(lead_time.minimum_s),
            },
        )
    for limit in agreement.size_limits:
        yield "[[size_limit]]", _size_limit(limit)


def _size_limit(limit: SizeLimit) -> Keys:
    return {
        "class": _text(limit.operation_class),
        "precedence": _text(limit.precedence),
        "extent": _length(limit.extent_m),
        "thickness": _height(limit.thickness_m),
        "duration": _duration(limit.duration_s),
        "tolerance": _duration(limit.tolerance_s),
    }


def _disclosure(agreement: Agreement) -> Iterator[tuple[str, Keys]]:
    yield "[disclosure]", {"default": toml_string(agreement.default_level.name)}
    for rule in agreement.disclosure:
        yield (
            "[[disclosure.exception]]",
            {
                "of": toml_string(rule.of),
                "to": toml_string(rule.to),
                "class": _text(rule.operation_class),
                "level": toml_string(rule.level.name),
            },
        )


def _clocks(clocks: Clocks) -> Keys:
    return {
        "precedence": toml_string(clocks.precedence),
        "delivery": _duration(clocks.delivery_s),
        "acknowledge": _duration(clocks.acknowledge_s),
        "readback": _duration(clocks.readback_s),
        "escalate": _duration(clocks.escalate_s),
        "alternate": _duration(clocks.alternate_s),
        "top_level": _duration(clocks.top_level_s),
        "answer": _duration(clocks.answer_s),
    }


def _rest(agreement: Agreement) -> Iterator[tuple[str, Keys]]:
    atmosphere, suggestions = agreement.atmosphere, agreement.suggestions
    yield "[check_plan]", _check_plan(agreement.check_plan)
    yield "[coverage]", {"max_age": _duration(agreement.coverage_max_age_s)}
    yield (
        "[atmosphere]",
        {
            "qnh_low_hpa": toml_number(atmosphere.qnh_low_hpa),
            "qnh_high_hpa": toml_number(atmosphere.qnh_high_hpa),
            "temperature_low_c": toml_number(atmosphere.temperature_low_c),
            "temperature_high_c": toml_number(atmosphere.temperature_high_c),
        },
    )
    yield (
        "[suggestions]",
        {
            "time": _duration(suggestions.time_s),
            "vertical": _height(suggestions.vertical_m),
            "lateral": _length(suggestions.lateral_m),
        },
    )
    if agreement.disclosure_limits is not None:
        yield "[disclosure_limits]", _limits(agreement.disclosure_limits)


def _limits(limits: DisclosureLimits) -> Keys:
    return {
        "grid": _length(limits.grid_m),
        "grid_height": _height(limits.grid_height_m),
        "grid_time": _duration(limits.grid_time_s),
        "least_extent": _length(limits.least_extent_m),
        "least_height": _height(limits.least_height_m),
        "least_duration": _duration(limits.least_duration_s),
        "questions": str(limits.questions),
        "window": _duration(limits.window_s),
        "suggestion_cost": str(limits.suggestion_cost),
        "questions_near": str(limits.questions_near),
    }


def _check_plan(plan: CheckPlan) -> Keys:
    return {
        "times": toml_array(toml_string(_check_time(at)) for at in plan.times_z),
        "answer_within": _duration(plan.answer_within_s),
        "lapse_after_missed": str(plan.lapse_after_missed),
        "lapse_after": _duration(plan.lapse_after_s),
    }


def _check_time(at: time) -> str:
    is_on_the_minute = at.second == 0 and at.microsecond == 0
    return f"{at.isoformat('minutes') if is_on_the_minute else at.isoformat()}Z"


def _shape(footprint: Footprint) -> Keys:
    match footprint:
        case Circle(centre=centre, radius_m=radius_m):
            spelled = toml_string(typed_position(centre))
            return {"circle": f"{{ centre = {spelled}, radius = {_length(radius_m)} }}"}
        case Corridor(centreline=line, half_width_m=half_width_m):
            width = _length(half_width_m)
            return {"corridor": f"{{ line = {_positions(line)}, half_width = {width} }}"}
        case Polygon(rings=rings):
            outer, *holes = rings
            spelled_holes = toml_array(_positions(hole) for hole in holes)
            return {
                "polygon": _positions(outer),
                "holes": spelled_holes if holes else None,
            }


def _positions(positions: Iterable[Position]) -> str:
    return toml_array(toml_string(typed_position(position)) for position in positions)


def _windows(windows: tuple[Window, ...]) -> str | None:
    spans = (f"{{ start = {_span(w)['start']}, end = {_span(w)['end']} }}" for w in windows)
    return toml_array(spans) if windows else None


def _span(window: Window) -> Keys:
    return {"start": toml_datetime(window.start), "end": toml_datetime(window.end)}


def _texts(texts: Iterable[str]) -> str:
    return toml_array(toml_string(text) for text in texts)


def _text(text: str | None) -> str | None:
    return None if text is None else toml_string(text)


def _length(length_m: float | None) -> str | None:
    return None if length_m is None else toml_string(typed_length(length_m))


def _height(height_m: float | None) -> str | None:
    """A height or a difference of heights: in whole feet where that is exact."""
    if height_m is None:
        return None
    sign, size_m = ("-" if height_m < 0.0 else ""), abs(height_m)
    in_feet = f"{round(feet(size_m))} ft"
    is_exact = parse_length_m(in_feet) == size_m
    return toml_string(sign + (in_feet if is_exact else typed_length(size_m)))


def _duration(duration_s: float | None) -> str | None:
    return None if duration_s is None else toml_string(duration_text(duration_s))


def _flag(value: bool) -> str:
    return "true" if value else "false"
