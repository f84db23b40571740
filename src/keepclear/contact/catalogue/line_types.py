"""Messages about the line itself: checks, the watch, its state, acts on other messages.

Source: domain study of keepclear, 5f (M01, M02, M23 to M26, M28).
"""

from __future__ import annotations

from typing import Final

from keepclear.contact.catalogue.kinds import (
    DUTY,
    TALKS,
    FieldKind,
    MessageType,
    choice,
    text,
    texts,
    value,
)
from keepclear.model.channel import CHANNELS
from keepclear.model.line_state import CauseCode, CheckResult, LineAct, Scope
from keepclear.model.operation import Precedence

ACT_KINDS: Final = (
    "acknowledge",
    "readback",
    "correction",
    "gap request",
    "answer",
    "consider",
    "passed to units",
    "cancel",
    "cannot comply",
    "withdraw",
)
"""What an M25 may do."""
_CHANNEL_WORDS = tuple(each.id for each in CHANNELS)

LINE_TYPES: Final = (
    MessageType(
        code="M01",
        name="COMMS CHECK",
        purpose="Tests a channel of the line with a neutral text, or answers such a test.",
        fields=(
            choice(
                "kind", "Kind", "A check, or the reply to one", "check", "reply", mandatory=True
            ),
            text("check_id", "Check", "The check's own id; the reply repeats it", mandatory=True),
            text("text", "Text", "The neutral text that is sent or was heard", mandatory=True),
            text("expected", "Expected reply", "What is to be said back"),
            choice("channel", "Channel", "By which means", *_CHANNEL_WORDS, mandatory=True),
            text("language", "Language", "Of the text, as a two-letter code", most=8),
            text("reader_role", "Reader", "As what the person who read it is on duty", most=40),
            choice("result", "Result", "What came of it", *(each.value for each in CheckResult)),
            choice("cause", "Cause", "Why it came so", *(each.value for each in CauseCode)),
            value("due", "Due time", FieldKind.MOMENT, "The due time it stands for"),
            value("asked_at", "Asked at", FieldKind.MOMENT, "When it was asked, by their clock"),
            value("heard_at", "Heard at", FieldKind.MOMENT, "When it was heard, by the replier"),
        ),
        precedence=Precedence.ROUTINE,
        written_by_hand=False,
    ),
    MessageType(
        code="M02",
        name="WATCH STATEMENT",
        purpose="Says which roles are on duty, in which languages, and until when.",
        fields=(
            text("room", "Room", "Which operations room", most=80, mandatory=True),
            texts("roles", "Roles on duty", "Roles, never names of people", mandatory=True),
            texts("languages", "Languages", "Spoken on this watch", mandatory=True),
            value("next_handover", "Next handover", FieldKind.MOMENT, "When the watch changes"),
            texts("alternates", "Alternates", "Roles that answer where these do not"),
        ),
        precedence=Precedence.ROUTINE,
        roles=TALKS,
    ),
    MessageType(
        code="M23",
        name="LINE STATUS DECLARATION",
        purpose="Declares that a channel or the line is suspended, resumed, changed or closed.",
        fields=(
            choice(
                "act", "Declared", "What is declared", *(a.value for a in LineAct), mandatory=True
            ),
            choice("scope", "Scope", "Of how much", *(s.value for s in Scope), mandatory=True),
            text("residue", "What still works", "For safety, in your words", mandatory=True),
            value("effective_at", "Effective", FieldKind.MOMENT, "From when", mandatory=True),
            choice("channel", "Channel", "The one it speaks of; else all", *_CHANNEL_WORDS),
            text("reason", "Reason", "In your words"),
        ),
        precedence=Precedence.IMMEDIATE,
        readback=False,
        roles=DUTY,
        second_person=True,
    ),
    MessageType(
        code="M24",
        name="RESTORE OFFER / GAP LIST",
        purpose="Offers to restore the line, tests it, verifies keys and clocks, lists the gap.",
        fields=(
            choice(
                "kind",
                "Step",
                "Which step of the restoration",
                "offer",
                "test",
                "verify",
                "gap list",
                "confirm",
                "break off",
                mandatory=True,
            ),
            text("restoration", "Restoration", "Its id; every step repeats it", mandatory=True),
            texts("offers", "Offers", "Ids of the offers that became this restoration"),
            value("clock", "Clock", FieldKind.MOMENT, "The sender's clock at this step"),
            text("fingerprint", "Fingerprint", "Of the sender's root, compared by voice", most=80),
            value("skew_s", "Skew", FieldKind.NUMBER, "How far the other clock is ahead, seconds"),
            text("check_id", "Check", "The check that tested the line"),
            value("gap", "Gap", FieldKind.VALUES, "Open messages, notices, areas"),
            texts("digests", "Digests", "Of both gap lists, as the sender has them"),
            text("reason", "Reason", "In the sender's words"),
            text("role", "Role", "As what the person is on duty", most=40),
        ),
        precedence=Precedence.IMMEDIATE,
        roles=TALKS,
        written_by_hand=False,
    ),
    MessageType(
        code="M25",
        name="ACKNOWLEDGE / READBACK / CORRECTION / GAP REQUEST",
        purpose="Does something to another message: each act is proved by itself, none approves.",
        fields=(
            choice("kind", "Act", "What is done", *ACT_KINDS, mandatory=True),
            value("ref", "Message", FieldKind.MESSAGE, "Which message", mandatory=True),
            text("ref_hash", "Hash", "Of the envelope that carried it", most=64),
            text("role", "Role", "As what the person is on duty, never a name", most=40),
            choice("of", "Of", "The message, or its cancellation", "message", "cancellation"),
            value("heard", "Fields heard", FieldKind.VALUES, "What was heard, by field"),
            value("differences", "Differences", FieldKind.VALUES, "What differs, as it was sent"),
            choice("verdict", "Verdict", "Of the readback", "match", "mismatch"),
            choice("answer", "Answer", "How far it goes", "answered", "partly", "declined"),
            choice("units", "Units", "What became of it", "confirmed", "cannot", "none"),
            value("until", "Until", FieldKind.MOMENT, "How long it is considered"),
            text("text", "Words", "In the words of who acts", most=2_000),
            text("stream", "Stream", "Of a gap request: which stream", most=40),
            texts("serials", "Serials", "Of a gap request: which are missing", most=10_000),
        ),
        precedence=Precedence.PRIORITY,
        written_by_hand=False,
    ),
    MessageType(
        code="M26",
        name="RADIO BACK-UP CARD",
        purpose="Gives frequencies, callsigns and fixed phrases for when only radio is left.",
        fields=(
            texts(
                "frequencies",
                "Frequencies",
                "In MHz, in the order tried",
                mandatory=True,
                read_back=True,
            ),
            text(
                "callsign_scheme", "Callsigns", "How they are made", mandatory=True, read_back=True
            ),
            texts(
                "phrases", "Phrases", "Meaning; phrase; how it is said; what is answered", most=100
            ),
        ),
        precedence=Precedence.ROUTINE,
        readback=True,
        validity=True,
        roles=TALKS,
    ),
    MessageType(
        code="M28",
        name="THIRD-PARTY RELAY",
        purpose="Says that a message was passed on to a third party, by whom, and who took it.",
        fields=(
            value("original", "Original", FieldKind.MESSAGE, "Which message", mandatory=True),
            text(
                "original_hash", "Hash", "Of the envelope that carried it", most=64, mandatory=True
            ),
            text("relayed_to", "Relayed to", "Which party or body", most=80, mandatory=True),
            text("relayed_by", "Relayed by", "Party and role", most=80, mandatory=True),
            value("relayed_at", "Relayed at", FieldKind.MOMENT, "When", mandatory=True),
            text("receipt", "Receipt", "What the third party said to it"),
        ),
        precedence=Precedence.PRIORITY,
        roles=TALKS,
        second_person=True,
    ),
)
