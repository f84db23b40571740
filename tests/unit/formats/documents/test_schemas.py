"""The schemas say what the documents hold, and the reference page says it for people."""

from __future__ import annotations

import json
import re
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from keepclear.formats.documents.airspace import (
    airfield_document,
    boundary_document,
    zone_document,
)
from keepclear.formats.documents.coverage import coverage_document
from keepclear.formats.documents.operation import Given, operation_document, operation_from
from keepclear.formats.documents.schemas import schema_components
from keepclear.model.altitude import AltitudeReference
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import (
    EndReason,
    Mode,
    Operation,
    OperationCategory,
    OperationClass,
    OperationState,
    Precedence,
    SourceKind,
)
from keepclear.model.zone import Airfield, Boundary, EntryRule, Side, Zone, ZoneKind, ZoneStatus
from unit.formats.documents import strategies as some

ID = "0b4f8f5e-6d0c-4a52-9c8e-6d2b7c1e0a11"
COMPONENTS = schema_components()
PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "documents.md").read_text()
RECORDS = [name for name in COMPONENTS if name.endswith("Document")]
UNITS = re.compile(r"_(m|s|deg|count)$")


def fields_of(name: str) -> dict[str, Any]:
    return dict(COMPONENTS[name]["properties"])


def section_of(name: str) -> str:
    """The part of the page under the heading that names a record."""
    heading = f"\n## {name.removesuffix('Document')}\n"
    assert heading in PAGE, name
    return PAGE.split(heading)[1].split("\n## ")[0]


@pytest.mark.parametrize("name", RECORDS)
def test_every_field_says_what_it_means(name: str) -> None:
    assert COMPONENTS[name]["additionalProperties"] is False
    assert COMPONENTS[name]["description"]
    for field, schema in fields_of(name).items():
        assert schema.get("description") or field == "kind", field


@pytest.mark.parametrize("name", RECORDS)
def test_every_measured_number_has_its_unit_in_its_name(name: str) -> None:
    for field, schema in fields_of(name).items():
        kinds = {schema.get("type"), *(one.get("type") for one in schema.get("anyOf", []))}
        assert "number" not in kinds or UNITS.search(field), field


@pytest.mark.parametrize("name", RECORDS)
def test_the_page_tells_of_every_field_and_of_no_other(name: str) -> None:
    told = re.findall(r"^\| `(\w+)` \|", section_of(name), re.MULTILINE)
    assert told == list(fields_of(name))


@pytest.mark.parametrize("name", RECORDS)
def test_the_page_says_which_fields_are_demanded(name: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([^|]+) \|$", section_of(name), re.MULTILINE)
    demanded = {field for field, default in rows if default == "demanded"}
    assert demanded == set(COMPONENTS[name]["required"])


@pytest.mark.parametrize(
    "words",
    [
        *(OperationClass, OperationCategory, OperationState, EndReason, Precedence, Mode),
        *(SourceKind, AltitudeReference, ZoneKind, EntryRule, ZoneStatus, Side, Completeness),
    ],
)
def test_the_page_names_every_word_that_can_be_chosen(words: type[Enum]) -> None:
    assert [word for word in words if word.value and f"`{word.value}`" not in PAGE] == []


def test_every_reference_points_to_a_component() -> None:
    text = json.dumps(COMPONENTS)
    named = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert named <= set(COMPONENTS)
    assert text.count("$ref") == text.count('"$ref": "#/components/schemas/')


def test_the_example_of_the_page_is_an_operation() -> None:
    (example,) = re.findall(r"```json\n(.+?)```", PAGE, re.DOTALL)
    operation = operation_from(example.encode(), given=Given())
    assert operation_document(operation) == json.loads(example)


@given(some.zones, some.boundaries, some.airfields)
def test_airspace_is_written_with_every_field(
    zone: Zone, boundary: Boundary, airfield: Airfield
) -> None:
    assert list(zone_document(zone, version=1)) == list(fields_of("ZoneDocument"))
    assert list(boundary_document(boundary, version=1)) == list(fields_of("BoundaryDocument"))
    assert list(airfield_document(airfield, version=1)) == list(fields_of("AirfieldDocument"))


@given(some.operations(), some.coverages())
def test_operations_and_coverage_are_written_with_every_field(
    operation: Operation, coverage: Coverage
) -> None:
    assert list(operation_document(operation)) == list(fields_of("OperationDocument"))
    written = coverage_document(coverage, coverage_id=ID, version=1)
    assert list(written) == list(fields_of("CoverageDocument"))
