"""Write the reference page of text lines from the catalogue and the grammar, or check it.

python scripts/text_pages.py           write it
python scripts/text_pages.py --check   fail where it is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.checking import canonical_fields
from keepclear.contact.catalogue.kinds import MessageType
from keepclear.contact.check_word import ALPHABET, LENGTH, PRIME, ROOT
from keepclear.contact.text_lines import AROUND, shown_spelling, tag_of, written_line
from keepclear.contact.text_names import Place
from keepclear.formats.bundle import MOST_BYTES as BUNDLE_BYTES
from keepclear.formats.bundle import WHAT
from keepclear.formats.mail import MOST_BYTES as MAIL_BYTES
from keepclear.formats.mail import MOST_PARTS, MOST_TEXT
from keepclear.formats.text_line.spellings import SPELLINGS
from keepclear.model.message import Message
from keepclear.model.operation import Mode, Precedence

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "text-lines.md"
_AT = datetime(2015, 9, 15, 11, 30, tzinfo=UTC)
_ROUND = {
    "ID": "the message's UUID; left out of a line that is read aloud",
    "VERSION": "where it is not 1",
    "FROM": "the role that released it",
    "TO": "the role it is for",
    "VALID": "from when to when it holds",
    "BEGINS": "when what it speaks of begins, where its fields say otherwise; NONE for never",
    "SUPERSEDES": "the message whose place it takes",
    "REFS": "messages it is about",
    "REMARK": "free text",
    "SAID": "the same in another language: `ru: ...`",
}


def page() -> str:
    """The page."""
    return "\n".join([*_head(), *_kinds(), *_types(), *_rest()])


def _example() -> str:
    fields = canonical_fields(
        "M09",
        {
            "subject": "two fast aircraft",
            "position": "35.7100N 035.9500E",
            "band": "FL240-FL260",
            "requested_action": "turn north now",
            "radio_tried": True,
        },
        _AT,
    )
    message = Message(
        id="5f1d7a44-6a0c-4a0e-9a53-0f1f6c1d2e3f",
        code="M09",
        version=1,
        line="AMBER-BLUE",
        sender="BLUE",
        recipient="AMBER",
        from_role="duty officer",
        to_role="duty officer",
        mode=Mode.EXERCISE,
        precedence=Precedence.FLASH,
        originated_at=_AT,
        fields=fields,
    )
    return written_line(
        message,
        Place(1, 147),
        placed=lambda _: "21 km north-east of Latakia",
        with_id=False,
    )


def _head() -> Iterator[str]:
    yield "# Text lines, bundles, mail"
    yield ""
    yield "<!-- Written by scripts/text_pages.py (make docs-write); edit the program instead. -->"
    yield ""
    yield "A text line is one message in one line that can be typed, mailed or read aloud."
    yield ""
    yield "```text"
    yield _example()
    yield "```"
    yield ""
    yield "Pieces stand between upright bars. The first is the heading: mode, `NO DUFF` where it"
    yield "is a real emergency in an exercise, `KC1`, type, sender and recipient, epoch and serial,"
    yield "precedence in a whole word, date-time group with month and year. The last is the check"
    yield "word and the mode again. A line may be wrapped anywhere between"
    yield "words, and fixed words may"
    yield "be in small letters. Several values of one field are counted:"
    yield "`VOLUMES(1/2)`, `VOLUMES(2/2)`."
    yield "Seconds of origin, and the words a position was typed in, are not carried."
    yield ""
    yield "Free text stands as it is, but for `\\p` (an upright bar), `\\n`,"
    yield "`\\r`, `\\t`, `\\s` (a space"
    yield "that would be lost), `\\\\`, and `\\{10FFFF}` for what cannot be typed."
    yield ""
    yield "## The check word"
    yield ""
    yield f"{LENGTH} symbols of `{ALPHABET}`. The line without the word, in"
    yield "capitals and with single"
    yield f"spaces, is read as h = 1, then h = (h x {ROOT} + code point) modulo {PRIME} for each"
    yield f"character; the word is h written to the base {len(ALPHABET)}. {PRIME}"
    yield f"is prime and {ROOT}"
    yield "a primitive root of it, so every single wrong character and every swap of two characters"
    yield f"changes the word, and any other damage passes once in {PRIME:,}. Capitals of Latin and"
    yield "Cyrillic letters and the number of spaces are not covered. It proves no sender."
    yield ""
    yield "## Pieces of every message"
    yield ""
    yield "| piece | says |"
    yield "|---|---|"
    yield from (f"| `{each}` | {_ROUND[each]} |" for each in AROUND)
    yield ""


def _kinds() -> Iterator[str]:
    yield "## How each kind of field is spelt"
    yield ""
    yield "What stands on both sides of `=` must agree, or nothing is read. `NEAR` says where a"
    yield "position lies from a place people know; whoever enters the line is"
    yield "told where theirs differ."
    yield ""
    yield "| kind | spelling |"
    yield "|---|---|"
    yield from (f"| {name} | `{each.shown}` |" for name, each in SPELLINGS.items())
    yield ""


def _types() -> Iterator[str]:
    yield "## Pieces of each type"
    yield ""
    for kind in CATALOGUE.values():
        yield from _type(kind)


def _type(kind: MessageType) -> Iterator[str]:
    yield f"### {kind.code} {kind.name}"
    yield ""
    yield "| piece | needed | spelling |"
    yield "|---|---|---|"
    for field in kind.fields:
        needed = "yes" if field.mandatory else ""
        yield f"| `{tag_of(field)}` | {needed} | `{shown_spelling(field)}` |"
    yield ""


def _rest() -> Iterator[str]:
    yield "## Bundles"
    yield ""
    yield f"A file of JSON lines, at most {BUNDLE_BYTES:,} bytes: a heading"
    yield f"(`what`: `{WHAT}`, `line`,"
    yield '`from`, `mode`, `at`, `certificate`), then `{"envelope": ...}` and'
    yield '`{"receipt": ...}`, each'
    yield 'as its own signed bytes, then `{"end": COUNT}`. The heading is not signed and nothing is'
    yield "believed because of it. A file that is cut short is refused whole."
    yield ""
    yield "## Mail"
    yield ""
    yield f"A mail of at most {MAIL_BYTES:,} bytes, {MOST_PARTS} parts and"
    yield f"{MOST_TEXT:,} characters of"
    yield "plain text. Text lines are found in its text; attachments named"
    yield "`*.keepclear` are bundles."
    yield "Whatever else is in it is kept by its name and not opened. A quoted line of our own does"
    yield "nothing. Sender and subject are kept as evidence and prove nothing."
    yield ""


def main(arguments: list[str]) -> int:
    """Write the page, or tell whether it is current."""
    if "--check" not in arguments:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.read_text(encoding="utf-8") == page():
        return 0
    print(f"{PAGE.name} is stale: run `make docs-write`", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
