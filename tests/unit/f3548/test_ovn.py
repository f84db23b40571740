"""Version numbers: drawn, or asked for by their manager."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidInput, VersionConflict
from keepclear.f3548.ovn import RANDOM_BYTES, new_ovn, requested_ovn, require_later

ENTITY = "0c6c1f0e-3b56-4d0a-9a0c-2f6e3f1d7c11"
NOW_US = 1_442_577_600_000_000


def uuid7(at_us: int, rest: int = 0) -> str:
    digits = f"{(at_us // 1_000 << 80) | (7 << 76) | (2 << 62) | rest:032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@given(st.binary(min_size=12, max_size=96))
def test_an_ovn_is_of_a_legal_length_and_fit_for_a_path(random: bytes) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{16,128}", new_ovn(random))


@pytest.mark.parametrize("count", [0, 11, 97])
def test_too_few_or_too_many_bytes_make_no_ovn(count: int) -> None:
    with pytest.raises(InvalidInput, match="do not make an OVN"):
        new_ovn(bytes(count))


def test_what_is_drawn_has_thirty_two_characters() -> None:
    assert len(new_ovn(bytes(RANDOM_BYTES))) == 32


@pytest.mark.parametrize("off_s", [-299, 0, 299])
def test_a_manager_may_ask_for_an_ovn_made_just_now(off_s: int) -> None:
    suffix = uuid7(NOW_US + off_s * 1_000_000)
    assert requested_ovn(ENTITY, suffix, now_us=NOW_US) == f"{ENTITY}_{suffix}"


@pytest.mark.parametrize(
    ("suffix", "why"),
    [
        ("", "no UUID"),
        ("abc", "no UUID"),
        ("1ef9b1a0-0000-6000-8000-000000000000", "version 7"),
        (uuid7(NOW_US).upper().replace("-", ""), "usual form"),
        (uuid7(NOW_US - 301_000_000), "not made just now"),
        (uuid7(NOW_US + 301_000_000), "not made just now"),
    ],
)
def test_any_other_suffix_is_refused_and_says_why(suffix: str, why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        requested_ovn(ENTITY, suffix, now_us=NOW_US)


def test_an_ovn_that_is_asked_for_never_comes_twice_or_goes_back() -> None:
    older, newer = (f"{ENTITY}_{uuid7(NOW_US, rest)}" for rest in (1, 2))
    require_later(newer, older)
    require_later(older, new_ovn(bytes(RANDOM_BYTES)))
    require_later(new_ovn(bytes(RANDOM_BYTES)), newer)
    for again in (newer, older):
        with pytest.raises(VersionConflict, match="not later"):
            require_later(again, newer)
