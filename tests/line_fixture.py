"""Two parties' nodes in one process, bound by a signed agreement; nothing here is under test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from keepclear.errors import PeerRefused
from keepclear.formats.agreement import read_agreement, write_agreement
from keepclear.formats.documents.delivery import answer_bytes, handed_of
from keepclear.formats.documents.receipt import receipt_bytes
from keepclear.identity.agreement_signatures import sign_agreement
from keepclear.identity.cards import sign_card
from keepclear.identity.certificates import Certificate, certificate_bytes, certify
from keepclear.identity.fingerprints import fingerprint
from keepclear.identity.keys import NodeKey, PartyRoot
from keepclear.identity.signatures import verifier_of
from keepclear.model.card import Card
from keepclear.model.line import Line
from keepclear.model.message import Message
from keepclear.model.node import NodeIdentity, NodeKind
from keepclear.model.operation import Mode, Precedence
from keepclear.model.window import Window
from keepclear.ports.peers import PeerAddress
from keepclear.services.agreeing import file_agreement
from keepclear.services.expected import NEW
from keepclear.services.line.admitting import admit
from keepclear.services.line.pairing import line_of
from keepclear.services.line.peering import add_peer
from keepclear.services.line.posting import Posted, post
from keepclear.services.line.receiving import receive
from keepclear.services.line.signing import take_signature
from keepclear.services.node import Node
from keepclear.services.picture import Picture
from keepclear.services.proving import verify_ledger
from keepclear.store.sqlite.opening import make_store, open_store
from node_fixture import START, NoPlaces, SetClock
from samples import LevelGeoid, agreement

LINE = "AMBER-BLUE"
YEARS = timedelta(days=730)


class NamedEntropy:
    """Identifiers and bytes that are the same in every run, and others for each party."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._count = 0

    def new_id(self) -> str:
        self._count += 1
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self._name} {self._count}"))

    def new_bytes(self, count: int) -> bytes:
        self._count += 1
        return self._count.to_bytes(count, "big")


@dataclass
class Side:
    """One party's node.

    Attributes:
        node: what services take.
        clock: its clock.
        root: the party's root.
        key: the node's key.
        folder: where its store is.
        rung: how often its bell rang.
    """

    node: Node
    clock: SetClock
    root: PartyRoot
    key: NodeKey
    folder: Path
    rung: list[int] = field(default_factory=list)

    @property
    def party(self) -> str:
        return self.node.identity.party

    def line(self) -> Line:
        with self.node.store.view() as view:
            return line_of(view, LINE)

    def post(self, message: Message) -> Posted:
        return self.node.store.write(lambda unit: post(unit, self.node, self.line(), message))

    def sent(self, epoch: int | None = None) -> list[bytes]:
        """Every envelope it ever posted in an epoch, oldest first."""
        told = self.node.store.epoch if epoch is None else epoch
        with self.node.store.view() as view:
            found = view.envelopes_between(LINE, outgoing=True, epoch=told, first=1, last=100_000)
        return [each.content for each in found]

    def received(self) -> list[str]:
        """The ids of messages that came, in the order of the ledger."""
        with self.node.store.view() as view:
            entries = view.entries(limit=1_000_000)
        return [each.subject_id for each in entries if each.kind == "message received"]

    def kinds(self) -> list[str]:
        with self.node.store.view() as view:
            return [each.kind for each in view.entries(limit=1_000_000)]

    def card(self, url: str = "http://127.0.0.1:1", pin: str = "") -> Card:
        assert self.node.certificate is not None
        unsigned = Card(
            party=self.party,
            name=self.party.title(),
            mode=self.node.identity.mode,
            node_id=self.node.identity.id,
            root_public_key=self.root.public_key,
            certificate=certificate_bytes(self.node.certificate),
            url=url,
            spki_pin=pin,
            at=self.clock.now(),
        )
        return sign_card(unsigned, self.key.sign)


def message(
    sender: str = "BLUE",
    *,
    number: int = 1,
    at: datetime = START,
    precedence: Precedence = Precedence.ROUTINE,
    **changes: Any,
) -> Message:
    """A readout notice: plain, of any precedence, answered by nobody."""
    settings: dict[str, Any] = {
        "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{sender} {number} {precedence}")),
        "code": "M22",
        "version": 1,
        "line": LINE,
        "sender": sender,
        "recipient": "AMBER" if sender == "BLUE" else "BLUE",
        "from_role": "duty officer",
        "to_role": "duty officer",
        "mode": Mode.EXERCISE,
        "precedence": precedence,
        "originated_at": at,
        "fields": {"text": f"text {number}", "points": ["one"]},
    }
    return Message(**(settings | changes))


class DirectPeers:
    """Carries deliveries to nodes in this process, as HTTP would."""

    def __init__(self, *sides: Side) -> None:
        self._sides = {side.party: side for side in sides}
        self.delivered: list[bytes] = []

    def hello(self, address: PeerAddress) -> bytes:
        del address
        raise PeerRefused("nobody says hello here")

    def deliver(self, address: PeerAddress, body: bytes, *, flash: bool = False) -> bytes:
        del address, flash
        self.delivered.append(body)
        handed = handed_of(body)
        sender = next(s for s in self._sides.values() if s.node.identity.id == handed.delivery.node)
        other = next(s for s in self._sides.values() if s is not sender)
        admitted = admit(other.node, handed)
        if not admitted.is_known:
            raise PeerRefused(str(admitted.reason))
        return taken_by(other, body)


def taken_by(side: Side, body: bytes) -> bytes:
    """What a node answers to a delivery that it lets in."""
    handed = handed_of(body)
    receipts = receive(
        side.node,
        handed.delivery.line,
        handed.envelopes,
        sent_at=handed.delivery.at,
        certificate=handed.certificate,
    )
    assert side.node.certificate is not None
    own = certificate_bytes(side.node.certificate)
    return answer_bytes(own, [receipt_bytes(each) for each in receipts.receipts])


@contextmanager
def party_node(
    folder: Path, party: str, *, seed: int, mode: Mode = Mode.EXERCISE, at: datetime = START
) -> Iterator[Side]:
    """A party's node, with its keys, in a folder; made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    clock, entropy = SetClock(at), NamedEntropy(party)
    node_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"node of {party}"))
    identity = NodeIdentity(node_id, party, mode, NodeKind.INTEGRATED, at)
    path = folder / "store.sqlite"
    if not path.exists():
        make_store(path, identity)
    root, key = PartyRoot.from_seed(bytes([seed]) * 32), NodeKey.from_seed(bytes([seed + 1]) * 32)
    store = open_store(path, signer=key, entropy=entropy, clock=clock)
    try:
        surface = LevelGeoid()
        picture = Picture(store, surface)
        picture.load()
        rung: list[int] = []
        node = Node(
            store,
            clock,
            entropy,
            surface,
            NoPlaces(),
            picture,
            at,
            signer=key,
            certificate=certificate_for(root, key, identity, at),
            ring=lambda: rung.append(1),
            root_public_key=root.public_key,
        )
        yield Side(node, clock, root, key, folder, rung)
    finally:
        store.close()


def certificate_for(
    root: PartyRoot, key: NodeKey, identity: NodeIdentity, at: datetime
) -> Certificate:
    return certify(
        root,
        key.public_key,
        party=identity.party,
        node_id=identity.id,
        mode=identity.mode,
        valid=Window(at - timedelta(minutes=5), at + YEARS),
    )


def sign_both(one: Side, other: Side, **terms: Any) -> None:
    """File the same agreement at both, signed by both roots."""
    toml = write_agreement(agreement(**terms)).encode()
    agreed = read_agreement(toml, name="agreed")
    signatures = [
        sign_agreement(side.root, agreed, party=side.party, at=side.clock.now())
        for side in (one, other)
    ]
    for side in (one, other):
        file_agreement(side.node, agreed.id, agreed.version, toml, expected=NEW)
        for each in signatures:
            take_signature(side.node, each)


def meet(here: Side, there: Side, *, url: str = "http://127.0.0.1:1", pin: str = "") -> None:
    """Add one's node at the other, with its fingerprint heard by voice."""
    add_peer(
        here.node,
        there.card(url, pin),
        agreement_id="TEST",
        heard=fingerprint(there.root.public_key),
        expected=NEW,
        actor="duty officer",
    )


@contextmanager
def two_nodes(folder: Path) -> Iterator[tuple[Side, Side]]:
    """BLUE and AMBER in EXERCISE, each with the line to the other."""
    with (
        party_node(folder / "blue", "BLUE", seed=7) as blue,
        party_node(folder / "amber", "AMBER", seed=9) as amber,
    ):
        sign_both(blue, amber)
        meet(blue, amber)
        meet(amber, blue)
        yield blue, amber


def verified(*sides: Side) -> None:
    """Both ledgers hold what they proved."""
    for side in sides:
        with side.node.store.view() as view:
            report = verify_ledger(view, verify=verifier_of([side.key.public_key]), thorough=True)
        assert report.holds, (side.party, report.faults)
