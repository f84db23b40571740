"""Every change as a ledger entry: who did what, to which version, and what was answered."""

from __future__ import annotations

from datetime import datetime

import msgspec

from keepclear.canonical import JsonValue
from keepclear.ledger.entries import EntryKind, Record, payload_of
from keepclear.model.answer import Answer
from keepclear.model.node import NodeIdentity, Subject
from keepclear.ports.store import NewEntry


def record(
    identity: NodeIdentity,
    kind: EntryKind,
    subject: tuple[Subject, str, int],
    body: JsonValue,
    *,
    at: datetime,
    actor: str = "",
    answer: JsonValue = None,
    note: str = "",
) -> NewEntry:
    """An entry to append.

    Args:
        identity: whose ledger it is.
        kind: what happened.
        subject: what sort of thing, which one, which version of it.
        body: its document.
        at: when, by this node's clock.
        actor: who did it, as they call themselves; empty where nobody said.
        answer: what keepclear answered, where it answered.
        note: why, in that person's words.
    """
    sort, subject_id, version = subject
    entry = Record(
        at=at,
        actor=actor,
        kind=kind,
        mode=identity.mode,
        node=identity.id,
        party=identity.party,
        subject=sort,
        subject_id=subject_id,
        version=version,
        body=body,
        answer=answer,
        note=note,
    )
    return NewEntry(at, kind.value, sort, subject_id, version, payload_of(entry))


class _Payload(msgspec.Struct):
    body: msgspec.Raw


_PAYLOAD = msgspec.json.Decoder(_Payload)


def body_of(entry: NewEntry) -> bytes:
    """The document that an entry holds, as it is stored: canonical JSON."""
    return bytes(_PAYLOAD.decode(entry.payload).body)


def answer_record(answer: Answer) -> JsonValue:
    """What an answer said, short enough to be kept with every filing.

    Conflicts are named by their ids, which are the same on both sides.
    """
    return {
        "overall": answer.overall.value,
        "verdict": answer.verdict.value,
        "conflicts": [
            {"id": one.id, "rule": one.rule_id, "verdict": one.verdict.value}
            for one in answer.conflicts
        ],
        "conflicts_total": total_of(answer),
        "infringements": [
            {"airspace": one.airspace_id, "verdict": one.verdict.value}
            for one in answer.infringements
        ],
        "findings": [one.kind.value for one in answer.findings],
        "doubts": [one.kind.value for one in answer.doubts],
    }


def total_of(answer: Answer) -> int:
    """How many conflicts there are, listed or not."""
    return len(answer.conflicts) if answer.conflicts_total is None else answer.conflicts_total
