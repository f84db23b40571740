"""Hash-linked streams: what an arriving envelope is to what came before it.

A stream is one direction of one line in one epoch of the sender's store. Its serials count
from 1, and each envelope names the hash of the one before. Whether something is a replay is
judged by serial and hash, never by a clock. A restored backup begins a new epoch, and so
never looks like tampering.

Source: domain study of keepclear, 5d (message life 3 and 10); design 4 (keys, transport) and
5 (FLASH).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

MOST_AHEAD = 1_000
"""So far ahead of a gap an envelope is kept; what is farther comes again once the gap is filled."""


class End(NamedTuple):
    """How far a stream goes without a gap.

    Attributes:
        serial: the last one; 0 before the first.
        hash: its hash; empty before the first.
    """

    serial: int = 0
    hash: bytes = b""


class Link(NamedTuple):
    """What an envelope says of its place.

    Attributes:
        serial: which one it is.
        hash: its own hash.
        previous: the hash of the one before; empty for the first.
    """

    serial: int
    hash: bytes
    previous: bytes


class Arrival(StrEnum):
    """What an envelope is to a stream, its signature having held."""

    NEXT = "next"
    """It follows the end."""
    EARLY = "early"
    """Some before it are not there yet."""
    TOO_EARLY = "too early"
    """So many are missing that it is not kept."""
    DUPLICATE = "duplicate"
    """It is there already, the very same."""
    TAMPERED = "tampered"
    """Another one of the same serial is there, signed by the same party."""
    FORK = "fork"
    """It should follow the end, but names another envelope as the one before it."""


def judge(end: End, link: Link, known: bytes | None) -> Arrival:
    """What an arriving envelope is.

    Args:
        end: how far the stream goes without a gap.
        link: the envelope's place.
        known: the hash of what is kept under its serial already; None for nothing.
    """
    if known is not None:
        return Arrival.DUPLICATE if known == link.hash else Arrival.TAMPERED
    if link.serial <= end.serial:
        # What stood there was never lost by itself: the sender speaks of another history.
        return Arrival.TAMPERED
    if link.serial == end.serial + 1:
        return Arrival.NEXT if link.previous == end.hash else Arrival.FORK
    return Arrival.EARLY if link.serial <= end.serial + MOST_AHEAD else Arrival.TOO_EARLY


def follows(end: End, link: Link) -> bool:
    """Whether an envelope that was kept can join the stream now."""
    return link.serial == end.serial + 1 and link.previous == end.hash


def advanced(link: Link) -> End:
    """The stream's end once an envelope has joined it."""
    return End(link.serial, link.hash)


def gaps(end: End, kept: Iterable[int], *, up_to: int = 0) -> tuple[tuple[int, int], ...]:
    """The serials that are missing, as (first, last), ascending.

    Args:
        end: how far the stream goes without a gap.
        kept: serials that are there beyond it, in any order.
        up_to: a serial that is known to exist though it was not kept; 0 for none.
    """
    missing: list[tuple[int, int]] = []
    expected = end.serial + 1
    for serial in sorted({each for each in kept if each > end.serial}):
        if serial > expected:
            missing.append((expected, serial - 1))
        expected = serial + 1
    if up_to >= expected:
        missing.append((expected, up_to))
    return tuple(missing)
