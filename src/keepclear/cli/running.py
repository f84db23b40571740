"""A node while it serves: opened, announced, kept in order, stopped in order."""

from __future__ import annotations

import os
import socket
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from typing import NamedTuple

import click

from keepclear import __version__, compose
from keepclear.api.application import NodeApplication, node_application
from keepclear.api.auth import COOKIE, Access
from keepclear.cli.f3548_running import f3548_kept
from keepclear.cli.listening import serve_until_stopped, spoken_address
from keepclear.cli.progress import compile_kernels_once
from keepclear.cli.upkeep import upkeep
from keepclear.compose.bell import Bell
from keepclear.compose.disclosing_running import disclosing_running
from keepclear.compose.folder import NodeFolder
from keepclear.compose.keys import token_of, validity_fault
from keepclear.compose.line_running import line_running
from keepclear.compose.machine import forward_seconds, settle_to_serve
from keepclear.compose.mail_running import mail_running
from keepclear.compose.mailing import inbox_of, outbox_of
from keepclear.compose.opening import OpenNode, note_start, note_stop, open_node
from keepclear.compose.paging import pager_of
from keepclear.compose.peers_serving import needs_tls, peers_served
from keepclear.compose.serving_record import Serving, forget_serving, note_serving
from keepclear.compose.tls import tls_file
from keepclear.config import Config
from keepclear.exercise.board import Board
from keepclear.logs import RequestLog, say
from keepclear.peers.node import NodePeers
from keepclear.ports.world import Clock
from keepclear.services.node import Node
from keepclear.services.own_answers import answers
from keepclear.services.retaining import Retention
from keepclear.web.console import console_routes

USUAL_PORT = 8600


class OtherPorts(NamedTuple):
    """Ports that are not for people; None for one that is not open.

    Attributes:
        peers: for other parties' nodes.
        f3548: for F3548 clients.
    """

    peers: socket.socket | None = None
    f3548: socket.socket | None = None


NO_OTHER_PORTS = OtherPorts()


def run_node(
    folder: NodeFolder,
    config: Config,
    listener: socket.socket,
    *,
    ports: OtherPorts = NO_OTHER_PORTS,
    hosts: Sequence[str] = (),
    opening: bool = False,
    clock: Clock | None = None,
    prepare: Callable[[Node], None] | None = None,
) -> None:
    """Serve a node until a signal stops it.

    Args:
        folder: whose node.
        config: its settings.
        listener: the port it answers on.
        ports: those on which others than people reach it.
        hosts: names it answers to, besides those of the settings.
        opening: open a browser once it serves.
        clock: in place of this machine's, for an exercise.
        prepare: done with the node before it serves.
    """
    retention = Retention(config.retention.ended_operations_days, config.retention.payloads_days)
    compile_kernels_once()
    bell = Bell()
    with (
        open_node(
            folder,
            progress=_tell_loaded,
            clock=clock,
            pager=pager_of(config),
            outbox=outbox_of(config),
            inbox=inbox_of(config),
            ring=bell.ring,
        ) as opened,
        upkeep(opened.node, retention),
    ):
        _warn(opened)
        if prepare:
            prepare(opened.node)
        board = None if clock is None else Board()
        access, application = _application(folder, opened, config, listener, hosts, board)
        note_start(opened.node)
        answers(opened.node, limit=1)  # the first view then waits for no kernel to be loaded
        settle_to_serve()
        try:
            with (
                _lines_kept(folder, opened, config, bell, ports.peers),
                f3548_kept(folder, opened.node, config, ports.f3548),
            ):
                _serve(folder, opened, listener, ports.peers, access, application, opening=opening)
        finally:
            forget_serving(folder, os.getpid())
            application.close()
        note_stop(opened.node)
        say("node stopped")
    click.echo("stopped")


@contextmanager
def _lines_kept(
    folder: NodeFolder,
    opened: OpenNode,
    config: Config,
    bell: Bell,
    listener: socket.socket | None,
) -> Iterator[None]:
    """Keep the node's lines while the block runs: send, do what is due, answer other nodes."""
    node = opened.node
    with ExitStack() as stack:
        peers = stack.enter_context(closing(NodePeers()))
        stack.enter_context(line_running(node, bell, peers))
        stack.enter_context(disclosing_running(node))
        stack.enter_context(mail_running(node, bell, config.mail.inbox_every_s))
        if listener is not None:
            about = node.identity
            by_tls = needs_tls(listener.getsockname()[0], config.peers.url, about.mode)
            tls = tls_file(folder, name=f"{about.party} {about.mode}") if by_tls else None
            stack.enter_context(peers_served(node, listener, tls))
        yield


def _application(
    folder: NodeFolder,
    opened: OpenNode,
    config: Config,
    listener: socket.socket,
    hosts: Sequence[str],
    board: Board | None,
) -> tuple[Access, NodeApplication]:
    port = listener.getsockname()[1]
    # Browsers do not tell ports apart: two nodes on one machine need a cookie each.
    cookie = COOKIE if port == USUAL_PORT else f"{COOKIE}_{port}"
    token = token_of(folder, compose.entropy())
    access = Access(token, compose.entropy(), forward_seconds, cookie=cookie)
    application = node_application(
        opened.node,
        access,
        port=port,
        extra_hosts=(*config.listen.allow_hosts, *hosts),
        console=console_routes(compose.map_files(borders=config.console.borders)),
        board=board,
    )
    return access, application


def _serve(
    folder: NodeFolder,
    opened: OpenNode,
    listener: socket.socket,
    peers_listener: socket.socket | None,
    access: Access,
    application: NodeApplication,
    *,
    opening: bool,
) -> None:
    address, port = spoken_address(listener.getsockname()[0]), listener.getsockname()[1]
    node = opened.node
    peers_port = 0 if peers_listener is None else int(peers_listener.getsockname()[1])

    def announce() -> None:
        serving = Serving(
            pid=os.getpid(),
            address=address,
            port=port,
            started_at=node.started_at,
            peers_port=peers_port,
        )
        note_serving(folder, serving)
        mode, party = node.identity.mode, node.identity.party
        say("node started", version=__version__, mode=mode, party=party, port=port, pid=os.getpid())
        host = f"[{address}]" if ":" in address else address
        url = f"http://{host}:{port}/enter?ticket={access.new_ticket()}"
        click.echo(f"{mode}  {party}'s {node.identity.kind} node serves on {host}:{port}")
        click.echo(f"console, good once and for ten minutes: {url}")
        if peers_port:
            click.echo(f"other parties' nodes reach it on port {peers_port}")
        click.echo(f"Ctrl-C stops it  {mode}")
        if opening and _has_screen():
            webbrowser.open(url)

    serve_until_stopped(
        listener,
        RequestLog(application),
        when_ready=announce,
        when_stopping=application.stop,
    )


def _has_screen() -> bool:
    """Whether a browser would open a window, and not take the terminal."""
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _tell_loaded(operations: int) -> None:
    click.echo(f"loading: {operations:,} operations …", err=True)


def _warn(opened: OpenNode) -> None:
    """Say what does not keep the node from running, but should not wait."""
    fault = validity_fault(opened.keys, opened.node.now())
    if fault:
        say("the certificate is not valid now")
        click.echo(f"warning: {fault}; run `keepclear doctor`", err=True)
