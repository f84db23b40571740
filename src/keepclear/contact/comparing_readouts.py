"""Two accounts of one talk beside each other, point by point, and no verdict who is right.

The rule, the same on every machine and the same with the two accounts exchanged:

1. What an officer marked stands first. A pair marked SAME is told by BOTH, a pair marked
   CONTRADICT contradicts, whatever their words; a pair marked APART is never aligned. Of
   several marks of one pair CONTRADICT counts before SAME, and SAME before APART.
2. What is left is aligned where the topics are equal: compared without regard to capitals,
   punctuation, width and spaces. Of several points of one topic the more similar texts come
   together first, then those of the same stance, then those that stand nearest the beginning.
3. What is left then is aligned where the texts are similar: Dice's coefficient of their
   words of four letters or more, of the translation where there is one, of at least 0.5.
4. Aligned points contradict where one speaks of agreement or common ground and the other of
   divergence. Otherwise both tell it. What is not aligned is told by one side only.

Nothing is merged and nothing is inferred: a CLAIM beside a CLAIM is told by both even if
their words differ, until an officer who read them marks it.

Source: domain study of keepclear, 0 (finding 7), 5b (readouts) and 5h drill 14; L. R. Dice,
Measures of the amount of ecologic association between species, Ecology 26 (1945), p. 298.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from keepclear.model.readout import Mark, Readout, ReadoutPoint, Stance

SIMILAR = 0.5
"""From here on two texts count as similar."""
_SHORTEST_WORD = 4
_WORD = re.compile(r"\w+")
_STRONGEST_FIRST = (Mark.CONTRADICT, Mark.SAME, Mark.APART)
_TOGETHER = frozenset({Stance.AGREED, Stance.COMMON_GROUND})


class Finding(StrEnum):
    """Who tells a point."""

    ONLY_A = "only A"
    ONLY_B = "only B"
    BOTH = "both"
    CONTRADICT = "contradict"


class Ground(StrEnum):
    """By what two points were put beside each other."""

    OFFICER = "an officer's mark"
    TOPIC = "the same topic"
    TEXT = "similar words"
    NONE = "nothing beside it"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the comparison.

    Attributes:
        finding: who tells it.
        ground: by what the two were aligned.
        a, b: the points; None on the side that does not tell it.
        similarity: of their texts, 0 to 1; 0 where one is None.
        stances_differ: whether one speaks of agreement and the other of divergence.
    """

    finding: Finding
    ground: Ground
    a: ReadoutPoint | None
    b: ReadoutPoint | None
    similarity: float = 0.0
    stances_differ: bool = False


def compare(a: Readout, b: Readout) -> tuple[Row, ...]:
    """Put two accounts beside each other: in the order of A, then what only B tells.

    Every point of both stands in at least one row; in more than one only where an officer
    marked it with several others.
    """
    marks = _marks(a, b)
    left_a, left_b = list(a.points), list(b.points)
    rows = _marked_rows(a, b, marks)
    for row in rows:
        left_a = [each for each in left_a if each is not row.a]
        left_b = [each for each in left_b if each is not row.b]
    for ground, fits in ((Ground.TOPIC, _is_one_topic), (Ground.TEXT, _is_similar)):
        for one, other in _aligned(left_a, left_b, marks, fits):
            rows.append(_row(one, other, ground))
            left_a = [each for each in left_a if each is not one]
            left_b = [each for each in left_b if each is not other]
    rows += [Row(Finding.ONLY_A, Ground.NONE, each, None) for each in left_a]
    rows += [Row(Finding.ONLY_B, Ground.NONE, None, each) for each in left_b]
    return tuple(sorted(rows, key=lambda row: _place(row, a, b)))


def similarity(one: ReadoutPoint, other: ReadoutPoint) -> float:
    """How alike the words of two points are, from 0 to 1."""
    here, there = _words(one), _words(other)
    if not here or not there:
        return 0.0
    return 2 * len(here & there) / (len(here) + len(there))


def topic_key(topic: str) -> str:
    """A topic without what does not tell topics apart."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", topic).casefold()))


def _words(point: ReadoutPoint) -> frozenset[str]:
    every = topic_key(point.translation or point.text).split()
    return frozenset([word for word in every if len(word) >= _SHORTEST_WORD] or every)


def _is_one_topic(one: ReadoutPoint, other: ReadoutPoint) -> bool:
    key = topic_key(one.topic)
    return bool(key) and key == topic_key(other.topic)


def _is_similar(one: ReadoutPoint, other: ReadoutPoint) -> bool:
    return similarity(one, other) >= SIMILAR


def _are_opposite(one: Stance, other: Stance) -> bool:
    return Stance.DIVERGENCE in {one, other} and bool({one, other} & _TOGETHER)


def _marks(a: Readout, b: Readout) -> Mapping[tuple[int, int], Mark]:
    """What officers marked of pairs (number in A, number in B), in either account."""
    marked = [((p.point, p.other), p.mark) for p in a.pairings if p.readout == b.id]
    marked += [((p.other, p.point), p.mark) for p in b.pairings if p.readout == a.id]
    marks: dict[tuple[int, int], Mark] = {}
    for pair, mark in marked:
        held = marks.get(pair)
        if held is None or _STRONGEST_FIRST.index(mark) < _STRONGEST_FIRST.index(held):
            marks[pair] = mark
    return marks


def _marked_rows(a: Readout, b: Readout, marks: Mapping[tuple[int, int], Mark]) -> list[Row]:
    in_a = {each.number: each for each in a.points}
    in_b = {each.number: each for each in b.points}
    rows = []
    for (first, second), mark in marks.items():
        one, other = in_a.get(first), in_b.get(second)
        if mark is not Mark.APART and one is not None and other is not None:
            finding = Finding.CONTRADICT if mark is Mark.CONTRADICT else Finding.BOTH
            rows.append(_row(one, other, Ground.OFFICER, finding))
    return rows


def _aligned(
    left_a: list[ReadoutPoint],
    left_b: list[ReadoutPoint],
    marks: Mapping[tuple[int, int], Mark],
    fits: Callable[[ReadoutPoint, ReadoutPoint], bool],
) -> Iterable[tuple[ReadoutPoint, ReadoutPoint]]:
    """Pairs that fit, the best first, each point once. Exchanged, the same pairs come out."""
    candidates = sorted(
        (-similarity(one, other), one.stance is not other.stance, i + j, abs(i - j), i, j)
        for i, one in enumerate(left_a)
        for j, other in enumerate(left_b)
        if (one.number, other.number) not in marks and fits(one, other)
    )
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    for *_, i, j in candidates:
        if i not in taken_a and j not in taken_b:
            taken_a.add(i)
            taken_b.add(j)
            yield left_a[i], left_b[j]


def _row(
    one: ReadoutPoint, other: ReadoutPoint, ground: Ground, finding: Finding | None = None
) -> Row:
    differ = _are_opposite(one.stance, other.stance)
    found = finding or (Finding.CONTRADICT if differ else Finding.BOTH)
    return Row(found, ground, one, other, similarity(one, other), differ)


def _place(row: Row, a: Readout, b: Readout) -> tuple[int, int]:
    in_a = len(a.points) if row.a is None else a.points.index(row.a)
    return in_a, len(b.points) if row.b is None else b.points.index(row.b)
