"""What the discovery service keeps of each thing, and what it must not keep."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import UNSET
from msgspec.structs import replace

from dss_fixture import Desk, entity, told, volume
from keepclear.errors import NotFound
from keepclear.formats.f3548 import LatLngPoint, Polygon, Volume4D
from keepclear.model.coordination import IntentState, UssState
from keepclear.services.dss import delete_subscription

CORNERS = ((35.0012347, 36.0023459), (35.0012347, 36.0045671), (35.0034583, 36.0033333))


@pytest.fixture
def desks(tmp_path: Path) -> Iterator[list[Desk]]:
    """A desk, and those that `opened_anew` puts behind it."""
    opened = [Desk(tmp_path)]
    yield opened
    opened[-1].store.close()


def opened_anew(desks: list[Desk], folder: Path) -> Desk:
    desks[-1].store.close()
    desks.append(Desk(folder))
    return desks[-1]


def triangle() -> Volume4D:
    found = volume()
    polygon = Polygon(vertices=tuple(LatLngPoint(lat=lat, lng=lng) for lat, lng in CORNERS))
    shape = replace(found.volume, outline_circle=UNSET, outline_polygon=polygon)
    return replace(found, volume=shape)


def test_no_shape_is_kept_only_a_box_and_cells(desks: list[Desk], tmp_path: Path) -> None:
    desks[0].put("a", triangle(), implicit=True)
    desks[0].constrain("zone", triangle())
    desks[0].subscribe("s", triangle(), for_constraints=True)
    files = [path for path in tmp_path.iterdir() if path.is_file()]
    kept = b"".join(path.read_bytes() for path in files)
    assert entity("a").replace("-", "") in kept.hex()
    for number in {number for corner in CORNERS for number in corner}:
        assert struct.pack(">d", number) not in kept
        assert struct.pack("<d", number) not in kept
        assert str(number).encode() not in kept


@pytest.mark.parametrize("is_implicit", [False, True])
def test_a_subscription_keeps_everything_that_is_said_of_it(
    desks: list[Desk], tmp_path: Path, is_implicit: bool
) -> None:
    desk = desks[0]
    if is_implicit:
        reference = desk.put("a", implicit=True, for_constraints=True).operational_intent_reference
        made = desk.subscription(reference.subscription_id)
    else:
        desk.subscribe("s", for_intents=False, for_constraints=True, url="https://other.example")
        desk.constrain("zone")
        made = desk.subscription(entity("s"))
    assert made.notification_index == 1
    assert made.implicit_subscription is is_implicit
    assert made.notify_for_operational_intents is is_implicit
    assert made.notify_for_constraints
    assert opened_anew(desks, tmp_path).subscription(made.id) == made


@pytest.mark.parametrize("state", IntentState)
def test_a_reference_keeps_everything_that_is_said_of_it(
    desks: list[Desk], tmp_path: Path, state: IntentState
) -> None:
    desk, url = desks[0], "https://other.example/base"
    first = desk.put("a", url=url, implicit=True).operational_intent_reference
    desk.declare("uss1", UssState.NORMAL)
    changed = desk.put(
        "a", replacing=first, url=url, state=state, subscription=first.subscription_id
    ).operational_intent_reference
    assert (changed.state, changed.uss_base_url, changed.manager) == (state, url, "uss1")
    assert opened_anew(desks, tmp_path).intent("a") == changed


def test_a_removed_subscription_is_found_no_more_and_told_nothing(desks: list[Desk]) -> None:
    desk = desks[0]
    made = desk.subscribe("s").subscription
    first = desk.put("a")
    assert entity("s") in told(first)
    desk.do(delete_subscription(desk.dss, "uss1", entity("s"), made.version))
    with pytest.raises(NotFound):
        desk.subscription(entity("s"))
    assert entity("s") not in desk.subscriptions(volume())
    reference = first.operational_intent_reference
    assert entity("s") not in told(desk.put("a", replacing=reference))
    assert entity("s") not in told(desk.put("b", key=(str(desk.intent("a").ovn),)))
