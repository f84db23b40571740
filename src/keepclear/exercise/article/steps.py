"""The steps of a script as the boards show them, read from the file of a package."""

from __future__ import annotations

import importlib.resources
import tomllib
from dataclasses import dataclass

from keepclear.errors import DataMissing
from keepclear.exercise.board import BoardStep

_FILE = "steps.toml"


@dataclass(frozen=True, slots=True)
class ArticleStep:
    """One step of the script.

    Attributes:
        key: names what plays it.
        pace_s: how long a person looks at it when it is played at the pace of talk.
        shown: what the boards show of it.
    """

    key: str
    pace_s: float
    shown: BoardStep


def article_steps() -> tuple[ArticleStep, ...]:
    """All steps of the article, in their order.

    Raises:
        DataMissing: the file of the package is not there; reinstall keepclear.
    """
    return steps_in("keepclear.exercise.article")


def steps_in(package: str, *, after: int = 0) -> tuple[ArticleStep, ...]:
    """The steps that a package's file holds, in their order.

    Args:
        package: which.
        after: how many steps of the script come before its first.

    Raises:
        DataMissing: the file is not there; reinstall keepclear.
    """
    file = importlib.resources.files(package) / _FILE
    try:
        read = tomllib.loads(file.read_text(encoding="utf-8"))["step"]
    except (OSError, KeyError) as error:
        raise DataMissing(f"the script of the exercise cannot be read: {error}") from None
    return tuple(
        ArticleStep(
            key=step["key"],
            pace_s=float(step["pace_s"]),
            shown=BoardStep(
                number=number,
                title=step["title"],
                phrase=step["phrase"],
                party=step["party"],
                explains=step["explains"],
            ),
        )
        for number, step in enumerate(read, start=after + 1)
    )
