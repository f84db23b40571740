"""Whoever asks may not do this."""

from __future__ import annotations

from keepclear.errors.invalid import InvalidInput


class NotOurs(InvalidInput):
    """Only its owner changes an operation, a zone or a coverage statement."""

    code = "not-ours"
    default_remedy = "Ask its owner; take their new version in as a file or over the line."


class NotAllowed(InvalidInput):
    """No valid token came with the request, or it came from a foreign page."""

    code = "not-allowed"
    default_remedy = "Give the token that stands in the node's folder, from this machine."


class NotPermitted(InvalidInput):
    """The role on duty may not do this, or a second person is needed."""

    code = "not-permitted"
    default_remedy = "Have a role that may do it, or a second person, confirm it."
