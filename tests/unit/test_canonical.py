import json
import struct
from collections.abc import Mapping
from decimal import Decimal
from enum import IntEnum, StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keepclear.canonical import JsonValue, canonical_bytes, digest_hex
from keepclear.errors import InvalidInput

# RFC 8785, sections 3.2.2 (input) and 3.2.4 (bytes).
RFC_INPUT = r"""{
  "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
  "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
  "literals": [null, true, false]
}"""
RFC_BYTES = bytes.fromhex(
    "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a"
    "5b3333333333333333332e333333333333332c31652b33302c342e352c302e3030322c31652d3237"
    "5d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d"
)

# RFC 8785, appendix B: the bits of a double and its spelling.
RFC_NUMBERS = [
    ("0000000000000000", "0"),
    ("8000000000000000", "0"),
    ("0000000000000001", "5e-324"),
    ("8000000000000001", "-5e-324"),
    ("7fefffffffffffff", "1.7976931348623157e+308"),
    ("ffefffffffffffff", "-1.7976931348623157e+308"),
    ("4340000000000000", "9007199254740992"),
    ("c340000000000000", "-9007199254740992"),
    ("4430000000000000", "295147905179352830000"),
    ("44b52d02c7e14af5", "9.999999999999997e+22"),
    ("44b52d02c7e14af6", "1e+23"),
    ("44b52d02c7e14af7", "1.0000000000000001e+23"),
    ("444b1ae4d6e2ef4e", "999999999999999700000"),
    ("444b1ae4d6e2ef4f", "999999999999999900000"),
    ("444b1ae4d6e2ef50", "1e+21"),
    ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
    ("3eb0c6f7a0b5ed8d", "0.000001"),
    ("41b3de4355555553", "333333333.3333332"),
    ("41b3de4355555554", "333333333.33333325"),
    ("41b3de4355555555", "333333333.3333333"),
    ("41b3de4355555556", "333333333.3333334"),
    ("41b3de4355555557", "333333333.33333343"),
    ("becbf647612f3696", "-0.0000033333333333333333"),
    ("43143ff3c1cb0959", "1424953923781206.2"),
]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts
)
values: st.SearchStrategy[JsonValue] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


SHORT = {0x08: "\\b", 0x09: "\\t", 0x0A: "\\n", 0x0C: "\\f", 0x0D: "\\r", 0x22: '\\"', 0x5C: "\\\\"}
ESCAPES = {code: f"\\u{code:04x}" for code in range(0x20)} | SHORT


def by_definition(value: JsonValue) -> str:
    """RFC 8785, 3.2.2 and 3.2.3, one value at a time, with nothing made fast."""
    if isinstance(value, str):
        return f'"{value.translate(ESCAPES)}"'
    if isinstance(value, bool | None):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return number_by_definition(value)
    if isinstance(value, Mapping):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        members = (f"{by_definition(key)}:{by_definition(value[key])}" for key in keys)
        return f"{{{','.join(members)}}}"
    return f"[{','.join(map(by_definition, value))}]"


def number_by_definition(value: float) -> str:
    """ECMAScript's Number::toString on the digits Python prints; n is the point's place."""
    if value == 0:
        return "0"
    if value < 0:
        return f"-{number_by_definition(-value)}"
    _, digits, exponent = Decimal(repr(float(value))).normalize().as_tuple()
    assert isinstance(exponent, int)
    text, n = "".join(map(str, digits)), len(digits) + exponent
    if len(text) <= n <= 21:
        return text.ljust(n, "0")
    if 0 < n <= 21:
        return f"{text[:n]}.{text[n:]}"
    if -6 < n <= 0:
        return f"0.{'0' * -n}{text}"
    return f"{text[0]}{'.' if text[1:] else ''}{text[1:]}e{n - 1:+d}"


def read_back(spelled: bytes) -> JsonValue:
    parsed: JsonValue = json.loads(spelled, parse_int=float)
    return parsed


def test_the_rfc_example_gives_the_rfc_bytes() -> None:
    assert canonical_bytes(json.loads(RFC_INPUT)) == RFC_BYTES


@pytest.mark.parametrize(("bits", "spelling"), RFC_NUMBERS)
def test_the_rfc_numbers_are_spelled_as_the_rfc_has_them(bits: str, spelling: str) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert canonical_bytes(number).decode() == spelling


def test_keys_stand_in_the_order_of_their_utf_16_code_units() -> None:
    # RFC 8785, section 3.2.3.
    value: dict[str, JsonValue] = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    assert list(json.loads(canonical_bytes(value)).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_control_characters_are_escaped_and_others_are_not() -> None:
    spelled = canonical_bytes('\x00\b\t\n\x0b\f\r\x1f"\\/\x7f\u2028é').decode()
    assert spelled == '"\\u0000\\b\\t\\n\\u000b\\f\\r\\u001f\\"\\\\/\x7f\u2028é"'


def test_a_digest_is_the_sha_256_of_the_bytes() -> None:
    # SHA-256 of the two bytes "{}", as any other tool prints it.
    assert digest_hex({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        2**53 + 1,
        -(2**53) - 1,
        "\ud83d",
        {"\udc00": 1},
        {1: "one"},
        b"bytes",
        {"set"},
        [object()],
    ],
)
def test_what_json_cannot_hold_is_refused(value: JsonValue) -> None:
    with pytest.raises(InvalidInput):
        canonical_bytes(value)


def test_a_bottomless_value_is_refused() -> None:
    value: JsonValue = None
    for _ in range(100_000):
        value = [value]
    with pytest.raises(InvalidInput, match="nested"):
        canonical_bytes(value)


@given(values)
def test_what_was_spelled_reads_back_equal(value: JsonValue) -> None:
    assert read_back(canonical_bytes(value)) == value


@given(values)
def test_spelling_twice_changes_nothing(value: JsonValue) -> None:
    spelled = canonical_bytes(value)
    assert canonical_bytes(read_back(spelled)) == spelled


@given(st.dictionaries(texts, scalars, max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_never_matters(value: dict[str, JsonValue], shuffled_by: object) -> None:
    keys = list(value)
    shuffled_by.shuffle(keys)  # type: ignore[attr-defined]
    assert canonical_bytes({key: value[key] for key in keys}) == canonical_bytes(value)


@settings(max_examples=300)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_reads_back_as_the_same_double(number: float) -> None:
    assert float(canonical_bytes(number)) == number


@given(values)
def test_the_fast_way_spells_what_the_definition_says(value: JsonValue) -> None:
    assert canonical_bytes(value).decode() == by_definition(value)


@settings(max_examples=500)
@given(
    st.floats(allow_nan=False, allow_infinity=False)
    | st.floats(1e-7, 1e-3)
    | st.floats(1e14, 1e22)
    | st.integers(-(2**53), 2**53).map(float)
    | st.integers(-(10**9), 10**9).map(lambda digits: digits / 1e7)
)
def test_numbers_in_maps_and_lists_are_spelled_as_the_definition_says(number: float) -> None:
    value: JsonValue = {"alone": number, "listed": [number, -number]}
    assert canonical_bytes(value).decode() == by_definition(value)


def test_every_character_there_is_is_spelled_as_the_definition_says() -> None:
    every = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    assert canonical_bytes(every).decode() == by_definition(every)


class Colour(StrEnum):
    RED = "red"


class Size(IntEnum):
    LARGE = 3


class Whisper(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


def test_types_that_inherit_from_plain_ones_are_spelled_as_the_plain_ones() -> None:
    value: JsonValue = {Whisper("b"): Colour.RED, Colour.RED: Size.LARGE, "a": (Whisper("c"),)}
    assert canonical_bytes(value) == b'{"a":["c"],"b":"red","red":3}'


def test_the_order_of_keys_is_right_however_many_kinds_of_maps_came_before() -> None:
    for number in range(2_000):
        value: JsonValue = {f"z{number}": 1, "a" * (number % 1_500 + 1): 2}
        assert canonical_bytes(value).startswith(b'{"a')


def test_spelling_never_alters_what_it_was_given() -> None:
    value: dict[str, JsonValue] = {"b": [1.0, {"d": 2.0, "c": 1e30}], "a": -0.0}
    canonical_bytes(value)
    assert repr(value) == "{'b': [1.0, {'d': 2.0, 'c': 1e+30}], 'a': -0.0}"


@pytest.mark.parametrize("key", [1, None, b"a"])
def test_a_key_that_is_no_text_is_refused_beside_ones_that_are(key: object) -> None:
    with pytest.raises(InvalidInput, match="not a text"):
        canonical_bytes({"a": 1, key: 2})  # type: ignore[dict-item]
