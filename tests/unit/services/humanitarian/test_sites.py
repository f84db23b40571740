"""Humanitarian sites: by name and two people; exports are marked and every look is on record."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from humanitarian import TELLING, hospital, kept_site
from keepclear.contact.humanitarian import SAME_PLACE_M, site_flags
from keepclear.errors import InvalidInput, InvalidMessage, NotFound, NotPermitted, StateForbids
from keepclear.formats.coordinates import parse_position
from keepclear.geometry.geodesy import destination, geodesic_m
from keepclear.model.site import Site, VerifiedBy
from keepclear.model.volume import Position
from keepclear.services.disclosing.viewing import views_of
from keepclear.services.expected import NEW
from keepclear.services.humanitarian.entries import sites
from keepclear.services.humanitarian.exporting import Exporting, export_sites
from keepclear.services.humanitarian.keeping import keep_site
from keepclear.services.humanitarian.releasing import release_site
from keepclear.services.line.alarms import alarms
from keepclear.services.line.messaging import Releasing, release, save_draft
from line_fixture import LINE, Side, verified
from line_pair import Pair
from messages import an_id, at

EXPORT = Exporting("AMBER", "movement officer", "first", "second", "weekly list")


def kept(side: Side) -> tuple[Site, ...]:
    with side.node.store.view() as view:
        return sites(view)


def test_a_site_is_told_to_whom_it_names_and_names_nobody_else(pair: Pair) -> None:
    site = kept_site(pair.blue, recipients=("AMBER", "GREEN"))
    told = release_site(pair.blue.node, site.id, an_id("m15"), TELLING)
    pair.carry()
    assert told.message.fields["release_list"] == ["AMBER"]
    (theirs,) = kept(pair.amber)
    assert (theirs.party, theirs.function, theirs.recipients) == ("BLUE", "hospital", ("AMBER",))
    assert "GREEN" not in at(pair.amber, an_id("m15")).stored.content.decode()
    verified(pair.blue, pair.amber)


def test_a_site_is_never_told_to_whom_it_does_not_name_nor_by_one_person(pair: Pair) -> None:
    site = kept_site(pair.blue, recipients=("GREEN",))
    with pytest.raises(NotPermitted, match="AMBER is not among them"):
        release_site(pair.blue.node, site.id, an_id("m15"), TELLING)
    keep_site(pair.blue.node, replace(site, recipients=("AMBER",)), expected=1)
    with pytest.raises(NotPermitted):
        release_site(pair.blue.node, site.id, an_id("m15"), replace(TELLING, second="First"))


def test_a_message_about_a_site_goes_to_nobody_its_list_does_not_name(pair: Pair) -> None:
    site = kept_site(pair.blue)
    fields = {
        "function": "hospital",
        "point": "35.2000N 036.1000E",
        "radius_m": 200.0,
        "verified_by": "Relief Example",
        "method": "visit",
        "verified_on": "2026-03-12T07:00:00Z",
        "expiry": "2026-04-12T07:00:00Z",
        "release_list": ["GREEN"],
    }
    draft = {"code": "M15", "line": LINE, "fields": fields}
    made = save_draft(pair.blue.node, an_id("by hand"), draft, expected=NEW)
    releasing = Releasing(an_id("r"), "movement officer", "first", "second")
    with pytest.raises(InvalidMessage, match="release_list: AMBER is not on it"):
        release(pair.blue.node, made.stored.id, releasing)
    assert [each.id for each in kept(pair.blue)] == [site.id]


def test_a_place_that_is_not_where_it_was_typed_is_refused(pair: Pair) -> None:
    slipped = hospital(pair.blue.clock.at, point_text="35.2800N 036.1000E")
    with pytest.raises(InvalidMessage, match=r"fields\.point"):
        keep_site(pair.blue.node, slipped, expected=NEW)


def test_a_second_entry_for_the_same_place_is_flagged_by_distance_and_function(
    pair: Pair,
) -> None:
    now = pair.blue.clock.at
    one = hospital(now)
    near = hospital(now, "near", point=destination(one.point, 90.0, SAME_PLACE_M - 1.0))
    far = hospital(now, "far", point=destination(one.point, 90.0, SAME_PLACE_M + 1.0))
    store = hospital(now, "store", function="store")
    assert [(each.kind.value, each.other) for each in site_flags(one, (near, far, store), now)] == [
        ("duplicate", near.id)
    ]
    unverified = replace(one, method=VerifiedBy.NOT_VERIFIED)
    assert [each.kind.value for each in site_flags(unverified, (), now)] == ["not verified"]


def test_a_site_that_expired_is_shown_as_stale_and_stays(pair: Pair) -> None:
    site = kept_site(pair.blue, expiry=pair.blue.clock.at + timedelta(hours=1))
    pair.turn(hours=2)
    (alarm,) = [each for each in alarms(pair.blue.node) if each.subject.value == "site"]
    assert alarm.what == "confirm it again, or retire it"
    with pytest.raises(StateForbids, match="expired"):
        release_site(pair.blue.node, site.id, an_id("m15"), TELLING)
    assert "site stale" in pair.blue.kinds()
    assert len(kept(pair.blue)) == 1


def test_an_export_is_made_by_two_and_marked_for_its_recipient(pair: Pair) -> None:
    kept_site(pair.blue)
    hidden = kept_site(pair.blue, "hidden", recipients=("GREEN",), point=Position(34.0, 36.0))
    export = export_sites(pair.blue.node, an_id("export"), EXPORT)
    (row,) = csv.DictReader(io.StringIO(export.data.decode()))
    assert (row["function"], row["recipient"], row["mark"]) == ("hospital", "AMBER", export.mark)
    assert "34" not in row["point"].split("N")[0]
    other = export_sites(pair.blue.node, an_id("other"), EXPORT)
    assert other.mark != export.mark
    green = export_sites(pair.blue.node, an_id("export"), replace(EXPORT, recipient="GREEN"))
    assert green.mark != export.mark
    with pair.blue.node.store.view() as view:
        seen = views_of(view, pair.blue.node, hidden.id)
    assert [(each.party, each.actor) for each in seen] == [("GREEN", "first")]


def test_an_export_on_record_names_two_people_the_mark_and_what_it_was_for(pair: Pair) -> None:
    site = kept_site(pair.blue)
    export = export_sites(pair.blue.node, an_id("export"), EXPORT)
    with pair.blue.node.store.view() as view:
        entries = {each.kind: each for each in view.entries(limit=10_000)}
    told = (entries["site exported"].payload or b"").decode()
    for word in (export.mark, "second", "first", "weekly list", site.id):
        assert word in told
    looked = entries["site viewed"]
    assert looked.subject_id == site.id


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"second": ""}, NotPermitted),
        ({"second": "FIRST "}, NotPermitted),
        ({"actor": ""}, NotPermitted),
        ({"role": "planner"}, NotPermitted),
        ({"reason": " "}, InvalidInput),
        ({"recipient": "GREEN"}, NotFound),
    ],
)
def test_an_export_by_one_or_for_nobody_or_nothing_is_refused(
    pair: Pair, changes: dict[str, Any], error: type[Exception]
) -> None:
    kept_site(pair.blue)
    with pytest.raises(error):
        export_sites(pair.blue.node, an_id("export"), replace(EXPORT, **changes))
    assert "site exported" not in pair.blue.kinds()


def test_a_coarse_export_holds_the_site_without_showing_it(pair: Pair) -> None:
    point = Position(35.2049, 36.1049)
    kept_site(pair.blue, point=point)
    export = export_sites(pair.blue.node, an_id("export"), replace(EXPORT, coarse=True))
    (row,) = csv.DictReader(io.StringIO(export.data.decode()))
    shown = parse_position(row["point"])
    assert shown != point
    assert geodesic_m(shown, point) + 200.0 <= float(row["radius_m"])
