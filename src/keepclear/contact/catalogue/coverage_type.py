"""What a party says its released set covers: M29, our addition to the catalogue.

Without it another party's silence proves nothing, and no message of the 28 carries it.

Source: design of keepclear, section 2 (coverage); decision 20.
"""

from __future__ import annotations

from typing import Final

from keepclear.contact.catalogue.kinds import (
    PLANNING,
    Field,
    FieldKind,
    MessageType,
    choice,
    value,
)
from keepclear.model.coverage import Completeness
from keepclear.model.operation import OperationClass, Precedence

_HOW_MUCH = tuple(each.value for each in Completeness)


def class_key(operation_class: OperationClass) -> str:
    """The field that says how much of a class the set holds."""
    return operation_class.value.replace(" ", "_")


def _class_field(operation_class: OperationClass) -> Field:
    words = f"How much of what is {operation_class.value} the set holds"
    label = operation_class.value.capitalize()
    return choice(
        class_key(operation_class), label, words, *_HOW_MUCH, mandatory=True, read_back=True
    )


COVERAGE_TYPES: Final = (
    MessageType(
        code="M29",
        name="COVERAGE STATEMENT",
        purpose="Says what the sender's released set covers; without it silence proves nothing.",
        fields=(
            value(
                "volumes",
                "Area and times",
                FieldKind.VOLUMES,
                "One area, its heights, from when to when",
                mandatory=True,
                read_back=True,
            ),
            value(
                "as_of",
                "As of",
                FieldKind.MOMENT,
                "When the set was drawn up",
                mandatory=True,
                read_back=True,
            ),
            *(_class_field(each) for each in OperationClass),
            value("notices", "Notices", FieldKind.NUMBER, "How many notices the set holds"),
        ),
        precedence=Precedence.ROUTINE,
        roles=PLANNING,
    ),
)
