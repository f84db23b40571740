"""An agreement's TOML text into the model, or the list of what is wrong with it."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import Any

from keepclear.errors import InvalidAgreement
from keepclear.formats.agreement.consistency import check_consistency
from keepclear.formats.agreement.content import SCHEMA, agreement_digest
from keepclear.formats.agreement.draft import finished, read_draft
from keepclear.formats.agreement.fields import Fields
from keepclear.formats.agreement.lines import Lines, locate
from keepclear.formats.agreement.matches import check_rules
from keepclear.formats.agreement.names import check_names
from keepclear.formats.agreement.problems import Problem, Problems, Severity, shown
from keepclear.model.agreement import Agreement

MOST_BYTES = 4 * 2**20
"""The largest agreement that is read."""
MOST_IN_MESSAGE = 5
"""How many problems the message of a refusal holds; `check_agreement` lists them all."""

_PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")


def read_agreement(data: bytes, *, name: str) -> Agreement:
    """Read an agreement, its digest computed.

    Args:
        data: TOML in UTF-8; docs/reference/agreement.md lists the keys.
        name: what messages call it.

    Raises:
        InvalidAgreement: it has errors; the message holds the first of them with line and
            remedy. Warnings do not refuse it.
    """
    agreement, problems = _assess(data, name)
    if agreement is None:
        raise _refusal(name, [found for found in problems if found.severity is Severity.ERROR])
    return replace(agreement, digest=agreement_digest(agreement))


def check_agreement(data: bytes, *, name: str) -> tuple[Problem, ...]:
    """List everything wrong with an agreement's text, from its first line to its last.

    Args:
        data: TOML in UTF-8.
        name: what messages call it.

    Returns:
        Errors and warnings; empty where there is nothing to say. `read_agreement` takes a text
        without errors.
    """
    return _assess(data, name)[1]


def _assess(data: bytes, name: str) -> tuple[Agreement | None, tuple[Problem, ...]]:
    parsed = _parsed(data, name)
    if isinstance(parsed, Problem):
        return None, (parsed,)
    content, lines = parsed
    problems = Problems(lines)
    root = Fields(content, (), problems)
    if not _is_this_schema(root, content):
        return None, problems.listed()
    draft = read_draft(root, content)
    names_are_sound = check_names(draft, problems)
    check_rules(draft, problems, names_are_sound=names_are_sound)
    check_consistency(draft, problems)
    return root.build(lambda: finished(draft)), problems.listed()


def _parsed(data: bytes, name: str) -> tuple[dict[str, Any], Lines] | Problem:
    """The parsed content and where it stands, or why the whole text cannot be read."""
    if len(data) > MOST_BYTES:
        message = f"{shown(name)} has {len(data):,} bytes, more than {MOST_BYTES:,}"
        return Problem(None, "", message, "An agreement is a few pages; split what it lists.")
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(line, "", f"{shown(name)} is not text in UTF-8", "Save it as UTF-8.")
    try:
        lines = locate(text)
        return tomllib.loads(text), lines
    except InvalidAgreement as error:
        return Problem(None, "", error.message, error.remedy)
    except ValueError as error:  # what tomllib raises, and int() of too many digits
        return _not_toml(str(error), text)


def _not_toml(message: str, text: str) -> Problem:
    place = _PLACE.search(message)
    line = None
    if place is not None:
        line = int(place[1]) if place[1] else text.rstrip("\n").count("\n") + 1
    reason = _PLACE.sub("", message).strip().rstrip(".")
    return Problem(
        line,
        "",
        f"the text is not TOML: {shown(reason)}",
        "Check quotes, brackets and the sign = in this line and the one above.",
    )


def _is_this_schema(root: Fields, content: dict[str, Any]) -> bool:
    """Tell whether the text claims this schema, or none: a later one would only raise noise."""
    schema = content.get("schema")
    if schema == SCHEMA:
        return True
    remedy = f'Begin the text with schema = "{SCHEMA}".'
    if schema is None:
        root.fault("schema", "the text does not say which schema it follows", remedy)
        return True
    said = shown(schema) if isinstance(schema, str) else "that"
    root.fault("schema", f"{said} is not a schema this version knows", remedy)
    return False


def _refusal(name: str, errors: list[Problem]) -> InvalidAgreement:
    count = f"{len(errors)} errors" if len(errors) > 1 else "1 error"
    listed = [str(error) for error in errors[:MOST_IN_MESSAGE]]
    if len(errors) > MOST_IN_MESSAGE:
        listed.append(f"and {len(errors) - MOST_IN_MESSAGE} more")
    return InvalidAgreement("\n  ".join([f"{shown(name)} has {count}:", *listed]))
