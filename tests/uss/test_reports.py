"""What was reported, by this node and to it, is shown: readable, without tokens, for a time."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from operator import methodcaller
from pathlib import Path
from typing import Any

import msgspec
import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main
from keepclear.compose.f3548_serving import dss_opened
from keepclear.compose.folder import NodeFolder
from keepclear.compose.opening import read_store
from keepclear.formats.f3548 import ErrorReport, ExchangeRecord, Time, encode
from keepclear.ledger.entries import EntryKind
from keepclear.ports.exchange_log import LogSort
from keepclear.ports.uss_store import Waiting
from keepclear.services.dss import perform, put_report
from keepclear.services.proving import verify_ledger
from keepclear.services.uss import Uss
from keepclear.services.uss.complaints import Complaints
from keepclear.services.uss.paths import DSS_REPORTS, INTENTS, REPORTS
from keepclear.services.uss.reported import MOST, Sources, forget_reports, reports
from uss.publishing import strange_intent, tells
from uss.world import World, new_place, planned, until, volume, wanted

SC = "utm.strategic_coordination"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c3MxIn0.c2lnbmF0dXJl"
SECRETS = ("eyJ", "opaque-token", "c2lnbmF0dXJl", "hunter2")

Shown = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shown:
    """Runs the command in 80 columns about a folder; its exit code and outputs."""
    monkeypatch.setenv("COLUMNS", "80")

    def run(folder: NodeFolder, *arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["f3548", "reports", "--node", str(folder.path), *arguments])
        return (code, *capsys.readouterr())

    return run


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def careless(problem: str) -> dict[str, Any]:
    """A report of somebody who left tokens everywhere."""
    return {
        "exchange": {
            "url": f"https://us.example{INTENTS}/1?access_token={JWT}",
            "method": "GET",
            "headers": [f"Authorization: Bearer {JWT}", "X-Api-Key: hunter2", "Accept: */*"],
            "recorder_role": "Client",
            "request_time": {"value": "2026-11-28T12:00:00Z", "format": "RFC3339"},
            "request_body": coded(json.dumps({"client_secret": "hunter2", "said": JWT[:30]})),
            "response_body": coded('{"message": "no, Bearer opaque-token is not good"}'),
            "response_code": 401,
            "problem": f"{problem}, with {JWT}",
        }
    }


def told(airspace: World, path: str, problem: str) -> str:
    """Have somebody report to the home's node; the id it is kept under."""
    answer = airspace.ask(airspace.home, "POST", path, careless(problem), scope=SC, sub="uss1")
    assert answer.status_code == 201
    return str(answer.json()["report_id"])


def test_what_others_told_the_uss_and_the_dss_of_a_node_is_a_table_newest_first(
    airspace: World, shown: Shown
) -> None:
    told(airspace, REPORTS, "the first")
    told(airspace, DSS_REPORTS, "the second")
    code, out, _ = shown(airspace.folders["home"])
    assert code == ExitCode.NO_CONFLICT_FOUND
    assert max(map(len, out.splitlines())) <= 80
    assert out.startswith("EXERCISE  ")
    assert out.endswith("EXERCISE\n")
    items = json.loads(shown(airspace.folders["home"], "--json")[1])
    assert [each["number"] for each in items] == list(range(1, len(items) + 1))
    assert [(each["receiver"], each["other"]) for each in items[:2]] == [
        ("DSS", "uss1"), ("USS", "uss1"),
    ]  # fmt: skip
    assert items[0]["problem"].startswith("the second")
    assert not any(secret in out + json.dumps(items) for secret in SECRETS)


@pytest.mark.parametrize("path", [REPORTS, DSS_REPORTS])
def test_one_exchange_is_readable_and_holds_no_token(
    airspace: World, shown: Shown, path: str
) -> None:
    kept_as = told(airspace, path, "it went wrong")
    code, out, _ = shown(airspace.folders["home"], "--details", "1")
    assert code == ExitCode.NO_CONFLICT_FOUND
    assert kept_as in out
    assert "Authorization: withheld" in out
    assert "Accept: */*" in out
    assert '"said": "(withheld)"' in out
    assert "no, Bearer (withheld) is not good" in out
    whole = shown(airspace.folders["home"], "--details", "1", "--json")[1]
    assert json.loads(whole)["response_code"] == 401
    assert not any(secret in out + whole for secret in SECRETS)


def test_what_the_node_told_another_is_shown_with_what_became_of_it(
    airspace: World, shown: Shown
) -> None:
    guest, place = replace(airspace.guest, complaints=Complaints()), new_place()
    intent = strange_intent(airspace, volume(place))
    tells(airspace, intent, reference__ovn="")
    planned(guest, wanted(volume(place, 10.0051)))
    mine = f"{INTENTS}/{intent.reference.id}"

    def posted() -> list[dict[str, Any]]:
        items = json.loads(shown(airspace.folders["guest"], "--json")[1])
        return [each for each in items if each["url"].endswith(mine) and each["became"] == "posted"]

    (item,) = until(airspace, posted)
    assert (item["way"], item["receiver"]) == ("made", "USS")
    assert item["other"] in airspace.stranger.base_url
    whole = shown(airspace.folders["guest"], "--details", str(item["number"]))[1]
    assert f'"id": "{intent.reference.id}"' in whole
    assert "Authorization: withheld" in whole


def report_of(problem: str) -> ErrorReport:
    return msgspec.convert(careless(problem), ErrorReport)


def test_a_report_waits_is_tried_and_is_told_once(lone: Uss) -> None:
    now, body = lone.now(), encode(report_of("it waits"))
    for path, whom in ((REPORTS, "http://127.0.0.1:9"), (DSS_REPORTS, "")):
        waiting = Waiting(0, whom, path, body, now, now + timedelta(seconds=60))
        number = lone.node.store.write(methodcaller("put_waiting", waiting))
        with lone.node.store.view() as view:
            found = reports(Sources(lone.log, view), now - timedelta(hours=1), now)
        (one,) = [each for each in found if "it waits" in str(each.exchange.problem)]
        assert (one.became, one.other, one.at) == ("waits", whom.removeprefix("http://"), now)
        lone.node.store.write(methodcaller("drop_waiting", number))


def test_a_refusal_is_told_and_only_the_newest_are_kept_in_mind(lone: Uss) -> None:
    for place in range(MOST + 3):
        lone.log.keep(
            LogSort.MESSAGE,
            ExchangeRecord(
                url=f"https://other.example{REPORTS}",
                method="POST",
                recorder_role="Client",
                request_time=Time(value=lone.now(), format="RFC3339"),
                request_body=base64.b64encode(encode(report_of(f"number {place}"))).decode(),
                response_code=403,
            ),
        )
    found = reports(Sources(lone.log), lone.now() - timedelta(hours=1), lone.now())
    assert len(found) == MOST
    assert (found[0].became, found[0].other) == ("refused with 403", "other.example")
    assert "number 3," in str(found[-1].exchange.problem)


def test_a_report_is_let_go_after_its_time_and_the_ledger_still_holds(airspace: World) -> None:
    told(airspace, REPORTS, "long ago")
    home = airspace.home
    assert forget_reports(home, home.now() - timedelta(days=1)) == 0
    assert forget_reports(home, home.now() + timedelta(seconds=1)) >= 1
    with home.node.store.view() as view:
        assert reports(Sources(node=view), home.now() - timedelta(days=1), home.now()) == []
        lately = view.entries(after=max(0, view.ledger_size() - 20))
    assert EntryKind.PAYLOAD_PRUNED.value in [each.kind for each in lately]
    with read_store(airspace.folders["home"].store) as reader, reader.view() as view:
        assert verify_ledger(view).holds


def test_what_is_asked_for_and_is_not_there_is_told(
    airspace: World, shown: Shown, tmp_path: Path
) -> None:
    code, out, err = shown(airspace.folders["home"], "--details", "9999")
    assert (code, out) == (ExitCode.BAD_INPUT, "")
    assert "there is no report 9999 in the last 7 days" in err
    code, out, err = shown(NodeFolder(tmp_path))
    assert (code, out) == (ExitCode.BAD_INPUT, "")
    assert "neither a node nor a DSS" in err


def test_a_dss_alone_shows_what_it_was_told(airspace: World, shown: Shown, tmp_path: Path) -> None:
    folder = NodeFolder(tmp_path)
    with dss_opened(folder, airspace.settings["home"]) as dss:
        perform(dss, [put_report(dss, "uss1", report_of("to the DSS alone"))])
        out = shown(folder)[1]
        assert "1 report in the last 7 days" in out
    assert json.loads(shown(folder, "--json")[1])[0]["other"] == "uss1"
