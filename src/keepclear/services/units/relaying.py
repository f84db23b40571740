"""Decide whether a message is passed on to allies, and keep what they said to it.

Nothing is passed on without a decision, yes or no, message by message. What another party
released to us goes to those members alone that an agreement lets inherit it.

Source: domain study of keepclear, 5b (who is bound, who is told, who answers), 5e (members
inherit only if the agreement says so; sites are told by name) and 5f (M28).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from keepclear.canonical import JsonValue
from keepclear.disclose.levels import inherits
from keepclear.errors import InvalidInput, NotFound, StateForbids
from keepclear.formats.documents.plain import plain_document
from keepclear.formats.documents.telling import stored_relay
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.message import Message
from keepclear.model.node import Subject
from keepclear.model.operation import Precedence
from keepclear.model.relay import Relay, RelayReceipt
from keepclear.model.unit import MeansKind
from keepclear.ports.store import Unit, View
from keepclear.services.line.keeping import Content, write
from keepclear.services.line.messaging import Held, Releasing, held, send
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node
from keepclear.services.units.allies import allies

_RELEASED: Final = frozenset({"M03", "M04"})
"""What tells of one operation that its owner released to us, and to nobody through us."""
_BY_NAME: Final = "M15"
"""What tells of a site: nobody learns of it but those its owner named, whatever was agreed."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """A decision about passing a message on.

    Attributes:
        is_relayed: yes or no.
        role: as what who decides is on duty.
        to: to whom; empty for every ally of ours.
        words: why.
        actor: how they call themselves.
    """

    is_relayed: bool
    role: str
    to: tuple[str, ...] = ()
    words: str = ""
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Receiving:
    """That a message was passed on to one ally, and what they said.

    Attributes:
        to: the ally.
        means: by which it was passed on.
        role: who passed it on, on duty as what.
        receipt: what they said to it; empty where nothing was said.
        second: who has read the M28 with them; empty where the sender is not told.
        actor: how who passed it on calls themselves.
    """

    to: str
    means: MeansKind
    role: str
    receipt: str = ""
    second: str = ""
    actor: str = ""


def relay_of(view: View, message_id: str) -> Relay | None:
    """What was decided of passing a message on; None where nobody decided."""
    found = view.declaration(Subject.RELAY, message_id)
    return None if found is None else stored_relay(found.body)


def decide_relay(node: Node, message_id: str, deciding: Deciding) -> Relay:
    """Decide whether a message is passed on, and to whom; the same again changes nothing.

    Raises:
        NotFound: there is no such message, or no such ally.
        StateForbids: there is nobody to pass it on to, or somebody named left.
        NotPermitted: no role on watch is called that.
    """

    def work(unit: Unit) -> Relay:
        return decide(unit, node, message_id, deciding)

    return node.store.write(work)


def decide(unit: Unit, node: Node, message_id: str, deciding: Deciding) -> Relay:
    """The same inside a unit of work, for other services."""
    about = held(unit, message_id)
    role = role_on_watch(unit, node, deciding.role)
    before = relay_of(unit, message_id)
    to = _named(unit, node, about, deciding) if deciding.is_relayed else ()
    if before is not None and (before.is_relayed, before.to) == (deciding.is_relayed, to):
        return before
    relay = Relay(
        message=message_id,
        is_relayed=deciding.is_relayed,
        to=to,
        role=role,
        decided_at=to_millisecond(node.now()),
        actor=deciding.actor,
        words=deciding.words,
        receipts=() if before is None else before.receipts,
    )
    return keep_relay(unit, node, relay, EntryKind.RELAY_DECIDED, actor=deciding.actor)


def keep_receipt(node: Node, message_id: str, receipt_id: str, receiving: Receiving) -> Relay:
    """Keep that a message was passed on to an ally; its sender is told by an M28 where two say so.

    Raises:
        NotFound: there is no such message.
        StateForbids: it was not decided to pass it on to them, or they left.
        NotPermitted: the role may not, or the second person is the first.
    """

    def work(unit: Unit) -> Relay:
        about, before = held(unit, message_id), relay_of(unit, message_id)
        if before is not None and any(each.id == receipt_id for each in before.receipts):
            return before
        relay = _require_decided(before, receiving.to)
        role = role_on_watch(unit, node, receiving.role)
        receipt = RelayReceipt(
            id=receipt_id,
            to=receiving.to,
            relayed_at=to_millisecond(node.now()),
            means=receiving.means,
            role=role,
            receipt=receiving.receipt,
            actor=receiving.actor,
        )
        if receiving.second:
            _tell_sender(unit, node, about, receipt, receiving)
            receipt = replace(receipt, was_told=True)
        after = replace(relay, receipts=(*relay.receipts, receipt))
        return keep_relay(unit, node, after, EntryKind.RELAY_RECEIVED, actor=receiving.actor)

    kept = node.store.write(work)
    node.ring()
    return kept


def keep_relay(unit: Unit, node: Node, relay: Relay, kind: EntryKind, *, actor: str = "") -> Relay:
    """Keep a relay's next version."""
    content = Content(Subject.RELAY, relay.message, node.identity.party, plain_document(relay))
    write(unit, node, content, kind, actor=actor)
    return relay


def _named(view: View, node: Node, about: Held, deciding: Deciding) -> tuple[str, ...]:
    known = {each.id: each for each in allies(view, node)}
    for name in deciding.to:
        if name not in known:
            raise NotFound(
                f"to: {name} is no member or affiliate of ours",
                remedy=f"Name some of: {', '.join(known) or 'none, the agreement names nobody'}.",
            )
        if known[name].has_left:
            raise StateForbids(f"to: {name} left; nothing is passed on to it any more")
        if not _may_learn(node, about, name):
            raise _unreleased(node, about, name)
    everyone = tuple(
        each.id for each in known.values() if not each.has_left and _may_learn(node, about, each.id)
    )
    to = tuple(dict.fromkeys(deciding.to)) or everyone
    if not to:
        raise StateForbids(
            "to: there is nobody to pass it on to",
            remedy="Members and affiliates stand in the agreement; decide no, or amend it.",
        )
    return to


def _unreleased(node: Node, about: Held, name: str) -> StateForbids:
    """Why an ally may not have a message."""
    if about.message.code == _BY_NAME:
        return StateForbids(
            f"to: {name} does not stand in the release list of this site",
            remedy=f"Ask {about.message.sender} to release the site to {name} by name.",
        )
    return StateForbids(
        f"to: {about.message.sender} released this to {node.identity.party}, and no "
        f"agreement of the two lets {name} inherit it",
        remedy="Agree that the member inherits, or ask for a release to it.",
    )


def _may_learn(node: Node, about: Held, ally: str) -> bool:
    """Whether an ally may learn what a message tells; of our own, and of warnings, all may."""
    if about.message.code == _BY_NAME:
        return ally in about.message.fields.get("release_list", ())
    if about.stored.outgoing or about.message.code not in _RELEASED:
        return True
    us, sender = node.identity.party, about.message.sender
    return any(
        each.party(sender) is not None and inherits(each, us, ally)
        for each in node.picture.standing().frame.agreements
    )


def _require_decided(relay: Relay | None, to: str) -> Relay:
    if relay is None or not relay.is_relayed or to not in relay.to:
        raise StateForbids(
            f"it was not decided to pass this on to {to}",
            remedy="Decide first: relay yes, and to whom.",
        )
    if to in relay.stopped:
        raise StateForbids(f"{to} left; nothing is passed on to it any more")
    return relay


def _tell_sender(
    unit: Unit, node: Node, about: Held, receipt: RelayReceipt, receiving: Receiving
) -> None:
    if about.stored.outgoing:
        raise InvalidInput(
            "second: the message is ours; nobody else need be told",
            remedy="Leave `second` out.",
        )
    carried = unit.envelope_of(about.message.id, outgoing=False)
    party = node.identity.party
    fields: dict[str, JsonValue] = {
        "original": about.message.id,
        "original_hash": "0" * 64 if carried is None else carried.hash.hex(),  # it came as text
        "relayed_to": receipt.to[:80],
        "relayed_by": f"{party} {receipt.role}"[:80],
        "relayed_at": iso_text(receipt.relayed_at),
    }
    if receipt.receipt:
        fields["receipt"] = receipt.receipt[:280]
    message = Message(
        id=receipt.id,
        code="M28",
        version=1,
        line=about.message.line,
        sender=party,
        recipient=about.message.sender,
        from_role=receipt.role,
        to_role=about.message.from_role,
        mode=node.identity.mode,
        precedence=Precedence.PRIORITY,
        originated_at=receipt.relayed_at,
        fields=fields,
        no_duff=about.message.no_duff,
        refs=(about.message.id,),
    )
    releasing = Releasing(receipt.id, receipt.role, receiving.actor, receiving.second)
    send(unit, node, message, releasing)
