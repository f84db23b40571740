"""A USS killed while it publishes: what was released is there, what is over is gone, all were told.

A sample; `python -m fault.uss.crash_runs` kills as often as asked for.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fault.uss.crash_runs import killed_uss, untold
from fault.uss.crash_wire import Named, sort_of

PEER = "http://peer"
A_FEW = 2


def test_a_killed_uss_leaves_nothing_undone_untold_or_behind(tmp_path: Path) -> None:
    figures, faults = killed_uss(tmp_path, first=0, kills=A_FEW)
    assert faults == []
    assert (figures.kills, figures.unheard, figures.lost, figures.loose) == (A_FEW, 1, 0, 0)
    assert figures.acts > A_FEW
    assert figures.named > 0


def told(entity: str, number: int, intent: object = None) -> dict[str, Any]:
    subscriptions = [{"subscription_id": "s", "notification_index": number}]
    record = {} if intent is None else {"operational_intent": intent}
    return {"operational_intent_id": entity, "subscriptions": subscriptions, **record}


def test_who_was_not_told_or_was_told_too_little_would_be_noticed() -> None:
    made = Named("e", PEER, "s", 1, 1, is_gone=False)
    gone = Named("e", PEER, "s", 3, 1, is_gone=True)
    assert untold([made], [told("e", 1, {})], PEER) == []
    assert untold([made], [told("e", 2, {})], PEER) == []
    assert untold([made], [], PEER)
    assert untold([made], [told("another", 1, {})], PEER)
    assert untold([made, gone], [told("e", 1, {"reference": 1})], PEER)
    assert untold([made, gone], [told("e", 3), told("e", 1, {"reference": 1})], PEER)
    assert untold([made, gone], [told("e", 1, {"reference": 1}), told("e", 3)], PEER) == []


def test_every_change_on_the_wire_is_known_as_one() -> None:
    path = ["dss", "v1", "operational_intent_references", "id"]
    assert sort_of("PUT", path) == "made"
    assert sort_of("PUT", [*path, "ovn"]) == "changed"
    assert sort_of("DELETE", [*path, "ovn"]) == "removed"
    assert not sort_of("GET", path)
    assert not sort_of("POST", [*path[:3], "query"])
