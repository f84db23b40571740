"""A discovery service as a process of its own: made at its first start, there again at the next."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from e2e.node.processes import COMMAND, START_S
from f3548.asking import INTENTS, intent, new_id, volume
from keepclear import compose
from keepclear.cli.main import main
from keepclear.compose.dev_issuer import public_path_of
from keepclear.compose.folder import NodeFolder
from keepclear.compose.tls import tls_file
from keepclear.store.dss import make_dss_store

SCOPE = "utm.strategic_coordination"


@contextmanager
def running(*arguments: str, **variables: str) -> Iterator[str]:
    """The address that a command says it serves on, while it does; stopped in order."""
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )
    watchdog = threading.Timer(START_S, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        found = next(
            filter(None, (re.search(r"https?://\S+?:\d+", s) for s in process.stdout)), None
        )
        assert found is not None, process.communicate()[1]
        yield found[0]
        process.send_signal(signal.SIGTERM)
        said, complained = process.communicate(timeout=30.0)
        assert process.returncode == 0, complained
        assert said.endswith("stopped\n")
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.kill()
            process.communicate(timeout=30.0)


@pytest.fixture(scope="module")
def key_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("issuer") / "dev.key"


@pytest.fixture(scope="module")
def issuer(key_path: Path) -> Iterator[str]:
    with running("dev", "tokens", "--port", "0", "--key", str(key_path)) as address:
        yield address


def bearer(issuer: str) -> Mapping[str, str]:
    asked = {"scope": SCOPE, "intended_audience": "localhost", "sub": "uss1"}
    told = httpx.get(f"{issuer}/token", params=asked, trust_env=False).json()
    return {"authorization": f"Bearer {told['access_token']}"}


def soon() -> dict[str, Any]:
    """An intent within the hour, by this machine's clock."""
    now = compose.clock().now()
    extents = volume()
    for name, after in (("time_start", 5), ("time_end", 50)):
        at = now + timedelta(minutes=after)
        extents[name] = {"value": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "format": "RFC3339"}
    return intent(extents=[extents])


def serving(folder: Path) -> tuple[str, ...]:
    return ("serve", "--role", "dss", "--node", str(folder), "--f3548-port", "0")


def test_a_service_is_made_where_there_was_nothing_and_keeps_what_it_answered(
    tmp_path: Path, issuer: str
) -> None:
    folder, path = tmp_path / "dss", f"{INTENTS}/{new_id()}"
    variables = {"KEEPCLEAR_F3548_JWKS": f"{issuer}/.well-known/jwks.json"}
    headers = bearer(issuer)
    with running(*serving(folder), **variables) as address:
        made = httpx.put(f"{address}{path}", json=soon(), headers=headers, trust_env=False)
        assert made.status_code == 201
    assert sorted(each.name for each in folder.iterdir() if each.suffix == ".sqlite") == [
        "dss.sqlite"
    ]
    with running(*serving(folder), **variables) as address:
        response = httpx.get(f"{address}{path}", headers=headers, trust_env=False)
        assert response.json()["operational_intent_reference"]["manager"] == "uss1"
    lines = (folder / "logs" / "keepclear.log").read_text().splitlines()
    log = [json.loads(line) for line in lines]
    assert [each["says"] for each in log if each["says"].startswith("DSS")] == [
        "DSS started",
        "DSS stopped",
        "DSS started",
        "DSS stopped",
    ]


def test_it_answers_by_tls_with_a_certificate_of_its_settings(
    tmp_path: Path, issuer: str, key_path: Path
) -> None:
    certificate = tls_file(NodeFolder(tmp_path), name="DSS")
    variables = {
        "KEEPCLEAR_F3548_PUBLIC_KEYS": str(public_path_of(key_path)),
        "KEEPCLEAR_F3548_TLS_CERTIFICATE": str(certificate),
    }
    with running(*serving(tmp_path / "dss"), **variables) as address:
        assert address.startswith("https://")
        response = httpx.get(
            f"{address}{INTENTS}/{new_id()}",
            headers=bearer(issuer),
            verify=False,  # noqa: S501  (whose certificate it is, is not the question here)
            trust_env=False,
        )
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("options", "variables", "said"),
    [
        ((), {}, "no key of an issuer"),
        ((), {"KEEPCLEAR_F3548_PUBLIC_KEYS": "gone.pem"}, "gone.pem"),
        ((), {"KEEPCLEAR_F3548_JWKS": "http://issuer.example/jwks"}, "not HTTPS"),
        ((), {"KEEPCLEAR_F3548_ADDRESS": "192.0.2.7"}, "not be encrypted"),
        (("--f3548-address", "here"), {}, "no IP address"),
        ((), {"KEEPCLEAR_F3548_TLS_KEY": "x"}, "tls_certificate"),
        ((), {"KEEPCLEAR_F3548_AUDIENCES": ""}, "no audience"),
    ],
)
def test_what_would_be_unsafe_or_useless_does_not_start(
    tmp_path: Path,
    key_path: Path,
    issuer: str,  # has made the key
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    variables: dict[str, str],
    said: str,
) -> None:
    if said != "no key of an issuer" and "KEEPCLEAR_F3548_JWKS" not in variables:
        monkeypatch.setenv("KEEPCLEAR_F3548_PUBLIC_KEYS", str(public_path_of(key_path)))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert main([*serving(tmp_path / "dss"), *options]) in (3, 4)
    assert said in capsys.readouterr().err


def test_a_real_node_never_answers_the_fields_testing_interfaces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "real")
    made = ["init", "--party", "BLUE", "--mode", "REAL", "--node", folder]
    assert main(made) == 0
    monkeypatch.setenv("KEEPCLEAR_F3548_ROLES", "uss")
    monkeypatch.setenv("KEEPCLEAR_F3548_TESTING_INTERFACES", "true")
    monkeypatch.setenv("KEEPCLEAR_F3548_PORT", "0")
    assert main(["serve", "--node", folder, "--port", "0"]) == 3
    assert "this node is REAL" in capsys.readouterr().err


def test_doctor_looks_at_the_service_and_a_backup_leaves_it_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = NodeFolder(tmp_path / "node")
    assert main(["init", "--party", "BLUE", "--mode", "EXERCISE", "--node", str(folder.path)]) == 0
    make_dss_store(folder.dss, pool=new_id(), made_at=compose.clock().now())
    capsys.readouterr()
    assert main(["doctor", "--node", str(folder.path)]) == 0
    assert "The DSS's own check found nothing wrong." in capsys.readouterr().out
    assert main(["backup", str(tmp_path / "copy.sqlite"), "--node", str(folder.path)]) == 0
    assert "no references of the DSS" in capsys.readouterr().out
    folder.dss.write_bytes(b"rubbish" * 1_000)
    assert main(["doctor", "--node", str(folder.path)]) == 4
    assert "The DSS's bytes are damaged" in capsys.readouterr().out
