"""What a FLASH tells that overtakes what it changes: it counts once the other has come too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from fault.line.matrix import Way
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.operation import EndReason, Operation, OperationState, Precedence
from keepclear.services.expected import NEW
from keepclear.services.filing import entry_of, put_version, version_of
from keepclear.services.line.messaging import Releasing, release, save_draft
from keepclear.services.line.notifying import notify
from line_fixture import LINE, Side, two_nodes, verified
from messages import VOLUME, an_id
from samples import band, operation

FIRST = operation("B-7731", precedence=Precedence.PRIORITY)


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[Side, Side]]:
    with two_nodes(tmp_path) as made:
        yield made


def told(side: Side, one: Operation, kind: EntryKind) -> None:
    """Keep an own operation as it is now, and give notice of it."""
    version = version_of(side.node, one, kind)
    entry = entry_of(side.node, version, at=side.clock.now())
    side.node.store.write(lambda unit: put_version(unit, version, entry))
    releasing = Releasing(an_id(f"release {one.version}"), "planner", "first", "second")
    notify(side.node, LINE, one.id, releasing, message_id=an_id(f"notice {one.version}"))


def flash_first(blue: Side, amber: Side) -> None:
    """After an outage FLASH goes by its own way, before what waited longer."""
    way = Way(blue, amber, [])
    flash, ordinary = way._senders
    for sender in (flash, ordinary):
        way._attempt(sender)


def at_amber(amber: Side) -> Operation:
    with amber.node.store.view() as view:
        stored = view.operation(FIRST.id)
    assert stored is not None
    return stored.operation


def test_a_cancelled_operation_is_not_alive_because_its_notice_came_after(
    pair: tuple[Side, Side],
) -> None:
    blue, amber = pair
    told(blue, FIRST, EntryKind.OPERATION_FILED)
    ended = replace(
        FIRST,
        version=2,
        precedence=Precedence.FLASH,
        state=OperationState.ENDED,
        end_reason=EndReason.CANCELLED,
    )
    told(blue, ended, EntryKind.OPERATION_CANCELLED)
    flash_first(blue, amber)
    assert at_amber(amber).state is OperationState.ENDED
    assert at_amber(amber).version == 2
    verified(blue, amber)


def test_a_changed_operation_is_where_its_last_change_says(pair: tuple[Side, Side]) -> None:
    blue, amber = pair
    told(blue, FIRST, EntryKind.OPERATION_FILED)
    moved = replace(
        FIRST,
        version=2,
        precedence=Precedence.FLASH,
        volumes=tuple(replace(each, band=band(9_000.0, 9_500.0)) for each in FIRST.volumes),
    )
    told(blue, moved, EntryKind.OPERATION_CHANGED)
    flash_first(blue, amber)
    assert [each.band for each in at_amber(amber).volumes] == [each.band for each in moved.volumes]
    assert "message unusable" in amber.kinds()  # what was said as the FLASH came stands
    verified(blue, amber)


def area(side: Side, number: int, status: str, precedence: Precedence) -> None:
    """Tell of a hazard area as it is now."""
    fields = {
        "place": "Hill",
        "volumes": [VOLUME],
        "status": status,
        "safe_approach": "from the west",
        "contact": "121.500",
    }
    document = {"code": "M06", "line": LINE, "precedence": precedence.value, "fields": fields}
    name = an_id(f"area {number}")
    save_draft(side.node, name, document, expected=NEW)
    releasing = Releasing(an_id(f"release {name}"), "duty officer", "first", "second")
    release(side.node, name, releasing)


@pytest.mark.parametrize("is_overtaken", [True, False])
def test_an_area_is_as_the_later_notice_says_whichever_came_first(
    pair: tuple[Side, Side], is_overtaken: bool
) -> None:
    blue, amber = pair
    area(blue, 1, "treat as active", Precedence.IMMEDIATE)
    area(blue, 2, "active", Precedence.FLASH if is_overtaken else Precedence.IMMEDIATE)
    flash_first(blue, amber)
    assert sorted(amber.received()) == sorted([an_id("area 1"), an_id("area 2")])
    with amber.node.store.view() as view:
        (zone,) = [each for each in view.declarations(Subject.ZONE) if each.live]
    assert b"TREAT" not in zone.body
    assert ("message unusable" in amber.kinds()) is is_overtaken
