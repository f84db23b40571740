"""Who asks, by the access token that came with the request."""

from __future__ import annotations

from typing import NamedTuple


class Bearer(NamedTuple):
    """What a verified token says of the caller.

    Attributes:
        sub: who it is; the manager of what it files at the DSS.
        client_id: the client the token was made for; `sub` where the token names none.
        scopes: what it may ask for.
    """

    sub: str
    client_id: str
    scopes: frozenset[str]


NOBODY = Bearer("", "", frozenset())
"""Asks where no token is asked for."""
