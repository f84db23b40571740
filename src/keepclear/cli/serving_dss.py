"""A discovery service alone: a folder, a store, a port; no party, no keys, no agreement."""

from __future__ import annotations

import os
import socket

import click

from keepclear import __version__
from keepclear.cli.listening import serve_until_stopped, spoken_address
from keepclear.cli.node_log import log_kept
from keepclear.cli.progress import compile_kernels_once
from keepclear.compose.f3548_keys import warnings_of
from keepclear.compose.f3548_serving import f3548_ready, tls_files_of
from keepclear.compose.folder import NodeFolder, make_folder
from keepclear.compose.machine import settle_to_serve
from keepclear.compose.threaded_server import KEPT_OPEN_S
from keepclear.config import Config
from keepclear.logs import RequestLog, say


def serve_dss(folder: NodeFolder, config: Config, listener: socket.socket) -> None:
    """Serve a discovery service until a signal stops it.

    Args:
        folder: where its store is, or is to be.
        config: the settings; of them, those of the F3548 roles and of the log hold.
        listener: the port.
    """
    make_folder(folder.path)
    settings = config.f3548
    compile_kernels_once()
    with (
        log_kept(folder, config),
        f3548_ready(folder, settings, with_dss=True) as ready,
    ):
        tls = tls_files_of(settings, folder.path)
        port = int(listener.getsockname()[1])
        address = spoken_address(listener.getsockname()[0])
        settle_to_serve()

        def announce() -> None:
            say("DSS started", version=__version__, port=port, pid=os.getpid())
            for warning in warnings_of(settings):
                click.echo(f"warning: {warning}", err=True)
            scheme = "http" if tls is None else "https"
            host = f"[{address}]" if ":" in address else address
            click.echo(f"DSS (ASTM F3548-21) serves on {scheme}://{host}:{port}")
            click.echo("Ctrl-C stops it")

        serve_until_stopped(
            listener,
            RequestLog(ready.application),
            when_ready=announce,
            when_stopping=lambda: None,
            tls=tls,
            kept_open_s=KEPT_OPEN_S,
            is_bounded=True,
        )
        say("DSS stopped")
    click.echo("stopped")
