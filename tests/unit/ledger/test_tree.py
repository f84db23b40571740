import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidInput
from keepclear.ledger.tree import EMPTY_ROOT, Frontier, frontier_at
from unit.ledger.grown import Kept, leaves_of, tree_hash

counts = st.integers(0, 200)


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert Frontier().root() == EMPTY_ROOT == tree_hash([])


@given(counts)
def test_the_root_is_the_one_the_definition_gives(count: int) -> None:
    leaves = leaves_of(count)
    assert Kept(leaves).frontier.root() == tree_hash(leaves)


def test_every_perfect_subtree_is_completed_once_with_the_hash_of_its_leaves() -> None:
    leaves = leaves_of(70)
    kept = Kept(leaves)
    expected = {
        (level, index): tree_hash(leaves[index << level : (index + 1) << level])
        for level in range(7)
        for index in range(70 >> level)
    }
    assert dict(kept) == expected


@given(counts, counts)
def test_an_earlier_tree_is_rebuilt_from_what_a_later_one_keeps(one: int, other: int) -> None:
    early, late = sorted((one, other))
    leaves = leaves_of(late)
    rebuilt = frontier_at(early, Kept(leaves).node_at)
    assert rebuilt == Kept(leaves[:early]).frontier


def test_appending_leaves_the_earlier_tree_as_it_was() -> None:
    before = Kept(leaves_of(5)).frontier
    root = before.root()
    before.appended(bytes(32))
    assert before.root() == root


@pytest.mark.parametrize("leaf", [b"", bytes(31), bytes(33)])
def test_a_leaf_that_is_no_hash_is_refused(leaf: bytes) -> None:
    with pytest.raises(InvalidInput, match="32 bytes"):
        Frontier().appended(leaf)


@pytest.mark.parametrize(("size", "peaks"), [(-1, 0), (0, 1), (3, 1), (4, 2)])
def test_peaks_that_do_not_belong_to_the_size_are_refused(size: int, peaks: int) -> None:
    with pytest.raises(InvalidInput, match="peaks"):
        Frontier(size, (bytes(32),) * peaks)


def test_a_tree_of_negative_size_is_refused() -> None:
    with pytest.raises(InvalidInput):
        frontier_at(-1, Kept([]).node_at)
