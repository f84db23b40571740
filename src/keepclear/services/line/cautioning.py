"""Who comes inside our widened buffers while the line to their party is not to be relied on.

The rules are asked again with every separation so many times as wide as agreed. What is found
is a local caution: it is kept nowhere, told to nobody, and never called a conflict.

Source: design of keepclear, section 5 (caution while the line is not UP).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from keepclear.contact.caution import NOT_WIDENED, widened
from keepclear.contact.caution import caution_factor as factor_for
from keepclear.deconflict.conflict import Comparison
from keepclear.deconflict.rulebook import widest_minima
from keepclear.errors import NotFound
from keepclear.model.agreement import Agreement
from keepclear.model.answer import OperationRef, Separations
from keepclear.model.line_state import LineState
from keepclear.model.operation import Operation
from keepclear.model.window import Window
from keepclear.ports.store import View
from keepclear.services.line.pairing import lines
from keepclear.services.line.standing import agreement_in_force
from keepclear.services.line.status import line_status
from keepclear.services.node import Node
from keepclear.services.picture import Standing

MOST_TOLD = 50
"""So many cautions are told, the nearest in time; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Caution:
    """One operation of theirs inside a widened buffer of ours, and outside the agreed one.

    Attributes:
        id: the same for the same pair and rule, at this node alone.
        party: whose operation it is.
        line: the line that is not to be relied on.
        state: its state.
        factor: how many times as wide our buffer is.
        theirs: which operation.
        rule_id: the rule that is widened.
        span: when both are there.
        separations: how far apart, beside the widened minima.
        reason: one sentence for a person.
    """

    id: str
    party: str
    line: str
    state: LineState
    factor: float
    theirs: OperationRef
    rule_id: str
    span: Window
    separations: Separations
    reason: str


@dataclass(frozen=True, slots=True)
class Cautions:
    """What our widened buffers hold for one operation.

    Attributes:
        factors: by how much buffers grow now, by party; only those that grow.
        told: the cautions, by time.
        total: how many there are.
    """

    factors: tuple[tuple[str, float], ...]
    told: tuple[Caution, ...]
    total: int


@dataclass(frozen=True, slots=True)
class _Widening:
    """A line over which buffers are widened."""

    party: str
    line: str
    state: LineState
    factor: float


def cautions_for(node: Node, operation_id: str) -> Cautions:
    """Who comes inside the widened buffers of an operation.

    Raises:
        NotFound: the node never held it.
    """
    now = node.now()
    with node.store.view() as view:
        stored = view.operation(operation_id)
        if stored is None:
            raise NotFound(f"there is no operation {operation_id}")
        wide = widenings(view, now)
        found = [
            caution
            for each in wide
            if each.party != stored.operation.party
            for caution in _inside(node, view, stored.operation, each)
        ]
    found.sort(key=lambda one: (one.span.start, one.id))
    factors = tuple((each.party, each.factor) for each in wide)
    return Cautions(factors, tuple(found[:MOST_TOLD]), len(found))


def widenings(view: View, now: datetime) -> tuple[_Widening, ...]:
    """The lines over which our buffers are widened at this moment."""
    found = []
    for line in lines(view):
        state = line_status(view, line, now).state
        factor = factor_for(agreement_in_force(view, line, now), state)
        if factor > NOT_WIDENED:
            found.append(_Widening(line.them, line.id, state, factor))
    return tuple(found)


def _inside(node: Node, view: View, operation: Operation, wide: _Widening) -> list[Caution]:
    """The cautions of one operation towards one party, under every agreement that binds both."""
    standing = node.picture.standing()
    found: dict[str, Caution] = {}
    for judge in standing.judges.of(operation):
        if not judge.binds(wide.party):
            continue
        grown = widened(judge.agreement, wide.factor)
        others = _near(node, view, standing, operation, grown, wide.party)
        for caution in _between(node, operation, others, judge.agreement, grown, wide):
            found[caution.id] = caution
    return list(found.values())


def _near(
    node: Node,
    view: View,
    standing: Standing,
    operation: Operation,
    grown: Agreement,
    party: str,
) -> list[Operation]:
    """The party's live operations that a widened rule could reach."""
    packed = node.pack([operation], standing.atmosphere)
    widest = widest_minima(grown)
    rows, _ = standing.snapshot.operations_meeting(packed, 0, len(packed.facts), widest)
    numbers = standing.numbers[rows].tolist()
    stored = view.operations_numbered(numbers).values()
    return [each.operation for each in stored if each.operation.party == party]


def _between(
    node: Node,
    operation: Operation,
    others: Sequence[Operation],
    agreed: Agreement,
    grown: Agreement,
    wide: _Widening,
) -> list[Caution]:
    """What breaks a widened rule and not the agreed one."""
    if not others:
        return []
    geoid = node.geoid.undulation_m
    close = Comparison(others, agreed, geoid=geoid)
    near = Comparison(others, grown, geoid=geoid)
    known = {(each.theirs.id, each.rule_id) for each in close.conflicts_of(operation)}
    return [
        Caution(
            id=_id(grown.id, each.rule_id, operation.id, each.theirs.id),
            party=wide.party,
            line=wide.line,
            state=wide.state,
            factor=wide.factor,
            theirs=each.theirs,
            rule_id=each.rule_id,
            span=each.span,
            separations=each.separations,
            reason=f"{each.theirs.designator} of {wide.party} comes inside {wide.factor:g} times "
            f"rule {each.rule_id}, our own buffer while the line {wide.line} is {wide.state}; "
            "the rule itself is kept: a local caution, no conflict",
        )
        for each in near.conflicts_of(operation)
        if (each.theirs.id, each.rule_id) not in known
    ]


def _id(*parts: str) -> str:
    return hashlib.sha256("\0".join(("caution", *parts)).encode()).hexdigest()[:32]
