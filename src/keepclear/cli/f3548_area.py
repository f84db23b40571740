"""Where and when a question to a DSS looks: a circle, two heights, a span of time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from keepclear.cli.parameters import MOMENT, Within
from keepclear.errors import InvalidAltitude, InvalidWindow

if TYPE_CHECKING:
    from datetime import datetime

    from keepclear.formats.f3548 import Volume4D
    from keepclear.model.volume import Position

Function = Callable[..., Any]

_HEIGHT = Within(-8_000.0, 100_000.0, "height in metres")
_OPTIONS = (
    click.option(
        "--lat",
        type=Within(-90.0, 90.0, "latitude in degrees"),
        required=True,
        metavar="DEGREES",
        help="Latitude of the middle.",
    ),
    click.option(
        "--lng",
        type=Within(-180.0, 180.0, "longitude in degrees"),
        required=True,
        metavar="DEGREES",
        help="Longitude of the middle.",
    ),
    click.option(
        "--radius-m",
        type=Within(0.01, 20_100_000.0, "radius in metres"),
        default=1_000.0,
        show_default=True,
        metavar="METRES",
        help="How far around it.",
    ),
    click.option(
        "--low-m",
        type=_HEIGHT,
        default=-500.0,
        show_default=True,
        metavar="METRES",
        help="From which height above the ellipsoid.",
    ),
    click.option(
        "--high-m",
        type=_HEIGHT,
        default=20_000.0,
        show_default=True,
        metavar="METRES",
        help="Up to which height above the ellipsoid.",
    ),
    click.option("--from", "start", type=MOMENT, help="From when; else now."),
    click.option("--until", "end", type=MOMENT, help="Until when; else an hour later."),
)


class Asked(NamedTuple):
    """Where and when is asked about.

    Attributes:
        lat, lng: of the middle, degrees.
        radius_m: around it.
        low_m, high_m: above the ellipsoid.
        start, end: aware, UTC.
    """

    lat: float
    lng: float
    radius_m: float
    low_m: float
    high_m: float
    start: datetime
    end: datetime

    @property
    def middle(self) -> Position:
        """The place in its middle."""
        from keepclear.model.volume import Position

        return Position(self.lat, self.lng)

    @property
    def words(self) -> str:
        """What was asked, for a person."""
        from keepclear.reports.wording import date_time_group

        return (
            f"{self.radius_m:,.0f} m around {self.lat:.5f} {self.lng:.5f},"
            f" {self.low_m:,.0f} to {self.high_m:,.0f} m,"
            f" {date_time_group(self.start)} to {date_time_group(self.end)}"
        )


def in_area(function: Function) -> Function:
    """Give a command the options that say where and when; `asked` reads them."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def asked(
    *, start: datetime | None, end: datetime | None, low_m: float, high_m: float, **where: float
) -> Asked:
    """What the options say.

    Raises:
        InvalidAltitude, InvalidWindow: the second is before the first.
    """
    from datetime import timedelta

    from keepclear import compose

    begins = start or compose.clock().now()
    ends = end or begins + timedelta(hours=1)
    if high_m < low_m:
        raise InvalidAltitude(
            f"--high-m {high_m:,g} is below --low-m {low_m:,g}", remedy="Give the lower one first."
        )
    if ends < begins:
        raise InvalidWindow(
            f"--until {ends.isoformat()} is before --from {begins.isoformat()}",
            remedy="Give --from too where the span lies in the past.",
        )
    return Asked(low_m=low_m, high_m=high_m, start=begins, end=ends, **where)


def volume_of_asked(area: Asked) -> Volume4D:
    """As a DSS is asked."""
    from keepclear.formats.f3548 import (
        Altitude,
        Circle,
        LatLngPoint,
        Radius,
        Volume3D,
        Volume4D,
        time_of,
    )

    middle = LatLngPoint(lat=area.lat, lng=area.lng)
    return Volume4D(
        volume=Volume3D(
            outline_circle=Circle(center=middle, radius=Radius(value=area.radius_m, units="M")),
            altitude_lower=Altitude(value=area.low_m, reference="W84", units="M"),
            altitude_upper=Altitude(value=area.high_m, reference="W84", units="M"),
        ),
        time_start=time_of(area.start),
        time_end=time_of(area.end),
    )
