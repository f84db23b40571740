"""Whether the payloads of a ledger say what stands beside them, and which are not there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

import msgspec

from keepclear.errors import InvalidInput
from keepclear.ledger.entries import EntryKind, record_of
from keepclear.ledger.faults import FaultKind, Faults
from keepclear.ledger.moments import moment_text
from keepclear.ledger.pruning import joined, pruned_runs, without


class Columns(NamedTuple):
    """What a store keeps beside a payload so that it can be searched.

    Attributes:
        at: when; compared to the millisecond.
        kind, subject, subject_id, version: what happened to what.
    """

    at: datetime
    kind: str
    subject: str
    subject_id: str
    version: int


@dataclass(slots=True)
class PayloadChecks:
    """Fed every entry's payload, or its absence, in order.

    Attributes:
        faults: where to note what is wrong.
        thorough: whether every byte of a payload must be as keepclear writes it.
        present: how many payloads are there.
        absent: numbers of entries without, as runs.
    """

    faults: Faults
    thorough: bool = False
    present: int = 0
    absent: list[range] = field(default_factory=list)
    _named: list[range] = field(default_factory=list)

    def there(self, number: int, payload: bytes, columns: Columns | None) -> None:
        """Check a payload that is there."""
        self.present += 1
        try:
            told = _TOLD.decode(payload)
            if self.thorough:
                record_of(payload)
        except (ValueError, InvalidInput, RecursionError) as error:
            self.faults.add(number, FaultKind.UNREADABLE, f"entry {number}: {error}")
            return
        if columns is not None:
            self._compare(number, told, columns)
        if told.kind == _PRUNED:
            self._note_pruned(number, payload)

    def gone(self, number: int, salt: bytes | None) -> None:
        """Note that a payload is not there."""
        if self.absent and self.absent[-1].stop == number:
            self.absent[-1] = range(self.absent[-1].start, number + 1)
        else:
            self.absent.append(range(number, number + 1))
        if salt:
            text = f"entry {number} has no payload, but still its salt"
            self.faults.add(number, FaultKind.SALT_KEPT, text)

    def finished(self, *, withheld_allowed: bool) -> tuple[int, int]:
        """How many payloads were withheld, and how many pruned; faults are noted."""
        absent, named = joined(self.absent), joined(self._named)
        withheld, still_there = without(absent, named), without(named, absent)
        if not withheld_allowed:
            for run in withheld:
                text = f"{_those(run)}: no payload, and no entry says that it was pruned"
                self.faults.add(run.start, FaultKind.MISSING, text)
        for run in still_there:
            text = f"{_those(run)}: said to be pruned, but the payload is there"
            self.faults.add(run.start, FaultKind.NOT_ERASED, text)
        count = sum(map(len, withheld))
        return count, sum(map(len, absent)) - count

    def _compare(self, number: int, told: _Told, columns: Columns) -> None:
        about = told.subject
        said = (told.at, told.kind, about.kind, about.id, about.version)
        kept = (moment_text(columns.at), *columns[1:])
        if said != kept:
            differing = (
                f"{name} {mine!r} beside {theirs!r}"
                for name, mine, theirs in zip(Columns._fields, kept, said, strict=True)
                if mine != theirs
            )
            text = f"entry {number}, index beside payload: {', '.join(differing)}"
            self.faults.add(number, FaultKind.COLUMNS, text)

    def _note_pruned(self, number: int, payload: bytes) -> None:
        try:
            runs = pruned_runs(record_of(payload).body)
        except InvalidInput as error:
            self.faults.add(number, FaultKind.PRUNING, f"entry {number}: {error}")
            return
        if any(run.stop > number for run in runs):
            text = f"entry {number} says that an entry was pruned that came after it"
            self.faults.add(number, FaultKind.PRUNING, text)
            return
        self._named.extend(runs)


class _About(msgspec.Struct):
    id: str
    kind: str
    version: int


class _Told(msgspec.Struct):
    at: str
    kind: str
    subject: _About


_TOLD = msgspec.json.Decoder(_Told)
_PRUNED = EntryKind.PAYLOAD_PRUNED.value


def _those(run: range) -> str:
    return f"entry {run[0]}" if len(run) == 1 else f"entries {run[0]} to {run[-1]}"
