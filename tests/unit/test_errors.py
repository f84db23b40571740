"""The error tree: every class has its code, its remedy, its exit code and its page entry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepclear import errors
from keepclear.cli.exit_codes import OF_ERROR, ExitCode, exit_code_of

ROOT = Path(__file__).resolve().parents[2]


def tree(kind: type[errors.KeepclearError]) -> Iterator[type[errors.KeepclearError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__.startswith(f"{errors.__name__}."):
            yield from tree(below)


ALL = sorted(set(tree(errors.KeepclearError)), key=lambda kind: kind.code)


def test_the_tree_is_all_that_is_exported() -> None:
    assert {kind.__name__ for kind in ALL} == set(errors.__all__)
    assert len(ALL) >= 40


def test_no_two_errors_share_a_code() -> None:
    assert len({kind.code for kind in ALL}) == len(ALL)


@pytest.mark.parametrize("kind", ALL)
def test_each_error_has_a_code_of_its_own(kind: type[errors.KeepclearError]) -> None:
    assert "code" in vars(kind)
    assert kind.code == kind.code.lower().replace(" ", "-")


@pytest.mark.parametrize("kind", ALL)
def test_each_error_says_what_to_do(kind: type[errors.KeepclearError]) -> None:
    assert "default_remedy" in vars(kind)
    assert kind.default_remedy.endswith(".")


@pytest.mark.parametrize("kind", ALL)
def test_each_error_is_in_the_map_of_exit_codes(kind: type[errors.KeepclearError]) -> None:
    assert kind in OF_ERROR


@pytest.mark.parametrize("kind", ALL)
def test_no_error_has_the_exit_code_of_an_answer(kind: type[errors.KeepclearError]) -> None:
    assert OF_ERROR[kind] in (ExitCode.BAD_INPUT, ExitCode.INTERNAL_ERROR)


@pytest.mark.parametrize("kind", ALL)
def test_each_error_stands_in_the_reference(kind: type[errors.KeepclearError]) -> None:
    page = (ROOT / "docs" / "reference" / "errors.md").read_text()
    assert f"## {kind.code}\n" in page
    assert kind.default_remedy in page


@pytest.mark.parametrize("kind", ALL)
def test_each_error_stands_in_the_drawn_tree_and_is_exported(
    kind: type[errors.KeepclearError],
) -> None:
    assert kind.__name__ in (errors.__doc__ or "").split("Each class")[0]
    assert kind.__name__ in errors.__all__


def test_an_error_outside_the_map_takes_its_parents_exit_code() -> None:
    class Grandchild(errors.InvalidFile):
        """An error of a later release."""

    assert exit_code_of(Grandchild("bad", file="plans.csv")) is ExitCode.BAD_INPUT


def test_diagnostics_name_the_place_and_the_remedy() -> None:
    error = errors.InvalidFile("no width", file="plans.kml", feature="feature 3", remedy="Add one.")
    assert error.diagnostics() == "plans.kml, feature 3: no width\n  remedy: Add one."
