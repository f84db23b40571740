"""What is wrong with a ledger, said so that a person can act on it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

MOST_FAULTS = 1_000
"""How many faults are kept; a ledger that is broken throughout has one for every entry."""


class FaultKind(StrEnum):
    """What sort of thing is wrong."""

    GAP = "gap in the numbers"
    LEAF = "payload rewritten"
    UNREADABLE = "payload unreadable"
    COLUMNS = "index differs from payload"
    MISSING = "payload missing"
    PRUNING = "pruning entry wrong"
    ROOT = "head does not fit"
    HEAD_ORDER = "heads out of order"
    HEAD_NODE = "head of another node"
    SIGNATURE = "signature does not hold"
    UNSIGNED_TAIL = "entries no head covers"
    TRUNCATED = "entries cut off"
    WITNESS = "differs from a witness"
    CLOCK = "clock stepped back"
    SALT_KEPT = "salt kept without payload"
    NOT_ERASED = "pruned payload still there"

    @property
    def breaks(self) -> bool:
        """Whether the record cannot be relied on; else it is a warning."""
        return self not in _WARNINGS


_WARNINGS = frozenset({FaultKind.CLOCK, FaultKind.SALT_KEPT, FaultKind.NOT_ERASED})


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong.

    Attributes:
        number: the entry it is about, or the last one a head covers; None where it is about
            none.
        kind: what sort of thing.
        text: what was found, for a person.
        remedy: what that person can do.
    """

    number: int | None
    kind: FaultKind
    text: str
    remedy: str


@dataclass(slots=True)
class Faults:
    """Faults as they are found: the first `MOST_FAULTS` are kept, all are counted.

    Attributes:
        kept: in the order found.
        total: how many there were.
        broken: whether any was more than a warning.
    """

    kept: list[Fault] = field(default_factory=list)
    total: int = 0
    broken: bool = False

    def add(self, number: int | None, kind: FaultKind, text: str) -> None:
        """Note one more."""
        self.total += 1
        self.broken = self.broken or kind.breaks
        if len(self.kept) < MOST_FAULTS:
            self.kept.append(Fault(number, kind, text, _REMEDIES[kind]))


@dataclass(frozen=True, slots=True)
class VerificationReport:
    """What verifying a ledger found.

    Attributes:
        entries: how many entries there are.
        payloads_present: of these, how many with their payload.
        withheld: how many without it that no entry says were pruned.
        pruned: how many without it that a later entry says were pruned.
        heads: how many heads there are.
        faults: what is wrong, in the order found, at most `MOST_FAULTS`; empty for nothing.
        faults_total: how many there were in all.
        root: the root over all entries, as computed from their leaves.
        holds: whether nothing more than warnings was found.
    """

    entries: int
    payloads_present: int
    withheld: int
    pruned: int
    heads: int
    faults: tuple[Fault, ...]
    faults_total: int
    root: bytes
    holds: bool


_KEEP = "Keep the store as it is and take a copy. "
_COMPARE = _KEEP + "Compare heads with the other parties: theirs show what stood here."
_REMEDIES: dict[FaultKind, str] = {
    FaultKind.GAP: _COMPARE,
    FaultKind.LEAF: _KEEP + "A backup from before holds what was written; compare the two.",
    FaultKind.UNREADABLE: _KEEP + "Its bytes are as signed; a newer keepclear may read them.",
    FaultKind.COLUMNS: "Trust the payload; have the index written anew from the payloads.",
    FaultKind.MISSING: _KEEP + "A backup may hold it. Payloads are removed by pruning only.",
    FaultKind.PRUNING: _KEEP + "Find out who wrote this entry and which payloads were meant.",
    FaultKind.ROOT: _COMPARE,
    FaultKind.HEAD_ORDER: _COMPARE,
    FaultKind.HEAD_NODE: "Find out how the head came here; it belongs to another ledger.",
    FaultKind.SIGNATURE: _KEEP + "Compare key fingerprints by voice; the head may be forged.",
    FaultKind.UNSIGNED_TAIL: "Start the node, which signs a head at once; else compare heads.",
    FaultKind.TRUNCATED: _KEEP + "Restore the newest backup beside it and compare the two.",
    FaultKind.WITNESS: (
        _KEEP + "If the node was restored from a backup, ask the witness for what was lost; "
        "if not, the ledger was rewritten."
    ),
    FaultKind.CLOCK: "Set the node's clock; times around this head may be wrong, order is not.",
    FaultKind.SALT_KEPT: "Remove the salt too: with it, guesses at the payload can be tried.",
    FaultKind.NOT_ERASED: "Remove it again; a restored backup brings back what was pruned.",
}
