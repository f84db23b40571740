"""Ask managers for details: several at once, and of one manager a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future
from typing import Protocol, TypeVar

from keepclear.errors import KeepclearError, PeerSilent

LANES = 4
"""So many questions to one manager are under way at once; whatever is near, it answers them all."""

D = TypeVar("D")


class Reference(Protocol):
    """What a discovery service says of something that is another's."""

    @property
    def id(self) -> str:
        """Of the thing."""
        ...

    @property
    def uss_base_url(self) -> str:
        """Where its manager is asked."""
        ...


def ask_managers(
    pool: Executor, references: Iterable[Reference], ask: Callable[[str, str], D]
) -> dict[str, Future[D]]:
    """Begin to ask for some things, each at its manager's; what will come, by id.

    Args:
        pool: whose threads wait for the answers.
        references: of the things.
        ask: asks at an address for the details of an id.
    """
    answers: dict[str, Future[D]] = {}
    theirs: dict[str, list[Reference]] = {}
    for each in references:
        answers[each.id] = Future()
        theirs.setdefault(each.uss_base_url, []).append(each)
    for some in theirs.values():
        for first in range(min(LANES, len(some))):
            lane = [(each, answers[each.id]) for each in some[first::LANES]]
            pool.submit(_ask_in_turn, ask, lane)
    return answers


def _ask_in_turn(ask: Callable[[str, str], D], lane: Sequence[tuple[Reference, Future[D]]]) -> None:
    """Ask one after the other; one that is silent is not waited for again."""
    silent: PeerSilent | None = None
    for reference, answer in lane:
        if not answer.set_running_or_notify_cancel():
            continue
        if silent is not None:
            answer.set_exception(silent)
            continue
        try:
            answer.set_result(ask(reference.uss_base_url, reference.id))
        except KeepclearError as error:
            answer.set_exception(error)
            silent = error if isinstance(error, PeerSilent) else None
        except BaseException as fault:
            answer.set_exception(fault)
            raise
