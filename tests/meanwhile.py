"""A store beside which somebody else is at work at the wrong moment; nothing here is tested."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, TypeVar

from keepclear.ports.store import Unit
from keepclear.services.node import Node

T = TypeVar("T")


class _Beside:
    """A store in which, once, something else is done just before it is written or looked at."""

    def __init__(self, store: Any, act: Callable[[], object], call: str, number: int) -> None:
        self._store = store
        self._act = act
        self._call = call
        self._left = number

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def view(self) -> AbstractContextManager[Any]:
        self._called("view")
        moment: AbstractContextManager[Any] = self._store.view()
        return moment

    def write(self, work: Callable[[Unit], T]) -> T:
        self._called("write")
        written: T = self._store.write(work)
        return written

    def _called(self, call: str) -> None:
        self._left -= call == self._call
        if self._left == 0 and call == self._call:
            self._act()


class _Within:
    """A store in which, once, something else is done in the same transaction as a work."""

    def __init__(self, store: Any, act: Callable[[Unit], object]) -> None:
        self._store = store
        self._act: Callable[[Unit], object] | None = act

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def write(self, work: Callable[[Unit], T]) -> T:
        act, self._act = self._act, None

        def both(unit: Unit) -> T:
            if act is not None:
                act(unit)
            return work(unit)

        written: T = self._store.write(both)
        return written


def before_writing(node: Node, act: Callable[[], object], *, number: int = 1) -> Node:
    """The node as one of its threads has it: somebody acts just before it writes the n-th time."""
    return replace(node, store=_Beside(node.store, act, "write", number))


def before_looking(node: Node, act: Callable[[], object], *, number: int = 1) -> Node:
    """The same, just before it looks at the store the n-th time."""
    return replace(node, store=_Beside(node.store, act, "view", number))


def in_one_group(node: Node, act: Callable[[Unit], object]) -> Node:
    """The node as one of its threads has it, while somebody's work shares its transaction."""
    return replace(node, store=_Within(node.store, act))
