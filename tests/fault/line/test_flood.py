"""A peer that floods a node, over real HTTP, while both sides' people go on."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event, Thread
from typing import Self

import httpx

from fault.killing import ledger_faults
from fault.line.crash_people import People
from fault.line.crash_runs import Pair, compared, serving
from keepclear.cli.exercise_pair import Place
from keepclear.compose.keys import read_keys
from keepclear.compose.opening import read_store
from keepclear.formats.documents.delivery import MOST_BYTES, Handed, batch_digest, handed_bytes
from keepclear.identity.certificates import certificate_bytes
from keepclear.identity.envelopes import sign_delivery
from keepclear.identity.keys import NodeKey
from keepclear.model.envelope import Delivery
from line_fixture import LINE

STRANGER = NodeKey.from_seed(b"\x66" * 32)
THREADS = 2
SIGNED_THREADS = 2
"""A line may hand over a hundred times a second: even a slow machine must come to more."""
ORDINARY, FLASH = "/node/v1/envelopes", "/node/v1/flash"


class Flood:
    """Threads that hand over, without rest, what a hostile or broken peer could."""

    def __init__(self, pair: Pair, bodies: dict[str, tuple[str, bytes]]) -> None:
        self._url = f"http://127.0.0.1:{pair.places['AMBER'].peers_port}"
        self._stop = Event()
        self.told: Counter[tuple[str, int]] = Counter()
        most = {"signed": bodies["signed"]}
        self._threads = [
            Thread(target=self._run, args=[each])
            for each in (*[bodies] * THREADS, *[most] * SIGNED_THREADS)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *told: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    @property
    def count(self) -> int:
        return sum(self.told.values())

    def statuses(self, name: str) -> set[int]:
        return {status for known, status in list(self.told) if known == name}

    def _run(self, bodies: dict[str, tuple[str, bytes]]) -> None:
        with httpx.Client(base_url=self._url, trust_env=False, timeout=60.0) as http:
            while not self._stop.is_set():
                for name, (path, body) in bodies.items():
                    try:
                        status = http.post(path, content=body).status_code
                    except httpx.TransportError:
                        status = 0  # a body that is too large is cut off
                    self.told[name, status] += 1


def delivery(place: Place, pair: Pair, key: NodeKey, *contents: bytes) -> bytes:
    """Something BLUE's node, or who says that it is, hands over."""
    keys = read_keys(place.folder)
    unsigned = Delivery(
        line=LINE,
        node=keys.certificate.node_id,
        key=key.key_id,
        at=pair.clock.now(),
        count=len(contents),
        digest=batch_digest(contents),
    )
    signed = sign_delivery(unsigned, key.sign)
    return handed_bytes(Handed(signed, certificate_bytes(keys.certificate), contents))


def hostile(pair: Pair) -> dict[str, tuple[str, bytes]]:
    place = pair.places["BLUE"]
    own = read_keys(place.folder).node
    claim = b'{"precedence":"FLASH"}'
    return {
        "signed": (ORDINARY, delivery(place, pair, own)),
        "forged": (ORDINARY, delivery(place, pair, STRANGER, b"{}")),
        "forged flash": (FLASH, delivery(place, pair, STRANGER, claim)),
        "rubbish": (ORDINARY, b"\xff" * 2_000),
        "too large": (ORDINARY, b"x" * (MOST_BYTES + 1)),
    }


def test_during_a_flood_people_are_served_and_a_flash_gets_through(tmp_path: Path) -> None:
    with serving(tmp_path, "flood") as pair, ExitStack() as stack:
        blue, amber = pair.people["BLUE"], pair.people["AMBER"]
        ours, theirs = (stack.enter_context(closing(each.client())) for each in (blue, amber))
        warm = blue.release(ours, "PRIORITY")
        pair.until("the line to work", lambda: has(theirs, warm))
        with Flood(pair, hostile(pair)) as flood:
            pair.until("the flood to be held off", lambda: 429 in flood.statuses("signed"))
            before = flood.count
            urgent = blue.release(ours, "FLASH")
            pair.until("the FLASH", lambda: has(theirs, urgent))
            amber.act(theirs, urgent, "acknowledge")
            pair.until("its acknowledgement", lambda: state(ours, urgent) == "READBACK DUE")
            ordinary = blue.release(ours, "PRIORITY")
            assert theirs.get("/lines").status_code == 200
            assert flood.count > before  # it went on all the while
        pair.until("the ordinary message, once the flood is over", lambda: has(theirs, ordinary))
        pair.until("nothing to wait", lambda: is_all_delivered(ours) and is_all_delivered(theirs))
    assert not blue.refused
    assert not amber.refused
    assert flood.statuses("forged flash") <= {403, 503}
    assert flood.statuses("too large") <= {0, 413, 429}
    assert flood.statuses("rubbish") <= {400, 429}
    assert flood.statuses("forged") <= {403, 429}
    proved(pair, [blue, amber])


def has(http: httpx.Client, message: str) -> bool:
    return answers(http, message) is not None


def state(http: httpx.Client, message: str) -> str:
    found = answers(http, message)
    return "" if found is None else str(found.json()["life"]["state"])


def answers(http: httpx.Client, message: str) -> httpx.Response | None:
    try:
        reply = http.get(f"/messages/{message}")
    except httpx.TransportError:  # it still starts
        return None
    return reply if reply.is_success else None


def is_all_delivered(http: httpx.Client) -> bool:
    return not sum(each["waiting"] for each in http.get("/peers").json()["items"])


def proved(pair: Pair, people: list[People]) -> None:
    """Both hold the same, but for what AMBER kept apart with its reason."""
    with ExitStack() as stack:
        views = {
            party: stack.enter_context(stack.enter_context(read_store(place.folder.store)).view())
            for party, place in pair.places.items()
        }
        figures, faults = compared(views, [done for each in people for done in each.done])
    assert (figures.messages, figures.lost, figures.twice) == (3, 0, 0)
    (kept_apart,) = faults
    assert kept_apart.endswith("quarantine noted")
    assert [ledger_faults(place.folder.path) for place in pair.places.values()] == ["", ""]
