"""Movements from tables and e-mails: whole or not at all, and every line that was not read told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from humanitarian import convoy
from keepclear.errors import InvalidFile, InvalidInput, ModeMismatch
from keepclear.formats.movement_csv import COLUMNS, read_movements_csv, write_movements_csv
from keepclear.formats.movement_mail import movement_mail, read_movement_mail
from keepclear.formats.reading import Reading
from keepclear.model.humanitarian import Cargo, Movement, MovementMode, RecordSource, Wanted
from keepclear.model.operation import Mode
from samples import NOON

READING = Reading("movements", NOON, party="BLUE", mode=Mode.EXERCISE)
MAIL = """EXERCISE
MOVEMENT
Reference: RE-2026-014
Organisation: Relief Example
By: road
Route: Northgate to Southfield by the valley road
Leg: CORRIDOR HALF 1 NM 35.10N 036.10E > 35.40N 036.20E | SFC-100 m AGL | 141600Z-141800Z
Leg: CIRCLE 35.40N 036.20E R 1 km | SFC-100 m AGL | 141800Z-142000Z
Marks: blue flag on each roof
Contact: +00 5551
Cargo: food
Expires: 142300ZMAR26
Recipients: AMBER, GREEN
EXERCISE
"""
HEAD = ",".join(COLUMNS)
ROW = (
    'EXERCISE,R1,Relief Example,road,Northgate to Southfield,"{leg}",'
    "flag,+00 5551,{cargo},,142300ZMAR26,AMBER"
)
LEG = "CIRCLE 35.1N 036.1E R 1 km | SFC-100 m AGL | 141600Z-141800Z"


def test_an_email_is_one_movement_with_all_its_legs() -> None:
    read = read_movement_mail(MAIL, READING)
    assert read.unread == ()
    (movement,) = read.movements
    assert (movement.mode, movement.cargo) == (MovementMode.ROAD, Cargo.FOOD)
    assert len(movement.legs) == 2
    assert movement.recipients == ("AMBER", "GREEN")
    assert movement.wanted is Wanted.PASSED_TO_UNITS
    assert (movement.source, movement.source_text) == (RecordSource.MAIL, MAIL)


def test_the_same_reference_is_the_same_movement() -> None:
    one, again = (read_movement_mail(MAIL, READING).movements[0].id for _ in range(2))
    other = MAIL.replace("RE-2026-014", "RE-2026-015")
    assert one == again != read_movement_mail(other, READING).movements[0].id


def test_every_line_that_is_not_read_is_told_word_for_word() -> None:
    text = MAIL.replace("Cargo: food", "Dear all,\nCargo: food\n> Driver: see list")
    read = read_movement_mail(text, READING)
    assert [(each.place, each.text) for each in read.unread] == [
        ("line 11", "not read: Dear all,"),
        ("line 13", "not read: > Driver: see list"),
    ]
    assert len(read.movements) == 1


def test_a_line_said_twice_leaves_nothing_to_choose_from() -> None:
    read = read_movement_mail(MAIL.replace("By: road", "By: road\nBy: air"), READING)
    assert read.movements == ()
    assert read.unread[0].text == "said twice: By: air"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("By: rod", "By: road"),
        ("Leg: CIRCLE 35.40N R 1 km | SFC-100 m AGL | 141800Z-142000Z", "Leg: CIRCLE"),
        ("Expires: soon", "Expires: 142300ZMAR26"),
    ],
)
def test_what_cannot_be_read_makes_no_movement_and_says_where(wrong: str, right: str) -> None:
    line = next(each for each in MAIL.splitlines() if each.startswith(right))
    read = read_movement_mail(MAIL.replace(line, wrong), READING)
    assert read.movements == ()
    assert wrong.partition(":")[0].lower() in read.unread[-1].text


def test_a_missing_line_is_named() -> None:
    read = read_movement_mail(MAIL.replace("Contact: +00 5551\n", ""), READING)
    assert read.movements == ()
    assert read.unread[-1].text == "contact: missing"


def test_an_email_must_be_framed_by_the_mode_word() -> None:
    with pytest.raises(InvalidInput, match="begin and end"):
        read_movement_mail("Hello\n" + MAIL, READING)
    with pytest.raises(ModeMismatch):
        read_movement_mail(MAIL.replace("EXERCISE", "REAL"), READING)
    with pytest.raises(ModeMismatch):
        read_movement_mail(MAIL.replace("EXERCISE", "REAL", 1), READING)


_WORD = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_categories=("Cc", "Zs")),
    min_size=1,
    max_size=20,
)


def _movement(organisation: str, marks: str) -> Movement:
    return replace(convoy(NOON), organisation=organisation, marks=marks)


@given(_WORD, _WORD)
def test_a_movement_comes_back_from_its_email(organisation: str, marks: str) -> None:
    movement = _movement(organisation, marks)
    read = read_movement_mail(movement_mail(movement, Mode.EXERCISE), READING)
    assert read.unread == ()
    assert _content(read.movements[0]) == _content(movement)


@given(_WORD, _WORD)
def test_a_movement_comes_back_from_its_table(organisation: str, marks: str) -> None:
    movement = _movement(organisation, marks)
    written = write_movements_csv([movement], mode=Mode.EXERCISE)
    read = read_movements_csv(written.data, READING)
    assert read.unread == ()
    assert _content(read.movements[0]) == _content(movement)


def _content(movement: Movement) -> Movement:
    legs = tuple(replace(each, source_text="") for each in movement.legs)
    return replace(movement, legs=legs, source=RecordSource.FORM, source_text="")


def test_a_table_tells_what_it_cannot_hold() -> None:
    movement = replace(convoy(NOON), remark="not for others", confirm_by=NOON)
    losses = write_movements_csv([movement], mode=Mode.EXERCISE).losses
    assert {each.what for each in losses} == {"remark", "confirm_by"}


def test_one_bad_row_leaves_out_its_whole_movement_and_says_so() -> None:
    good = ROW.format(leg=LEG, cargo="food")
    bad = ROW.format(leg=LEG, cargo="gold").replace("R1", "R2")
    read = read_movements_csv(f"{HEAD}\n{good}\n{bad}".encode(), READING)
    assert len(read.movements) == 1
    assert [(each.place, each.text.partition(":")[0]) for each in read.unread] == [
        ("row 3", "cargo")
    ]


def test_rows_of_one_movement_must_not_contradict() -> None:
    rows = [ROW.format(leg=LEG, cargo=cargo) for cargo in ("food", "medical")]
    read = read_movements_csv("\n".join((HEAD, *rows)).encode(), READING)
    assert read.movements == ()
    assert (read.unread[0].place, read.unread[0].text.partition(":")[0]) == ("rows 2, 3", "cargo")


def test_a_damaged_table_is_refused_whole() -> None:
    with pytest.raises(InvalidFile, match="is not known"):
        read_movements_csv(HEAD.replace("cargo", "target").encode(), READING)
    row = ROW.format(leg=LEG, cargo="food")
    other, nameless = row.replace("EXERCISE", "REAL"), row.replace("R1", "")
    with pytest.raises(ModeMismatch):
        read_movements_csv(f"{HEAD}\n{other}".encode(), READING)
    with pytest.raises(InvalidFile, match="names no reference"):
        read_movements_csv(f"{HEAD}\n{nameless}".encode(), READING)
