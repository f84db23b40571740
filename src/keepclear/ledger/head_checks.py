"""Whether a ledger's heads, its own and those others remember, fit its entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from keepclear.errors import InvalidInput
from keepclear.ledger.faults import FaultKind, Faults
from keepclear.ledger.heads import SignedHead, head_bytes
from keepclear.ledger.moments import moment_text

Verify: TypeAlias = Callable[[str, bytes, bytes], bool]
"""Tells whether (key id, message, signature) holds; False for an unknown key."""


@dataclass(frozen=True, slots=True)
class Witness:
    """What somebody outside remembers of the ledger.

    Attributes:
        size: how many entries it had.
        root: the root over them.
        whence: who remembers it, for a person.
    """

    size: int
    root: bytes
    whence: str


@dataclass(slots=True)
class WitnessChecks:
    """Compares the growing tree with what others remember of it."""

    faults: Faults
    _waiting: dict[int, list[Witness]] = field(default_factory=dict)

    def add(self, witness: Witness) -> None:
        """Have one more compared."""
        self._waiting.setdefault(witness.size, []).append(witness)

    @property
    def stop(self) -> int | None:
        """The next size at which the root is asked for; None for none."""
        return min(self._waiting, default=None)

    def reached(self, size: int, root: bytes) -> None:
        """Compare at a size the tree has just reached."""
        for witness in self._waiting.pop(size, ()):
            if witness.root != root:
                text = f"{witness.whence} remembers other content of the first {size} entries"
                self.faults.add(_last_of(size), FaultKind.WITNESS, text)

    def finished(self, size: int) -> None:
        """Note what the tree never reached."""
        for waiting in self._waiting.values():
            for witness in waiting:
                text = f"{witness.whence} remembers {witness.size} entries, here are {size}"
                self.faults.add(_last_of(size), FaultKind.TRUNCATED, text)


@dataclass(slots=True)
class HeadChecks:
    """Compares the growing tree with the node's own heads, oldest first.

    Attributes:
        heads: read as the tree grows, never all at once.
        faults: where to note what is wrong.
        verify: checks signatures; None leaves them unchecked.
        count: how many heads were read.
    """

    heads: Iterator[SignedHead]
    faults: Faults
    verify: Verify | None = None
    count: int = 0
    _next: SignedHead | None = None
    _largest: int = 0
    _misfit: bool = False

    def __post_init__(self) -> None:
        self._read()

    @property
    def stop(self) -> int | None:
        """The next size at which the root is asked for; None for none."""
        return None if self._next is None else self._next.head.size

    def reached(self, size: int, root: bytes) -> None:
        """Compare at a size the tree has just reached; passes over heads that came too late."""
        while self._next is not None and self._next.head.size <= size:
            if self._next.head.size == size:
                self._compare(size, self._next.head.root != root)
            self._read()

    def finished(self, size: int) -> None:
        """Note heads beyond the last entry, and entries beyond the last head."""
        while self._next is not None:
            self._read()
        if self._largest > size:
            text = f"a head covers {self._largest} entries, here are {size}"
            self.faults.add(_last_of(size), FaultKind.TRUNCATED, text)
        elif self._largest < size:
            text = f"entries {self._largest} to {size - 1} are covered by no head"
            self.faults.add(self._largest, FaultKind.UNSIGNED_TAIL, text)

    def _compare(self, size: int, misfit: bool) -> None:
        # After a rewritten entry no head fits any more: the first of them tells all.
        if misfit and not self._misfit:
            text = f"the head over {size} entries was made over other content or another order"
            self.faults.add(_last_of(size), FaultKind.ROOT, text)
        self._misfit = misfit

    def _read(self) -> None:
        before, self._next = self._next, next(self.heads, None)
        if self._next is None:
            return
        self.count += 1
        self._largest = max(self._largest, self._next.head.size)
        if before is not None:
            self._follows(before, self._next)
        self._check_signature(self._next)

    def _follows(self, before: SignedHead, after: SignedHead) -> None:
        old, new, number = before.head, after.head, _last_of(after.head.size)
        if new.size < old.size or new.epoch < old.epoch:
            text = (
                f"the head over {new.size} entries, epoch {new.epoch}, "
                f"follows one over {old.size}, epoch {old.epoch}"
            )
            self.faults.add(number, FaultKind.HEAD_ORDER, text)
        if new.node != old.node:
            text = f"the head over {new.size} entries is node {new.node}'s, not {old.node}'s"
            self.faults.add(number, FaultKind.HEAD_NODE, text)
        if new.at < old.at:
            text = f"a head of {moment_text(new.at)} follows one of {moment_text(old.at)}"
            self.faults.add(number, FaultKind.CLOCK, text)

    def _check_signature(self, signed: SignedHead) -> None:
        if self.verify is None:
            return
        if not self.verify(signed.key_id, head_bytes(signed.head), signed.signature):
            size = signed.head.size
            text = f"the head over {size} entries is not signed by key {signed.key_id}"
            self.faults.add(_last_of(size), FaultKind.SIGNATURE, text)


def require_ahead(witness: Witness, size: int) -> None:
    """Refuse a witness whose size the tree has passed.

    Raises:
        InvalidInput: name witnesses before the entries are taken.
    """
    if witness.size < size:
        raise InvalidInput(
            f"{witness.whence} remembers {witness.size} entries, {size} were already taken",
            remedy="Name witnesses before the entries.",
        )


def _last_of(size: int) -> int | None:
    return size - 1 if size else None
