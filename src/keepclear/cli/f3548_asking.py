"""`keepclear f3548 query` and the like: questions to any DSS, without a running node.

Where the service and the tokens are stands in the settings of the folder, or in the environment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.f3548_area import Asked, asked, in_area, volume_of_asked
from keepclear.cli.f3548_reaching import dss_asked
from keepclear.cli.node_option import node_option

if TYPE_CHECKING:
    from keepclear.compose.f3548_uss import F3548Clients
    from keepclear.services.looking import Found

Function = Callable[..., Any]

MOST_LOOKED_AT = 200
"""So many operators are asked for details at most."""
_AT_ONCE = 8

_json = click.option("--json", "as_json", is_flag=True, help="Print the DSS's answer as JSON.")
_dss = click.option("--dss", "dss_url", default="", metavar="URL", help="Ask this DSS; else the f3548.dss_url of the settings.")  # fmt: skip  # noqa: E501


def _asks_dss(function: Function) -> Function:
    """Give a command `--dss`, `--node` and `--json`."""
    return _dss(node_option(_json(function)))


@click.command("query")
@in_area
@click.option("--constraints", is_flag=True, help="Constraints in place of intents.")
@click.option("--details", is_flag=True, help="Ask each operator: heights, and how far it is.")
@_asks_dss
def query(
    *,
    folder: Path,
    dss_url: str,
    constraints: bool,
    details: bool,
    as_json: bool,
    **where: Any,
) -> int:
    """Show what a DSS holds to be near a circle.

    Near is coarse, and what is relevant to a plan: more than what meets the circle.
    """
    from keepclear.cli.f3548_tables import print_found
    from keepclear.cli.node_output import print_json
    from keepclear.services.looking import Found

    area = asked(**where)
    extent = volume_of_asked(area)
    with dss_asked(folder, dss_url) as asking:
        dss = asking.clients.dss
        references = dss.query_constraints(extent) if constraints else dss.query_intents(extent)
        found = [Found(each) for each in references]
        if details:
            found = _looked_at(references, asking.clients, area)
    if as_json:
        print_json([_told(each) if details else _plain(each.reference) for each in found])
    else:
        print_found(asking.url, area, found, constraints=constraints, with_details=details)
    return DONE


def _looked_at(references: Sequence[Any], clients: F3548Clients, area: Asked) -> list[Found]:
    """Ask the operators, several at once."""
    from concurrent.futures import ThreadPoolExecutor

    from keepclear.cli.progress import compile_kernels_once
    from keepclear.errors import InvalidInput
    from keepclear.services.looking import look

    if len(references) > MOST_LOOKED_AT:
        raise InvalidInput(
            f"{len(references):,} are too many to ask their operators for details",
            remedy="Narrow the circle, the heights or the times, or leave --details out.",
        )
    compile_kernels_once()
    pool = ThreadPoolExecutor(_AT_ONCE)
    try:
        return list(pool.map(lambda each: look(each, clients.peers, area.middle), references))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@click.command("subscriptions")
@in_area
@_asks_dss
def subscriptions(*, folder: Path, dss_url: str, as_json: bool, **where: Any) -> int:
    """Show our own subscriptions near a circle."""
    from keepclear.cli.f3548_tables import print_subscriptions
    from keepclear.cli.node_output import print_json

    area = asked(**where)
    with dss_asked(folder, dss_url) as asking:
        found = asking.clients.dss.query_subscriptions(volume_of_asked(area))
    if as_json:
        print_json(_plain(found))
    else:
        print_subscriptions(asking.url, area, found)
    return DONE


@click.command("subscribe")
@in_area
@click.option("--constraints", is_flag=True, help="Be told of constraints too.")
@_asks_dss
def subscribe(*, folder: Path, dss_url: str, constraints: bool, as_json: bool, **where: Any) -> int:
    """Be named to whoever changes something in a circle.

    They then tell this node's USS, at the f3548.base_url of the settings.
    """
    from keepclear import compose
    from keepclear.cli.node_output import print_json
    from keepclear.formats.f3548 import PutSubscriptionParameters

    area = asked(**where)
    with dss_asked(folder, dss_url, needs=("base_url",)) as asking:
        body = PutSubscriptionParameters(
            extents=volume_of_asked(area),
            uss_base_url=asking.settings.base_url,
            notify_for_operational_intents=True,
            notify_for_constraints=constraints,
        )
        made = asking.clients.dss.put_subscription(compose.entropy().new_id(), None, body)
    if as_json:
        print_json(_plain(made))
    else:
        _say_subscribed(asking.url, area, made)
    return DONE


def _say_subscribed(url: str, area: Asked, made: Any) -> None:
    from keepclear.cli.f3548_tables import print_found, print_subscriptions
    from keepclear.services.looking import Found

    print_subscriptions(url, area, [made.subscription])
    for constraints, there in (
        (False, made.operational_intent_references),
        (True, made.constraint_references),
    ):
        if there:
            found = [Found(each) for each in there]
            print_found(url, area, found, constraints=constraints, with_details=False)


@click.command("unsubscribe")
@click.argument("subscription")
@_asks_dss
def unsubscribe(*, folder: Path, dss_url: str, as_json: bool, subscription: str) -> int:
    """End the subscription of the id SUBSCRIPTION."""
    from keepclear.cli.node_output import print_json
    from keepclear.formats.f3548 import id_of

    wanted = id_of(subscription)
    with dss_asked(folder, dss_url) as asking:
        version = asking.clients.dss.subscription(wanted).version
        gone = asking.clients.dss.delete_subscription(wanted, version)
    if as_json:
        print_json(_plain(gone))
    else:
        click.echo(f"subscription {wanted} has ended")
    return DONE


@click.command("availability")
@click.argument("uss")
@click.argument("state", required=False, type=click.Choice(["Unknown", "Normal", "Down"]))
@_asks_dss
def availability(*, folder: Path, dss_url: str, as_json: bool, uss: str, state: str | None) -> int:
    """Show what an arbiter said of USS, or say STATE.

    USS is the `sub` of its tokens. Only an arbiter says anything; intents of a USS that is Down
    and are not flown yet may be planned over.
    """
    from keepclear.cli.node_output import print_json
    from keepclear.formats.f3548 import SetUssAvailabilityStatusParameters, UssAvailabilityState
    from keepclear.reports.wording import plain

    with dss_asked(folder, dss_url) as asking:
        known = asking.clients.dss.availability(uss)
        if state is not None:
            body = SetUssAvailabilityStatusParameters(
                old_version=known.version, availability=UssAvailabilityState(state)
            )
            known = asking.clients.dss.put_availability(uss, body)
    if as_json:
        print_json(_plain(known))
    else:
        who, held = plain(known.status.uss, 100), known.status.availability
        since = " from now on" if state else "" if known.version else "; nobody ever said anything"
        click.echo(f"{who} is {held}{since}, says {asking.url}")
    return DONE


ASKING = (query, subscriptions, subscribe, unsubscribe, availability)
"""Commands that ask a DSS themselves."""


def _plain(record: Any) -> Any:
    import msgspec

    return msgspec.to_builtins(record)


def _told(found: Any) -> dict[str, Any]:
    return {
        "reference": _plain(found.reference),
        "details": None if found.details is None else _plain(found.details),
        "distance_m": found.distance_m,
        "trouble": found.trouble,
    }
