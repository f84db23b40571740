"""Hidden operations and questions about them; nothing here is under test."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from keepclear.deconflict.conflict import Comparison
from keepclear.disclose.answering import Hidden, answer_at_level
from keepclear.disclose.lattice import Lattice, lattice_of
from keepclear.model.agreement import Agreement, DisclosureLimits
from keepclear.model.answer import Verdict, worst
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.model.volume import Circle, Corridor, Polygon, Position, Volume
from keepclear.model.volume_question import Reason, VolumeAnswer
from keepclear.model.window import Window
from samples import NOON, LevelGeoid, agreement, band, operation

GEOID = LevelGeoid().undulation_m
LIMITS = DisclosureLimits()
LATTICE: Lattice = lattice_of(LIMITS)
AGREED = agreement()
START = NOON - timedelta(hours=6)

positions = st.builds(Position, st.floats(34.0, 36.0), st.floats(35.0, 37.0))
bands = st.tuples(st.floats(0.0, 8_000.0), st.floats(1.0, 3_000.0)).map(
    lambda each: band(each[0], each[0] + each[1])
)
windows = st.tuples(st.floats(-180.0, 180.0), st.floats(1.0, 240.0)).map(
    lambda each: Window(
        NOON + timedelta(minutes=each[0]), NOON + timedelta(minutes=each[0] + each[1])
    )
)
circles = st.builds(Circle, positions, st.floats(100.0, 40_000.0))
corridors = st.builds(
    Corridor,
    st.lists(positions, min_size=2, max_size=4, unique=True).map(tuple),
    st.floats(100.0, 10_000.0),
)
triangles = st.tuples(positions, st.floats(0.01, 0.5), st.floats(0.01, 0.5)).map(
    lambda each: Polygon(
        (
            (
                each[0],
                Position(each[0].latitude_deg, each[0].longitude_deg + each[1]),
                Position(each[0].latitude_deg + each[2], each[0].longitude_deg + each[1] / 3.0),
            ),
        )
    )
)
footprints = circles | corridors | triangles
volumes = st.builds(Volume, footprints, bands, windows)


@st.composite
def operations(draw: st.DrawFn, party: str = "AMBER", name: str = "A-1") -> Operation:
    """An operation of one to three volumes."""
    some = tuple(draw(st.lists(volumes, min_size=1, max_size=3)))
    tolerance_s = draw(st.sampled_from([0.0, 0.0, 600.0]))
    return operation(name, party=party, volumes=some, tolerance_s=tolerance_s)


def answered(
    asked: Operation, *hidden: Operation, level: DisclosureLevel = DisclosureLevel.L1, **more: Any
) -> VolumeAnswer:
    """The answer where all hidden operations are at one level."""
    reasons: tuple[Reason, ...] = more.pop("reasons", ())
    agreed: Agreement = more.pop("agreed", AGREED)
    some = [Hidden(each, level) for each in hidden]
    return answer_at_level(asked, some, agreed, geoid=GEOID, now=START, reasons=reasons, **more)


def true_verdict(asked: Operation, *hidden: Operation) -> Verdict:
    """What the asker would be answered with everything in sight."""
    found = Comparison(hidden, AGREED, geoid=GEOID).conflicts_of(asked)
    return worst([each.verdict for each in found])


def shifted(
    hidden: Operation, *, north_deg: float = 0.0, up_m: float = 0.0, later_s: float = 0.0
) -> Operation:
    """The same operation a little elsewhere."""

    def moved(each: Position) -> Position:
        return Position(each.latitude_deg + north_deg, each.longitude_deg)

    found = []
    for volume in hidden.volumes:
        footprint: Any = volume.footprint
        match volume.footprint:
            case Circle(centre=centre, radius_m=radius_m):
                footprint = Circle(moved(centre), radius_m)
            case Corridor(centreline=line, half_width_m=half_width_m):
                footprint = Corridor(tuple(moved(p) for p in line), half_width_m)
            case Polygon(rings=rings):
                footprint = Polygon(tuple(tuple(moved(p) for p in ring) for ring in rings))
        low, high = volume.band.lower.value_m + up_m, volume.band.upper.value_m + up_m
        found.append(Volume(footprint, band(low, high), volume.window.shifted(later_s)))
    return replace(hidden, volumes=tuple(found))
