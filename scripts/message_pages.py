"""Write docs/reference/messages.md from the catalogue, or check that it is current.

python scripts/message_pages.py           write it
python scripts/message_pages.py --check   fail where it is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.kinds import Field, MessageType
from keepclear.contact.catalogue.releasing import roles_for
from keepclear.contact.clocks import DEFAULT_CLOCKS, MARGIN_S
from keepclear.formats.quantities import duration_text
from keepclear.model.operation import Precedence

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "messages.md"
WRITTEN_BY = (
    "<!-- Written by scripts/message_pages.py (make docs-write); edit the catalogue instead. -->"
)
BEGINNING = """\
Every message on a line is one of these types. Beside its own fields each carries its line, parties,
roles, mode, precedence, time of origin, validity, references, a remark of at most 280 characters
and renderings in other languages. Fields that are read back are compared by machine: positions
within 1 m, numbers and times exactly, words without regard to capitals and spaces.

Acknowledge, readback, answer and *passed to units* are four different acts, each proved by itself.
None of them is an approval.\
"""
CLOCKS = """\
An agreement may set other times. Every clock of a message ends before the start of what it speaks
of, by the margin.\
"""


def page() -> str:
    """The whole page."""
    parts = ["# Messages", WRITTEN_BY, BEGINNING, "## Clocks", CLOCKS, clock_table()]
    for kind in CATALOGUE.values():
        parts += [f"## {kind.code} {kind.name}", kind.purpose, "  \n".join(facts(kind))]
        parts.append(field_table(kind))
    return "\n\n".join(parts) + "\n"


def clock_table() -> str:
    """The default clocks by precedence."""
    rows = ["| clock | " + " | ".join(DEFAULT_CLOCKS) + " |", "|---|" + "---|" * len(Precedence)]
    names = ("delivery", "acknowledge", "readback", "escalate", "alternate", "top_level", "answer")
    for name in names:
        times = [getattr(clocks, f"{name}_s") for clocks in DEFAULT_CLOCKS.values()]
        told = " | ".join("never" if each is None else duration_text(each) for each in times)
        rows.append(f"| {name.replace('_', ' ')} | {told} |")
    margins = " | ".join(duration_text(MARGIN_S[each]) for each in DEFAULT_CLOCKS)
    return "\n".join([*rows, f"| margin | {margins} |"])


def facts(kind: MessageType) -> Iterator[str]:
    """What holds for the whole message, one line each."""
    yield f"Precedence: {kind.precedence} unless chosen otherwise."
    yield "Read back." if kind.readback else "Not read back."
    if kind.answer is not None:
        by = ", ".join(kind.answer.codes) or "the act *answer*"
        when = f" where `{kind.answer.key}` is {', '.join(kind.answer.words)}"
        yield f"Asks for an answer{when if kind.answer.key else ''}; answered by {by}."
    if kind.units:
        yield "The receiver's units must be told."
    if kind.validity:
        yield "Says from when to when it holds."
    if not kind.written_by_hand:
        yield "Written by the node, never by hand."
        return
    may = roles_for(kind, Precedence.ROUTINE)
    yield f"Released by: {', '.join(may)}; as FLASH by any role on watch."
    if kind.second_person:
        yield "Two people release it, unless it goes as FLASH."


def field_table(kind: MessageType) -> str:
    """The fields of a message."""
    rows = ["| field | holds | | what to write |", "|---|---|---|---|"]
    return "\n".join([*rows, *(field_row(field) for field in kind.fields)])


def field_row(field: Field) -> str:
    """One field."""
    marks = [("needed", field.mandatory), ("read back", field.read_back)]
    marks.append(("ahead", field.future))
    told = ", ".join(mark for mark, holds in marks if holds)
    words = f" ({', '.join(field.choices)})" if field.choices else ""
    return f"| `{field.key}` | {field.kind}{words} | {told} | {field.label}: {field.explanation} |"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is stale."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 3
    is_stale = not PAGE.is_file() or PAGE.read_text() != page()
    if arguments == ["--check"]:
        if is_stale:
            print("docs/reference/messages.md is stale: run `make docs-write`", file=sys.stderr)
        return int(is_stale)
    if is_stale:
        PAGE.write_text(page())
        print("docs/reference/messages.md written")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
