"""Two nodes in one exercise: made, brought into contact, served as two processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import IO, NamedTuple

import click
import httpx

from keepclear.cli.listening import open_listener
from keepclear.cli.stage import HttpStage
from keepclear.compose.folder import NodeFolder
from keepclear.compose.machine import ExerciseClock
from keepclear.compose.making import make_node
from keepclear.compose.opening import open_node
from keepclear.compose.pair_making import End, pair
from keepclear.compose.serving_record import noted_serving
from keepclear.config.settings import PREFIX
from keepclear.errors import NodeUnreachable
from keepclear.exercise.article.conducting import PARTIES
from keepclear.exercise.generating import Exercise
from keepclear.exercise.stocking import stock_node
from keepclear.formats.agreement import read_agreement
from keepclear.formats.times import iso_text
from keepclear.model.node import NodeKind
from keepclear.model.operation import Mode
from keepclear.web.headers import LOOPBACK

_PEERS_ABOVE, F3548_ABOVE = 1, 2
"""The peers' port is the next one above the console's; that for F3548 clients the one after."""
_COMMAND = (
    sys.executable,
    "-c",
    "import sys; from keepclear.cli.main import main; sys.exit(main())",
)


class Place(NamedTuple):
    """Where one party's node is and will answer.

    Attributes:
        folder: the node's.
        port: of its console.
        peers_port: for other parties' nodes.
        f3548_port: for F3548 clients; 0 where it has no part in F3548.
    """

    folder: NodeFolder
    port: int
    peers_port: int
    f3548_port: int = 0


def make_pair(exercise: Exercise, places: Mapping[str, Place], clock: ExerciseClock) -> None:
    """Make both nodes, in contact once and silent since, and stock them.

    Args:
        exercise: whose agreement binds them, and what they are stocked with.
        places: where.
        clock: stands at the moment of their contact, and at that of the exercise afterwards.
    """
    toml, met = exercise.agreement_toml.encode(), clock.now()
    for party, place in places.items():
        clock.turn_to(met)
        make_node(
            place.folder,
            party=party,
            mode=Mode.EXERCISE,
            kind=NodeKind.INTEGRATED,
            agreement=toml,
            clock=clock,
        )
    agreement = read_agreement(toml, name="the exercise's agreement")
    with ExitStack() as stack:
        ends = [
            End(
                place.folder,
                stack.enter_context(open_node(place.folder, clock=clock)),
                f"http://{LOOPBACK}:{place.peers_port}",
            )
            for place in places.values()
        ]
        pair(ends[0], ends[1], agreement)
        for end in ends:
            stock_node(end.opened.node, exercise, clock.turn_to)


@contextmanager
def running(
    places: Mapping[str, Place],
    clock: ExerciseClock,
    *options: str,
    shown: Sequence[str] = PARTIES,
) -> Iterator[HttpStage]:
    """Serve both nodes while the block runs, each in its process, on one time; the stage.

    Args:
        places: where they are.
        clock: of the exercise.
        options: more options of `keepclear serve`.
        shown: the parties whose consoles are for a person: what their nodes say is passed on,
            and the options hold for them.

    Raises:
        NodeUnreachable: one of them did not start.
    """
    with ExitStack() as stack:
        processes = [
            stack.enter_context(_process(place, clock.now(), options if party in shown else ()))
            for party, place in places.items()
        ]
        for process, (party, place) in zip(processes, places.items(), strict=True):
            _wait(process, place, is_shown=party in shown)
        stage = stack.enter_context(_stage_on(places, clock))
        stage.turn_to(clock.now())  # their processes began to count at different moments
        yield stage


@contextmanager
def _stage_on(places: Mapping[str, Place], clock: ExerciseClock) -> Iterator[HttpStage]:
    with ExitStack() as stack:
        clients = {
            party: stack.enter_context(
                httpx.Client(
                    base_url=f"http://{LOOPBACK}:{place.port}",
                    headers={"authorization": f"Bearer {place.folder.token.read_text().strip()}"},
                    timeout=30.0,
                    trust_env=False,
                )
            )
            for party, place in places.items()
        }
        yield HttpStage(clients, clock)


def pair_places(
    root: Path, ports: Mapping[str, int], *, with_f3548: bool = False
) -> dict[str, Place]:
    """Folders and ports; those that are free are found now, so that cards can name them.

    Args:
        root: where the folders will be.
        ports: of each party's console; 0 takes a free one, and then the others are free ones.
        with_f3548: find ports for F3548 clients too.
    """
    with ExitStack() as stack:

        def found(port: int) -> int:
            listener = stack.enter_context(closing(open_listener(LOOPBACK, port)))
            return _port_of(listener)

        places = {}
        for party in PARTIES:
            port = found(ports[party])
            peers = found(port + _PEERS_ABOVE if ports[party] else 0)
            clients = 0
            if with_f3548:
                clients = found(port + F3548_ABOVE if ports[party] else 0)
            places[party] = Place(NodeFolder(root / party.lower()), port, peers, clients)
        return places


def _port_of(listener: socket.socket) -> int:
    port: int = listener.getsockname()[1]
    return port


@contextmanager
def _process(
    place: Place, now: datetime, options: Sequence[str]
) -> Iterator[subprocess.Popen[str]]:
    """A process that serves one node; it is stopped in order at the end of the block."""
    process = subprocess.Popen(  # noqa: S603  (our own command)
        [*_COMMAND, *serve_arguments(place, now), *options],
        stdout=subprocess.PIPE,
        text=True,
        env=_environment(place),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _environment(place: Place) -> dict[str, str]:
    """Ours; where the exercise gives a node its part in F3548, none from a trial of ours."""
    prefix = f"{PREFIX}F3548_"
    return {
        name: value
        for name, value in os.environ.items()
        if not (place.f3548_port and name.startswith(prefix))
    }


def serve_arguments(place: Place, now: datetime) -> Sequence[str]:
    """How `keepclear serve` is called for a node in the exercise."""
    return (
        "serve",
        "--node",
        str(place.folder.path),
        "--port",
        str(place.port),
        "--peers-port",
        str(place.peers_port),
        "--clock-at",
        iso_text(now),
    )


def _wait(process: subprocess.Popen[str], place: Place, *, is_shown: bool) -> None:
    """Pass on what it says until it serves, and afterwards from a thread."""
    said = process.stdout
    assert said is not None  # noqa: S101  (it is a pipe)
    for line in said:
        if is_shown:
            click.echo(line, nl=False)
        if "Ctrl-C" in line:
            break
    if noted_serving(place.folder) is None:
        raise NodeUnreachable(f"a node of the exercise did not start (code {process.poll()})")
    Thread(target=_pass_on, args=(said, is_shown), daemon=True).start()


def _pass_on(said: IO[str], is_shown: bool) -> None:
    with said:
        for line in said:
            if is_shown and line.strip() != "stopped":
                click.echo(line, nl=False)
