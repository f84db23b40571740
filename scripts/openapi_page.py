"""Write the reference of the HTTP interface from its declarations, or check that it is current.

python scripts/openapi_page.py           write docs/reference/openapi.json and api.md
python scripts/openapi_page.py --check   fail where one is stale
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from keepclear import __version__
from keepclear.api.endpoint import Endpoint
from keepclear.api.openapi import kinds_of_problems, openapi_document, tag_of
from keepclear.api.problems import HTTP_KINDS, KIND_OF
from keepclear.api.routes import ENDPOINTS

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"
WRITTEN_BY = (
    "<!-- Written by scripts/openapi_page.py (make docs-write); edit the program instead. -->"
)
RULES = """\
People, the console and programs of your own speak to a node over HTTP, as JSON in UTF-8. The same
is told to programs by [openapi.json](openapi.json), which a running node hands out at
`/api/v1/openapi.json`.

## Rules for all paths

- **Who may ask.** Send `Authorization: Bearer TOKEN` with what stands in the file `token` of the
  node's folder. A browser opens a session instead. Only the paths marked *open* ask for neither.
- **From where.** The node answers under its own names alone (127.0.0.1, localhost and what `serve`
  was told), and refuses pages of other origins. A change by session must come from its own page.
- **Units.** SI, with the unit at the end of the name; times in UTC with a `Z`.
- **Versions.** Whatever is stored has a version, in its document and as `ETag`. A change says
  `If-Match: "3"`, something new says `If-None-Match: *`. Neither is refused with 428, another
  version with 412, and nothing was overwritten. The same content again is answered 200.
- **Lists.** `limit` and `cursor`; `next` of a page is the cursor of the one after it, null on the
  last. Whoever follows the cursors sees everything once that was there all along.
- **Errors** are problem documents (RFC 9457): `type`, `title`, `status`, `detail`, `code`, `remedy`
  and, where one is known, `place`. Unknown fields and parameters are refused, never left out.
- **Sizes.** Documents up to 1 MB, files up to 64 MB. Long replies are packed with gzip if asked.
- Every path also takes OPTIONS, and HEAD wherever it takes GET.
- Anything may end in 400 (the request cannot be used), 401, 403, 421, 429, 500 or 503, and what
  takes a body in 413 or 415; the codes below tell them apart. The tables name what else may be.

No answer is a permission. Its fields are those of [the check as JSON](check-json.md); the other
documents are explained in [documents](documents.md).\
"""
EVERYWHERE = frozenset({400, 401, 403, 413, 415, 421, 429, 500, 503})

Document = dict[str, Any]


def openapi_text(document: Document) -> str:
    """The OpenAPI document, one line for each value, so that changes show."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def page(document: Document) -> str:
    """Every endpoint in a few lines, noun by noun, then the codes of problems."""
    parts = ["# The HTTP interface", WRITTEN_BY, RULES]
    for tag in dict.fromkeys(map(tag_of, ENDPOINTS)):
        parts.append(f"## {tag}")
        for endpoint in ENDPOINTS:
            if tag_of(endpoint) == tag:
                parts += section(endpoint, document)
    parts += ["## Codes of problems", codes()]
    return "\n\n".join(parts) + "\n"


def section(endpoint: Endpoint, document: Document) -> Iterator[str]:
    """One endpoint: what it does, what it takes, what it answers."""
    told = document["paths"][endpoint.path][endpoint.method.lower()]
    yield f"### {endpoint.method} {endpoint.path}"
    mark = " *Open.*" if endpoint.is_open else ""
    described = f" {endpoint.description}" if endpoint.description else ""
    yield f"{endpoint.summary}.{described}{mark}"
    parameters = [each for each in told.get("parameters", ()) if each["in"] != "path"]
    if parameters:
        yield table(("parameter", "in", "meaning"), map(parameter_row, parameters))
    if endpoint.body is not None:
        yield f"Takes {body_words(endpoint, told)}."
    yield table(("status", "meaning", "holds"), reply_rows(endpoint))


def parameter_row(parameter: Document) -> tuple[str, ...]:
    """One parameter of the query or header."""
    needed = " Must be given." if parameter.get("required") else ""
    meaning = parameter["description"].rstrip(".")
    return (f"`{parameter['name']}`", parameter["in"], f"{meaning}.{needed}")


def body_words(endpoint: Endpoint, told: Document) -> str:
    """What the request brings, in one phrase."""
    body = endpoint.body
    if body is None:
        return "nothing"
    if body.description:
        return body.description.rstrip(".")
    (content,) = told["requestBody"]["content"].values()
    return f"`{schema_name(content['schema'])}`"


def reply_rows(endpoint: Endpoint) -> Iterator[tuple[str, ...]]:
    """Each reply that is no error, then the errors that are not the same everywhere."""
    for reply in endpoint.returns:
        name = getattr(reply.schema, "__name__", "") or reply.content_type
        holds = f"`{name}`" if name else "nothing"
        yield (str(reply.status), reply.description, holds)
    for status, kinds in kinds_of_problems(endpoint).items():
        if status not in EVERYWHERE:
            yield (str(status), ", ".join(f"`{code}`" for code in kinds), "`Problem`")


def schema_name(schema: Document) -> str:
    """The name a schema goes by."""
    return str(schema.get("$ref", "object")).rpartition("/")[2]


def codes() -> str:
    """Every code with its status."""
    rows = {(kind.code, told.status, told.title) for kind, told in KIND_OF.items()}
    rows |= {(kind.code, kind.status, kind.title) for kind in HTTP_KINDS}
    return table(
        ("code", "status", "title"),
        ((f"`{code}`", str(status), title) for code, status, title in sorted(rows)),
    )


def table(head: Sequence[str], rows: Iterator[tuple[str, ...]] | map[tuple[str, ...]]) -> str:
    """A table in Markdown; a bar inside a cell would end it."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines
    )


def main(arguments: list[str]) -> int:
    """Write both files, or with --check name the stale ones."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 3
    document = json.loads(json.dumps(openapi_document(ENDPOINTS, version=__version__)))
    texts = {"openapi.json": openapi_text(document), "api.md": page(document)}
    stale = [name for name, text in texts.items() if current(REFERENCE / name) != text]
    if arguments == ["--check"]:
        for name in stale:
            print(f"docs/reference/{name} is stale: run `make docs-write`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (REFERENCE / name).write_text(texts[name])
        print(f"docs/reference/{name} written")
    return 0


def current(path: Path) -> str:
    """The file as it is; empty where it is missing."""
    return path.read_text() if path.is_file() else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
