"""What a document says of the model is all there is to say: it reads back equal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.formats.documents.airspace import (
    airfield_document,
    airfield_from,
    boundary_document,
    boundary_from,
    stored_airfield,
    stored_boundary,
    stored_zone,
    zone_document,
    zone_from,
)
from keepclear.formats.documents.coverage import (
    coverage_document,
    coverage_from,
    stored_coverage,
)
from keepclear.formats.documents.operation import (
    Given,
    draft_problems,
    operation_document,
    operation_from,
    stored_operation,
)
from keepclear.formats.documents.shapes import (
    altitude_document,
    altitude_from,
    footprint_document,
    footprint_from,
    window_document,
    window_from,
)
from keepclear.model.altitude import Altitude
from keepclear.model.coverage import Coverage
from keepclear.model.operation import Operation
from keepclear.model.volume import Footprint, Volume
from keepclear.model.window import Window
from keepclear.model.zone import Airfield, Boundary, Zone
from unit.formats.documents import strategies as some

ID = "0b4f8f5e-6d0c-4a52-9c8e-6d2b7c1e0a11"


def again(document: JsonValue) -> Any:
    """The document as it comes back from its canonical bytes."""
    return json.loads(canonical_bytes(document))


@given(some.operations())
def test_an_operation_reads_back_equal_from_its_document_and_from_its_bytes(
    operation: Operation,
) -> None:
    document = operation_document(operation)
    data = canonical_bytes(document)
    assert stored_operation(document) == operation
    assert stored_operation(data) == operation
    assert operation_from(data, given=Given()) == operation
    assert operation_from(again(document), given=Given()) == operation


@given(some.operations())
def test_an_operation_written_again_gives_the_same_bytes(operation: Operation) -> None:
    data = canonical_bytes(operation_document(operation))
    assert canonical_bytes(operation_document(stored_operation(data))) == data


@given(some.operations())
def test_an_operation_is_a_draft_without_problems(operation: Operation) -> None:
    assert draft_problems(operation_document(operation)) == ()


@given(some.zones, st.none() | st.integers(1, 2**53 - 1))
def test_a_zone_reads_back_equal(zone: Zone, version: int | None) -> None:
    data = canonical_bytes(zone_document(zone, version=version))
    assert zone_from(data) == zone_from(data, zone_id=zone.id) == stored_zone(data) == zone
    assert json.loads(data).get("version") == version


@given(some.boundaries, st.none() | st.integers(1, 2**53 - 1))
def test_a_boundary_reads_back_equal(boundary: Boundary, version: int | None) -> None:
    data = canonical_bytes(boundary_document(boundary, version=version))
    assert boundary_from(data) == stored_boundary(data) == boundary
    assert boundary_from(data, boundary_id=boundary.id) == boundary


@given(some.airfields, st.none() | st.integers(1, 2**53 - 1))
def test_an_airfield_reads_back_equal(airfield: Airfield, version: int | None) -> None:
    data = canonical_bytes(airfield_document(airfield, version=version))
    assert airfield_from(data) == stored_airfield(data) == airfield
    assert airfield_from(data, airfield_id=airfield.id) == airfield


@given(some.coverages(), st.none() | st.integers(1, 2**53 - 1))
def test_a_coverage_statement_reads_back_equal_with_its_id(
    coverage: Coverage, version: int | None
) -> None:
    data = canonical_bytes(coverage_document(coverage, coverage_id=ID, version=version))
    assert coverage_from(data, coverage_id=ID) == coverage
    assert stored_coverage(data) == (ID, coverage)


@given(some.coverages())
def test_the_order_in_which_classes_are_stated_says_nothing(coverage: Coverage) -> None:
    turned = replace(coverage, completeness=coverage.completeness[::-1])
    document = coverage_document(turned, coverage_id=ID)
    assert stored_coverage(canonical_bytes(document)) == (ID, coverage)


@given(some.footprints)
def test_a_footprint_reads_back_equal(footprint: Footprint) -> None:
    assert footprint_from(canonical_bytes(footprint_document(footprint))) == footprint


@given(some.altitudes())
def test_an_altitude_reads_back_equal(altitude: Altitude) -> None:
    assert altitude_from(canonical_bytes(altitude_document(altitude))) == altitude


@given(some.windows)
def test_a_window_reads_back_equal(window: Window) -> None:
    assert window_from(canonical_bytes(window_document(window))) == window


@given(some.operations(), some.volumes)
def test_words_no_reader_takes_from_outside_are_still_read_back_from_the_store(
    operation: Operation, volume: Volume
) -> None:
    far = Window(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 1, tzinfo=UTC))
    odd = replace(
        operation,
        designator=" two\nlines\x00",
        crossings=("A", "A", ""),
        volumes=(replace(volume, window=far),),
    )
    assert stored_operation(canonical_bytes(operation_document(odd))) == odd
    assert draft_problems(operation_document(odd)) != ()
