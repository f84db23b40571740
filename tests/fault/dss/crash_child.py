"""A process that makes, changes and removes intents and subscriptions until it is killed.

It prints one line for every answer: what, id, version or number. What is printed must be found
in the store afterwards, however the process died.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from threading import Thread

from dss_fixture import Desk, entity, told, volume

THREADS = 4


def main() -> None:
    """Write into the store of the folder named first; the second word makes the ids new."""
    folder, run = Path(sys.argv[1]), sys.argv[2]
    desk = Desk(folder, seed=run)
    desk.limited(most_area_km2=12_000_000.0)
    if run.endswith("0"):
        desk.subscribe("all", volume((-57.0, 40.0), radius_m=1_900_000.0, high_m=500.0))
    threads = [Thread(target=_write, args=(desk, run, number)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _write(desk: Desk, run: str, thread: int) -> None:
    turn = 0
    while True:
        word = f"{run}-{thread}-{turn}"
        # Each where no other is, so that no key is needed.
        place = (-60.0 + int(run) % 10 + thread / 10, 36.0 + turn / 50)
        made = desk.put(word, volume(place), implicit=True)
        _say("there", made.operational_intent_reference.id, 1, told(made))
        changed = desk.put(
            word,
            volume(place, high_m=200.0),
            replacing=made.operational_intent_reference,
            subscription=made.operational_intent_reference.subscription_id,
        )
        _say("there", changed.operational_intent_reference.id, 2, told(changed))
        if turn % 3:
            gone = desk.delete(word, changed.operational_intent_reference.ovn)
            _say("gone", entity(word), 2, told(gone))
        turn += 1


def _say(what: str, intent_id: str, version: int, notified: dict[str, int]) -> None:
    number = notified.get(entity("all"), 0)
    os.write(1, f"{what} {intent_id} {version} {number}\n".encode())


if __name__ == "__main__":
    main()
