"""What a DSS and operators answered, as tables for a person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from keepclear.cli.f3548_area import Asked
from keepclear.cli.node_output import one_of, print_rows, short
from keepclear.cli.terminal import Terminal
from keepclear.formats.f3548 import Subscription, Time, moment_of
from keepclear.formats.f3548.record import Maybe
from keepclear.reports.wording import date_time_group, plain

if TYPE_CHECKING:
    from keepclear.services.looking import Found


def print_found(
    url: str, area: Asked, found: Sequence[Found], *, constraints: bool, with_details: bool
) -> None:
    """Print what a DSS holds to be near an area, nearest or soonest first."""
    noun = "constraint" if constraints else "operational intent"
    console = _headed(url, f"{one_of(len(found), noun)} near {area.words}")
    columns = ["Id", "Manager", "State", "From", "Until"]
    columns += ["Height m", "How far"] if with_details else ["Version", "Manager is"]
    rows = [_row(each, with_details=with_details) for each in _in_order(found)]
    print_rows(console, columns, rows, none=f"The DSS holds no {noun} near it.")
    for each in found:
        if each.trouble:
            console.print(f"{short(each.reference.id)}: {plain(each.trouble, 300)}")
    if found and not with_details:
        console.print("Heights and distances are with the operators: --details asks them.")


def print_subscriptions(url: str, area: Asked, found: Sequence[Subscription]) -> None:
    """Print subscriptions, the first to end first."""
    console = _headed(url, f"{one_of(len(found), 'subscription')} of ours near {area.words}")
    rows = [
        (each.id, _group(each.time_end), _hears(each), each.notification_index, _used(each))
        for each in sorted(found, key=lambda each: _group_order(each.time_end))
    ]
    columns = ("Id", "Until", "Hears of", "Told", "Intents")
    print_rows(console, columns, rows, none="The DSS holds no subscription of ours near it.")


def _headed(url: str, heading: str) -> Console:
    console = Terminal()
    console.print(Text(f"DSS {plain(url, 200)}: {heading}", style="bold"))
    return console


def _in_order(found: Sequence[Found]) -> list[Found]:
    def rank(each: Found) -> tuple[bool, float, Any]:
        starts = moment_of(each.reference.time_start)
        return each.distance_m is None, each.distance_m or 0.0, starts

    return sorted(found, key=rank)


def _row(found: Found, *, with_details: bool) -> tuple[object, ...]:
    reference = found.reference
    state = getattr(reference, "state", "")
    shown = (
        short(reference.id),
        reference.manager,
        state,
        _group(reference.time_start),
        _group(reference.time_end),
    )
    if with_details:
        return (*shown, _band(found), _far(found.distance_m))
    return (*shown, reference.version, reference.uss_availability)


def _band(found: Found) -> str:
    if found.low_m is None or found.high_m is None:
        return "not told"
    return f"{found.low_m:,.0f}..{found.high_m:,.0f}"


def _far(distance_m: float | None) -> str:
    if distance_m is None:
        return "not told"
    if distance_m <= 0.0:
        return "over it"
    return f"{distance_m:,.0f} m" if distance_m < 1_000.0 else f"{distance_m / 1_000.0:,.1f} km"


def _hears(subscription: Subscription) -> str:
    kinds = (
        ("intents", subscription.notify_for_operational_intents),
        ("constraints", subscription.notify_for_constraints),
    )
    told = ", ".join(name for name, asked in kinds if asked)
    return f"{told} (implicit)" if subscription.implicit_subscription else told


def _used(subscription: Subscription) -> int:
    return len(subscription.dependent_operational_intents or ())


def _group(time: Maybe[Time]) -> str:
    return date_time_group(moment_of(time)) if time else ""


def _group_order(time: Maybe[Time]) -> float:
    return moment_of(time).timestamp() if time else math.inf
