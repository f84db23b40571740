"""The one writer: takes what waits, commits it together, and only then answers.

Works that wait at the same time share a transaction and so one wait for the disk. Each
stands behind its own savepoint: what one raises undoes that one alone.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Lock, Thread, current_thread
from typing import Any, Generic, TypeVar

from keepclear.errors import NodeBusy, NodeFault, NodeStopping
from keepclear.ledger.heads import SignedHead, TreeHead, head_bytes
from keepclear.ports.signing import Signer
from keepclear.ports.store import Committed, Unit
from keepclear.ports.world import Clock, Entropy
from keepclear.store.sqlite.checkpointing import Checkpointing
from keepclear.store.sqlite.connecting import BUSY_S
from keepclear.store.sqlite.faults import ends_writing, fault_of
from keepclear.store.sqlite.tail import Tail, read_tail
from keepclear.store.sqlite.tree_rows import keep_head, keep_nodes
from keepclear.store.sqlite.view import SqliteUnit

T = TypeVar("T")
Listener = Callable[[Committed], None]
MOST_TOGETHER = 128
"""So many works share a transaction at most."""
MOST_WAITING = 1_024
"""So many works wait at most; beyond that the node says that it is busy."""


@dataclass(frozen=True, slots=True)
class Signing:
    """What a head is made of beside the ledger's tree.

    Attributes:
        node: the node's id.
        epoch: how often the node was restored from a backup.
        signer: the node's key.
        clock: the wall clock.
        entropy: where salts come from.
    """

    node: str
    epoch: int
    signer: Signer
    clock: Clock
    entropy: Entropy


class _Job(Generic[T]):
    """One work that waits, and whom its result goes to."""

    __slots__ = ("error", "future", "value", "work")

    def __init__(self, work: Callable[[Unit], T]) -> None:
        self.work = work
        self.future: Future[T] = Future()
        self.value: T | None = None
        self.error: BaseException | None = None

    def answer(self) -> None:
        """Hand over what became of it, now that it is durable or undone."""
        if self.error is None:
            self.future.set_result(self.value)  # type: ignore[arg-type]  # T may be None itself
        else:
            self.future.set_exception(self.error)


class Writer:
    """Owns the connection that writes, in a thread of its own."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        signing: Signing,
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._connection = connection
        self._path = path
        self._signing = signing
        self._tail: Tail = read_tail(connection, signing.entropy)
        self._waiting: Queue[_Job[Any] | None] = Queue(most_waiting)
        self._gate = Lock()
        self._closing = False
        self._fault: NodeFault | None = None
        self._listeners: list[Listener] = []
        self._log = Checkpointing(path)
        self._thread = Thread(target=self._run, name="store writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[Unit], T]) -> T:
        """Have a work done, and wait until it is durable.

        Raises:
            NodeFault: nothing of it was stored.
        """
        if current_thread() is self._thread:
            raise NodeFault("a work asked for another work, which would wait for ever")
        job = _Job(work)
        with self._gate:
            if self._closing:
                raise NodeStopping("the store is closed")
            if self._fault is not None:
                raise _again(self._fault)
            try:
                self._waiting.put_nowait(job)
            except Full:
                waiting = self._waiting.maxsize
                raise NodeBusy(f"{waiting} works are waiting to be stored") from None
        return job.future.result()

    def on_change(self, listener: Listener) -> None:
        """Have committed changes told before their callers are answered."""
        with self._gate:
            self._listeners.append(listener)

    def finish(self) -> None:
        """Take nothing more, and do what waits."""
        with self._gate:
            first, self._closing = not self._closing, True
        if first:
            self._waiting.put(None)
        self._thread.join()

    def close(self) -> None:
        """Finish, then let the connection go; the last of all, it leaves one whole file."""
        self.finish()
        self._log.stop()
        self._connection.close()

    def _run(self) -> None:
        while group := self._next_group():
            self._serve(group)

    def _next_group(self) -> list[_Job[Any]]:
        """Everything that waits, up to a limit; empty once the store closes."""
        group: list[_Job[Any]] = []
        job = self._waiting.get()
        while job is not None:
            group.append(job)
            if len(group) == MOST_TOGETHER:
                return group
            try:
                job = self._waiting.get_nowait()
            except Empty:
                return group
        if group:
            # The end was seen behind the last works; it must be found again after them.
            self._waiting.put(None)
        return group

    def _serve(self, group: Sequence[_Job[Any]]) -> None:
        failure = self._fault or _raised_by(lambda: self._commit(group))
        if failure is not None:
            self._undo(group, failure)
        else:
            if self._tail.pruned:
                self._forget()
            self._tell(self._tail.committed())
        for job in group:
            job.answer()
        self._log.committed(len(group))

    def _commit(self, group: Sequence[_Job[Any]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        before = self._tail.frontier.size
        for job in group:
            self._attempt(job, alone=len(group) == 1)
        if not self._connection.in_transaction:
            return
        if self._tail.frontier.size > before:
            self._sign()
        self._connection.execute("COMMIT")

    def _attempt(self, job: _Job[Any], *, alone: bool) -> None:
        """Do one work; where others share the transaction, behind a savepoint of its own."""
        mark = self._tail.mark()
        if not alone:
            self._connection.execute("SAVEPOINT work")
        unit = SqliteUnit(self._connection, self._tail)

        def work() -> None:
            job.value = job.work(unit)
            unit.write_pending()

        error = _raised_by(work)
        unit.end()
        if error is not None:
            if ends_writing(error) or not self._connection.in_transaction:
                raise error
            self._connection.execute("ROLLBACK" if alone else "ROLLBACK TO work")
            self._tail.return_to(mark)
            job.error = self._named(error)
        if not alone:
            self._connection.execute("RELEASE work")

    def _sign(self) -> None:
        """Store what the tree gained, and one head over the whole group."""
        signing, frontier = self._signing, self._tail.frontier
        keep_nodes(self._connection, self._tail.nodes)
        head = TreeHead(
            frontier.size, frontier.root(), signing.clock.now(), signing.node, signing.epoch
        )
        signature = signing.signer.sign(head_bytes(head))
        keep_head(self._connection, SignedHead(head, signature, signing.signer.key_id))

    def _undo(self, group: Sequence[_Job[Any]], failure: BaseException) -> None:
        """Leave nothing of the group, and read the ends anew from what is on the disk."""
        fault = self._fault_of(failure)
        if ends_writing(failure):
            self._stop(fault)
        unclean = _raised_by(self._start_over)
        if unclean is not None:
            self._stop(self._fault_of(unclean))
        for job in group:
            # One error for each caller: a shared one would mix their tracebacks.
            job.error = _again(fault)

    def _start_over(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._tail = read_tail(self._connection, self._signing.entropy)

    def _forget(self) -> None:
        """Empty the log of what was pruned, unless somebody reads: then the next time does."""
        with contextlib.suppress(sqlite3.Error), self._log.at_work:
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._connection.execute(f"PRAGMA busy_timeout = {int(BUSY_S * 1_000)}")

    def _tell(self, committed: Committed) -> None:
        if not committed.changes:
            return
        with self._gate:
            listeners = tuple(self._listeners)
        for listener in listeners:
            error = _raised_by(lambda told=listener: told(committed))  # type: ignore[misc]  # a default in a lambda
            if error is not None:
                fault = NodeFault(
                    f"what was stored did not reach the picture of the airspace: {error!r}",
                    remedy="Start the node again: it reads everything anew. Nothing is lost.",
                )
                fault.__cause__ = error
                self._stop(fault)

    def _stop(self, fault: NodeFault) -> None:
        """Take no more works until the store is opened anew; the first reason stays."""
        with self._gate:
            self._fault = self._fault or fault

    def _fault_of(self, error: BaseException) -> NodeFault:
        """The error as one that may go to any caller, whose own work did not raise it."""
        named = self._named(error)
        if isinstance(named, NodeFault):
            return named
        fault = NodeFault(f"nothing could be stored: {error!r}")
        fault.__cause__ = error
        return fault

    def _named(self, error: BaseException) -> BaseException:
        if not isinstance(error, sqlite3.Error):
            return error
        fault = fault_of(error, self._path)
        fault.__cause__ = error
        return fault


def _again(fault: NodeFault) -> NodeFault:
    """The same fault, to be raised in another thread."""
    again = type(fault)(fault.message, remedy=fault.remedy)
    again.__cause__ = fault
    return again


def _raised_by(work: Callable[[], None]) -> BaseException | None:
    """What a work raises, to be handed to whom it concerns; the writer itself goes on."""
    try:
        work()
    except BaseException as error:  # noqa: BLE001  (whatever a work raises goes to its caller)
        return error
    return None
