"""What a drill is: its story, its steps, and what is expected of the trainee in each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from keepclear.exercise.article.stage import Stage
from keepclear.exercise.drills.debrief import Seen
from keepclear.model.agreement import Agreement

TRAINEE, COUNTERPART = "BLUE", "AMBER"


class DrillStage(Stage, Protocol):
    """The stage of a drill: two nodes, their clock, and files that people carry."""

    def post(self, party: str, path: str, body: Mapping[str, Any]) -> Any:
        """Ask a question that needs a body. Raises KeepclearError for a refusal."""
        ...

    def bundle(self, party: str, line_id: str) -> bytes:
        """What waits on a line at a party's node, as a file that is carried."""
        ...

    def take_bundle(self, party: str, line_id: str, content: bytes) -> Any:
        """Have a party's node take in such a file; what became of it."""
        ...

    def folder(self, party: str) -> str:
        """Where a party's node is, for commands."""
        ...

    def lay_out(self, name: str, content: bytes) -> str:
        """Put a file where the trainee finds it; its path."""
        ...


@dataclass(slots=True)
class Scene:
    """A drill under way.

    Attributes:
        stage: the two nodes.
        agreement: that binds their line.
        begun_at: when the drill began, by the clock of the exercise.
        step_at: when the step under way began.
        ledger_from: how many entries the trainee's ledger had when the drill began.
        made: ids of what the drill made so far, by what it is.
    """

    stage: DrillStage
    agreement: Agreement
    begun_at: datetime
    step_at: datetime
    ledger_from: int = 0
    made: dict[str, str] = field(default_factory=dict)


Play = Callable[[Scene], str]
"""Something the counterpart or the story does; what the trainee is told of it."""
Doing = Callable[[Scene], None]
"""Something the scripted trainee does."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of the trainee in a step.

    Attributes:
        what: in a few words.
        within: how long it may take.
        clock: where that time comes from, in a few words.
        seen: looks for it in the records of the trainee's node; None where it is not there.
    """

    what: str
    within: Callable[[Scene], timedelta]
    clock: str
    seen: Callable[[Scene], Seen | None]


@dataclass(frozen=True, slots=True)
class DrillStep:
    """One step of a drill.

    Attributes:
        title: what happens, in a few words.
        todo: what to do, for whoever has never done it.
        expected: what is looked for.
        right: how the scripted trainee does it as it should be done.
        act: what the counterpart does first; None where it goes on from the step before.
        wrong: how the scripted trainee makes the usual mistake; None where it makes none here.
        after: what follows once the step is over; None for nothing.
    """

    title: str
    todo: str
    expected: Expected
    right: Doing
    act: Play | None = None
    wrong: Doing | None = None
    after: Play | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """How the two nodes stand when a drill begins.

    Attributes:
        silent_for: how long they have had no contact.
        is_cut: whether no network joins them.
        mans_trainee: whether the trainee's watch is manned for them.
    """

    silent_for: timedelta = timedelta(minutes=1)
    is_cut: bool = False
    mans_trainee: bool = True


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill.

    Attributes:
        name: as it is called.
        title: in words.
        briefing: what happened in the real case, without names of persons, and what is trained.
        source: the clause of the domain study it comes from.
        slip: the usual mistake, in a sentence.
        lesson: two or three sentences to take away.
        steps: in their order.
        ground: how the nodes stand at its beginning.
    """

    name: str
    title: str
    briefing: str
    source: str
    slip: str
    lesson: str
    steps: tuple[DrillStep, ...]
    ground: Ground = Ground()
