"""A node's F3548 port: the discovery service's store, who may ask, a server in its own thread."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple

from keepclear import compose
from keepclear.api.f3548.application import F3548Application, f3548_application
from keepclear.api.f3548.endpoint import F3548Equipment
from keepclear.api.f3548.roles import served
from keepclear.compose.attempting import attempted, tell
from keepclear.compose.f3548_keys import access_tokens_of, signing_keys_of
from keepclear.compose.folder import NodeFolder
from keepclear.compose.machine import forward_seconds
from keepclear.compose.threaded_server import TlsFiles, served_in_thread, server_config
from keepclear.config.f3548_settings import F3548
from keepclear.errors import InvalidFootprint, InvalidInput
from keepclear.formats.f3548 import (
    LatLngPoint,
    Polygon,
    QueryOperationalIntentReferenceParameters,
    Volume3D,
    Volume4D,
)
from keepclear.logs import RequestLog
from keepclear.peers.signing_keys import RotatingKeys
from keepclear.ports.world import Clock
from keepclear.services.dss import Dss, DssLimits, expire, forget_reports, query_intents
from keepclear.store.dss import make_dss_store, open_dss_store

if TYPE_CHECKING:
    from keepclear.services.uss import Uss

EXPIRY_EVERY_S = 1.0
KEYS_EVERY_S = 300.0
"""So often issuers' key sets are fetched though no unknown key was named: keys are withdrawn.

Old reports leave in the same rhythm.
"""
_TRIANGLE = ((0.0, 0.0), (0.0, 0.01), (0.01, 0.0))
_CROSSED = ((0.0, 0.0), (0.01, 0.01), (0.0, 0.01), (0.01, 0.0))


class F3548Ready(NamedTuple):
    """What a server runs, and whose.

    Attributes:
        application: answers F3548 clients.
        dss: the discovery service; None where the node is none.
    """

    application: F3548Application
    dss: Dss | None


@contextmanager
def dss_opened(folder: NodeFolder, settings: F3548, clock: Clock | None = None) -> Iterator[Dss]:
    """The discovery service of a folder, while the block runs; made where there is none yet.

    Args:
        folder: the node's, or the discovery service's own.
        settings: of the F3548 roles.
        clock: in place of this machine's, for an exercise.

    Raises:
        StoreLocked: another process has it.
        NodeFault: its store cannot be opened or made; each subclass says why.
    """
    clock, entropy = clock or compose.clock(), compose.entropy()
    if not folder.dss.exists():
        make_dss_store(folder.dss, pool=entropy.new_id(), made_at=clock.now())
    limits = DssLimits(
        allow_http_base_urls=settings.allow_http_base_urls,
        most_area_km2=float(settings.most_area_km2),
        expired_kept_s=float(settings.expired_kept_s),
        reports_kept_days=settings.log_days,
    )
    with closing(open_dss_store(folder.dss)) as store:
        dss = Dss(store, clock, entropy, limits)
        _warm(dss)
        yield dss


def _warm(dss: Dss) -> None:
    """Ask a good and a bad question, so that no client waits for a kernel or a library."""
    for ring in (_TRIANGLE, _CROSSED):
        outline = Polygon(vertices=tuple(LatLngPoint(lat=lat, lng=lng) for lat, lng in ring))
        area = Volume4D(volume=Volume3D(outline_polygon=outline))
        asked = QueryOperationalIntentReferenceParameters(area_of_interest=area)
        with dss.store.view() as view, suppress(InvalidFootprint):
            query_intents(dss, view, "", asked)


@contextmanager
def f3548_ready(
    folder: NodeFolder,
    settings: F3548,
    *,
    with_dss: bool,
    uss: Uss | None = None,
    clock: Clock | None = None,
) -> Iterator[F3548Ready]:
    """Everything but the server, while the block runs.

    Args:
        folder: the node's, or the discovery service's own.
        settings: of the F3548 roles.
        with_dss: the node is a discovery service.
        uss: the USS; None where the node is none.
        clock: in place of this machine's, for an exercise; tokens are judged by it too.

    Raises:
        InvalidInput, KeyFault, NodeFault: why it cannot be served.
    """
    clock = clock or compose.clock()
    keys = signing_keys_of(settings, folder.path)
    tokens = access_tokens_of(settings, keys, clock)
    with ExitStack() as stack:
        dss = stack.enter_context(dss_opened(folder, settings, clock)) if with_dss else None
        equipment = F3548Equipment(clock=clock, entropy=compose.entropy(), dss=dss, uss=uss)
        endpoints = served(
            dss=dss is not None, uss=uss is not None, testing=settings.testing_interfaces
        )
        application = f3548_application(equipment, tokens, endpoints)
        stack.callback(application.close)
        stack.enter_context(_kept(dss, keys))
        yield F3548Ready(application, dss)


@contextmanager
def f3548_served(
    folder: NodeFolder,
    settings: F3548,
    listener: socket.socket,
    *,
    with_dss: bool,
    uss: Uss | None = None,
    clock: Clock | None = None,
) -> Iterator[F3548Ready]:
    """Answer F3548 clients on a port of their own while the block runs; arguments as above.

    Raises:
        InvalidInput, KeyFault, NodeFault: why it cannot be served.
    """
    with f3548_ready(folder, settings, with_dss=with_dss, uss=uss, clock=clock) as ready:
        tls = tls_files_of(settings, folder.path)
        config = server_config(RequestLog(ready.application), tls, is_bounded=True)
        with served_in_thread(
            config, listener, name="keepclear-f3548", what="the port for F3548 clients"
        ):
            yield ready


def tls_files_of(settings: F3548, folder: Path) -> TlsFiles | None:
    """What the port shows by TLS; None for plain HTTP."""
    if not settings.tls_certificate:
        if settings.tls_key:
            raise InvalidInput("f3548.tls_key is set without f3548.tls_certificate")
        return None
    certificate = folder / settings.tls_certificate
    return TlsFiles(certificate, folder / settings.tls_key if settings.tls_key else certificate)


@contextmanager
def _kept(dss: Dss | None, keys: RotatingKeys) -> Iterator[None]:
    """Let leave what is over, and look for other keys, each when it is due."""
    stopping = Event()
    thread = Thread(target=_keep, args=(dss, keys, stopping), name="keepclear-f3548-upkeep")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def _keep(dss: Dss | None, keys: RotatingKeys, stopping: Event) -> None:
    keys_due_s = forward_seconds() + KEYS_EVERY_S
    told: set[str] = set()
    while not stopping.wait(EXPIRY_EVERY_S):
        if dss is not None:
            _attempt(partial(expire, dss), "expiring in the DSS failed", told)
        if forward_seconds() >= keys_due_s:
            keys_due_s = forward_seconds() + KEYS_EVERY_S
            _attempt(keys.look_again, "looking for token keys failed", told)
            if dss is not None:
                _attempt(partial(forget_reports, dss), "old reports could not be removed", told)


def _attempt(work: Callable[[], object], sentence: str, told: set[str]) -> None:
    """Do a work that goes on next time whatever happens; a failure is told until it is over."""
    error = attempted(work)
    if error is None:
        told.discard(sentence)
    elif sentence not in told:
        told.add(sentence)
        tell(sentence, error)
