"""F3548 between the two nodes of an exercise: their roles, and the tokens they ask with.

Elsewhere an authority issues tokens and names a DSS. Here whoever conducts the exercise issues
them: to this machine alone, by the exercise's clock, with a key that goes with its folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from keepclear.api.dev.tokens import ISSUER
from keepclear.cli.exercise_pair import Place
from keepclear.cli.listening import open_listener
from keepclear.compose.dev_issuer import issuer_of, public_path_of
from keepclear.compose.folder import write_private
from keepclear.compose.threaded_server import served_in_thread, server_config
from keepclear.config import Config, config_text
from keepclear.config.f3548_settings import F3548
from keepclear.ports.world import Clock
from keepclear.web.headers import LOOPBACK

HOST = "BLUE"
"""Whose node is the DSS, besides being a USS."""
_KEY = "tokens.key"
Roles: TypeAlias = Literal["uss", "both"]


class Tokens(NamedTuple):
    """Where tokens are, and by what they are known.

    Attributes:
        url: where they are asked for.
        public_key: the file of the public half.
    """

    url: str
    public_key: Path


@contextmanager
def tokens_issued(root: Path, clock: Clock) -> Iterator[Tokens]:
    """Issue tokens to programs on this machine while the block runs, on a free port.

    Args:
        root: the exercise's folder; the key is made in it.
        clock: of the exercise, as the nodes have it.
    """
    key = root / _KEY
    with closing(open_listener(LOOPBACK, 0)) as listener:
        config = server_config(issuer_of(key, clock), None)
        url = f"http://{LOOPBACK}:{listener.getsockname()[1]}/token"
        with served_in_thread(
            config, listener, name="keepclear-tokens", what="the issuer of tokens"
        ):
            yield Tokens(url, public_path_of(key))


def give_roles(places: Mapping[str, Place], tokens: Tokens) -> None:
    """Write each node's part in F3548 into its settings; they hold from its next start.

    Args:
        places: where the nodes are, with a port for F3548 clients each.
        tokens: where they get theirs.
    """
    dss_url = _url(places[HOST])
    for party, place in places.items():
        settings = settings_for(party, place, dss_url, tokens)
        write_private(place.folder.config, config_text(Config(f3548=settings)).encode())


def settings_for(party: str, place: Place, dss_url: str, tokens: Tokens) -> F3548:
    """A party's part: its USS by the party's name in small letters, and the DSS at its host."""
    roles: Roles = "both" if party == HOST else "uss"
    return F3548(
        roles=roles,
        address=LOOPBACK,
        port=place.f3548_port,
        audiences=(LOOPBACK,),
        issuers=(ISSUER,),
        public_keys=(str(tokens.public_key),),
        allow_http_base_urls=True,
        dss_url=dss_url,
        base_url=_url(place),
        token_url=tokens.url,
        client_id=party.lower(),
        operator=f"EXERCISE {party}",
    )


def told_roles(places: Mapping[str, Place], tokens: Tokens) -> str:
    """What a person is told of it at the start."""
    others = ", ".join(
        f"{party}'s USS on {LOOPBACK}:{place.f3548_port}"
        for party, place in places.items()
        if party != HOST
    )
    return (
        f"F3548: {HOST}'s DSS and USS answer on {LOOPBACK}:{places[HOST].f3548_port}, {others}; "
        f"tokens: {tokens.url}. All of it stays on this machine, so nothing of it is encrypted."
    )


def _url(place: Place) -> str:
    return f"http://{LOOPBACK}:{place.f3548_port}"
