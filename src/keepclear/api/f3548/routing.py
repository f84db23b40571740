"""Which endpoints a path has: a tree of its parts, walked once a request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import unquote

T = TypeVar("T")

LONGEST_PATH = 2_000


@dataclass(slots=True)
class _Fork(Generic[T]):
    fixed: dict[str, _Fork[T]] = field(default_factory=dict)
    part: _Fork[T] | None = None
    found: tuple[T, tuple[str, ...]] | None = None


class Routes(Generic[T]):
    """Paths with `{parts}`, each leading to one thing.

    A fixed part goes before one in braces, and no path is tried twice. The last part may be
    empty: clients that lost a version ask so, and are to be told, not sent away.

    Args:
        paths: each path and what it leads to.
    """

    def __init__(self, paths: Iterable[tuple[str, T]]) -> None:
        self._root: _Fork[T] = _Fork()
        for path, found in paths:
            self._add(path, found)

    def find(self, raw_path: bytes) -> tuple[T, dict[str, str]] | None:
        """What a path leads to, and its parts by name, decoded; None where it leads nowhere.

        Args:
            raw_path: as it came, so that an encoded slash does not part anything.
        """
        if len(raw_path) > LONGEST_PATH:
            return None
        fork, values = self._root, []
        for text in raw_path.decode("latin-1").split("/")[1:]:
            onward = fork.fixed.get(text)
            if onward is None:
                onward = fork.part
                values.append(unquote(text) if "%" in text else text)
            if onward is None:
                return None
            fork = onward
        if fork.found is None:
            return None
        found, names = fork.found
        return found, dict(zip(names, values, strict=True))

    def _add(self, path: str, found: T) -> None:
        fork, names = self._root, []
        for part in path.split("/")[1:]:
            if part.startswith("{"):
                names.append(part.strip("{}"))
                fork.part = fork.part or _Fork()
                fork = fork.part
            else:
                fork = fork.fixed.setdefault(part, _Fork())
        fork.found = found, tuple(names)
