"""Write the reference of the F3548 interface from its declarations, or check that it is current.

python scripts/f3548_page.py           write docs/reference/f3548.openapi.json and f3548-api.md
python scripts/f3548_page.py --check   fail where one is stale
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from keepclear import __version__
from keepclear.api.f3548.endpoint import F3548Endpoint
from keepclear.api.f3548.openapi import MEANINGS, openapi_document, statuses_of
from keepclear.api.f3548.roles import ANY_ENDPOINTS, DSS_ENDPOINTS
from keepclear.api.f3548.tables import ENDPOINTS, TESTING_ENDPOINTS, USS_ENDPOINTS
from keepclear.formats.f3548 import ErrorResponse

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
WRITTEN_BY = (
    "<!-- Written by scripts/f3548_page.py (make docs-write); edit the program instead. -->"
)
RULES = """\
F3548 clients (USSs, arbiters, the field's tests) speak to a node over HTTP, as JSON in UTF-8, on a
port of their own. Paths, records and scopes are those of ASTM F3548-21; the same is told to
programs by [f3548.openapi.json](f3548.openapi.json).

## Rules for all paths

- **Who may ask.** `Authorization: Bearer TOKEN`, a JWT signed with RS256 by an issuer whose key
  [the settings](config.md) name. It has `iss`, `sub`, an `aud` that is one of the node's names, an
  `exp` at most an hour ahead, and `scope`, its scopes parted by spaces. `sub` is the manager of
  whatever is filed. Only the paths marked *open* ask for no token.
- **Order of checks.** 404 no such path, 405 not that method, 401 no token that holds, 403 not its
  scope, then 400 and 413 for ids and body, and only then what the service says.
- **Errors** are `ErrorResponse`, `{"message": "..."}`; a 409 of an operational intent names what is
  missing (`AirspaceConflictResponse`). Any path may answer 401, 403, 429 (come again after
  `Retry-After`), 500 and 503, and what takes a body 413; the tables name what else may be.
- **Sizes.** Bodies up to 4 MB, not compressed; one that is not whole within 10 seconds is not
  waited for.
- Fields that nobody declared are ignored, as the standard asks.\
"""
PARTS = (
    ("The discovery service (DSS)", DSS_ENDPOINTS),
    ("The USS", USS_ENDPOINTS),
    ("Interfaces for automated tests, off unless the settings say so", TESTING_ENDPOINTS),
    ("The node itself", ANY_ENDPOINTS),
)
EVERYWHERE = frozenset({401, 403, 413, 429, 500, 503})


def page() -> str:
    """Every endpoint in a few lines, role by role."""
    parts = ["# The F3548 interface", WRITTEN_BY, RULES]
    for title, endpoints in PARTS:
        if endpoints:
            parts.append(f"## {title}")
        for endpoint in endpoints:
            parts += section(endpoint)
    return "\n\n".join(parts) + "\n"


def section(endpoint: F3548Endpoint) -> Iterator[str]:
    """One endpoint: who may ask, what it takes, what it answers."""
    yield f"### {endpoint.method} {endpoint.path}"
    wanted = ", or ".join(
        " and ".join(f"`{scope}`" for scope in sorted(needed)) for needed in endpoint.scopes
    )
    yield f"{endpoint.summary} " + (f"For {wanted}." if wanted else "*Open.*")
    if endpoint.query:
        yield "Parameters: " + ", ".join(f"`{name}`" for name in endpoint.query) + "."
    if endpoint.body is not None:
        yield f"Takes `{endpoint.body.__name__}`."
    told = [each for each in statuses_of(endpoint) if each not in EVERYWHERE]
    yield table(("status", "meaning", "holds"), (row(endpoint, status) for status in told))


def row(endpoint: F3548Endpoint, status: int) -> tuple[str, ...]:
    """One status of an endpoint."""
    usual, record = endpoint.returns
    if status == 409 and endpoint.conflict is not None:
        record = endpoint.conflict
    elif status != usual:
        record = ErrorResponse
    return str(status), MEANINGS[status], "nothing" if record is None else f"`{record.__name__}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ["---"] * len(head), *rows))


def current(path: Path) -> str:
    """The file as it is; empty where it is missing."""
    return path.read_text() if path.is_file() else ""


def main(arguments: list[str]) -> int:
    """Write both files, or with --check name the stale ones."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 3
    document: dict[str, Any] = openapi_document(ENDPOINTS, version=__version__)
    told = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    texts = {"f3548.openapi.json": told, "f3548-api.md": page()}
    stale = [name for name, text in texts.items() if current(REFERENCE / name) != text]
    for name in stale:
        if arguments == ["--check"]:
            print(f"docs/reference/{name} is stale: run `make docs-write`", file=sys.stderr)
        else:
            (REFERENCE / name).write_text(texts[name])
            print(f"docs/reference/{name} written")
    return 1 if stale and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
