"""From the settings to whom an F3548 token is taken from, and for whom."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from keepclear import compose
from keepclear.api.f3548.tokens import AccessTokens, TokenRules
from keepclear.compose.machine import forward_seconds
from keepclear.config.f3548_settings import F3548
from keepclear.errors import InvalidInput
from keepclear.formats.hosts import is_this_machine
from keepclear.peers.signing_keys import KeySources, RotatingKeys
from keepclear.ports.world import Clock


def signing_keys_of(settings: F3548, folder: Path) -> RotatingKeys:
    """The keys that issuers sign with.

    Args:
        settings: of the F3548 roles.
        folder: the node's; paths in the settings are taken from there.

    Raises:
        InvalidInput: no key is named, or an address that is not private.
        KeyFault: a key file cannot be used.
    """
    if not settings.public_keys and not settings.jwks:
        raise InvalidInput(
            "no key of an issuer of access tokens is named, so nobody could ask anything",
            remedy="Name one in f3548.public_keys or f3548.jwks; for a trial on this machine "
            "`keepclear dev tokens` issues tokens and prints what to set.",
        )
    addresses = tuple(each for each in settings.jwks if "://" in each)
    sources = KeySources(
        pem_files=tuple(folder / each for each in settings.public_keys),
        jwks_files=tuple(folder / each for each in settings.jwks if "://" not in each),
        jwks_urls=addresses,
        accepts_test_keys=settings.accept_test_keys,
    )
    return RotatingKeys(sources, forward_seconds)


def access_tokens_of(
    settings: F3548, keys: RotatingKeys, clock: Clock | None = None
) -> AccessTokens:
    """Who may ask.

    Args:
        settings: of the F3548 roles.
        keys: what issuers sign with.
        clock: in place of this machine's, for an exercise.

    Raises:
        InvalidInput: no audience is named.
    """
    if not settings.audiences:
        raise InvalidInput(
            "no audience is named, so no token could be for this node",
            remedy="Name in f3548.audiences the host names by which clients call it.",
        )
    rules = TokenRules(frozenset(settings.audiences), frozenset(settings.issuers))
    return AccessTokens(keys, clock or compose.clock(), rules)


def warnings_of(settings: F3548, *, within_machine: bool = False) -> tuple[str, ...]:
    """What whoever starts the node has to be told loudly.

    Args:
        settings: of the F3548 roles.
        within_machine: nothing of it leaves this machine, so that nothing need be encrypted.
    """
    told = {
        "f3548.accept_test_keys is on: ANYBODY can sign a token and ask for anything":
            settings.accept_test_keys,
        "f3548.allow_http_base_urls is on: USSs may be called without encryption":
            settings.allow_http_base_urls and not within_machine,
        "f3548.testing_interfaces is on: whoever has a token for tests flies this USS":
            settings.testing_interfaces,
        "f3548.issuers is empty: any issuer whose key is accepted may name any manager":
            not settings.issuers,
    }  # fmt: skip
    return tuple(text for text, holds in told.items() if holds)


def is_within_machine(settings: F3548, host: str) -> bool:
    """Whether a USS, its discovery service and its tokens are all on this machine.

    No other machine can then reach that USS, whatever addresses without encryption are allowed.

    Args:
        settings: of the F3548 roles; a discovery service alone may have a proxy before it, of
            which they say nothing.
        host: on which F3548 clients are answered.
    """
    urls = (settings.base_url, settings.dss_url, settings.token_url)
    hosts = (host, *(urlsplit(each).hostname or "" for each in urls))
    return settings.roles in ("uss", "both") and all(map(is_this_machine, hosts))
