"""A neutral broker answers the bit about a party that released to it, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from keepclear.formats.agreement import read_agreement, write_agreement
from keepclear.formats.documents.envelope import envelope_of
from keepclear.formats.documents.message import message_from
from keepclear.formats.times import iso_text
from keepclear.identity.agreement_signatures import sign_agreement
from keepclear.ledger.entries import EntryKind
from keepclear.model.answer import Verdict
from keepclear.model.message import Message
from keepclear.model.operation import DisclosureLevel
from keepclear.model.party import Party, PartyKind
from keepclear.model.volume_question import Reason, VolumeQuestion
from keepclear.ports.store import Unit
from keepclear.services.agreeing import file_agreement
from keepclear.services.declaring import put
from keepclear.services.disclosing.asking import ask
from keepclear.services.disclosing.kept import kept_question
from keepclear.services.disclosing.viewing import views_of
from keepclear.services.expected import NEW
from keepclear.services.filing import entry_of, file_operation, put_version, version_of
from keepclear.services.line.pairing import line_of
from keepclear.services.line.posting import post
from keepclear.services.line.receiving import receive
from keepclear.services.line.signing import take_signature
from keepclear.services.line.speaking import message_of
from line_fixture import Side, meet, party_node, verified
from line_pair import OPENED
from samples import agreement, coverage
from unit.services.disclosing.answering_pair import BLUE, FAR, NEAR, an_id

LINE, OWNERS = "BLUE-UN", "AMBER-UN"
PARTIES = (
    Party("BLUE", "Blue", PartyKind.COALITION),
    Party("AMBER", "Amber", PartyKind.STATE),
    Party("UN", "The broker", PartyKind.UN_AGENCY),
)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    """BLUE, and a broker to which AMBER released."""
    with ExitStack() as stack:
        blue, broker = nodes(stack, tmp_path, "BLUE", "UN")
        yield blue, broker


@pytest.fixture
def three(tmp_path: Path) -> Iterator[tuple[Side, Side, Side]]:
    """BLUE, the broker, and AMBER with a line to the broker and none to BLUE."""
    with ExitStack() as stack:
        blue, broker, amber = nodes(stack, tmp_path, "BLUE", "UN", "AMBER")
        for each in (NEAR, FAR):
            file_operation(amber.node, each, expected=NEW)
        yield blue, broker, amber


def nodes(stack: ExitStack, folder: Path, *parties: str) -> list[Side]:
    """Nodes of parties that signed one agreement, each with a line to the broker."""
    sides = [
        stack.enter_context(party_node(folder / party, party, seed=seed, at=OPENED))
        for party, seed in zip(parties, (7, 11, 17), strict=False)
    ]
    toml = write_agreement(agreement(parties=PARTIES)).encode()
    agreed = read_agreement(toml, name="agreed")
    signatures = [
        sign_agreement(side.root, agreed, party=side.party, at=side.clock.now()) for side in sides
    ]
    for side in sides:
        file_agreement(side.node, agreed.id, agreed.version, toml, expected=NEW)
        for each in signatures:
            take_signature(side.node, each)
    blue, broker, *others = sides
    for side in (blue, *others):
        meet(side, broker)
        meet(broker, side)
    file_operation(blue.node, BLUE, expected=NEW)
    return sides


def released(broker: Side, *operations: object) -> None:
    """Have AMBER's operations at the broker, with what the set covers."""
    from keepclear.model.operation import Operation
    from keepclear.services.declaring import coverage_wording

    def work(unit: Unit) -> None:
        for each in operations:
            assert isinstance(each, Operation)
            version = version_of(broker.node, each, EntryKind.OPERATION_FILED)
            put_version(unit, version, entry_of(broker.node, version, at=broker.clock.now()))
        stated = coverage("AMBER", as_of=broker.clock.now() - timedelta(minutes=1))
        wording = coverage_wording(an_id("theirs"), stated)
        put(unit, broker.node, wording, expected=NEW, actor="AMBER")

    broker.node.store.write(work)


def carried(sender: Side, receiver: Side, line: str = LINE) -> None:
    with sender.node.store.view() as view:
        waiting = view.envelopes_waiting(line)
    receive(receiver.node, line, [each.content for each in waiting])


def asked(blue: Side, broker: Side, about: str = "AMBER") -> VolumeQuestion:
    ask(blue.node, LINE, BLUE.id, an_id("first"), about=about)
    for sender, receiver in ((blue, broker), (broker, blue)):
        carried(sender, receiver)
    with blue.node.store.view() as view:
        found = kept_question(view, BLUE.id, an_id("first"))
    assert found is not None
    return found


def test_a_broker_tells_the_bit_and_logs_the_view(both: tuple[Side, Side]) -> None:
    blue, broker = both
    released(broker, NEAR)
    answer = asked(blue, broker).answer
    assert answer is not None
    assert answer.verdict is Verdict.CONFLICT
    (told,) = answer.conflicts
    assert (told.level, told.operation, told.overlap) == (DisclosureLevel.L1, "", ())
    with broker.node.store.view() as view:
        (seen,) = views_of(view, broker.node, NEAR.id)
    assert (seen.party, seen.level) == ("BLUE", DisclosureLevel.L1)


def test_the_owner_hears_from_the_broker_who_was_told_and_both_have_it_on_record(
    three: tuple[Side, Side, Side],
) -> None:
    blue, broker, amber = three
    released(broker, NEAR)
    answer = asked(blue, broker).answer
    assert answer is not None
    carried(broker, amber, OWNERS)
    with amber.node.store.view() as view:
        (seen,) = views_of(view, amber.node, NEAR.id)
    assert (seen.party, seen.level, seen.line) == ("BLUE", DisclosureLevel.L1, OWNERS)
    assert seen.what == "answer at L1 by UN"
    assert seen.conflict == answer.conflicts[0].id
    (told,) = said(broker, "M33")
    assert set(told.fields) == {"question", "asker", "level", "views", "at"}
    assert BLUE.id not in str(told.fields)
    carried(broker, amber, OWNERS)  # it comes twice
    assert amber.kinds().count("view logged") == 1
    assert broker.kinds().count("view logged") == 1
    verified(blue, broker, amber)


def test_an_owner_hears_nothing_where_nothing_of_it_was_named(
    three: tuple[Side, Side, Side],
) -> None:
    blue, broker, amber = three
    released(broker, FAR)
    assert asked(blue, broker).answer is not None
    carried(broker, amber, OWNERS)
    assert said(broker, "M33") == []
    with amber.node.store.view() as view:
        assert views_of(view, amber.node, FAR.id) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"views": {"items": [{"operation": BLUE.id, "conflict": "c"}]}},
        {"views": {}},
        {"level": "L9"},
        {"asker": ""},
        {"asker": "B" * 81},
    ],
)
def test_what_cannot_be_a_view_of_ours_is_noted_and_kept_nowhere(
    three: tuple[Side, Side, Side], wrong: dict[str, Any]
) -> None:
    _, broker, amber = three
    fields = {
        "question": an_id("first"),
        "asker": "BLUE",
        "level": "L1",
        "views": {"items": [{"operation": NEAR.id, "conflict": "c"}]},
        "at": iso_text(broker.clock.now()),
        **wrong,
    }

    def work(unit: Unit) -> None:
        line = line_of(unit, OWNERS)
        now = broker.clock.now()
        told = message_of(broker.node, line, "M33", fields, now, role="duty officer")
        post(unit, broker.node, line, told)

    broker.node.store.write(work)
    carried(broker, amber, OWNERS)
    assert amber.kinds().count("message unusable") == 1
    assert "view logged" not in amber.kinds()


def said(side: Side, code: str) -> list[Message]:
    with side.node.store.view() as view:
        waiting = view.envelopes_waiting(OWNERS)
    messages = [message_from(envelope_of(each.content).message) for each in waiting]
    return [each for each in messages if each.code == code]


def test_a_broker_finds_nothing_where_there_is_nothing(both: tuple[Side, Side]) -> None:
    blue, broker = both
    released(broker, FAR)
    answer = asked(blue, broker).answer
    assert answer is not None
    assert answer.verdict is Verdict.NO_CONFLICT_FOUND


def test_a_broker_without_anything_released_cannot_say(both: tuple[Side, Side]) -> None:
    blue, broker = both
    answer = asked(blue, broker).answer
    assert answer is not None
    assert (answer.verdict, answer.reasons) == (Verdict.CANNOT_SAY, (Reason.COVERAGE,))


def test_about_a_party_that_signed_nothing_it_is_not_even_asked(both: tuple[Side, Side]) -> None:
    blue, broker = both
    question = asked(blue, broker, about="GREEN")
    assert question.answer is not None
    assert question.answer.reasons == (Reason.NOT_BOUND,)
    assert "question answered" not in broker.kinds()
