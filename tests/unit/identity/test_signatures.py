import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import KeyFault
from keepclear.identity.keys import NodeKey
from keepclear.identity.signatures import require_public_key, verifier_of, verify

KEY = NodeKey.from_seed(bytes(range(32)))
OTHER = NodeKey.from_seed(bytes(32))
MESSAGE = b"the ledger has 41 entries"
PRIME = 2**255 - 19

# The y coordinates of points whose order divides eight.
SMALL = [
    0,
    1,
    PRIME - 1,
    0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
    PRIME - 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
]


@given(st.integers(0, 511))
def test_any_flipped_bit_of_a_signature_is_found(bit: int) -> None:
    signature = bytearray(KEY.sign(MESSAGE))
    signature[bit // 8] ^= 1 << bit % 8
    assert not verify(KEY.public_key, MESSAGE, bytes(signature))


@given(st.binary(max_size=40).filter(lambda message: message != MESSAGE))
def test_a_signature_fits_its_own_message_only(message: bytes) -> None:
    assert not verify(KEY.public_key, message, KEY.sign(MESSAGE))


def test_the_wrong_key_does_not_hold() -> None:
    assert not verify(OTHER.public_key, MESSAGE, KEY.sign(MESSAGE))


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65)])
def test_what_is_no_signature_does_not_hold(signature: bytes) -> None:
    assert not verify(KEY.public_key, MESSAGE, signature)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_of_what_is_no_key_nothing_can_be_said(length: int) -> None:
    with pytest.raises(KeyFault, match="32 bytes"):
        verify(bytes(length), MESSAGE, KEY.sign(MESSAGE))


def fits(public_key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize("y", SMALL, ids=hex)
def test_a_key_that_one_signature_fits_for_many_messages_is_refused(y: int) -> None:
    public_key, signature = y.to_bytes(32, "little"), (1).to_bytes(32, "little") + bytes(32)
    # The library alone takes it: about one message in eight, or more, goes with it.
    assert sum(fits(public_key, b"%d" % number, signature) for number in range(200)) > 2
    with pytest.raises(KeyFault, match="any message"):
        verify(public_key, MESSAGE, signature)


@pytest.mark.parametrize("y", [*SMALL, PRIME, PRIME + 1], ids=hex)
@pytest.mark.parametrize("sign", [0, 2**255])
def test_no_spelling_of_such_a_key_passes(y: int, sign: int) -> None:
    with pytest.raises(KeyFault, match="any message"):
        require_public_key((y + sign).to_bytes(32, "little"))


@given(st.binary(min_size=32, max_size=32))
def test_keys_made_from_seeds_pass(seed: bytes) -> None:
    require_public_key(NodeKey.from_seed(seed).public_key)


def test_a_verifier_knows_its_keys_by_name() -> None:
    holds = verifier_of([KEY.public_key, OTHER.public_key])
    assert holds(KEY.key_id, MESSAGE, KEY.sign(MESSAGE))
    assert holds(OTHER.key_id, MESSAGE, OTHER.sign(MESSAGE))
    assert not holds(OTHER.key_id, MESSAGE, KEY.sign(MESSAGE))


def test_a_name_a_verifier_does_not_know_does_not_hold() -> None:
    holds = verifier_of([OTHER.public_key])
    assert not holds(KEY.key_id, MESSAGE, KEY.sign(MESSAGE))
