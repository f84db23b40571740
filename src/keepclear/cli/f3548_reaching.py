"""Reach a DSS as the settings of a folder say, and say what to do where it does not work."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from keepclear.errors import (
    InvalidInput,
    KeepclearError,
    NotFound,
    NotPermitted,
    PeerNonsense,
    PeerRefused,
    PeerSilent,
)

if TYPE_CHECKING:
    from keepclear.compose.f3548_uss import F3548Clients
    from keepclear.config.f3548_settings import F3548


class Asking(NamedTuple):
    """A DSS, ready to be asked.

    Attributes:
        clients: ask it, and operators.
        settings: of the F3548 roles.
        url: where it is.
    """

    clients: F3548Clients
    settings: F3548
    url: str


@contextmanager
def dss_asked(folder: Path, dss_url: str, *, needs: tuple[str, ...] = ()) -> Iterator[Asking]:
    """A DSS while the block runs; what goes wrong with it is told with a remedy of its own.

    Args:
        folder: whose settings hold; it need not be a node.
        dss_url: in place of that of the settings; empty for none.
        needs: settings that must be there besides.

    Raises:
        InvalidInput: a setting is missing; it is named.
        KeepclearError: what the DSS, or the authorisation server, says.
    """
    import msgspec

    from keepclear import compose
    from keepclear.cli.settings import config_of
    from keepclear.compose.f3548_uss import f3548_clients
    from keepclear.compose.folder import NodeFolder
    from keepclear.store.exchange_files import ExchangeFiles

    node = NodeFolder(folder)
    settings = config_of(node, os.environ).f3548
    settings = msgspec.structs.replace(settings, dss_url=dss_url or settings.dss_url)
    for name in ("dss_url", "token_url", *needs):
        _require(settings, name, node.config)
    clock = compose.clock()
    with f3548_clients(settings, ExchangeFiles(node.exchanges, clock), clock) as clients:
        try:
            yield Asking(clients, settings, settings.dss_url)
        except KeepclearError as error:
            remedy = _remedy(error, settings)
            raise _again(error, remedy) if remedy else error from None


def _require(settings: F3548, name: str, file: Path) -> None:
    if not getattr(settings, name):
        hint = "Give --dss URL, or set" if name == "dss_url" else "Set"
        raise InvalidInput(
            f"f3548.{name} is not set",
            remedy=f"{hint} {name} under [f3548] in {file}, or KEEPCLEAR_F3548_{name.upper()} in "
            "the environment.",
        )


_REMEDIES: Mapping[type[KeepclearError], str] = {
    PeerSilent: "See that {dss_url} is its address, and that it runs; then try again.",
    PeerNonsense: "See that {dss_url} is a DSS's address, without /dss/v1.",
    PeerRefused: "If it is the token: {dss_url} must take the keys of the issuer at {token_url}, "
    "and have its own host name among its audiences.",
    NotPermitted: "Have the authority at {token_url} give this client that scope; what somebody "
    "else manages only they change.",
    NotFound: "Look at `keepclear f3548 subscriptions`: what is over is gone. If it is the path: "
    "f3548.dss_url is a DSS's address without /dss/v1.",
    InvalidInput: "Ask again as the DSS says.",
}
"""By kind of error, the special before the general."""


def _remedy(error: KeepclearError, settings: F3548) -> str:
    """What to do about an error of the DSS; empty where the error says so itself."""
    if error.remedy != error.default_remedy:
        return ""
    told = next((text for kind, text in _REMEDIES.items() if isinstance(error, kind)), "")
    return told.format(dss_url=settings.dss_url, token_url=settings.token_url)


def _again(error: KeepclearError, remedy: str) -> KeepclearError:
    if isinstance(error, PeerRefused):
        return PeerRefused(error.message, remedy=remedy)
    return type(error)(error.message, remedy=remedy)
