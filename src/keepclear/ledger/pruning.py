"""Which payloads an entry says were removed.

The leaf stays, so every proof over the ledger goes on holding; payload and salt go. Without
its salt a leaf tells nothing of the payload, not even to whoever guesses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput


def pruned_body(numbers: Iterable[int], reason: str) -> dict[str, JsonValue]:
    """The body of a "payload pruned" entry.

    Args:
        numbers: the entries whose payloads were removed, in any order.
        reason: why, for a person: the clause of the agreement, or who asked.

    Raises:
        InvalidInput: no entries, or a negative number.
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    if not runs or runs[0][0] < 0:
        raise InvalidInput("name the entries whose payloads were removed; they count from 0")
    return {"entries": runs, "reason": reason}


def pruned_runs(body: object) -> Sequence[range]:
    """The runs of numbers that such a body names.

    Raises:
        InvalidInput: not the body of a "payload pruned" entry.
    """
    try:
        told = msgspec.convert(body, _Pruned)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"this does not name pruned entries: {error}") from None
    if any(not 0 <= first <= last for first, last in told.entries):
        raise InvalidInput("this names pruned entries by a run that ends before it starts")
    return [range(first, last + 1) for first, last in told.entries]


class _Pruned(msgspec.Struct, forbid_unknown_fields=True):
    entries: list[tuple[int, int]]
    reason: str


def joined(runs: Iterable[range]) -> list[range]:
    """The same numbers as few runs, ascending, none touching another."""
    found: list[range] = []
    for run in sorted(runs, key=lambda run: run.start):
        if found and run.start <= found[-1].stop:
            found[-1] = range(found[-1].start, max(found[-1].stop, run.stop))
        else:
            found.append(run)
    return found


def without(runs: Sequence[range], others: Sequence[range]) -> list[range]:
    """The numbers of the first that are not among the second; both as `joined` gives them."""
    found: list[range] = []
    place = 0
    for run in runs:
        start = run.start
        while place < len(others) and others[place].stop <= start:
            place += 1
        for other in others[place:]:
            if other.start >= run.stop:
                break
            if start < other.start:
                found.append(range(start, other.start))
            start = other.stop
        if start < run.stop:
            found.append(range(start, run.stop))
    return found
