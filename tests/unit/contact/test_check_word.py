"""The check word: any wrong character and any swap changes it."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keepclear.contact.check_word import (
    ALPHABET,
    HIGHEST,
    LENGTH,
    PRIME,
    ROOT,
    check_word,
    covered,
    read_check_word,
)
from keepclear.errors import InvalidMessage

MARKS = st.characters(max_codepoint=HIGHEST, exclude_categories=("Cs", "Cc"))
LINES = st.text(MARKS, min_size=1, max_size=300)
TYPED = st.text(st.sampled_from("ABCDXYZ0189 |>./=-"), min_size=2, max_size=200)


def test_the_modulus_is_prime_and_five_is_a_primitive_root_of_it() -> None:
    assert all(PRIME % k for k in range(2, int(PRIME**0.5) + 1))
    rest, factors, k = PRIME - 1, set(), 2
    while rest > 1:
        while rest % k == 0:
            factors.add(k)
            rest //= k
        k += 1
    assert all(pow(ROOT, (PRIME - 1) // q, PRIME) != 1 for q in factors)
    assert len(ALPHABET) ** LENGTH > PRIME
    assert PRIME > HIGHEST


@given(LINES, st.data())
def test_any_single_wrong_character_fails(line: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(line) - 1))
    wrong = f"{line[:place]}{data.draw(MARKS)}{line[place + 1 :]}"
    assume(len(covered(wrong)) == len(covered(line)))
    assert (check_word(wrong) == check_word(line)) is (covered(wrong) == covered(line))


@given(TYPED, st.data())
def test_any_swap_of_two_characters_fails(line: str, data: st.DataObject) -> None:
    line = covered(line)
    assume(len(line) > 1)
    one = data.draw(st.integers(0, len(line) - 2))
    other = data.draw(st.integers(one + 1, len(line) - 1))
    marks = list(line)
    marks[one], marks[other] = marks[other], marks[one]
    swapped = "".join(marks)
    assume(covered(swapped) == swapped and swapped != line)
    assert check_word(swapped) != check_word(line)


def test_every_wrong_digit_of_a_real_line_fails() -> None:
    line = "EXERCISE KC1 M09 BLUE>AMBER 1/0147 FLASH 151130ZSEP15 | POSITION 35.7100N 035.9500E"
    right = check_word(line)
    for place, mark in enumerate(line):
        if mark.isdigit():
            for other in set("0123456789") - {mark}:
                assert check_word(line[:place] + other + line[place + 1 :]) != right


@pytest.mark.parametrize(("latin", "cyrillic"), [("A", "А"), ("E", "Е"), ("O", "О"), ("P", "Р")])
def test_a_look_alike_letter_fails(latin: str, cyrillic: str) -> None:
    assert check_word(f"X{latin}X") != check_word(f"X{cyrillic}X")


def test_what_voices_do_not_carry_changes_nothing() -> None:
    assert check_word("stay  north of 35.0 ") == check_word("STAY NORTH OF 35.0")
    assert check_word("Держитесь севернее") == check_word("ДЕРЖИТЕСЬ  СЕВЕРНЕЕ")


def test_it_is_four_symbols_that_are_not_taken_for_each_other() -> None:
    word = check_word("anything")
    assert len(word) == LENGTH
    assert set(word) <= set(ALPHABET)
    assert not set(ALPHABET) & set("0O1ILSZBV")
    assert read_check_word(f" {word.lower()} ") == word


@pytest.mark.parametrize("typed", ["", "5F3", "5F3AA", "5F3O", "5F3А", "5F 3"])
def test_what_is_no_check_word_is_named(typed: str) -> None:
    with pytest.raises(InvalidMessage):
        read_check_word(typed)


def test_a_character_nobody_can_type_is_refused() -> None:
    with pytest.raises(InvalidMessage):
        check_word("\N{GRINNING FACE}")
