"""A small airspace: an issuer of tokens, a discovery service, two USSs, and a stranger's."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from keepclear import compose
from keepclear.cli.progress import compile_kernels_once
from keepclear.compose.dev_issuer import issuer_of, public_path_of
from keepclear.compose.f3548_serving import f3548_served
from keepclear.compose.f3548_uss import F3548Clients, f3548_clients, uss_opened
from keepclear.compose.folder import NodeFolder
from keepclear.compose.machine import forward_seconds
from keepclear.compose.making import make_node
from keepclear.compose.opening import open_node
from keepclear.compose.threaded_server import served_in_thread, server_config
from keepclear.config.f3548_settings import F3548
from keepclear.formats.f3548 import (
    Altitude,
    LatLngPoint,
    Polygon,
    Volume3D,
    Volume4D,
    time_of,
    volume_of,
)
from keepclear.model.coordination import IntentState
from keepclear.model.node import NodeKind
from keepclear.model.operation import Mode, Operation, OperationClass, Source, SourceKind
from keepclear.services.expected import NEW
from keepclear.services.filing import file_operation
from keepclear.services.uss import Uss
from keepclear.services.uss.ending import end
from keepclear.services.uss.planning import plan
from keepclear.services.uss.wanted import Outcome, Wanted
from keepclear.store.exchange_files import ExchangeFiles
from uss.stranger import Stranger, stranger_served

T = TypeVar("T")

new_id = compose.entropy().new_id
_places = itertools.count()
SIZE_DEG = 0.005


@dataclass(slots=True)
class World:
    """What is there.

    Attributes:
        home: the USS whose node is the discovery service too.
        guest: a USS on a node of its own.
        stranger: a server that answers as a test tells it to.
        as_stranger: the clients of whoever runs that server.
        http: for whoever asks by hand.
        token_url: where tokens are.
        folders: of the two nodes.
    """

    home: Uss
    guest: Uss
    stranger: Stranger
    as_stranger: F3548Clients
    http: httpx.Client
    token_url: str
    settings: dict[str, F3548]
    folders: dict[str, NodeFolder] = field(default_factory=dict)

    def token(self, scope: str, sub: str = "somebody") -> str:
        asked = {"scope": scope, "intended_audience": "127.0.0.1", "sub": sub}
        told = self.http.get(self.token_url, params=asked).json()
        return str(told["access_token"])

    def ask(
        self, uss: Uss, method: str, path: str, body: object = None, **who: str
    ) -> httpx.Response:
        """Ask a USS as another would."""
        headers = {"authorization": f"Bearer {self.token(**who)}"}
        content = None if body is None else msgspec.json.encode(body)
        if content is not None:
            headers["content-type"] = "application/json"
        url = uss.settings.base_url + path
        return self.http.request(method, url, headers=headers, content=content)


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """All of it, for as long as the block runs."""
    compile_kernels_once()
    with ExitStack() as stack:
        key, listener = folder / "issuer.key", stack.enter_context(closing(_listener()))
        issuer = server_config(issuer_of(key), None)
        stack.enter_context(served_in_thread(issuer, listener, name="issuer", what="the issuer"))
        token_url = f"http://127.0.0.1:{listener.getsockname()[1]}/token"
        home_port = stack.enter_context(closing(_listener()))
        dss_url = f"http://127.0.0.1:{home_port.getsockname()[1]}"
        guest_port = stack.enter_context(closing(_listener()))
        usual = F3548(
            dss_url=dss_url,
            token_url=token_url,
            token_method="GET",  # noqa: S106  (of HTTP, no secret)
            public_keys=(str(public_path_of(key)),),
            allow_http_base_urls=True,
            testing_interfaces=True,
        )
        settings = {
            "home": _settings(usual, home_port, "home"),
            "guest": _settings(usual, guest_port, "guest"),
        }
        home = _node(stack, folder / "home", settings["home"], home_port, with_dss=True)
        guest = _node(stack, folder / "guest", settings["guest"], guest_port, with_dss=False)
        stranger = stack.enter_context(stranger_served())
        by_stranger = msgspec.structs.replace(usual, token_parameters=("sub=stranger",))
        log = ExchangeFiles(folder / "stranger", compose.clock())
        clients = stack.enter_context(f3548_clients(by_stranger, log, compose.clock()))
        http = stack.enter_context(httpx.Client(trust_env=False, timeout=30.0))
        yield World(
            home=home,
            guest=guest,
            stranger=stranger,
            as_stranger=clients,
            http=http,
            token_url=token_url,
            settings=settings,
            folders={name: NodeFolder(folder / name) for name in settings},
        )


def _settings(usual: F3548, listener: socket.socket, sub: str) -> F3548:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    return msgspec.structs.replace(usual, base_url=url, token_parameters=(f"sub={sub}",))


def _node(
    stack: ExitStack, path: Path, settings: F3548, listener: socket.socket, *, with_dss: bool
) -> Uss:
    folder = NodeFolder(path)
    make_node(folder, party=path.name.upper(), mode=Mode.EXERCISE, kind=NodeKind.INTEGRATED)
    node = stack.enter_context(open_node(folder)).node
    uss = stack.enter_context(uss_opened(folder, node, settings))
    stack.enter_context(f3548_served(folder, settings, listener, with_dss=with_dss, uss=uss))
    return uss


def _listener() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def new_place() -> float:
    """A latitude that no other test flies at."""
    return -40.0 + 0.2 * next(_places)


def volume(
    lat: float,
    lng: float = 10.0,
    *,
    start_s: float = -60.0,
    end_s: float = 1_800.0,
    high_m: float = 150.0,
) -> Volume4D:
    """A square half a kilometre wide, in use now unless told otherwise."""
    now = compose.clock().now()
    corners = ((0, 0), (0, 1), (1, 1), (1, 0))
    ring = tuple(LatLngPoint(lat=lat + SIZE_DEG * y, lng=lng + SIZE_DEG * x) for y, x in corners)
    return Volume4D(
        volume=Volume3D(
            outline_polygon=Polygon(vertices=ring),
            altitude_lower=Altitude(value=50.0, reference="W84", units="M"),
            altitude_upper=Altitude(value=high_m, reference="W84", units="M"),
        ),
        time_start=time_of(now + timedelta(seconds=start_s)),
        time_end=time_of(now + timedelta(seconds=end_s)),
    )


def wanted(*volumes: Volume4D, state: IntentState = IntentState.ACCEPTED, **changed: Any) -> Wanted:
    asked = Wanted(id=new_id(), designator="T-1", operation_version=1, state=state, volumes=volumes)
    return replace(asked, **changed)


def planned(uss: Uss, asked: Wanted, *, is_hypothetical: bool = False) -> Outcome:
    """Plan an own operation, filed where it is not yet, as the services do: alone."""
    _file(uss, asked)
    with uss.own.alone(asked.id):
        return plan(uss, asked, is_hypothetical=is_hypothetical)


def _file(uss: Uss, asked: Wanted) -> None:
    with uss.node.store.view() as view:
        if view.operation(asked.id) is not None or not asked.volumes:
            return
    operation = Operation(
        id=asked.id,
        party=uss.node.identity.party,
        designator=asked.designator,
        operation_class=OperationClass.UNMANNED,
        volumes=tuple(volume_of(each) for each in asked.volumes),
        mode=uss.node.identity.mode,
        source=Source(SourceKind.TYPED),
        received_at=uss.now(),
    )
    file_operation(uss.node, operation, expected=NEW)


def ended(uss: Uss, entity_id: str) -> Outcome:
    with uss.own.alone(entity_id):
        return end(uss, entity_id)


def until(world: World, found: Callable[[], T], *, within_s: float = 30.0) -> T:
    """What is found, as soon as it is anything; what was found last after so long."""
    ends = forward_seconds() + within_s
    while not (last := found()) and forward_seconds() < ends:
        world.stranger.stopped.wait(0.02)
    return last


def told_since(uss: Uss, at: datetime, operation_id: str = "") -> list[str]:
    """The requirements because of which operators were told something since a moment.

    Of one operation where it is named: others share the world, and are told of theirs.
    """
    with uss.node.store.view() as view:
        notices = view.operator_notices(at, compose.clock().now())
    return [each.event for each in notices if operation_id in ("", each.operation)]


def days_since(at: datetime) -> str:
    """The log set of all that was logged since a moment, before midnight or after it."""
    return f"{at.date().isoformat()}..{compose.clock().now().date().isoformat()}"
