"""Replies go out as the caller takes them, with what HTTP needs beside them."""

from __future__ import annotations

import gzip
import json

import pytest

from keepclear.api.problems import INTERNAL, refusal
from keepclear.api.replies import (
    WORTH_PACKING_BYTES,
    Outgoing,
    Reply,
    outgoing,
    refused,
    takes_gzip,
)

LONG = {"text": "a" * WORTH_PACKING_BYTES}


def headers(out: Outgoing) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in out.headers}


def test_documents_go_out_as_json_with_their_version() -> None:
    out = outgoing(Reply({"a": [1, 2.5, None]}, 201, version=3))
    assert json.loads(out.body) == {"a": [1, 2.5, None]}
    assert out.status == 201
    assert headers(out) == {
        "etag": '"3"',
        "content-type": "application/json",
        "content-length": str(len(out.body)),
    }


def test_bytes_go_out_as_they_are() -> None:
    out = outgoing(Reply(b"a,b\n", content_type="text/csv"))
    assert out.body == b"a,b\n"
    assert headers(out)["content-type"] == "text/csv"


def test_no_content_has_neither_type_nor_length() -> None:
    assert headers(outgoing(Reply(status=204))) == {}


def test_long_documents_are_packed_for_whoever_takes_it() -> None:
    packed, plain = outgoing(Reply(LONG), "br, gzip"), outgoing(Reply(LONG), "br")
    assert json.loads(gzip.decompress(packed.body)) == json.loads(plain.body) == LONG
    assert headers(packed)["content-encoding"] == "gzip"
    assert headers(packed)["content-length"] == str(len(packed.body))
    assert "content-encoding" not in headers(plain)
    assert headers(plain)["vary"] == headers(packed)["vary"] == "accept-encoding"


def test_short_documents_and_packed_files_are_left_alone() -> None:
    assert "vary" not in headers(outgoing(Reply({"a": 1}), "gzip"))
    zipped = Reply(b"x" * 2 * WORTH_PACKING_BYTES, content_type="application/zip")
    assert "content-encoding" not in headers(outgoing(zipped, "gzip"))


def test_a_reply_that_depends_on_two_headers_names_both() -> None:
    out = outgoing(Reply(LONG, headers={"vary": "accept"}), "gzip")
    assert headers(out)["vary"] == "accept, accept-encoding"


@pytest.mark.parametrize(
    ("header", "takes"),
    [
        ("", False),
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("gzip;q=0.001", True),
        ("gzip;q=1.0", True),
        ("br", False),
    ],
)
def test_gzip_is_for_those_who_say_so(header: str, takes: bool) -> None:
    assert takes_gzip(header) is takes


def test_a_refusal_is_a_problem_document() -> None:
    out = outgoing(refused(refusal(INTERNAL, "it failed", retry_after="3")))
    assert headers(out)["content-type"] == "application/problem+json"
    assert headers(out)["retry-after"] == "3"
    assert json.loads(out.body)["detail"] == "it failed"
