from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.catalogue import CATALOGUE, FieldKind, type_of
from keepclear.contact.catalogue.answering import answers_of
from keepclear.contact.catalogue.checking import canonical_fields, check_fields, check_header
from keepclear.contact.catalogue.forms import catalogue_items
from keepclear.contact.catalogue.printing import field_text, printed, spoken
from keepclear.contact.catalogue.releasing import needs_second, require_release, watch_role
from keepclear.contact.catalogue.terms import begins_at, terms_of
from keepclear.errors import InvalidMessage, NotPermitted
from keepclear.formats.documents.message import message_document, message_from, stored_message
from keepclear.model.message import Message, Role
from keepclear.model.message_life import AnswerWord
from keepclear.model.operation import Mode, Precedence
from keepclear.model.window import Window
from messages import FIELDS, WINDOW, an_id
from samples import NOON

EARLY = NOON - timedelta(hours=5)


def a_message(code: str = "M09", **changes: Any) -> Message:
    settings: dict[str, Any] = {
        "id": an_id(code),
        "code": code,
        "version": 1,
        "line": "AMBER-BLUE",
        "sender": "BLUE",
        "recipient": "AMBER",
        "from_role": "duty officer",
        "to_role": "duty officer",
        "mode": Mode.EXERCISE,
        "precedence": CATALOGUE[code].precedence,
        "originated_at": EARLY,
        "fields": canonical_fields(code, FIELDS.get(code, {}), EARLY),
    }
    return Message(**(settings | changes))


def test_the_catalogue_holds_m01_to_m28() -> None:
    assert {f"M{number:02}" for number in range(1, 29)} <= set(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_no_field_of_any_type_names_weapons_or_targets(code: str) -> None:
    told = " ".join(f"{each.key} {each.label}" for each in CATALOGUE[code].fields).casefold()
    assert not any(word in told for word in ("weapon", "target", "strike", "munition"))


@pytest.mark.parametrize("code", CATALOGUE)
def test_types_that_are_read_back_say_which_fields(code: str) -> None:
    kind = CATALOGUE[code]
    if kind.readback:
        assert any(field.read_back for field in kind.fields)
    assert len({field.key for field in kind.fields}) == len(kind.fields)
    for field in kind.fields:
        assert (field.kind in (FieldKind.CHOICE, FieldKind.COUNT_BAND)) == bool(field.choices)


def test_numbers_in_fields_carry_their_unit_in_their_name() -> None:
    for kind in CATALOGUE.values():
        for field in kind.fields:
            if field.kind is FieldKind.DURATION:
                assert field.key.endswith("_s")
            if field.kind is FieldKind.DISTANCE:
                assert field.key.endswith("_m")


@pytest.mark.parametrize("code", FIELDS)
def test_fields_in_their_one_spelling_are_sound_and_stay_as_they_are(code: str) -> None:
    kept = canonical_fields(code, FIELDS[code], EARLY)
    assert check_fields(code, kept, EARLY) == ()
    assert canonical_fields(code, kept, EARLY) == kept


def test_each_problem_names_its_field_and_what_to_write_instead() -> None:
    fields = {**FIELDS["M09"], "posision": "x", "band": "FL300-FL240", "subject": None}
    found = {each.place: each for each in check_fields("M09", fields, EARLY)}
    assert set(found) == {"fields.posision", "fields.band", "fields.subject"}
    assert "position" in found["fields.posision"].remedy
    assert "upside down" in found["fields.band"].text


def test_a_field_about_weapons_is_refused_with_its_reason() -> None:
    problems = check_fields("M06", {"weapon_range_m": 40_000}, EARLY)
    assert any("no weapon data" in each.text for each in problems)


def test_a_position_whose_text_and_numbers_lie_nine_kilometres_apart_is_refused() -> None:
    slipped = {"latitude_deg": 35.79, "longitude_deg": 35.95, "text": "35.7100N 035.9500E"}
    (problem,) = check_fields("M09", {**FIELDS["M09"], "position": slipped}, EARLY)
    assert problem.place == "fields.position"
    assert "8,8" in problem.text


def test_what_must_lie_ahead_is_refused_once_it_is_past() -> None:
    late = NOON + timedelta(days=3)
    assert [each.place for each in check_fields("M16", FIELDS["M16"], late)] == ["fields.answer_by"]


LEAVES = st.none() | st.booleans() | st.floats() | st.text(max_size=20) | st.integers()
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(st.text(max_size=12), ANYTHING, max_size=6),
    st.sampled_from(sorted(CATALOGUE)),
)
def test_whatever_stands_in_fields_is_told_and_never_fails(
    fields: dict[str, Any], code: str
) -> None:
    keys = [field.key for field in CATALOGUE[code].fields]
    named = {keys[place % len(keys)]: value for place, value in enumerate(fields.values())}
    for tried in (fields, named):
        for problem in check_fields(code, tried, EARLY):
            assert problem.text
            assert problem.remedy


def test_the_header_is_held_to_its_limits() -> None:
    told = a_message(remark="x" * 281, no_duff=True, mode=Mode.REAL, to_role="")
    places = {each.place for each in check_header(told, Mode.REAL, EARLY)}
    assert {"remark", "no_duff", "to_role"} <= places
    ended = a_message(valid=Window(EARLY - timedelta(hours=2), EARLY - timedelta(hours=1)))
    assert [each.place for each in check_header(ended, Mode.REAL, EARLY)] == ["valid", "mode"]
    assert check_header(a_message(remark="a\x07b"), Mode.EXERCISE, EARLY)


def test_flash_goes_by_any_role_and_one_person_whatever_its_type() -> None:
    for kind in CATALOGUE.values():
        for role in Role:
            require_release(kind, Precedence.FLASH, role, people=("one", ""))
    declaration = type_of("M17")
    assert needs_second(declaration, Precedence.PRIORITY)
    with pytest.raises(NotPermitted):
        require_release(declaration, Precedence.PRIORITY, "duty officer", people=("One", "one "))


def test_a_role_is_no_persons_name() -> None:
    assert watch_role(" Duty  Officer ") == "duty officer"
    assert watch_role("Night linguist", ["night linguist"]) == "night linguist"
    with pytest.raises(NotPermitted):
        watch_role("Major Ivanov")


def test_what_a_message_speaks_of_begins_where_its_fields_say() -> None:
    assert begins_at("M07", {"window": WINDOW}) == NOON + timedelta(hours=1)
    assert begins_at("M03", FIELDS["M03"]) == NOON + timedelta(hours=1)
    assert begins_at("M20", FIELDS["M20"]) is None
    assert begins_at("M07", {"window": 3}) is None


def test_an_answer_is_asked_for_where_the_fields_ask() -> None:
    notice = a_message("M11", fields={"kind": "notice"})
    request = replace(notice, fields={"kind": "request"})
    assert not terms_of(notice, ()).needs_answer
    assert terms_of(request, ()).needs_answer
    assert terms_of(a_message("M16"), ()).answer_by == NOON + timedelta(hours=16)


def test_units_are_asked_for_as_far_as_a_movement_wants_it() -> None:
    wanted = a_message("M14", fields={"acknowledgement_wanted": "passed to units"})
    assert terms_of(wanted, ()).asks_units
    less = replace(wanted, fields={"acknowledgement_wanted": "acknowledged"})
    assert not terms_of(less, ()).asks_units


def test_answers_are_answers_even_where_nobody_likes_them() -> None:
    words = {"will move": "answered", "cannot": "declined", "need to talk": "partly"}
    for said, how_far in words.items():
        found = answers_of(a_message("M08", fields={"advisory": an_id("x"), "answer": said}))
        assert found is not None
        assert found.how_far is AnswerWord(how_far)
    assert answers_of(a_message("M17", fields={"ownership": "ours"})) is None


def test_a_printed_message_begins_and_ends_with_its_mode_and_no_duff() -> None:
    lines = printed(a_message(no_duff=True))
    assert lines[:2] == ("EXERCISE", "NO DUFF")
    assert lines[-2:] == ("NO DUFF", "EXERCISE")
    assert any("35.7100N 035.9500E = 35 42 36N 035 57 00E" in line for line in lines)


def test_numbers_are_spoken_digit_by_digit() -> None:
    assert spoken("35.71N 130.0") == "three five decimal seven one N one three zero decimal zero"
    assert spoken("the end.") == "the end."


def test_a_value_that_cannot_be_read_is_printed_as_it_came() -> None:
    field = type_of("M09").field("position")
    assert field is not None
    assert field_text(field, "nowhere") == "nowhere"


@pytest.mark.parametrize("code", FIELDS)
def test_a_message_is_the_same_after_its_document(code: str) -> None:
    from keepclear.canonical import canonical_bytes

    told = a_message(code, valid=Window(EARLY, NOON), speaks_of=NOON, refs=(an_id("ref"),))
    assert message_from(message_document(told)) == told
    assert stored_message(canonical_bytes(message_document(told))) == told


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 0},
        {"precedence": "URGENT"},
        {"originated_at": "yesterday"},
        {"id": "17"},
        {"surprise": 1},
        {"fields": []},
        {"to": "BLUE"},
        {"fields": {"x": float("nan")}},
    ],
)
def test_a_document_that_is_no_message_is_refused(changes: dict[str, Any]) -> None:
    from keepclear.errors import InvalidInput

    with pytest.raises(InvalidInput):
        message_from({**message_document(a_message()), **changes})


def test_an_unknown_code_is_told_with_the_nearest_one() -> None:
    with pytest.raises(InvalidMessage) as refused:
        type_of("MO9")
    assert "Did you mean" in refused.value.remedy


def test_the_catalogue_as_data_names_every_type_once() -> None:
    items = catalogue_items()
    assert [each["code"] for each in items] == list(CATALOGUE)


def test_the_page_of_messages_is_current() -> None:
    root = Path(__file__).parents[3]
    command = [sys.executable, "scripts/message_pages.py", "--check"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
