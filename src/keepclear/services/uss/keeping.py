"""Write what is published: the store's row, the ledger's entry, and the copy in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from keepclear.formats.documents.published import (
    PublishedConstraint,
    PublishedIntent,
    published_document,
)
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Unit
from keepclear.ports.uss_store import Waiting
from keepclear.services.node import Node
from keepclear.services.recording import body_of, record
from keepclear.services.uss.uss import Uss


def _nothing(_: Unit) -> None:
    """Nothing more is written."""


def keep_intent(
    uss: Uss,
    published: PublishedIntent,
    kind: EntryKind,
    *,
    actor: str = "",
    waiting: Sequence[Waiting] = (),
    besides: Callable[[Unit], None] = _nothing,
) -> PublishedIntent:
    """Keep an intent as it is published now, and what must be told of it, in one piece.

    Args:
        uss: ours.
        published: the intent.
        kind: what the ledger calls it; INTENT_WITHDRAWN ends it.
        actor: who did it.
        waiting: notifications that are to be posted once it is durable.
        besides: what else is written with it.
    """
    is_live = kind is not EntryKind.INTENT_WITHDRAWN

    def work(unit: Unit) -> None:
        _write(unit, uss.node, (Subject.INTENT, published.id), published, kind, is_live, actor)
        for each in waiting:
            unit.put_waiting(each)
        besides(unit)

    uss.node.store.write(work)
    if is_live:
        uss.own.put_intent(published)
    else:
        uss.own.drop_intent(published.id)
    if waiting:
        uss.ring()
    return published


def keep_constraint(
    uss: Uss,
    published: PublishedConstraint,
    kind: EntryKind,
    *,
    actor: str = "",
    waiting: Sequence[Waiting] = (),
) -> PublishedConstraint:
    """Keep a constraint as it is published now, and what must be told of it, in one piece."""
    is_live = kind is not EntryKind.CONSTRAINT_WITHDRAWN

    def work(unit: Unit) -> None:
        _write(unit, uss.node, (Subject.CONSTRAINT, published.id), published, kind, is_live, actor)
        for each in waiting:
            unit.put_waiting(each)

    uss.node.store.write(work)
    if is_live:
        uss.own.put_constraint(published)
    else:
        uss.own.drop_constraint(published.id)
    if waiting:
        uss.ring()
    return published


def _write(
    unit: Unit,
    node: Node,
    about: tuple[Subject, str],
    published: PublishedIntent | PublishedConstraint,
    kind: EntryKind,
    is_live: bool,
    actor: str,
) -> None:
    subject, entity_id = about
    current = unit.declaration(subject, entity_id)
    version = 1 if current is None else current.version + 1
    at = node.now()
    entry = record(
        node.identity,
        kind,
        (subject, entity_id, version),
        published_document(published),
        at=at,
        actor=actor,
    )
    stored = Declaration(
        subject=subject,
        id=entity_id,
        party=node.identity.party,
        version=version,
        live=is_live,
        body=body_of(entry),
        entry=unit.append(entry),
    )
    unit.put_declaration(stored, action=kind.value.partition(" ")[2], at=at)
