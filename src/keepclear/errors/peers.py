"""Another party's node, or another service, could not be dealt with."""

from __future__ import annotations

from keepclear.errors.root import KeepclearError


class PeerTrouble(KeepclearError):
    """Another party's node could not be dealt with; what was to be sent waits and goes later."""

    code = "peer-trouble"
    default_remedy = "Look at the line's state; use another channel for what cannot wait."


class PeerSilent(PeerTrouble):
    """Another party's node does not answer."""

    code = "peer-silent"
    default_remedy = "Use another channel for what cannot wait; sending goes on by itself."


class PeerRefused(PeerTrouble):
    """Another party's node answers, and will not take what was sent.

    Attributes:
        retry_after_s: after how long it may; 0.0 where it did not say.
    """

    retry_after_s: float = 0.0
    code = "peer-refused"
    default_remedy = "Read its reason; compare agreement, mode and keys with the party by voice."


class PeerNonsense(PeerTrouble):
    """What another party's node answers cannot be right."""

    code = "peer-nonsense"
    default_remedy = "See that the address is theirs and that both nodes speak one version."
