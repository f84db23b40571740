"""BLUE and AMBER whose line is up, with flights; nothing here is under test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from keepclear.model.coverage import Coverage
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.model.volume_question import VolumeQuestion
from keepclear.services.declaring import state_coverage
from keepclear.services.disclosing.asking import ask
from keepclear.services.disclosing.kept import kept_question
from keepclear.services.disclosing.releasing import Giving, Released, release
from keepclear.services.expected import NEW, Expected
from keepclear.services.filing import change_state, file_operation
from line_pair import LINE, Pair, Side, paired_nodes
from samples import NM, circle, coverage, operation

BLUE = operation("B-1", circle(radius_m=5 * NM))
NEAR = operation("A-1", circle(longitude_deg=36.1, radius_m=3 * NM), party="AMBER")
FAR = operation("A-2", circle(latitude_deg=39.0), party="AMBER")


def an_id(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


@dataclass
class Asking:
    """A pair of nodes in which BLUE asks AMBER."""

    pair: Pair

    @property
    def blue(self) -> Side:
        return self.pair.blue

    @property
    def amber(self) -> Side:
        return self.pair.amber

    def file(self, side: Side, made: Operation, expected: Expected = NEW) -> Operation:
        return file_operation(side.node, made, expected=expected, actor="planner").stored.operation

    def end(self, side: Side, operation_id: str) -> None:
        from keepclear.model.operation import OperationState

        with side.node.store.view() as view:
            stored = view.operation(operation_id)
        assert stored is not None
        change_state(
            side.node, operation_id, OperationState.ENDED, expected=stored.operation.version
        )

    def cover(self, side: Side, **changes: Any) -> None:
        """A party's own statement of what its set covers, as of now."""
        made: Coverage = coverage(side.party, **({"as_of": side.clock.now()} | changes))
        state_coverage(side.node, an_id(f"{side.party} coverage"), made, expected=NEW)

    def ask(self, name: str = "first", made: Operation = BLUE, **more: Any) -> VolumeQuestion:
        """Ask, carry, and read what stands at the asker."""
        ask(self.blue.node, LINE, made.id, an_id(name), **more)
        self.pair.carry()
        return self.question(self.blue, made.id, name)

    def question(self, side: Side, operation_id: str, name: str = "first") -> VolumeQuestion:
        with side.node.store.view() as view:
            found = kept_question(view, operation_id, an_id(name))
        assert found is not None
        return found

    def release(
        self, made: Operation, level: DisclosureLevel, *, expected: Expected = NEW, **more: Any
    ) -> Released:
        """AMBER releases one of its operations to BLUE."""
        giving = Giving(level, "planner", actor="somebody", **more)
        told = release(self.amber.node, made.id, "BLUE", giving, expected=expected)
        self.pair.carry()
        return told


@contextmanager
def asking_nodes(folder: Path, **terms: Any) -> Iterator[Asking]:
    """Two nodes whose line is up; AMBER states its coverage."""
    with paired_nodes(folder, **terms) as pair:
        pair.turn(minutes=10)
        made = Asking(pair)
        made.cover(made.amber)
        yield made


def later(made: Operation, minutes: float) -> Operation:
    """The same operation later."""
    from dataclasses import replace

    moved = [
        replace(v, window=v.window.shifted(timedelta(minutes=minutes).total_seconds()))
        for v in made.volumes
    ]
    return replace(made, volumes=tuple(moved))
