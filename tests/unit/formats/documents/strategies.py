"""Every value of the model that a document can hold, and broken documents."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import (
    DisclosureLevel,
    EndReason,
    Mode,
    Operation,
    OperationCategory,
    OperationClass,
    OperationState,
    Precedence,
    Source,
    SourceKind,
    Uncertainty,
)
from keepclear.model.volume import Circle, Corridor, Polygon, Position, Volume
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
    ZoneStatus,
)

LARGEST = 2**53 - 1

_letters = st.characters(exclude_categories=("Cc", "Cs", "Cn"))
names = st.text(_letters, min_size=1, max_size=12).map(str.strip).filter(bool)
lines = st.just("") | names
texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cn"), include_characters="\t\n\r"), max_size=20
)
several_names = st.lists(names, max_size=3, unique=True).map(tuple)
positions = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))
widths = st.floats(0, 2e6, exclude_min=True) | st.integers(1, 2_000_000)
rings = st.lists(positions, min_size=3, max_size=6, unique=True).map(tuple)
tracks = st.lists(positions, min_size=2, max_size=5, unique=True).map(tuple)
circles = st.builds(Circle, positions, widths)
polygons = st.builds(Polygon, st.lists(rings, min_size=1, max_size=3).map(tuple))
corridors = st.builds(Corridor, tracks, widths)
footprints = circles | polygons | corridors
times = st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
windows = (
    st.tuples(times, times).filter(lambda two: two[0] != two[1]).map(lambda t: Window(*sorted(t)))
)
some_windows = st.lists(windows, max_size=2).map(tuple)


@st.composite
def altitudes(draw: st.DrawFn) -> Altitude:
    reference = draw(st.sampled_from(AltitudeReference))
    has_datum = reference in (AltitudeReference.QFE, AltitudeReference.AGL)
    datum_m = draw(st.none() | st.floats(-400, 8_800)) if has_datum else None
    return Altitude(draw(st.floats(-1_000, 1e5)), reference, datum_m)


bands = st.tuples(altitudes(), altitudes()).map(
    lambda two: AltitudeBand(*sorted(two, key=lambda altitude: altitude.value_m))
)
volumes = st.builds(Volume, footprints, bands, windows, texts)
states = st.one_of(
    st.sampled_from(OperationState).map(lambda state: (state, EndReason.NOT_ENDED)),
    st.sampled_from(EndReason).map(lambda reason: (OperationState.ENDED, reason)),
)


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    state, end_reason = draw(states)
    return Operation(
        id=str(draw(st.uuids())),
        party=draw(names),
        designator=draw(names),
        operation_class=draw(st.sampled_from(OperationClass)),
        volumes=tuple(draw(st.lists(volumes, min_size=1, max_size=3))),
        mode=draw(st.sampled_from(Mode)),
        source=draw(st.builds(Source, st.sampled_from(SourceKind), texts, texts)),
        received_at=draw(times),
        version=draw(st.integers(1, LARGEST)),
        ovn=draw(lines),
        state=state,
        category=draw(st.sampled_from(OperationCategory)),
        level=draw(st.sampled_from(DisclosureLevel)),
        tolerance_s=draw(st.floats(0, 86_400)),
        uncertainty=draw(st.builds(Uncertainty, st.floats(0, 1e6), st.floats(0, 1e6))),
        precedence=draw(st.sampled_from(Precedence)),
        member=draw(lines),
        contact=draw(texts),
        crossings=draw(several_names),
        entries=draw(several_names),
        aircraft_count=draw(st.none() | st.integers(1, LARGEST)),
        priority=draw(st.integers(-LARGEST, LARGEST)),
        source_text=draw(texts),
        end_reason=end_reason,
    )


@st.composite
def coverages(draw: st.DrawFn) -> Coverage:
    """Classes in the order of their enumeration: an object of JSON keeps no other."""
    stated = draw(
        st.dictionaries(st.sampled_from(OperationClass), st.sampled_from(Completeness), max_size=3)
    )
    return Coverage(
        party=draw(names),
        area=draw(footprints),
        window=draw(windows),
        as_of=draw(times),
        completeness=tuple((of, stated[of]) for of in OperationClass if of in stated),
        notice_count=draw(st.none() | st.integers(0, LARGEST)),
    )


zones = st.builds(
    Zone,
    id=names,
    name=texts,
    kind=st.sampled_from(ZoneKind),
    footprint=footprints,
    band=bands,
    windows=some_windows,
    entry=st.sampled_from(EntryRule),
    declared_by=lines,
    users=several_names,
    classes=st.lists(st.sampled_from(OperationClass), unique=True).map(tuple),
    status=st.sampled_from(ZoneStatus),
    contact=texts.map(lambda text: text or "LATAKIA TWR"),
)
boundaries = st.builds(
    Boundary,
    id=names,
    name=texts,
    line=tracks,
    rules=st.lists(
        st.builds(
            BoundaryRule,
            names,
            st.sampled_from(Side),
            st.sampled_from([EntryRule.PROHIBITED, EntryRule.ON_NOTICE]),
        ),
        min_size=1,
        max_size=3,
        unique_by=lambda rule: rule.party,
    ).map(tuple),
)
airfields = st.builds(
    Airfield,
    id=names,
    name=texts,
    position=positions,
    elevation_m=st.floats(-1_000, 10_000),
    party=names,
    ring_radius_m=st.floats(0, 1e6, exclude_min=True),
    ring_band=bands,
    corridors=st.lists(st.builds(ApproachCorridor, texts, corridors, bands), max_size=2).map(tuple),
    windows=some_windows,
    contact=texts,
)

_words = st.sampled_from(
    [
        *(
            "id",
            "kind",
            "circle",
            "polygon",
            "corridor",
            "centre",
            "rings",
            "centreline",
            "volumes",
        ),
        *(
            "footprint",
            "lower",
            "upper",
            "start",
            "end",
            "value_m",
            "reference",
            "datum_m",
            "class",
        ),
        *("designator", "windows", "rules", "completeness", "source", "manned", "QNH", "ended"),
        *(
            "latitude_deg",
            "longitude_deg",
            "radius_m",
            "half_width_m",
            "party",
            "2026-03-14T05:00Z",
        ),
    ]
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(5_000).map(lambda power: 10**power),
    st.floats(),
    st.just(math.nan),
    st.text(st.characters(), max_size=6),
    st.just("\ud800"),
    _words,
)
keys = _words | st.text(st.characters(), max_size=4) | st.just("\udfff")
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=12,
)


@st.composite
def damaged(draw: st.DrawFn, document: Any) -> Any:
    """The document with some of its values, at any depth, replaced, taken out or added to."""
    if draw(st.integers(0, 5)) == 0:
        return draw(anything)
    if isinstance(document, dict):
        kept = {
            key: draw(damaged(value)) if draw(st.integers(0, 4)) == 0 else value
            for key, value in document.items()
            if draw(st.integers(0, 20))
        }
        return kept | (draw(st.dictionaries(keys, scalars, max_size=1)))
    if isinstance(document, list):
        return [draw(damaged(item)) if draw(st.booleans()) else item for item in document]
    return draw(scalars)
