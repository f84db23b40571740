"""The times that the standard gives a USS, each over real processes and HTTP."""

from __future__ import annotations

import shutil
import tempfile
import time
import uuid
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import numpy as np

from bench.f3548.bodies import Ring, box, extent, intent_body, subscription_body
from bench.f3548.load import reads
from bench.f3548.peer import Peer, peer_served
from bench.f3548.standing import ServedUss, serving_uss
from bench.table import Row
from keepclear import compose
from keepclear.store.exchange_files import ExchangeFiles

SOUTH, WEST, SIZE_DEG = 46.9, 7.4, 0.005
ACROSS = 20
"""So many operations stand side by side in the peer's intent, and as many east of it."""
EAST_DEG = 1.2 * ACROSS * SIZE_DEG
LOW_M = 120.0
INTENTS = "/uss/v1/operational_intents"
REFERENCES = "/dss/v1/operational_intent_references"
SOURCE = "ASTM F3548-21"
_PATIENCE_S = 30.0


class Airspace(ExitStack):
    """A USS, a peer with a lower intent, and clients of all of them.

    Args:
        work: a folder for what they keep.
    """

    def __init__(self, work: Path) -> None:
        super().__init__()
        self.uss: ServedUss = self.enter_context(serving_uss(work))
        self.peer: Peer = self.enter_context(peer_served())
        self.people = self._client(self.uss.port, "/api/v1", self.uss.token)
        self.others = self._client(self.uss.f3548_port, "", self.uss.peer_token)
        self.dss = self._client(self.uss.dss_port, "", self.uss.peer_token)
        now = _now()
        self.window = now - timedelta(minutes=1), now + timedelta(hours=2)
        self.conflicting: set[str] = set()

    def _client(self, port: int, path: str, token: str) -> httpx.Client:
        headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
        url = f"http://127.0.0.1:{port}{path}"
        return self.enter_context(httpx.Client(base_url=url, headers=headers, trust_env=False))

    def furnish(self) -> None:
        """The peer subscribes to everything here, and has an intent over a part of it."""
        everything = box(SOUTH - 0.05, WEST - 0.05, 0.1 + 2 * EAST_DEG)
        body = subscription_body(everything, *self.window, self.peer.base_url)
        _done(self.dss.put(f"/dss/v1/subscriptions/{_new_id()}", content=body))
        ring = box(SOUTH, WEST, ACROSS * SIZE_DEG)
        self.peer.intent = self._peers_intent(ring)

    def _peers_intent(self, ring: Ring) -> dict[str, Any]:
        base_url = self.peer.base_url
        body = intent_body([ring], *self.window, key=[], base_url=base_url)
        reply = _done(self.dss.put(f"{REFERENCES}/{_new_id()}", content=body))
        reference = reply.json()["operational_intent_reference"]
        details = {"volumes": [extent(ring, *self.window)], "priority": 0}
        return {"reference": reference, "details": details}

    def publish(self, number: int) -> str:
        """File an operation and publish it over the peer's intent, or beside it; its id."""
        operation_id, meets = _new_id(), number % 2 == 0
        row, column = divmod(number // 2, ACROSS)
        west = WEST + SIZE_DEG * column + (0.0 if meets else EAST_DEG)
        ring = box(SOUTH + SIZE_DEG * row, west, SIZE_DEG / 2)
        document = _operation(number, ring, self.window)
        new = {"if-none-match": "*"}
        _done(self.people.put(f"/operations/{operation_id}", json=document, headers=new))
        body = {"role": "planner", "priority": 1}
        told = _done(self.people.put(f"/operations/{operation_id}/f3548", json=body)).json()
        if told["result"] != "done":
            raise RuntimeError(told["why"])
        if meets:
            self.conflicting.add(operation_id)
        return operation_id


def times_rows(count: int) -> list[Row]:
    """All of them, for so many intents."""
    work = Path(tempfile.mkdtemp())
    try:
        with Airspace(work) as airspace:
            airspace.furnish()
            ids = [airspace.publish(number) for number in range(count)]
            return [
                *_notified_rows(airspace, ids),
                _details_row(airspace, ids),
                _notice_row(airspace, count),
                _ended_row(airspace, ids),
            ]
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _notified_rows(airspace: Airspace, ids: list[str]) -> list[Row]:
    """From the service's answer, as the USS logged it, until the peer has the notification."""
    airspace.peer.await_heard(len(ids))
    answered = _answered_at(airspace)
    waits = {each: airspace.peer.heard[each, 1] - answered[each] for each in ids}
    met = [waits[each] for each in ids if each in airspace.conflicting]
    free = [waits[each] for each in ids if each not in airspace.conflicting]
    work = "service's answer to its notification at a subscriber"
    return [
        _row(f"{work} whose intent it conflicts with", met, "p95 <= 1 s"),
        _row(f"{work} otherwise", free, "p95 <= 5 s"),
    ]


def _answered_at(airspace: Airspace) -> dict[str, float]:
    """When the service's answer to each new intent was there, from the log that the USS keeps."""
    log = ExchangeFiles(airspace.uss.folder.exchanges, compose.clock())
    today = _now().date()
    found: dict[str, float] = {}
    for line in log.lines(today - timedelta(days=1), today):
        record = _record_of(bytes(line.record))
        _, is_there, rest = record.get("url", "").partition(f"{REFERENCES}/")
        if is_there and record["method"] == "PUT" and record.get("response_code") == 201:
            at = datetime.fromisoformat(record["response_time"]["value"])
            found[rest] = at.timestamp()
    return found


def _details_row(airspace: Airspace, ids: list[str]) -> Row:
    """Each intent's details ten times, by eight who ask at once."""
    port, token = airspace.uss.f3548_port, airspace.uss.peer_token
    waits = reads(port, token, ids * 10, readers=8, path=INTENTS)
    seconds = [each / 1e3 for each in waits.waits_ms]
    return _row("details of an intent, 8 at once", seconds, "p95 <= 1 s")


def _notice_row(airspace: Airspace, count: int) -> Row:
    """From another's word that its intent changed until an operator can read of the conflict."""
    waits = []
    told = airspace.peer.intent
    subscription = _new_id()
    for number in range(1, count + 1):
        reference = {**told["reference"], "version": 1 + number}
        body = {
            "operational_intent_id": reference["id"],
            "operational_intent": {**told, "reference": reference},
            "subscriptions": [{"subscription_id": subscription, "notification_index": number}],
        }
        before = _newest_notice(airspace)
        begin = time.perf_counter()
        _done(airspace.others.post(INTENTS, json=body))
        while _newest_notice(airspace) == before:
            _require_patience(begin)
        waits.append(time.perf_counter() - begin)
    return _row("another's conflicting change to its operator's notice", waits, "p95 <= 5 s")


def _newest_notice(airspace: Airspace) -> int:
    (newest, *_) = _done(airspace.people.get("/f3548/notices")).json()["items"]
    return int(newest["number"])


def _ended_row(airspace: Airspace, ids: list[str]) -> Row:
    """From an operator's word that a flight is over until the service has it no more."""
    waits = []
    for each in ids:
        path = f"/operations/{each}"
        version = _done(airspace.people.get(path)).headers["etag"]
        begin = time.perf_counter()
        body, headers = {"state": "ended"}, {"if-match": version}
        _done(airspace.people.put(f"{path}/state", json=body, headers=headers))
        while airspace.dss.get(f"{REFERENCES}/{each}").status_code != 404:
            _require_patience(begin)
            time.sleep(0.005)
        waits.append(time.perf_counter() - begin)
    return _row("an operator's end to its deletion at the service", waits, "all <= 5 s")


def _row(work: str, waits_s: list[float], goal: str) -> Row:
    p50, p95 = np.percentile(waits_s, [50, 95])
    most = max(waits_s)
    ours = f"p50 {p50 * 1e3:.0f} / p95 {p95 * 1e3:.0f} / most {most * 1e3:.0f} ms of {len(waits_s)}"
    return Row(work, ours, goal, SOURCE)


def _operation(number: int, ring: Ring, window: tuple[datetime, datetime]) -> dict[str, Any]:
    """What a person files."""
    start, end = (each.isoformat().replace("+00:00", "Z") for each in window)
    corners = [{"latitude_deg": lat, "longitude_deg": lng} for lat, lng in ring]
    return {
        "designator": f"B-{number}",
        "class": "unmanned",
        "volumes": [
            {
                "footprint": {"kind": "polygon", "rings": [corners]},
                "lower": {"value_m": LOW_M, "reference": "HAE"},
                "upper": {"value_m": LOW_M + 50.0, "reference": "HAE"},
                "start": start,
                "end": end,
            }
        ],
    }


def _done(reply: httpx.Response) -> httpx.Response:
    if not reply.is_success:
        raise RuntimeError(f"{reply.request.method} {reply.url}: {reply.status_code} {reply.text}")
    return reply


def _require_patience(begin: float) -> None:
    if time.perf_counter() - begin > _PATIENCE_S:
        raise RuntimeError(f"nothing came within {_PATIENCE_S:.0f} s")


def _record_of(raw: bytes) -> dict[str, Any]:
    record: dict[str, Any] = msgspec.json.decode(raw)
    return record


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  (a measurement, not the product)


def _new_id() -> str:
    return str(uuid.uuid4())  # noqa: TID251  (a measurement, not the product)
