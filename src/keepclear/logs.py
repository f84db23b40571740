"""The node's log: one JSON object a line, in a file that begins anew at a size.

The log is for whoever keeps the node running; what the parties did stands in the ledger.
Nothing secret and nothing of a plan gets into it: a line holds a fixed sentence and facts
from a short list of names, never the text of an error or of a request.
"""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import re
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any, TypeAlias

from keepclear.errors import KeepclearError, StoreReadOnly

LOGGER = "keepclear"
"""The root of every logger of this program."""
FACTS = frozenset(
    {
        "method", "path", "status", "duration_ms", "size_bytes", "version", "mode", "party",
        "node", "port", "address", "change", "entry", "operations", "removed", "pruned", "code",
        "error", "at", "pid", "signal", "runs", "waiting",
    }
)  # fmt: skip
"""What a line may say beside its sentence; anything else is left out and counted."""
LONGEST_FACT = 200

_SECRETS = re.compile(
    r"-----BEGIN [A-Z ]+-----.*?(-----END [A-Z ]+-----|$)"
    r"|(?i:bearer)\s+\S+"
    r"|(?i:ticket|token|cookie|session|authorization)[\"']?\s*[=:]\s*[\"']?"
    r"(?i:bearer\s+)?[^\s\"',;&]+"
    r"|\b[A-Za-z0-9_-]{32,}\b(?<![0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",
    re.DOTALL,
)
"""Key files, named credentials, and any long run that could be one; ids (UUIDs) may stay."""
HIDDEN = "[hidden]"


def without_secrets(text: str) -> str:
    """The text with everything that looks like a key, token or ticket left out."""
    return _SECRETS.sub(HIDDEN, text)


class JsonLines(logging.Formatter):
    """Writes a record as one JSON object; the formatter is the filter, so no way leads round it."""

    def format(self, record: logging.LogRecord) -> str:
        """One line. A record's arguments and an error's own text are left out on purpose."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "says": without_secrets(str(record.msg)),
        }
        given = record.__dict__.get("facts") or {}
        line |= {key: _fact(value) for key, value in given.items() if key in FACTS}
        if left_out := sum(key not in FACTS for key in given):
            line["left_out"] = left_out
        if record.exc_info and record.exc_info[1] is not None:
            line["error"], line["trail"] = _told(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def _fact(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return without_secrets(str(value))[:LONGEST_FACT]


def _told(error: BaseException) -> tuple[str, list[str]]:
    """What sort of error, and where; its text may quote a plan."""
    name = error.code if isinstance(error, KeepclearError) else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    return name, [f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames][-12:]


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating file that only its owner reads."""

    def _open(self) -> Any:
        return open(self.baseFilename, self.mode, encoding=self.encoding, opener=_owner_only)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def begin_log(path: Path, *, level: str, file_bytes: int, files_kept: int) -> logging.Handler:
    """Write the program's log into a file from now on; `end_log` ends it.

    Raises:
        StoreReadOnly: the file cannot be written.
    """
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        handler = _PrivateFile(path, maxBytes=file_bytes, backupCount=files_kept, encoding="utf-8")
    except OSError as error:
        raise StoreReadOnly(f"the log {path} cannot be written ({error.strerror})") from None
    handler.setFormatter(JsonLines())
    for name in (LOGGER, "uvicorn"):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(level.upper())
        logger.propagate = False
    return handler


def end_log(handler: logging.Handler) -> None:
    """Write nothing more into the file that `begin_log` opened."""
    for name in (LOGGER, "uvicorn"):
        logger = logging.getLogger(name)
        logger.removeHandler(handler)
        logger.propagate = True
    handler.close()


def say(sentence: str, *, level: int = logging.INFO, part: str = "node", **facts: object) -> None:
    """Write one line.

    Args:
        sentence: always the same words for the same event; what varies is a fact.
        level: of `logging`.
        part: which part of the program says it.
        facts: names of `FACTS`.
    """
    logging.getLogger(f"{LOGGER}.{part}").log(level, sentence, extra={"facts": facts})


_REQUESTS_PART = "requests"
_REQUESTS = logging.getLogger(f"{LOGGER}.{_REQUESTS_PART}")

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]


SLOW_MS = 250.0
"""A request that took longer is told even where it was answered well."""


class RequestLog:
    """Notes requests around an ASGI application: method, path, status, how long it took.

    At the usual level those that were refused, failed or took long; at `debug` every one. What
    was asked and done stands in the ledger. The query is left out: a ticket may stand in it, and
    what people search for is theirs.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it ended; 0 where no answer was begun."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        started_s, status = time.perf_counter(), 0

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._application(scope, receive, noted)
        finally:
            spent_ms = round((time.perf_counter() - started_s) * 1_000.0, 1)
            _note(scope, status, spent_ms)


def _note(scope: Scope, status: int, spent_ms: float) -> None:
    if status >= 500 or not status:
        level = logging.WARNING
    else:
        level = logging.INFO if status >= 400 or spent_ms > SLOW_MS else logging.DEBUG
    if not _REQUESTS.isEnabledFor(level):
        return
    say(
        "request answered" if status else "request ended without an answer",
        level=level,
        part=_REQUESTS_PART,
        method=scope["method"],
        path=scope["path"],
        status=status,
        duration_ms=spent_ms,
    )
