import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidAgreement
from keepclear.formats.agreement.lines import (
    DEEPEST,
    MOST_LINES,
    MOST_VALUES,
    KeyPath,
    locate,
)

ASSETS = Path(__file__).parents[3] / "assets" / "agreement"
COMPLETE = (ASSETS / "complete.toml").read_text()

TRICKY = '''\
a = "no # comment [x] \\" = here" # [not.a.header]
'b c'.d = 'it\\' # comment = "
e = """
[not a header]
f = 1 \\""" still inside
""""
f = \'\'\'
# not a comment '
g = 2\'\'\'
g = [ # first comment
    1, [2, "],"], # ] }

    { h = 3, i.j = [4] }, { },
]
k = { l = "}", m = { n = 1 } }
[o]
p = 1
[o.q]
r = 1979-05-27T07:32:00Z
[[s]]
t = 1
[[s.u]]
v = 1
[[s.u]]
v = 2
[[s]]
[s.w]
x = 1
[[s.u]]
v = 3
["y.z"."\\u0041"]
last = true
'''
LINES: dict[KeyPath, int] = {
    ("a",): 1,
    ("b c", "d"): 2,
    ("e",): 3,
    ("f",): 7,
    ("g",): 10,
    ("g", 0): 11,
    ("g", 1, 1): 11,
    ("g", 2): 13,
    ("g", 2, "h"): 13,
    ("g", 2, "i", "j", 0): 13,
    ("g", 3): 13,
    ("k", "m", "n"): 15,
    ("o",): 16,
    ("o", "p"): 17,
    ("o", "q"): 18,
    ("o", "q", "r"): 19,
    ("s",): 20,
    ("s", 0, "t"): 21,
    ("s", 0, "u", 0): 22,
    ("s", 0, "u", 0, "v"): 23,
    ("s", 0, "u", 1, "v"): 25,
    ("s", 1): 26,
    ("s", 1, "w", "x"): 28,
    ("s", 1, "u", 0, "v"): 30,
    ("y.z", "A", "last"): 32,
}


def paths_of(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths_of(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths_of(inner, (*path, index))


def test_the_tricky_text_is_valid() -> None:
    content = tomllib.loads(TRICKY)
    assert set(LINES) <= set(paths_of(content))


@pytest.mark.parametrize(("path", "line"), LINES.items())
def test_each_key_is_found_in_its_line(path: KeyPath, line: int) -> None:
    assert locate(TRICKY).of(path) == line


@pytest.mark.parametrize("text", [TRICKY, COMPLETE], ids=["tricky", "complete"])
def test_every_path_of_the_content_is_found_in_a_line_that_names_it(text: str) -> None:
    lines, written = locate(text), text.splitlines()
    for path in paths_of(tomllib.loads(text)):
        line = lines.of(path)
        assert line is not None
        if isinstance(path[-1], str) and path[-1] != "A":  # spelled as an escape
            assert path[-1] in written[line - 1]


def test_a_missing_key_is_in_the_line_of_the_table_around_it() -> None:
    assert locate(TRICKY).of(("s", 1, "w", "missing", 3)) == 27


def test_a_table_stands_at_its_own_header_even_after_a_table_inside_it() -> None:
    assert locate("[a.b]\nc = 1\n[a]\nd = 2\n").of(("a", "missing")) == 3


def test_what_has_no_table_around_it_is_in_no_line() -> None:
    assert locate(TRICKY).of(("nowhere",)) is None


@given(st.integers(0, 5), st.sampled_from(["", "# x = [1", "  ", "\t# ]]"]))
def test_lines_put_before_a_text_move_every_key_by_as_many(count: int, line: str) -> None:
    moved = locate(f"{line}\n" * count + TRICKY)
    assert all(moved.of(path) == number + count for path, number in LINES.items())


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * (DEEPEST + 2),
        "a = " + "{b=" * (DEEPEST + 2),
        ".".join("a" * (DEEPEST + 1)) + " = 1",
        "[" + ".".join("a" * (DEEPEST + 1)) + "]",
        "a = [" + "1," * MOST_VALUES + "]",
        "\n" * MOST_LINES,
    ],
    ids=["arrays", "tables", "key", "header", "values", "lines"],
)
def test_a_text_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(InvalidAgreement):
        locate(text)


toml_like = st.text(st.sampled_from("ab=.[]{},\"'\\#\n \r\t1"), max_size=60)


@given(toml_like)
def test_a_scan_always_ends_and_finds_every_path_of_a_valid_text(text: str) -> None:
    try:
        lines = locate(text)
    except InvalidAgreement:
        return
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    assert all(lines.of(path) is not None for path in paths_of(content))
