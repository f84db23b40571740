"""The log: one JSON object a line, limited in size, and no secret or plan ever in it."""

from __future__ import annotations

import asyncio
import json
import logging
import stat
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidOperation, StoreReadOnly
from keepclear.logs import HIDDEN, RequestLog, begin_log, end_log, say, without_secrets

UNGUESSABLE = "p9Xk2mQz7RtYw4LnB8vCs1HdJf6GuEoA3TiKxZ5NyMq"
PEM = "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAAA\n-----END PRIVATE KEY-----"
PLAN = "B-7731 holds over the northern valley"


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "logs" / "keepclear.log"
    handler = begin_log(path, level="debug", file_bytes=65_536, files_kept=2)
    yield path
    end_log(handler)


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_a_line_says_when_how_grave_what_and_the_facts(log: Path) -> None:
    say("node started", port=8600, mode="EXERCISE")
    (line,) = lines_of(log)
    assert line["at"].endswith("+00:00")
    del line["at"]
    assert line == {
        "level": "info",
        "from": "keepclear.node",
        "says": "node started",
        "port": 8600,
        "mode": "EXERCISE",
    }


def test_facts_that_are_not_on_the_list_are_left_out_and_counted(log: Path) -> None:
    say("filed", payload=PLAN, source_text=PLAN, change=7)
    (line,) = lines_of(log)
    assert (line["change"], line["left_out"]) == (7, 2)
    assert PLAN not in log.read_text()


def test_the_arguments_of_foreign_lines_are_left_out(log: Path) -> None:
    foreign = logging.getLogger("uvicorn.error")
    before = foreign.level
    foreign.setLevel(logging.INFO)  # a server that ran in this process has turned it down
    foreign.info("request %s", f"/enter?ticket={UNGUESSABLE}")
    foreign.setLevel(before)
    assert UNGUESSABLE not in log.read_text()
    assert lines_of(log)[0]["says"] == "request %s"


def test_an_error_is_told_by_its_kind_and_place_never_by_its_text(log: Path) -> None:
    try:
        raise InvalidOperation(PLAN)
    except InvalidOperation:
        logging.getLogger("keepclear.api").exception("could not answer")
    (line,) = lines_of(log)
    assert line["error"] == "invalid-operation"
    assert "test_logs.py" in line["trail"][-1]
    assert PLAN not in log.read_text()


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {UNGUESSABLE}",
        f"authorization=Bearer {UNGUESSABLE}",
        f"Bearer {UNGUESSABLE}",
        f"/enter?ticket={UNGUESSABLE}",
        f"Cookie: keepclear_session={UNGUESSABLE}",
        f'{{"token": "{UNGUESSABLE}"}}',
        f"something {UNGUESSABLE} else",
        f"token: {UNGUESSABLE[:12]}",
        f"keepclear_session={UNGUESSABLE[:12]}; Path=/",
    ],
)
def test_credentials_are_hidden_wherever_they_stand(log: Path, text: str) -> None:
    say(text, path=text)
    written = log.read_text()
    assert UNGUESSABLE[:12] not in written
    assert HIDDEN in written


def test_key_files_are_hidden(log: Path) -> None:
    say(f"read {PEM}", path=PEM)
    assert "MC4CAQ" not in log.read_text()


@given(st.text("ABCDEFabcdef0123456789_-", min_size=32, max_size=80))
def test_any_long_run_that_could_be_a_secret_is_hidden(secret: str) -> None:
    assert secret.strip("-") not in without_secrets(f"a {secret} b") or not secret.strip("-")


def test_ids_stay_readable() -> None:
    path = "/api/v1/operations/3fa85f64-5717-4562-b3fc-2c963f66afa6/answer"
    assert without_secrets(path) == path


def test_the_file_is_open_to_its_owner_alone_and_begins_anew_at_its_size(log: Path) -> None:
    for _ in range(2_000):
        say("request answered", path="/api/v1/operations" * 5)
    files = sorted(log.parent.iterdir())
    assert [file.name for file in files] == ["keepclear.log", "keepclear.log.1", "keepclear.log.2"]
    assert all(file.stat().st_size <= 65_536 for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_less_important_lines_than_asked_for_are_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "keepclear.log"
    handler = begin_log(path, level="warning", file_bytes=65_536, files_kept=1)
    say("small")
    say("large", level=logging.WARNING)
    end_log(handler)
    assert [line["says"] for line in lines_of(path)] == ["large"]


def test_nothing_is_written_after_the_log_has_ended(log: Path) -> None:
    handler = begin_log(log.with_name("other.log"), level="info", file_bytes=65_536, files_kept=1)
    end_log(handler)
    say("late")
    assert not log.with_name("other.log").read_text()


def test_a_log_that_cannot_be_written_is_a_named_fault(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(StoreReadOnly, match="cannot be written"):
        begin_log(blocked / "logs" / "keepclear.log", level="info", file_bytes=65_536, files_kept=1)


async def _receive() -> MutableMapping[str, Any]:
    return {"type": "http.request"}


async def _send(message: MutableMapping[str, Any]) -> None:
    del message


def request(status: int | None, *, kind: str = "http") -> None:
    """Have one request answered with a status, or broken off without one."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if status is None:
            raise ConnectionError
        await send({"type": "http.response.start", "status": status})

    scope = {
        "type": kind,
        "method": "GET",
        "path": "/api/v1/node",
        "query_string": f"ticket={UNGUESSABLE}&text=northern".encode(),
    }
    asyncio.run(RequestLog(application)(scope, _receive, _send))


def test_a_request_is_noted_with_status_and_duration_without_its_query(log: Path) -> None:
    request(200)
    (line,) = lines_of(log)
    assert (line["says"], line["method"], line["path"]) == (
        "request answered",
        "GET",
        "/api/v1/node",
    )
    assert line["status"] == 200
    assert line["duration_ms"] >= 0.0
    assert "northern" not in log.read_text()


def test_at_the_usual_level_only_requests_that_failed_or_took_long_are_told(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("keepclear").setLevel("INFO")
    request(200)
    assert lines_of(log) == []
    request(404)
    monkeypatch.setattr("keepclear.logs.SLOW_MS", -1.0)
    request(200)
    assert [line["status"] for line in lines_of(log)] == [404, 200]


def test_a_failed_request_is_a_warning(log: Path) -> None:
    request(503)
    with pytest.raises(ConnectionError):
        request(None)
    assert [(line["level"], line["status"]) for line in lines_of(log)] == [
        ("warning", 503),
        ("warning", 0),
    ]


def test_what_is_no_request_is_not_noted(log: Path) -> None:
    request(200, kind="lifespan")
    assert lines_of(log) == []
