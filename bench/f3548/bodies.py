"""What a client of a DSS sends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

Ring = Sequence[tuple[float, float]]


def box(south_deg: float, west_deg: float, size_deg: float) -> Ring:
    """A square as latitude and longitude."""
    north, east = south_deg + size_deg, west_deg + size_deg
    return [
        (south_deg, west_deg),
        (south_deg, east),
        (north, east),
        (north, west_deg),
    ]


def _time(moment: datetime) -> dict[str, str]:
    return {"value": moment.isoformat().replace("+00:00", "Z"), "format": "RFC3339"}


def extent(ring: Ring, start: datetime, end: datetime) -> dict[str, object]:
    """A volume of one ring, 100 to 200 m up."""
    return {
        "volume": {
            "outline_polygon": {"vertices": [{"lat": lat, "lng": lng} for lat, lng in ring]},
            "altitude_lower": {"value": 100.0, "reference": "W84", "units": "M"},
            "altitude_upper": {"value": 200.0, "reference": "W84", "units": "M"},
        },
        "time_start": _time(start),
        "time_end": _time(end),
    }


def intent_body(
    rings: Sequence[Ring],
    start: datetime,
    end: datetime,
    *,
    key: Sequence[str],
    subscription: str = "",
    base_url: str = "https://uss.example/f3548",
) -> bytes:
    """An accepted intent; without a subscription where none is named."""
    body: dict[str, object] = {
        "extents": [extent(ring, start, end) for ring in rings],
        "key": list(key),
        "state": "Accepted",
        "uss_base_url": base_url,
    }
    if subscription:
        body["subscription_id"] = subscription
    return msgspec.json.encode(body)


def subscription_body(ring: Ring, start: datetime, end: datetime, base_url: str) -> bytes:
    """A subscription to intents."""
    return msgspec.json.encode(
        {
            "extents": extent(ring, start, end),
            "uss_base_url": base_url,
            "notify_for_operational_intents": True,
            "notify_for_constraints": False,
        }
    )


def query_body(ring: Ring, start: datetime, end: datetime) -> bytes:
    """A question about an area."""
    return msgspec.json.encode({"area_of_interest": extent(ring, start, end)})
