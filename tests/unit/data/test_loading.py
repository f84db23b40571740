from __future__ import annotations

import gzip
import hashlib
import importlib.resources
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from keepclear.data import loading
from keepclear.errors import DataMissing
from keepclear.model.volume import Position

DATA = Path(str(importlib.resources.files("keepclear.data")))
SHIPPED = (
    loading.GEOID_FILE,
    loading.OUTLINES_FILE,
    loading.CITIES_FILE,
    loading.AIRFIELDS_FILE,
)


def test_importing_the_loaders_needs_no_numpy() -> None:
    code = "import sys, keepclear.data.loading; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_shipped_data_stay_within_four_megabytes() -> None:
    assert sum((DATA / name).stat().st_size for name in SHIPPED) <= 4_000_000
    assert (DATA / loading.OUTLINES_FILE).stat().st_size <= 600_000


def test_the_provenance_names_every_data_file_with_its_hash_and_no_other_is_there() -> None:
    provenance = (DATA / "PROVENANCE.md").read_text()
    for name in SHIPPED:
        assert f"`{name}`" in provenance
        assert f"{hashlib.sha256((DATA / name).read_bytes()).hexdigest()}  {name}" in provenance
    others = {path.name for path in DATA.iterdir() if path.suffix in {".gz", ".npz"}}
    assert others == set(SHIPPED)


def test_the_land_comes_as_closed_rings_over_the_whole_earth() -> None:
    land = loading.load_land()
    everything = np.concatenate(land)
    assert len(land) > 1_000
    assert all(np.array_equal(ring[0], ring[-1]) and len(ring) >= 4 for ring in land)
    assert np.all(np.abs(everything[:, 0]) <= 90.0)
    assert np.all(np.abs(everything[:, 1]) <= 180.0)
    assert everything[:, 0].max() > 83.0
    assert everything[:, 0].min() < -85.0


def test_the_outlines_know_an_island_where_it_is() -> None:
    # Cyprus reaches from Akamas to Cape Apostolos Andreas and no further.
    around = (34.4, 35.8, 32.1, 34.7)
    (cyprus,) = [
        ring
        for ring in loading.load_land()
        if ring[:, 0].min() > around[0]
        and ring[:, 0].max() < around[1]
        and ring[:, 1].min() > around[2]
        and ring[:, 1].max() < around[3]
    ]
    assert cyprus[:, 1].min() == pytest.approx(32.27, abs=0.05)
    assert cyprus[:, 1].max() == pytest.approx(34.60, abs=0.05)


def test_borders_are_lines_between_countries_and_not_coasts() -> None:
    points = np.concatenate(loading.load_borders())
    near = (np.abs(points[:, 0] - 35.93) < 0.1) & (np.abs(points[:, 1] - 35.92) < 0.1)
    assert near.any(), "the border between Syria and Türkiye meets the sea here"
    iceland = (points[:, 0] > 63.0) & (points[:, 1] > -25.0) & (points[:, 1] < -13.0)
    assert not iceland.any(), "Iceland has no neighbour"


def test_outlines_cannot_be_altered_by_who_reads_them() -> None:
    with pytest.raises(ValueError, match="read-only"):
        loading.load_land()[0][0, 0] = 0.0


def test_airfields_are_known_by_indicator_with_elevations_in_metres() -> None:
    airfields = {airfield.icao: airfield for airfield in loading.load_airfields()}
    latakia = airfields["OSLK"]
    assert latakia.position == Position(35.4011, 35.9487)
    assert latakia.elevation_m == pytest.approx(157 * 0.3048, abs=0.06)
    assert len(airfields) == len(loading.load_airfields())


def test_each_file_is_read_once() -> None:
    assert loading.load_geoid() is loading.load_geoid()
    assert loading.load_gazetteer() is loading.load_gazetteer()
    assert loading.load_land() is loading.load_land()


def test_an_absent_file_is_named() -> None:
    with pytest.raises(DataMissing, match=r"nowhere\.npz is not there") as caught:
        loading._read_arrays("nowhere.npz", ("row_steps_cm",))
    assert "Reinstall" in caught.value.remedy


def test_a_file_of_another_kind_is_called_damaged() -> None:
    with pytest.raises(DataMissing, match="damaged"):
        loading._read_arrays(loading.CITIES_FILE, ("row_steps_cm",))
    with pytest.raises(DataMissing, match="damaged"):
        loading._read_columns(loading.GEOID_FILE, 5)
    with pytest.raises(DataMissing, match="damaged"):
        loading._read_arrays(loading.GEOID_FILE, ("another",))


def test_a_table_of_another_width_is_called_damaged() -> None:
    rows = gzip.decompress((DATA / loading.CITIES_FILE).read_bytes()).count(b"\n")
    width = next(width for width in range(7, 20) if rows * 5 % width)
    with pytest.raises(DataMissing, match="damaged"):
        loading._read_columns(loading.CITIES_FILE, width)
