"""Drafts on a real store: nothing typed is lost, each step undone and redone, then filed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keepclear.errors import (
    InvalidInput,
    InvalidOperation,
    NotFound,
    StateForbids,
    VersionMismatch,
    VersionMissing,
)
from keepclear.formats.documents.operation import operation_document
from keepclear.model.answer import Verdict
from keepclear.model.operation import SourceKind
from keepclear.ports.store import Draft
from keepclear.services.drafting import (
    MOST_DRAFT_BYTES,
    drop_draft,
    file_draft,
    problems_of,
    redo_draft,
    save_draft,
    undo_draft,
)
from keepclear.services.expected import NEW
from keepclear.services.filing import file_operation
from node_fixture import RunningNode, exercise_node
from samples import operation

ID = "0f0e0d0c-0b0a-4908-8706-050403020100"
FIELDS = ("designator", "class", "volumes", "tolerance_s", "contact")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningNode]:
    with exercise_node(tmp_path) as running:
        yield running


def content(designator: str = "B-1", **changes: Any) -> bytes:
    document = operation_document(operation(designator))
    return json.dumps({name: document[name] for name in FIELDS} | changes).encode()


def steps(running: RunningNode, count: int = 3) -> Draft:
    draft = save_draft(running.node, ID, content("B-1"), expected=NEW)
    for step in range(2, count + 1):
        draft = save_draft(running.node, ID, content(f"B-{step}"), expected=draft.version)
    return draft


def designator_of(draft: Draft) -> str:
    return str(json.loads(draft.content)["designator"])


def test_a_draft_is_kept_byte_for_byte(running: RunningNode) -> None:
    half = b'{ "designator": "B-1" }'
    saved = save_draft(running.node, ID.upper(), half, expected=NEW)
    with running.node.store.view() as view:
        assert view.draft(ID) == saved
    assert saved.content == half
    assert saved.saved_at == running.clock.now()


def test_undo_and_redo_walk_through_every_revision(running: RunningNode) -> None:
    steps(running)
    assert designator_of(undo_draft(running.node, ID)) == "B-2"
    assert designator_of(undo_draft(running.node, ID)) == "B-1"
    assert designator_of(redo_draft(running.node, ID)) == "B-2"
    assert designator_of(redo_draft(running.node, ID)) == "B-3"


def test_there_is_nothing_before_the_first_revision_nor_after_the_last(
    running: RunningNode,
) -> None:
    steps(running, 1)
    with pytest.raises(StateForbids, match="nothing to undo"):
        undo_draft(running.node, ID)
    with pytest.raises(StateForbids, match="nothing to redo"):
        redo_draft(running.node, ID)


def test_what_is_written_after_an_undo_takes_the_place_of_what_was_undone(
    running: RunningNode,
) -> None:
    steps(running)
    undone = undo_draft(running.node, ID)
    saved = save_draft(running.node, ID, content("B-9"), expected=undone.version)
    assert (saved.revision, saved.revisions) == (3, 3)
    assert designator_of(undo_draft(running.node, ID)) == "B-2"


def test_two_people_do_not_overwrite_each_other(running: RunningNode) -> None:
    draft = steps(running, 1)
    save_draft(running.node, ID, content("B-2"), expected=draft.version)
    with pytest.raises(VersionMismatch):
        save_draft(running.node, ID, content("B-3"), expected=draft.version)
    with pytest.raises(VersionMismatch):
        save_draft(running.node, ID, content("B-3"), expected=NEW)
    with pytest.raises(VersionMissing):
        save_draft(running.node, ID, content("B-3"), expected=None)


def test_the_same_content_again_changes_nothing(running: RunningNode) -> None:
    draft = steps(running, 2)
    assert save_draft(running.node, ID, draft.content, expected=None) == draft


@pytest.mark.parametrize(
    "bad",
    [b"", b"[]", b'"x"', b"{", b"\xff", b"[" * 100_000, b'{"a": "' + b"x" * MOST_DRAFT_BYTES],
)
def test_what_is_no_json_object_is_refused(running: RunningNode, bad: bytes) -> None:
    with pytest.raises(InvalidInput):
        save_draft(running.node, ID, bad, expected=NEW)
    with running.node.store.view() as view:
        assert view.draft(ID) is None


def test_a_draft_needs_a_uuid(running: RunningNode) -> None:
    with pytest.raises(InvalidInput, match="UUID"):
        save_draft(running.node, "mine", content(), expected=NEW)


@pytest.mark.parametrize("act", [undo_draft, redo_draft, file_draft])
def test_a_draft_that_is_not_there_is_not_found(running: RunningNode, act: Any) -> None:
    with pytest.raises(NotFound):
        act(running.node, ID)
    with pytest.raises(NotFound):
        drop_draft(running.node, ID, expected=1)


def test_a_dropped_draft_is_gone_with_all_its_revisions(running: RunningNode) -> None:
    draft = steps(running)
    with pytest.raises(VersionMismatch):
        drop_draft(running.node, ID, expected=draft.version - 1)
    drop_draft(running.node, ID, expected=draft.version)
    with running.node.store.view() as view:
        assert not view.drafts()
    with pytest.raises(NotFound):
        undo_draft(running.node, ID)


def test_the_problems_of_an_unfinished_draft_are_named_by_their_place(
    running: RunningNode,
) -> None:
    draft = save_draft(running.node, ID, content(tolerance_s=-5.0), expected=NEW)
    assert [problem.place for problem in problems_of(running.node, draft)] == ["tolerance_s"]


def test_a_ring_that_crosses_itself_is_a_problem(running: RunningNode) -> None:
    crossed = [
        {"latitude_deg": latitude, "longitude_deg": longitude}
        for latitude, longitude in ((35.0, 36.0), (35.1, 36.1), (35.1, 36.0), (35.0, 36.1))
    ]
    document = json.loads(content())
    document["volumes"][0]["footprint"] = {"kind": "polygon", "rings": [crossed]}
    draft = save_draft(running.node, ID, json.dumps(document).encode(), expected=NEW)
    (problem,) = problems_of(running.node, draft)
    assert "not simple" in problem.text
    assert problem.remedy
    with pytest.raises(InvalidInput):
        file_draft(running.node, ID)


def test_a_finished_draft_has_no_problems_and_is_filed_under_its_id(running: RunningNode) -> None:
    draft = steps(running)
    assert problems_of(running.node, draft) == ()
    filed = file_draft(running.node, ID, actor="planner")
    assert filed.created
    assert filed.answer is not None
    assert filed.answer.verdict in Verdict
    stored = filed.stored.operation
    assert (stored.id, stored.designator, stored.party) == (ID, "B-3", "BLUE")
    assert stored.source.kind is SourceKind.TYPED
    with running.node.store.view() as view:
        assert view.draft(ID) is None


def test_a_draft_that_cannot_be_filed_stays(running: RunningNode) -> None:
    draft = save_draft(running.node, ID, b'{"designator": "B-1"}', expected=NEW)
    with pytest.raises(InvalidOperation):
        file_draft(running.node, ID)
    with running.node.store.view() as view:
        assert view.draft(ID) == draft
        assert view.operation(ID) is None


def test_a_draft_of_a_stored_operation_changes_the_version_it_was_begun_from(
    running: RunningNode,
) -> None:
    steps(running, 1)
    file_draft(running.node, ID)
    save_draft(running.node, ID, content("B-1", version=1, tolerance_s=60.0), expected=NEW)
    filed = file_draft(running.node, ID)
    assert not filed.created
    assert (filed.stored.operation.version, filed.stored.operation.tolerance_s) == (2, 60.0)


def test_a_draft_begun_from_an_older_version_overwrites_nothing(running: RunningNode) -> None:
    steps(running, 1)
    filed = file_draft(running.node, ID)
    other = filed.stored.operation
    file_operation(running.node, operation("B-1", id=other.id, tolerance_s=1.0), expected=1)
    save_draft(running.node, ID, content("B-1", version=1, tolerance_s=60.0), expected=NEW)
    with pytest.raises(VersionMismatch):
        file_draft(running.node, ID)
    save_draft(running.node, ID, content("B-1", tolerance_s=60.0), expected=1)
    with pytest.raises(VersionMissing):
        file_draft(running.node, ID)


def test_a_filing_that_was_cut_short_is_finished_by_filing_again(running: RunningNode) -> None:
    steps(running, 1)
    first = file_draft(running.node, ID)
    save_draft(running.node, ID, content("B-1"), expected=NEW)  # as if it had not been dropped
    again = file_draft(running.node, ID)
    assert again.stored == first.stored
    with running.node.store.view() as view:
        assert view.draft(ID) is None


def test_drafts_never_enter_the_ledger(running: RunningNode) -> None:
    with running.node.store.view() as view:
        before = view.ledger_size()
    steps(running)
    undo_draft(running.node, ID)
    with running.node.store.view() as view:
        assert view.ledger_size() == before
