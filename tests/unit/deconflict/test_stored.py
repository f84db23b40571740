"""Geometry kept as bytes comes back as the very same arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.deconflict.declared import declare_operations
from keepclear.deconflict.packing import PackedVolumes, pack_operations
from keepclear.deconflict.stored import FORMAT, GeometryBlob, blob_of, blobs_of, packed_from
from keepclear.errors import StoreCorrupt
from keepclear.geometry.geodesy import FloatArray
from keepclear.model.agreement import Atmosphere
from keepclear.model.altitude import AltitudeReference
from keepclear.model.operation import Operation, Uncertainty
from keepclear.model.volume import Circle, Corridor, Footprint, Polygon, Position, Volume
from samples import band, operation, square, window

HOT = Atmosphere(940.0, 1_060.0, -5.0, 45.0)


def slope(latitude_deg: FloatArray, longitude_deg: FloatArray) -> FloatArray:
    """A geoid that differs from place to place."""
    return np.asarray(10.0 + 0.31 * latitude_deg - 0.17 * longitude_deg)


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    south, west = draw(st.floats(-80.0, 80.0)), draw(st.floats(-170.0, 170.0))
    hole = square(south + 0.1, west + 0.1, 0.1).rings[0]
    shapes: list[Footprint] = [
        Circle(Position(south, west), draw(st.floats(1.0, 1e5))),
        square(south, west, 0.5),
        Polygon((square(south, west, 0.5).rings[0], hole)),
        Corridor((Position(south, west), Position(south + 1, west)), 50.0),
    ]
    footprint = draw(st.sampled_from(shapes))
    reference = draw(st.sampled_from(AltitudeReference))
    has_datum = reference in (AltitudeReference.QFE, AltitudeReference.AGL)
    datum_m = draw(st.none() | st.floats(-300.0, 3_000.0)) if has_datum else None
    lower_m = draw(st.floats(0.0, 9_000.0))
    return Volume(
        footprint,
        band(lower_m, lower_m + draw(st.floats(0.0, 900.0)), reference, datum_m),
        window(draw(st.floats(-1e4, 1e4)), draw(st.floats(1.0, 500.0))),
    )


@st.composite
def skies(draw: st.DrawFn) -> list[Operation]:
    return [
        operation(
            f"T-{number}",
            volumes=tuple(draw(st.lists(volumes(), min_size=1, max_size=4))),
            uncertainty=Uncertainty(draw(st.floats(0.0, 900.0)), draw(st.floats(0.0, 90.0))),
            tolerance_s=draw(st.sampled_from([0.0, 90.0])),
        )
        for number in range(draw(st.integers(1, 5)))
    ]


def same(one: PackedVolumes, other: PackedVolumes) -> bool:
    pairs = zip(one, other, strict=True)
    return all(np.asarray(a).tobytes() == np.asarray(b).tobytes() for a, b in pairs)


@given(skies(), st.sampled_from([Atmosphere(), HOT]))
def test_blobs_give_back_the_very_same_pack(sky: list[Operation], air: Atmosphere) -> None:
    packed = pack_operations(sky, geoid=slope, atmosphere=air)
    one_by_one = [blob_of(declare_operations([one], geoid=slope)) for one in sky]
    assert same(packed_from(one_by_one, air), packed)
    assert blobs_of(declare_operations(sky, geoid=slope), len(sky)) == one_by_one


def test_a_blob_does_not_depend_on_an_agreement() -> None:
    high = operation("A", altitudes=band(9_000.0, 9_500.0, AltitudeReference.STD))
    blob = blob_of(declare_operations([high], geoid=slope))
    mild, hot = (packed_from([blob], air).facts for air in (Atmosphere(), HOT))
    assert mild["upper_high_m"] < hot["upper_high_m"]


def test_no_blobs_are_an_empty_pack() -> None:
    assert len(packed_from([], Atmosphere()).facts) == 0


def test_an_operation_without_volumes_keeps_its_row() -> None:
    blob = blob_of(declare_operations([operation("A")], geoid=slope))
    nothing = GeometryBlob(FORMAT, b"", b"", b"")
    packed = packed_from([nothing, blob, nothing], Atmosphere())
    assert packed.facts["operation"].tolist() == [1]
    declared = declare_operations([operation("A")], geoid=slope)
    assert blobs_of(declared, 2) == [blob, nothing]


def good() -> GeometryBlob:
    return blob_of(declare_operations([operation("A", square(35.0, 36.0, 1.0))], geoid=slope))


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (good()._replace(format=7), "operation 2 .* has format 7, known is 1"),
        (good()._replace(volumes=good().volumes[:-1]), "operation 2 .* volumes that end within"),
        (good()._replace(vertices=good().vertices[:-1]), "operation 2 .* vertices that end within"),
        (good()._replace(vertices=good().vertices[:-16]), "operation 2 .* do not fit"),
        (good()._replace(following=good().following[:-2]), "operation 2 .* do not fit"),
        (GeometryBlob(FORMAT, bytes(len(good().volumes)), b"", b""), "operation 2 .* no vertex"),
    ],
)
def test_damaged_blobs_are_refused_with_their_place(bad: GeometryBlob, message: str) -> None:
    with pytest.raises(StoreCorrupt, match=message):
        packed_from([good(), bad, good()], Atmosphere())
