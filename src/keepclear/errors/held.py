"""What the node holds stands against what was asked."""

from __future__ import annotations

from keepclear.errors.invalid import InvalidInput


class NotFound(InvalidInput):
    """The node holds nothing of that name."""

    code = "not-found"
    default_remedy = "Check the id; the lists show what there is."


class VersionMissing(InvalidInput):
    """A change does not say which version it changes, so it could undo another's."""

    code = "version-missing"
    default_remedy = "Read it again and name the version you saw (If-Match), or say that it is new."


class VersionMismatch(InvalidInput):
    """It was changed meanwhile, or it exists already; nothing was overwritten."""

    code = "version-mismatch"
    default_remedy = "Read it again, look at what changed, and decide anew."


class StateForbids(InvalidInput):
    """The operation's state does not allow this."""

    code = "state-forbids"
    default_remedy = "Look at its state; an ended operation is filed anew under a new id."
