"""Questions, declarations, incidents and consultations.

Source: domain study of keepclear, 5f (M16 to M22).
"""

from __future__ import annotations

from typing import Final

from keepclear.contact.catalogue.kinds import (
    DUTY,
    TALKS,
    AnswerRule,
    FieldKind,
    MessageType,
    choice,
    count,
    text,
    texts,
    value,
)
from keepclear.model.operation import Precedence

OURS, NOT_OURS, UNKNOWN, WILL_NOT_SAY = "ours", "not ours", "unknown", "will not say"

TALK_TYPES: Final = (
    MessageType(
        code="M16",
        name="QUERY PURPOSE / ACTIVITY",
        purpose="Asks what was seen, by time, place and count. It accuses nobody.",
        fields=(
            text(
                "facts",
                "Observed",
                "What was observed, without adjectives",
                most=1_000,
                mandatory=True,
            ),
            value("observed_at", "When", FieldKind.MOMENT, "When it was observed", mandatory=True),
            value("position", "Where", FieldKind.POSITION, "Where", read_back=True),
            text("place", "Place", "In words, where no position is known", most=80),
            count("number", "How many", "In a band"),
            text("question", "Question", "One question", most=500, mandatory=True, read_back=True),
            value("answer_by", "Answer by", FieldKind.MOMENT, "When", mandatory=True, future=True),
        ),
        precedence=Precedence.PRIORITY,
        answer=AnswerRule(codes=("M17",), by="answer_by"),
        roles=TALKS,
    ),
    MessageType(
        code="M17",
        name="DECLARATION",
        purpose="Declares purpose, posture or ownership, kept as said.",
        fields=(
            value("query", "Query", FieldKind.MESSAGE, "The M16 it answers; none where unasked"),
            choice("kind", "Kind", "Of what", "purpose", "posture", "ownership", mandatory=True),
            text("words", "Words", "As said, word for word", most=2_000, mandatory=True),
            text("scope", "Scope", "Of whom or what it speaks", mandatory=True),
            value("window", "From and to", FieldKind.WINDOW, "For which time"),
            choice(
                "ownership",
                "Ownership",
                "Whose it is",
                OURS,
                NOT_OURS,
                UNKNOWN,
                WILL_NOT_SAY,
                mandatory=True,
                read_back=True,
            ),
        ),
        precedence=Precedence.PRIORITY,
        roles=TALKS,
        second_person=True,
    ),
    MessageType(
        code="M18",
        name="INCIDENT REPORT",
        purpose="Reports an incident from one side, first facts only.",
        fields=(
            text("kind", "Kind", "What sort of incident", most=80, mandatory=True),
            value("at", "When", FieldKind.MOMENT, "When it happened", mandatory=True),
            value("position", "Where", FieldKind.POSITION, "Where", mandatory=True),
            texts("parties", "Parties", "Who took part", mandatory=True),
            text("rule", "Rule", "Its id in the agreement", most=80),
            text("facts", "Own facts", "What this side knows", most=2_000, mandatory=True),
            choice(
                "injuries", "Injuries", "Whether people were hurt", "none known", "yes", "unknown"
            ),
            texts("evidence", "Evidence held", "What is kept, not the thing itself"),
            text("ask", "Asked", "What the other side is asked for"),
        ),
        precedence=Precedence.IMMEDIATE,
        roles=TALKS,
    ),
    MessageType(
        code="M19",
        name="INVESTIGATION RESULT",
        purpose="Passes on what an investigation found.",
        fields=(
            text("incident", "Incident", "Its id", most=80, mandatory=True),
            texts("findings", "Findings", "One fact each", mandatory=True),
            texts("measures", "Measures", "What is done about it"),
            text("shared", "Shared part", "What goes with this", most=1_000),
            text("withheld", "Withheld part", "That something is held back, and why"),
        ),
        precedence=Precedence.ROUTINE,
        roles=TALKS,
    ),
    MessageType(
        code="M20",
        name="RULE CONCERN",
        purpose="Says how often a rule was not kept, counted by which definition on which data.",
        fields=(
            text("rule", "Rule", "Its id in the agreement", most=80, mandatory=True),
            count("occurrences", "Occurrences", "How many", mandatory=True),
            text("definition", "Definition", "By which it was counted", most=1_000, mandatory=True),
            text(
                "dataset_hash", "Data set", "SHA-256 of what was counted", most=64, mandatory=True
            ),
            text("proposal", "Proposal", "What should change", most=1_000),
        ),
        precedence=Precedence.ROUTINE,
        answer=AnswerRule(),
        roles=TALKS,
    ),
    MessageType(
        code="M21",
        name="CONSULTATION PROPOSAL / CONFIRMATION",
        purpose="Proposes a consultation, or confirms one.",
        fields=(
            choice(
                "step", "Step", "Proposed or confirmed", "proposal", "confirmation", mandatory=True
            ),
            text("consultation", "Consultation", "Its id", most=80, mandatory=True),
            choice(
                "kind",
                "Kind",
                "Of consultation",
                "working group",
                "review",
                "margin meeting",
                "intermediary",
                "video conference",
                "incident",
                mandatory=True,
            ),
            value(
                "window",
                "Dates",
                FieldKind.WINDOW,
                "From and to",
                mandatory=True,
                read_back=True,
                future=True,
            ),
            text("place", "Place", "Where, or on which occasion", most=80),
            text("level", "Level", "Between whom, by office", most=80, mandatory=True),
            texts("agenda", "Agenda", "Points, in order", mandatory=True),
            texts("languages", "Languages", "Spoken there", mandatory=True),
            text(
                "recording", "Recording", "Who records what, and what is published", mandatory=True
            ),
        ),
        precedence=Precedence.PRIORITY,
        answer=AnswerRule(codes=("M21",), key="step", words=("proposal",)),
        roles=TALKS,
    ),
    MessageType(
        code="M22",
        name="READOUT NOTICE",
        purpose="Shows a readout before it is published: facts may be put right, none approved.",
        fields=(
            text("about", "About", "The id of the call or consultation", most=80, mandatory=True),
            text("text", "Text", "As it will be published", most=5_000, mandatory=True),
            value("embargo", "Not before", FieldKind.MOMENT, "When it is published"),
            texts("points", "Points", "Each by itself", mandatory=True),
            value(
                "correction_asked",
                "Correction asked",
                FieldKind.BOOLEAN,
                "Whether facts should be put right; no approval is meant",
                mandatory=True,
            ),
        ),
        precedence=Precedence.ROUTINE,
        roles=DUTY | TALKS,
    ),
)
