# ruff: noqa: INP001  (a script beside the console, in no package)
"""A node with the built-in exercise in it, for work on the console and for its tests.

Everything is real but the clock, which stands at the exercise's morning and runs from there.
Never shipped. `python console/dev/exercise_node.py --port 8601` prints where to enter,
then the token.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

import uvicorn

from keepclear import compose
from keepclear.api.application import node_application
from keepclear.api.auth import Access
from keepclear.cli.listening import open_listener
from keepclear.exercise.generating import Exercise, build_exercise
from keepclear.exercise.writing import write_exercise
from keepclear.formats.agreement import read_agreement
from keepclear.identity.keys import NodeKey
from keepclear.model.node import NodeIdentity, NodeKind
from keepclear.model.operation import Mode
from keepclear.services.agreeing import file_agreement
from keepclear.services.expected import NEW
from keepclear.services.importing import import_plans
from keepclear.services.node import Node
from keepclear.services.picture import Picture
from keepclear.services.reading_plans import PlanSource
from keepclear.store.sqlite import make_store, open_store
from keepclear.web.console import console_routes
from keepclear.web.headers import LOOPBACK
from keepclear.web.map_data import MapFiles, map_data

TOKEN = "exercise-token-" + "0123456789abcdef" * 3
"""Known to everybody: the node holds nothing but the exercise."""
DAY = date(2026, 3, 14)


class ExerciseClock:
    """Stands at a moment when it is made, and runs on from there."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._since_s = time.monotonic()

    def now(self) -> datetime:
        """The exercise's time."""
        return self._at + timedelta(seconds=time.monotonic() - self._since_s)


@contextmanager
def exercise_node(folder: Path, exercise: Exercise) -> Iterator[Node]:
    """BLUE's node with its plans, the agreement and what the others released."""
    clock, entropy = ExerciseClock(exercise.now), compose.entropy()
    identity = NodeIdentity(
        entropy.new_id(), "BLUE", Mode.EXERCISE, NodeKind.INTEGRATED, clock.now()
    )
    path = folder / "store.sqlite"
    make_store(path, identity)
    key = NodeKey.from_seed(b"\x07" * 32)
    with closing(open_store(path, signer=key, entropy=entropy, clock=clock)) as store:
        geoid = compose.geoid()
        picture = Picture(store, geoid)
        picture.load()
        node = Node(store, clock, entropy, geoid, compose.gazetteer(), picture, clock.now())
        _load(node, exercise)
        yield node


def _load(node: Node, exercise: Exercise) -> None:
    text = exercise.agreement_toml.encode()
    agreed = read_agreement(text, name="the exercise's agreement")
    file_agreement(node, agreed.id, agreed.version, text, expected=NEW)
    files = write_exercise(exercise)
    for name in ("blue.geojson", "amber.geojson", "others.geojson"):
        import_plans(node, PlanSource(name, files[name]))


def map_files() -> MapFiles:
    """The data under the map, made when first asked for."""

    def make() -> dict[str, bytes]:
        drawn = compose.basemap()
        return map_data(drawn.land, drawn.borders, drawn.places)

    return MapFiles(make)


def main() -> None:
    """Serve until the process is told to stop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8601, help="0 takes any free port")
    with (
        tempfile.TemporaryDirectory() as folder,
        exercise_node(Path(folder), build_exercise(DAY)) as node,
        closing(open_listener(LOOPBACK, parser.parse_args().port)) as listener,
    ):
        port = listener.getsockname()[1]
        access = Access(TOKEN, compose.entropy(), time.monotonic)
        application = node_application(node, access, port=port, console=console_routes(map_files()))
        sys.stdout.write(f"http://{LOOPBACK}:{port}/enter?ticket={access.new_ticket()}\n{TOKEN}\n")
        sys.stdout.flush()
        server = uvicorn.Server(
            uvicorn.Config(application, log_level="warning", server_header=False, lifespan="off")
        )
        stop = server.handle_exit

        def end(number: int, frame: object) -> None:
            application.stop()
            stop(number, frame)  # type: ignore[arg-type]  (frames are passed through)

        server.handle_exit = end  # type: ignore[method-assign, assignment]
        signal.signal(signal.SIGTERM, end)
        server.run(sockets=[listener])
        application.close()


if __name__ == "__main__":
    main()
