"""Crossings of agreed lines, and humanitarian movements and sites.

Source: domain study of keepclear, 5f (M11, M14, M15), 0.9 and 5g: humanitarian notices are
received and passed on, never approved or denied.
"""

from __future__ import annotations

from typing import Final

from keepclear.contact.catalogue.kinds import (
    MOVEMENTS,
    PLANNING,
    AnswerRule,
    FieldKind,
    MessageType,
    choice,
    text,
    texts,
    value,
)
from keepclear.model.operation import OperationClass, Precedence

_CLASSES = tuple(each.value for each in OperationClass)

MOVEMENT_TYPES: Final = (
    MessageType(
        code="M11",
        name="CROSSING REQUEST / NOTICE",
        purpose="Says that somebody will cross an agreed line, or asks how to.",
        fields=(
            choice("kind", "Kind", "A notice, or a request", "notice", "request", mandatory=True),
            text(
                "boundary",
                "Boundary",
                "Its id in the agreement",
                most=80,
                mandatory=True,
                read_back=True,
            ),
            value(
                "point",
                "Point",
                FieldKind.POSITION,
                "Where it is crossed",
                mandatory=True,
                read_back=True,
            ),
            text(
                "direction",
                "Direction",
                "From which side to which",
                most=80,
                mandatory=True,
                read_back=True,
            ),
            choice("class", "Class", "What crosses", *_CLASSES, mandatory=True, read_back=True),
            value(
                "band", "Heights", FieldKind.BAND, "Between which", mandatory=True, read_back=True
            ),
            value(
                "window",
                "From and to",
                FieldKind.WINDOW,
                "When",
                mandatory=True,
                read_back=True,
                future=True,
            ),
            choice(
                "reason",
                "Reason",
                "Why",
                "transit",
                "weather",
                "medical",
                "rescue",
                "fire",
                "other",
                mandatory=True,
            ),
        ),
        precedence=Precedence.PRIORITY,
        readback=True,
        answer=AnswerRule(key="kind", words=("request",)),
        units=True,
        roles=PLANNING,
        begins="window",
    ),
    MessageType(
        code="M14",
        name="HUMANITARIAN MOVEMENT",
        purpose="Tells of a humanitarian flight or convoy. It is never approved or denied.",
        fields=(
            text("organisation", "Organisation", "Whose movement", most=80, mandatory=True),
            choice(
                "mode",
                "By",
                "How it moves",
                "air",
                "road",
                "sea",
                "on foot",
                mandatory=True,
                read_back=True,
            ),
            text("route", "Route", "In words", most=1_000, mandatory=True),
            value(
                "volumes",
                "Legs and times",
                FieldKind.VOLUMES,
                "Where and when, leg by leg",
                mandatory=True,
                read_back=True,
                future=True,
            ),
            text("marks", "Marks", "Of vehicles or aircraft", mandatory=True, read_back=True),
            text(
                "contact",
                "Contact on the move",
                "Number or frequency",
                most=80,
                mandatory=True,
                read_back=True,
            ),
            choice(
                "cargo",
                "Cargo",
                "Its class",
                "food",
                "medical",
                "people",
                "shelter",
                "fuel",
                "other",
                mandatory=True,
            ),
            choice(
                "acknowledgement_wanted",
                "Wanted",
                "Up to which proof",
                "acknowledged",
                "passed to units",
                mandatory=True,
            ),
            value("expiry", "Expires", FieldKind.MOMENT, "When this notice ends", mandatory=True),
        ),
        precedence=Precedence.PRIORITY,
        readback=True,
        units=True,
        roles=MOVEMENTS,
        second_person=True,
        begins="volumes",
    ),
    MessageType(
        code="M15",
        name="HUMANITARIAN STATIC ENTRY",
        purpose="Names one humanitarian site to one recipient, to keep clear of it.",
        fields=(
            text("function", "Function", "Hospital, store, shelter ...", most=80, mandatory=True),
            value("point", "Point", FieldKind.POSITION, "Where", mandatory=True, read_back=True),
            value(
                "radius_m",
                "Radius",
                FieldKind.DISTANCE,
                "In metres around the point",
                mandatory=True,
                read_back=True,
            ),
            text("verified_by", "Verified by", "Who looked", most=80, mandatory=True),
            choice(
                "method",
                "Method",
                "How it was verified",
                "visit",
                "imagery",
                "telephone",
                "not verified",
                mandatory=True,
            ),
            value("verified_on", "Verified on", FieldKind.MOMENT, "When", mandatory=True),
            value(
                "expiry",
                "Expires",
                FieldKind.MOMENT,
                "When it must be said again",
                mandatory=True,
                future=True,
            ),
            texts("release_list", "Released to", "Parties that may see it", mandatory=True),
        ),
        precedence=Precedence.PRIORITY,
        readback=True,
        units=True,
        roles=MOVEMENTS,
        second_person=True,
    ),
)
