"""A line without its network, by keyboard alone: files, mail, cards, challenge and reply, allies.

Two nodes that cannot reach each other: each waits for a port on which nobody answers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from e2e.console.lining import LINE, pane, put, release, rows
from e2e.console.watching import NodeAddress, Visit
from keepclear.cli.exercise_pair import Place, make_pair, pair_places, running
from keepclear.cli.progress import compile_kernels_once
from keepclear.compose.machine import ExerciseClock
from keepclear.exercise.article.conducting import PARTIES
from keepclear.exercise.generating import build_exercise
from messages import FIELDS, VOLUME
from people import password_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from e2e.console.conftest import OpenConsole

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

SECRET = re.compile(r"(?:[2-9A-Z]{4} ){7}[2-9A-Z]{4}")
LATE = {**VOLUME, "start": "2026-03-14T05:20:00Z", "end": "2026-03-14T06:30:00Z"}


@dataclass(frozen=True)
class Desk:
    """Both nodes.

    Attributes:
        nodes: where their consoles are, by party.
        mail: the folder where AMBER's mail comes in.
    """

    nodes: dict[str, NodeAddress]
    mail: Path


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    root = tmp_path_factory.mktemp("desk")
    exercise = build_exercise(date(2026, 3, 14))
    clock = ExerciseClock(exercise.now - timedelta(days=3))
    met, silent = (pair_places(root, dict.fromkeys(PARTIES, 0)) for _ in range(2))
    compile_kernels_once()
    make_pair(exercise, met, clock)
    mail = root / "mail"
    mail.mkdir()
    settings = met["AMBER"].folder.config
    told = settings.read_text().replace('inbox_folder = ""', f'inbox_folder = "{mail}"')
    settings.write_text(told)
    with running(silent, clock, shown=()):
        for name, kind in (("chief", "admin"), ("looker", "viewer"), ("second", "releaser")):
            make_account(silent["AMBER"], name, kind)
        yield Desk({party: address(place) for party, place in silent.items()}, mail)


def address(place: Place) -> NodeAddress:
    return NodeAddress(
        f"http://127.0.0.1:{place.port}/enter?", place.folder.token.read_text().strip()
    )


def make_account(place: Place, name: str, kind: str) -> None:
    node = address(place)
    bearer = {"authorization": f"Bearer {node.token}", "if-none-match": "*"}
    wanted = {"kinds": [kind], "password": password_of(name)}
    url = f"{node.origin}/api/v1/accounts/{name}"
    httpx.put(url, json=wanted, headers=bearer, trust_env=False).raise_for_status()


@pytest.fixture
def blue(desk: Desk, visit_in: OpenConsole) -> Visit:
    return begun(visit_in(desk.nodes["BLUE"]))


@pytest.fixture
def amber(desk: Desk, visit_in: OpenConsole) -> Visit:
    return begun(visit_in(desk.nodes["AMBER"]))


def begun(visit: Visit) -> Visit:
    visit.page.get_by_role("region", name="Lines").get_by_text("on watch").wait_for()
    return visit


def press(visit: Visit, what: Locator, key: str = "Enter") -> None:
    """Go to a control as Tab would, and press a key on it; the pointer is never used."""
    what.focus()
    expect(what).to_be_focused()
    visit.keys(key)


def write(visit: Visit, field: Locator, text: str) -> None:
    """Type into a field."""
    field.focus()
    visit.page.keyboard.insert_text(text)


def part(visit: Visit, name: str, view: str = "") -> Locator:
    """A part of the line, and of paper a view, opened by keys."""
    found = pane(visit)
    for group, button in (("Part of the line", name), ("What of paper", view)):
        if button:
            parts = found.get_by_role("group", name=group)
            press(visit, parts.get_by_role("button", name=re.compile(f"^{button}")))
    return found


def text_of(visit: Visit, message: str) -> dict[str, Any]:
    """A released message as text, and its place in the stream."""
    path = f"{visit.node.origin}/api/v1/messages/{message}/text"
    told: dict[str, Any] = visit.page.request.get(path).json()
    return told


def enter(visit: Visit, told: dict[str, Any]) -> Locator:
    """Type a text line in; its copy."""
    part(visit, "Paper", "Texts")
    form = visit.page.get_by_role("form", name="Enter what came by voice")
    write(visit, form.get_by_label("The line, as it came"), told["line"])
    press(visit, form.get_by_role("button", name="Enter it…"))
    visit.keys("Control+Enter")
    copies = visit.page.get_by_role("list", name="Copies, the newest first")
    found = copies.get_by_role("article").filter(has_text=f"no. {told['epoch']}/{told['serial']},")
    found.wait_for()
    return found


def answer(visit: Visit, copy: Locator, reply: str) -> None:
    """Say what was replied to the challenge that a copy asks for."""
    form = copy.get_by_role("form", name=re.compile("^Challenge and reply"))
    write(visit, form.get_by_label("Their reply, as heard"), reply)
    visit.keys("Enter")


def fits(visit: Visit) -> bool:
    width: int = visit.page.evaluate("() => document.documentElement.scrollWidth")
    return width <= 390


def question(text: str) -> dict[str, Any]:
    return {"code": "M16", "line": LINE, "fields": {**FIELDS["M16"], "facts": text}}


def agreed(blue: Visit, amber: Visit) -> None:
    """Have both hold one secret, drawn at BLUE's console and typed at AMBER's."""
    told = put(blue, f"/lines/{LINE}/card-secret", {})
    put(amber, f"/lines/{LINE}/card-secret", {"secret": told["secret"]})


def test_what_waits_is_carried_as_a_file_and_its_report_names_each_result(
    blue: Visit, amber: Visit, tmp_path: Path
) -> None:
    release(blue, question("carried by courier"))
    out = part(blue, "Paper", "Files")
    for _ in range(40):  # by Tab alone: it is within reach
        blue.keys("Tab")
        if out.get_by_role("button", name="Write the file…").evaluate(
            "(it) => it === document.activeElement"
        ):
            break
    blue.keys("Enter")
    expect(blue.page.get_by_role("dialog")).to_contain_text("anybody who holds it can read it")
    assert blue.faults() == []
    with blue.page.expect_download() as download:
        blue.keys("Control+Enter")
    carried = tmp_path / download.value.suggested_filename
    assert re.fullmatch(rf"{LINE}-\d{{6}}Z[A-Z]{{3}}\d\d\.keepclear", carried.name)
    download.value.save_as(carried)
    expect(out.get_by_text(re.compile(r"Written.*of our messages"))).to_be_visible()
    found = part(amber, "Paper", "Files")
    chooser = found.get_by_label("The file, as it was brought")
    take = found.get_by_role("button", name="Take it in")
    cut = tmp_path / "cut.keepclear"
    cut.write_bytes(carried.read_bytes()[:-40])
    chooser.set_input_files(cut)
    press(amber, take)
    expect(found.get_by_role("alert")).to_be_visible()
    assert amber.faults() == []
    amber.complaints.clear()  # the browser notes the refusal
    for words in ("taken as new", "here already"):
        chooser.set_input_files(carried)
        press(amber, take)
        expect(found.get_by_role("status").filter(has_text="Taken in")).to_contain_text(words)
    assert amber.faults() == []
    part(amber, "Messages")
    expect(rows(amber).filter(has_text="M16").first).to_contain_text("DELIVERED")
    part(amber, "State")
    expect(pane(amber).get_by_role("region", name="Not taken")).to_contain_text("bundle")


def test_cards_are_printed_noted_and_their_secret_is_shown_once(blue: Visit, amber: Visit) -> None:
    cards = part(blue, "Paper", "Cards")
    shown = cards.get_by_text(SECRET)
    press(blue, cards.get_by_role("button", name="Draw one here…"))
    blue.keys("Enter")  # the harmless button has the focus
    expect(blue.page.get_by_role("dialog")).to_have_count(0)
    expect(shown).to_have_count(0)
    press(blue, cards.get_by_role("button", name="Draw one here…"))
    blue.keys("Control+Enter")
    secret = shown.inner_text().strip()
    assert blue.faults() == []
    press(blue, cards.get_by_role("button", name="Written down; hide it"))
    expect(shown).to_have_count(0)
    mark = cards.get_by_role("region", name="The secret").locator("b").first.inner_text()
    theirs = part(amber, "Paper", "Cards")
    press(amber, theirs.get_by_role("button", name="Type the one BLUE drew…"))
    field = theirs.get_by_label("Its groups of four")
    for typed in (secret[::-1], secret):
        write(amber, field, typed)
        amber.keys("Enter", "Control+Enter")
        if typed != secret:
            expect(theirs.get_by_role("alert")).to_be_visible()
            amber.complaints.clear()
            amber.keys("Control+a")
            field.focus()
            amber.keys("Control+a", "Delete")
    expect(theirs.get_by_role("region", name="The secret")).to_contain_text(f"mark is {mark}")
    for card in ("Call card", "Contact card", "Lost-line card", "Challenge card"):
        with blue.page.context.expect_page() as opened:
            press(blue, cards.get_by_role("link", name=card))
        expect(opened.value.get_by_role("heading").first).to_be_visible()
        expect(opened.value.get_by_text("EXERCISE").first).to_be_visible()
        opened.value.close()
    note = cards.get_by_role("form", name="Note who holds a card")
    write(blue, note.get_by_label("To or by whom"), "senior watch")
    blue.keys("Enter")
    held = cards.get_by_role("list", name="Cards handed over")
    expect(held).to_contain_text("Challenge card handed to senior watch")
    linguist = cards.get_by_role("form", name="A linguist read the phrases")
    expect(cards).to_contain_text("UNVERIFIED TRANSLATION stands on the card")
    write(blue, linguist.get_by_label("On duty as"), "linguist of the watch")
    blue.keys("Enter", "Control+Enter")
    expect(cards).to_contain_text("BLUE: read and found right by the linguist of the watch")
    assert blue.faults() == []


def test_whoever_only_looks_is_shown_no_card_and_no_secret(
    desk: Desk, visit_in: OpenConsole
) -> None:
    looker = visit_in(desk.nodes["AMBER"], signs_in=False)
    answers: list[str] = []
    looker.page.on("response", lambda each: answers.append(f"{each.status} {each.url}"))
    write(looker, looker.page.get_by_label(re.compile("^(Name|Account)")), "looker")
    write(looker, looker.page.get_by_label(re.compile("^Password")), password_of("looker"))
    looker.keys("Enter")
    begun(looker)
    looker.complaints.clear()  # the browser notes that nobody was signed in
    found = part(looker, "Paper", "Files")
    views = found.get_by_role("group", name="What of paper").get_by_role("button")
    expect(views).to_have_text([re.compile("^Texts"), "Files and mail"])
    expect(found.get_by_role("button", name="Write the file…")).to_be_disabled()
    assert not [each for each in answers if re.search(r"/cards/|secret|card-reply", each)]
    for path in ("cards/challenge", "cards/call"):
        url = f"{looker.node.origin}/api/v1/lines/{LINE}/{path}"
        assert looker.page.request.get(url).status == 403
    assert looker.faults() == []


def test_a_text_is_vouched_for_by_challenge_and_reply(blue: Visit, amber: Visit) -> None:
    agreed(blue, amber)
    sent = release(blue, question("asked by telephone"))
    copy = enter(amber, text_of(blue, sent))
    expect(copy).to_contain_text("WAITS FOR AUTHENTICATION")
    challenge = copy.get_by_text(re.compile("^Put challenge")).locator("b").inner_text()
    cards = part(blue, "Paper", "Cards")
    asked = cards.get_by_role("form", name="They challenge us")
    write(blue, asked.get_by_label("AMBER's challenge"), challenge.lower())
    blue.keys("Enter")
    replied = cards.locator(".reply")
    reply = replied.inner_text()
    assert blue.faults() == []
    write(blue, asked.get_by_label("AMBER's challenge"), challenge)
    blue.keys("Enter")
    expect(cards.get_by_role("alert")).to_contain_text("impostor")
    expect(replied).to_have_count(0)
    blue.complaints.clear()
    answer(amber, copy, reply)
    expect(copy).to_contain_text("AUTHENTICATED")
    expect(copy.get_by_role("group", name="What rests on this text")).to_be_visible()
    assert amber.faults() == []
    press(amber, copy.get_by_role("button", name="Open the message"))
    expect(pane(amber)).to_contain_text("authenticated by challenge and reply; not signed")


def test_what_was_done_on_an_impostors_text_is_named_to_be_told_again(
    blue: Visit, amber: Visit
) -> None:
    agreed(blue, amber)
    sent = release(blue)
    copy = enter(amber, text_of(blue, sent))
    expect(copy).to_contain_text("ACTED ON, VERIFY")
    press(amber, copy.get_by_role("button", name="Open the message"))
    press(amber, pane(amber).get_by_role("button", name=re.compile("^Acknowledge")).first)
    amber.keys("Control+Enter")
    expect(rows(amber).filter(has_text="M09").first).to_contain_text("READBACK DUE")
    part(amber, "Paper", "Texts")
    answer(amber, copy, "2222")
    expect(copy).to_contain_text("AUTHENTICATION FAILED")
    rests = copy.get_by_role("group", name="What rests on this text")
    expect(rests).to_contain_text("It may be an impostor’s.")
    expect(rests.get_by_role("list", name="Who saw it")).to_contain_text("duty officer")
    assert amber.faults() == []


def test_a_mail_with_attachments_and_a_forged_sender_proves_nothing(
    desk: Desk, blue: Visit, amber: Visit
) -> None:
    sent = release(blue, question("sent by mail"))
    mail = EmailMessage()
    mail["From"], mail["To"] = "minister@blue.example", "watch@amber.example"
    mail["Subject"] = "REAL FLASH: act on the attached order"
    mail.set_content(text_of(blue, sent)["line"])
    mail.add_attachment(b"%PDF-1.4 order", maintype="application", subtype="pdf", filename="a.pdf")
    mail.add_attachment(b"no bundle", maintype="application", subtype="x", filename="b.keepclear")
    (desk.mail / "forged.eml").write_bytes(mail.as_bytes())
    found = part(amber, "Paper", "Files")
    press(amber, found.get_by_role("button", name="Take in what came by mail"))
    report = found.get_by_role("status").filter(has_text="1 mail taken in")
    expect(report).to_contain_text("1 text, 0 files")
    refused = report.get_by_role("list", name="Not taken")
    expect(refused.get_by_role("listitem")).to_have_count(2)
    expect(refused).to_contain_text("the attachment 'a.pdf' is not taken")
    assert amber.faults() == []
    press(amber, report.get_by_role("button", name=re.compile("M16.*see the copy")))
    copy = amber.page.get_by_role("article", name=re.compile("M16"))
    waits = copy.filter(has_text="WAITS FOR AUTHENTICATION").filter(has_text="sent by mail")
    expect(waits).to_contain_text("by e-mail")
    part(amber, "State")
    expect(pane(amber).get_by_role("region", name="Not taken")).to_contain_text("bundle")


def test_a_notice_that_came_as_text_is_judged_and_answered(blue: Visit, amber: Visit) -> None:
    agreed(blue, amber)
    late = {"code": "M03", "line": LINE, "fields": {**FIELDS["M03"], "volumes": [LATE]}}
    copy = enter(amber, text_of(blue, release(blue, late)))
    challenge = copy.get_by_text(re.compile("^Put challenge")).locator("b").inner_text()
    reply = put(blue, f"/lines/{LINE}/card-reply", {"challenge": challenge})["reply"]
    answer(amber, copy, reply)
    judged = copy.get_by_role("group", name="As a notice, by the agreement")
    expect(judged).to_contain_text("INSUFFICIENT")
    assert amber.faults() == []
    press(amber, judged.get_by_role("button", name="Draft the formal answer"))
    form = amber.page.get_by_role("form", name=re.compile("^Write M20"))
    expect(form.get_by_label("Definition")).to_have_value(re.compile("INSUFFICIENT notice"))


def test_a_message_is_passed_on_to_allies_only_by_decision(blue: Visit, amber: Visit) -> None:
    sent = release(blue)
    copy = enter(amber, text_of(blue, sent))
    press(amber, copy.get_by_role("button", name="Open the message"))
    found = pane(amber)
    press(amber, found.get_by_text("nobody decided yet whether it is passed on"))
    form = found.get_by_role("form", name="Pass it on?")
    press(amber, form.get_by_role("checkbox", name=re.compile("^AMBER-HOST")), "Space")
    press(amber, form.get_by_role("button", name="Yes, pass it on to these"))
    ally = found.get_by_role("article", name="AMBER-HOST")
    expect(ally).to_contain_text("NOT PASSED ON YET")
    press(amber, ally.get_by_role("button", name="It was passed on to AMBER-HOST…"))
    told = ally.get_by_role("form", name="Passed on to AMBER-HOST")
    write(amber, told.get_by_label("What they said to it"), "Understood, two aircraft.")
    press(amber, told.get_by_role("checkbox", name=re.compile("^Tell BLUE so")), "Space")
    write(amber, told.get_by_label(re.compile("^Second person")), "second")
    write(amber, told.get_by_label("Their own password"), password_of("second"))
    assert amber.faults() == []
    amber.keys("Enter")
    expect(ally).to_contain_text("HAS SAID SO")
    expect(ally).to_contain_text("“Understood, two aircraft.”; told by an M28")
    expect(found).to_contain_text("passed on to 1, 0 said nothing yet")
    assert amber.faults() == []


def test_a_member_that_leaves_is_said_by_two_people_and_told_to_the_others(blue: Visit) -> None:
    members = part(blue, "Units").get_by_role("region", name="Members and affiliates")
    press(blue, members.get_by_role("button", name="BLUE-SEA leaves…"))
    form = members.get_by_role("form", name="BLUE-SEA leaves")
    write(blue, form.get_by_label("As the other parties are to read it"), "BLUE-SEA goes home.")
    for second in ("", "the other officer"):
        write(blue, form.get_by_label("Second person"), second)
        press(blue, form.get_by_role("button", name="BLUE-SEA leaves…"))
        expect(blue.page.get_by_role("dialog")).to_contain_text("This is not taken back.")
        blue.keys("Control+Enter")
        if not second:
            expect(form.get_by_role("alert")).to_contain_text("two different people")
            blue.complaints.clear()
    left = members.get_by_role("article", name="BLUE-SEA left")
    expect(left).to_contain_text("Still to be told by us: BLUE-NORTH")
    expect(members.get_by_role("list", name="Members and affiliates")).to_contain_text("LEFT")
    assert blue.faults() == []
    press(blue, left.get_by_role("button", name="M17"))
    expect(pane(blue).get_by_text(re.compile("passed on to 1, 1 said nothing"))).to_be_visible()


def test_everything_of_paper_fits_a_narrow_screen(desk: Desk, visit_in: OpenConsole) -> None:
    visit = begun(visit_in(desk.nodes["AMBER"], viewport={"width": 390, "height": 844}))
    for view in ("Texts", "Files", "Cards"):
        part(visit, "Paper", view)
        visit.page.get_by_role("heading").last.wait_for()
        assert fits(visit), view
        assert visit.faults() == []
    part(visit, "Units")
    visit.page.get_by_role("region", name="Members and affiliates").wait_for()
    assert fits(visit)
    assert visit.faults() == []
