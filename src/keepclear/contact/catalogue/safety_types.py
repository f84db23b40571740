"""Messages for the moment of danger: conflicts, warnings, distress. No targets, no weapons.

Source: domain study of keepclear, 5f (M07 to M10, M12, M13, M27) and 0.1 to 0.3.
"""

from __future__ import annotations

from typing import Final

from keepclear.contact.catalogue.kinds import (
    PLANNING,
    AnswerRule,
    FieldKind,
    MessageType,
    choice,
    count,
    text,
    value,
)
from keepclear.model.operation import Precedence

WILL_MOVE, WILL_HOLD, CANNOT, NEED_TO_TALK = "will move", "will hold", "cannot", "need to talk"

SAFETY_TYPES: Final = (
    MessageType(
        code="M07",
        name="CONFLICT ADVISORY",
        purpose="Says that two operations come too close, what we change, what we ask for.",
        fields=(
            text(
                "conflict",
                "Conflict",
                "Its id, the same on both sides",
                most=80,
                mandatory=True,
                read_back=True,
            ),
            value(
                "operation",
                "Own operation",
                FieldKind.OPERATION,
                "Ours",
                mandatory=True,
                read_back=True,
            ),
            value(
                "other",
                "Other operation",
                FieldKind.OPERATION,
                "Theirs, where it may be named",
                read_back=True,
            ),
            value("overlap", "Overlap", FieldKind.VOLUMES, "At the permitted level"),
            value(
                "window",
                "When",
                FieldKind.WINDOW,
                "When they would be too close",
                mandatory=True,
                read_back=True,
            ),
            value("time_to_overlap_s", "Time left", FieldKind.DURATION, "Until the overlap begins"),
            text("rule", "Rule", "Its id in the agreement", most=80, mandatory=True),
            text("own_change", "Own change", "What we suggest to do ourselves"),
            text(
                "asked_change", "Asked change", "What we ask of you", mandatory=True, read_back=True
            ),
            value("answer_by", "Answer by", FieldKind.MOMENT, "When the answer is needed"),
        ),
        precedence=Precedence.IMMEDIATE,
        readback=True,
        answer=AnswerRule(codes=("M08",), by="answer_by"),
        roles=PLANNING,
        begins="window",
    ),
    MessageType(
        code="M08",
        name="CONFLICT ANSWER",
        purpose="Answers a conflict advisory: who moves, from when, by which new version.",
        fields=(
            value("advisory", "Advisory", FieldKind.MESSAGE, "Which M07", mandatory=True),
            choice(
                "answer",
                "Answer",
                "What we do",
                WILL_MOVE,
                WILL_HOLD,
                CANNOT,
                NEED_TO_TALK,
                mandatory=True,
                read_back=True,
            ),
            value(
                "operation",
                "New version",
                FieldKind.OPERATION,
                "The operation as changed",
                read_back=True,
            ),
            value("by", "By when", FieldKind.MOMENT, "When the change holds", read_back=True),
            text("words", "Words", "What else is to be said"),
        ),
        precedence=Precedence.IMMEDIATE,
        readback=True,
        roles=PLANNING,
        begins="by",
    ),
    MessageType(
        code="M09",
        name="FLASH SAFETY WARNING",
        purpose="Warns of danger within minutes; any role on watch releases it.",
        fields=(
            text(
                "subject",
                "Who",
                "Aircraft or group, as far as it is known",
                mandatory=True,
                read_back=True,
            ),
            value(
                "position",
                "Where",
                FieldKind.POSITION,
                "Last known",
                mandatory=True,
                read_back=True,
            ),
            value("band", "Heights", FieldKind.BAND, "Between which", read_back=True),
            text("track", "Track", "Direction of movement", most=80, read_back=True),
            value(
                "closing_time_s",
                "Closing time",
                FieldKind.DURATION,
                "How long is left",
                read_back=True,
            ),
            text("requested_action", "Asked", "What to do now", mandatory=True, read_back=True),
            value(
                "radio_tried",
                "Radio tried",
                FieldKind.BOOLEAN,
                "Whether radio was tried",
                mandatory=True,
            ),
        ),
        precedence=Precedence.FLASH,
        readback=True,
        units=True,
    ),
    MessageType(
        code="M10",
        name="STOP-AND-CHECK REQUEST",
        purpose="Asks to stop what is happening at a place and to look who is there.",
        fields=(
            value(
                "position",
                "Where",
                FieldKind.POSITION,
                "The middle of it",
                mandatory=True,
                read_back=True,
            ),
            text("extent", "Around it", "How far, in words", most=80, read_back=True),
            value("window", "When", FieldKind.WINDOW, "Since when, until when", read_back=True),
            text(
                "believed",
                "What happens",
                "What you believe happens to whom",
                mandatory=True,
                read_back=True,
            ),
            choice(
                "confidence",
                "Confidence",
                "How sure",
                "seen by own people",
                "reported",
                "inferred",
                mandatory=True,
            ),
            text(
                "call_back", "Call back", "Number and role", most=80, mandatory=True, read_back=True
            ),
        ),
        precedence=Precedence.FLASH,
        readback=True,
        answer=AnswerRule(),
        units=True,
    ),
    MessageType(
        code="M12",
        name="UNINTENDED ENTRY / DISTRESS",
        purpose="Says who strayed or is in distress, and what they need.",
        fields=(
            text("who", "Who", "Aircraft, vehicle or group", mandatory=True, read_back=True),
            value(
                "position",
                "Where",
                FieldKind.POSITION,
                "Last known",
                mandatory=True,
                read_back=True,
            ),
            value("since", "Since", FieldKind.MOMENT, "Since when", mandatory=True),
            text("state", "State", "What is wrong", mandatory=True, read_back=True),
            text("intention", "Intention", "What they will do", mandatory=True, read_back=True),
            text("assistance", "Assistance", "What is asked for"),
        ),
        precedence=Precedence.FLASH,
        readback=True,
        units=True,
    ),
    MessageType(
        code="M13",
        name="SAR / RECOVERY NOTICE",
        purpose="Says where a search or recovery goes on, and asks to keep away from it.",
        fields=(
            value(
                "volumes",
                "Area",
                FieldKind.VOLUMES,
                "Where and when",
                mandatory=True,
                read_back=True,
            ),
            text("assets", "With", "Class of aircraft or vehicles", most=80, mandatory=True),
            text("keep_away", "Asked", "How far to stay away", mandatory=True, read_back=True),
            value(
                "medical", "Medical", FieldKind.BOOLEAN, "Whether lives are at risk", mandatory=True
            ),
            text("contact", "Contact", "Frequency or number", most=80, read_back=True),
        ),
        precedence=Precedence.IMMEDIATE,
        readback=True,
        units=True,
        begins="volumes",
    ),
    MessageType(
        code="M27",
        name="UAS OFF-NOMINAL",
        purpose="Says that an unmanned aircraft does not fly as planned.",
        fields=(
            value(
                "operation",
                "Operation",
                FieldKind.OPERATION,
                "Which",
                mandatory=True,
                read_back=True,
            ),
            choice(
                "state",
                "State",
                "How it flies",
                "nonconforming",
                "contingent",
                "lost link",
                "ended",
                mandatory=True,
                read_back=True,
            ),
            count("number", "How many", "Aircraft", read_back=True),
            value(
                "position",
                "Last position",
                FieldKind.POSITION,
                "Where",
                mandatory=True,
                read_back=True,
            ),
            value("band", "Heights", FieldKind.BAND, "Between which", read_back=True),
            value(
                "containment_time", "Flies until", FieldKind.MOMENT, "At the latest", read_back=True
            ),
            text("landing_area", "Lands", "Where it will come down"),
        ),
        precedence=Precedence.FLASH,
        readback=True,
        units=True,
    ),
)
