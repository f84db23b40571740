"""People at a line: accounts, second persons, sites, brokers, units' areas, what is disclosed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from e2e.console.lining import LINE, new_id, part, put, wait_for_line

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator

    from e2e.console.conftest import OpenConsole
    from e2e.console.watching import NodeAddress, Visit

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
expect = playwright.expect

KINDS = {
    "root": ["admin"],
    "kate": ["releaser", "movement officer"],
    "tom": ["watch", "movement officer"],
}
WRONG = 6
"""So many wrong passwords in a row make an account wait."""
PROOFS = {
    "offer": "Offered, or joined",
    "test": "Own check answered",
    "verify": "Keys and clocks compared",
    "list": "Gap list given",
    "confirm": "Confirmed",
}
SEARCH = 9
"""So many different questions about one place and time are a search."""
MAIL = """EXERCISE
MOVEMENT
Reference: RE-2026-014
Organisation: Mail Relief
By: road
Route: Northgate to Southfield by the valley road
Leg: CORRIDOR HALF 1 NM 35.10N 36.10E > 35.40N 36.20E | SFC-100 m AGL | 141300Z-141430Z
Marks: blue flag on each roof
Contact: 130.000
Cargo: food
Wanted: passed to units
Expires: 141800ZMAR26
Recipients: AMBER
Please hurry
EXERCISE
"""
TABLE = """mode,reference,organisation,by,route,leg,marks,contact,cargo,wanted,expires,recipients
EXERCISE,T1,Table Relief,road,By the coast road,{leg},white,130.000,food,acknowledged,{end},AMBER
EXERCISE,T2,No Place Relief,road,Nowhere,,white,130.000,food,acknowledged,{end},AMBER
""".format(
    leg="CORRIDOR HALF 1 NM 35.10N 36.10E > 35.40N 36.20E | SFC-100 m AGL | 141300Z-141430Z",
    end="141800ZMAR26",
)


def password_of(name: str) -> str:
    return f"three grey herons {sum(map(ord, name))}"


@pytest.fixture(scope="module")
def people(pair: dict[str, NodeAddress]) -> dict[str, NodeAddress]:
    """The two nodes; BLUE's people have accounts, AMBER's have none yet."""
    blue = pair["BLUE"]
    headers = {"authorization": f"Bearer {blue.token}", "if-none-match": "*"}
    with httpx.Client(base_url=f"{blue.origin}/api/v1", headers=headers) as http:
        for name, kinds in KINDS.items():
            made = {"kinds": kinds, "password": password_of(name)}
            reply = http.put(f"/accounts/{name}", json=made)
            assert reply.status_code == 201, reply.text
    return pair


def sign_in(visit: Visit, name: str, password: str = "") -> None:
    """Give a name and a password to the console's form."""
    visit.page.get_by_label("Account", exact=True).fill(name)
    visit.page.get_by_label("Password", exact=True).fill(password or password_of(name))
    visit.keys("Enter")
    wait_for_line(visit)
    visit.complaints.clear()  # the browser notes that nobody was signed in before


@pytest.fixture
def blue(people: dict[str, NodeAddress], visit_in: OpenConsole) -> Visit:
    """BLUE's console, with Kate at it."""
    visit = visit_in(people["BLUE"], signs_in=False, reduced_motion="reduce")
    sign_in(visit, "kate")
    return visit


@pytest.fixture
def amber(people: dict[str, NodeAddress], visit_in: OpenConsole) -> Visit:
    visit = visit_in(people["AMBER"])
    wait_for_line(visit)
    return visit


def confirm_as(form: Locator, name: str, password: str = "") -> None:
    """A second person gives name and password of their own account."""
    form.get_by_label(re.compile(r": account\s*$")).fill(name)
    form.get_by_label("Their own password").fill(password or password_of(name))


def restore_line(*visits: Visit) -> None:
    """Bring the line up, proof by proof of both sides; machines ask on no other."""
    strip = visits[0].page.get_by_role("region", name="Lines")
    if re.search(r"\bUP\b", strip.inner_text()):
        return
    for visit in visits:
        part(visit, "State")
    for act, title in PROOFS.items():
        for visit in visits:
            put(visit, f"/lines/{LINE}/restoration", {"act": act, "role": "duty officer"})
        if act != "confirm":
            for visit in visits:
                steps = visit.page.get_by_role("region", name="Restoration")
                step = steps.get_by_role("listitem").filter(has_text=title)
                expect(step).to_contain_text(re.compile("yes.*yes", re.DOTALL))
    for visit in visits:
        expect(visit.page.get_by_role("region", name="Lines")).to_contain_text(
            re.compile(r"\bUP\b")
        )


def enter_site(visit: Visit, name: str) -> Locator:
    """A site of ours by its form; its card."""
    part(visit, "Movements").get_by_role("button", name="Enter a site…").click()
    form = visit.page.get_by_role("form", name="Site", exact=True)
    expect(form.get_by_label("What it is")).to_be_focused()
    form.get_by_label("What it is").fill(name)
    form.get_by_label("Where it is").fill("35 24 04N 035 56 55E")
    form.get_by_label("How far around it").fill("300")
    form.get_by_label("Who looked at the place").fill("field team")
    form.get_by_label("How it was looked at").select_option("visit")
    form.get_by_label("When it was looked at").fill("130600ZMAR26")
    form.get_by_label("The entry ends").fill("200600ZMAR26")
    form.get_by_label("AMBER", exact=True).check()
    expect(form).to_contain_text("NE (024°) of Jablah")
    assert visit.faults() == []
    form.get_by_role("button", name=re.compile("^Keep it")).click()
    return visit.page.get_by_role("article", name=name, exact=True)


def test_a_site_is_told_and_exported_by_two_people_each_by_their_own_password(
    blue: Visit, amber: Visit, tmp_path: Path
) -> None:
    site = enter_site(blue, "hospital")
    expect(site).to_contain_text("Nobody is told of it yet.")
    expect(site).not_to_contain_text("35.4011N")
    site.get_by_role("button", name="Tell a recipient…").click()
    telling = site.get_by_role("form", name=re.compile("^Tell a recipient"))
    for name, password, refusal in (
        ("tom", "not his password", "not the name and password"),
        ("kate", "", "the second person is the first"),
    ):
        confirm_as(telling, name, password)
        telling.get_by_role("button", name="Tell AMBER…").click()
        blue.keys("Control+Enter")
        expect(telling.get_by_role("alert")).to_contain_text(refusal)
    confirm_as(telling, "tom")
    telling.get_by_role("button", name="Tell AMBER…").click()
    blue.keys("Control+Enter")
    expect(site.get_by_role("list", name="Who was told")).to_contain_text("AMBER")
    blue.complaints.clear()  # the browser notes both refusals

    part(amber, "Movements")
    theirs = amber.page.get_by_role("article", name="hospital", exact=True)
    expect(theirs).to_contain_text("of BLUE")
    expect(theirs.get_by_role("button", name="Tell a recipient…")).to_have_count(0)

    blue.page.get_by_role("button", name="Export for a recipient…").click()
    form = blue.page.get_by_role("form", name="Export sites")
    form.get_by_label("What for").fill("planning of the coast road")
    confirm_as(form, "tom")
    assert blue.faults() == []
    form.get_by_role("button", name="Export for AMBER…").click()
    with blue.page.expect_download() as saved:
        blue.keys("Control+Enter")
    saved.value.save_as(tmp_path / "sites.csv")
    table = (tmp_path / "sites.csv").read_text()
    assert "hospital" in table
    assert "35.4011" not in table
    mark = re.findall(r"AMBER-[0-9a-f]{12}", table)
    expect(blue.page.get_by_role("status", name="Notes")).to_contain_text(mark[0])


def test_looking_at_a_site_is_asked_for_and_it_is_confirmed_again(blue: Visit) -> None:
    site = enter_site(blue, "grain store")
    site.get_by_role("button", name=re.compile("^Look at it")).click()
    expect(blue.page.get_by_role("dialog")).to_contain_text("is on record")
    assert blue.faults() == []
    blue.keys("Control+Enter")
    expect(site).to_contain_text("35.4011N 035.9486E")
    site.get_by_role("button", name="Confirm it again…").click()
    form = site.get_by_role("form", name="Confirm the site again")
    form.get_by_label("The entry ends").fill("250600ZMAR26")
    expect(form.get_by_role("button", name="It holds until then")).to_be_enabled()
    assert blue.faults() == []
    form.get_by_role("button", name="It holds until then").click()
    expect(site).to_contain_text("until 250600ZMAR26")


def test_movements_are_read_from_a_mail_and_a_table_and_confirmed_again(blue: Visit) -> None:
    part(blue, "Movements").get_by_role("button", name="Read an e-mail or a table…").click()
    form = blue.page.get_by_role("form", name="Read movements")
    form.get_by_role("textbox", name="The text").fill(MAIL)
    form.get_by_role("button", name="Read it; nothing is kept").click()
    expect(form).to_contain_text("Please hurry")
    assert blue.faults() == []
    form.get_by_role("button", name="Take it into the form").click()
    movement = blue.page.get_by_role("form", name="Movement", exact=True)
    expect(movement.get_by_label("Whose movement")).to_have_value("Mail Relief")
    keep = movement.get_by_role("button", name=re.compile("^Keep it"))
    expect(keep).to_be_enabled()
    keep.click()
    kept = blue.page.get_by_role("article", name="Mail Relief", exact=True)
    expect(kept).to_contain_text("came by e-mail")
    kept.get_by_role("button", name="Confirm it again…").click()
    again = kept.get_by_role("form", name="Confirm the movement again")
    again.get_by_label("The entry ends").fill("151800ZMAR26")
    expect(again.get_by_role("button", name="It holds until then")).to_be_enabled()
    again.get_by_role("button", name="It holds until then").click()
    expect(kept).to_contain_text("ends 151800ZMAR26")
    blue.page.get_by_role("button", name="Read an e-mail or a table…").click()
    form.get_by_role("combobox", name="From").select_option("csv")
    form.get_by_role("textbox", name="The text").fill(TABLE)
    form.get_by_role("button", name="Read it; nothing is kept").click()
    expect(form).to_contain_text("Table Relief, By the coast road")
    expect(form).to_contain_text(re.compile("No Place Relief|row 3"))


def test_the_watch_changes_without_both_signatures_only_with_a_reason(blue: Visit) -> None:
    watch = part(blue, "Watch")
    watch.get_by_role("button", name="Take the watch…").click()
    form = blue.page.get_by_role("form", name="The watch")
    form.get_by_label("Role", exact=True).fill("duty officer")
    form.get_by_role("button", name="Add", exact=True).click()
    form.get_by_role("button", name="Take the watch…").click()
    blue.keys("Control+Enter")
    sheet = watch.get_by_role("region", name="Handover sheet")
    sheet.get_by_role("button", name="Draw it up to be signed…").click()
    sheet.get_by_role("button", name=re.compile("^Draw it up; nothing")).click()
    signing = sheet.get_by_role("form", name="Sign as outgoing")
    signing.get_by_label(re.compile(r": account\s*$")).fill("kate")
    for password in ("not her password", password_of("kate")):
        signing.get_by_label("Own password").fill(password)
        blue.keys("Enter")
        if password != password_of("kate"):
            expect(sheet.get_by_role("alert")).to_contain_text("not the name and password")
    expect(signing).to_have_count(0)
    blue.complaints.clear()  # the browser notes the refusal
    override = sheet.get_by_role("button", name="Change the watch without both signatures…")
    override.click()
    blue.keys("Control+Enter")
    expect(sheet.get_by_role("alert")).to_contain_text("reason")
    blue.complaints.clear()  # the browser notes the refusal
    override.click()
    dialog = blue.page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("The next officer is on the way; the room is evacuated.")
    assert blue.faults() == []
    blue.keys("Control+Enter")
    expect(sheet).to_contain_text("the room is evacuated")


def test_a_broker_is_asked_and_an_advisory_follows_from_a_partys_own_answer(
    blue: Visit, amber: Visit
) -> None:
    restore_line(blue, amber)
    blue.answer("B-101").click()
    detail = blue.panel("Detail")
    own = detail.get_by_role("region", name="What AMBER's node says", exact=True)
    own.get_by_role("button", name="Ask AMBER's node…").click()
    dialog = blue.page.get_by_role("dialog")
    dialog.get_by_label("About the operations of").select_option("HUM")
    assert blue.faults() == []
    blue.keys("Control+Enter")
    brokered = detail.get_by_role("region", name="What AMBER's node says, a broker, of HUM")
    expect(brokered).to_contain_text(re.compile("answered .* by AMBER's node"))
    expect(brokered.get_by_role("button", name=re.compile("M07"))).to_have_count(0)
    expect(own).to_contain_text("NOT ASKED")
    own.get_by_role("button", name="Ask AMBER's node…").click()
    blue.keys("Control+Enter")
    expect(own).to_contain_text("CONFLICT")
    assert blue.faults() == []
    own.get_by_role("button", name="Tell AMBER (M07)…").first.click()
    form = blue.page.get_by_role("form", name=re.compile("^Write M07"))
    about = form.get_by_role("combobox", name="Own operation")
    expect(about).to_have_value(re.compile("^[0-9a-f-]{36}$"))
    form.get_by_label("Own change").fill("we start 15 min later")
    form.get_by_label("Asked change").fill("stay below FL240")
    expect(form.get_by_role("status").last).to_contain_text("Whole.")
    assert blue.faults() == []
    blue.keys("Control+Enter")
    expect(dialog).to_contain_text("Release M07 to AMBER?")


@pytest.mark.map
def test_a_units_area_is_drawn_by_keyboard_and_kept(blue: Visit) -> None:
    part(blue, "Units").get_by_role("button", name="Add a unit…").click()
    form = blue.page.get_by_role("form", name="Unit")
    form.get_by_label("Name, as it is called on duty").fill("Tower south")
    form.get_by_label("Number, frequency").fill("118")
    where = form.get_by_label("Where it must be told of things")
    where.select_option(label="in an area of its own: draw or type it")
    blue.wait_for_map()
    draw = form.get_by_role("button", name="Draw on the map")
    draw.focus()
    blue.keys("Enter")
    expect(blue.page.locator("#map canvas")).to_be_focused()
    hint = blue.page.get_by_role("status").filter(has_text="polygon")
    for key, said in (
        ("ArrowRight", "2 more"),
        ("ArrowDown", "1 more"),
        ("ArrowLeft", "or finish"),
    ):
        blue.keys("Space", key)
        expect(hint).to_contain_text(said)
    blue.keys("Enter")
    expect(draw).to_be_focused()
    expect(form.get_by_label("Vertex 3", exact=True)).to_have_value(re.compile(r"N 0\d\d\.\d+E"))
    assert blue.faults() == []
    form.get_by_role("button", name="Keep it").click()
    expect(blue.page.get_by_role("article", name="Tower south")).to_contain_text("in its area")


def test_whoever_probes_raises_an_alarm_that_opens_their_budget(blue: Visit, amber: Visit) -> None:
    restore_line(blue, amber)
    for number in range(SEARCH + 1):
        operation = f"/operations/{new_id()}"
        put(amber, operation, probing(number), is_new=True)
        put(amber, f"{operation}/questions/{new_id()}", {"line": LINE})
    advisories = blue.page.get_by_text(re.compile("they may be probing"))
    expect(advisories.first).to_be_visible()
    advisories.first.click()
    listed = blue.page.get_by_role("list", name="Advisories")
    row = listed.get_by_role("listitem").filter(has_text="they may be probing")
    row.get_by_role("button", name=re.compile("^Open")).click()
    line = blue.page.get_by_role("region", name="Line", exact=True)
    budget = line.get_by_role("region", name="What AMBER's node may still ask ours")
    expect(budget).to_be_focused()
    expect(budget).to_contain_text("THEY MAY BE PROBING")
    assert blue.faults() == []
    line.get_by_role("button", name="Tell AMBER how many we have…").click()
    blue.keys("Control+Enter")
    expect(line).to_contain_text("BLUE told AMBER: 20-49 notices")
    form = line.get_by_role("form", name="What our node does by itself")
    form.get_by_label("Asks AMBER's node").uncheck()
    form.get_by_role("button", name="Set it…").click()
    expect(blue.page.get_by_role("dialog")).to_contain_text("no longer asks about what is filed")
    assert blue.faults() == []
    blue.keys("Control+Enter")
    expect(form.get_by_role("button", name="Set it…")).to_be_disabled()
    expect(form.get_by_label("Asks AMBER's node")).not_to_be_checked()


def probing(number: int) -> dict[str, Any]:
    """One of many plans that differ by little."""
    return {
        "party": "AMBER",
        "designator": f"A-9{number:02}",
        "class": "manned",
        "state": "planned",
        "volumes": [
            {
                "footprint": {
                    "kind": "circle",
                    "centre": {"latitude_deg": 36.2 + number * 0.002, "longitude_deg": 36.9},
                    "radius_m": 3_000.0,
                },
                "lower": {"value_m": 5_486.4, "reference": "STD", "datum_m": None},
                "upper": {"value_m": 7_315.2, "reference": "STD", "datum_m": None},
                "start": "2026-03-14T09:00:00Z",
                "end": "2026-03-14T10:00:00Z",
            }
        ],
    }


def test_it_all_fits_a_narrow_screen(people: dict[str, NodeAddress], visit_in: OpenConsole) -> None:
    visit = visit_in(people["BLUE"], viewport={"width": 390, "height": 844})
    wait_for_line(visit)
    part(visit, "Presence")
    visit.page.get_by_role("form", name="What our node does by itself").wait_for()
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    part(visit, "Movements").get_by_role("button", name="Enter a site…").click()
    visit.page.get_by_role("button", name="Export for a recipient…").click()
    visit.page.get_by_role("form", name="Export sites").wait_for()
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert visit.faults() == []
    visit.page.get_by_role("button", name=re.compile("Signed in")).click()
    visit.page.get_by_role("button", name="Make an account…").click()
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= 390
    assert visit.faults() == []


def test_an_admin_makes_accounts_and_from_then_on_everybody_signs_in_by_name(
    amber: Visit, visit_in: OpenConsole
) -> None:
    page = amber.page
    amber.keys("u")
    panel = page.get_by_role("region", name="Accounts")
    expect(panel).to_contain_text("By the node’s token, as duty officer")
    panel.get_by_role("button", name="Make the first account…").click()
    form = page.get_by_role("form", name="The first account")
    form.get_by_label("Name, short").fill("chief")
    form.get_by_label("First password").fill(password_of("chief"))
    form.get_by_label("The same again").fill("three grey horses")
    expect(form).to_contain_text("The two differ.")
    form.get_by_label("The same again").fill(password_of("chief"))
    assert amber.faults() == []
    amber.keys("Enter")
    sign_in(amber, "chief")
    if not panel.count():
        amber.keys("u")
    expect(panel.get_by_role("article", name="chief", exact=True)).to_contain_text("you")
    panel.get_by_role("button", name="Make an account…").click()
    form = page.get_by_role("form", name="A new account")
    form.get_by_label("Name, short").fill("olga")
    form.get_by_role("checkbox", name=re.compile("^watch")).check()
    form.get_by_label("First password").fill(password_of("olga"))
    form.get_by_label("The same again").fill(password_of("olga"))
    amber.keys("Enter")
    olga = panel.get_by_role("article", name="olga", exact=True)
    expect(olga).to_contain_text("not signed in")
    assert amber.faults() == []

    for _ in range(WRONG):
        httpx.post(
            f"{amber.node.origin}/api/v1/session", json={"account": "olga", "password": "guess"}
        )
    olga.get_by_role("button", name="New password…").click()
    setting = olga.get_by_role("form", name="Another password of olga")
    setting.get_by_label("The new password").fill("the herons of spring")
    setting.get_by_label("The same again").fill("the herons of spring")
    assert amber.faults() == []
    amber.keys("Enter")
    expect(olga).to_contain_text("wrong passwords in a row: the next is looked at in")

    olga.get_by_role("button", name="Disable…").click()
    expect(page.get_by_role("dialog")).to_contain_text("every session of it ends at once")
    amber.keys("Control+Enter")
    expect(panel).to_contain_text("May not be used (1)")
    panel.get_by_role("article", name="chief", exact=True).get_by_role(
        "button", name="Disable…"
    ).click()
    amber.keys("Control+Enter")
    expect(page.get_by_role("status", name="Notes")).to_contain_text("the last admin")
    panel.get_by_role("button", name="Sign out…").click()
    amber.keys("Control+Enter")
    expect(page.get_by_label("Account", exact=True)).to_be_visible()
    amber.complaints.clear()  # the browser notes the refusal, and that nobody is signed in
