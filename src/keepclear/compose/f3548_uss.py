"""A node's USS: its clients, its threads, and what it does by itself while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Thread
from typing import NamedTuple
from urllib.parse import urlsplit

from keepclear.compose.attempting import attempted, tell
from keepclear.compose.bell import Bell
from keepclear.compose.folder import NodeFolder
from keepclear.compose.machine import forward_seconds
from keepclear.config.f3548_settings import F3548
from keepclear.errors import InvalidInput
from keepclear.formats.hosts import is_this_machine
from keepclear.model.node import Subject
from keepclear.peers.access_tokens import AccessTokens, TokenServer
from keepclear.peers.asking import Asker, Reach, f3548_http
from keepclear.peers.dss import HttpDss, dss_reach
from keepclear.peers.uss import HttpUss, uss_reach
from keepclear.ports.exchange_log import ExchangeLog
from keepclear.ports.store import Committed
from keepclear.ports.world import Clock
from keepclear.services.node import Node
from keepclear.services.uss import OwnPublished, Uss, UssSettings
from keepclear.services.uss.following import Follower
from keepclear.services.uss.learnt import forget_old
from keepclear.services.uss.notifying import Teller
from keepclear.services.uss.reported import forget_reports
from keepclear.store.exchange_files import ExchangeFiles

THREADS = 48
"""Most of them wait for others; the kernel does not mind."""
STUCK_S = 2.0
UPKEEP_EVERY_S = 600.0
_MOVES = frozenset({Subject.OPERATION, Subject.ZONE})


class F3548Clients(NamedTuple):
    """What asks others.

    Attributes:
        dss: a discovery service.
        peers: any USS.
    """

    dss: HttpDss
    peers: HttpUss


@contextmanager
def uss_opened(folder: NodeFolder, node: Node, settings: F3548) -> Iterator[Uss]:
    """A node's USS, ready to be served; it tells, follows and forgets while the block runs.

    Raises:
        InvalidInput: the settings do not say how the discovery service, tokens or this USS are
            reached.
    """
    _require_whole(settings, "dss_url", "base_url", "token_url")
    log = ExchangeFiles(folder.exchanges, node.clock)
    bell = Bell()
    with ExitStack() as stack:
        clients = stack.enter_context(f3548_clients(settings, log, node.clock))
        pool = ThreadPoolExecutor(THREADS, thread_name_prefix="keepclear-uss")
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        with node.store.view() as view:
            own = OwnPublished(view)
        uss = Uss(
            node=node,
            dss=clients.dss,
            peers=clients.peers,
            log=log,
            own=own,
            settings=uss_settings_of(settings),
            pool=pool,
            ring=bell.ring,
        )
        stack.enter_context(_running(uss, bell))
        node.coordination.uss = uss
        try:
            yield uss
        finally:
            node.coordination.uss = None


@contextmanager
def f3548_clients(settings: F3548, log: ExchangeLog, clock: Clock) -> Iterator[F3548Clients]:
    """Clients of a discovery service and of USSs, open while the block runs.

    Raises:
        InvalidInput: the settings do not say where the service or tokens are.
    """
    _require_whole(settings, "dss_url", "token_url")
    with closing(f3548_http()) as http:
        tokens = AccessTokens(token_server_of(settings), http, clock)

        def asker(reach: Reach) -> Asker:
            return Asker(
                reach, http=http, tokens=tokens, log=log, clock=clock, forward_s=forward_seconds
            )

        plain = settings.allow_http_base_urls
        near = plain or is_this_machine(urlsplit(settings.dss_url).hostname or "")
        yield F3548Clients(
            HttpDss(settings.dss_url, asker(dss_reach(is_plain_allowed=near))),
            HttpUss(asker(uss_reach(is_plain_allowed=plain))),
        )


def uss_settings_of(settings: F3548) -> UssSettings:
    """What a USS is told of itself, from the node's settings."""
    return UssSettings(
        base_url=settings.base_url.rstrip("/"),
        scopes=frozenset(settings.scopes),
        operator=settings.operator,
        ground_m=settings.ground_m,
        equal_priority_may_conflict=settings.equal_priority_may_conflict,
        log_days=settings.log_days,
    )


def token_server_of(settings: F3548) -> TokenServer:
    """Where tokens come from, from the node's settings.

    Raises:
        InvalidInput: a parameter is not written as name=value.
    """
    pairs = [each.partition("=") for each in settings.token_parameters]
    if any(not name or not mark for name, mark, _ in pairs):
        raise InvalidInput("f3548.token_parameters: write each as name=value")
    return TokenServer(
        url=settings.token_url,
        method=settings.token_method,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        parameters=tuple((name, value) for name, _, value in pairs),
    )


def _require_whole(settings: F3548, *names: str) -> None:
    for name in names:
        if not getattr(settings, name):
            raise InvalidInput(
                f"f3548.{name} is not set, and a USS needs it",
                remedy="Set dss_url, base_url and token_url of [f3548]; docs/reference/config.md "
                "explains them.",
            )


@contextmanager
def _running(uss: Uss, bell: Bell) -> Iterator[None]:
    """Tell, follow and forget while the block runs."""
    stop, moved = Event(), Event()

    def heard(committed: Committed) -> None:
        if any(change.subject in _MOVES for change in committed.changes):
            moved.set()

    uss.node.store.on_change(heard)
    teller, follower = Teller(uss), Follower(uss)
    works = (
        ("keepclear-uss-telling", teller.round, bell.ear(), "others could not be told"),
        ("keepclear-uss-following", follower.round, moved, "what is published was not settled"),
        ("keepclear-uss-upkeep", partial(_upkeep, uss), Event(), "the USS could not clear up"),
    )
    threads = [
        Thread(target=_repeated, args=(work, ear, stop, sentence), name=name)
        for name, work, ear, sentence in works
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        bell.ring()
        for _, _, ear, _ in works:
            ear.set()
        for thread in threads:
            thread.join()


def _repeated(work: Callable[[], float], ear: Event, stop: Event, sentence: str) -> None:
    """Do a work again and again, after as many seconds as it says or when it is woken."""
    failed: Exception | None = None
    wait_s = 0.0

    def once() -> None:
        nonlocal wait_s
        wait_s = work()

    while not stop.is_set():
        ear.clear()
        before, failed = failed, attempted(once)
        if failed is None:
            ear.wait(wait_s)
            continue
        if before is None:
            tell(sentence, failed)
        stop.wait(STUCK_S)


def _upkeep(uss: Uss) -> float:
    forget_old(uss)
    kept = timedelta(days=uss.settings.log_days)
    oldest: datetime = uss.now() - kept
    uss.log.forget_before(oldest.date())
    uss.node.store.write(lambda unit: unit.drop_operator_notices_before(oldest))
    forget_reports(uss, oldest)
    return UPKEEP_EVERY_S
