"""The page: whole in itself, in the right order, honest about what it leaves out."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.errors import InvalidFile
from keepclear.model.answer import CheckReport
from keepclear.model.operation import Mode
from keepclear.model.plan_set import PlanSet
from keepclear.reports.basemap import Basemap
from keepclear.reports.html import check_page
from keepclear.reports.html.limits import MOST_CARDS, MOST_OPERATIONS
from keepclear.reports.subject import CheckSubject
from unit.reports.latakia import (
    answer,
    around,
    circle,
    conflict,
    crowd,
    latakia,
    level,
    operation,
    subject_of,
    window,
)

VOID = {"meta", "input", "br", "link"}


class Outline(HTMLParser):
    """A page as a browser nests it: elements, ids, links, and what a person can read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.styled: list[str] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self._open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), f"an inline handler: {name}"
            if name == "id":
                self.ids.append(value or "")
            if name == "style":
                self.styled.append(tag)
            if name in ("href", "src", "action", "data", "xlink:href"):
                self.links.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and not {"style", "script", "title"} & set(self._open):
            self.text.append(data.strip())


def page_of(subject: CheckSubject) -> str:
    return check_page(subject).decode()


@pytest.fixture(scope="module")
def page() -> str:
    return page_of(latakia())


@pytest.fixture(scope="module")
def seen(page: str) -> Outline:
    return Outline(page)


@pytest.mark.parametrize("mode", list(Mode))
def test_the_mode_is_the_first_and_the_last_word(mode: Mode) -> None:
    subject = latakia()
    page = page_of(replace(subject, report=replace(subject.report, mode=mode)))
    text = Outline(page).text
    assert text[0] == mode.value
    assert text[-1] == mode.value
    title = re.search(r"<title>(.*?)</title>", page)
    assert title is not None
    assert title[1].startswith(mode.value)
    assert title[1].endswith(mode.value)


def test_nothing_is_asked_of_anyone(page: str, seen: Outline) -> None:
    assert all(link.startswith("#") for link in seen.links)
    assert not {"img", "iframe", "object", "embed", "link", "base", "form"} & set(seen.tags)
    assert seen.styled == []
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert "http://" not in page
    assert "https://" not in page


def test_the_policy_allows_this_script_and_this_style_alone(page: str) -> None:
    policy = re.search(r'content="(default-src[^"]+)"', page)
    assert policy is not None
    rules = policy[1].replace("&#x27;", "'")
    assert "default-src 'none'" in rules
    assert "unsafe" not in rules
    for kind in ("script", "style"):
        (text,) = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in rules


def test_every_link_leads_to_a_part_of_the_page(seen: Outline) -> None:
    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert len(seen.ids) == len(set(seen.ids))


def test_every_operation_on_the_map_stands_in_a_list_and_on_the_timeline(page: str) -> None:
    drawn = set(re.findall(r'<a href="#row-(o\d+)" class="op ', page))
    assert len(drawn) == 13
    assert drawn == set(re.findall(r'<tr id="row-(o\d+)"', page))
    assert drawn == set(re.findall(r'<li class="lane [^"]+" data-op="(o\d+)"', page))


def test_parties_differ_by_label_and_line_not_by_colour_alone(page: str) -> None:
    patterns = set(re.findall(r'class="op (?:own|other) (p\d)', page))
    assert patterns == {"p0", "p1", "p2"}
    assert "B-7731 BLUE" in page
    assert "R-12 RELIEF" in page


def test_a_card_says_who_where_when_how_close_and_why(page: str) -> None:
    (card,) = re.findall(r'<details id="conflict-2".*?</details>', page, re.DOTALL)
    text = re.sub(r"<[^>]+>", " ", card)
    for words in (
        "C2 CONFLICT",
        "B-7731",
        "A-0915",
        "151310Z to 151420Z",
        "1.9 NM (3.6 km)",
        "3.0 NM (5.6 km)",
        "1,000 ft (304 m)",
        "35.5699N 036.9156E = 35 34.19N 036 54.94E",
        "of Idlib",
        "FL240 to FL260",
        "contact",
        "Closer than the rule asks",
        "1 h 05 min later: no conflict found",
    ):
        assert words in text
    assert 'class="pair plan"' in card
    assert 'class="pair profile"' in card


def test_only_the_worst_card_is_open(page: str) -> None:
    assert re.findall(r'<details id="(conflict-\d+)" class="[^"]+" open', page) == ["conflict-1"]


def test_infringements_findings_and_doubts_have_their_sections(seen: Outline) -> None:
    assert {"infringements", "doubts", "findings", "theirs", "airspace"} <= set(seen.ids)
    assert "left-out" not in seen.ids


def test_features_left_out_are_told_with_their_remedy() -> None:
    left_out = InvalidFile("no party", file="blue.csv", feature="row 17", remedy="Name a party.")
    subject = subject_of((), (), (), rejected=(left_out,))
    text = Outline(page_of(subject)).text
    assert "Name a party." in text
    assert "Features left out of the check (1)" in text


def test_an_empty_check_is_a_page_that_cannot_say() -> None:
    text = Outline(page_of(subject_of((), (), ()))).text
    assert "CANNOT SAY" in text
    assert "No operation to show." in text


def test_the_same_subject_gives_the_same_bytes() -> None:
    assert check_page(latakia()) == check_page(latakia())


@pytest.mark.parametrize("place", [(-17.0, 179.95), (89.8, 30.0), (-89.9, 0.0), (0.0, 0.0)])
def test_the_map_holds_together_across_the_antimeridian_and_at_the_poles(
    place: tuple[float, float],
) -> None:
    page = page_of(around(*place))
    Outline(page)
    (own,) = re.findall(r'class="op own[^>]*>.*?<path d="([^"]+)"', page, re.DOTALL)
    numbers = [float(value) for value in re.findall(r"-?[\d.]+", own)]
    assert min(numbers) >= 0.0
    assert max(numbers) <= 1_000.0
    spans = [max(part) - min(part) for part in (numbers[::2], numbers[1::2])]
    assert max(spans) > 550.0


def test_a_large_check_is_capped_and_says_so() -> None:
    subject = crowd(700, MOST_CARDS + 31)
    page = page_of(subject)
    text = Outline(page).text
    assert "… and 31 more in the JSON." in text
    assert len(re.findall(r'<details id="conflict-', page)) == MOST_CARDS
    assert len(re.findall(r'class="op ', page)) == MOST_OPERATIONS
    assert "… and 800 more (all in the JSON)." in text


def test_volumes_that_are_not_held_leave_a_sentence_in_place_of_pictures() -> None:
    subject = latakia()
    page = page_of(replace(subject, theirs=PlanSet()))
    assert "Its volumes are not held here." in page
    assert "No pictures: the volumes of one side are not held here." in page
    Outline(page)


def test_an_older_version_is_not_drawn_in_place_of_the_one_compared() -> None:
    subject = latakia()
    theirs = tuple(replace(one, version=2) for one in subject.theirs.operations)
    page = page_of(replace(subject, theirs=PlanSet(theirs)))
    assert 'class="pair plan"' not in page


def test_without_a_basemap_there_is_still_a_map() -> None:
    page = page_of(replace(latakia(), basemap=Basemap()))
    assert 'id="map"' in page
    assert "of Idlib" not in page


def test_the_pages_own_words_never_sound_like_a_permission(seen: Outline) -> None:
    text = " ".join(seen.text).lower()
    assert not re.search(r"\bclear\b|\bcleared\b|\bsafe\b|\bapproved\b|\baccepted\b", text)


hostile = st.one_of(
    st.text(min_size=1, max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "'--></style></script>",
            "\u202eEULB\u2066",
            "a\x00b\x1b[31m\ud800",
            "</title><base href=//x>",
            "url(//x) expression(1)",
        ]
    ),
)


def one_conflict(designator: str, contact: str, reason: str) -> CheckSubject:
    when = window("1300", "1400")
    mine = operation(designator, "BLUE", circle(35, 36, 5), level(100, 120), when, contact=contact)
    other = operation(designator + "x", designator, circle(35, 36, 3), level(110, 130), when)
    found = conflict(mine, other, reason=reason, rule=reason or "R")
    return subject_of((mine,), (other,), (answer(mine, found),))


@given(hostile, hostile, hostile)
@settings(max_examples=15)
def test_texts_of_others_are_inert_everywhere(designator: str, contact: str, reason: str) -> None:
    page = page_of(one_conflict(designator, contact, reason))
    made, expected = Outline(page), Outline(page_of(one_conflict("B-1", "c", "r")))
    assert set(made.tags) <= set(expected.tags)
    assert made.tags.count("script") == 1
    assert made.links.count("#conflict-1") == expected.links.count("#conflict-1")
    assert all(link.startswith("#") for link in made.links)
    assert not set(page) & set("\x00\x1b\u202e\u2066\u200f")


def test_the_report_is_not_needed_whole_to_be_drawn() -> None:
    report: CheckReport = replace(latakia().report, own_parties=())
    Outline(page_of(replace(latakia(), report=report)))
