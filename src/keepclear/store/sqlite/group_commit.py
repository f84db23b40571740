"""One thread that writes: takes what waits, commits it together, and only then answers.

Works that wait at the same time share a transaction and so one wait for the disk. Each
stands behind its own savepoint: what one raises undoes that one alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, Full, Queue
from threading import Lock, Thread, current_thread
from typing import Any, Generic, Protocol, TypeVar

from keepclear.errors import NodeBusy, NodeFault, NodeStopping
from keepclear.store.sqlite.checkpointing import Checkpointing
from keepclear.store.sqlite.faults import ends_writing, fault_of

T = TypeVar("T")
U = TypeVar("U")
MOST_TOGETHER = 128
"""So many works share a transaction at most."""
MOST_WAITING = 1_024
"""So many works wait at most; beyond that the node says that it is busy."""


class Keeping(Protocol[U]):
    """What a store does around the works of a group, in the writer's thread."""

    def unit(self) -> U:
        """What one work writes with."""
        ...

    def finish(self, unit: U) -> None:
        """Write what the unit held back; called where the work did not raise."""
        ...

    def end(self, unit: U) -> None:
        """The unit writes no more, whatever became of its work."""
        ...

    def mark(self) -> Any:
        """Where the store's own notes stand, to return to."""
        ...

    def return_to(self, mark: Any) -> None:
        """Forget what was noted since."""
        ...

    def seal(self) -> None:
        """The last thing inside a group's transaction."""
        ...

    def settled(self, forget: Callable[[], None]) -> NodeFault | None:
        """The group is durable; `forget` empties the log of what was removed.

        Returns:
            Why nothing more may be written; None where all is well.
        """
        ...

    def start_over(self) -> None:
        """A group was undone: read anew from what is on the disk."""
        ...


class _Job(Generic[T]):
    """One work that waits, and whom its result goes to."""

    __slots__ = ("error", "future", "value", "work")

    def __init__(self, work: Callable[[Any], T]) -> None:
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


class GroupWriter(Generic[U]):
    """Owns the connection that writes, in a thread of its own.

    Args:
        connection: opened by `writing_connection`; closed with this.
        path: the store's file.
        keeping: what the store does around the works.
        most_waiting: so many works wait at most before the store says that it is busy.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        keeping: Keeping[U],
        *,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._connection = connection
        self._path = path
        self._keeping = keeping
        self._most_waiting = most_waiting
        self._waiting: Queue[_Job[Any] | None] = Queue(most_waiting)
        self._gate = Lock()
        self._closing = False
        self._fault: NodeFault | None = None
        self._log = Checkpointing(path)
        self._thread = Thread(target=self._run, name="store writer", daemon=True)
        self._thread.start()

    def write(self, work: Callable[[U], T]) -> T:
        """Have a work done, and wait until it is durable.

        Raises:
            NodeFault: nothing of it was stored.
        """
        job = _Job(work)
        self._take([job])
        return job.future.result()

    def write_each(self, works: Sequence[Callable[[U], T]]) -> list[T | Exception]:
        """Have several done side by side, and wait until they are durable.

        Returns:
            What became of each, in their order; the error of one undoes that one alone.

        Raises:
            NodeFault: nothing of any was stored.
        """
        jobs = [_Job(work) for work in works]
        self._take(jobs)
        outcomes: list[T | Exception] = []
        for job in jobs:
            error = job.future.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            outcomes.append(job.future.result() if error is None else error)
        return outcomes

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

    def _take(self, jobs: Sequence[_Job[Any]]) -> None:
        if current_thread() is self._thread:
            raise NodeFault("a work asked for another work, which would wait for ever")
        with self._gate:
            if self._closing:
                raise NodeStopping("the store is closed")
            if self._fault is not None:
                raise _again(self._fault)
            # All of them or none: nobody else puts anything in while the gate is held.
            waiting = self._waiting.qsize()
            if waiting + len(jobs) > self._most_waiting:
                raise NodeBusy(f"{waiting} works are waiting to be stored")
            try:
                for job in jobs:
                    self._waiting.put_nowait(job)
            except Full:
                raise NodeBusy(f"{waiting} works are waiting to be stored") from None

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
        failure = self._fault or raised_by(lambda: self._commit(group))
        if failure is not None:
            self._undo(group, failure)
        else:
            fault = self._keeping.settled(self._forget)
            if fault is not None:
                self._stop(fault)
        for job in group:
            job.answer()
        self._log.committed(len(group))

    def _commit(self, group: Sequence[_Job[Any]]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for job in group:
            self._attempt(job, alone=len(group) == 1)
        if not self._connection.in_transaction:
            return
        self._keeping.seal()
        self._connection.execute("COMMIT")

    def _attempt(self, job: _Job[Any], *, alone: bool) -> None:
        """Do one work; where others share the transaction, behind a savepoint of its own."""
        mark = self._keeping.mark()
        if not alone:
            self._connection.execute("SAVEPOINT work")
        unit = self._keeping.unit()

        def work() -> None:
            job.value = job.work(unit)
            self._keeping.finish(unit)

        error = raised_by(work)
        self._keeping.end(unit)
        if error is not None:
            if ends_writing(error) or not self._connection.in_transaction:
                raise error
            self._connection.execute("ROLLBACK" if alone else "ROLLBACK TO work")
            self._keeping.return_to(mark)
            job.error = self._named(error)
        if not alone:
            self._connection.execute("RELEASE work")

    def _undo(self, group: Sequence[_Job[Any]], failure: BaseException) -> None:
        """Leave nothing of the group, and read the ends anew from what is on the disk."""
        fault = self._fault_of(failure)
        if ends_writing(failure):
            self._stop(fault)
        unclean = raised_by(self._start_over)
        if unclean is not None:
            self._stop(self._fault_of(unclean))
        for job in group:
            # One error for each caller: a shared one would mix their tracebacks.
            job.error = _again(fault)

    def _start_over(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._keeping.start_over()

    def _forget(self) -> None:
        """Empty the log of what was removed, unless somebody reads: then the next time does."""
        self._log.empty_now(self._connection)

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


def raised_by(work: Callable[[], None]) -> BaseException | None:
    """What a work raises, to be handed to whom it concerns; the writer itself goes on."""
    try:
        work()
    except BaseException as error:  # noqa: BLE001  (whatever a work raises goes to its caller)
        return error
    return None
