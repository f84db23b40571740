"""The house's measures, counted on every run: sizes, names, docstrings, sources.

An exception stands in a table with its reason; a table entry that is no longer needed
fails, so that none outlives its cause.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "keepclear"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST_MODULE = 400
LONGEST_FUNCTION = 50
MEDIAN_MODULE = 200

BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc", "core"}
BANNED_WORDS_OF_ANSWERS = re.compile(
    r"\b(all[- ]clear|(is|are) clear|clear(ed)? (to|for)|safe to fly)\b"
)

LONG_MODULES: dict[str, str] = {}
LONG_FUNCTIONS: dict[str, str] = {}
_OWN = "our own construction, argued in its docstring"
_PARTS = "puts the geometry of others together, states none"
_STORE = "an arrangement of arrays, no formula"
NO_FORMULA: dict[str, str] = {
    "geometry/compiled.py": "where machine code is kept, no formula",
    "geometry/footprint.py": _OWN,
    "deconflict/airspace.py": _PARTS,
    "deconflict/boundaries.py": _PARTS,
    "deconflict/boxes.py": _OWN,
    "deconflict/cells.py": _OWN,
    "deconflict/conflict.py": _PARTS,
    "deconflict/containment.py": _OWN,
    "deconflict/declared.py": _STORE,
    "deconflict/delta.py": _STORE,
    "deconflict/index.py": _STORE,
    "deconflict/measuring.py": _PARTS,
    "deconflict/packing.py": _STORE,
    "deconflict/queries.py": _STORE,
    "deconflict/resolution.py": _OWN,
    "deconflict/rulebook.py": _PARTS,
    "deconflict/run.py": _STORE,
    "deconflict/warming.py": "runs every kernel once, no formula",
    "deconflict/zones.py": _PARTS,
    "f3548/cells.py": _OWN,
}
"""Engine modules without a `Source:`, each with the reason why none is due."""

ENGINES = ("geometry", "rules", "deconflict", "contact", "disclose", "f3548")
EDGES: dict[str, str] = {
    "api/dispatch.py": "a request of a person",
    "api/f3548/dispatch.py": "a request of an F3548 client",
    "api/node/application.py": "a request of another node",
    "cli/main.py": "a command",
    "compose/attempting.py": "a thread of the line must outlive what fails in it",
    "services/versions.py": "one of several filings must not fail the others",
    "store/sqlite/group_commit.py": "what one work raises goes to its caller",
}
"""Where anything at all may be caught, each with the reason."""
CLOCK_OR_CHANCE = re.compile(
    r"\b(datetime\.now|utcnow|time\.time|time\.monotonic|import random|import secrets|uuid4)\b"
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def functions_of(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, Function):
            yield node


def lines_of(function: Function) -> int:
    """How long a function is without its docstring, which may take the room it needs."""
    assert function.end_lineno is not None
    docstring = function.body[0] if ast.get_docstring(function, clean=False) else None
    told = 0 if docstring is None else (docstring.end_lineno or 0) - docstring.lineno + 1
    return function.end_lineno - function.lineno + 1 - told


def public_nodes(path: Path) -> Iterator[tuple[str, ast.AST]]:
    """The module, its public classes and functions, and the public methods of those classes."""
    tree = tree_of(path)
    yield name_of(path), tree
    for node in tree.body:
        if not isinstance(node, (ast.ClassDef, Function)) or node.name.startswith("_"):
            continue
        yield f"{name_of(path)}:{node.name}", node
        for inner in node.body if isinstance(node, ast.ClassDef) else ():
            if isinstance(inner, Function) and not inner.name.startswith("_"):
                yield f"{name_of(path)}:{node.name}.{inner.name}", inner


def test_no_module_is_too_long_to_read() -> None:
    long = {name_of(m) for m in MODULES if len(m.read_text().splitlines()) > LONGEST_MODULE}
    assert long == set(LONG_MODULES)


def test_half_of_the_modules_are_short() -> None:
    lengths = sorted(len(module.read_text().splitlines()) for module in MODULES)
    assert lengths[len(lengths) // 2] < MEDIAN_MODULE


def test_no_function_is_too_long_to_read() -> None:
    long = {
        f"{name_of(module)}:{function.name}"
        for module in MODULES
        for function in functions_of(module)
        if lines_of(function) > LONGEST_FUNCTION
    }
    assert long == set(LONG_FUNCTIONS)


def test_most_functions_are_short() -> None:
    lengths = sorted(lines_of(f) for module in MODULES for f in functions_of(module))
    assert lengths[int(len(lengths) * 0.9)] <= 35


def test_module_names_say_what_is_inside() -> None:
    names = {part for module in MODULES for part in Path(name_of(module)).with_suffix("").parts}
    assert names.isdisjoint(BANNED_NAMES)


def test_everything_public_says_what_it_answers() -> None:
    silent = [
        name
        for module in MODULES
        for name, node in public_nodes(module)
        if not ast.get_docstring(node)  # type: ignore[arg-type]
    ]
    assert silent == []


def test_engines_name_the_source_of_their_formulas() -> None:
    engines = [m for m in MODULES if name_of(m).startswith(ENGINES) and m.name != "__init__.py"]
    bare = {name_of(m) for m in engines if "Source:" not in m.read_text()}
    assert bare == set(NO_FORMULA)


def test_only_compose_reads_the_clock_or_draws_identifiers() -> None:
    readers = {name_of(m) for m in MODULES if CLOCK_OR_CHANCE.search(m.read_text())}
    assert readers == {"compose/machine.py"}


def test_broad_excepts_stand_at_the_edges_alone_and_are_explained() -> None:
    broad = {
        name_of(module): module.read_text().splitlines()[handler.lineno - 1].strip()
        for module in MODULES
        for handler in ast.walk(tree_of(module))
        if isinstance(handler, ast.ExceptHandler) and is_broad(handler) and not goes_on(handler)
    }
    assert set(broad) == set(EDGES)
    assert all("noqa: BLE001  (" in line for line in broad.values()), broad


def is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    return caught is None or (
        isinstance(caught, ast.Name) and caught.id in {"Exception", "BaseException"}
    )


def goes_on(handler: ast.ExceptHandler) -> bool:
    """Whether a handler only tidies up and lets the error go on."""
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_answer_sounds_like_a_clearance(module: Path) -> None:
    assert not BANNED_WORDS_OF_ANSWERS.search(strings_of(module).lower())


def strings_of(module: Path) -> str:
    tree = tree_of(module)
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return "\n".join(value for value in constants if isinstance(value, str))


def test_no_file_names_a_machine_of_its_writers() -> None:
    suspects = re.compile("/" + "work/|/home/|/tmp/" + "bash|index-url|artifactory")
    suffixes = {".py", ".md", ".toml", ".yml", ".txt", ".in", ".geojson", ".csv"}
    folders = ("src", "tests", "docs", "scripts", "bench", "examples", "requirements")
    files = [p for folder in folders for p in (ROOT / folder).rglob("*") if p.suffix in suffixes]
    assert [p.name for p in files if p != Path(__file__) and suspects.search(p.read_text())] == []
