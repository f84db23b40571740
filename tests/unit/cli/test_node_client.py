"""What a node refuses reaches the command as the node's own error, over either way."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from keepclear import errors
from keepclear.api.problems import refusal_of
from keepclear.cli import node_client as client
from keepclear.cli.exit_codes import ExitCode, exit_code_of
from keepclear.cli.main import main
from keepclear.errors import InvalidFile, KeepclearError, NodeFault, NodeUnreachable, NotFound
from keepclear.store.sqlite.locking import StoreLock

KINDS = [getattr(errors, name) for name in errors.__all__]


def made(kind: type[KeepclearError]) -> KeepclearError:
    if issubclass(kind, InvalidFile):
        return kind("what is wrong", file="plans.kml", feature="row 4", remedy="mend it")
    return kind("what is wrong", remedy="mend it")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_every_error_comes_through_http_as_itself(kind: type[KeepclearError]) -> None:
    problem = refusal_of(made(kind)).problem
    body = {"code": problem.code, "detail": problem.detail, "remedy": problem.remedy}
    told = client.error_of(httpx.Response(problem.status, json=body))
    assert type(told) is kind
    assert (told.message, told.remedy) == ("what is wrong", "mend it")
    assert exit_code_of(told) == exit_code_of(made(kind))


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"code": 1}', b'"x"'])
def test_what_is_no_problem_document_is_a_fault_of_the_node(content: bytes) -> None:
    told = client.error_of(httpx.Response(502, content=content))
    assert type(told) is NodeFault
    assert "502" in told.message


def test_a_code_of_a_newer_node_is_told_as_it_is() -> None:
    body = {"code": "from-later", "detail": "what is wrong", "remedy": "mend it"}
    told = client.error_of(httpx.Response(400, json=body))
    assert told.diagnostics() == "from-later: what is wrong\n  remedy: mend it"


def test_a_node_that_does_not_answer_is_said_so() -> None:
    def silent(_: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("")

    http = httpx.Client(base_url="http://127.0.0.1:1", transport=httpx.MockTransport(silent))
    with http, pytest.raises(NodeUnreachable, match="not known"):
        client.NodeClient(http).get("/node")


def test_parameters_that_are_none_are_left_out_and_truth_is_spelled_as_json() -> None:
    asked: list[str] = []

    def answering(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url.query, "ascii"))
        return httpx.Response(200, json={})

    http = httpx.Client(base_url="http://127.0.0.1:1", transport=httpx.MockTransport(answering))
    with http:
        client.NodeClient(http).get("/x", a=None, b=True, c=["d", "e"])
    assert asked == ["b=true&c=d&c=e"]


def test_a_list_is_walked_to_its_end() -> None:
    def answering(request: httpx.Request) -> httpx.Response:
        after = int(request.url.params.get("cursor", "0"))
        following = str(after + 1) if after < 2 else None
        return httpx.Response(200, json={"items": [after], "next": following})

    http = httpx.Client(base_url="http://127.0.0.1:1", transport=httpx.MockTransport(answering))
    with http:
        assert client.NodeClient(http).every("/x") == [0, 1, 2]


def test_the_node_in_this_process_answers_and_refuses_alike(node: Path) -> None:
    with client.node_client(node) as alone:
        assert alone.get("/node")["party"] == "BLUE"
        with pytest.raises(NotFound):
            alone.get("/zones/X-1")


def test_a_folder_without_a_node_is_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["op", "list", "--node", str(tmp_path)]) == ExitCode.BAD_INPUT
    assert "keepclear init" in capsys.readouterr().err


def test_a_store_that_another_keeps_is_said_after_a_wait(
    node: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(client, "LOCK_WAIT_S", 0.2)
    lock = StoreLock(node / "store.lock")
    try:
        assert main(["op", "list"]) == ExitCode.INTERNAL_ERROR
    finally:
        lock.release()
    assert "store-locked" in capsys.readouterr().err
    assert main(["op", "list"]) == 0
