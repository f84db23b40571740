"""Every key a party ever certified for a node, as the node's own ledger has them."""

from __future__ import annotations

from collections.abc import Iterator

from keepclear.compose.keys import NodeKeys
from keepclear.compose.opening import note_event
from keepclear.errors import KeepclearError
from keepclear.identity.certificates import (
    Certificate,
    certificate_bytes,
    certificate_of,
    check_certificate,
)
from keepclear.ledger.entries import EntryKind, record_of
from keepclear.model.node import Subject
from keepclear.ports.store import Entry, View
from keepclear.services.node import Node

_PAGE = 100


def note_certificate(node: Node, keys: NodeKeys) -> None:
    """Have the ledger keep the certificate of the node's key, once."""
    with node.store.view() as view:
        held = {each.key_id for each in certificates_in(view, node.identity.id)}
    if keys.node.key_id not in held:
        text = certificate_bytes(keys.certificate).decode()
        note_event(node, EntryKind.KEY_CERTIFIED, {"certificate": text})


def certified_keys(view: View, node_id: str, keys: NodeKeys) -> list[bytes]:
    """The public keys that may have signed heads of a node.

    Args:
        view: the store of the node.
        node_id: the node.
        keys: its present keys; the root's public half decides which certificates hold.
    """
    found = [keys.certificate.public_key]
    for certificate in certificates_in(view, node_id):
        try:
            check_certificate(certificate, keys.root_public_key, certificate.valid.start)
        except KeepclearError:
            continue
        if certificate.node_id == node_id:
            found.append(certificate.public_key)
    return found


def certificates_in(view: View, node_id: str) -> Iterator[Certificate]:
    """Certificates that the ledger holds about a node; those that cannot be read are left out."""
    for entry in _about(view, node_id):
        if entry.kind != EntryKind.KEY_CERTIFIED or entry.payload is None:
            continue
        try:
            body = record_of(entry.payload).body
            text = body["certificate"] if isinstance(body, dict) else ""
            yield certificate_of(str(text).encode())
        except (KeepclearError, KeyError):
            continue


def _about(view: View, node_id: str) -> Iterator[Entry]:
    after = -1
    while found := view.entries_about(Subject.NODE, node_id, after=after, limit=_PAGE):
        yield from found
        after = found[-1].number
