"""Passwords, kept only as what argon2id makes of them.

Source: RFC 9106, 4 (argon2id, second recommended option: 64 MiB, 3 passes, 4 lanes);
RFC 8265, 4.2 (passwords are compared in Unicode NFC).
"""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from keepclear.errors import InvalidInput
from keepclear.model.account import PASSWORD_LEAST, PASSWORD_MOST

SALT_BYTES = 16

_HASHER = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
)
"""A hash that no known password has; comparing with it takes as long as with any other."""


def hash_password(password: str, salt: bytes) -> str:
    """What is kept of a password.

    Args:
        password: as it was given.
        salt: at least 16 bytes, drawn for this very password.
    """
    return _HASHER.hash(_normal(password), salt=salt)


def verify_password(kept: str, password: str) -> bool:
    """Whether a password is the one that was kept."""
    if len(password) > PASSWORD_MOST:
        return False
    try:
        return _HASHER.verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether what is kept was made with other parameters than a password gets now."""
    try:
        return _HASHER.check_needs_rehash(kept)
    except InvalidHashError:
        return False


def require_strong(password: str, name: str) -> None:
    """Refuse a password that is guessed too soon.

    Raises:
        InvalidInput: it is too short or too long, holds the account's name, or repeats itself.
    """
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        raise InvalidInput(
            f"password: not {PASSWORD_LEAST} to {PASSWORD_MOST} characters",
            remedy="Choose a longer one; several words do well.",
        )
    holds_name = len(name) > 2 and name.casefold() in password.casefold()
    if holds_name or len(set(password)) < 5:
        raise InvalidInput(
            "password: it holds the account's name, or hardly any different characters",
            remedy="Choose one that nobody guesses; several words do well.",
        )


def _normal(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
