"""A running node: what every service works with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from keepclear.deconflict.declared import DeclaredVolumes, declare_operations
from keepclear.deconflict.packing import PackedVolumes, packed_for
from keepclear.identity.certificates import Certificate
from keepclear.model.agreement import Atmosphere
from keepclear.model.node import NodeIdentity
from keepclear.model.operation import Operation
from keepclear.ports.mail import Inbox, Outbox
from keepclear.ports.pager import Pager
from keepclear.ports.signing import Signer
from keepclear.ports.store import Store
from keepclear.ports.world import Clock, Entropy, Gazetteer, Geoid
from keepclear.services.coordination import Coordination
from keepclear.services.disclosing.at_l0 import AtL0
from keepclear.services.kept_answers import KeptAnswers
from keepclear.services.picture import Picture


def _nobody() -> None:
    """Nobody waits for the bell."""


@dataclass(frozen=True, slots=True)
class Node:
    """One party's node, opened.

    Attributes:
        store: everything durable.
        clock: the wall clock.
        entropy: where identifiers come from.
        geoid: heights of mean sea level.
        gazetteer: known places.
        picture: the live operations in memory.
        started_at: when it was opened.
        is_clock_set: whether its clock was set for an exercise and is not this machine's.
        kept_answers: the answers for its own live operations.
        at_l0: its own live operations that were filed at L0.
        coordination: its USS, where it is one.
        signer: the node's key; None only where nothing is sent over a line.
        certificate: what the party's root says of that key; None likewise.
        pager: what wakes people who are not at the screen; None where nothing does.
        outbox: what sends mail on lines; None where nothing does.
        inbox: where mail comes in; None where nowhere.
        ring: tells whoever sends and ticks that there is something to do.
        root_public_key: the public half of the party's root; empty where it is not known.
        spki_pin: SHA-256 over its TLS key, hex, as cards have it; empty where there is none.
    """

    store: Store
    clock: Clock
    entropy: Entropy
    geoid: Geoid
    gazetteer: Gazetteer
    picture: Picture
    started_at: datetime
    is_clock_set: bool = False
    kept_answers: KeptAnswers = field(default_factory=KeptAnswers)
    at_l0: AtL0 = field(default_factory=AtL0)
    coordination: Coordination = field(default_factory=Coordination)
    signer: Signer | None = None
    certificate: Certificate | None = None
    pager: Pager | None = None
    outbox: Outbox | None = None
    inbox: Inbox | None = None
    ring: Callable[[], None] = _nobody
    root_public_key: bytes = b""
    spki_pin: str = ""

    @property
    def identity(self) -> NodeIdentity:
        """What was fixed when the node was made."""
        return self.store.identity

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.clock.now()

    def declare(self, operations: Sequence[Operation]) -> DeclaredVolumes:
        """Operations as arrays of what was declared, as the store keeps them."""
        return declare_operations(operations, geoid=self.geoid.undulation_m)

    def pack(self, operations: Sequence[Operation], air: Atmosphere | None = None) -> PackedVolumes:
        """Operations as arrays, under some bounds of the air.

        Args:
            operations: which.
            air: that of the standing picture they are held against: another agreement may
                change it meanwhile. None for what the index reckons with now.
        """
        return packed_for(self.declare(operations), air or self.picture.atmosphere)

    def packed(self, declared: DeclaredVolumes) -> PackedVolumes:
        """Declared volumes under the bounds of the air that the index reckons with."""
        return packed_for(declared, self.picture.atmosphere)
