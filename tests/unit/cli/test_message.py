"""`keepclear message` as a person types it, at a node that answers in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.test_messages import asking
from keepclear.cli import main as cli
from keepclear.cli import node_client as clients
from keepclear.cli.node_client import NodeClient
from keepclear.model.message_life import Units
from line_pair import Pair, paired_nodes
from messages import an_id, document, released, units_say


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path / "nodes") as made:
        made.carry()
        yield made


@pytest.fixture
def at_amber(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Commands speak to AMBER's node, whichever folder they name."""
    with asking(pair.amber) as http:

        @contextmanager
        def amber(folder: Path) -> Iterator[NodeClient]:
            del folder
            yield NodeClient(http)

        monkeypatch.setattr(clients, "node_client", amber)
        yield


def run(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert cli.main(["message", *words]) == code, capsys.readouterr().err
    return capsys.readouterr().out


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    return json.loads(run(capsys, *words, "--json"))


@pytest.mark.usefixtures("at_amber")
def test_a_message_is_listed_acknowledged_and_read_back(
    pair: Pair, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = released(pair.blue, "M09")
    pair.carry()
    name = sent.stored.id
    assert name in run(capsys, "list", "--open", "--code", "M09")
    shown = run(capsys, "show", name)
    assert shown.startswith("EXERCISE")
    assert "next: acknowledge" in shown
    assert told(capsys, "ack", name)["life"]["state"] == "READBACK DUE"
    slip = ("--heard", "position=35.7900N 035.9500E", "--compare")
    assert "m away" in run(capsys, "readback", name, *slip, code=1)
    heard = ("position=35.7100N 035.9500E", "subject=Two fast aircraft")
    every = (*heard, "requested_action=turn away now")
    words = [word for each in every for word in ("--heard", each)]
    assert "pass to units" not in run(capsys, "readback", name, *words)
    refused = "act", name, "pass to units"
    run(capsys, *refused, code=3)
    units_say(pair.amber, name, Units.CONFIRMED)
    assert told(capsys, "show", name)["life"]["state"] == "CLOSED"


@pytest.mark.usefixtures("at_amber")
def test_a_draft_in_a_file_is_kept_and_released(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "draft.json"
    path.write_text(json.dumps({**document("M20"), "id": an_id("mine")}))
    assert told(capsys, "draft", str(path))["life"]["state"] == "READY"
    path.write_text(json.dumps({**document("M20", remark="more"), "id": an_id("mine")}))
    assert told(capsys, "draft", str(path))["version"] == 2
    assert "SENT" in run(capsys, "release", an_id("mine"))


@pytest.mark.usefixtures("at_amber")
def test_what_an_advisory_tells_beyond_a_level_is_printed_and_confirmed_by_its_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, name = tmp_path / "draft.json", an_id("advisory")
    said = document("M07", fields={"asked_change": "climb 1,370 ft"})
    path.write_text(json.dumps({**said, "id": name}))
    printed = run(capsys, "draft", str(path))
    assert 'Write "2,000 ft".' in " ".join(printed.split())
    (caution,) = told(capsys, "show", name)["cautions"]
    assert f"--confirm {caution['id']}" in " ".join(printed.split())
    run(capsys, "release", name, code=3)
    assert "SENT" in run(capsys, "release", name, "--confirm", caution["id"])


@pytest.mark.usefixtures("at_amber")
def test_the_catalogue_tells_types_and_fields(capsys: pytest.CaptureFixture[str]) -> None:
    assert "STOP-AND-CHECK REQUEST" in run(capsys, "catalogue")
    assert "requested_action" in run(capsys, "catalogue", "m09")
    run(capsys, "catalogue", "M99", code=3)
    run(capsys, "readback", an_id("x"), "--heard", "nothing", code=3)
