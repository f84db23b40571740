"""Every error is told with its status, its place and what to do."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from keepclear import errors
from keepclear.api.problems import HTTP_KINDS, INTERNAL, KIND_OF, refusal, refusal_of
from keepclear.errors import InvalidFile, InvalidWindow, KeepclearError, NodeBusy, StoreFull


def tree(kind: type[KeepclearError]) -> Iterator[type[KeepclearError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__.startswith(f"{errors.__name__}."):
            yield from tree(below)


ALL = sorted(set(tree(KeepclearError)), key=lambda kind: kind.code)


def test_every_error_that_is_exported_is_looked_at() -> None:
    assert {kind.__name__ for kind in ALL} == set(errors.__all__)


@pytest.mark.parametrize("kind", ALL)
def test_every_error_has_a_status_of_its_own(kind: type[KeepclearError]) -> None:
    assert kind in KIND_OF


@pytest.mark.parametrize("kind", ALL)
def test_what_the_caller_must_mend_is_never_called_a_fault_of_the_node(
    kind: type[KeepclearError],
) -> None:
    status = KIND_OF[kind].status
    if issubclass(kind, errors.NodeFault | errors.DataMissing):
        assert status >= 500
    elif issubclass(kind, errors.InvalidInput) and kind is not errors.StoreMissing:
        assert 400 <= status < 500


def test_the_table_names_no_error_that_is_not_there() -> None:
    assert set(KIND_OF) == set(ALL)


def test_refusals_of_http_alone_are_told_apart() -> None:
    assert len({(kind.code, kind.status) for kind in HTTP_KINDS}) == len(HTTP_KINDS)
    assert all(kind.remedy.endswith(".") for kind in HTTP_KINDS)


def test_a_problem_names_the_place_in_the_document() -> None:
    problem = refusal_of(InvalidWindow("volumes[2].end: the time has no zone")).problem
    assert problem.place == "volumes[2].end"
    assert problem.detail == "volumes[2].end: the time has no zone"
    assert problem.status == 400
    assert problem.type == "urn:keepclear:error:invalid-window"
    assert problem.remedy == InvalidWindow.default_remedy


@pytest.mark.parametrize(
    "message", ["the time has no zone", "B-7731: an aircraft count starts at 1", "9: no"]
)
def test_a_message_without_a_place_is_given_none(message: str) -> None:
    document = msgspec.json.decode(msgspec.json.encode(refusal_of(InvalidWindow(message)).problem))
    assert "place" not in document
    assert set(document) == {"type", "title", "status", "detail", "code", "remedy"}


def test_a_problem_with_a_file_names_its_feature() -> None:
    error = InvalidFile("no time", file="blue.csv", feature="row 17")
    assert refusal_of(error).problem.place == "row 17"


def test_an_error_below_a_known_one_is_told_as_that() -> None:
    class Odd(StoreFull):
        pass

    assert refusal_of(Odd("no room")).problem.status == 507


def test_who_comes_at_a_bad_moment_is_told_when_to_come_again() -> None:
    assert refusal_of(NodeBusy("too much waits")).headers == {"retry-after": "1"}
    assert refusal_of(StoreFull("no room")).headers == {}


def test_a_refusal_carries_the_headers_http_asks_for() -> None:
    told = refusal(INTERNAL, "it failed", retry_after="3")
    assert told.headers == {"retry-after": "3"}
    assert told.problem.title == INTERNAL.title
