"""A change says which version it means, in one way that cannot be misread."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.api.preconditions import expected_of, tag_of, version_of
from keepclear.errors import InvalidInput
from keepclear.services.expected import NEW


def test_nothing_said_is_nothing_expected() -> None:
    assert expected_of({}) is None
    assert version_of({}) is None


def test_a_star_says_that_it_is_new() -> None:
    assert expected_of({"if-none-match": "*"}) is NEW


@given(st.integers(1, 10**15))
def test_the_tag_of_a_version_names_it(version: int) -> None:
    assert expected_of({"if-match": tag_of(version)}) == version
    assert version_of({"if-match": f" {tag_of(version)} "}) == version


@pytest.mark.parametrize(
    "tag", ["3", "*", '"0"', '"-1"', 'W/"3"', '"3", "4"', '""', '"3.0"', '"٣"', '"03"', ""]
)
def test_what_names_no_single_version_is_refused(tag: str) -> None:
    with pytest.raises(InvalidInput, match="If-Match"):
        expected_of({"if-match": tag})


@pytest.mark.parametrize("tag", ['"3"', "", "W/*"])
def test_new_is_said_with_a_star_alone(tag: str) -> None:
    with pytest.raises(InvalidInput, match="If-None-Match"):
        expected_of({"if-none-match": tag})


def test_new_and_changed_at_once_is_refused() -> None:
    with pytest.raises(InvalidInput, match="contradict"):
        expected_of({"if-none-match": "*", "if-match": '"3"'})


def test_what_can_only_be_changed_is_never_new() -> None:
    with pytest.raises(InvalidInput, match="nothing new"):
        version_of({"if-none-match": "*"})
