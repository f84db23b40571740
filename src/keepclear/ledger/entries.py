"""What a ledger entry says: the stored bytes of its payload, and back.

The payload is the document itself, in canonical JSON: there is no second copy that could
differ from what was proved.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidInput
from keepclear.ledger.moments import moment_of, moment_text, to_millisecond
from keepclear.model.node import Subject
from keepclear.model.operation import Mode

SCHEMA = 1
"""The form of payloads written now; entries of older forms stay as they are for ever."""


class EntryKind(StrEnum):
    """What happened. Kinds are added, never renamed: they stand in signed history."""

    OPERATION_FILED = "operation filed"
    OPERATION_CHANGED = "operation changed"
    OPERATION_ACTIVATED = "operation activated"
    OPERATION_NONCONFORMING = "operation nonconforming"
    OPERATION_CONTINGENT = "operation contingent"
    OPERATION_ENDED = "operation ended"
    OPERATION_CANCELLED = "operation cancelled"
    ZONE_DECLARED = "zone declared"
    ZONE_CHANGED = "zone changed"
    ZONE_CANCELLED = "zone cancelled"
    BOUNDARY_DECLARED = "boundary declared"
    BOUNDARY_CHANGED = "boundary changed"
    BOUNDARY_CANCELLED = "boundary cancelled"
    AIRFIELD_DECLARED = "airfield declared"
    AIRFIELD_CHANGED = "airfield changed"
    AIRFIELD_CANCELLED = "airfield cancelled"
    COVERAGE_STATED = "coverage stated"
    COVERAGE_CHANGED = "coverage changed"
    COVERAGE_WITHDRAWN = "coverage withdrawn"
    AGREEMENT_FILED = "agreement filed"
    IMPORT_TAKEN = "import taken"
    PAYLOAD_PRUNED = "payload pruned"
    NODE_INITIALISED = "node initialised"
    NODE_STARTED = "node started"
    NODE_STOPPED = "node stopped"
    KEY_CERTIFIED = "key certified"
    CLOCK_STEPPED_BACK = "clock stepped back"
    RESTORED = "restored"

    # The line and its peers
    LINE_PAIRED = "line paired"
    LINE_KEY_TAKEN = "line key taken"
    LINE_CLOCK_NOTED = "line clock noted"
    LINE_EPOCH_BEGUN = "line epoch begun"
    LINE_GAP_NOTED = "line gap noted"
    LINE_GAP_GIVEN_UP = "line gap given up"
    LINE_TAMPERED = "line tampered"
    LINE_RECEIPT_KEPT = "line receipt kept"
    MESSAGE_SENT = "message sent"
    SIGNATURE_GIVEN = "signature given"
    SIGNATURE_TAKEN = "signature taken"
    QUARANTINE_NOTED = "quarantine noted"
    QUARANTINE_SEEN = "quarantine seen"
    # Messages
    MESSAGE_UNUSABLE = "message unusable"
    MESSAGE_RELEASED = "message released"
    MESSAGE_RECEIVED = "message received"
    MESSAGE_DELIVERED = "message delivered"
    MESSAGE_ACTED = "message acted on"
    MESSAGE_OVERDUE = "message overdue"
    MESSAGE_PAGED = "message paged"
    MESSAGE_PAGE_FAILED = "message page failed"
    MESSAGE_ACT_HELD = "message act held"
    # Checks, declarations, restoration, contacts
    LINE_OPENED = "line opened"
    LINE_OBSERVED = "line observed"
    LINE_STATE_CHANGED = "line state changed"
    LINE_DECLARED = "line declared"
    LINE_RESTORATION_STEP = "line restoration step"
    LINE_RESTORATION_DOUBTED = "line restoration doubted"
    LINE_RESTORATION_ENDED = "line restoration ended"
    LINE_RESTORED = "line restored"
    CHECK_ASKED = "check asked"
    CHECK_TAKEN = "check taken"
    CHECK_ANSWERED = "check answered"
    CHECK_MISSED = "check missed"
    CHECK_RECORDED = "check recorded"
    CONTACT_NOTED = "contact noted"
    # Calls, consultations, readouts, requests, postures, the watch and its log
    CALL_RECORDED = "call recorded"
    CALL_CHANGED = "call changed"
    CALL_ENDED = "call ended"
    CONSULTATION_RECORDED = "consultation recorded"
    CONSULTATION_CHANGED = "consultation changed"
    CONSULTATION_TAKEN = "consultation taken"
    CONSULTATION_OVERDUE = "consultation overdue"
    READOUT_RECORDED = "readout recorded"
    READOUT_CHANGED = "readout changed"
    READOUT_TAKEN = "readout taken"
    REQUEST_RECORDED = "request recorded"
    REQUEST_CHANGED = "request changed"
    REQUEST_LAPSED = "request lapsed"
    POSTURE_RECORDED = "posture recorded"
    POSTURE_CHANGED = "posture changed"
    POSTURE_TAKEN = "posture taken"
    POSTURE_OVERDUE = "posture overdue"
    QUERY_ASKED = "query asked"
    QUERY_ANSWERED = "query answered"
    QUERY_LAPSED = "query lapsed"
    QUERY_WITHDRAWN = "query withdrawn"
    QUERY_CONTRADICTED = "query contradicted"
    WATCH_BEGUN = "watch begun"
    WATCH_CHANGED = "watch changed"
    WATCH_TAKEN = "watch taken"
    WATCH_OVERDUE = "watch overdue"
    NOTE_KEPT = "note kept"
    # Own units, allies, humanitarian movements and sites
    UNIT_LISTED = "unit listed"
    UNIT_CHANGED = "unit changed"
    TELLING_BEGUN = "telling begun"
    TELLING_CHANGED = "telling changed"
    TELLING_SAID = "telling said"
    TELLING_OVERDUE = "telling overdue"
    RELAY_DECIDED = "relay decided"
    RELAY_RECEIVED = "relay received"
    RELAY_STOPPED = "relay stopped"
    MEMBER_LEFT = "member left"
    MOVEMENT_KEPT = "movement kept"
    MOVEMENT_CHANGED = "movement changed"
    MOVEMENT_TAKEN = "movement taken"
    MOVEMENT_RELEASED = "movement released"
    MOVEMENT_STALE = "movement stale"
    SITE_KEPT = "site kept"
    SITE_CHANGED = "site changed"
    SITE_TAKEN = "site taken"
    SITE_RELEASED = "site released"
    SITE_STALE = "site stale"
    SITE_VIEWED = "site viewed"
    SITE_EXPORTED = "site exported"
    WARNING_DUE = "warning due"
    WARNING_PASSED = "warning passed"
    # Disclosure
    RELEASE_GIVEN = "release given"
    RELEASE_CHANGED = "release changed"
    RELEASE_WITHDRAWN = "release withdrawn"
    RELEASE_EXPIRED = "release expired"
    QUESTION_ASKED = "question asked"
    QUESTION_HELD_BACK = "question held back"
    QUESTION_TAKEN = "question taken"
    QUESTION_ANSWERED = "question answered"
    QUESTION_ERASED = "question erased"
    BUDGET_CHARGED = "budget charged"
    BUDGET_PROBED = "budget probed"
    VIEW_LOGGED = "view logged"
    PRESENCE_TOLD = "presence told"
    PRESENCE_TAKEN = "presence taken"
    LINE_DISCLOSURE_SET = "line disclosure set"
    # F3548
    INTENT_TRIED = "intent tried"
    INTENT_PUBLISHED = "intent published"
    INTENT_CHANGED = "intent changed"
    INTENT_REFUSED = "intent refused"
    INTENT_WITHDRAWN = "intent withdrawn"
    CONSTRAINT_TRIED = "constraint tried"
    CONSTRAINT_PUBLISHED = "constraint published"
    CONSTRAINT_CHANGED = "constraint changed"
    CONSTRAINT_WITHDRAWN = "constraint withdrawn"
    REPORT_TAKEN = "report taken"
    # Accounts and handovers
    ACCOUNT_MADE = "account made"
    ACCOUNT_CHANGED = "account changed"
    ACCOUNT_DISABLED = "account disabled"
    ACCOUNT_ENABLED = "account enabled"
    ACCOUNT_PASSWORD_SET = "account password set"  # noqa: S105  (what happened, no secret)
    HANDOVER_PREPARED = "handover prepared"
    HANDOVER_SIGNED = "handover signed"
    HANDOVER_OVERRIDDEN = "handover overridden"
    # Paper and voice
    TEXT_ENTERED = "text entered"
    TEXT_CHALLENGED = "text challenged"
    TEXT_ACTED = "text acted on"
    TEXT_COMPARED = "text compared"
    TEXT_DISPUTED = "text disputed"
    CARD_SECRET_AGREED = "card secret agreed"  # noqa: S105  (what happened, no secret)
    CARD_USED = "card used"
    PHRASES_SIGNED = "phrases signed"
    LINE_BUNDLE_WRITTEN = "line bundle written"
    LINE_BUNDLE_TAKEN = "line bundle taken"
    LINE_MAIL_SENT = "line mail sent"
    LINE_MAIL_TAKEN = "line mail taken"
    MAILBOX_SILENT = "mailbox silent"
    MAILBOX_ANSWERS = "mailbox answers"

    @property
    def subject(self) -> Subject:
        """What sort of thing an entry of this kind is about."""
        word = self.value.partition(" ")[0]
        return Subject(word) if word in _SUBJECT_WORDS else Subject.NODE


_SUBJECT_WORDS = frozenset(subject.value for subject in Subject)


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened, as the ledger keeps it.

    Attributes:
        at: when, by the node's clock; kept in UTC, cut to the millisecond.
        actor: who did it, as they call themselves; empty where nobody said.
        kind: what happened.
        mode: EXERCISE or REAL.
        node: the id of the node that wrote it.
        party: whose node that is.
        subject: what sort of thing it is about; the kind says the same.
        subject_id: which one.
        version: which version of it.
        body: the document itself.
        answer: what keepclear answered; None where it was not asked.
        note: why, in the actor's own words; empty where nothing was said.
        schema: the form of the payload.

    Raises:
        InvalidInput: a subject that is not the kind's, or a negative version.
        InvalidWindow: the time has no zone.
    """

    at: datetime
    actor: str
    kind: EntryKind
    mode: Mode
    node: str
    party: str
    subject: Subject
    subject_id: str
    version: int
    body: JsonValue
    answer: JsonValue = None
    note: str = ""
    schema: int = SCHEMA

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", to_millisecond(self.at))
        if self.subject is not self.kind.subject:
            raise InvalidInput(
                f'"{self.kind}" is about {self.kind.subject}, not about {self.subject}'
            )
        if self.version < 0:
            raise InvalidInput(f"there is no version {self.version}")


def payload_of(record: Record) -> bytes:
    """The bytes that are stored, hashed and proved: canonical JSON.

    Raises:
        InvalidInput: the body or the answer holds what JSON cannot.
    """
    envelope: dict[str, JsonValue] = {
        "actor": record.actor,
        "at": moment_text(record.at),
        "body": record.body,
        "kind": record.kind.value,
        "mode": record.mode.value,
        "node": record.node,
        "party": record.party,
        "schema": record.schema,
        "subject": {
            "id": record.subject_id,
            "kind": record.subject.value,
            "version": record.version,
        },
    }
    if record.answer is not None:
        envelope["answer"] = record.answer
    if record.note:
        envelope["note"] = record.note
    return canonical_bytes(envelope)


def record_of(payload: bytes) -> Record:
    """Read what `payload_of` wrote, and nothing else: every byte must be as it writes them.

    Raises:
        InvalidInput: anything else; the payload was not written by keepclear, or is damaged.
    """
    try:
        told = msgspec.convert(_parsed(payload), _Envelope)
        record = _record(told)
        exact = payload_of(record) == payload
    except (ValueError, RecursionError, InvalidInput) as error:
        raise _not_a_payload(str(error)) from None
    if not exact:
        raise _not_a_payload("its bytes are not in the one spelling")
    return record


class _About(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    id: str
    kind: Subject
    version: int


class _Envelope(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    actor: str
    at: str
    body: Any
    kind: EntryKind
    mode: Mode
    node: str
    party: str
    schema: int
    subject: _About
    answer: Any = None
    note: str = ""


_LONG_NUMBER = re.compile(rb"[0-9]{16}")


def _parsed(payload: bytes) -> object:
    if not _LONG_NUMBER.search(payload):
        return msgspec.json.decode(payload)
    # A whole number beyond 2^53 was spelled from a double and is read as one.
    return json.loads(payload.decode(), parse_int=lambda d: int(d) if len(d) < 16 else float(d))


def _record(told: _Envelope) -> Record:
    if told.schema != SCHEMA:
        raise InvalidInput(f"a payload of form {told.schema}; this keepclear knows {SCHEMA}")
    return Record(
        at=moment_of(told.at),
        actor=told.actor,
        kind=told.kind,
        mode=told.mode,
        node=told.node,
        party=told.party,
        subject=told.subject.kind,
        subject_id=told.subject.id,
        version=told.subject.version,
        body=told.body,
        answer=told.answer,
        note=told.note,
        schema=told.schema,
    )


def _not_a_payload(why: str) -> InvalidInput:
    return InvalidInput(
        f"these bytes are not a ledger entry's payload: {why}",
        remedy="Verify the ledger; a payload is never mended, it is proved or it is not.",
    )
