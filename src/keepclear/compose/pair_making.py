"""Bring two nodes into contact by program, as two parties would by hand; for exercises.

By hand the roots are elsewhere and the fingerprints are heard by voice. Here one process holds
both folders, so it is refused for anything but EXERCISE.
"""

from __future__ import annotations

from typing import NamedTuple

from keepclear.compose.folder import NodeFolder, read_private
from keepclear.compose.introducing import own_card
from keepclear.compose.opening import OpenNode
from keepclear.errors import ModeMismatch
from keepclear.identity.agreement_signatures import sign_agreement
from keepclear.identity.fingerprints import fingerprint
from keepclear.identity.keys import PartyRoot
from keepclear.model.agreement import Agreement
from keepclear.model.card import AgreementSignature
from keepclear.model.line import Line
from keepclear.model.operation import Mode
from keepclear.services.expected import NEW
from keepclear.services.line.peering import add_peer
from keepclear.services.line.signing import take_signature


class End(NamedTuple):
    """One end of the line to be.

    Attributes:
        folder: the node's, with its party's root key in it.
        opened: the node.
        url: where its peer will reach it.
    """

    folder: NodeFolder
    opened: OpenNode
    url: str


def pair(one: End, other: End, agreement: Agreement) -> tuple[Line, Line]:
    """Sign the agreement by both roots, exchange cards, and make the line at both ends.

    Raises:
        ModeMismatch: one of the nodes is REAL; its root and fingerprint are people's matter.
        KeyFault: a root key is not in its folder.
    """
    for end in (one, other):
        if end.opened.node.identity.mode is not Mode.EXERCISE:
            raise ModeMismatch("two REAL nodes are brought into contact by people, not by program")
    signatures = [_signature(end, agreement) for end in (one, other)]
    for end in (one, other):
        for signature in signatures:
            take_signature(end.opened.node, signature, actor="exercise")
    return _meet(one, other, agreement), _meet(other, one, agreement)


def _signature(end: End, agreement: Agreement) -> AgreementSignature:
    root = PartyRoot.from_pem(read_private(end.folder.root_key))
    node = end.opened.node
    return sign_agreement(root, agreement, party=node.identity.party, at=node.now())


def _meet(here: End, there: End, agreement: Agreement) -> Line:
    card = own_card(there.folder, there.opened.keys, url=there.url, clock=there.opened.node.clock)
    heard = fingerprint(card.root_public_key)
    paired = add_peer(
        here.opened.node,
        card,
        agreement_id=agreement.id,
        heard=heard,
        expected=NEW,
        actor="exercise",
    )
    return paired.line
