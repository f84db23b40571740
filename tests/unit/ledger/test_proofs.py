import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidInput
from keepclear.ledger.proofs import (
    consistency_holds,
    consistency_proof,
    inclusion_holds,
    inclusion_proof,
)
from unit.ledger.grown import Kept, leaves_of, tree_hash

LEAVES = leaves_of(200)
KEPT = Kept(LEAVES)
ROOTS = [tree_hash(LEAVES[:size]) for size in range(201)]


@st.composite
def places(draw: st.DrawFn) -> tuple[int, int]:
    """A number among a size."""
    size = draw(st.integers(1, 200))
    return draw(st.integers(0, size - 1)), size


@st.composite
def growths(draw: st.DrawFn) -> tuple[int, int]:
    """A size and one that is not smaller."""
    second = draw(st.integers(0, 200))
    return draw(st.integers(0, second)), second


def flipped(value: bytes, bit: int) -> bytes:
    changed = bytearray(value)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


@pytest.mark.parametrize("size", range(1, 201))
def test_each_entry_of_each_size_is_proved(size: int) -> None:
    for number in range(size):
        path = inclusion_proof(number, size, KEPT.node_at)
        assert inclusion_holds(LEAVES[number], number, size, path, ROOTS[size])


@given(places(), st.data())
def test_an_inclusion_proof_fails_for_any_flipped_bit(
    place: tuple[int, int], data: st.DataObject
) -> None:
    number, size = place
    path = inclusion_proof(number, size, KEPT.node_at)
    parts = [LEAVES[number], ROOTS[size], *path]
    which = data.draw(st.integers(0, len(parts) - 1))
    parts[which] = flipped(parts[which], data.draw(st.integers(0, 255)))
    assert not inclusion_holds(parts[0], number, size, parts[2:], parts[1])


@given(places(), places())
def test_an_inclusion_proof_proves_its_own_place_only(
    place: tuple[int, int], other: tuple[int, int]
) -> None:
    number, size = place
    path = inclusion_proof(number, size, KEPT.node_at)
    holds = inclusion_holds(LEAVES[number], *other, path, ROOTS[other[1]])
    assert holds == (place == other)


@given(places(), st.sampled_from(["shorter", "longer", "reversed", "cut"]))
def test_a_malformed_inclusion_proof_does_not_hold(place: tuple[int, int], how: str) -> None:
    number, size = place
    path = inclusion_proof(number, size, KEPT.node_at)
    malformed = {
        "shorter": path[:-1],
        "longer": (*path, bytes(32)),
        "reversed": path[::-1],
        "cut": (*path[:-1], path[-1][:31]) if path else (b"",),
    }[how]
    holds = inclusion_holds(LEAVES[number], number, size, malformed, ROOTS[size])
    assert holds == (malformed == path)


@pytest.mark.parametrize(("number", "size"), [(0, 0), (1, 1), (-1, 3), (5, 3)])
def test_a_place_that_does_not_exist_is_neither_proved_nor_held(number: int, size: int) -> None:
    with pytest.raises(InvalidInput):
        inclusion_proof(number, size, KEPT.node_at)
    assert not inclusion_holds(LEAVES[0], number, size, (), LEAVES[0])


@pytest.mark.parametrize("second", range(201))
def test_each_growth_is_proved(second: int) -> None:
    for first in range(second + 1):
        path = consistency_proof(first, second, KEPT.node_at)
        assert consistency_holds(first, second, path, ROOTS[first], ROOTS[second])


@given(growths(), st.data())
def test_a_consistency_proof_fails_for_any_flipped_bit(
    growth: tuple[int, int], data: st.DataObject
) -> None:
    first, second = growth
    path = consistency_proof(first, second, KEPT.node_at)
    parts = [ROOTS[first], ROOTS[second], *path]
    # Every ledger begins with the empty one, so there the second root is not looked at.
    which = data.draw(st.integers(0, len(parts) - 1)) if first else 0
    parts[which] = flipped(parts[which], data.draw(st.integers(0, 255)))
    assert not consistency_holds(first, second, parts[2:], parts[0], parts[1])


@given(growths().filter(lambda growth: 0 < growth[0] < growth[1]), st.integers(0, 199))
def test_no_proof_makes_a_rewritten_ledger_look_grown(growth: tuple[int, int], at: int) -> None:
    first, second = growth
    rewritten = list(LEAVES[:second])
    rewritten[at % first] = bytes(32)
    other = Kept(rewritten)
    path = consistency_proof(first, second, other.node_at)
    root = tree_hash(rewritten)
    assert not consistency_holds(first, second, path, ROOTS[first], root)


@given(growths(), growths())
def test_a_consistency_proof_proves_its_own_sizes_only(
    growth: tuple[int, int], other: tuple[int, int]
) -> None:
    path = consistency_proof(*growth, KEPT.node_at)
    roots = ROOTS[other[0]], ROOTS[other[1]]
    holds = consistency_holds(*other, path, *roots)
    assert holds == (path == consistency_proof(*other, KEPT.node_at))


@pytest.mark.parametrize(
    ("first", "second", "path"),
    [(3, 2, ()), (-1, 2, ()), (0, 4, (bytes(32),)), (4, 4, (bytes(32),)), (3, 4, ()), (2, 4, ())],
)
def test_a_malformed_consistency_proof_does_not_hold(
    first: int, second: int, path: tuple[bytes, ...]
) -> None:
    assert not consistency_holds(first, second, path, ROOTS[max(first, 0)], ROOTS[second])


@pytest.mark.parametrize(("first", "second"), [(3, 2), (-1, 2)])
def test_a_ledger_never_grew_from_a_longer_one(first: int, second: int) -> None:
    with pytest.raises(InvalidInput):
        consistency_proof(first, second, KEPT.node_at)


@settings(max_examples=30)
@given(st.integers(1, 2**40), st.data())
def test_proofs_read_few_hashes_however_long_the_ledger(size: int, data: st.DataObject) -> None:
    reads: list[tuple[int, int]] = []

    def node_at(level: int, index: int) -> bytes:
        reads.append((level, index))
        return bytes(32)

    number = data.draw(st.integers(0, size - 1))
    inclusion_proof(number, size, node_at)
    consistency_proof(number, size, node_at)
    assert len(reads) <= 4 * size.bit_length()
    assert all((index + 1) << level <= size for level, index in reads)
