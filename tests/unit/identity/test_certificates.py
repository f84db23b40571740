import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidWindow, KeyFault
from keepclear.identity.certificates import (
    Certificate,
    certificate_bytes,
    certificate_of,
    certify,
    check_certificate,
)
from keepclear.identity.keys import NodeKey, PartyRoot
from keepclear.model.operation import Mode
from keepclear.model.window import Window

ROOT = PartyRoot.from_seed(bytes(range(32)))
NODE_KEY = NodeKey.from_seed(bytes(range(1, 33)))
NODE = "0f8fad5b-d9cb-469f-a165-70867728950e"
START = datetime(2026, 3, 14, 5, tzinfo=UTC)
END = START + timedelta(days=365)
DURING = START + timedelta(days=1)


def certified(mode: Mode = Mode.EXERCISE) -> Certificate:
    return certify(
        ROOT,
        NODE_KEY.public_key,
        party="BLUE",
        node_id=NODE,
        mode=mode,
        valid=Window(START, END),
    )


def test_a_certificate_names_the_key_that_signs_the_heads() -> None:
    assert certified().key_id == NODE_KEY.key_id
    assert certified().root_id == ROOT.key_id


@pytest.mark.parametrize("at", [START, DURING, END])
def test_a_certificate_holds_from_its_first_moment_to_its_last(at: datetime) -> None:
    check_certificate(certified(), ROOT.public_key, at)


@pytest.mark.parametrize(
    ("at", "told"),
    [(START - timedelta(milliseconds=1), "valid from"), (END + timedelta(milliseconds=1), "until")],
)
def test_a_certificate_outside_its_time_is_refused(at: datetime, told: str) -> None:
    with pytest.raises(KeyFault, match=told):
        check_certificate(certified(), ROOT.public_key, at)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidWindow):
        check_certificate(certified(), ROOT.public_key, datetime(2026, 3, 15))  # noqa: DTZ001


def test_another_root_does_not_stand_behind_it() -> None:
    other = PartyRoot.from_seed(bytes(32))
    with pytest.raises(KeyFault, match="another root"):
        check_certificate(certified(), other.public_key, DURING)


def test_a_certificate_signed_by_another_root_in_this_ones_name_is_forged() -> None:
    other = PartyRoot.from_seed(bytes(32))
    forged = certify(
        other,
        NODE_KEY.public_key,
        party="BLUE",
        node_id=NODE,
        mode=Mode.EXERCISE,
        valid=Window(START, END),
    )
    with pytest.raises(KeyFault, match="forged"):
        check_certificate(replace(forged, root_id=ROOT.key_id), ROOT.public_key, DURING)


@pytest.mark.parametrize(
    "fields",
    [
        {"party": "AMBER"},
        {"node_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7"},
        {"public_key": ROOT.public_key},
        {"mode": Mode.REAL},
        {"valid": Window(START, END + timedelta(days=1))},
        {"signature": bytes(64)},
        {"signature": b""},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_an_altered_certificate_is_forged(fields: dict[str, object]) -> None:
    with pytest.raises(KeyFault, match="forged"):
        check_certificate(replace(certified(), **fields), ROOT.public_key, DURING)  # type: ignore[arg-type]


def test_a_signature_of_the_root_over_something_else_is_no_certificate() -> None:
    document = {"what": "something else", **json.loads(certificate_bytes(certified()))}
    document.pop("signature")
    document["what"] = "something else"
    stolen = replace(certified(), signature=ROOT.sign(canonical_bytes(document)))
    with pytest.raises(KeyFault, match="forged"):
        check_certificate(stolen, ROOT.public_key, DURING)


@given(
    st.sampled_from(Mode),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(milliseconds=2), timedelta(days=999)),
)
def test_a_certificate_reads_back_as_it_was(mode: Mode, start: datetime, length: timedelta) -> None:
    certificate = replace(certified(mode), valid=Window(START, END))
    dated = certify(
        ROOT,
        certificate.public_key,
        party="BLUE",
        node_id=NODE,
        mode=mode,
        valid=Window(start, start + length),
    )
    again = certificate_of(certificate_bytes(dated))
    assert again == dated
    check_certificate(again, ROOT.public_key, dated.valid.end)


@pytest.mark.parametrize(
    ("told", "instead"),
    [
        (b'"EXERCISE"', b'"exercise"'),
        (b'"party":"BLUE"', b'"party":"blue"'),
        (b'"party":"BLUE"', b'"party":""'),
        (b'"party":"BLUE"', b'"party": "BLUE"'),
        (b"certificate/1", b"certificate/2"),
        (b"2027-", b"2025-"),
        (b".000Z", b"Z"),
        (NODE.encode(), NODE.upper().encode()),
        (NODE.encode(), b"node"),
        (b'{"key":"', b'{"key":"00'),
        (b'{"key":"', b'{"more":1,"key":"'),
        (b'"signature":"', b'"signature":"x'),
    ],
)
def test_any_other_bytes_are_no_certificate(told: bytes, instead: bytes) -> None:
    document = certificate_bytes(certified())
    assert told in document
    with pytest.raises(KeyFault) as refused:
        certificate_of(document.replace(told, instead))
    assert refused.value.remedy


@given(st.binary(max_size=100))
def test_garbage_is_no_certificate(garbage: bytes) -> None:
    with pytest.raises(KeyFault):
        certificate_of(garbage)


@pytest.mark.parametrize("public_key", [bytes(31), (1).to_bytes(32, "little")])
def test_a_key_that_binds_nobody_is_never_certified(public_key: bytes) -> None:
    with pytest.raises(KeyFault):
        certify(
            ROOT,
            public_key,
            party="BLUE",
            node_id=NODE,
            mode=Mode.EXERCISE,
            valid=Window(START, END),
        )
