"""Zones, boundaries, airfields and coverage are declared, changed and taken back over HTTP."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from api.asking import Asked, walked
from keepclear.model.altitude import AltitudeReference
from keepclear.model.zone import Zone, ZoneKind
from samples import band, circle

NEW = {"if-none-match": "*"}
P = {"latitude_deg": 35.0, "longitude_deg": 36.0}
CIRCLE = {"kind": "circle", "centre": P, "radius_m": 1_000.0}
LOW = {"value_m": 0.0, "reference": "HAE", "datum_m": None}
HIGH = {"value_m": 900.0, "reference": "HAE", "datum_m": None}
ZONE = {"kind": "exclusion", "footprint": CIRCLE, "lower": LOW, "upper": HIGH}
LINE = {
    "name": "the river",
    "line": [P, {"latitude_deg": 36.0, "longitude_deg": 36.0}],
    "rules": [{"party": "BLUE", "keeps_to": "left", "crossing": "on notice"}],
}
FIELD = {
    "name": "the field",
    "position": P,
    "elevation_m": 40.0,
    "party": "BLUE",
    "ring_radius_m": 9_000.0,
    "ring_lower": LOW,
    "ring_upper": HIGH,
    "contact": "118.1",
}
COVER = {
    "area": CIRCLE,
    "start": "2026-03-14T00:00:00Z",
    "end": "2026-03-15T00:00:00Z",
    "as_of": "2026-03-14T05:00:00Z",
    "completeness": {"manned": "complete"},
}
NOUNS = [("zones/Зона 5", ZONE), ("boundaries/river", LINE), ("airfields/LAT.1", FIELD)]
STATEMENT = (f"coverages/{uuid.uuid5(uuid.NAMESPACE_URL, 'coverage')}", COVER)


@pytest.mark.parametrize(("path", "document"), [*NOUNS, STATEMENT])
def test_a_thing_is_declared_changed_and_taken_back(
    asked: Asked, path: str, document: dict[str, Any]
) -> None:
    url = f"/api/v1/{path}"
    listed = f"/api/v1/{path.partition('/')[0]}"
    before = asked.http.get(listed).json()["total"]
    first = asked.http.put(url, json=document, headers=NEW)
    assert first.status_code == 201, first.text
    assert first.headers["etag"] == '"1"'
    assert first.json()["id"] == path.partition("/")[2]
    assert first.json()["live"] is True
    assert asked.http.put(url, json=document).status_code == 200
    assert asked.http.put(url, json=document, headers=NEW).json() == first.json()

    key = "notice_count" if "area" in document else "name"
    other = {**document, key: 7 if "area" in document else "renamed"}
    assert asked.http.put(url, json=other).status_code == 428
    assert asked.http.put(url, json=other, headers=NEW).status_code == 412
    second = asked.http.put(url, json=other, headers={"if-match": '"1"'})
    assert second.status_code == 200, second.text
    assert second.json()["version"] == 2
    assert asked.http.put(url, json=document, headers={"if-match": '"1"'}).status_code == 412
    back = asked.http.put(url, json=second.json(), headers={"if-match": '"2"'})
    assert back.status_code == 200, back.text
    assert back.json() == second.json()

    assert asked.http.delete(url).status_code == 428
    assert asked.http.delete(url, headers={"if-match": '"1"'}).status_code == 412
    ended = asked.http.delete(url, headers={"if-match": '"2"'})
    assert ended.status_code == 200
    assert ended.json()["live"] is False
    assert asked.http.delete(url, headers={"if-match": '"2"'}).json() == ended.json()
    assert asked.http.get(listed).json()["total"] == before
    assert asked.http.get(listed, params={"live": "false"}).json()["total"] == before + 1


@pytest.mark.parametrize(("path", "document"), NOUNS)
def test_one_that_was_cancelled_is_still_told_as_such(
    asked: Asked, path: str, document: dict[str, Any]
) -> None:
    url = f"/api/v1/{path}"
    asked.http.put(url, json=document, headers=NEW)
    assert asked.http.get(url).json()["live"] is True
    asked.http.delete(url, headers={"if-match": '"1"'})
    told = asked.http.get(url)
    assert told.json()["live"] is False
    assert told.headers["etag"] == '"2"'


@pytest.mark.parametrize("noun", ["zones", "boundaries", "airfields"])
def test_what_was_never_declared_is_not_found(shared_node: Asked, noun: str) -> None:
    url = f"/api/v1/{noun}/none"
    assert shared_node.http.get(url).status_code == 404
    assert shared_node.http.delete(url, headers={"if-match": '"1"'}).status_code == 404


def test_lists_are_walked_by_id_and_asked_by_party(asked: Asked) -> None:
    for number in range(9):
        url = f"/api/v1/zones/Z-{number}"
        assert asked.http.put(url, json=ZONE, headers=NEW).status_code == 201
    theirs = Zone(
        "Z-4b",
        "theirs",
        ZoneKind.EXCLUSION,
        circle(),
        band(0.0, 100.0, AltitudeReference.HAE),
        declared_by="AMBER",
    )
    asked.running.declare_as("AMBER", theirs)
    seen = [each["id"] for each in walked(asked.http, "/api/v1/zones", limit=2)]
    assert seen == sorted([*(f"Z-{n}" for n in range(9)), "Z-4b"])
    amber = asked.http.get("/api/v1/zones", params={"party": "AMBER"}).json()
    assert [each["id"] for each in amber["items"]] == ["Z-4b"]


def test_another_partys_zone_is_theirs_to_change(asked: Asked) -> None:
    theirs = Zone(
        "Z-1", "theirs", ZoneKind.EXCLUSION, circle(), band(0.0, 100.0), declared_by="AMBER"
    )
    asked.running.declare_as("AMBER", theirs)
    changed = asked.http.put("/api/v1/zones/Z-1", json=ZONE, headers={"if-match": '"1"'})
    cancelled = asked.http.delete("/api/v1/zones/Z-1", headers={"if-match": '"1"'})
    assert changed.status_code == cancelled.status_code == 403
    assert changed.json()["code"] == "not-ours"


def test_a_document_that_is_none_is_refused_with_its_place(shared_node: Asked) -> None:
    bad = {**ZONE, "upper": {"value_m": 5}}
    response = shared_node.http.put("/api/v1/zones/Z-9", json=bad, headers=NEW)
    assert response.status_code == 400
    assert response.json()["place"].startswith("upper")


@pytest.mark.parametrize(
    "body", [b'["live"]', b'{"live":', b'"live\xff"', b'{"live": 1, "live": 2}']
)
def test_nonsense_with_a_familiar_word_is_refused_all_the_same(
    shared_node: Asked, body: bytes
) -> None:
    headers = {**NEW, "content-type": "application/json"}
    response = shared_node.http.put("/api/v1/zones/Z-9", content=body, headers=headers)
    assert response.status_code == 400


def test_a_declared_zone_is_judged_by(asked: Asked) -> None:
    from samples import operation

    asked.http.put(
        "/api/v1/zones/Z-1", json={**ZONE, "upper": {**HIGH, "value_m": 9_000.0}}, headers=NEW
    )
    answer = asked.file(operation("B-1"))["answer"]
    assert isinstance(answer["infringements"], list)
    assert asked.http.get("/api/v1/node").json()["counts"]["zones"] == 1
