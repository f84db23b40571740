"""The log of a USS as files: one of JSON lines for each day, in a folder; fits `ExchangeLog`."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from threading import Lock

import msgspec
from msgspec import Raw, Struct

from keepclear.ports.exchange_log import LogLine, LogSort
from keepclear.ports.world import Clock

_log = logging.getLogger(__name__)

_OWNER_FILE, _OWNER_FOLDER = 0o600, 0o700
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(LogLine)


class ExchangeFiles:
    """Keeps lines, each whole; for use from any thread.

    A line is handed to the operating system at once and on the disk soon: losing power may cost
    the last ones, never more.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._folder = folder
        self._clock = clock
        self._lock = Lock()
        self._failed = False

    def keep(self, sort: LogSort, record: Struct) -> None:
        """Keep a record; what the disk refuses is told once, until it takes lines again."""
        now = self._clock.now()
        line = LogLine(at=now, sort=sort, record=Raw(_ENCODER.encode(record)))
        data = _ENCODER.encode(line) + b"\n"
        with self._lock:
            try:
                self._append(self._path(now.date()), data)
                self._failed = False
            except OSError as error:
                if not self._failed:
                    _log.error("the log of exchanges cannot be written: %s", error)
                self._failed = True

    def lines(self, first: date, last: date) -> Iterator[LogLine]:
        """The lines of some days; one that a crash cut short is left out."""
        day = first
        while day <= last:
            with suppress(FileNotFoundError), self._path(day).open("rb") as stream:
                for line in stream:
                    with suppress(msgspec.DecodeError):
                        yield _DECODER.decode(line)
            day += timedelta(days=1)

    def forget_before(self, day: date) -> int:
        """Remove the days before one; how many there were."""
        oldest = self._path(day).name
        gone = 0
        for path in sorted(self._folder.glob("????-??-??.jsonl")):
            if path.name < oldest:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _append(self, path: Path, data: bytes) -> None:
        self._folder.mkdir(mode=_OWNER_FOLDER, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, _OWNER_FILE)
        try:
            os.write(descriptor, data)
        finally:
            os.close(descriptor)

    def _path(self, day: date) -> Path:
        return self._folder / f"{day.isoformat()}.jsonl"
