"""The ledger is told over HTTP with all that is needed to verify it elsewhere."""

from __future__ import annotations

import pytest

from api.asking import Asked, walked
from keepclear.ledger.leaves import leaf_hash
from keepclear.ledger.proofs import consistency_holds, inclusion_holds
from samples import operation, window


def filled(asked: Asked) -> None:
    for number in range(6):
        asked.file(operation(f"B-{number}", at=window(60.0 * number)))


def test_an_entry_is_proved_to_whoever_has_only_the_reply(asked: Asked) -> None:
    filled(asked)
    told = asked.http.get("/api/v1/ledger/entries/3/proof").json()
    leaf = leaf_hash(bytes.fromhex(told["salt"]), told["payload"].encode())
    assert leaf.hex() == told["leaf"]
    path = [bytes.fromhex(each) for each in told["path"]]
    root = bytes.fromhex(told["head"]["root"])
    assert inclusion_holds(leaf, 3, told["head"]["size"], path, root)
    assert not inclusion_holds(leaf, 2, told["head"]["size"], path, root)


def test_what_is_withheld_stays_withheld(asked: Asked) -> None:
    told = asked.http.get("/api/v1/ledger/entries/1/proof?withhold=true").json()
    assert "payload" not in told
    assert "salt" not in told
    assert told["leaf"]


def test_growth_is_proved_between_two_sizes(asked: Asked) -> None:
    filled(asked)
    told = asked.http.get("/api/v1/ledger/consistency?first=3&second=7").json()
    path = [bytes.fromhex(each) for each in told["path"]]
    first, second = bytes.fromhex(told["first_root"]), bytes.fromhex(told["second_root"])
    assert consistency_holds(3, 7, path, first, second)
    assert not consistency_holds(4, 7, path, first, second)
    last = asked.http.get("/api/v1/ledger/consistency?first=3").json()
    assert last["second_root"] == last["head"]["root"]


def test_entries_are_walked_from_the_first_to_the_last(asked: Asked) -> None:
    filled(asked)
    numbers: list[int] = []
    after: str | None = "-1"
    while after:
        page = asked.http.get(f"/api/v1/ledger/entries?after={after}&limit=3").json()
        numbers += [each["number"] for each in page["items"]]
        after = page["next"]
    assert numbers == list(range(8))
    assert asked.http.get("/api/v1/ledger").json()["size"] == 8
    one = asked.http.get("/api/v1/ledger/entries/5").json()
    assert one["payload"]["mode"] == "EXERCISE"
    assert one["withheld"] is False


def test_a_pruned_entry_is_told_without_its_content(asked: Asked) -> None:
    filed = asked.file(operation("B-1"))["operation"]
    url = f"/api/v1/operations/{filed['id']}"
    asked.http.put(url, json={**filed, "contact": "131.000"}, headers={"if-match": '"1"'})
    assert asked.running.node.store.write(lambda unit: unit.prune(2))
    one = asked.http.get("/api/v1/ledger/entries/2").json()
    assert one["payload"] is None
    assert one["withheld"] is True
    assert "payload" not in asked.http.get("/api/v1/ledger/entries/2/proof").json()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("entries/99", 404),
        ("entries/99/proof", 404),
        ("entries/-1", 400),
        ("entries/x", 400),
        ("entries/999999999999999999999", 400),
        ("consistency", 400),
        ("consistency?first=9&second=2", 400),
        ("consistency?first=0&second=99", 404),
        ("entries?after=-2", 400),
    ],
)
def test_what_the_ledger_does_not_hold_is_not_found(
    shared_node: Asked, path: str, status: int
) -> None:
    assert shared_node.http.get(f"/api/v1/ledger/{path}").status_code == status


def test_a_history_is_walked_like_any_list(asked: Asked) -> None:
    filed = asked.file(operation("B-1"))["operation"]
    url = f"/api/v1/operations/{filed['id']}"
    for version in range(1, 5):
        filed["contact"] = str(version)
        asked.http.put(url, json=filed, headers={"if-match": f'"{version}"'})
    seen = [each["subject"]["version"] for each in walked(asked.http, f"{url}/history", limit=2)]
    assert seen == [1, 2, 3, 4, 5]
    assert asked.http.get(f"{url}/history?cursor=x").status_code == 400
