"""Run the field's judges against a node that this starts: `make conformance MONITORING=...`.

Nothing of theirs is part of keepclear: a checkout of https://github.com/interuss/monitoring is
read where it lies. What they need is installed into build/conformance, once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from scripts.conformance.judges import PYTHON, Judges, judges_in
from scripts.conformance.prober import probe
from scripts.conformance.qualifier import Addresses, configuration, qualify
from scripts.conformance.standing import KEEPCLEAR, free_port, running

WORK = Path(__file__).resolve().parent.parent.parent / "build" / "conformance"


class _Bench:
    """Folders, ports and processes of one run."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.work = WORK / "run"
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.tokens_port = free_port()
        self.token_url = f"http://127.0.0.1:{self.tokens_port}/token"
        self.key = self.work / "issuer.pem"

    def issue(self) -> None:
        """Have tokens issued for this machine."""
        command = [KEEPCLEAR, "dev", "tokens", "--port", str(self.tokens_port)]
        command += ["--key", str(self.work / "issuer.key")]
        key = (self.tokens_port, "/key.pem")
        self._stack.enter_context(running(command, self.work / "tokens.log", url=key))

    def settings(self, port: int, **extra: str) -> dict[str, str]:
        """What a node is told by its environment."""
        said = {
            "AUDIENCES": "127.0.0.1,localhost",
            "JWKS": f"http://127.0.0.1:{self.tokens_port}/.well-known/jwks.json",
            "ALLOW_HTTP_BASE_URLS": "true",
            "PORT": str(port),
            **extra,
        }
        return {**os.environ, **{f"KEEPCLEAR_F3548_{name}": text for name, text in said.items()}}

    def dss(self) -> int:
        """A DSS alone; its port."""
        port = free_port()
        folder = self.work / "dss"
        command = [KEEPCLEAR, "serve", "--role", "dss", "--node", str(folder)]
        self._stack.enter_context(
            running(
                command,
                self.work / "dss.log",
                url=(port, "/aux/v1/version"),
                environment=self.settings(port),
            )
        )
        return port

    def node(self) -> int:
        """A node with both roles and the testing interfaces; its port."""
        port, people = free_port(), free_port()
        folder = self.work / "node"
        example = Path(__file__).resolve().parents[2] / "examples" / "agreement.toml"
        made = [KEEPCLEAR, "init", "--party", "BLUE", "--mode", "EXERCISE", "--node", str(folder)]
        _run([*made, "--agreement", str(example)])
        command = [KEEPCLEAR, "serve", "--node", str(folder), "--port", str(people)]
        settings = self.settings(
            port,
            ROLES="both",
            DSS_URL=f"http://127.0.0.1:{port}",
            BASE_URL=f"http://127.0.0.1:{port}",
            TOKEN_URL=self.token_url,
            CLIENT_ID="uss1",
            TESTING_INTERFACES="true",
        )
        self._stack.enter_context(
            running(
                command,
                self.work / "node.log",
                url=(port, "/aux/v1/version"),
                environment=settings,
            )
        )
        return port

    def mock(self, judges: Judges, name: str, dss_port: int, sub: str) -> int:
        """The field's own USS; its port."""
        port = free_port()
        logs = self.work / f"{name}_interactions"
        logs.mkdir()
        environment = judges.environment(
            MOCK_USS_AUTH_SPEC=f"DummyOAuth({self.token_url},sub={sub})",
            MOCK_USS_DSS_URL=f"http://127.0.0.1:{dss_port}",
            MOCK_USS_PUBLIC_KEY=f"http://127.0.0.1:{self.tokens_port}/key.pem",
            MOCK_USS_TOKEN_AUDIENCE="127.0.0.1,localhost",  # noqa: S106  (an audience)
            MOCK_USS_BASE_URL=f"http://127.0.0.1:{port}",
            MOCK_USS_SERVICES="scdsc,versioning,interaction_logging,flight_planning",
            MOCK_USS_INTERACTIONS_LOG_DIR=str(logs),
            MOCK_USS_PORT=str(port),
        )
        command = [str(judges.python.with_name("gunicorn")), "--preload"]
        command += ["--config", "./gunicorn.conf.py", "--worker-class", "gevent", "--workers", "2"]
        command += ["--bind", f"127.0.0.1:{port}", "monitoring.mock_uss.app:webapp"]
        self._stack.enter_context(
            running(
                command,
                self.work / f"{name}.log",
                url=(port, "/status"),
                environment=environment,
                cwd=judges.checkout / "monitoring" / "mock_uss",
            )
        )
        return port


@contextmanager
def _bench() -> Iterator[_Bench]:
    with ExitStack() as stack:
        bench = _Bench(stack)
        bench.issue()
        yield bench


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _qualified(bench: _Bench, judges: Judges, only: str) -> int:
    port = bench.node()
    second = bench.mock(judges, "uss2", port, "uss2")
    mock = bench.mock(judges, "mock", port, "mock_uss")
    ours, theirs = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{second}"
    addresses = Addresses(
        dss=(ours, f"http://localhost:{port}"),
        planners={
            "uss1_core": (f"{ours}/flight_planning/v1", f"{ours}/versioning"),
            "uss2_core": (f"{theirs}/flight_planning/v1", f"{theirs}/versioning"),
        },
        mock=f"http://127.0.0.1:{mock}",
        tokens=bench.token_url,
    )
    told = configuration(judges.checkout, addresses)
    return qualify(judges, told, bench.work, bench.token_url, only)


def main() -> int:
    """Run the judges that are asked for; the worst exit code."""
    chooser = argparse.ArgumentParser(prog="python -m scripts.conformance", description=__doc__)
    chooser.add_argument("--monitoring", type=Path, required=True, help="the checkout")
    chooser.add_argument("--judge", choices=["prober", "qualifier"], default="prober")
    chooser.add_argument("--python", default=PYTHON, help="a CPython 3.13 or newer")
    chooser.add_argument("--only", default="", help="scenarios whose class names match")
    chooser.add_argument("extra", nargs="*", help="for the prober's pytest")
    asked = chooser.parse_args()
    judges = judges_in(asked.monitoring.resolve(), WORK, asked.python)
    with _bench() as bench:
        if asked.judge == "qualifier":
            return _qualified(bench, judges, asked.only)
        url = f"http://127.0.0.1:{bench.dss()}"
        return probe(judges, url, bench.token_url, asked.extra)


if __name__ == "__main__":
    sys.exit(main())
