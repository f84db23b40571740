"""Write an operation step by step: nothing typed is lost, and every step can be undone.

A draft is local: no other party learns of it and the ledger does not hold it. It is filed
under its own id; a draft of an operation that is stored already changes that operation.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from keepclear.errors import (
    InvalidFile,
    InvalidInput,
    InvalidOperation,
    NotFound,
    StateForbids,
)
from keepclear.formats.documents.operation import (
    Given,
    Problem,
    draft_problems,
    operation_from,
)
from keepclear.model.operation import (
    EndReason,
    Operation,
    OperationState,
    Source,
    SourceKind,
)
from keepclear.model.plan_set import PlanSet
from keepclear.ports.store import Draft, Unit, View
from keepclear.services.expected import NEW, Expected, require_expected
from keepclear.services.filing import Filed, file_operation
from keepclear.services.node import Node
from keepclear.services.soundness import sound_plans

MOST_DRAFT_BYTES = 1_000_000
"""The largest draft that is kept: as large as the largest document that can be filed."""


def save_draft(node: Node, draft_id: str, content: bytes, *, expected: Expected) -> Draft:
    """Keep a new revision of a draft; revisions that were undone are gone.

    Args:
        node: the node.
        draft_id: a UUID, the id the operation will have.
        content: an operation document, as far as it is written; JSON.
        expected: the draft's version that was seen, or NEW.

    Raises:
        InvalidInput: the id is not a UUID, or the content is not a JSON object.
        VersionMissing: nothing is expected, and the content differs from what is stored.
        VersionMismatch: it was changed meanwhile; nothing was overwritten.
    """
    known_id = _uuid(draft_id)
    _object(content)
    at = node.now()

    def work(unit: Unit) -> Draft:
        stored = unit.draft(known_id)
        if stored is not None and stored.content == content:
            return stored
        require_expected(expected, stored.version if stored else None, f"the draft {known_id}")
        return unit.put_draft(known_id, content, at=at)

    return node.store.write(work)


def undo_draft(node: Node, draft_id: str) -> Draft:
    """Go back one revision.

    Raises:
        NotFound: there is no such draft.
        StateForbids: the first revision is current; there is nothing to undo.
    """
    return _turned(node, draft_id, -1)


def redo_draft(node: Node, draft_id: str) -> Draft:
    """Go forward one revision that was undone.

    Raises:
        NotFound: there is no such draft.
        StateForbids: the last revision is current; there is nothing to redo.
    """
    return _turned(node, draft_id, 1)


def drop_draft(node: Node, draft_id: str, *, expected: Expected) -> None:
    """Throw a draft away with all its revisions.

    Raises:
        NotFound: there is no such draft.
        VersionMissing: the draft's version that was seen is not said.
        VersionMismatch: it was changed meanwhile.
    """
    known_id = _uuid(draft_id)
    at = node.now()

    def work(unit: Unit) -> None:
        stored = _draft(unit, known_id)
        require_expected(expected, stored.version, f"the draft {known_id}")
        unit.drop_draft(known_id, at=at)

    node.store.write(work)


def problems_of(node: Node, draft: Draft) -> tuple[Problem, ...]:
    """What stands against filing a draft, place by place; empty where nothing does."""
    content = _object(draft.content)
    problems = draft_problems(content)
    if problems:
        return problems
    try:
        _sound(_operation(node, draft.id, content))
    except InvalidInput as error:
        return (Problem("", error.message, error.remedy),)
    return ()


def file_draft(node: Node, draft_id: str, *, actor: str = "") -> Filed:
    """File a draft as it stands, then throw it away.

    Where an operation of its id is stored, the draft changes it: its content must then name
    in `version` which version was changed. A draft whose content is stored already, as after
    a filing that was cut short, is only thrown away.

    Raises:
        NotFound: there is no such draft.
        InvalidInput: something stands against filing it; `problems_of` lists everything.
        VersionMismatch: the operation was changed since the draft was begun.
        NotOurs, StateForbids: as for any filing.
    """
    known_id = _uuid(draft_id)
    with node.store.view() as view:
        draft = _draft(view, known_id)
        stored = view.operation(known_id)
    content = _object(draft.content)
    filed = file_operation(
        node,
        _operation(node, known_id, content),
        expected=NEW if stored is None else content.get("version"),
        actor=actor,
    )
    at = node.now()

    def work(unit: Unit) -> None:
        left = unit.draft(known_id)
        if left is not None and left.version == draft.version:
            unit.drop_draft(known_id, at=at)

    node.store.write(work)
    return filed


def _turned(node: Node, draft_id: str, step: int) -> Draft:
    known_id = _uuid(draft_id)
    at = node.now()

    def work(unit: Unit) -> Draft:
        revision = _draft(unit, known_id).revision + step
        if not 1 <= revision <= _draft(unit, known_id).revisions:
            word = "undo" if step < 0 else "redo"
            raise StateForbids(f"there is nothing to {word}", remedy="Go on writing.")
        return unit.turn_draft(known_id, revision, at=at)

    return node.store.write(work)


def _operation(node: Node, draft_id: str, content: Mapping[str, Any]) -> Operation:
    """The operation a draft would be filed as."""
    identity = node.identity
    given = Given(
        id=draft_id,
        party=identity.party,
        mode=identity.mode,
        version=1,
        ovn="",
        state=OperationState.PLANNED,
        end_reason=EndReason.NOT_ENDED,
        received_at=node.now(),
        source=Source(SourceKind.TYPED),
    )
    return operation_from(content, given=given)


def _sound(operation: Operation) -> None:
    try:
        sound_plans(PlanSet((operation,)))
    except InvalidFile as refused:
        raise InvalidOperation(refused.message, remedy=refused.remedy) from refused


def _draft(view: View, draft_id: str) -> Draft:
    stored = view.draft(draft_id)
    if stored is None:
        raise NotFound(f"there is no draft {draft_id}")
    return stored


def _object(content: bytes) -> Mapping[str, Any]:
    remedy = "Send an operation document as a JSON object, as far as it is written."
    if len(content) > MOST_DRAFT_BYTES:
        raise InvalidInput(f"a draft of {len(content):,} bytes is too large", remedy=remedy)
    try:
        found = msgspec.json.decode(content)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput(f"the draft is not JSON: {error}", remedy=remedy) from error
    if not isinstance(found, dict):
        raise InvalidInput("the draft is not a JSON object", remedy=remedy)
    return found


def _uuid(draft_id: str) -> str:
    try:
        return str(uuid.UUID(draft_id))
    except ValueError:
        raise InvalidInput(
            f"the draft id {draft_id!r} is not a UUID", remedy="Give the draft a UUID."
        ) from None
