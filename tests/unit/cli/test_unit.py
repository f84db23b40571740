"""`keepclear unit`, `movement` and `site` as a person types them, at nodes in this process."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from api.test_messages import asking
from humanitarian import convoy, hospital, own_unit
from keepclear.cli import main as cli
from keepclear.cli import node_client as clients
from keepclear.cli.node_client import NodeClient
from keepclear.formats.documents.movement import movement_document
from keepclear.formats.documents.site import site_document
from keepclear.formats.documents.unit import unit_document
from keepclear.formats.movement_mail import movement_mail
from keepclear.model.message_life import ActKind
from keepclear.model.operation import Mode
from line_fixture import LINE
from line_pair import Pair, paired_nodes
from messages import at, do

Typed = Callable[..., Any]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path / "nodes") as made:
        made.carry()
        yield made


@pytest.fixture
def typed(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Typed]:
    """Run a command at BLUE's or AMBER's node; what it says as JSON."""
    with ExitStack() as stack:
        found = {side.party: stack.enter_context(asking(side)) for side in pair.sides}
        for http in found.values():
            http.headers["keepclear-actor"] = "first"
        at_party = [""]

        @contextmanager
        def client(folder: Path) -> Iterator[NodeClient]:
            del folder
            yield NodeClient(found[at_party[0]])

        monkeypatch.setattr(clients, "node_client", client)

        def run(party: str, *words: str, code: int = 0) -> Any:
            at_party[0] = party
            assert cli.main([*words]) == code, capsys.readouterr().err
            capsys.readouterr()
            assert cli.main([*words, "--json"]) is not None
            told = capsys.readouterr().out
            pair.carry()
            return json.loads(told) if told.strip() else None

        yield run


def written(tmp_path: Path, name: str, document: dict[str, Any]) -> str:
    path = tmp_path / name
    path.write_text(json.dumps(document))
    return str(path)


def test_units_are_listed_and_say_their_words(typed: Typed, pair: Pair, tmp_path: Path) -> None:
    unit = own_unit()
    typed("AMBER", "unit", "keep", written(tmp_path, "unit.json", unit_document(unit)))
    assert [each["name"] for each in typed("AMBER", "unit", "list")["items"]] == ["TOWER"]
    movement = convoy(pair.blue.clock.at)
    typed("BLUE", "movement", "keep", written(tmp_path, "m.json", movement_document(movement)))
    sent = typed("BLUE", "movement", "release", movement.id, "--line", LINE, "--second", "second")
    name = sent["message"]
    do(pair.amber, name, ActKind.ACKNOWLEDGE)
    assert typed("AMBER", "unit", "telling", name)["passed"] == "asked"
    typed("AMBER", "unit", "say", name, unit.id, "told", "--means", "radio")
    typed("AMBER", "unit", "relay", name, "--no", "--words", "of no concern to them")
    seen = typed("AMBER", "unit", "seen", name)["items"]
    assert "TOWER" in {each["who"] for each in seen}
    warning = typed("AMBER", "movement", "warn", name, "the bridge is down", "--role", "planner")
    typed("AMBER", "movement", "warned", warning["items"][0]["id"])
    assert typed("BLUE", "movement", "warnings")["items"]
    assert at(pair.blue, name).life.acknowledged_by == "duty officer"


def test_movements_are_read_from_a_file_and_what_was_not_is_told(
    typed: Typed, pair: Pair, tmp_path: Path
) -> None:
    path = tmp_path / "mail.txt"
    text = movement_mail(convoy(pair.blue.clock.at), Mode.EXERCISE)
    path.write_text(text.replace("MOVEMENT\n", "MOVEMENT\nDear all\n"))
    read = typed("BLUE", "movement", "read", str(path), code=3)
    assert [each["text"] for each in read["unread"]] == ["not read: Dear all"]
    assert typed("BLUE", "movement", "list")["items"] == []


def test_sites_are_listed_without_a_place_and_exported_by_two(
    typed: Typed, pair: Pair, tmp_path: Path
) -> None:
    site = hospital(pair.blue.clock.at)
    typed("BLUE", "site", "keep", written(tmp_path, "site.json", site_document(site)))
    (listed,) = typed("BLUE", "site", "list")["items"]
    assert "point" not in listed
    out = tmp_path / "sites.csv"
    words = ("--recipient", "AMBER", "--reason", "weekly list")
    typed("BLUE", "site", "export", str(out), *words, "--second", "second")
    assert "hospital" in out.read_text()
    kept = typed("BLUE", "site", "confirm", site.id, "--until", "2026-06-01T00:00:00Z")
    assert kept["expiry"] == "2026-06-01T00:00:00Z"
