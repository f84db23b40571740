"""The people of one node: they write, acknowledge, read back and answer over HTTP, without rest.

Each thing they do has an id of its own. Where no reply comes, because the node was killed, they
ask for the same thing again until there is one; what was replied to as done is noted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, NamedTuple

import httpx

from keepclear.cli.exercise_pair import Place
from keepclear.contact.readback import fields_read_back
from line_fixture import LINE
from messages import FIELDS

AGAIN_S = 0.05
"""Between two attempts at a node that does not answer."""
DUTY = "duty officer"
CODE = "M07"
"""It is read back and answered, and over then: no unit need be told."""
MOST_OPEN = 30


class Done(NamedTuple):
    """Something that a node said it had done.

    Attributes:
        party: whose node.
        message: on which message.
        act: its id.
        kind: what it was.
    """

    party: str
    message: str
    act: str
    kind: str


class Refused(NamedTuple):
    """A reply that nobody expected."""

    party: str
    what: str
    status: int
    text: str


@dataclass
class People:
    """One party's people.

    Attributes:
        party: which.
        place: where its node is.
        seed: makes the ids of this run others than those of the next.
        window: when what they speak of takes place.
        done: what the node said it had done.
        refused: replies that nobody expected.
        writing: cleared where no more messages are to be begun.
    """

    party: str
    place: Place
    seed: str
    window: Mapping[str, str]
    done: list[Done] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    writing: Event = field(default_factory=Event)
    _stop: Event = field(default_factory=Event)
    _count: int = 0

    def __post_init__(self) -> None:
        self.writing.set()
        self._thread = Thread(target=self._work, name=f"people of {self.party}")

    def start(self) -> None:
        self._thread.start()

    @property
    def is_working(self) -> bool:
        return self._thread.is_alive()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def client(self) -> httpx.Client:
        token = self.place.folder.token.read_text().strip()
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.place.port}/api/v1",
            headers={"authorization": f"Bearer {token}"},
            timeout=30.0,
            trust_env=False,
        )

    def _work(self) -> None:
        with closing(self.client()) as http:
            while not self._stop.is_set():
                if self.writing.is_set() and self._open(http) < MOST_OPEN:
                    self._write(http)
                for message in self._incoming(http):
                    self._next(http, message)

    def _open(self, http: httpx.Client) -> int:
        return int(self._get(http, outgoing="true", open="true", limit="1").get("total", 0))

    def _incoming(self, http: httpx.Client) -> list[Any]:
        told = self._get(http, outgoing="false", open="true", limit="20")
        return list(reversed(told.get("items", [])))

    def _get(self, http: httpx.Client, **query: str) -> Any:
        """Messages of the line, or nothing once told to stop."""
        for reply in self._replies(http, "GET", "/messages", query):
            return reply.json()
        return {}

    def _write(self, http: httpx.Client) -> None:
        """Write a message and release it; some are FLASH, some cancelled at once."""
        message = self.release(http, "FLASH" if self._count % 5 == 4 else "PRIORITY")
        if self._count % 7 == 0:
            self.act(http, message, "cancel", text="no longer so")

    def release(self, http: httpx.Client, precedence: str) -> str:
        """Write a message and release it; its id."""
        self._count += 1
        message = self._id(f"message {self._count}")
        document = {
            "code": CODE,
            "line": LINE,
            "precedence": precedence,
            "from_role": DUTY,
            "to_role": DUTY,
            "fields": {**FIELDS[CODE], "window": self.window, "conflict": f"c-{self._count}"},
        }
        new = {"if-none-match": "*"}
        for _ in self._replies(http, "PUT", f"/messages/{message}", document, new):
            self.act(http, message, "release")
        return message

    def _next(self, http: httpx.Client, message: Any) -> None:
        """What a person on duty does next with a message that came."""
        fields = message["document"]["fields"]
        match message["life"]["state"]:
            case "DELIVERED":
                self.act(http, message["id"], "acknowledge")
            case "READBACK DUE":
                read = fields_read_back(CODE, fields)
                heard = {each.key: fields[each.key] for each in read}
                self.act(http, message["id"], "readback", heard=heard)
            case "AWAITING ANSWER":
                said = {"answer": "answered", "text": "as asked"}
                self.act(http, message["id"], "answer", **said)
            case "CANCELLED":
                self.act(http, message["id"], "acknowledge cancellation")
            case _:
                pass

    def act(self, http: httpx.Client, message: str, kind: str, **said: Any) -> None:
        """Do something to a message, and note it once the node says it is done."""
        act = self._id(f"{kind} {message}")
        body = {"kind": kind, "role": DUTY, **said}
        for _ in self._replies(http, "PUT", f"/messages/{message}/acts/{act}", body):
            self.done.append(Done(self.party, message, act, kind))

    def _replies(
        self,
        http: httpx.Client,
        method: str,
        path: str,
        said: Mapping[str, Any],
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[httpx.Response]:
        """The reply, once there is one that says it was done; none once told to stop.

        The cancellation of the other side may come before an act on its message: that is
        refused, and no fault.
        """
        sent: dict[str, Any] = {"params": said} if method == "GET" else {"json": said}
        while not self._stop.is_set():
            try:
                reply = http.request(method, path, headers=headers or {}, **sent)
            except httpx.TransportError:
                self._stop.wait(AGAIN_S)
                continue
            if reply.is_success:
                yield reply
                return
            if reply.status_code in (500, 503):
                if reply.status_code == 500:
                    self.refused.append(Refused(self.party, path, 500, reply.text))
                self._stop.wait(AGAIN_S)
                continue
            if reply.status_code != 409:
                self.refused.append(Refused(self.party, path, reply.status_code, reply.text))
            return

    def _id(self, name: str) -> str:
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.seed} {self.party} {name}"))
