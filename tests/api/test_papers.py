"""Agreements, drafts, files and readings over HTTP."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import pytest

from api.asking import Asked, asked_node, typed, walked
from keepclear.formats.agreement import write_agreement
from samples import agreement, operation, window

NEW = {"if-none-match": "*"}
TOML = {"content-type": "application/toml"}
AGREED = "/api/v1/agreements/TEST/versions"
PLAN = operation("B-1")
DRAFT = f"/api/v1/drafts/{PLAN.id}"
IMPORT = f"/api/v1/imports/{uuid.uuid5(uuid.NAMESPACE_URL, 'import')}"


def test_an_agreement_is_filed_as_text_and_told_in_parts(tmp_path: Any) -> None:
    text = write_agreement(agreement()).encode()
    with asked_node(tmp_path, agreed=False) as asked:
        url = f"{AGREED}/1"
        assert asked.http.put(url, content=text, headers=TOML).status_code == 428
        filed = asked.http.put(url, content=text, headers={**TOML, **NEW})
        assert filed.status_code == 201, filed.text
        assert asked.http.put(url, content=text, headers=TOML).status_code == 200
        told = asked.http.get(url).json()
        assert told == filed.json()
        assert told["in_force"] is True
        assert [each["id"] for each in told["parties"]] == ["BLUE", "AMBER"]
        assert told["rules"][0]["text"]
        assert told["toml"].encode() == text
        as_text = asked.http.get(url, headers={"accept": "application/toml"})
        assert as_text.content == text
        assert as_text.headers["content-type"] == "application/toml"
        listed = walked(asked.http, "/api/v1/agreements", limit=1)
        assert [each["version"] for each in listed] == [1]


def test_a_filed_version_is_never_changed(shared_node: Asked) -> None:
    other = write_agreement(agreement(title="another text")).encode()
    response = shared_node.http.put(f"{AGREED}/1", content=other, headers={**TOML, **NEW})
    assert response.status_code == 412
    response = shared_node.http.put(
        f"{AGREED}/1", content=other, headers={**TOML, "if-match": '"1"'}
    )
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("path", "status"),
    [(f"{AGREED}/7", 404), ("/api/v1/agreements/NONE/versions/1", 404), (f"{AGREED}/x", 400)],
)
def test_an_agreement_that_is_not_there_is_not_found(
    shared_node: Asked, path: str, status: int
) -> None:
    assert shared_node.http.get(path).status_code == status


@pytest.mark.parametrize("text", [b"", b"\xff", b"id = 1", b"["])
def test_a_text_that_is_no_agreement_is_refused(shared_node: Asked, text: bytes) -> None:
    response = shared_node.http.put(f"{AGREED}/2", content=text, headers={**TOML, **NEW})
    assert response.status_code == 400
    assert response.json()["code"] == "invalid-agreement"


def test_a_draft_is_kept_step_by_step_and_filed(asked: Asked) -> None:
    first = asked.http.put(DRAFT, json={"designator": "B-"}, headers=NEW)
    assert first.status_code == 201, first.text
    assert first.json()["problems"]
    assert not first.json()["can_undo"]
    refused = asked.http.post(f"{DRAFT}/file")
    assert refused.status_code == 400
    second = asked.http.put(DRAFT, json=typed(PLAN), headers={"if-match": '"1"'})
    assert second.json()["problems"] == []
    assert second.json()["revision"] == 2
    assert asked.http.put(DRAFT, json={}, headers={"if-match": '"1"'}).status_code == 412
    undone = asked.http.post(f"{DRAFT}/undo").json()
    assert undone["content"] == {"designator": "B-"}
    assert undone["can_redo"]
    assert asked.http.post(f"{DRAFT}/undo").status_code == 409
    redone = asked.http.post(f"{DRAFT}/redo")
    assert redone.json()["content"] == typed(PLAN)
    assert asked.http.get(DRAFT).json() == redone.json()
    filed = asked.http.post(f"{DRAFT}/file")
    assert filed.status_code == 201, filed.text
    assert filed.json()["operation"]["id"] == PLAN.id
    assert asked.http.get(DRAFT).status_code == 404


def test_a_draft_is_thrown_away_by_whoever_saw_its_last_version(asked: Asked) -> None:
    asked.http.put(DRAFT, json={}, headers=NEW)
    assert asked.http.delete(DRAFT).status_code == 428
    assert asked.http.delete(DRAFT, headers={"if-match": '"2"'}).status_code == 412
    assert asked.http.delete(DRAFT, headers={"if-match": '"1"'}).status_code == 204
    assert asked.http.delete(DRAFT, headers={"if-match": '"1"'}).status_code == 404


def test_drafts_are_walked_the_last_saved_first(asked: Asked) -> None:
    ids = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(n))) for n in range(7)]
    for each in ids:
        asked.running.clock.turn(seconds=1)
        asked.http.put(f"/api/v1/drafts/{each}", json={}, headers=NEW)
    seen = [each["id"] for each in walked(asked.http, "/api/v1/drafts", limit=2)]
    assert seen == ids[::-1]


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"\xff", b'{"a": NaN}'])
def test_a_draft_is_a_json_object(shared_node: Asked, body: bytes) -> None:
    headers = {**NEW, "content-type": "application/json"}
    assert shared_node.http.put(DRAFT, content=body, headers=headers).status_code == 400


def test_a_file_is_taken_whole_and_only_once(asked: Asked) -> None:
    for number in range(3):
        asked.file(operation(f"B-{number}", at=window(100.0 * number)))
    data = asked.http.get("/api/v1/exports/geojson").content
    again = asked.http.put(IMPORT, params={"name": "blue.geojson"}, content=data)
    assert again.status_code == 200, again.text
    assert again.json()["unchanged"] >= 3
    assert again.json()["taken"] == []


def test_a_dry_run_stores_nothing(asked: Asked, tmp_path: Any) -> None:
    asked.file(PLAN)
    data = asked.http.get("/api/v1/exports/geojson").content
    (tmp_path / "other").mkdir()
    with asked_node(tmp_path / "other") as other:
        dry = other.http.put(IMPORT, params={"name": "b.geojson", "dry_run": True}, content=data)
        assert [each["id"] for each in dry.json()["taken"]] == [PLAN.id]
        assert dry.json()["stored"] is False
        assert other.http.get("/api/v1/operations").json()["total"] == 0
        real = other.http.put(IMPORT, params={"name": "b.geojson"}, content=data).json()
        assert real["stored"] is True
        assert sum(real["answers"].values()) == 1
        assert other.http.get("/api/v1/operations").json()["total"] == 1


@pytest.mark.parametrize(
    ("query", "body"),
    [
        ("", b"{}"),
        ("name=", b"{}"),
        ("name=a.geojson&mode=real", b"{}"),
        ("name=a.xyz", b"{}"),
        ("name=a.geojson", b""),
        ("name=a.geojson", b"\xff\xfe"),
        ("name=a.kmz", b"PK\x03\x04nonsense"),
        ("name=a.kml", b"<kml"),
        ("name=a.csv", b"a,b\n1\n"),
        ("name=..%2Fa.csv", b"a,b\n1\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    shared_node: Asked, query: str, body: bytes
) -> None:
    response = shared_node.http.put(f"{IMPORT}?{query}", content=body)
    assert response.status_code == 400
    assert response.json()["remedy"]
    assert shared_node.http.get("/api/v1/operations").json()["total"] == 0


@pytest.mark.parametrize("name", ["geojson", "kml", "kmz", "csv"])
def test_a_file_is_given_out_under_a_name_that_begins_with_the_mode(
    shared_node: Asked, name: str
) -> None:
    response = shared_node.http.get(f"/api/v1/exports/{name}", params={"state": "live"})
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith('attachment; filename="EXERCISE')
    assert response.headers["content-disposition"].endswith(f'.{name}"')
    assert response.headers["keepclear-losses"].isdigit()


def test_everything_is_one_archive(asked: Asked) -> None:
    asked.file(PLAN)
    response = asked.http.get("/api/v1/exports/everything")
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        assert "README.txt" in archive.namelist()
        assert archive.testzip() is None


def test_there_is_no_other_format(shared_node: Asked) -> None:
    response = shared_node.http.get("/api/v1/exports/pdf")
    assert response.status_code == 404
    assert "geojson" in response.json()["remedy"]


@pytest.mark.parametrize(
    ("typed_text", "field", "value"),
    [
        (
            {"coordinates": "35 24 04N 035 56 55E"},
            "position",
            {"latitude_deg": 35.401111, "longitude_deg": 35.948611},
        ),
        (
            {"altitude": "FL180"},
            "altitude",
            {"value_m": 5486.4, "reference": "STD", "datum_m": None},
        ),
        ({"time": "151130ZSEP15"}, "time", "2015-09-15T11:30:00Z"),
    ],
)
def test_what_was_typed_is_read_back(
    shared_node: Asked, typed_text: dict[str, str], field: str, value: object
) -> None:
    told = shared_node.http.post("/api/v1/readings", json=typed_text).json()
    if isinstance(value, dict):
        assert told[field] == pytest.approx(value, abs=1e-6) or told[field] == value
    else:
        assert told[field] == value
    assert len(told["readback"]) >= 2


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid-input"),
        ({"altitude": "FL180", "time": "151130ZSEP15"}, "invalid-input"),
        ({"altitude": "180"}, "invalid-altitude"),
        ({"time": "noon"}, "invalid-window"),
        ({"coordinates": "here"}, "invalid-coordinates"),
        ({"altitude": 5}, "invalid-input"),
        ({"depth": "5"}, "invalid-input"),
    ],
)
def test_what_cannot_be_read_is_refused_and_never_guessed(
    shared_node: Asked, body: dict[str, Any], code: str
) -> None:
    response = shared_node.http.post("/api/v1/readings", json=body)
    assert response.status_code == 400
    assert response.json()["code"] == code


def test_the_description_of_the_interface_is_handed_out(shared_node: Asked) -> None:
    document = json.loads(shared_node.http.get("/api/v1/openapi.json").content)
    assert document["openapi"].startswith("3.1")
