"""What a discovery service works with, and how its writes are done together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

from keepclear.f3548.ovn import RANDOM_BYTES, new_ovn
from keepclear.ports.dss_store import DssStore, DssUnit, DssView
from keepclear.ports.world import Clock, Entropy

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Later(Generic[T]):
    """An answer that takes long, put together outside the writer once the write is durable.

    Attributes:
        answer: makes it, from any moment of the store from then on.
    """

    answer: Callable[[DssView], T]


Work: TypeAlias = Callable[[DssUnit], T]
"""What is to be decided and written inside the writer; everything it needs is prepared."""


@dataclass(frozen=True, slots=True)
class DssLimits:
    """What a discovery service takes and keeps.

    Attributes:
        allow_http_base_urls: take addresses without TLS; for tests alone.
        most_area_km2: a circle or polygon is this large at most.
        most_vertices: all polygons of a request together have so many at most; a circle is one.
        most_results: an answer holds this many things at most; what has more is refused.
        most_relevant: so many intents and constraints may be relevant to a new intent.
        most_near: so many things may be filed between volumes that lie far apart.
        most_subscriptions: so many of one manager may meet in one place, of either kind: made
            by itself, and made with intents.
        expired_kept_s: so long after its end an intent or a constraint is still to be found.
        reports_kept_days: so long a report of trouble is kept.
    """

    allow_http_base_urls: bool = False
    most_area_km2: float = 2_500.0
    most_vertices: int = 10_000
    most_results: int = 10_000
    most_relevant: int = 3_000
    most_near: int = 40_000
    most_subscriptions: int = 1_000
    expired_kept_s: float = 3_600.0
    reports_kept_days: int = 45


@dataclass(frozen=True, slots=True)
class Dss:
    """One discovery service.

    Attributes:
        store: what it keeps.
        clock: the wall clock.
        entropy: where OVNs, versions and ids come from.
        limits: what it takes and keeps.
    """

    store: DssStore
    clock: Clock
    entropy: Entropy
    limits: DssLimits = field(default=DssLimits())

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.clock.now()

    def new_token(self) -> str:
        """An opaque version that nobody can guess and that never comes twice."""
        return new_ovn(self.entropy.new_bytes(RANDOM_BYTES))


def perform(dss: Dss, works: Sequence[Work[Any]]) -> list[Any]:
    """Do several works in one group.

    Returns:
        What became of each, in their order: its result, a `Later` for `finished`, or the error
        that undid it alone.

    Raises:
        NodeFault: nothing of any was stored.
    """
    return dss.store.write_each(works)


def finished(dss: Dss, later: Later[T]) -> T:
    """Put an answer together that was left for later.

    Raises:
        NodeFault: the store cannot be read; what was written is written.
    """
    with dss.store.view() as view:
        return later.answer(view)


def pool_of(dss: Dss) -> str:
    """The id of the airspace representation that the service holds."""
    return dss.store.pool
