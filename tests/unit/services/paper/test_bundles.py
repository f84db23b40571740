"""Bundles as files: nothing is lost, nothing is taken twice, nothing is believed unsigned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.errors import InvalidMessage, ModeMismatch, NotOurs
from keepclear.formats.bundle import Bundle, bundle_bytes, bundle_of
from keepclear.model.message_life import State
from keepclear.model.operation import Mode
from keepclear.services.line.quarantine import quarantined
from keepclear.services.paper.bundling import take_bundle, write_bundle
from line_fixture import LINE, verified
from line_pair import Pair, Side, paired_nodes
from messages import at, released


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.look()
        made.cut = True
        yield made
        verified(made.blue, made.amber)


def waiting(side: Side) -> int:
    with side.node.store.view() as view:
        return view.waiting_count(LINE)


def test_envelopes_go_as_a_file_and_receipts_come_back_as_one(pair: Pair) -> None:
    sent = [released(pair.blue, code) for code in ("M09", "M16", "M20")]
    out = write_bundle(pair.blue.node, LINE)
    assert out.envelopes == 3
    taken = take_bundle(pair.amber.node, LINE, out.content)
    assert taken.results == {"taken": 3}
    assert at(pair.amber, sent[1].stored.id).life.state is State.DELIVERED
    back = write_bundle(pair.amber.node, LINE)
    settled = take_bundle(pair.blue.node, LINE, back.content)
    assert settled.settled == 3
    assert waiting(pair.blue) == 0
    assert at(pair.blue, sent[0].stored.id).life.state is State.DELIVERED
    assert "line receipt kept" in pair.blue.kinds()


def test_the_same_bundle_twice_changes_nothing(pair: Pair) -> None:
    released(pair.blue, "M16")
    out = write_bundle(pair.blue.node, LINE)
    take_bundle(pair.amber.node, LINE, out.content)
    assert take_bundle(pair.amber.node, LINE, out.content).results == {"duplicate": 1}
    assert pair.amber.kinds().count("message received") == 1


def test_bundles_in_the_wrong_order_are_held_and_the_gap_is_named(pair: Pair) -> None:
    released(pair.blue, "M16")
    first = write_bundle(pair.blue.node, LINE)
    released(pair.blue, "M20")
    both = bundle_of(write_bundle(pair.blue.node, LINE).content)
    second = bundle_bytes(both._replace(envelopes=both.envelopes[1:]))
    told = take_bundle(pair.amber.node, LINE, second)
    assert told.results == {"held": 1}
    assert [(start, end) for _, start, end in told.missing] == [(both_serial(both) - 1,) * 2]
    assert take_bundle(pair.amber.node, LINE, first.content).missing == ()
    assert pair.amber.kinds().count("message received") == 2


def both_serial(bundle: Bundle) -> int:
    from keepclear.formats.documents.envelope import envelope_of

    return envelope_of(bundle.envelopes[1]).serial


def test_a_changed_envelope_is_quarantined_and_the_rest_is_taken(pair: Pair) -> None:
    released(pair.blue, "M16")
    released(pair.blue, "M20")
    bundle = bundle_of(write_bundle(pair.blue.node, LINE).content)
    forged = bundle.envelopes[1].replace(b"agreement says", b"agreement sayz")
    told = take_bundle(
        pair.amber.node,
        LINE,
        bundle_bytes(bundle._replace(envelopes=(bundle.envelopes[0], forged))),
    )
    assert told.results == {"taken": 1, "quarantined": 1}


def test_receipts_of_somebody_else_settle_nothing(pair: Pair) -> None:
    released(pair.blue, "M16")
    take_bundle(pair.amber.node, LINE, write_bundle(pair.blue.node, LINE).content)
    bundle = bundle_of(write_bundle(pair.amber.node, LINE).content)
    forged = tuple(each.replace(b'"taken"', b'"held"') for each in bundle.receipts)
    told = take_bundle(pair.blue.node, LINE, bundle_bytes(bundle._replace(receipts=forged)))
    assert told.settled == 0
    assert "did not sign" in told.receipts_refused
    assert waiting(pair.blue) == 1


def test_our_own_another_line_s_and_another_mode_s_bundle_are_refused_and_kept(pair: Pair) -> None:
    content = write_bundle(pair.blue.node, LINE).content
    with pytest.raises(NotOurs):
        take_bundle(pair.blue.node, LINE, content)
    other = bundle_bytes(bundle_of(content)._replace(line="BLUE-GREEN"))
    with pytest.raises(NotOurs):
        take_bundle(pair.amber.node, LINE, other)
    real = bundle_bytes(bundle_of(content)._replace(mode=Mode.REAL))
    with pytest.raises(ModeMismatch):
        take_bundle(pair.amber.node, LINE, real)
    with pair.amber.node.store.view() as view:
        assert len(quarantined(view)) == 2


def test_a_bundle_that_is_cut_short_is_refused_whole(pair: Pair) -> None:
    released(pair.blue, "M16")
    content = write_bundle(pair.blue.node, LINE).content
    for cut in (len(content) // 2, len(content) - 5, 10):
        with pytest.raises(InvalidMessage):
            take_bundle(pair.amber.node, LINE, content[:cut])
    assert "message received" not in pair.amber.kinds()


def test_a_restored_node_may_ask_for_everything(pair: Pair) -> None:
    released(pair.blue, "M16")
    take_bundle(pair.amber.node, LINE, write_bundle(pair.blue.node, LINE).content)
    take_bundle(pair.blue.node, LINE, write_bundle(pair.amber.node, LINE).content)
    assert write_bundle(pair.blue.node, LINE).envelopes == 0
    assert write_bundle(pair.blue.node, LINE, everything=True).envelopes >= 1


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_as_no_bundle(data: bytes) -> None:
    with pytest.raises(InvalidMessage):
        bundle_of(data)
