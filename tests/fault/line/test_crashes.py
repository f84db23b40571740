"""Two nodes that talk, each killed without warning: what either had done is there, once.

A sample; `python -m fault.line.crash_runs` kills as often as asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fault.line.crash_people import CODE, Done
from fault.line.crash_runs import Figures, compared, killed_pair
from keepclear.model.message_life import ActKind
from keepclear.ports.store import View
from keepclear.services.expected import NEW
from keepclear.services.line.messaging import Releasing, release, save_draft
from line_fixture import LINE
from line_pair import Pair, paired_nodes
from messages import FIELDS, an_id, do

A_FEW = 2


def test_a_kill_of_either_node_loses_nothing_that_was_done_and_repeats_nothing(
    tmp_path: Path,
) -> None:
    figures, faults = killed_pair(tmp_path, first=0, kills=A_FEW)
    assert faults == []
    assert (figures.kills, figures.lost, figures.twice) == (A_FEW, 0, 0)
    assert figures.messages > 3
    assert figures.acts > figures.messages


def test_a_lost_message_and_a_lost_act_would_be_noticed(tmp_path: Path) -> None:
    with paired_nodes(tmp_path) as pair:
        name = an_id("a request")
        document = {"code": CODE, "line": LINE, "fields": FIELDS[CODE]}
        save_draft(pair.blue.node, name, document, expected=NEW)
        release(pair.blue.node, name, Releasing(an_id(f"release {name}"), "duty officer", "first"))
        pair.carry()
        do(pair.amber, name, ActKind.ACKNOWLEDGE)
        pair.carry()
        with viewed(pair) as seen:
            done = [
                Done("BLUE", name, an_id(f"release {name}"), "release"),
                Done("AMBER", name, an_id("never done"), "acknowledge"),
                Done("BLUE", an_id("never released"), an_id("a release"), "release"),
            ]
            figures, faults = compared(seen, done)
    assert figures == Figures(0, 2, 3, 4, 0)
    assert len(faults) >= 4


@contextmanager
def viewed(pair: Pair) -> Iterator[dict[str, View]]:
    with ExitStack() as stack:
        yield {side.party: stack.enter_context(side.node.store.view()) for side in pair.sides}
