"""A message about a conflict tells no more than its level, or says where it does."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from keepclear.disclose.lattice import lattice_of
from keepclear.disclose.overlapping import is_boxed, overlaps_of
from keepclear.disclose.speaking import Spoken, TellingCaution, telling_cautions
from keepclear.formats.documents.shapes import (
    VolumeDocument,
    volume_document,
    window_document,
)
from keepclear.formats.documents.strict import read_document
from keepclear.model.agreement import DisclosureLimits
from keepclear.model.message import Message
from keepclear.model.operation import DisclosureLevel, Mode, Precedence
from keepclear.model.volume import Circle, Position, Volume
from keepclear.model.window import Window
from samples import NOON, agreement, operation

L0, L1, L2, L3, L4 = DisclosureLevel
LATTICE = lattice_of(DisclosureLimits())
NAME = "B-7731"
NAMED: dict[str, Any] = {"id": str(uuid.UUID(int=7, version=4)), "version": 2, "designator": NAME}
COARSE = window_document(Window(NOON, NOON + timedelta(hours=1)))


def advisory(**fields: Any) -> Message:
    names = [name for name in ("remark", "renderings", "code") if name in fields]
    header: dict[str, Any] = {name: fields.pop(name) for name in names}
    plain = {"conflict": "c" * 32, "window": COARSE, "rule": "R1", "asked_change": "higher"}
    settings: dict[str, Any] = {"code": "M07", "remark": "", **header}
    return Message(
        id=str(uuid.UUID(int=1, version=4)),
        version=1,
        line="L",
        sender="BLUE",
        recipient="AMBER",
        from_role="planner",
        to_role="planner",
        mode=Mode.EXERCISE,
        precedence=Precedence.IMMEDIATE,
        originated_at=NOON,
        fields={**plain, **fields},
        **settings,
    )


def cautions(
    message: Message, level: DisclosureLevel = L1, *named: Spoken, known: bool = False
) -> tuple[TellingCaution, ...]:
    return telling_cautions(message, Spoken(NAME, "BLUE", level, known), named, LATTICE)


def places(
    message: Message, level: DisclosureLevel = L1, *named: Spoken, known: bool = False
) -> list[str]:
    return [each.place for each in cautions(message, level, *named, known=known)]


def test_an_advisory_in_whole_steps_without_a_name_tells_nothing_more() -> None:
    message = advisory(asked_change="Climb 2,000 ft, or leave 30 min later, or move 2 NM north.")
    assert places(message) == []


def test_the_name_of_the_own_operation_is_told_from_l3_on() -> None:
    message = advisory(operation=NAMED, asked_change=f"stay below {NAME.lower()}")
    assert places(message, L2) == ["fields.operation", "fields.asked_change"]
    assert places(message, L3) == places(message, L4) == []
    (first, _) = cautions(message, L2)
    assert first.instead == {**NAMED, "designator": f"op-{NAMED['id'][:8]}"}
    assert places(advisory(operation=first.instead), L2) == []


def test_a_name_inside_another_word_is_not_that_name() -> None:
    assert places(advisory(asked_change="B-77312 and XB-7731 move")) == []


def test_what_the_other_side_named_first_may_be_named_back() -> None:
    assert places(advisory(code="M08", operation=NAMED), known=True) == []


def test_another_partys_operation_is_not_ours_to_name() -> None:
    theirs = Spoken("C-5", "GREY", L0)
    assert places(advisory(remark="C-5 does the same"), L3, theirs) == ["remark"]


def test_an_overlap_is_told_from_l2_on_and_there_in_boxes_of_the_grid() -> None:
    overlap = [volume_document(each) for each in operation("B-1").volumes]
    assert places(advisory(overlap=overlap), L1) == ["fields.overlap"]
    assert places(advisory(overlap=overlap), L3) == []
    (told,) = cautions(advisory(overlap=overlap), L2)
    assert told.place == "fields.overlap"
    assert places(advisory(overlap=told.instead), L2) == []


def test_the_overlap_that_an_answer_at_l2_tells_may_be_said_back() -> None:
    mine, theirs = operation("B-1"), operation("A-1", party="AMBER")
    (rule, *_) = agreement().rules
    boxes = overlaps_of(mine.volumes, theirs.volumes, rule, LATTICE)
    assert boxes
    assert places(advisory(overlap=[volume_document(each) for each in boxes]), L2) == []


def test_times_finer_than_the_grid_are_named_with_the_band_around_them() -> None:
    fine = window_document(Window(NOON + timedelta(minutes=7), NOON + timedelta(minutes=41)))
    (told,) = cautions(advisory(window=fine))
    assert (told.place, told.instead) == ("fields.window", COARSE)
    (left,) = cautions(advisory(time_to_overlap_s=4_000.0))
    assert (left.place, left.instead) == ("fields.time_to_overlap_s", 3_600.0)
    assert cautions(advisory(window=fine, time_to_overlap_s=4_000.0), L3) == ()


def test_at_l0_even_the_conflict_is_more_than_may_be_told() -> None:
    assert places(advisory(), L0) == ["fields.conflict"]


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("Climb 1,370 ft.", 'Write "2,000 ft".'),
        ("Leave 25 min later.", 'Write "30 min".'),
        ("Move 2.3 NM north.", 'Write "4 NM".'),
        ("Not below FL355.", 'Write "FL360".'),
        ("Not before 1137Z.", 'Write "1200Z".'),
        ("Keep off 35.40N 035.95E.", "Leave it out, or give its unit in whole steps."),
    ],
)
@pytest.mark.parametrize("place", ["own_change", "asked_change", "words"])
def test_a_figure_finer_than_the_grid_is_named_with_whole_steps(
    text: str, remedy: str, place: str
) -> None:
    (told,) = cautions(advisory(**{place: text}))
    assert (told.place, told.remedy) == (f"fields.{place}", remedy)
    assert cautions(advisory(**{place: text}), L3) == ()


def test_renderings_and_the_remark_are_read_too() -> None:
    message = advisory(remark="about 1,370 ft", renderings={"ru": "на 417 м выше"})
    assert places(message) == ["remark", "renderings.ru"]


def test_other_words_have_to_be_confirmed_anew() -> None:
    first, second = (cautions(advisory(own_change=f"{n} ft"))[0] for n in (1_370, 1_371))
    assert first.id != second.id
    assert first.id == cautions(advisory(own_change="1370 ft"))[0].id


def test_other_messages_are_no_matter_of_this() -> None:
    assert places(replace(advisory(operation=NAMED), code="M09"), L0) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
PARTS = ("operation", "other", "overlap", "window", "time_to_overlap_s", "own_change", "words")


@given(
    fields=st.dictionaries(st.sampled_from(PARTS), JSON),
    level=st.sampled_from(DisclosureLevel),
    remark=st.text(max_size=200),
)
@example(fields={"time_to_overlap_s": 10**400}, level=L1, remark="")
def test_whatever_stands_in_a_draft_can_be_looked_at(
    fields: dict[str, Any], level: DisclosureLevel, remark: str
) -> None:
    found = cautions(advisory(remark=remark, **fields), level)
    assert all(each.remedy and each.place in told_places(fields) for each in found)
    assert level < L3 or found == ()


def told_places(fields: dict[str, Any]) -> set[str]:
    return {f"fields.{each}" for each in (*fields, "conflict", "window")} | {"remark"}


@given(
    latitude_deg=st.floats(-80.0, 80.0),
    longitude_deg=st.floats(-180.0, 180.0),
    radius_m=st.floats(100.0, 200_000.0),
    minutes=st.integers(1, 600),
)
def test_what_is_offered_instead_of_an_overlap_lies_on_the_grid(
    latitude_deg: float, longitude_deg: float, radius_m: float, minutes: int
) -> None:
    (plain, *_) = operation("B-1").volumes
    circle = Circle(Position(latitude_deg, longitude_deg), radius_m)
    window = Window(NOON, NOON + timedelta(minutes=minutes))
    overlap = [volume_document(Volume(circle, plain.band, window))]
    found = cautions(advisory(overlap=overlap), L2)
    assert isinstance(found[0].instead, list)
    again = [read_document(each, VolumeDocument, VolumeDocument.built) for each in found[0].instead]
    assert all(is_boxed(each, LATTICE) for each in again)
