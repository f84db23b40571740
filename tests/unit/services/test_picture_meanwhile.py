"""The picture is whole whenever anybody looks, and answers that are kept miss nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keepclear.deconflict.stored import packed_from
from keepclear.model.agreement import Atmosphere
from keepclear.model.operation import Operation
from keepclear.services.answering import answer_for
from keepclear.services.expected import NEW
from keepclear.services.filing import file_operation
from keepclear.services.own_answers import answers
from keepclear.services.picture import Picture
from node_fixture import RunningNode, exercise_node
from samples import agreement, circle, operation

B1, B2 = operation("B-1"), operation("B-2", circle(35.01, 36.01))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        file_operation(running.node, B1, expected=NEW)
        yield running


class _Looked:
    """Something of which one call is followed by what somebody does just then."""

    def __init__(self, real: Any, name: str, then: Callable[[], object]) -> None:
        self._real, self._name, self._then = real, name, then

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name != self._name:
            return found

        def called(*args: Any, **kwargs: Any) -> Any:
            self._then()
            return found(*args, **kwargs)

        return called


def conflicts(running: RunningNode, one: Operation) -> list[str]:
    return [each.theirs.designator for each in answer_for(running.node, one).conflicts]


def kept(running: RunningNode) -> dict[str, list[str]]:
    """What the kept answers say, by designator."""
    page = answers(running.node)
    return {
        each.operation.designator: [one.theirs.designator for one in each.conflicts]
        for each in page.items
    }


def test_an_operation_that_changes_is_in_the_picture_all_the_time(
    running: RunningNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.take(B2)
    seen: list[list[str]] = []

    def packed_while_somebody_looks(*args: Any) -> Any:
        seen.append(conflicts(running, B1))
        return packed_from(*args)

    monkeypatch.setattr("keepclear.services.picture.packed_from", packed_while_somebody_looks)
    running.take(replace(B2, version=2, contact="131.500"))
    assert seen == [["B-2"]]


def test_another_atmosphere_never_shows_half_a_picture(running: RunningNode) -> None:
    running.take(B2)
    store, seen = running.node.store, list[list[str]]()

    @contextmanager
    def looked_at() -> Iterator[Any]:
        with store.view() as view:
            yield _Looked(view, "geometry_columns", lambda: seen.append(conflicts(own, B1)))

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return looked_at if name == "view" else getattr(store, name)

    picture = Picture(Watched(), running.node.geoid)
    own = replace(running, node=replace(running.node, picture=picture))
    picture.load()
    seen.clear()
    running.agree(agreement(id="WIDER", atmosphere=Atmosphere(920.0, 1_060.0, -40.0, 40.0)))
    assert picture.atmosphere.qnh_low_hpa == 920.0
    assert seen == [["B-2"]] * len(seen)
    assert seen


def test_what_was_filed_while_answers_were_looked_through_is_missed_by_none(
    running: RunningNode,
) -> None:
    assert kept(running) == {"B-1": []}
    node = running.node

    def file_it() -> None:
        file_operation(node, B2, expected=NEW)  # the same again changes nothing

    looked = _Looked(node.picture, "standing", file_it)
    answers(replace(node, picture=looked))  # type: ignore[arg-type]  # a picture, watched
    assert kept(running) == {"B-1": ["B-2"], "B-2": ["B-1"]}
