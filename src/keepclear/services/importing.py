"""Take a file of plans into the node: all of it in one piece, or none of it.

The file's operations are compared with what is held (`renewing`), packed at once outside
the transaction, and stored inside one, together with an entry that names the file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keepclear.errors import InvalidFile, ModeMismatch, NodeBusy
from keepclear.model.answer import Verdict
from keepclear.model.node import Subject
from keepclear.model.operation import Mode, Operation, OperationState
from keepclear.model.plan_set import PlanSet
from keepclear.model.volume import Footprint
from keepclear.services.answering import answer_for
from keepclear.services.node import Node
from keepclear.services.reading_plans import PlanSource, read_plans
from keepclear.services.renewing import Left
from keepclear.services.taking import Settled, Taking, settle, store

MOST_ANSWERED = 200
"""So many of our own operations are answered with the report; the others are counted."""

_TRIES = 3


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or with `dry_run` would do.

    Attributes:
        taken: operations the node did not hold.
        changed: operations it held otherwise.
        unchanged: how many operations, zones and coverage statements it held just so.
        ended: operations that ended because the whole set no longer names them.
        left: what was left as it is although the file says otherwise, and why.
        zones: how many zones were declared or changed.
        coverages: how many coverage statements were made, changed or withdrawn.
        rejected: features that could not be taken.
        answers: how many of our own operations taken or changed got which answer, as far as
            they are answered yet.
        pending: how many of them are not answered yet; ask for the node's answers.
        sha256: of the file, hexadecimal.
        stored: False for a dry run.
    """

    taken: tuple[Operation, ...]
    changed: tuple[Operation, ...]
    unchanged: int
    ended: tuple[Operation, ...]
    left: tuple[Left, ...]
    zones: int
    coverages: int
    rejected: tuple[InvalidFile, ...]
    answers: Mapping[Verdict, int]
    pending: int
    sha256: str
    stored: bool


def import_plans(
    node: Node,
    source: PlanSource,
    *,
    party: str | None = None,
    mode: Mode | None = None,
    skip_invalid: bool = False,
    whole_set: bool = False,
    dry_run: bool = False,
    actor: str = "",
) -> ImportReport:
    """Take in a file of operations, zones and coverage statements.

    Where features were left out the file's coverage statements are not taken, and older ones
    of the same parties are withdrawn: what this node holds is less than they speak of.

    Args:
        node: the node.
        source: the file.
        party: whose operations they are where a feature does not say; None demands it.
        mode: EXERCISE or REAL where the file does not say; None demands it.
        skip_invalid: leave unusable features out and take the others.
        whole_set: the file is all its parties have: what it no longer names ends, and
            their older coverage statements are withdrawn. Nothing ends where features
            were left out, nor what is in flight.
        dry_run: store nothing; the report says what would be done. Answers are then given
            against what is stored now.
        actor: who brings the file, as they call themselves.

    Raises:
        InvalidFile: the file or a feature is unusable; nothing was taken.
        ModeMismatch: the file is of the other mode.
        NodeBusy: the same operations kept changing meanwhile; import again.
    """
    plans = _read(node, source, party=party, mode=mode, skip_invalid=skip_invalid)
    taking = Taking(
        node=node,
        name=source.name,
        plans=plans,
        whole_set=whole_set,
        skip_invalid=skip_invalid,
        actor=actor,
        at=node.now(),
        import_id=node.entropy.new_id(),
        sha256=hashlib.sha256(source.data).hexdigest(),
        size_bytes=len(source.data),
    )
    for _ in range(_TRIES):
        with node.store.view() as view:
            settled = settle(taking, view)
        if dry_run or store(taking, settled):
            return _report(taking, settled, stored=not dry_run)
    raise NodeBusy(
        "the operations of the file kept changing while it was taken",
        remedy="Import the file again; nothing of it was stored.",
    )


def _read(
    node: Node, source: PlanSource, *, party: str | None, mode: Mode | None, skip_invalid: bool
) -> PlanSet:
    _require_mode(node, mode, source.name)
    plans = read_plans(
        [source],
        received_at=node.now(),
        party=party,
        mode=mode,
        skip_invalid=skip_invalid,
        area=_area(node),
    )
    _require_mode(node, plans.mode, source.name)
    return plans


def _require_mode(node: Node, mode: Mode | None, name: str) -> None:
    if mode is not None and mode is not node.identity.mode:
        raise ModeMismatch(
            f"{name} is of mode {mode}, this node is {node.identity.mode}",
            remedy="Import it into the node of its own mode; the two never mix.",
        )


def _area(node: Node) -> Footprint | None:
    """Where operations are expected: the area of the one agreement in force, else unasked."""
    now = node.now()
    agreements = node.picture.standing().frame.agreements
    areas = [each.area for each in agreements if each.valid.start <= now <= each.valid.end]
    return areas[0] if len(areas) == 1 else None


def _report(taking: Taking, settled: Settled, *, stored: bool) -> ImportReport:
    steps = settled.renewal.steps
    ours = _live_of_ours(taking.node, [step.operation for step in steps])
    verdicts = [answer_for(taking.node, one, most=1).overall for one in ours[:MOST_ANSWERED]]
    return ImportReport(
        taken=tuple(step.operation for step in steps if step.is_new),
        changed=tuple(step.operation for step in steps if not step.is_new),
        unchanged=settled.unchanged,
        ended=tuple(step.operation for step in settled.ends.steps),
        left=settled.left,
        zones=settled.airspace.count(Subject.ZONE),
        coverages=settled.airspace.count(Subject.COVERAGE),
        rejected=settled.rejected,
        answers=Counter(verdicts),
        pending=len(ours) - len(verdicts),
        sha256=taking.sha256,
        stored=stored,
    )


def _live_of_ours(node: Node, operations: Sequence[Operation]) -> list[Operation]:
    return [
        one
        for one in operations
        if one.party == node.identity.party and one.state is not OperationState.ENDED
    ]
