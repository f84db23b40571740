"""Browsers in which somebody signed in; nothing here is under test."""

from __future__ import annotations

from http.cookies import SimpleCookie

import httpx

from api.asking import ORIGIN
from people import password_of


def sign_in(http: httpx.Client, name: str, password: str | None = None) -> httpx.Response:
    """Ask for a session; the client itself keeps no cookie of it."""
    given = password_of(name) if password is None else password
    reply = http.post("/api/v1/session", json={"account": name, "password": given})
    http.cookies.clear()
    return reply


def session_of(http: httpx.Client, name: str) -> dict[str, str]:
    """The headers of a browser in which an account signed in."""
    reply = sign_in(http, name)
    assert reply.status_code == 204, reply.text
    return headers_of(reply)


def headers_of(reply: httpx.Response) -> dict[str, str]:
    """The headers of a browser that keeps the session a reply gave it."""
    (morsel,) = SimpleCookie(reply.headers["set-cookie"]).values()
    return {"cookie": f"{morsel.key}={morsel.value}", "origin": ORIGIN}
