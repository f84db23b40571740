import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidInput, InvalidWindow
from keepclear.ledger.heads import TreeHead, head_bytes, head_of
from unit.ledger.grown import NODE, START

HEAD = TreeHead(3, bytes(range(32)), START, NODE, 0)
heads = st.builds(
    TreeHead,
    size=st.integers(0, 2**53),
    root=st.binary(min_size=32, max_size=32),
    at=st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    node=st.uuids().map(str),
    epoch=st.integers(0, 1_000),
)


def test_the_signed_bytes_say_what_they_are() -> None:
    assert json.loads(head_bytes(HEAD)) == {
        "at": "2026-03-14T05:00:00.123Z",
        "epoch": 0,
        "node": NODE,
        "root": HEAD.root.hex(),
        "size": 3,
        "what": "keepclear ledger head/1",
    }


@given(heads)
def test_every_head_reads_back_as_it_was(head: TreeHead) -> None:
    assert head_of(head_bytes(head)) == head


@given(heads, heads)
def test_different_heads_have_different_bytes(one: TreeHead, other: TreeHead) -> None:
    assert (head_bytes(one) == head_bytes(other)) == (one == other)


@pytest.mark.parametrize(
    "fields",
    [
        {"size": -1},
        {"epoch": -1},
        {"root": bytes(31)},
        {"node": "BLUE"},
        {"node": NODE.upper()},
        {"at": datetime(2026, 3, 14)},  # noqa: DTZ001
    ],
)
def test_a_head_that_cannot_be_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises((InvalidInput, InvalidWindow)):
        replace(HEAD, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "instead"),
    [
        (b"head/1", b"head/2"),
        (b'"size":3', b'"size": 3'),
        (b'"size":3', b'"size":-3'),
        (b'"size":3', b'"size":"3"'),
        (b'"epoch":0,', b""),
        (b'"epoch":0,', b'"epoch":0,"epoch":0,'),
        (b"1e1f", b"1E1F"),
        (b"1e1f", b"1e"),
        (b".123Z", b"Z"),
        (b'{"at"', b'{"a":1,"at"'),
    ],
)
def test_any_other_bytes_are_no_head(told: bytes, instead: bytes) -> None:
    assert told in head_bytes(HEAD)
    with pytest.raises(InvalidInput, match="not a ledger's head"):
        head_of(head_bytes(HEAD).replace(told, instead))
