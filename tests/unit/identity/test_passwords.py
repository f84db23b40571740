"""What is kept of a password: enough to know it again, nothing to read it from."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from keepclear.errors import InvalidInput
from keepclear.identity.passwords import (
    NOBODYS,
    hash_password,
    is_outdated,
    require_strong,
    verify_password,
)

WORDS = "correct horse battery"


def test_a_password_is_known_again_and_another_is_not() -> None:
    kept = hash_password(WORDS, b"\x01" * 16)
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert WORDS not in kept
    assert verify_password(kept, WORDS)
    assert not verify_password(kept, WORDS.upper())
    assert not verify_password(kept, "")


def test_a_hash_of_other_parameters_is_known_again_and_is_outdated() -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(WORDS)
    assert verify_password(cheap, WORDS)
    assert is_outdated(cheap)
    assert not is_outdated(hash_password(WORDS, b"\x01" * 16))
    assert not is_outdated("plain")


def test_the_same_password_is_kept_differently_under_another_salt() -> None:
    assert hash_password(WORDS, b"\x01" * 16) != hash_password(WORDS, b"\x02" * 16)


def test_letters_are_compared_whatever_keyboard_composed_them() -> None:
    kept = hash_password("Z\u00fcrich am Morgen", b"\x01" * 16)
    assert verify_password(kept, "Zu\u0308rich am Morgen")


@pytest.mark.parametrize("kept", ["", "plain", NOBODYS])
def test_what_is_no_hash_of_it_fits_nothing(kept: str) -> None:
    assert not verify_password(kept, WORDS)


def test_nobodys_hash_is_one_that_can_be_compared_with() -> None:
    assert NOBODYS.split("$")[1:4] == hash_password(WORDS, b"\x01" * 16).split("$")[1:4]
    assert not verify_password(NOBODYS, "x" * 201)


@pytest.mark.parametrize("weak", ["", "short", "x" * 12, "hugohugohugo!", "p" * 201, "abab" * 5])
def test_a_password_that_is_guessed_too_soon_is_refused(weak: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_strong(weak, "hugo")
    assert weak == "" or weak not in str(refused.value)


def test_a_strong_one_is_taken() -> None:
    require_strong(WORDS, "hugo")
