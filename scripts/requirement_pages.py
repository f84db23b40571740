"""Write the page of F3548-21 requirements from their table, or check table and page.

python scripts/requirement_pages.py           write docs/reference/f3548-requirements.md
python scripts/requirement_pages.py --check   fail where the page is stale

Either way it fails on a gap of tests/f3548/requirements.toml: an id that is missing, unknown or
there twice, one with neither a test nor a reason, a test that is not there.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "tests" / "f3548" / "requirements.toml"
IDS = ROOT / "tests" / "f3548" / "requirement_ids.txt"
PAGE = ROOT / "docs" / "reference" / "f3548-requirements.md"

Requirement = Mapping[str, Any]

FIELDS = frozenset({"id", "section", "asks", "role", "described", "tests", "reason", "judged_by"})
NEEDED = frozenset({"id", "section", "asks", "role"})
ROLES = {"dss": "DSS", "uss": "USS", "both": "DSS and USS"}

HEAD = """\
# F3548 requirements

<!-- Written by scripts/requirement_pages.py (make docs-write); edit the table instead. -->

Every requirement id of ASTM F3548-21 that its public test material names: what it asks, in our own
words, and which tests of ours show it, or why none does. The standard itself is to be had from
ASTM; where nothing public says what an id asks, this page says so and does not guess. *Judged by*
names the scenarios of the field's own qualifier
([interuss/monitoring](https://github.com/interuss/monitoring)) that refer to it.

A test that is named shows what we understood. It is no certificate, and nobody but an authority
gives one.
"""


def main(arguments: list[str]) -> int:
    """Write the page, or tell what is wrong."""
    table = requirements(TABLE.read_text(encoding="utf-8"))
    known = known_ids(IDS.read_text(encoding="utf-8"))
    faults = list(gaps(table, known, ROOT))
    text = "" if faults else page(table, known)
    if not faults and "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
    elif not faults and (not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text):
        faults.append(f"{PAGE.name} is stale: run `make docs-write`")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def requirements(text: str) -> list[Requirement]:
    """The table as it was written."""
    found: list[Requirement] = tomllib.loads(text).get("requirement", [])
    return found


def known_ids(text: str) -> dict[str, str]:
    """Each id and its section, in the standard's order."""
    found: dict[str, str] = {}
    section = ""
    for line in text.splitlines():
        name = line.split("#", 1)[0].split("  ", 1)[0].strip()
        if not name:
            continue
        if any(letter.isdigit() for letter in name):
            found[name] = section
        else:
            section = name
    return found


def gaps(table: Sequence[Requirement], known: Mapping[str, str], root: Path) -> Iterator[str]:
    """What is wrong with the table, a line for each fault."""
    ids = [str(each.get("id", "")) for each in table]
    yield from (f"{each}: is missing" for each in known if each not in ids)
    yield from (f"{each}: is there twice" for each in sorted(set(ids)) if ids.count(each) > 1)
    for each in table:
        yield from (f"{each.get('id', '?')}: {fault}" for fault in _faults(each, known, root))


def _faults(each: Requirement, known: Mapping[str, str], root: Path) -> Iterator[str]:
    yield from (f"has no {name}" for name in sorted(NEEDED) if not each.get(name))
    yield from (f"says {name}, which means nothing" for name in sorted(set(each) - FIELDS))
    if each.get("id") not in known:
        yield "is unknown"
    elif each.get("section") != known[each["id"]]:
        yield f"stands under {each.get('section')!r}, and belongs to {known[each['id']]!r}"
    if each.get("role") not in ROLES:
        yield f"has a role that is none of {', '.join(ROLES)}"
    if not each.get("tests") and not each.get("reason"):
        yield "has neither a test nor a reason"
    yield from (f"no test {name}" for name in each.get("tests", []) if not _is_test(name, root))


def _is_test(name: str, root: Path) -> bool:
    path, _, function = name.partition("::")
    return path.startswith("tests/") and function in _tests_of(root / path)


@cache
def _tests_of(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    module = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        each.name
        for each in module.body
        if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
        and each.name.startswith("test_")
    )


def page(table: Sequence[Requirement], known: Mapping[str, str]) -> str:
    """The page, section by section in the standard's order."""
    by_id = {each["id"]: each for each in table}
    lines = [HEAD, *_counts(table)]
    section = ""
    for name in known:
        if known[name] != section:
            section = known[name]
            lines += [f"## {section}", ""]
        lines += _one(by_id[name])
    return "\n".join(lines)


def _counts(table: Sequence[Requirement]) -> list[str]:
    described = [each for each in table if each.get("described", True)]
    shown = [each for each in described if each.get("tests")]
    remarked = sum(bool(each.get("reason")) for each in shown)
    return [
        "| | ids |",
        "|---|---|",
        f"| public material says what it asks, and tests show it | {len(shown) - remarked} |",
        f"| tests show it, with a remark on what they do not show | {remarked} |",
        f"| no test shows it, for the reason given | {len(described) - len(shown)} |",
        f"| public material does not say what it asks | {len(table) - len(described)} |",
        f"| all | {len(table)} |",
        "",
    ]


def _one(each: Requirement) -> Iterator[str]:
    yield f"**{each['id']}** ({ROLES[each['role']]}): {each['asks']}"
    yield ""
    yield from (f"- `{name}`" for name in each.get("tests", []))
    if each.get("reason"):
        yield f"- {each['reason']}"
    if each.get("judged_by"):
        yield f"- Judged by: {', '.join(each['judged_by'])}."
    yield ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
