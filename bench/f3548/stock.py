"""Stores full of intents that lie elsewhere, made once and kept under build/bench."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench.f3548.bodies import box, intent_body
from keepclear import compose
from keepclear.api.f3548.endpoint import SC
from keepclear.formats.f3548 import PutOperationalIntentReferenceParameters, decode
from keepclear.services.dss import Dss, perform, put_intent
from keepclear.store.dss import make_dss_store, open_dss_store

_TOGETHER = 128
ACROSS = 1_000
"""So many intents stand side by side in a row."""
STEP_DEG = 0.03
STARTS = timedelta(days=20)
"""A stock that was made weeks ago must still lie ahead."""


def stocked(root: Path, intents: int) -> Path:
    """A folder whose DSS holds so many intents; from an earlier call where there is one."""
    folder = root / f"dss-{intents}"
    ready = folder / "stocked.txt"
    if ready.is_file():
        made = datetime.fromisoformat(ready.read_text())
        if datetime.now(UTC) - made < STARTS:  # noqa: TID251  (a measurement, not the product)
            return folder
    _make(folder, intents)
    ready.write_text(datetime.now(UTC).isoformat())  # noqa: TID251
    return folder


def stored_id(number: int) -> str:
    """The id of one of them."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(number)))[:14] + "4" + _rest(number)


def _rest(number: int) -> str:
    text = str(uuid.uuid5(uuid.NAMESPACE_URL, str(number)))
    return text[15:19] + "a" + text[20:]


def _make(folder: Path, intents: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        left.unlink()
    clock, entropy = compose.clock(), compose.entropy()
    path = folder / "dss.sqlite"
    make_dss_store(path, pool=entropy.new_id(), made_at=clock.now())
    with closing(open_dss_store(path)) as store:
        dss = Dss(store, clock, entropy)
        bodies = _bodies(intents, clock.now() + 2 * STARTS)
        done = 0
        while part := list(islice(bodies, _TOGETHER)):
            works = [
                put_intent(dss, f"uss{done % 7}", each_id, None, body, scopes=frozenset({SC}))
                for each_id, body in part
            ]
            for outcome in perform(dss, works):
                if isinstance(outcome, Exception):
                    raise outcome
            done += len(part)
            if done % 12_800 == 0:
                print(f"  {done:,} intents stored", flush=True)


def _bodies(
    intents: int, begin: datetime
) -> Iterator[tuple[str, PutOperationalIntentReferenceParameters]]:
    for number in range(intents):
        south = -35.0 + STEP_DEG * (number // ACROSS)
        west = 10.0 + STEP_DEG * (number % ACROSS)
        body = intent_body([box(south, west, 0.01)], begin, begin + timedelta(hours=1), key=[])
        yield stored_id(number), decode(PutOperationalIntentReferenceParameters, body)
