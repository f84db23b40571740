"""A USS: what its services work with."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime

from keepclear.ports.dss_client import DssClient
from keepclear.ports.exchange_log import ExchangeLog
from keepclear.ports.uss_peers import UssPeers
from keepclear.services.node import Node
from keepclear.services.uss.answered import Answered
from keepclear.services.uss.complaints import Complaints
from keepclear.services.uss.hearing import Hearing
from keepclear.services.uss.own import OwnPublished
from keepclear.services.uss.settings import UssSettings


@dataclass(frozen=True, slots=True)
class Uss:
    """One node's USS.

    Attributes:
        node: whose it is; its store and ledger keep everything durable.
        dss: the discovery service, ours or another's.
        peers: other USSs.
        log: what the standard wants logged.
        own: what is published.
        settings: what it is told of itself.
        pool: threads that wait for others.
        ring: wakes whoever posts notifications.
        answered: what automated tests were answered.
        complaints: what was reported lately of faults of others.
        hearing: what was heard of lately.
    """

    node: Node
    dss: DssClient
    peers: UssPeers
    log: ExchangeLog
    own: OwnPublished
    settings: UssSettings
    pool: Executor
    ring: Callable[[], None]
    answered: Answered = field(default_factory=Answered)
    complaints: Complaints = field(default_factory=Complaints)
    hearing: Hearing = field(default_factory=Hearing)

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.node.now()

    def is_ours(self, base_url: str) -> bool:
        """Whether a base URL is where others reach us."""
        return base_url.rstrip("/") == self.settings.base_url.rstrip("/")
