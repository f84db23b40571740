"""Notices of operations, of zones and of areas where an aircraft is at hazard.

Source: domain study of keepclear, 5f (M03 to M06) and 5g: no system data of an
air-defence area, no list of what a party has.
"""

from __future__ import annotations

from typing import Final

from keepclear.contact.catalogue.kinds import (
    DUTY,
    PLANNING,
    FieldKind,
    MessageType,
    choice,
    count,
    text,
    texts,
    value,
)
from keepclear.model.operation import OperationCategory, OperationClass, Precedence

_CATEGORIES = tuple(each.value for each in OperationCategory)
_CLASSES = tuple(each.value for each in OperationClass)
_STATUS = ("active", "treat as active", "planned")

NOTICE_TYPES: Final = (
    MessageType(
        code="M03",
        name="OPERATION NOTICE",
        purpose="Tells of an intended flight or movement before it begins.",
        fields=(
            value(
                "operation",
                "Operation",
                FieldKind.OPERATION,
                "Which",
                mandatory=True,
                read_back=True,
            ),
            choice("category", "Category", "What it is for", *_CATEGORIES, mandatory=True),
            choice("class", "Class", "What moves", *_CLASSES, mandatory=True, read_back=True),
            count("number", "How many", "Aircraft or vehicles", mandatory=True, read_back=True),
            value(
                "volumes",
                "Volumes",
                FieldKind.VOLUMES,
                "Where, at which heights, when",
                mandatory=True,
                read_back=True,
                future=True,
            ),
            value("tolerance_s", "Tolerance", FieldKind.DURATION, "How much earlier or later"),
            text(
                "frequency", "Own contact", "On which frequency it answers", most=80, read_back=True
            ),
            text("sponsor", "Sponsor or affiliate", "On whose behalf it flies", most=80),
            value("lead_time_s", "Lead time", FieldKind.DURATION, "From this notice to the start"),
        ),
        precedence=Precedence.PRIORITY,
        readback=True,
        units=True,
        roles=PLANNING,
        begins="volumes",
    ),
    MessageType(
        code="M04",
        name="OPERATION CHANGE / CANCEL",
        purpose="Says what changed in a notified operation, or that it is off.",
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
                "kind",
                "Kind",
                "What happens to it",
                "change",
                "cancel",
                mandatory=True,
                read_back=True,
            ),
            texts("changed", "Changed fields", "Their names; only these hold something new"),
            value("volumes", "New volumes", FieldKind.VOLUMES, "Where changed", read_back=True),
            count("number", "How many", "Where changed", read_back=True),
            text("frequency", "Own contact", "Where changed", most=80, read_back=True),
            choice(
                "reason",
                "Reason",
                "Why",
                "weather",
                "technical",
                "conflict answered",
                "safety",
                "other",
                mandatory=True,
            ),
            value(
                "effective",
                "Effective",
                FieldKind.MOMENT,
                "From when",
                mandatory=True,
                read_back=True,
            ),
        ),
        precedence=Precedence.PRIORITY,
        readback=True,
        units=True,
        roles=PLANNING,
        begins="effective",
    ),
    MessageType(
        code="M05",
        name="ZONE NOTICE",
        purpose="Tells of airspace with a rule.",
        fields=(
            text("zone", "Zone", "Its id", most=80, mandatory=True, read_back=True),
            text("kind", "Kind", "What sort of zone", most=80, mandatory=True),
            value(
                "volumes",
                "Extent",
                FieldKind.VOLUMES,
                "Where and when",
                mandatory=True,
                read_back=True,
            ),
            choice(
                "status",
                "Status",
                "Never inactive: it ends by expiry",
                *_STATUS,
                mandatory=True,
                read_back=True,
            ),
            text("entry_rule", "Entry", "Who may enter, and how", mandatory=True, read_back=True),
            text("authority", "Authority", "Who controls it", most=80, mandatory=True),
            text("frequency", "Contact", "Frequency or number", most=80, read_back=True),
            text("civil_notice", "Civil notice", "Reference of a NOTAM", most=80),
        ),
        precedence=Precedence.PRIORITY,
        readback=True,
        units=True,
        roles=PLANNING,
        begins="volumes",
    ),
    MessageType(
        code="M06",
        name="AIR-DEFENCE HAZARD AREA",
        purpose="Says where an aircraft is at hazard and how to approach. No system is described.",
        fields=(
            text("place", "Airfield or area", "Which", most=80, mandatory=True, read_back=True),
            value(
                "volumes",
                "Extent",
                FieldKind.VOLUMES,
                "Where and when",
                mandatory=True,
                read_back=True,
            ),
            choice(
                "status",
                "Status",
                "Never inactive: it ends by expiry or cancellation",
                "active",
                "treat as active",
                mandatory=True,
                read_back=True,
            ),
            text(
                "safe_approach", "Safe approach", "How to come near", mandatory=True, read_back=True
            ),
            text(
                "contact", "Contact", "Frequency or number", most=80, mandatory=True, read_back=True
            ),
        ),
        precedence=Precedence.IMMEDIATE,
        readback=True,
        units=True,
        roles=DUTY,
        begins="volumes",
    ),
)
