"""Every answer, list, page, export and stream of BLUE's node, at every level of AMBER's release.

AMBER's operation bears marks: words and figures that stand nowhere else. Whatever BLUE asks,
and whatever BLUE's disk holds, only what the level lets BLUE know is in it.
"""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.asking import BEARER, HOST, ORIGIN, PORT, TOKEN, InProcess, Seconds
from api.rights_table import MAY, needs
from api.signing_in import session_of
from humanitarian import kept_site
from keepclear.api.application import NodeApplication, node_application
from keepclear.api.auth import Access
from keepclear.formats.documents.site import site_document
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.model.volume import Position
from keepclear.model.window import Window
from line_pair import LINE, Side, paired_nodes
from messages import an_id
from people import make
from samples import circle, operation
from unit.services.disclosing.answering_pair import BLUE, Asking, asking_nodes

L = DisclosureLevel
_PLAIN = operation("ZQX-7741", circle(35.012347, 36.023459, radius_m=9_137.0), party="AMBER")
_WHEN = _PLAIN.volumes[0].window
_MARKED = Window(_WHEN.start.replace(second=17), _WHEN.end.replace(second=43))
HIDDEN: Operation = replace(
    _PLAIN, volumes=(replace(_PLAIN.volumes[0], window=_MARKED),), contact="131.975 QUEBEC"
)
MARKS = ("ZQX-7741", "131.975", "35.01234", "36.02345", "9137", HIDDEN.id, ":17Z", ":43Z")
"""What only whoever was told the whole of it may find."""
COARSE = ('"overlap": [{', '"overlap":[{')
"""What L2 adds to L1."""


@dataclass
class Looked:
    """BLUE's node, asked everything there is.

    Attributes:
        application: what answers.
        http: asks.
    """

    application: NodeApplication
    http: httpx.Client

    def everything(self, headers: dict[str, str]) -> dict[str, str]:
        """Each reading endpoint's reply, by address; ids are those that replies named."""
        paths = sorted(path for method, path in needs() if method == "GET" and path != "/events")
        known = {HIDDEN.id, BLUE.id, LINE, "BLUE", "AMBER"}
        found: dict[str, str] = {}
        for _ in range(2):
            for path in paths:
                for address in _addresses(path, known):
                    if address in found:
                        continue
                    reply = self.http.get(address, headers=headers, params=_query(path))
                    found[address] = _text(reply)
                    known |= _named(reply)
        with ThreadPoolExecutor(1) as thread:  # a browser's loop may run in this one
            streamed = thread.submit(asyncio.run, self._streamed(headers))
            found["/api/v1/events"] = streamed.result()
        return found

    async def _streamed(self, headers: dict[str, str]) -> str:
        """The stream of changes from the first one on."""
        parts: list[bytes] = []
        gone = asyncio.Event()

        async def receive() -> Any:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            parts.append(message.get("body", b""))

        given = {"host": HOST, **headers}
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/v1/events",
            "query_string": b"after=0",
            "headers": [(name.encode(), value.encode()) for name, value in given.items()],
            "scheme": "http",
        }
        reading = asyncio.create_task(self.application(scope, receive, send))
        await asyncio.sleep(0.3)
        gone.set()
        await reading
        return b"".join(parts).decode()


def _addresses(path: str, known: set[str]) -> Iterator[str]:
    """Every address of a path that ids known so far may fill."""
    match = re.search(r"\{(\w+)\}", path)
    if match is None:
        yield f"/api/v1{path}"
        return
    part = match.group(1)
    fitting = _FITTING.get(part, lambda known: sorted(each for each in known if len(each) == 36))
    for each in fitting(known):
        yield from _addresses(path.replace(match.group(0), each, 1), known)


_FITTING: dict[str, Any] = {
    "line_id": lambda _: [LINE],
    "party": lambda _: ["AMBER", "BLUE"],
    "format": lambda _: ["geojson", "toml", "csv", "kml", "everything"],
    "card": lambda _: ["call", "contact", "lost-line", "challenge"],
    "agreement_id": lambda _: ["TEST"],
    "agreement_version": lambda _: ["1"],
    "number": lambda _: [str(each) for each in range(60)],
    "account": lambda _: ["viewer"],
    "member": lambda _: ["AMBER"],
    "thing_id": lambda known: sorted(each for each in known if len(each) == 36)[:3],
}


def _query(path: str) -> dict[str, str]:
    return {"limit": "200"} if "{" not in path and not path.endswith(".json") else {}


def _text(reply: httpx.Response) -> str:
    if reply.headers.get("content-type", "").startswith("application/zip"):
        return _unpacked(reply.content)
    return f"{reply.status_code} {reply.content.decode(errors='replace')}"


def _unpacked(archive: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as files:
        return "\n".join(files.read(name).decode(errors="replace") for name in files.namelist())


def _named(reply: httpx.Response) -> set[str]:
    """Ids that a reply names, so that they are asked for next."""
    return set(re.findall(r'"id": ?"([0-9a-f-]{36})"', reply.text))


def looking(stack: ExitStack, side: Side) -> Looked:
    application = node_application(
        side.node, Access(TOKEN, side.node.entropy, Seconds()), port=PORT
    )
    stack.callback(application.close)
    http = httpx.Client(base_url=ORIGIN, transport=InProcess(application))
    return Looked(application, stack.enter_context(http))


def on_disk(side: Side) -> bytes:
    """Everything that a node's files hold."""
    return b"".join(each.read_bytes() for each in side.folder.iterdir() if each.is_file())


def released(asking: Asking, level: DisclosureLevel) -> None:
    """AMBER's operation at a level, after BLUE asked all it could."""
    asking.file(asking.blue, BLUE)
    asking.file(asking.amber, HIDDEN)
    if level is not L.L1:
        asking.release(HIDDEN, level)
    asking.ask()
    asking.ask("again", suggests=True)
    asking.pair.turn(minutes=20)


@pytest.mark.parametrize("level", [L.L0, L.L1, L.L2, L.L3], ids=lambda level: level.name)
def test_nothing_above_the_level_is_found_anywhere(tmp_path: Path, level: L) -> None:
    with ExitStack() as stack:
        asking = stack.enter_context(asking_nodes(tmp_path))
        released(asking, level)
        looked = looking(stack, asking.blue)
        callers = {"token": BEARER}
        make(asking.blue.node, "root", "admin")
        for number, kind in enumerate(MAY):
            make(asking.blue.node, f"k{number}", kind)
            callers[kind] = session_of(looked.http, f"k{number}")
        seen = {who: looked.everything(headers) for who, headers in callers.items()}
        told = {who: _marked(replies) for who, replies in seen.items()}
        if level >= L.L3:
            assert all(told.values())
            return
        assert told == {who: [] for who in callers}
        assert not [mark for mark in MARKS if mark.encode() in on_disk(asking.blue)]
        answers = seen["token"][f"/api/v1/operations/{BLUE.id}/peer-answers"]
        assert any(mark in answers for mark in COARSE) is (level is L.L2)
        conflicts = json.loads(answers.removeprefix("200 "))
        assert (conflicts["overall"] == "conflict") is (level >= L.L1)


def _marked(replies: dict[str, str]) -> list[tuple[str, str]]:
    """Where a mark stands; what BLUE itself asked for by its id is no finding."""
    return [
        (address, mark)
        for address, text in replies.items()
        for mark in MARKS
        if mark in (text.replace(HIDDEN.id, "") if HIDDEN.id in address else text)
    ]


def test_a_site_is_shown_to_those_alone_who_keep_movements_and_sites(tmp_path: Path) -> None:
    """A viewer, an admin and the records of the line do not tell where a hospital is."""
    point = Position(35.217893, 36.117897)
    with ExitStack() as stack:
        pair = stack.enter_context(paired_nodes(tmp_path))
        pair.carry()
        site = kept_site(pair.amber, "hidden", party="AMBER", recipients=("BLUE",), point=point)
        amber = looking(stack, pair.amber).http
        body = {"line": LINE, "role": "movement officer", "second": "second"}
        path = f"/api/v1/sites/{site.id}/releases/{an_id('m15')}"
        done = amber.put(path, json=body, headers={**BEARER, "keepclear-actor": "first"})
        assert done.status_code == 200, done.text
        pair.turn(minutes=20)
        looked = looking(stack, pair.blue)
        make(pair.blue.node, "root", "admin")
        assert site_document(site)
        found = {}
        for number, kind in enumerate(MAY):
            make(pair.blue.node, f"k{number}", kind)
            replies = looked.everything(session_of(looked.http, f"k{number}"))
            found[kind] = [
                address
                for address, text in replies.items()
                for mark in ("35.21789", "36.11789", "35 13 04")
                if mark in text
            ]
        allowed = {"watch", "releaser", "liaison", "movement officer"}
        assert {kind for kind, where in found.items() if where} <= {*allowed, "investigator"}, found
        assert found["movement officer"]
        investigated = {re.sub(r"/\d+", "/N", each) for each in found["investigator"]}
        assert investigated <= {
            "/api/v1/ledger/entries",
            "/api/v1/ledger/entries/N",
            "/api/v1/ledger/entries/N/proof",
            "/api/v1/exports/everything",
        }
