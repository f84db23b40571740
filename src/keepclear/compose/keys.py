"""The keys of a node as files: made once, read at each start, checked against each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from keepclear.compose.folder import NodeFolder, make_folder, read_private, write_private
from keepclear.compose.machine import SystemEntropy
from keepclear.errors import KeyFault
from keepclear.identity.certificates import (
    Certificate,
    certificate_bytes,
    certificate_of,
    certify,
    check_certificate,
)
from keepclear.identity.keys import SEED_BYTES, NodeKey, PartyRoot
from keepclear.model.node import NodeIdentity
from keepclear.model.window import Window

CERTIFIED_FOR = timedelta(days=730)
"""How long a certificate is made to last: two years."""
_ALLOWED_SKEW = timedelta(minutes=5)
"""A certificate begins so much earlier, for other machines whose clocks are behind."""


@dataclass(frozen=True, slots=True)
class NodeKeys:
    """What a node signs with, and why others may believe it.

    Attributes:
        node: the node's own key.
        certificate: what the party's root says of it.
        root_public_key: the root's public half.
    """

    node: NodeKey
    certificate: Certificate
    root_public_key: bytes


def make_keys(
    folder: NodeFolder, identity: NodeIdentity, entropy: SystemEntropy, root: PartyRoot | None
) -> NodeKeys:
    """Make a node's key and have the party's root certify it for two years.

    Args:
        folder: where the files go.
        identity: whose node it is.
        entropy: what the keys are made of.
        root: the party's root where it has one already, which is then not copied; None makes
            a root, whose file the party should move to a safe place.
    """
    make_folder(folder.keys)
    if root is None:
        root = PartyRoot.from_seed(entropy.new_bytes(SEED_BYTES))
        write_private(folder.root_key, root.pem())
    node = NodeKey.from_seed(entropy.new_bytes(SEED_BYTES))
    return store_keys(folder, identity, node, root, identity.made_at)


def store_keys(
    folder: NodeFolder, identity: NodeIdentity, node: NodeKey, root: PartyRoot, at: datetime
) -> NodeKeys:
    """Have the root certify a node's key from now on, and write all but the root's key."""
    certificate = certify(
        root,
        node.public_key,
        party=identity.party,
        node_id=identity.id,
        mode=identity.mode,
        valid=Window(at - _ALLOWED_SKEW, at + CERTIFIED_FOR),
    )
    make_folder(folder.keys)
    write_private(folder.node_key, node.pem())
    write_private(folder.root_public_key, f"{root.public_key.hex()}\n".encode())
    write_private(folder.certificate, certificate_bytes(certificate))
    return NodeKeys(node, certificate, root.public_key)


def read_keys(folder: NodeFolder) -> NodeKeys:
    """Read a node's keys, as they are.

    Raises:
        KeyFault: a file is missing or damaged, they do not belong together, or the
            certificate is not the root's. Whether it is still valid is not asked here.
    """
    node = NodeKey.from_pem(read_private(folder.node_key))
    certificate = certificate_of(read_private(folder.certificate))
    root_public_key = _public_key(folder)
    if certificate.key_id != node.key_id:
        raise KeyFault(f"{folder.certificate} certifies another key than {folder.node_key}")
    check_certificate(certificate, root_public_key, certificate.valid.start)
    return NodeKeys(node, certificate, root_public_key)


def require_keys_of(keys: NodeKeys, identity: NodeIdentity) -> None:
    """See that keys are those of this node.

    Raises:
        KeyFault: they were certified for another node, party or mode.
    """
    told = keys.certificate
    if (told.node_id, told.party, told.mode) != (identity.id, identity.party, identity.mode):
        raise KeyFault(
            f"the keys are certified for {told.party}'s {told.mode} node {told.node_id}; the "
            f"store is that of {identity.party}'s {identity.mode} node {identity.id}",
            remedy="Put the keys of this node back into its folder `keys`.",
        )


def validity_fault(keys: NodeKeys, now: datetime) -> str:
    """Why the certificate is not valid now; empty where it is.

    A node goes on with it: an old certificate is a reason to act, not to be without answers.
    """
    try:
        check_certificate(keys.certificate, keys.root_public_key, now)
    except KeyFault as fault:
        return fault.message
    return ""


def token_of(folder: NodeFolder, entropy: SystemEntropy) -> str:
    """The token that lets programs on this machine in; one is made where there is none."""
    if not folder.token.exists():
        write_private(folder.token, f"{entropy.new_secret()}\n".encode())
    return read_private(folder.token).decode("ascii", "replace").strip()


def _public_key(folder: NodeFolder) -> bytes:
    try:
        return bytes.fromhex(read_private(folder.root_public_key).decode("ascii", "replace"))
    except ValueError:
        raise KeyFault(f"{folder.root_public_key} holds no public key in hex") from None
