"""A small airspace of processes: an issuer of tokens, a discovery service, a USS that is killed.

Here in the test are the wire between the two, and a peer that subscribed to everything near.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from fault.killing import Served, free_port, until
from fault.uss.crash_operators import CENTRE, MOVES_DEG, ZONES_DEG
from fault.uss.crash_wire import Wire, wired
from keepclear import compose
from keepclear.cli.progress import compile_kernels_once
from keepclear.compose.f3548_uss import F3548Clients, f3548_clients
from keepclear.compose.folder import NodeFolder
from keepclear.compose.making import make_node
from keepclear.config.f3548_settings import F3548
from keepclear.formats.f3548 import Circle as OutlineCircle
from keepclear.formats.f3548 import (
    ConstraintReference,
    LatLngPoint,
    OperationalIntentReference,
    PutSubscriptionParameters,
    Radius,
    Subscription,
    Volume3D,
    Volume4D,
    time_of,
)
from keepclear.model.node import NodeKind
from keepclear.model.operation import Mode
from keepclear.services.uss.paths import CONSTRAINTS, INTENTS
from keepclear.store.exchange_files import ExchangeFiles
from uss.stranger import Heard, Reply, Stranger, stranger_served
from uss.world import new_id

AROUND_M = 18_500.0
PATHS = (INTENTS, CONSTRAINTS)

R = TypeVar("R", OperationalIntentReference, ConstraintReference, Subscription)


@dataclass
class Airspace:
    """What there is.

    Attributes:
        node: the USS's process.
        folder: of its node.
        port, f3548_port: where people and other USSs reach it.
        wire: between it and the service.
        peer: the other USS's server.
        as_node, as_peer: clients of the service with either's name.
    """

    node: Served
    folder: NodeFolder
    port: int
    f3548_port: int
    wire: Wire
    peer: Stranger
    as_node: F3548Clients
    as_peer: F3548Clients

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.f3548_port}"

    def client(self) -> httpx.Client:
        """A person's, who has the node's token."""
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}/api/v1",
            headers={"authorization": f"Bearer {self.folder.token.read_text().strip()}"},
            timeout=30.0,
            trust_env=False,
        )

    def answers(self) -> bool:
        """Whether the USS serves."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.f3548_port)) == 0


@contextmanager
def airspace_in(folder: Path) -> Iterator[Airspace]:
    """All of it, for as long as the block runs; the USS is not started yet."""
    compile_kernels_once()
    folder.mkdir(parents=True, exist_ok=True)
    tokens, dss, f3548 = free_port(), free_port(), free_port()
    token_url, dss_url = f"http://127.0.0.1:{tokens}/token", f"http://127.0.0.1:{dss}"
    with ExitStack() as stack:
        key = f"http://127.0.0.1:{tokens}/.well-known/jwks.json"
        words = ["dev", "tokens", "--port", f"{tokens}", "--key", str(folder / "issuer.key")]
        _running(stack, folder, "issuer", words, {}, tokens)
        common = {"JWKS": key, "ALLOW_HTTP_BASE_URLS": "true"}
        words = ["serve", "--role", "dss", "--node", str(folder / "dss")]
        _running(stack, folder, "dss", words, {**common, "PORT": f"{dss}"}, dss)
        wire = stack.enter_context(wired(dss_url))
        peer = stack.enter_context(stranger_served())
        yield Airspace(
            node=_node(folder, {
                **common,
                "ROLES": "uss",
                "PORT": f"{f3548}",
                "DSS_URL": wire.base_url,
                "BASE_URL": f"http://127.0.0.1:{f3548}",
                "TOKEN_URL": token_url,
                "TOKEN_METHOD": "GET",
                "TOKEN_PARAMETERS": "sub=node",
            }, port := free_port()),
            folder=NodeFolder(folder / "node"),
            port=port,
            f3548_port=f3548,
            wire=wire,
            peer=peer,
            as_node=_clients(stack, folder, dss_url, token_url, "node"),
            as_peer=_clients(stack, folder, dss_url, token_url, "peer"),
        )  # fmt: skip


def _environment(said: dict[str, str]) -> dict[str, str]:
    return {f"KEEPCLEAR_F3548_{name}": text for name, text in said.items()}


def _running(
    stack: ExitStack, folder: Path, name: str, words: list[str], said: dict[str, str], port: int
) -> None:
    served = Served(lambda: words, folder / f"{name}.log", _environment(said))
    served.start()
    stack.callback(served.stop)

    def answers() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(f"the {name}", answers, alive=[served])


def _node(folder: Path, said: dict[str, str], port: int) -> Served:
    place = NodeFolder(folder / "node")
    make_node(place, party="BLUE", mode=Mode.EXERCISE, kind=NodeKind.INTEGRATED)
    words = ["serve", "--node", str(place.path), "--port", f"{port}"]
    return Served(lambda: words, folder / "node.log", _environment(said))


def _clients(
    stack: ExitStack, folder: Path, dss_url: str, token_url: str, sub: str
) -> F3548Clients:
    settings = F3548(
        dss_url=dss_url,
        token_url=token_url,
        token_method="GET",  # noqa: S106  (of HTTP, no secret)
        token_parameters=(f"sub={sub}",),
        allow_http_base_urls=True,
    )
    log = ExchangeFiles(folder / f"log of {sub}", compose.clock())
    return stack.enter_context(f3548_clients(settings, log, compose.clock()))


def around(lat: float, lng: float, radius_m: float) -> Volume4D:
    """A circle, for the next hours."""
    now = compose.clock().now()
    centre = LatLngPoint(lat=lat, lng=lng)
    circle = OutlineCircle(center=centre, radius=Radius(value=radius_m, units="M"))
    return Volume4D(
        volume=Volume3D(outline_circle=circle),
        time_start=time_of(now),
        time_end=time_of(now + timedelta(hours=3)),
    )


def everywhere() -> list[Volume4D]:
    """Where people work here: in the west, in the east, and where their zones are."""
    lat, lng = CENTRE
    return [
        around(lat + 0.14, lng, AROUND_M),
        around(lat + 0.14, lng + MOVES_DEG, AROUND_M),
        around(lat - ZONES_DEG - 0.03, lng, AROUND_M),
    ]


def found(query: Callable[[Volume4D], Sequence[R]]) -> dict[str, R]:
    """What the service has everywhere, by id."""
    return {each.id: each for area in everywhere() for each in query(area)}


def subscribed(airspace: Airspace) -> None:
    """The peer wants to hear of everything; each part has indices of its own."""
    for area in everywhere():
        _subscribe(airspace, area)


def _subscribe(airspace: Airspace, area: Volume4D) -> None:
    body = PutSubscriptionParameters(
        extents=area,
        uss_base_url=airspace.peer.base_url,
        notify_for_operational_intents=True,
        notify_for_constraints=True,
    )
    airspace.as_peer.dss.put_subscription(new_id(), None, body)


def listening(airspace: Airspace) -> None:
    """Have the peer take what it is told; every seventh time it is busy."""
    count = 0

    def answer(heard: Heard) -> Reply:
        nonlocal count
        if heard.method != "POST":
            return Reply(404, b'{"message": "not known here"}')
        count += 1
        return Reply(503 if count % 7 == 0 else 204)

    airspace.peer.answer = answer


def told_to_peer(airspace: Airspace) -> list[Any]:
    """Every notification that the peer was offered whole, in its order."""
    notifications = [each for each in list(airspace.peer.heard) if each.path in PATHS]
    return [each.body for each in notifications if each.body is not None]
