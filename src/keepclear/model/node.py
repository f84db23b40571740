"""A party's node: what is fixed when it is made, and what may change in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from keepclear.errors import InvalidInput
from keepclear.model.operation import Mode
from keepclear.model.window import require_utc


class NodeKind(StrEnum):
    """How a party runs its node; chosen when it is made, never changed."""

    INTEGRATED = "integrated"
    """Own plans and the line in one process."""
    TERMINAL = "terminal"
    """Holds released data only and takes own operations from files alone."""


@dataclass(frozen=True, slots=True)
class NodeIdentity:
    """What is fixed when a node is made.

    Attributes:
        id: a UUID.
        party: whose node it is.
        mode: EXERCISE or REAL; everything in its store is of this mode.
        kind: integrated node or line terminal.
        made_at: when it was made.
    """

    id: str
    party: str
    mode: Mode
    kind: NodeKind
    made_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "made_at", require_utc(self.made_at))
        try:
            object.__setattr__(self, "id", str(uuid.UUID(self.id)))
        except ValueError:
            raise InvalidInput(f"the node id {self.id!r} is not a UUID") from None
        if not self.party or self.party != self.party.strip().upper():
            raise InvalidInput(f"the party id {self.party!r} is not a word in capitals")


class Subject(StrEnum):
    """What a change or a ledger entry is about."""

    OPERATION = "operation"
    ZONE = "zone"
    BOUNDARY = "boundary"
    AIRFIELD = "airfield"
    COVERAGE = "coverage"
    AGREEMENT = "agreement"
    DRAFT = "draft"
    """Local: drafts are changes, never ledger entries."""
    IMPORT = "import"
    PAYLOAD = "payload"
    NODE = "node"
    LINE = "line"
    SIGNATURE = "signature"
    """A party root's word under an agreement."""
    MESSAGE = "message"
    CHECK = "check"
    CONTACT = "contact"
    """One event of the history of contacts."""
    CALL = "call"
    CONSULTATION = "consultation"
    READOUT = "readout"
    REQUEST = "request"
    POSTURE = "posture"
    QUERY = "query"
    """A question of purpose or ownership, with what was declared."""
    WATCH = "watch"
    """Who is on duty."""
    NOTE = "note"
    """An entry of the watch log."""
    UNIT = "unit"
    """An own control agency or formation that must be told of messages."""
    TELLING = "telling"
    """Who must be told of one message, and what they said."""
    RELAY = "relay"
    """Whether one message is passed on to allies, and their receipts."""
    MEMBER = "member"
    """A member who left."""
    MOVEMENT = "movement"
    """A humanitarian movement."""
    SITE = "site"
    """A humanitarian site."""
    WARNING = "warning"
    """A hazard warning to a humanitarian movement."""
    QUARANTINE = "quarantine"
    """What came over a line and was not taken."""
    # Disclosure
    RELEASE = "release"
    """How much one party may learn of one operation."""
    QUESTION = "question"
    """A question about a volume that machines asked over a line, with its answer."""
    BUDGET = "budget"
    """What a party asked lately, and how much more it may."""
    VIEW = "view"
    """That a party was shown something of an operation."""
    PRESENCE = "presence"
    """How many notices a party says it has."""
    # F3548
    INTENT = "intent"
    """An own operation as it is published to a discovery service."""
    CONSTRAINT = "constraint"
    """An own zone as it is published to one."""
    OPERATOR_NOTICE = "operator notice"
    """What operators were told because F3548 asks for it; a change, never a ledger entry."""
    REPORT = "report"
    """What another USS reported of an exchange with this one."""
    ACCOUNT = "account"
    """Who may do what at this node."""
    HANDOVER = "handover"
    """A watch given from one officer to the next, signed by both."""
    # Paper and voice
    TEXT = "text"
    """A message that came as text, which nobody signed."""
    MAILBOX = "mailbox"
    """Where mail comes in, and whether it can be reached."""
    CARD = "card"
    """A secret, or a challenge and reply, of the cards of a line."""
    PHRASES = "phrases"
    """A linguist's word under the table of phrases."""


@dataclass(frozen=True, slots=True)
class Change:
    """One committed change of the store; whoever follows the sequence misses nothing.

    Attributes:
        sequence: counts from 1 without end; in the order of commitment.
        subject: what sort of thing changed.
        id: its id.
        version: its version from now on.
        action: one word for what happened ("filed", "changed", "ended").
        at: when, by this node's clock.
    """

    sequence: int
    subject: Subject
    id: str
    version: int
    action: str
    at: datetime
