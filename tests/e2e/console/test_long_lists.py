"""Lists longer than one page, keys read by voice, a narrow screen by keys, and parts not shown."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from e2e.console.lining import pane, part, rows, wait_for_line
from e2e.console.served import served
from e2e.console.watching import watched
from keepclear.identity.cards import sign_card
from keepclear.identity.certificates import certificate_bytes
from keepclear.identity.fingerprints import fingerprint
from keepclear.identity.keys import NodeKey
from keepclear.model.note import Note
from keepclear.services.expected import NEW
from keepclear.services.line.messaging import save_draft
from keepclear.services.line.noting import keep_note
from keepclear.services.line.peering import add_peer
from line_fixture import certificate_for
from line_pair import LINE, Pair, paired_nodes
from people import make, password_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from e2e.console.conftest import OpenConsole
    from e2e.console.watching import NodeAddress, Visit

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

NARROW = {"viewport": {"width": 390, "height": 844}}
PAGE = 200
"""How many the console asks for at once."""
NEWER = NodeKey.from_seed(b"n" * 32)
NOTES = 2 * PAGE + 1
DRAFTS = PAGE + 1
COVERED = """() => {
    const one = document.activeElement, strip = document.querySelector('header.strip');
    if (!one || one === document.body || one.closest('dialog') || strip.contains(one)) return '';
    const box = one.getBoundingClientRect(), above = strip.getBoundingClientRect().bottom;
    const isHidden = box.top < above - 1 && box.bottom <= above + Math.min(box.height, 20) - 1;
    return isHidden ? one.outerHTML.slice(0, 200) : '';
}"""
"""What has the focus and cannot be seen for the strip; empty where all is well."""


@dataclass
class Serving:
    """BLUE's node with much in it, and where it is."""

    pair: Pair
    address: NodeAddress


def roll_key(pair: Pair) -> None:
    """AMBER's node goes on with another key, and BLUE takes its newer card."""
    amber, now = pair.amber, pair.amber.clock.now()
    made = certificate_for(amber.root, NEWER, amber.node.identity, now)
    card = replace(amber.card(), certificate=certificate_bytes(made), at=now, signature=b"")
    add_peer(
        pair.blue.node,
        sign_card(card, NEWER.sign),
        agreement_id="TEST",
        heard=fingerprint(amber.root.public_key),
        expected=pair.blue.line().version,
        actor="Ada",
    )


@pytest.fixture(scope="module")
def blue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with paired_nodes(tmp_path_factory.mktemp("long")) as pair:
        pair.look()
        roll_key(pair)
        node = pair.blue.node
        for number in range(NOTES):
            at = pair.blue.clock.now() + timedelta(seconds=number)
            name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"note {number}"))
            keep_note(node, Note(name, at, "AB", "duty officer", f"note {number:03}."))
        for number in range(DRAFTS):
            name = str(uuid.uuid5(uuid.NAMESPACE_OID, f"draft {number}"))
            document = {"code": "M12", "line": LINE, "fields": {}, "remark": f"draft {number}"}
            save_draft(node, name, document, expected=NEW)
        with served(node) as address:
            yield Serving(pair, address)


@pytest.fixture(scope="module")
def shared(browser: Browser, blue: Serving) -> Iterator[Visit]:
    """One window for all tests that need no other."""
    made = watched(browser, blue.address)
    made.sign_in()
    made.page.goto(blue.address.origin)
    wait_for_line(made)
    yield made
    made.page.context.close()
    assert (made.foreign, made.complaints) == ([], [])


@pytest.fixture
def visit(shared: Visit) -> Visit:
    """The window with no panel open."""
    shared.keys("Escape", "Escape")
    return shared


def test_older_notes_come_by_a_button_until_all_are_here(visit: Visit) -> None:
    log = part(visit, "Log")
    notes = log.get_by_role("list", name="Watch log, the newest first").get_by_role("listitem")
    expect(log).to_contain_text(f"{PAGE} of {NOTES} are here, the newest.")
    expect(notes).to_have_count(PAGE)
    assert visit.faults() == []
    older = log.get_by_role("button", name="Show older")
    older.focus()
    visit.keys("Enter")
    expect(notes).to_have_count(2 * PAGE)
    expect(older).to_be_focused()
    visit.keys("Enter")
    expect(notes.last).to_contain_text("note 000.")
    told = log.get_by_role("status").filter(has_text=f"All {NOTES} are here.")
    expect(told).to_be_focused()
    log.get_by_label("Search the watch log").fill("007.")
    expect(notes).to_have_count(1)
    expect(told).to_have_count(0)


def test_going_down_past_the_last_message_brings_the_older_ones(visit: Visit) -> None:
    part(visit, "Messages")
    expect(rows(visit)).to_have_count(PAGE)
    rows(visit).last.focus()
    visit.keys("Enter")
    rows(visit).last.focus()
    visit.keys("j")
    expect(rows(visit)).to_have_count(DRAFTS)
    expect(rows(visit).last).to_have_attribute("aria-current", "true")


def test_keys_stand_there_as_they_are_read_aloud(blue: Serving, visit: Visit) -> None:
    keys = part(visit, "Keys")
    for side in blue.pair.sides:
        for key in (side.root.public_key, side.key.public_key):
            expect(keys).to_contain_text(fingerprint(key))
    theirs = keys.get_by_role("list", name="Nodes of other parties")
    expect(theirs).to_contain_text(re.compile("Compared.*by voice.*by Ada"))
    expect(theirs).to_contain_text(f"Node key {fingerprint(NEWER.public_key)}")
    expect(theirs).to_contain_text(re.compile("Last changed.*; 1 before it"))
    expect(theirs.get_by_text("never under this root")).to_have_count(0)
    signed = keys.get_by_role("list", name="Signatures under agreements").get_by_role("listitem")
    expect(signed).to_have_count(2)
    expect(signed.first).to_contain_text("signed by AMBER")
    expect(keys.get_by_role("region", name="Our keys")).to_contain_text("for another")
    assert visit.faults() == []


def test_on_a_narrow_screen_nothing_that_has_the_focus_lies_beneath_the_strip(
    blue: Serving, visit_in: OpenConsole
) -> None:
    visit = visit_in(blue.address, **NARROW)
    wait_for_line(visit)
    part(visit, "Keys")
    for key, steps in (("Tab", 60), ("Shift+Tab", 60)):
        for _ in range(steps):
            visit.keys(key)
            assert visit.page.evaluate(COVERED) == ""
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_an_account_is_offered_no_part_that_it_is_shown_nothing_of(
    blue: Serving, shared: Visit, visit_in: OpenConsole
) -> None:
    shared.page.goto("about:blank")  # its session ends with the first account
    for kind in ("admin", "viewer"):
        make(blue.pair.blue.node, kind, kind)
    visit = visit_in(blue.address, signs_in=False)
    visit.complaints.clear()  # nobody is signed in yet
    reply = visit.page.request.post(
        f"{blue.address.origin}/api/v1/session",
        data={"account": "viewer", "password": password_of("viewer")},
        headers={"origin": blue.address.origin},
    )
    assert reply.status == 204, reply.text()
    visit.page.goto(blue.address.origin)
    wait_for_line(visit)
    tabs = pane(visit).get_by_role("group", name="Part of the line").get_by_role("button")
    expect(tabs.filter(has_text="Log")).to_have_count(1)
    expect(tabs.filter(has_text="Movements")).to_have_count(0)
    expect(pane(visit)).to_contain_text("Your account looks and does not act here")
    part(visit, "Paper")
    views = pane(visit).get_by_role("group", name="What of paper").get_by_role("button")
    expect(views).to_have_text([re.compile("^Texts"), "Files and mail"])
    assert visit.faults() == []
    visit.complaints[:] = [each for each in visit.complaints if "401" not in each]
