"""The people of one USS: they file, publish, move, activate, take back and end, without rest.

Each has a place of its own, next to another's. Where no reply comes, because the node was killed,
they ask for the same thing again until there is one; what was replied to as done is noted.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import httpx

from api.asking import typed
from keepclear import compose
from keepclear.formats.documents.airspace import zone_document
from keepclear.formats.times import iso_text
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.operation import Mode, Operation, OperationClass, Source, SourceKind
from keepclear.model.volume import Circle, Position, Volume
from keepclear.model.window import Window
from keepclear.model.zone import Zone, ZoneKind

AGAIN_S = 0.05
"""Between two attempts at a node that does not answer."""
ROLE = "planner"
CENTRE = (47.0, 8.0)
MOVES_DEG = 0.5
"""So far an operation is moved: from one subscription's area into another's."""
ZONES_DEG = 0.3
PRIORITY = 3
MOST_ATTEMPTS = 600
LIVE, GONE = "live", "gone"


@dataclass
class Operators:
    """People at one place, one after the other.

    Attributes:
        number: which place.
        seed: makes the ids of this run others than those of the next.
        client: a connection to the node, wherever it is now.
        done: for each operation or zone released, whether it is to be found or to be gone.
        priorities: for each operation published, its priority.
        never: operations that nobody released.
        refused: replies that nobody expected.
        writing: cleared where nothing more is to be begun.
        acts: how many replies said that something was done.
    """

    number: int
    seed: str
    client: Callable[[], httpx.Client]
    done: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    never: set[str] = field(default_factory=set)
    refused: list[str] = field(default_factory=list)
    writing: Event = field(default_factory=Event)
    acts: int = 0
    _stop: Event = field(default_factory=Event)
    _idle: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.writing.set()
        self._thread = Thread(target=self._work, name=f"operators at {self.number}")

    def start(self) -> None:
        self._thread.start()

    @property
    def is_working(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_idle(self) -> bool:
        """Whether what was begun is done, and nothing more is begun."""
        return self._idle.is_set()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        turn = 0
        with closing(self.client()) as http:
            while not self._stop.is_set():
                if self.writing.is_set():
                    self._fly(http, turn)
                    turn += 1
                else:
                    self._idle.set()
                    self._stop.wait(AGAIN_S)

    def _fly(self, http: httpx.Client, turn: int) -> None:
        """One operation from its filing to its end; every fifth stays, some are never released."""
        operation = self._operation(turn, moved=False)
        self._file(http, operation)
        if turn % 4 == 3:
            self.never.add(operation.id)
            self._publish_zone(http, turn)
            return
        self._release(http, operation.id, "publish")
        self._file(http, self._operation(turn, moved=True))
        self._state(http, operation.id, "active")
        if turn % 5 == 4:
            return
        if turn % 2:
            self._release(http, operation.id, "withdraw")
        self._state(http, operation.id, "ended")

    def _operation(self, turn: int, *, moved: bool) -> Operation:
        east = MOVES_DEG if moved else 0.0
        place = Position(CENTRE[0] + 0.02 * self.number + 0.06 * (turn % 5), CENTRE[1] + east)
        now = compose.clock().now()
        return Operation(
            id=self._id(f"operation {turn}"),
            party="BLUE",
            designator=f"B-{self.number}-{turn}",
            operation_class=OperationClass.UNMANNED,
            volumes=(
                Volume(
                    Circle(place, 1_000.0),
                    AltitudeBand(_height(50.0 + 20.0 * turn), _height(60.0 + 20.0 * turn)),
                    Window(now - timedelta(minutes=1), now + timedelta(hours=2)),
                ),
            ),
            mode=Mode.EXERCISE,
            source=Source(SourceKind.TYPED),
            received_at=now,
        )

    def _file(self, http: httpx.Client, operation: Operation) -> None:
        path = f"/operations/{operation.id}"
        self._change(http, path, path, typed(operation))

    def _state(self, http: httpx.Client, operation_id: str, state: str) -> None:
        path = f"/operations/{operation_id}"
        self._change(http, path, f"{path}/state", {"state": state})
        if state == "ended":
            self.done[operation_id] = GONE

    def _release(self, http: httpx.Client, operation_id: str, act: str) -> None:
        """Publish or withdraw; again where the service's word on it is still under way."""
        path = f"/operations/{operation_id}/f3548"
        body: dict[str, Any] = {"role": ROLE, "act": act}
        if act == "publish":
            body["priority"] = PRIORITY
        why = ""
        for _ in range(MOST_ATTEMPTS):
            for reply in self._replies(http, "PUT", path, body):
                if reply.status_code == 404 or reply.json()["result"] == "done":
                    self.done[operation_id] = LIVE if act == "publish" else GONE
                    return
                why = reply.json()["why"]
            if self._stop.wait(AGAIN_S):
                return
        self.refused.append(f"{act} {operation_id}: {why}")

    def _publish_zone(self, http: httpx.Client, turn: int) -> None:
        """Publish a zone, change it and take it back, or leave it."""
        now, zone_id = compose.clock().now(), f"Z-{self.number}-{turn}"
        span = {"start": iso_text(now), "end": iso_text(now + timedelta(hours=2))}
        for radius_m in (900.0, 1_100.0):
            place = Position(CENTRE[0] - ZONES_DEG - 0.03 * self.number, CENTRE[1])
            band = AltitudeBand(_height(0.0), _height(500.0))
            zone = Zone(zone_id, "Fire", ZoneKind.HAZARD, Circle(place, radius_m), band)
            path = f"/zones/{zone_id}"
            self._change(http, path, path, zone_document(zone))
            for _ in self._replies(http, "PUT", f"{path}/f3548", {"role": ROLE, **span}):
                self.zones[zone_id] = LIVE
        if turn % 8 == 3:
            body = {"role": ROLE, "act": "withdraw"}
            for _ in self._replies(http, "PUT", f"/zones/{zone_id}/f3548", body):
                self.zones[zone_id] = GONE

    def _change(self, http: httpx.Client, path: str, put: str, body: Mapping[str, Any]) -> None:
        """Put something of the version that there is."""
        while not self._stop.is_set():
            known = ""
            for reply in self._replies(http, "GET", path):
                known = reply.headers.get("etag", "") if reply.is_success else ""
            for reply in self._replies(http, "PUT", put, body, _match(known)):
                if reply.status_code not in (409, 412):
                    return

    def _replies(
        self,
        http: httpx.Client,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[httpx.Response]:
        """The reply, once there is one; none once told to stop."""
        sent: dict[str, Any] = {} if body is None else {"json": body}
        while not self._stop.is_set():
            try:
                reply = http.request(method, path, headers=headers or {}, **sent)
            except httpx.TransportError:
                self._stop.wait(AGAIN_S)
                continue
            if reply.status_code in (502, 503, 504):
                self._stop.wait(AGAIN_S)
                continue
            if not reply.is_success and reply.status_code not in (404, 409, 412):
                self.refused.append(f"{method} {path}: {reply.status_code} {reply.text[:300]}")
            self.acts += reply.is_success and method == "PUT"
            yield reply
            return

    def _id(self, name: str) -> str:
        made = uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seed} {self.number} {name}")
        return str(uuid.UUID(bytes=made.bytes, version=4))


def _match(known: str) -> dict[str, str]:
    return {"if-match": known} if known else {"if-none-match": "*"}


def _height(value_m: float) -> Altitude:
    return Altitude(value_m, AltitudeReference.HAE)
