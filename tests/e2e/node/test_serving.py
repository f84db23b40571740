"""A node as a process: what it answered is there after any stop, and stops are orderly."""

from __future__ import annotations

import json
import re
import signal
import socket
import stat
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from e2e.node.processes import Node, stop

Document = Callable[[str], dict[str, Any]]


def file_over_http(node: Node, document: dict[str, Any]) -> httpx.Response:
    path = f"/api/v1/operations/{uuid.uuid4()}"  # noqa: TID251  (a client chooses the id)
    with node.http() as http:
        return http.put(path, json=document, headers={"if-none-match": "*"})


def listed(node: Node, *arguments: str) -> list[str]:
    done = node.run("op", "list", "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return sorted(each["designator"] for each in json.loads(done.stdout)["items"])


def ledger_kinds(node: Node) -> list[str]:
    done = node.run("ledger", "show", "--json")
    return [each["kind"] for each in json.loads(done.stdout)["items"]]


def test_what_was_filed_over_http_is_there_after_a_stop_and_a_start(
    node: Node, document: Document
) -> None:
    with node.served() as process:
        assert file_over_http(node, document("B-1")).status_code == 201
        out, err, code = stop(process)
        assert (code, err) == (0, ""), err
        assert out.endswith("stopped\n")
    assert not (node.folder / "serving.json").exists()
    with node.served():
        assert listed(node) == ["B-1"]
    assert node.run("ledger", "verify", "--signatures").returncode == 0


def test_what_was_answered_is_there_after_a_kill(node: Node, document: Document) -> None:
    with node.served() as process:
        for number in range(5):
            assert file_over_http(node, document(f"B-{number}")).status_code == 201
        process.kill()
        process.wait()
    assert (node.folder / "serving.json").exists()
    assert listed(node) == [f"B-{number}" for number in range(5)]
    with node.served():
        assert listed(node) == [f"B-{number}" for number in range(5)]


def test_starts_and_orderly_stops_stand_in_the_ledger(node: Node) -> None:
    with node.served() as process:
        stop(process)
    assert ledger_kinds(node)[-2:] == ["node started", "node stopped"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_with_code_0(node: Node, number: int) -> None:
    with node.served() as process:
        assert stop(process, number)[2] == 0


def test_an_open_stream_of_events_does_not_hold_up_the_stop(node: Node) -> None:
    with (
        node.served() as process,
        node.http() as http,
        http.stream("GET", "/api/v1/events") as events,
    ):
        assert events.status_code == 200
        lines = events.iter_lines()
        next(lines)
        # It reads to the end of the stream, which is what stopping has to bring.
        reader = threading.Thread(target=lambda: list(lines))
        reader.start()
        assert stop(process)[2] == 0
        reader.join(30.0)
        assert not reader.is_alive()


def test_the_printed_address_opens_a_session_once(node: Node) -> None:
    with node.served() as process:
        out, _, _ = stop(process)
    with node.served() as process:
        assert process.stdout is not None
        printed = "".join(process.stdout.readline() for _ in range(3))
        match = re.search(r"http://127\.0\.0\.1:\d+/enter\?ticket=\S+", printed)
        assert match, out
        with httpx.Client(trust_env=False) as browser:
            first = browser.get(match[0])
            assert (first.status_code, first.headers["location"]) == (303, "/")
            port = node.serving["port"]
            shown = browser.get(f"http://127.0.0.1:{port}/api/v1/node")
            assert shown.json()["party"] == "BLUE"
        with httpx.Client(trust_env=False) as stranger:
            assert stranger.get(match[0]).status_code == 403


def test_strangers_are_refused(node: Node) -> None:
    with node.served(), httpx.Client(base_url=node.url, trust_env=False) as stranger:
        assert stranger.get("/api/v1/node").status_code == 401
        assert stranger.get("/health").status_code == 200
        foreign = {"host": "evil.example"}
        assert stranger.get("/health", headers=foreign).status_code == 421


def test_two_processes_never_have_one_store(node: Node) -> None:
    with node.served() as process:
        second = node.run("serve", "--port", "0")
        assert second.returncode == 4
        assert f"process {process.pid} has the store" in second.stderr
        assert "remedy: " in second.stderr
        assert node.serving["pid"] == process.pid
        assert listed(node) == []


def test_a_taken_port_is_named_before_anything_is_loaded(node: Node) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = node.run("serve", "--port", str(port))
    assert done.returncode == 3
    assert f"port {port} is taken" in done.stderr
    assert ledger_kinds(node)[-1] == "agreement filed"


def test_other_machines_are_answered_only_when_told_to(node: Node) -> None:
    (node.folder / "keepclear.toml").write_text('[listen]\naddress = "0.0.0.0"\n')
    done = node.run("serve", "--port", "0")
    assert done.returncode == 3
    assert "--plain-http" in done.stderr
    with node.served("--plain-http") as process:
        assert node.serving["address"] == "127.0.0.1"
        assert stop(process)[2] == 0


def test_a_wrong_setting_is_named_before_anything_is_done(node: Node) -> None:
    (node.folder / "keepclear.toml").write_text("[listen]\nprot = 1\n")
    done = node.run("serve")
    assert done.returncode == 3
    assert "Is port meant?" in done.stderr


def test_commands_say_the_same_with_and_without_a_running_node(
    node: Node, document: Document, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document("B-1")))
    alone = node.run("op", "file", str(plan))
    with node.served():
        served = node.run("op", "show", "B-1")
        answered = node.run("op", "answer", "B-1")
        assert node.run("op", "file", str(plan)).returncode == 1
    assert node.run("op", "show", "B-1", "--json").returncode == 3
    assert (alone.returncode, answered.returncode) == (2, 2)
    assert served.returncode == 0
    assert listed(node) == ["B-1", "B-1"]


def test_many_commands_at_once_wait_for_each_other(
    node: Node, document: Document, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(document("B-1")))
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: node.run("op", "file", str(plan)), range(3)))
    assert sorted(each.returncode for each in done) == [1, 1, 2], [each.stderr for each in done]
    assert listed(node) == ["B-1"] * 3


def test_a_backup_taken_while_it_serves_is_whole(
    node: Node, document: Document, tmp_path: Path
) -> None:
    with node.served():
        file_over_http(node, document("B-1"))
        copy = tmp_path / "copy.sqlite"
        assert node.run("backup", str(copy)).returncode == 0
        done = node.run("restore", str(copy))
        assert done.returncode == 4
        assert "has the store" in done.stderr
    verified = node.run("ledger", "verify", "--signatures", "--store", str(copy))
    assert verified.returncode == 0


def test_doctor_asks_a_running_node_too(node: Node) -> None:
    with node.served() as process:
        done = node.run("doctor", "--json")
        checks = {each["name"]: each for each in json.loads(done.stdout)["checks"]}
        assert str(process.pid) in checks["lock"]["detail"]
        assert checks["ledger (by itself)"]["status"] == "ok"


def test_the_log_holds_requests_and_no_secret(node: Node, document: Document) -> None:
    with node.served("--allow-host", "line.example") as process:
        file_over_http(node, {**document("B-1"), "contact": "the northern desk"})
        with node.http() as client:
            assert client.get("/api/v1/nowhere?text=northern+desk").status_code == 404
        out, _, _ = stop(process)
    log = node.folder / "logs" / "keepclear.log"
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert {"node started", "request answered", "node stopped"} <= {each["says"] for each in lines}
    ticket = re.search(r"ticket=(\S+)", out)
    assert ticket
    assert not any(secret in text for secret in (node.token, ticket[1], "northern desk"))


def test_a_node_killed_while_it_started_leaves_no_word_behind(node: Node) -> None:
    folder = node.folder
    (folder / "serving.json").write_text(
        '{"pid": 1, "address": "127.0.0.1", "port": 9, "started_at": "2026-03-14T05:00:00Z"}'
    )
    assert listed(node) == []
