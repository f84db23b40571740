import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import KeyFault
from keepclear.identity.fingerprints import fingerprint, key_id
from keepclear.identity.keys import PartyRoot

keys = st.binary(min_size=32, max_size=32)


@given(keys)
def test_a_fingerprint_is_six_groups_of_five_digits(public_key: bytes) -> None:
    groups = fingerprint(public_key).split(" ")
    assert [len(group) for group in groups] == [5] * 6
    assert all(group.isascii() and group.isdigit() for group in groups)


@given(keys, keys)
def test_different_keys_have_different_names(one: bytes, other: bytes) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)
    assert (key_id(one) == key_id(other)) == (one == other)


def test_names_never_change_between_releases() -> None:
    # Officers have them on paper, and signed history names keys by them.
    assert key_id(bytes(range(32))) == "68b324238fbcd1d28db08d9c7dc683d0"
    assert fingerprint(bytes(range(32))) == "21694 79415 05955 23460 37466 97396"


def test_a_key_has_the_names_of_its_public_half() -> None:
    root = PartyRoot.from_seed(bytes(range(32)))
    assert root.fingerprint == fingerprint(root.public_key)
    assert root.key_id == key_id(root.public_key)


@pytest.mark.parametrize("name_of", [key_id, fingerprint])
@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_what_is_no_public_key_has_no_name(name_of: object, length: int) -> None:
    with pytest.raises(KeyFault, match="32 bytes"):
        name_of(bytes(length))  # type: ignore[operator]
