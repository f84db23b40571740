"""What is given out: plans for other programs, and one archive that loses nothing."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from keepclear.errors import InvalidInput
from keepclear.formats.agreement import read_agreement
from keepclear.formats.documents.operation import stored_operation
from keepclear.ledger.leaves import leaf_hash
from keepclear.ledger.tree import Frontier
from keepclear.model.operation import Operation, OperationState
from keepclear.model.plan_set import PlanSet
from keepclear.model.zone import Zone, ZoneKind
from keepclear.ports.store import OperationQuery
from keepclear.services.declaring import declare
from keepclear.services.drafting import save_draft
from keepclear.services.expected import NEW
from keepclear.services.exporting import (
    FORMATS,
    ExportFile,
    export_everything,
    export_plans,
)
from keepclear.services.reading_plans import PlanSource, content_of, read_plans
from keepclear.services.retaining import Retention, apply_retention
from node_fixture import RunningNode, exercise_node
from samples import band, circle, operation, window

LIVE = frozenset(OperationState) - {OperationState.ENDED}
ALL_LIVE = OperationQuery(states=LIVE)
DRAFT = "0f0e0d0c-0b0a-4908-8706-050403020100"
BLUE, AMBER = operation("B-1"), operation("A-1", circle(38.0), party="AMBER")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        running.take(BLUE)
        running.take(AMBER)
        declare(
            running.node,
            Zone("Z-1", "range", ZoneKind.HAZARD, circle(37.0), band(0.0, 900.0)),
            expected=NEW,
        )
        yield running


def read_back(running: RunningNode, file: ExportFile) -> PlanSet:
    return read_plans([PlanSource(file.name, file.data)], received_at=running.clock.now())


def archive_of(file: ExportFile) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


@pytest.mark.parametrize("format_name", FORMATS)
def test_our_own_reader_gets_the_operations_back(running: RunningNode, format_name: str) -> None:
    file = export_plans(running.node, format_name, ALL_LIVE)
    assert file.name == f"EXERCISE-BLUE-plans-20260314T0600Z.{format_name}"
    found = {each.id: content_of(each) for each in read_back(running, file).operations}
    assert found == {BLUE.id: content_of(BLUE), AMBER.id: content_of(AMBER)}


def test_only_what_was_asked_for_is_given_out(running: RunningNode) -> None:
    query = OperationQuery(parties=frozenset({"BLUE"}))
    plans = read_back(running, export_plans(running.node, "geojson", query))
    assert [each.designator for each in plans.operations] == ["B-1"]
    assert [zone.id for zone in plans.zones] == ["Z-1"]


def test_coverage_goes_out_with_a_whole_set_alone(running: RunningNode) -> None:
    def parties(query: OperationQuery) -> list[str]:
        file = export_plans(running.node, "geojson", query)
        return [each.party for each in read_back(running, file).coverages]

    assert parties(ALL_LIVE) == ["AMBER"]
    assert parties(replace(ALL_LIVE, parties=frozenset({"AMBER"}))) == ["AMBER"]
    assert parties(replace(ALL_LIVE, parties=frozenset({"BLUE"}))) == []
    assert parties(replace(ALL_LIVE, text="A-")) == []
    assert parties(replace(ALL_LIVE, window=window())) == []
    assert parties(replace(ALL_LIVE, states=frozenset({OperationState.PLANNED}))) == []


def test_of_two_of_one_designator_the_live_one_goes_out_and_the_other_is_told(
    running: RunningNode,
) -> None:
    old = operation("B-1", id="11111111-2222-4333-8444-555555555555", at=window(9_000.0))
    running.take(old)
    running.end(old)
    file = export_plans(running.node, "geojson", OperationQuery(parties=frozenset({"BLUE"})))
    assert [each.id for each in read_back(running, file).operations] == [BLUE.id]
    assert any(old.id in loss.what for loss in file.losses)


def test_why_an_operation_ended_is_told_as_lost(running: RunningNode) -> None:
    running.end(BLUE)
    file = export_plans(running.node, "geojson", OperationQuery(parties=frozenset({"BLUE"})))
    assert ("B-1", "end_reason") in {(loss.feature, loss.what) for loss in file.losses}


def test_a_format_that_is_none_is_refused_with_those_there_are(running: RunningNode) -> None:
    with pytest.raises(InvalidInput) as refused:
        export_plans(running.node, "shapefile", ALL_LIVE)
    assert "geojson" in refused.value.remedy


def test_an_empty_node_gives_out_an_empty_set(tmp_path: Path) -> None:
    with exercise_node(tmp_path, agreed=False) as running:
        file = export_plans(running.node, "geojson", ALL_LIVE)
        assert json.loads(file.data)["features"] == []
        assert archive_of(export_everything(running.node))["operations.jsonl"] == b""


def test_the_archive_names_its_mode_first_and_last_and_every_file(running: RunningNode) -> None:
    file = export_everything(running.node)
    held = archive_of(file)
    readme = held["README.txt"].decode()
    assert file.name == "EXERCISE-BLUE-everything-20260314T0600Z.zip"
    assert readme.splitlines()[0] == readme.splitlines()[-1] == "EXERCISE"
    for name in held.keys() - {"README.txt"}:
        assert name.partition("/")[0].removesuffix("/") in readme


def test_the_archive_holds_every_operation_whole_ended_or_not(running: RunningNode) -> None:
    running.end(BLUE)
    held = archive_of(export_everything(running.node))
    with running.node.store.view() as view:
        stored = {each.operation.id: each.operation for each in view.find(OperationQuery()).items}
    found: dict[str, Operation] = {}
    for line in held["operations.jsonl"].splitlines():
        one = stored_operation(line)
        found[one.id] = one
    assert found == stored
    assert len(found) == 2


def test_the_archive_holds_airspace_coverage_agreements_and_drafts(running: RunningNode) -> None:
    save_draft(running.node, DRAFT, b'{"designator": "B-\xc3\xa9"}', expected=NEW)
    held = archive_of(export_everything(running.node))
    (zone,) = lines(held["airspace/zones.jsonl"])
    assert (zone["id"], zone["live"], zone["document"]["kind"]) == ("Z-1", True, "hazard")
    (statement,) = lines(held["coverages.jsonl"])
    assert statement["party"] == "AMBER"
    (draft,) = lines(held["drafts.jsonl"])
    assert (draft["id"], draft["content"]) == (DRAFT, {"designator": "B-é"})
    (text,) = (data for name, data in held.items() if name.startswith("agreements/"))
    assert read_agreement(text, name="archive").id == "TEST"


def test_the_ledger_of_the_archive_verifies_without_keepclear(running: RunningNode) -> None:
    held = archive_of(export_everything(running.node))
    tree = Frontier()
    roots = [tree.root()]
    for number, line in enumerate(lines(held["ledger.jsonl"])):
        leaf = leaf_hash(bytes.fromhex(line["salt"]), line["payload"].encode())
        assert (line["number"], line["leaf"]) == (number, leaf.hex())
        tree, _ = tree.appended(leaf)
        roots.append(tree.root())
    heads = [json.loads(line["signed"]) for line in lines(held["heads.jsonl"])]
    assert [head["root"] for head in heads] == [roots[head["size"]].hex() for head in heads]
    assert heads[-1]["size"] == tree.size


def test_what_was_pruned_stands_in_the_archive_without_payload_or_salt(
    running: RunningNode,
) -> None:
    running.clock.turn(hours=9)
    running.end(BLUE)
    running.clock.turn(days=90)
    apply_retention(running.node, Retention(ended_operations_days=30, payloads_days=60))
    pruned = [
        line
        for line in lines(archive_of(export_everything(running.node))["ledger.jsonl"])
        if line["subject"]["id"] == BLUE.id
    ]
    assert len(pruned) == 2
    assert {(line["payload"], line["salt"]) for line in pruned} == {(None, None)}


def test_the_same_store_gives_the_same_archive_byte_for_byte(running: RunningNode) -> None:
    assert export_everything(running.node).data == export_everything(running.node).data


def test_no_name_of_the_archive_leaves_its_folder(running: RunningNode) -> None:
    for name in archive_of(export_everything(running.node)):
        assert not name.startswith("/")
        assert ".." not in name
        assert name.count("/") <= 1


def test_the_archive_tells_what_its_plans_could_not_hold(running: RunningNode) -> None:
    file = export_everything(running.node)
    told = json.loads(archive_of(file)["losses.json"])
    assert len(told) == len(file.losses)
    assert {"feature": "Z-1", "what": "zone", "how": "left out"} in told
