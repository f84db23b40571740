"""Operations against zones, airfields and agreed lines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from keepclear.deconflict.conflict import Comparison
from keepclear.deconflict.zones import Restrictions
from keepclear.model.agreement import Agreement
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.answer import AirspaceKind, Infringement, Verdict
from keepclear.model.operation import Operation, OperationClass
from keepclear.model.volume import Corridor, Position
from keepclear.model.window import Window
from keepclear.model.zone import (
    Airfield,
    ApproachCorridor,
    Boundary,
    BoundaryRule,
    EntryRule,
    Side,
    Zone,
    ZoneKind,
)
from samples import NOON, LevelGeoid, agreement, band, circle, operation, square, window

LEVELS = band(0.0, 3_000.0)


def zone(**changes: Any) -> Zone:
    settings: dict[str, Any] = {
        "id": "Z1",
        "name": "zone one",
        "kind": ZoneKind.EXCLUSION,
        "footprint": square(34.9, 35.9, 0.2),
        "band": LEVELS,
        "contact": "AMBER watch",
    }
    return Zone(**(settings | changes))


def infringements(ours: Operation, under: Agreement) -> tuple[Infringement, ...]:
    geoid = LevelGeoid().undulation_m
    packed = Comparison((), under, geoid=geoid).pack([ours])
    return Restrictions(under, (), geoid=geoid).infringements_of(ours, packed)


def test_an_operation_in_an_exclusion_zone_infringes_it() -> None:
    (found,) = infringements(operation("B-1"), agreement(zones=(zone(),)))
    assert found.verdict is Verdict.CONFLICT
    assert (found.airspace, found.airspace_id) == (AirspaceKind.ZONE, "Z1")
    assert found.contact == "AMBER watch"
    assert "prohibited" in found.reason


@pytest.mark.parametrize(
    "ours",
    [
        operation("above", altitudes=band(3_001.0, 4_000.0)),
        operation("beside", circle(35.3, 36.0)),
    ],
    ids=lambda o: o.designator,
)
def test_an_operation_above_or_beside_a_zone_does_not(ours: Operation) -> None:
    assert infringements(ours, agreement(zones=(zone(),))) == ()


def test_a_zone_binds_only_in_its_windows() -> None:
    tomorrow = Window(NOON + timedelta(days=1), NOON + timedelta(days=2))
    assert infringements(operation("B-1"), agreement(zones=(zone(windows=(tomorrow,)),))) == ()
    assert infringements(operation("B-1"), agreement(zones=(zone(windows=(window(),)),)))


def test_users_and_the_declaring_party_enter_freely() -> None:
    for settings in ({"users": ("BLUE",)}, {"declared_by": "BLUE"}, {"users": ("B-2 SQN",)}):
        ours = operation("B-1", member="B-2 SQN")
        assert infringements(ours, agreement(zones=(zone(**settings),))) == ()


def test_a_zone_binds_only_its_classes() -> None:
    drones_only = zone(classes=(OperationClass.UNMANNED,))
    assert infringements(operation("B-1"), agreement(zones=(drones_only,))) == ()


def test_entry_on_notice_is_fine_once_notified() -> None:
    under = agreement(zones=(zone(entry=EntryRule.ON_NOTICE),))
    assert infringements(operation("B-1"), under)
    assert infringements(operation("B-1", entries=("Z1",)), under) == ()


def test_entry_on_contact_needs_notice_and_a_contact() -> None:
    under = agreement(zones=(zone(entry=EntryRule.ON_CONTACT),))
    assert (
        "give a contact"
        in infringements(operation("B-1", entries=("Z1",), contact=""), under)[0].reason
    )
    assert infringements(operation("B-1", entries=("Z1",)), under) == ()


def test_a_height_of_unknown_ground_may_be_inside() -> None:
    ours = operation("B-1", altitudes=band(0.0, 100.0, AltitudeReference.AGL))
    (found,) = infringements(ours, agreement(zones=(zone(),)))
    assert found.verdict is Verdict.CANNOT_SAY
    assert "may be inside" in found.reason


def test_a_zone_from_the_ground_up_holds_whatever_flies_below_its_top() -> None:
    ground = AltitudeBand(
        Altitude(0.0, AltitudeReference.AGL), Altitude(9_000.0, AltitudeReference.STD)
    )
    under = agreement(zones=(zone(band=ground),))
    for reference in (AltitudeReference.QNH, AltitudeReference.HAE, AltitudeReference.STD):
        (found,) = infringements(operation("B-1", altitudes=band(500.0, 600.0, reference)), under)
        assert found.verdict is Verdict.CONFLICT


FIELD = Airfield(
    id="OSLK",
    name="Latakia",
    position=Position(35.4, 35.95),
    elevation_m=48.0,
    party="AMBER",
    ring_radius_m=9_260.0,
    ring_band=band(0.0, 2_000.0),
    corridors=(
        ApproachCorridor(
            "arrival 17",
            Corridor((Position(35.48, 35.95), Position(35.9, 35.95)), 3_000.0),
            band(300.0, 1_500.0),
        ),
    ),
    contact="Latakia tower",
)


def test_an_airfields_ring_and_corridors_need_contact() -> None:
    under = agreement(airfields=(FIELD,))
    for ours in (
        operation("ring", circle(35.42, 35.9), band(500.0, 600.0)),
        operation("corridor", circle(35.8, 35.95), band(500.0, 600.0)),
    ):
        (found,) = infringements(ours, under)
        assert (found.airspace, found.airspace_id) == (AirspaceKind.AIRFIELD, "OSLK")
    notified = operation("ring", circle(35.42, 35.9), band(500.0, 600.0), entries=("OSLK",))
    assert infringements(notified, under) == ()


RIVER = Boundary(
    "RIVER",
    "the river",
    (Position(34.0, 36.0), Position(35.0, 36.0), Position(35.0, 37.0)),
    (BoundaryRule("BLUE", Side.RIGHT),),
)


@pytest.mark.parametrize(
    ("name", "latitude_deg", "longitude_deg", "fault"),
    [
        ("across", 34.5, 36.0, "crosses the line"),
        ("west", 34.5, 35.5, "not on the right side"),
        ("north", 35.5, 36.5, "not on the right side"),
        ("outside the bend", 35.3, 35.7, "not on the right side"),
        ("inside the bend", 34.5, 36.5, ""),
        ("beyond the end", 33.0, 35.0, ""),
    ],
)
def test_a_party_keeps_to_its_side_of_a_line(
    name: str, latitude_deg: float, longitude_deg: float, fault: str
) -> None:
    ours = operation(name, circle(latitude_deg, longitude_deg, 500.0))
    found = infringements(ours, agreement(boundaries=(RIVER,)))
    assert [fault in one.reason for one in found] == ([True] if fault else [])


def test_a_notified_crossing_is_fine_unless_prohibited() -> None:
    ours = operation("B-1", circle(34.5, 36.0), crossings=("RIVER",))
    assert infringements(ours, agreement(boundaries=(RIVER,))) == ()
    strict = Boundary(
        "RIVER", "", RIVER.line, (BoundaryRule("BLUE", Side.RIGHT, EntryRule.PROHIBITED),)
    )
    assert infringements(ours, agreement(boundaries=(strict,)))


def test_a_line_binds_only_the_parties_it_names() -> None:
    theirs = operation("A-1", circle(34.5, 36.0), party="AMBER")
    assert infringements(theirs, agreement(boundaries=(RIVER,))) == ()
