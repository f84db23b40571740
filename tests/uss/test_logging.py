"""What the standard wants logged is there by the day, and reports are kept."""

from __future__ import annotations

import base64
from datetime import timedelta
from pathlib import Path

import pytest

from keepclear import compose
from keepclear.errors import InvalidInput
from keepclear.formats.f3548 import OperatorAssociation
from keepclear.ledger.entries import EntryKind
from keepclear.ports.exchange_log import LogSort
from keepclear.services.uss.reporting import log_set
from keepclear.store.exchange_files import ExchangeFiles
from uss.world import World, days_since, ended, new_id, new_place, planned, volume, wanted

SC = "utm.strategic_coordination"
ALL = (
    "utm.strategic_coordination utm.constraint_management utm.constraint_processing "
    "utm.conformance_monitoring_sa utm.availability_arbitration"
)


def test_exchanges_attempts_notices_and_operators_are_in_the_log_set_of_the_day(
    airspace: World,
) -> None:
    place, began = new_place(), compose.clock().now()
    first = wanted(volume(place))
    planned(airspace.guest, first)
    planned(airspace.guest, wanted(volume(place)))
    planned(airspace.guest, wanted(volume(place), priority=3))
    ended(airspace.guest, first.id)
    days = days_since(began)
    told = airspace.ask(airspace.guest, "GET", f"/uss/v1/log_sets/{days}", scope=ALL)
    assert told.status_code == 200
    logs = told.json()
    for name in (
        "messages",
        "planning_attempts",
        "operator_notifications",
        "operator_associations",
        "operator_inputs",
    ):
        assert logs[name], name
    (said,) = [
        each for each in logs["operator_inputs"] if each["operational_intent_id"] == first.id
    ]
    assert said["input_triggering_event"] == "OPIN0040"
    sent = [each for each in logs["messages"] if each["recorder_role"] == "Client"]
    assert base64.b64decode(sent[0]["response_body"])
    assert sent[0]["headers"][0].startswith("Authorization: Bearer ")


def test_no_token_in_the_log_can_be_used(airspace: World) -> None:
    planned(airspace.guest, wanted(volume(new_place())))
    today = compose.clock().now().date()
    for each in log_set(airspace.guest, today.isoformat()).messages or ():
        for header in each.headers or ():
            if "Bearer" in header:
                assert header.endswith(".")
                assert header.count(".") == 2


def test_a_log_set_is_for_whoever_has_every_role_and_of_days_that_are(airspace: World) -> None:
    assert airspace.ask(airspace.guest, "GET", "/uss/v1/log_sets/x", scope=SC).status_code == 403
    for wrong in ("x", "2026-01-02..2026-01-01", "2026-01-01..2026-03-01"):
        with pytest.raises(InvalidInput):
            log_set(airspace.guest, wrong)


def test_a_report_is_numbered_and_in_the_ledger(airspace: World) -> None:
    body = {
        "exchange": {
            "url": "http://x",
            "method": "GET",
            "recorder_role": "Client",
            "request_time": {"value": "2026-11-28T12:00:00Z", "format": "RFC3339"},
        }
    }
    told = airspace.ask(airspace.guest, "POST", "/uss/v1/reports", body, scope=SC)
    assert told.status_code == 201
    report_id = told.json()["report_id"]
    with airspace.guest.node.store.view() as view:
        entries = view.entries(after=view.ledger_size() - 20)
    kept = [each for each in entries if each.kind == EntryKind.REPORT_TAKEN.value]
    assert kept[-1].subject_id == report_id


def test_old_days_are_forgotten_and_a_line_cut_short_is_left_out(tmp_path: Path) -> None:
    clock = compose.clock()
    log = ExchangeFiles(tmp_path, clock)
    today = clock.now().date()
    record = OperatorAssociation(operational_intent_id=new_id(), operator_id="us")
    log.keep(LogSort.OPERATOR_ASSOCIATION, record)
    with (tmp_path / f"{today.isoformat()}.jsonl").open("ab") as file:
        file.write(b'{"at": "2026')
    assert [each.sort for each in log.lines(today, today)] == [LogSort.OPERATOR_ASSOCIATION]
    (tmp_path / "2020-01-01.jsonl").write_bytes(b"")
    assert log.forget_before(today - timedelta(days=1)) == 1
    assert [each.name for each in tmp_path.iterdir()] == [f"{today.isoformat()}.jsonl"]


def test_a_disk_that_refuses_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    log = ExchangeFiles(tmp_path / "log", compose.clock())
    log.keep(
        LogSort.OPERATOR_ASSOCIATION,
        OperatorAssociation(operational_intent_id=new_id(), operator_id="us"),
    )
