"""Whether a whole ledger holds: entries, leaves, heads, and what others remember of it.

Nothing is believed that can be computed: the tree is grown anew from the leaves. Entries and
heads are read once and not kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from keepclear.ledger.faults import FaultKind, Faults, VerificationReport
from keepclear.ledger.head_checks import (
    HeadChecks,
    Verify,
    Witness,
    WitnessChecks,
    require_ahead,
)
from keepclear.ledger.heads import SignedHead
from keepclear.ledger.leaves import SALT_BYTES
from keepclear.ledger.payload_checks import Columns, PayloadChecks
from keepclear.ledger.tree import root_of, trailing_ones

__all__ = ["Columns", "StoredEntry", "Verification", "VerificationReport", "Verify", "Witness"]


class StoredEntry(NamedTuple):
    """An entry as a store, or a file of entries, holds it.

    Attributes:
        number: counts from 0.
        salt: None or empty where it went with the payload.
        leaf: the leaf's hash.
        payload: None where withheld or pruned.
        columns: what stands beside it; None where there is nothing to compare.
    """

    number: int
    salt: bytes | None
    leaf: bytes
    payload: bytes | None
    columns: Columns | None = None


class Verification:
    """Takes a ledger's entries in order, in batches of any size, and reports at the end.

    Args:
        heads: the ledger's heads, oldest first; read as the entries reach them.
        verify: checks the heads' signatures; None leaves them unchecked.
        withheld_allowed: whether payloads may be missing that no entry says were pruned,
            as in a copy made for another party.
        thorough: whether every byte of each payload must be as keepclear writes it. Takes
            several times as long; what a payload says cannot then be read in two ways.
    """

    def __init__(
        self,
        heads: Iterable[SignedHead],
        *,
        verify: Verify | None = None,
        withheld_allowed: bool = False,
        thorough: bool = False,
    ) -> None:
        self._faults = Faults()
        self._payloads = PayloadChecks(self._faults, thorough=thorough)
        self._heads = HeadChecks(iter(heads), self._faults, verify)
        self._witnesses = WitnessChecks(self._faults)
        self._withheld_allowed = withheld_allowed
        self._size = 0
        self._expected = 0
        self._peaks: list[bytes] = []
        self._stop: int | None = None
        self._compare_roots()

    def against(self, witness: Witness) -> None:
        """Compare also with what somebody outside remembers; before the entries are taken.

        Raises:
            InvalidInput: more entries were taken already than the witness remembers.
        """
        require_ahead(witness, self._size)
        self._witnesses.add(witness)
        self._compare_roots()

    def take(self, entries: Iterable[StoredEntry]) -> None:
        """Check the next entries."""
        for number, salt, leaf, payload, columns in entries:
            if number != self._expected:
                self._note_gap(number)
            self._expected = number + 1
            if payload is None:
                self._payloads.gone(number, salt)
            else:
                if not _is_leaf_of(leaf, salt, payload):
                    text = f"the payload of entry {number} is not the one its leaf was made of"
                    self._faults.add(number, FaultKind.LEAF, text)
                self._payloads.there(number, payload, columns)
            self._grow(leaf)
            if self._size == self._stop:
                self._compare_roots()

    def report(self) -> VerificationReport:
        """What was found; call it once, after the last entry."""
        self._heads.finished(self._size)
        self._witnesses.finished(self._size)
        withheld, pruned = self._payloads.finished(withheld_allowed=self._withheld_allowed)
        return VerificationReport(
            entries=self._size,
            payloads_present=self._payloads.present,
            withheld=withheld,
            pruned=pruned,
            heads=self._heads.count,
            faults=tuple(self._faults.kept),
            faults_total=self._faults.total,
            root=root_of(self._peaks),
            holds=not self._faults.broken,
        )

    def _note_gap(self, number: int) -> None:
        text = f"entry {number} stands where entry {self._expected} is expected"
        self._faults.add(number, FaultKind.GAP, text)

    def _grow(self, leaf: bytes) -> None:
        peaks, reached = self._peaks, leaf
        for _ in range(trailing_ones(self._size)):
            reached = sha256(b"\x01" + peaks.pop() + reached).digest()
        peaks.append(reached)
        self._size += 1

    def _compare_roots(self) -> None:
        if self._size in {self._heads.stop, self._witnesses.stop}:
            root = root_of(self._peaks)
            self._heads.reached(self._size, root)
            self._witnesses.reached(self._size, root)
        stops = [s for s in (self._heads.stop, self._witnesses.stop) if s is not None]
        self._stop = min(stops, default=None)


def _is_leaf_of(leaf: bytes, salt: bytes | None, payload: bytes) -> bool:
    if salt is None or len(salt) != SALT_BYTES:
        return False
    return sha256(b"\x00" + salt + payload).digest() == leaf
