"""An advisory is released as far as the levels of what it names go, or when that was confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from keepclear.disclose.speaking import TellingCaution
from keepclear.errors import StateForbids
from keepclear.formats.documents.shapes import window_document
from keepclear.formats.strict_json import decoded_value
from keepclear.ledger.entries import EntryKind
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.services.disclosing.releasing import Giving, release
from keepclear.services.disclosing.speaking import telling_of
from keepclear.services.expected import NEW
from keepclear.services.line.messaging import Held, Releasing, save_draft
from keepclear.services.line.messaging import release as release_message
from line_fixture import verified
from line_pair import LINE, Side
from messages import an_id
from unit.services.disclosing.answering_pair import BLUE, FAR, NEAR, Asking, asking_nodes

L0, L1, L2, L3, L4 = DisclosureLevel


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    with asking_nodes(tmp_path) as made:
        made.file(made.blue, BLUE)
        made.file(made.amber, NEAR)
        made.file(made.amber, FAR)
        yield made


def named(made: Operation) -> dict[str, Any]:
    return {"id": made.id, "version": 1, "designator": made.designator}


def advised(side: Side, **fields: Any) -> Held:
    known = {
        "conflict": "c" * 32,
        "operation": named(NEAR),
        "window": window_document(NEAR.window),
        "rule": "R1",
        "asked_change": "higher",
    }
    names = [name for name in ("precedence", "remark") if name in fields]
    header: dict[str, Any] = {name: fields.pop(name) for name in names}
    document = {"code": "M07", "line": LINE, "fields": {**known, **fields}, **header}
    return save_draft(side.node, an_id(str(fields)), document, expected=NEW)


def told(side: Side, draft: Held) -> tuple[TellingCaution, ...]:
    with side.node.store.view() as view:
        return telling_of(view, side.node, draft.message, side.clock.now())


def go(side: Side, draft: Held, *confirmed: str) -> Held:
    releasing = Releasing(an_id(f"go {draft.stored.id}"), "planner", "pat", confirmed=confirmed)
    return release_message(side.node, draft.stored.id, releasing)


def released_bodies(side: Side) -> list[dict[str, Any]]:
    with side.node.store.view() as view:
        entries = view.entries(limit=100_000)
    payloads = [each.payload for each in entries if each.kind == EntryKind.MESSAGE_RELEASED]
    return [decoded_value((each or b"").decode())["body"] for each in payloads]


def test_a_name_below_l3_waits_until_it_is_confirmed_and_that_is_on_record(
    asking: Asking,
) -> None:
    draft = advised(asking.amber, remark="A-2 stays where it is")
    cautions = told(asking.amber, draft)
    assert [each.place for each in cautions] == ["fields.operation", "remark"]
    with pytest.raises(StateForbids, match="A-1 of AMBER") as refused:
        go(asking.amber, draft, cautions[1].id)
    assert cautions[0].id in refused.value.message
    assert cautions[1].id not in refused.value.message
    go(asking.amber, draft, *(each.id for each in cautions))
    (body,) = released_bodies(asking.amber)
    assert [each["place"] for each in body["told_beyond"]] == ["fields.operation", "remark"]
    verified(asking.amber)


def test_what_was_released_at_l3_may_be_named_and_measured(asking: Asking) -> None:
    asking.release(NEAR, L3)
    draft = advised(asking.amber, asked_change="climb 1,370 ft above A-1")
    assert told(asking.amber, draft) == ()
    go(asking.amber, draft)
    assert all("told_beyond" not in body for body in released_bodies(asking.amber))


def test_a_release_taken_lower_counts_at_once(asking: Asking) -> None:
    asking.release(NEAR, L3)
    draft = advised(asking.amber, asked_change="climb 1,370 ft")
    giving = Giving(L1, "planner", actor="somebody")
    release(asking.amber.node, NEAR.id, "BLUE", giving, expected=1)
    places = [each.place for each in told(asking.amber, draft)]
    assert places == ["fields.operation", "fields.asked_change"]


def test_flash_waits_for_nobody_and_keeps_what_it_told(asking: Asking) -> None:
    draft = advised(asking.amber, precedence="FLASH", asked_change="climb 1,370 ft now")
    go(asking.amber, draft)
    (body,) = released_bodies(asking.amber)
    assert [each["place"] for each in body["told_beyond"]] == [
        "fields.operation",
        "fields.asked_change",
    ]


def test_an_answer_may_use_the_name_that_the_advisory_used(asking: Asking) -> None:
    other = {"id": NEAR.id, "version": 1, "designator": "a-1"}
    asked = advised(asking.blue, operation=named(BLUE), other=other)
    go(asking.blue, asked, *(each.id for each in told(asking.blue, asked)))
    asking.pair.carry()
    fields = {"advisory": asked.stored.id, "answer": "will move", "operation": named(NEAR)}
    for words, places in (("A-1 goes higher", []), ("A-2 goes higher", ["fields.words"])):
        document = {"code": "M08", "line": LINE, "fields": {**fields, "words": words}}
        draft = save_draft(asking.amber.node, an_id(words), document, expected=NEW)
        assert [each.place for each in told(asking.amber, draft)] == places


def test_a_name_of_theirs_is_no_matter_of_ours(asking: Asking) -> None:
    asking.release(NEAR, L3)  # BLUE holds A-1 now
    draft = advised(asking.blue, operation={**named(BLUE), "designator": "op-"}, remark="A-1")
    assert [each.place for each in told(asking.blue, draft)] == []
