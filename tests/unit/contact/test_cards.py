"""Challenge and reply: one secret, the same cards, nothing learnt from one reply of another."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.cards import (
    CHALLENGES,
    card_of,
    holds,
    new_secret,
    next_challenge,
    read_secret,
    reply_to,
    secret_mark,
    shown_secret,
)
from keepclear.contact.check_word import ALPHABET
from keepclear.errors import InvalidInput

DAY = date(2026, 3, 14)
SECRET = new_secret(b"\x07" * 32)
CARD = ("AMBER-BLUE", DAY, "BLUE")


def test_a_secret_is_read_back_as_it_is_shown() -> None:
    assert read_secret(shown_secret(SECRET).lower()) == SECRET
    assert len(secret_mark(SECRET)) == 4


@given(st.integers(0, 31), st.sampled_from(ALPHABET))
def test_any_wrong_symbol_of_a_secret_is_caught(place: int, mark: str) -> None:
    wrong = SECRET[:place] + mark + SECRET[place + 1 :]
    if wrong == SECRET:
        assert read_secret(wrong) == SECRET
    else:
        with pytest.raises(InvalidInput):
            read_secret(wrong)


def test_cards_differ_by_date_asker_and_line() -> None:
    first = card_of(SECRET, *CARD).rows
    for line, day, asker in (
        ("AMBER-GREEN", DAY, "BLUE"),
        ("AMBER-BLUE", DAY + timedelta(days=1), "BLUE"),
        ("AMBER-BLUE", DAY, "AMBER"),
    ):
        other = card_of(SECRET, line, day, asker).rows
        same = [a for a, b in zip(first, other, strict=True) if a == b]
        assert len(same) < 2


def test_every_challenge_has_its_reply_and_only_that_holds() -> None:
    rows = card_of(SECRET, *CARD).rows
    assert [each.challenge for each in rows] == list(CHALLENGES)
    for challenge, reply in rows:
        assert holds(SECRET, CARD, challenge, reply.lower())
    assert not holds(SECRET, CARD, rows[0].challenge, rows[1].reply)
    assert not holds(SECRET, CARD, rows[0].challenge, "not a reply")


def test_challenges_are_put_in_order_and_run_out() -> None:
    assert next_challenge(()) == CHALLENGES[0]
    assert next_challenge(CHALLENGES[:3]) == CHALLENGES[3]
    with pytest.raises(InvalidInput):
        next_challenge(CHALLENGES)
    with pytest.raises(InvalidInput):
        reply_to(SECRET, *CARD, "Z9")


def test_too_little_chance_makes_no_secret() -> None:
    with pytest.raises(InvalidInput):
        new_secret(b"short")
