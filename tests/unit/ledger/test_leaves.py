from hashlib import sha256

import pytest

from keepclear.errors import InvalidInput
from keepclear.ledger.leaves import SALT_BYTES, leaf_hash, pair_hash

SALT = bytes(range(SALT_BYTES))


def test_a_leaf_is_the_hash_of_a_nought_the_salt_and_the_payload() -> None:
    assert leaf_hash(SALT, b"payload") == sha256(b"\x00" + SALT + b"payload").digest()


def test_the_same_payload_has_another_leaf_with_another_salt() -> None:
    assert leaf_hash(SALT, b"payload") != leaf_hash(SALT[::-1], b"payload")


@pytest.mark.parametrize("length", [0, 15, 17])
def test_a_salt_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(InvalidInput, match="16 bytes"):
        leaf_hash(bytes(length), b"payload")


def test_a_leaf_never_passes_as_a_pair_of_subtrees() -> None:
    left, right = bytes(32), bytes(range(32))
    assert leaf_hash(left[:16], left[16:] + right) != pair_hash(left, right)
