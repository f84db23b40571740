"""Whatever comes, a document is read or refused, in words a person can use."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidInput
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
from keepclear.formats.documents.coverage import coverage_document, coverage_from, stored_coverage
from keepclear.formats.documents.operation import (
    Given,
    draft_problems,
    operation_document,
    operation_from,
    stored_operation,
)
from keepclear.formats.documents.shapes import altitude_from, footprint_from, window_from
from keepclear.model.operation import EndReason, Mode, OperationState, Source, SourceKind
from unit.formats.documents import strategies as some

ID = "0b4f8f5e-6d0c-4a52-9c8e-6d2b7c1e0a11"
DECIDED = Given(
    party="BLUE",
    version=1,
    ovn="",
    state=OperationState.PLANNED,
    end_reason=EndReason.NOT_ENDED,
    received_at=datetime(2026, 3, 14, tzinfo=UTC),
    source=Source(SourceKind.TYPED),
)
Reader = Callable[[Any], object]
whole_documents: st.SearchStrategy[Any] = st.one_of(
    some.operations().map(operation_document),
    some.zones.map(zone_document),
    some.boundaries.map(boundary_document),
    some.airfields.map(airfield_document),
    some.coverages().map(lambda one: coverage_document(one, coverage_id=ID)),
)


def from_outside(document: Any) -> object:
    return operation_from(document, given=Given())


READERS: list[Reader] = [
    *(from_outside, zone_from, boundary_from, airfield_from, coverage_from),
    *(stored_operation, stored_zone, stored_boundary, stored_airfield, stored_coverage),
    *(footprint_from, altitude_from, window_from),
]


def read_or_refuse(read: Reader, document: Any) -> None:
    """Anything but a noun or a refusal with a remedy fails the test."""
    refused = refusal_of(read, document)
    if refused is not None:
        assert refused.message
        assert refused.remedy
        assert refused.diagnostics().encode()
        assert len(refused.message) < 1_000


def refusal_of(read: Reader, document: Any) -> InvalidInput | None:
    """Why the document is refused; None where it is read."""
    try:
        assert read(document) is not None
    except InvalidInput as refused:
        return refused
    return None


@pytest.mark.parametrize("read", READERS)
@given(document=some.anything)
def test_anything_is_read_or_refused(read: Reader, document: Any) -> None:
    read_or_refuse(read, document)


@pytest.mark.parametrize("read", READERS)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(read: Reader, data: bytes) -> None:
    read_or_refuse(read, data)


@given(document=whole_documents.flatmap(some.damaged))
def test_a_damaged_document_is_read_or_refused(document: Any) -> None:
    for read in READERS:
        read_or_refuse(read, document)
        read_or_refuse(read, bytes_of(document))


def bytes_of(document: Any) -> bytes:
    """The document as Python prints it: with NaN, half characters and endless numbers."""
    try:
        return json.dumps(document).encode()
    except ValueError:  # Python prints no whole number of more than 4,300 digits
        return b"1" * 5_000


@given(operation=some.operations(), draw=st.data())
def test_any_byte_of_a_stored_operation_may_be_lost(operation: Any, draw: st.DataObject) -> None:
    data = bytearray(canonical_bytes(operation_document(operation)))
    at = draw.draw(st.integers(0, len(data) - 1))
    data[at : at + draw.draw(st.integers(0, 9))] = draw.draw(st.binary(max_size=4))
    read_or_refuse(stored_operation, bytes(data))
    read_or_refuse(from_outside, bytes(data))


@given(
    document=st.one_of(
        some.anything, some.operations().map(operation_document).flatmap(some.damaged)
    )
)
def test_a_draft_has_problems_exactly_where_it_could_not_be_filed(document: Any) -> None:
    problems = draft_problems(document)
    for problem in problems:
        assert problem.text
        assert problem.remedy
        assert (problem.place + problem.text).encode()
    states = document if isinstance(document, dict) else {}
    complete = replace(
        DECIDED,
        id=None if "id" in states else ID,
        mode=None if "mode" in states else Mode.EXERCISE,
    )
    refused = refusal_of(partial(operation_from, given=complete), document)
    assert (refused is None) == (problems == ())
    if refused is not None:
        place = problems[0].place
        assert refused.message == (f"{place}: " if place else "") + problems[0].text
