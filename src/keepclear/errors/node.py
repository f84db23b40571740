"""A node cannot do its work."""

from __future__ import annotations

from keepclear.errors.root import KeepclearError


class NodeFault(KeepclearError):
    """A node cannot do its work; what was asked for was not stored."""

    code = "node-fault"
    default_remedy = "Run `keepclear doctor`; it names the fault and what to do."


class KeyFault(NodeFault):
    """A key or certificate is missing, damaged, or not valid for this node now."""

    code = "key-fault"
    default_remedy = "Run `keepclear doctor`; it says which file and how to have it anew."


class NodeStopping(NodeFault):
    """The node is stopping and takes nothing more; this was not stored."""

    code = "node-stopping"
    default_remedy = "Send it again when the node runs."


class NodeBusy(NodeFault):
    """More is waiting to be stored than the node takes on; this was not stored."""

    code = "node-busy"
    default_remedy = "Wait a moment and send it again."


class NodeUnreachable(NodeFault):
    """A node is running but does not answer."""

    code = "node-unreachable"
    default_remedy = "Wait a moment and try again; `keepclear doctor` looks at it from outside."
