import copy
import pickle

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import KeyFault
from keepclear.identity.keys import NodeKey, PartyRoot
from keepclear.identity.signatures import verify

# RFC 8032, 7.1, tests 1 and 2: seed, public key, message, signature.
RFC = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
]
seeds = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize(("seed", "public", "message", "signature"), RFC)
def test_keys_and_signatures_are_the_rfc_ones(
    seed: str, public: str, message: str, signature: str
) -> None:
    key = NodeKey.from_seed(bytes.fromhex(seed))
    assert key.public_key.hex() == public
    assert key.sign(bytes.fromhex(message)).hex() == signature


@given(seeds)
def test_a_key_reads_back_from_its_pem(seed: bytes) -> None:
    key = PartyRoot.from_seed(seed)
    again = PartyRoot.from_pem(key.pem())
    assert again.pem() == key.pem()
    assert again.key_id == key.key_id


def test_the_pem_is_pkcs_8_as_other_tools_read_it() -> None:
    pem = NodeKey.from_seed(bytes(32)).pem()
    assert pem.startswith(b"-----BEGIN PRIVATE KEY-----")
    private = load_pem_private_key(pem, password=None)
    assert private.public_key() is not None


@given(seeds, st.binary(max_size=50))
def test_what_a_key_signed_holds_under_its_public_half(seed: bytes, message: bytes) -> None:
    key = NodeKey.from_seed(seed)
    assert verify(key.public_key, message, key.sign(message))


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(KeyFault, match="32 bytes"):
        NodeKey.from_seed(bytes(length))


def foreign_pems() -> dict[str, bytes]:
    key = NodeKey.from_seed(bytes(32))
    private = load_pem_private_key(key.pem(), password=None)
    locked = BestAvailableEncryption(b"secret")
    other = generate_private_key(SECP256R1())
    return {
        "nothing": b"",
        "garbage": b"garbage",
        "cut": key.pem()[:60],
        "encrypted": private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked),
        "another kind": other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        "public": b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    }


@pytest.mark.parametrize("name", foreign_pems())
def test_any_other_key_file_is_refused_without_showing_it(name: str) -> None:
    pem = foreign_pems()[name]
    with pytest.raises(KeyFault) as refused:
        NodeKey.from_pem(pem)
    assert refused.value.remedy
    assert refused.value.__cause__ is None
    assert "BEGIN" not in refused.value.message


def test_a_key_never_shows_its_private_half() -> None:
    seed = bytes(range(32))
    key = NodeKey.from_seed(seed)
    assert repr(key) == f"NodeKey({key.key_id})"
    assert seed.hex() not in f"{key!r} {key}"


def test_a_key_is_neither_pickled_nor_copied() -> None:
    key = NodeKey.from_seed(bytes(32))
    for attempt in (pickle.dumps, copy.copy):
        with pytest.raises(KeyFault):
            attempt(key)
