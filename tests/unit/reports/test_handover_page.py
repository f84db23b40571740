"""The handover sheet: one page, nothing loaded, the mode first and last."""

from __future__ import annotations

import re

from keepclear.formats.documents.handover_sheet import (
    LastWords,
    OpenMessage,
    RunningClock,
    Section,
    SheetDocument,
    ShiftNote,
)
from keepclear.model.handover import Handover, Override, Signature, WatchSide
from keepclear.model.operation import Mode
from keepclear.reports.handover.page import handover_page
from samples import NOON

AT = "2026-03-14T12:00:00Z"
NONE: Section[object] = Section(total=0, items=())
NASTY = "<script>alert(1)</script>\u202e & more"


def sheet(**changes: object) -> SheetDocument:
    settings: dict[str, object] = {
        "party": "BLUE",
        "mode": Mode.EXERCISE,
        "at": AT,
        "since": AT,
        "on_watch": ("duty officer",),
        "remark": "",
        **dict.fromkeys(
            (
                "messages",
                "clocks",
                "operations",
                "lines",
                "last_words",
                "calls",
                "alarms",
                "quarantine",
                "consultations",
                "notes",
            ),
            NONE,
        ),
        **changes,
    }
    return SheetDocument(**settings)  # type: ignore[arg-type]  # as told above


def handover(**changes: object) -> Handover:
    shift = {
        "roles": [{"role": "planner"}],
        "handed_over_by": "duty officer",
        "taken_over_by": "senior watch officer",
        "next_handover": AT,
        "remark": NASTY,
    }
    settings: dict[str, object] = {
        "id": "h-1",
        "party": "BLUE",
        "prepared_at": NOON,
        "prepared_by": "jk",
        "watch_version": 1,
        "shift": shift,
        "sheet": {},
        "digest": "0" * 64,
        **changes,
    }
    return Handover(**settings)  # type: ignore[arg-type]  # as told above


def words_of(page: bytes) -> str:
    body = page.decode().partition("<body>")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


def test_the_mode_stands_first_and_last() -> None:
    told = words_of(handover_page(sheet()))
    assert told.startswith("EXERCISE ")
    assert told.endswith(" EXERCISE")


def test_an_empty_section_says_none_and_a_full_one_how_many_are_left_out() -> None:
    note = ShiftNote(id="n", at=AT, actor="jk", role="duty officer", line="", text="Late.")
    told = words_of(handover_page(sheet(notes=Section(total=201, items=(note,)))))
    assert "Open messages (0) None." in told
    assert "Notes of the shift (201)" in told
    assert "And 200 more, in the console." in told


def test_text_of_others_is_inert() -> None:
    last = LastWords(line="L", party="AMBER", at=AT, by="message", id="m", text=NASTY)
    page = handover_page(sheet(last_words=Section(total=1, items=(last,))), handover()).decode()
    assert "<script" not in page
    assert "\u202e" not in page
    assert "[U+202E]" in page


def test_the_page_asks_for_nothing() -> None:
    page = handover_page(sheet(), handover()).decode()
    assert not re.search(r"(src|href|url\()", page)


def test_a_clock_that_ran_out_says_so_in_words() -> None:
    late = RunningClock(subject="message", id="m", kind="answer", due=AT, is_overdue=True)
    assert "overdue" in words_of(handover_page(sheet(clocks=Section(total=1, items=(late,)))))


def test_an_open_message_is_told_with_its_clock() -> None:
    one = OpenMessage(
        id="m",
        code="M07",
        line="L",
        is_ours=True,
        precedence="PRIORITY",
        state="sent",
        at=AT,
        due=None,
        text="CHANGE REQUEST, BLUE to AMBER",
    )
    told = words_of(handover_page(sheet(messages=Section(total=1, items=(one,)))))
    assert "M07 CHANGE REQUEST, BLUE to AMBER PRIORITY sent 141200ZMAR26 not said m" in told


def test_room_is_left_for_signatures_that_are_missing_and_given_ones_are_named() -> None:
    signed = Signature(WatchSide.OUTGOING, "duty officer", "hugo", by_password=True, at=NOON)
    told = words_of(handover_page(sheet(), handover(signatures=(signed,))))
    assert "Signed by password: hugo" in told
    assert "Incoming: senior watch officer Name, signature, time (UTC)" in told


def test_an_override_is_told_with_its_reason() -> None:
    why = Override("relieved ill", "duty officer", "jk", NOON)
    told = words_of(handover_page(sheet(), handover(override=why)))
    assert "without both signatures" in told
    assert "relieved ill" in told


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert handover_page(sheet(), handover()) == handover_page(sheet(), handover())
