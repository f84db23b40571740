"""What machines ask and tell about volumes: M30 to M33, our additions to the catalogue.

Source: domain study of keepclear, 5e (disclosure levels); design, section 5; decision 21.
"""

from __future__ import annotations

from typing import Final

from keepclear.contact.catalogue.kinds import FieldKind, MessageType, choice, text, value
from keepclear.model.answer import Verdict
from keepclear.model.operation import OperationClass, Precedence

DISCLOSURE_TYPES: Final = (
    MessageType(
        code="M30",
        name="VOLUME QUESTION",
        purpose="Asks whether a volume of the sender's own conflicts with anything; it discloses "
        "that volume.",
        fields=(
            text("about", "About", "Whose operations are meant", most=80, mandatory=True),
            text("operation", "Operation", "The id of the asker's own", most=36, mandatory=True),
            value("operation_version", "Version", FieldKind.NUMBER, "Of it", mandatory=True),
            choice(
                "class",
                "Class",
                "What moves",
                *(each.value for each in OperationClass),
                mandatory=True,
            ),
            value(
                "volumes", "Volumes", FieldKind.VOLUMES, "Where and when; no more", mandatory=True
            ),
            value("lateral_uncertainty_m", "Aside", FieldKind.DISTANCE, "How far it may be off"),
            value("vertical_uncertainty_m", "In height", FieldKind.DISTANCE, "Likewise"),
            text("member", "Member", "Of the asking party, if one flies it", most=80),
            value("suggests", "Suggest", FieldKind.BOOLEAN, "Whether steps that help are wanted"),
            value("widened", "Widened", FieldKind.BOOLEAN, "Whether made large enough to ask"),
        ),
        precedence=Precedence.ROUTINE,
        written_by_hand=False,
    ),
    MessageType(
        code="M31",
        name="VOLUME ANSWER",
        purpose="Answers a question about a volume at the level agreed or released, no finer than "
        "the grid.",
        fields=(
            value("question", "Question", FieldKind.MESSAGE, "Which it answers", mandatory=True),
            text("operation", "Operation", "The id that was asked about", most=36, mandatory=True),
            text("about", "About", "Whose operations were meant", most=80, mandatory=True),
            choice(
                "verdict",
                "Verdict",
                "The worst there is",
                *(each.value for each in Verdict),
                mandatory=True,
            ),
            value(
                "answer",
                "Answer",
                FieldKind.VALUES,
                "Conflicts by id, rule and band of time; reasons; hints",
                mandatory=True,
            ),
            value("as_of", "As of", FieldKind.MOMENT, "The moment it speaks of", mandatory=True),
        ),
        precedence=Precedence.ROUTINE,
        written_by_hand=False,
    ),
    MessageType(
        code="M32",
        name="PRESENCE",
        purpose="Says in bands of numbers how many notices are active, and no more (L0).",
        fields=(
            value("notices", "Notices", FieldKind.VALUES, "By class, in bands", mandatory=True),
            text("zones", "Zones", "Zones published, in a band", most=20, mandatory=True),
            value("as_of", "As of", FieldKind.MOMENT, "When they were counted", mandatory=True),
        ),
        precedence=Precedence.ROUTINE,
        written_by_hand=False,
    ),
    MessageType(
        code="M33",
        name="VIEWS TOLD",
        purpose="Tells the owner of operations to whom a broker named their conflicts, and "
        "nothing of what was asked.",
        fields=(
            value("question", "Question", FieldKind.MESSAGE, "Which it answered", mandatory=True),
            text("asker", "Asker", "Who was told", most=80, mandatory=True),
            text("member", "Member", "Of that party, if one asked", most=80),
            text("level", "Level", "How much was told", most=2, mandatory=True),
            value(
                "views",
                "Views",
                FieldKind.VALUES,
                "Each operation with its conflict's id",
                mandatory=True,
            ),
            value("at", "At", FieldKind.MOMENT, "When it was told", mandatory=True),
        ),
        precedence=Precedence.ROUTINE,
        written_by_hand=False,
    ),
)
