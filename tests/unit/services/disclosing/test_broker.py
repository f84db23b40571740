"""A neutral broker answers the bit about a party that released to it, and nothing more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear.formats.agreement import read_agreement, write_agreement
from keepclear.identity.agreement_signatures import sign_agreement
from keepclear.ledger.entries import EntryKind
from keepclear.model.answer import Verdict
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
from keepclear.services.line.receiving import receive
from keepclear.services.line.signing import take_signature
from line_fixture import Side, meet, party_node
from line_pair import OPENED
from samples import agreement, coverage
from unit.services.disclosing.answering_pair import BLUE, FAR, NEAR, an_id

LINE = "BLUE-UN"
PARTIES = (
    Party("BLUE", "Blue", PartyKind.COALITION),
    Party("AMBER", "Amber", PartyKind.STATE),
    Party("UN", "The broker", PartyKind.UN_AGENCY),
)


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    """BLUE, and a broker to which AMBER released."""
    with ExitStack() as stack:
        blue, broker = (
            stack.enter_context(party_node(tmp_path / party, party, seed=seed, at=OPENED))
            for party, seed in (("BLUE", 7), ("UN", 11))
        )
        toml = write_agreement(agreement(parties=PARTIES)).encode()
        agreed = read_agreement(toml, name="agreed")
        signatures = [
            sign_agreement(side.root, agreed, party=side.party, at=side.clock.now())
            for side in (blue, broker)
        ]
        for side in (blue, broker):
            file_agreement(side.node, agreed.id, agreed.version, toml, expected=NEW)
            for each in signatures:
                take_signature(side.node, each)
        meet(blue, broker)
        meet(broker, blue)
        file_operation(blue.node, BLUE, expected=NEW)
        yield blue, broker


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


def asked(blue: Side, broker: Side, about: str = "AMBER") -> VolumeQuestion:
    ask(blue.node, LINE, BLUE.id, an_id("first"), about=about)
    for sender, receiver in ((blue, broker), (broker, blue)):
        with sender.node.store.view() as view:
            waiting = view.envelopes_waiting(LINE)
        receive(receiver.node, LINE, [each.content for each in waiting])
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
