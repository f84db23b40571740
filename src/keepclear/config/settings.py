"""Every setting, declared once: its section, key, limits, default and what it is for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

from keepclear.config.f3548_settings import F3548

PREFIX = "KEEPCLEAR_"
"""Begins the name of every environment variable: KEEPCLEAR_LISTEN_PORT and so on."""

Port = Annotated[int, Meta(ge=0, le=65_535)]
Days = Annotated[int, Meta(ge=1, le=36_500)]


class Listen(msgspec.Struct, frozen=True, kw_only=True):
    """Where the node answers."""

    address: Annotated[
        str,
        Meta(
            description="IP address to answer on. Any but this machine's own (127.0.0.1, ::1) "
            "also needs `serve --plain-http`: there is no encryption yet."
        ),
    ] = "127.0.0.1"
    port: Annotated[
        int, Meta(ge=0, le=65_535, description="TCP port; 0 takes any free one at each start.")
    ] = 8600
    allow_hosts: Annotated[
        tuple[str, ...],
        Meta(description="Names, besides localhost, by which browsers may call this node."),
    ] = ()


class Peers(msgspec.Struct, frozen=True, kw_only=True):
    """Where other parties' nodes reach this one."""

    address: Annotated[
        str,
        Meta(
            description="IP address to answer other nodes on. In EXERCISE this machine's own "
            "(127.0.0.1, ::1) answers without encryption; every other one, and REAL, by TLS."
        ),
    ] = "127.0.0.1"
    port: Annotated[
        Port | None,
        Meta(
            description="TCP port for other nodes; without one they cannot reach this node, which "
            "still reaches them. 0 takes any free one at each start."
        ),
    ] = None
    url: Annotated[
        str,
        Meta(
            description="The address that stands on this node's contact card, as "
            "https://host.example:8601; without one, other nodes cannot call."
        ),
    ] = ""


class Pager(msgspec.Struct, frozen=True, kw_only=True):
    """Who is woken when nobody on watch takes an urgent message; nobody without settings."""

    command: Annotated[
        tuple[str, ...],
        Meta(
            description="A program and its arguments, run without a shell. The level (0 watch, 1 "
            "senior watch, 2 top level) is its last argument, the text its standard input."
        ),
    ] = ()
    mail_host: Annotated[
        str, Meta(description="A mail server (SMTP); mails go where no command is set.")
    ] = ""
    mail_port: Annotated[int, Meta(ge=1, le=65_535, description="Its port.")] = 587
    mail_encryption: Annotated[
        Literal["starttls", "tls", "none"],
        Meta(description="How the way to it is protected; none only to this machine."),
    ] = "starttls"
    mail_user: Annotated[str, Meta(description="The account there, where it asks for one.")] = ""
    mail_password: Annotated[
        str, Meta(description="Its password; better given as an environment variable.")
    ] = ""
    mail_sender: Annotated[str, Meta(description="The address mails come from.")] = ""
    mail_watch: Annotated[
        tuple[str, ...], Meta(description="Addresses that are told at every level.")
    ] = ()
    mail_senior: Annotated[
        tuple[str, ...], Meta(description="Addresses that are told from the senior watch on.")
    ] = ()
    mail_top: Annotated[
        tuple[str, ...], Meta(description="Addresses that are told at the top level.")
    ] = ()


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """Mail on lines: texts and bundles where the network does not reach; none without settings."""

    host: Annotated[str, Meta(description="A mail server (SMTP) that sends.")] = ""
    port: Annotated[int, Meta(ge=1, le=65_535, description="Its port.")] = 587
    encryption: Annotated[
        Literal["starttls", "tls", "none"],
        Meta(description="How the way to it is protected; none only to this machine."),
    ] = "starttls"
    user: Annotated[str, Meta(description="The account there, where it asks for one.")] = ""
    password: Annotated[
        str, Meta(description="Its password; better given as an environment variable.")
    ] = ""
    sender: Annotated[str, Meta(description="The address mails come from.")] = ""
    addresses: Annotated[
        tuple[str, ...],
        Meta(description="Where mail of a line goes: `AMBER-BLUE=watch@example.org`."),
    ] = ()
    inbox_folder: Annotated[
        str, Meta(description="A folder of .eml files; it goes before a mailbox.")
    ] = ""
    inbox_host: Annotated[str, Meta(description="A mailbox (IMAP).")] = ""
    inbox_port: Annotated[int, Meta(ge=1, le=65_535, description="Its port.")] = 993
    inbox_encryption: Annotated[
        Literal["tls", "none"],
        Meta(description="How the way to it is protected; none only to this machine."),
    ] = "tls"
    inbox_user: Annotated[str, Meta(description="The account there.")] = ""
    inbox_password: Annotated[
        str, Meta(description="Its password; better given as an environment variable.")
    ] = ""
    inbox_mailbox: Annotated[str, Meta(description="Which mailbox of it.")] = "INBOX"
    inbox_every_s: Annotated[
        int,
        Meta(
            ge=0,
            le=86_400,
            description="Mail is read by itself after so many seconds; 0: only when asked to.",
        ),
    ] = 0


class Log(msgspec.Struct, frozen=True, kw_only=True):
    """The log file `logs/keepclear.log`."""

    level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="The least important lines that are kept."),
    ] = "info"
    file_bytes: Annotated[
        int,
        Meta(ge=65_536, le=1_073_741_824, description="A new file is begun at this size."),
    ] = 10_485_760
    files_kept: Annotated[
        int, Meta(ge=1, le=100, description="How many full files are kept beside the current one.")
    ] = 5


class Keeping(msgspec.Struct, frozen=True, kw_only=True):
    """How long the node keeps what is over; without a number it keeps everything."""

    ended_operations_days: Annotated[
        Days | None,
        Meta(description="Ended operations leave the lists after so many days."),
    ] = None
    payloads_days: Annotated[
        Days | None,
        Meta(
            description="The texts of their ledger entries are removed after so many days; the "
            "entries and their proofs stay. Agree on it with the other parties first."
        ),
    ] = None


class Console(msgspec.Struct, frozen=True, kw_only=True):
    """The page in the browser."""

    borders: Annotated[
        bool,
        Meta(description="Offer the map's borders; they take no position on any of them."),
    ] = True


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, as sections."""

    listen: Listen = msgspec.field(default_factory=Listen)
    peers: Peers = msgspec.field(default_factory=Peers)
    pager: Pager = msgspec.field(default_factory=Pager)
    mail: Mail = msgspec.field(default_factory=Mail)
    log: Log = msgspec.field(default_factory=Log)
    retention: Keeping = msgspec.field(default_factory=Keeping)
    console: Console = msgspec.field(default_factory=Console)
    f3548: F3548 = msgspec.field(default_factory=F3548)


class Setting(NamedTuple):
    """One key of the file.

    Attributes:
        section, key: where it stands.
        text: what it is for.
        default: what holds where it is absent; None for "not set".
        values: what may stand there, in words.
    """

    section: str
    key: str
    text: str
    default: object
    values: str

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return f"{PREFIX}{self.section}_{self.key}".upper()


SECTIONS: Mapping[str, type[msgspec.Struct]] = {
    "listen": Listen,
    "peers": Peers,
    "pager": Pager,
    "mail": Mail,
    "log": Log,
    "retention": Keeping,
    "console": Console,
    "f3548": F3548,
}
"""The sections of the file, in its order."""


def settings() -> Iterator[Setting]:
    """List every setting in the order of the file."""
    for section, struct in SECTIONS.items():
        defaults = struct()
        for key, hint in get_type_hints(struct, include_extras=True).items():
            text = next(m.description for m in get_args(hint) if isinstance(m, Meta))
            yield Setting(section, key, text or "", getattr(defaults, key), _values(hint))


def _values(hint: Any) -> str:
    base, metas = hint, []
    while get_origin(base) is Annotated:
        inner, *more = get_args(base)
        metas += more
        base = inner
    for part in get_args(base):
        if get_origin(part) is Annotated:
            return _values(part)
    if get_origin(base) is Literal:
        return "one of " + ", ".join(f'"{choice}"' for choice in get_args(base))
    bounds = [m for m in metas if isinstance(m, Meta) and m.ge is not None]
    if bounds:
        return f"a whole number from {bounds[0].ge:,} to {bounds[0].le:,}"
    return {bool: "true or false", str: "a text"}.get(base, "a list of texts")
