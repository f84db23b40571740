"""Clients: one that asks, several that file. Each measures what it waited."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import NamedTuple

import numpy as np

from bench.node.process import Served
from keepclear.canonical import canonical_bytes
from keepclear.formats.documents.operation import operation_document
from keepclear.model.operation import Operation


class Waits(NamedTuple):
    """What clients waited.

    Attributes:
        waits_ms: for each request.
        seconds: from the first request to the last answer.
    """

    waits_ms: list[float]
    seconds: float

    def percentile(self, share: float) -> float:
        """So many percent waited no longer, ms."""
        return float(np.percentile(self.waits_ms, share))

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits_ms) / self.seconds


def bodies_of(operations: Sequence[Operation]) -> list[tuple[str, bytes]]:
    """Ids and documents to send; ids fresh, so that a second run files anew."""
    bodies = []
    for operation in operations:
        fresh = str(uuid.uuid4())  # noqa: TID251  (a measurement, not the product)
        document = operation_document(operation)
        sent = {
            name: document[name]
            for name in ("designator", "class", "volumes", "category", "contact", "tolerance_s")
        }
        bodies.append((fresh, canonical_bytes({**sent, "id": fresh})))
    return bodies


def ask(served: Served, operations: Sequence[Operation]) -> tuple[Waits, list[int]]:
    """Ask for each operation without filing it; the waits, and the conflicts of each."""
    connection, headers = served.connection(), served.headers()
    bodies = bodies_of(operations)
    waits, conflicts = [], []
    for _, body in bodies[:50]:
        _ask_one(connection, headers, body)
    begin = time.perf_counter()
    for _, body in bodies:
        sent = time.perf_counter()
        answer = _ask_one(connection, headers, body)
        waits.append((time.perf_counter() - sent) * 1e3)
        told = json.loads(answer)["answer"]
        conflicts.append(int(told.get("conflicts_total") or len(told["conflicts"])))
    return Waits(waits, time.perf_counter() - begin), conflicts


def _ask_one(connection: HTTPConnection, headers: dict[str, str], body: bytes) -> bytes:
    connection.request("POST", "/api/v1/checks", body, headers)
    response = connection.getresponse()
    answer: bytes = response.read()
    assert response.status == 200, answer[:500]
    return answer


def file_all(served: Served, operations: Sequence[Operation], writers: int) -> Waits:
    """File every operation, with so many clients at once."""
    bodies = bodies_of(operations)
    headers = served.headers(If_None_Match="*")
    waits: list[list[float]] = [[] for _ in range(writers)]

    def write(which: int) -> None:
        connection = served.connection()
        for fresh, body in bodies[which::writers]:
            sent = time.perf_counter()
            connection.request("PUT", f"/api/v1/operations/{fresh}", body, headers)
            response = connection.getresponse()
            answer = response.read()
            waits[which].append((time.perf_counter() - sent) * 1e3)
            assert response.status == 201, answer[:500]

    threads = [threading.Thread(target=write, args=(which,)) for which in range(writers)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Waits([wait for each in waits for wait in each], time.perf_counter() - begin)
