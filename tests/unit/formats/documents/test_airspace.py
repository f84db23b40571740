"""Zones, boundaries, airfields and coverage statements from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from keepclear.errors import InvalidAltitude, InvalidFootprint, InvalidInput, InvalidOperation
from keepclear.formats.documents.airspace import airfield_from, boundary_from, zone_from
from keepclear.formats.documents.coverage import coverage_from
from keepclear.model.coverage import Completeness
from keepclear.model.operation import OperationClass
from keepclear.model.zone import EntryRule, ZoneStatus

ID = "0b4f8f5e-6d0c-4a52-9c8e-6d2b7c1e0a11"
HERE = {"latitude_deg": 35.4, "longitude_deg": 35.9}
THERE = {"latitude_deg": 35.9, "longitude_deg": 36.4}
CIRCLE = {"kind": "circle", "centre": HERE, "radius_m": 9_260}
CORRIDOR = {"kind": "corridor", "centreline": [HERE, THERE], "half_width_m": 1_852}
GROUND = {"value_m": 0, "reference": "AGL", "datum_m": 48}
TOP = {"value_m": 3_048, "reference": "QNH"}
WINDOW = {"start": "2026-03-14T05:00Z", "end": "2026-03-14T09:00Z"}
ZONE = {"kind": "hazard", "footprint": CIRCLE, "lower": GROUND, "upper": TOP}
RULE = {"party": "BLUE", "keeps_to": "left"}
BOUNDARY = {"line": [HERE, THERE], "rules": [RULE]}
APPROACH = {"name": "RWY 17 arrival", "corridor": CORRIDOR, "lower": GROUND, "upper": TOP}
AIRFIELD = {
    "position": HERE,
    "elevation_m": 48,
    "party": "AMBER",
    "ring_radius_m": 9_260,
    "ring_lower": GROUND,
    "ring_upper": TOP,
}
COVERAGE = {"area": CIRCLE, **WINDOW, "as_of": "2026-03-14T04:00Z", "completeness": {}}


def zone(document: Any) -> object:
    return zone_from(document, zone_id="Z-1")


def boundary(document: Any) -> object:
    return boundary_from(document, boundary_id="L-1")


def airfield(document: Any) -> object:
    return airfield_from(document, airfield_id="OSLK")


def coverage(document: Any) -> object:
    return coverage_from(document, coverage_id=ID, party="BLUE")


def test_what_a_zone_does_not_say_is_the_strictest() -> None:
    read = zone_from(ZONE, zone_id="Z-1")
    assert (read.id, read.name, read.windows) == ("Z-1", "", ())
    assert (read.entry, read.status) == (EntryRule.PROHIBITED, ZoneStatus.ACTIVE)


def test_what_coverage_does_not_say_counts_as_none() -> None:
    stated = {**COVERAGE, "completeness": {"manned": "partial"}}
    read = coverage_from(stated, coverage_id=ID, party="BLUE")
    assert read.of(OperationClass.MANNED) is Completeness.PARTIAL
    assert read.of(OperationClass.UNMANNED) is Completeness.NONE
    assert read.notice_count is None


def test_coverage_may_name_a_party_of_its_own() -> None:
    assert (
        coverage_from({**COVERAGE, "party": "GREEN"}, coverage_id=ID, party="BLUE").party == "GREEN"
    )


REFUSED: list[tuple[Callable[[Any], object], Any, type[InvalidInput], str]] = [
    (zone, {**ZONE, "id": "Z-2"}, InvalidOperation, "id: Z-2 is not Z-1"),
    (zone, {**ZONE, "id": "z-1"}, InvalidOperation, "id: z-1 is not Z-1"),
    (zone_from, ZONE, InvalidOperation, "id: missing"),
    (zone, {**ZONE, "kind": "air-defence hazard area"}, InvalidOperation, "Z-1: an air-defence"),
    (zone, {**ZONE, "windows": [{"start": "now"}]}, InvalidInput, "windows[0].start: the time"),
    (zone, {**ZONE, "classes": ["manned", "manned"]}, InvalidOperation, "classes: 'manned' stands"),
    (zone, {**ZONE, "status": "inactive"}, InvalidOperation, "status: 'inactive' is not known"),
    (zone, {**ZONE, "version": "1"}, InvalidOperation, "version: '1' is not a whole number"),
    (zone, {**ZONE, "lower": TOP | {"datum_m": 3}}, InvalidAltitude, "lower: QNH altitudes have"),
    (boundary, {**BOUNDARY, "line": [HERE, HERE]}, InvalidOperation, "L-1: a boundary needs"),
    (boundary, {**BOUNDARY, "rules": []}, InvalidOperation, "rules: the list is empty"),
    (boundary, {**BOUNDARY, "rules": [RULE, RULE]}, InvalidOperation, "rules: 'BLUE' stands twice"),
    (
        boundary,
        {**BOUNDARY, "rules": [RULE | {"crossing": "on contact"}]},
        InvalidOperation,
        "rules[0].crossing: a line has no contact",
    ),
    (
        airfield,
        {**AIRFIELD, "elevation_m": float("nan")},
        InvalidOperation,
        "elevation_m: an elevation of nan m",
    ),
    (airfield, {**AIRFIELD, "ring_radius_m": 0}, InvalidOperation, "OSLK: the ring radius"),
    (
        airfield,
        {**AIRFIELD, "corridors": [APPROACH | {"corridor": CIRCLE}]},
        InvalidFootprint,
        "corridors[0].corridor",
    ),
    (coverage, {**COVERAGE, "completeness": []}, InvalidOperation, "completeness: a list is not"),
    (
        coverage,
        {**COVERAGE, "completeness": {"manned": "all"}},
        InvalidOperation,
        "completeness['manned']: 'all' is not known",
    ),
    (
        coverage,
        {**COVERAGE, "completeness": {"men": "none"}},
        InvalidOperation,
        "completeness: 'men' is not known",
    ),
    (coverage, {**COVERAGE, "notice_count": -1}, InvalidOperation, "notice_count: -1 is below 0"),
    (coverage_from, COVERAGE, InvalidOperation, "id: missing"),
]


@pytest.mark.parametrize(("read", "document", "kind", "message"), REFUSED)
def test_what_cannot_be_used_is_refused_by_place(
    read: Callable[[Any], object], document: Any, kind: type[InvalidInput], message: str
) -> None:
    with pytest.raises(kind) as caught:
        read(document)
    assert caught.value.message.startswith(message)
    assert caught.value.remedy


def test_an_airfield_with_its_corridors_is_read_whole() -> None:
    read = airfield_from({**AIRFIELD, "corridors": [APPROACH]}, airfield_id="OSLK")
    assert [approach.name for approach in read.corridors] == ["RWY 17 arrival"]
