"""`keepclear dev`: what a developer needs on their own machine, and nobody anywhere else."""

from __future__ import annotations

import ipaddress
from contextlib import closing
from pathlib import Path

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.groups import CommandGroup
from keepclear.errors import InvalidInput

USUAL_PORT = 8085


@click.group("dev", cls=CommandGroup)
def command() -> None:
    """Tools for trials on this machine; none is for anybody else."""


@command.command("tokens")
@click.option(
    "--address",
    default="127.0.0.1",
    show_default=True,
    metavar="IP",
    help="This machine's own, 127.0.0.1 or ::1; no other is taken.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=USUAL_PORT,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--key",
    "key_path",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("keepclear-dev-tokens.key"),
    show_default=True,
    help="Its key; made where there is none.",
)
def tokens(*, address: str, port: int, key_path: Path) -> int:
    """Issue F3548 access tokens to whoever asks, for a trial on this machine.

    It asks for no secret: GET /token?sub=uss1&scope=...&intended_audience=localhost. Never
    point a node at it that others reach.
    """
    from keepclear.cli.listening import open_listener, serve_until_stopped, stoppable
    from keepclear.compose.dev_issuer import issuer_of

    _require_loopback(address)
    with closing(open_listener(address, port)) as listener, stoppable():
        issuer = issuer_of(key_path)
        serve_until_stopped(
            listener,
            issuer,
            when_ready=lambda: _say(address, int(listener.getsockname()[1]), key_path),
            when_stopping=lambda: None,
        )
    click.echo("stopped")
    return DONE


def _require_loopback(address: str) -> None:
    try:
        is_near = ipaddress.ip_address(address).is_loopback
    except ValueError:
        is_near = False
    if not is_near:
        raise InvalidInput(
            f"{address!r:.80} is not this machine's own: tokens would be issued to anybody",
            remedy="Give 127.0.0.1 or ::1.",
        )


def _say(address: str, port: int, key_path: Path) -> None:
    from keepclear.compose.dev_issuer import public_path_of

    host = f"[{address}]" if ":" in address else address
    url = f"http://{host}:{port}"
    click.echo(f"tokens for trials on {url}/token, for whoever asks on this machine")
    click.echo("a node on this machine takes them with, in the environment:")
    click.echo(f"  KEEPCLEAR_F3548_PUBLIC_KEYS={public_path_of(key_path).absolute()}")
    click.echo(f"or  KEEPCLEAR_F3548_JWKS={url}/.well-known/jwks.json")
    click.echo(f"a USS of keepclear asks for them with KEEPCLEAR_F3548_TOKEN_URL={url}/token")
    click.echo("Ctrl-C stops it")
