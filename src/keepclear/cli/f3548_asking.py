"""`keepclear f3548 query` and the like: questions to any DSS, without a running node.

Where the service and the tokens are stands in the settings of the folder, or in the environment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.node_option import node_option
from keepclear.cli.parameters import MOMENT

if TYPE_CHECKING:
    from datetime import datetime

    from keepclear.formats.f3548 import Volume4D
    from keepclear.peers.dss import HttpDss

Function = Callable[..., Any]


def _in_area(function: Function) -> Function:
    """Give a command the options that say where and when."""
    for option in reversed(
        (
            click.option(
                "--lat",
                type=click.FloatRange(-90, 90),
                required=True,
                help="Latitude of the middle, degrees.",
            ),
            click.option(
                "--lng",
                type=click.FloatRange(-180, 180),
                required=True,
                help="Longitude of the middle, degrees.",
            ),
            click.option(
                "--radius-m",
                type=float,
                default=1_000.0,
                show_default=True,
                help="How far around it, metres.",
            ),
            click.option("--low-m", type=float, default=-500.0, help="Above the ellipsoid."),
            click.option("--high-m", type=float, default=20_000.0, help="Above the ellipsoid."),
            click.option("--from", "start", type=MOMENT, help="From when; else now."),
            click.option("--until", "end", type=MOMENT, help="Until when; else an hour later."),
        )
    ):
        function = option(function)
    return node_option(function)


@contextmanager
def dss_of(folder: Path) -> Iterator[HttpDss]:
    """The service that the folder's settings name."""
    from keepclear import compose
    from keepclear.cli.settings import config_of
    from keepclear.compose.f3548_uss import f3548_clients
    from keepclear.compose.folder import NodeFolder
    from keepclear.store.exchange_files import ExchangeFiles

    node = NodeFolder(folder)
    config = config_of(node, os.environ)
    clock = compose.clock()
    log = ExchangeFiles(node.exchanges, clock)
    with f3548_clients(config.f3548, log, clock) as clients:
        yield clients.dss


@click.command("query")
@click.option("--constraints", is_flag=True, help="Constraints in place of intents.")
@_in_area
def query(*, folder: Path, constraints: bool, **where: Any) -> int:
    """Print the references that a DSS finds relevant to a circle, as JSON."""
    with dss_of(folder) as dss:
        area = _area(**where)
        _print(dss.query_constraints(area) if constraints else dss.query_intents(area))
    return DONE


@click.command("subscriptions")
@_in_area
def subscriptions(*, folder: Path, **where: Any) -> int:
    """Print our subscriptions in a circle, as JSON."""
    with dss_of(folder) as dss:
        _print(dss.query_subscriptions(_area(**where)))
    return DONE


@click.command("subscribe")
@click.option("--constraints", is_flag=True, help="Be told of constraints too.")
@_in_area
def subscribe(*, folder: Path, constraints: bool, **where: Any) -> int:
    """Have a DSS name this node's USS to whoever changes something in a circle."""
    from keepclear import compose
    from keepclear.cli.settings import config_of
    from keepclear.compose.folder import NodeFolder
    from keepclear.formats.f3548 import PutSubscriptionParameters

    base_url = config_of(NodeFolder(folder), os.environ).f3548.base_url
    body = PutSubscriptionParameters(
        extents=_area(**where),
        uss_base_url=base_url,
        notify_for_operational_intents=True,
        notify_for_constraints=constraints,
    )
    with dss_of(folder) as dss:
        _print(dss.put_subscription(compose.entropy().new_id(), None, body))
    return DONE


@click.command("unsubscribe")
@click.argument("subscription")
@node_option
def unsubscribe(*, folder: Path, subscription: str) -> int:
    """End the subscription SUBSCRIPTION."""
    with dss_of(folder) as dss:
        version = dss.subscription(subscription).version
        _print(dss.delete_subscription(subscription, version))
    return DONE


@click.command("availability")
@click.argument("uss")
@click.argument("state", required=False, type=click.Choice(["Unknown", "Normal", "Down"]))
@node_option
def availability(*, folder: Path, uss: str, state: str | None) -> int:
    """Print what an arbiter said of the USS, or say STATE as an arbiter."""
    from keepclear.formats.f3548 import SetUssAvailabilityStatusParameters, UssAvailabilityState

    with dss_of(folder) as dss:
        known = dss.availability(uss)
        if state is not None:
            body = SetUssAvailabilityStatusParameters(
                old_version=known.version, availability=UssAvailabilityState(state)
            )
            known = dss.put_availability(uss, body)
        _print(known)
    return DONE


ASKING = (query, subscriptions, subscribe, unsubscribe, availability)
"""Commands that ask a DSS themselves."""


def _area(
    *,
    lat: float,
    lng: float,
    radius_m: float,
    low_m: float,
    high_m: float,
    start: datetime | None,
    end: datetime | None,
) -> Volume4D:
    from datetime import timedelta

    from keepclear import compose
    from keepclear.formats.f3548 import (
        Altitude,
        Circle,
        LatLngPoint,
        Radius,
        Volume3D,
        Volume4D,
        time_of,
    )

    begins = start or compose.clock().now()
    circle = Circle(center=LatLngPoint(lat=lat, lng=lng), radius=Radius(value=radius_m, units="M"))
    return Volume4D(
        volume=Volume3D(
            outline_circle=circle,
            altitude_lower=Altitude(value=low_m, reference="W84", units="M"),
            altitude_upper=Altitude(value=high_m, reference="W84", units="M"),
        ),
        time_start=time_of(begins),
        time_end=time_of(end or begins + timedelta(hours=1)),
    )


def _print(record: Any) -> None:
    import msgspec

    from keepclear.cli.node_output import print_json

    print_json(msgspec.to_builtins(record))
