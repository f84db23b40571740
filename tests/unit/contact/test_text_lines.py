"""Text lines: every type goes out and comes back; what is not as sent is caught and named."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.checking import canonical_fields
from keepclear.contact.catalogue.kinds import FieldKind
from keepclear.contact.check_word import check_word
from keepclear.contact.text_lines import AROUND, read_line, tag_of, written_line
from keepclear.contact.text_names import Place, name_of_place, place_of_name
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.text_line.pieces import cut_line
from keepclear.formats.text_line.spellings import SPELLINGS
from keepclear.model.message import Message
from keepclear.model.operation import Mode, Precedence
from unit.contact.text_messages import FIELDS, START, an_id, messages

PLACE = Place(1, 147)


def flash(**changes: Any) -> Message:
    told: dict[str, Any] = {
        "id": an_id("flash"),
        "code": "M09",
        "version": 1,
        "line": "AMBER-BLUE",
        "sender": "BLUE",
        "recipient": "AMBER",
        "from_role": "duty officer",
        "to_role": "duty officer",
        "mode": Mode.EXERCISE,
        "precedence": Precedence.FLASH,
        "originated_at": START,
        "fields": canonical_fields("M09", FIELDS["M09"], START),
    }
    return Message(**(told | changes))


def spoilt(line: str, old: str, new: str) -> str:
    """A line with something else in it and a check word that holds: what a forger would write."""
    changed = line.replace(old, new)
    assert changed != line
    cut = cut_line(changed)
    return changed.replace(f"CHK {cut.word}", f"CHK {check_word(cut.covered)}")


@pytest.mark.parametrize("code", CATALOGUE)
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_every_type_comes_back_as_it_went(code: str, data: st.DataObject) -> None:
    message = data.draw(messages(code))
    line = written_line(message, PLACE)
    back = read_line(line)
    assert same(back.message, message)
    assert (back.place, back.has_id) == (PLACE, True)
    words = line.split()
    assert words[0] == words[-1] == message.mode.value
    assert message.precedence.value in words
    assert "\n" not in line


@pytest.mark.parametrize("code", CATALOGUE)
@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_a_wrapped_line_reads_the_same(code: str, data: st.DataObject) -> None:
    line = written_line(data.draw(messages(code)), PLACE)
    wrapped = "\r\n   ".join(
        textwrap.wrap(line, 60, break_long_words=False, break_on_hyphens=False)
    )
    assert read_line(wrapped) == read_line(line)


@pytest.mark.parametrize("code", CATALOGUE)
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_a_damaged_line_of_any_type_is_refused_and_nothing_else_happens(
    code: str, data: st.DataObject
) -> None:
    line = written_line(data.draw(messages(code)), PLACE)
    place = data.draw(st.integers(0, len(line) - 1))
    mark = data.draw(st.characters(max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc", "Z")))
    damaged = line[:place] + mark + line[place + 1 :]
    if damaged.upper() != line.upper() and line[place] != " ":
        with pytest.raises(InvalidInput):
            read_line(damaged)


@pytest.mark.parametrize("code", CATALOGUE)
@settings(max_examples=15, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_a_forged_piece_with_a_right_check_word_is_read_or_refused(
    code: str, data: st.DataObject
) -> None:
    line = written_line(data.draw(messages(code)), PLACE)
    pieces = line.split(" | ")
    place = data.draw(st.integers(0, len(pieces) - 2))
    pieces[place] = data.draw(st.text(max_size=60)) or "X"
    try:
        cut = cut_line(" | ".join(pieces))
        read_line(" | ".join(pieces).replace(f"CHK {cut.word}", f"CHK {check_word(cut.covered)}"))
    except InvalidInput:
        pass


@given(st.text(max_size=400))
def test_any_text_at_all_is_refused_as_bad_input(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_line(text)


@pytest.mark.parametrize("code", CATALOGUE)
def test_no_two_pieces_of_a_type_are_called_alike(code: str) -> None:
    tags = [*AROUND, *(tag_of(field) for field in CATALOGUE[code].fields)]
    assert len(set(tags)) == len(tags)


def test_every_kind_of_field_has_a_spelling() -> None:
    assert set(SPELLINGS) == {each.value for each in FieldKind}


def test_the_line_reads_as_the_worked_example() -> None:
    line = written_line(flash(), PLACE, placed=lambda _: "12 km north-east of Latakia")
    assert line.startswith("EXERCISE KC1 M09 BLUE>AMBER 1/0147 FLASH 141200ZMAR26 | ")
    assert "POSITION 35.7100N 035.9500E = 35 42 36.0N 035 57 00.0E NEAR 12 km north-east" in line
    assert line.endswith(" EXERCISE")
    (claim,) = read_line(line).claims
    assert claim.phrase == "12 km north-east of Latakia"


def test_a_corridor_says_half_and_both_units() -> None:
    volume = {
        "footprint": {
            "kind": "corridor",
            "centreline": [
                {"latitude_deg": 35.71, "longitude_deg": 35.95},
                {"latitude_deg": 35.33, "longitude_deg": 40.14},
            ],
            "half_width_m": 3704.0,
        },
        "lower": {"value_m": 7315.2, "reference": "STD", "datum_m": None},
        "upper": {"value_m": 7924.8, "reference": "STD", "datum_m": None},
        "start": "2026-03-14T13:00:00Z",
        "end": "2026-03-14T14:30:00Z",
    }
    fields = canonical_fields("M03", {**FIELDS["M03"], "volumes": [volume]}, START)
    line = written_line(flash(code="M03", fields=fields), PLACE)
    assert "CORRIDOR HALF 2 NM = 3.704 KM 35.71N 035.95E > 35.33N 040.14E @ FL240-FL260 =" in line
    with pytest.raises(InvalidMessage, match="both units"):
        read_line(spoilt(line, "HALF 2 NM = 3.704 KM", "HALF 2 NM"))
    with pytest.raises(InvalidMessage, match="not one length"):
        read_line(spoilt(line, "HALF 2 NM", "HALF 4 NM"))


def test_a_line_without_its_id_is_known_by_its_place() -> None:
    line = written_line(flash(), PLACE, with_id=False)
    back = read_line(line)
    assert not back.has_id
    assert back.message.id == name_of_place("AMBER-BLUE", "BLUE", PLACE)
    assert place_of_name("AMBER-BLUE", "BLUE", back.message.id) == PLACE
    assert place_of_name("AMBER-BLUE", "AMBER", back.message.id) is None
    assert place_of_name("AMBER-BLUE", "BLUE", an_id("ordinary")) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("35.7100N", "35.7900N"),  # a wrong digit: 9 km
        ("35.7100N", "35.1700N"),  # swapped digits
        ("141200ZMAR26", "141200ZAPR26"),  # the wrong month
        ("FLASH", "FLASН"),  # a Cyrillic letter that looks Latin
        ("BLUE>AMBER", "BLUE>АMBER"),
        ("1/0147", "1/0174"),
        ("YES", "NO"),
    ],
)
def test_a_slip_fails_the_check_word(old: str, new: str) -> None:
    with pytest.raises(InvalidInput):
        read_line(written_line(flash(), PLACE).replace(old, new))


def test_a_look_alike_letter_is_named() -> None:
    line = written_line(flash(), PLACE).replace("BLUE>AMBER", "BLUE>АMBER")
    with pytest.raises(InvalidMessage) as refused:
        read_line(line)
    assert "CYRILLIC CAPITAL LETTER A" in str(refused.value.remedy)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("35.7100N 035.9500E = ", "35.7900N 035.9500E = ", "not one place"),
        (" = 35 42 36.0N 035 57 00.0E", "", "spelt twice"),
        (" = 35 42 36.0N 035 57 00.0E", " = 35.7100N 035.9500E", "one notation"),
        ("141200ZMAR26", "141200Z", "no month"),
        ("FLASH", "F", "no precedence"),
        ("| SUBJECT two fast aircraft ", "", "lacks the piece SUBJECT"),
        ("SUBJECT two", "TARGET two", "no piece TARGET"),
    ],
)
def test_what_a_forger_with_a_right_check_word_leaves_out_is_refused(
    old: str, new: str, why: str
) -> None:
    with pytest.raises(InvalidInput, match=why):
        read_line(spoilt(written_line(flash(), PLACE), old, new))


def test_a_line_that_begins_and_ends_with_other_modes_is_refused() -> None:
    line = written_line(flash(), PLACE)
    with pytest.raises(InvalidMessage, match="begins with EXERCISE and ends with REAL"):
        read_line(line.removesuffix("EXERCISE") + "REAL")


def test_no_duff_stands_beside_the_mode_at_both_ends() -> None:
    line = written_line(flash(no_duff=True), PLACE)
    assert line.startswith("EXERCISE NO DUFF KC1")
    assert line.endswith("NO DUFF EXERCISE")
    assert read_line(line).message.no_duff
    with pytest.raises(InvalidMessage):
        read_line(line.replace("EXERCISE NO DUFF KC1", "EXERCISE KC1"))


def test_the_page_of_text_lines_is_current() -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "scripts/text_pages.py", "--check"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def same(back: Message, message: Message) -> bool:
    """Whether all came back: words of a choice, numbers and times exactly; the minute of origin."""
    minute: datetime = message.originated_at.replace(second=0, microsecond=0)
    assert abs(back.originated_at - minute) < timedelta(minutes=1)
    plain = {**told(message), "originated_at": None}
    return {**told(back), "originated_at": None} == plain


def told(message: Message) -> dict[str, Any]:
    from keepclear.formats.documents.message import message_document

    document = message_document(message)
    document["fields"] = {key: without_text(each) for key, each in message.fields.items()}
    return document


def without_text(value: Any) -> Any:
    """A value without the words it was typed in, which are not carried."""
    if isinstance(value, dict):
        if "latitude_deg" in value:
            return {key: each for key, each in value.items() if key != "text"}
        return {key: without_text(each) for key, each in value.items() if key != "source_text"}
    return [without_text(each) for each in value] if isinstance(value, list) else value
