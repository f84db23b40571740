"""What was typed is said back in other words: notations, units, a place, a time from now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear.errors import InvalidAltitude, InvalidCoordinates, InvalidWindow
from keepclear.formats.coordinates import parse_position
from keepclear.formats.quantities import parse_altitude
from keepclear.formats.times import parse_time
from keepclear.geometry.geodesy import geodesic_m
from keepclear.model.altitude import AltitudeReference
from keepclear.model.volume import Position
from keepclear.ports.world import Place
from keepclear.services.node import Node
from keepclear.services.reading_typed import (
    from_known_place,
    read_typed_altitude,
    read_typed_position,
    read_typed_time,
)
from node_fixture import exercise_node
from samples import NOON


class OnlyLatakia:
    """A gazetteer of one place."""

    place = Place("Latakia", "SY", Position(35.5196, 35.7915), 340_000)

    def nearest(self, position: Position) -> Place | None:
        near = geodesic_m(self.place.position, position) <= 500_000.0
        return self.place if near else None

    def within(
        self, south_deg: float, west_deg: float, north_deg: float, east_deg: float
    ) -> tuple[Place, ...]:
        inside = south_deg <= 35.5196 <= north_deg and west_deg <= 35.7915 <= east_deg
        return (self.place,) if inside else ()


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    with exercise_node(tmp_path, agreed=False) as running:
        yield replace(running.node, gazetteer=OnlyLatakia())


def test_decimal_degrees_come_back_in_seconds_and_mgrs(node: Node) -> None:
    typed = read_typed_position(node, "35.4011N 035.9487E")
    assert typed.readback == ("35 24 04N 035 56 55E", "36S YE 67793 21518")
    assert typed.position == Position(35.4011, 35.9487)


@pytest.mark.parametrize(
    "text", ["35.4011N 035.9487E", "35 24.07N 035 56.92E", "35 24 04N 035 56 55E"]
)
def test_no_readback_is_in_the_notation_that_was_typed(node: Node, text: str) -> None:
    typed = read_typed_position(node, text)
    assert text not in typed.readback
    for said in typed.readback:
        assert geodesic_m(parse_position(said), typed.position) < 30.0


def test_mgrs_comes_back_in_degrees(node: Node) -> None:
    typed = read_typed_position(node, "36S YD 67766 22083")
    dms, decimal, square = typed.readback
    assert geodesic_m(parse_position(dms), typed.position) < 30.0
    assert geodesic_m(parse_position(decimal), typed.position) < 10.0
    assert square == "36S YD 67766 22083"


def test_a_vague_position_says_how_vague_it_is(node: Node) -> None:
    typed = read_typed_position(node, "36S YD 6 2")
    assert "may lie up to" in typed.readback[-1]
    assert "km" in typed.readback[-1]


def test_a_position_is_placed_from_a_known_place(node: Node) -> None:
    assert read_typed_position(node, "35.4011N 035.9487E").place == (
        "10.48 NM (19.4 km) SE (133°) of Latakia"
    )


def test_beside_the_place_no_direction_is_said(node: Node) -> None:
    beside = Position(35.5197, 35.7920)
    assert from_known_place(beside, node.gazetteer) == "within 0.54 NM (1 km) of Latakia"


def test_far_from_every_place_nothing_is_said(node: Node) -> None:
    assert from_known_place(Position(-40.0, -120.0), node.gazetteer) == ""


@pytest.mark.parametrize("text", ["", "35.4 36.1", "35.4N", "nowhere", "95.0N 036.0E"])
def test_what_would_be_a_guess_is_refused(node: Node, text: str) -> None:
    with pytest.raises(InvalidCoordinates):
        read_typed_position(node, text)


@pytest.mark.parametrize(
    ("text", "shown", "word"),
    [
        ("FL180", "FL180 (5,486 m STD)", "1013.25"),
        ("4500 ft QNH", "4,500 ft (1,372 m QNH)", "sea level"),
        ("1200 m QFE 48 m", "3,937 ft (1,200 m QFE), aerodrome at 157 ft (48 m)", "aerodrome"),
        ("SFC", "SFC (0 m AGL)", "ground"),
        ("850 m HAE", "2,789 ft (850 m HAE)", "WGS84"),
    ],
)
def test_an_altitude_comes_back_in_both_units_and_in_words(
    text: str, shown: str, word: str
) -> None:
    typed = read_typed_altitude(text)
    exact, both, words = typed.readback
    assert parse_altitude(exact) == typed.altitude
    assert both == shown
    assert word in words


def test_every_reference_is_said_in_words() -> None:
    said = {read_typed_altitude(f"100 m {each}").readback[2] for each in AltitudeReference}
    assert len(said) == len(AltitudeReference)


def test_an_altitude_without_a_reference_is_refused() -> None:
    with pytest.raises(InvalidAltitude):
        read_typed_altitude("4500 ft")


def test_a_time_comes_back_as_group_as_iso_and_from_now() -> None:
    typed = read_typed_time("141405Z", NOON)
    assert typed.at == NOON + timedelta(hours=2, minutes=5)
    assert typed.readback == ("141405ZMAR26", "2026-03-14T14:05:00Z", "in 2 h 5 min")
    assert all(parse_time(each) == typed.at for each in typed.readback[:2])


@pytest.mark.parametrize(
    ("text", "said"), [("141200Z", "now"), ("141130Z", "30 min ago"), ("151200Z", "in 1 d")]
)
def test_how_far_a_time_is_from_now_is_said(text: str, said: str) -> None:
    assert read_typed_time(text, NOON).readback[-1] == said


def test_a_time_outside_the_century_is_said_once() -> None:
    typed = read_typed_time("1999-12-31T23:00:00Z", NOON)
    assert typed.readback[0] == "1999-12-31T23:00:00Z"
    assert len(typed.readback) == 2


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidWindow):
        read_typed_time("2026-03-14T12:00", NOON)
