"""What is wrong in an agreement's text, where, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from keepclear.formats.agreement.lines import KeyPath, Lines

MOST_PROBLEMS = 200
"""The most problems that are listed; the last one says that there are more."""


class Severity(StrEnum):
    """Whether an agreement with the problem can be used."""

    ERROR = "error"
    """It cannot."""
    WARNING = "warning"
    """It can, but it may not say what its parties meant."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in an agreement's text.

    Attributes:
        line: on which line, counted from 1; of the table around it where a key is missing;
            None where the whole text is meant.
        path: which key: "rule 2, lateral" is the key `lateral` of the second [[rule]]; empty
            where the whole text is meant.
        message: what is wrong.
        remedy: what to write.
        severity: whether the agreement can be used all the same.
    """

    line: int | None
    path: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        """Say where, what is wrong and what to write, on one line."""
        places = [f"line {self.line}"] if self.line is not None else []
        place = ", ".join([*places, *([self.path] if self.path else [])])
        text = f"{self.message}. {self.remedy}"
        return f"{place}: {text}" if place else text


class Problems:
    """The problems of one text, as they are found."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._errors: list[Problem] = []
        self._warnings: list[Problem] = []
        self.error_count = 0

    @property
    def is_full(self) -> bool:
        """Whether so many errors are listed that no more will be."""
        return len(self._errors) >= MOST_PROBLEMS

    def error(self, path: KeyPath, message: str, remedy: str) -> None:
        """List what makes the agreement unusable."""
        self.error_count += 1
        if len(self._errors) < MOST_PROBLEMS:
            self._errors.append(self._problem(path, message, remedy, Severity.ERROR))

    def warning(self, path: KeyPath, message: str, remedy: str) -> None:
        """List what its parties may not have meant."""
        if len(self._warnings) < MOST_PROBLEMS:
            self._warnings.append(self._problem(path, message, remedy, Severity.WARNING))

    def listed(self) -> tuple[Problem, ...]:
        """All problems, from the first line to the last."""
        ordered = sorted(
            [*self._errors, *self._warnings], key=lambda problem: (problem.line or 0, problem.path)
        )
        for found, severity in (
            (self._errors, Severity.ERROR),
            (self._warnings, Severity.WARNING),
        ):
            if len(found) >= MOST_PROBLEMS:
                message = f"there may be more than {MOST_PROBLEMS} {severity}s"
                ordered.append(
                    Problem(None, "", message, "Mend these, then check again.", severity)
                )
        return tuple(ordered)

    def _problem(self, path: KeyPath, message: str, remedy: str, severity: Severity) -> Problem:
        line = self._lines.of(path) if path else None
        return Problem(line, spelled(path), message, remedy, severity)


def spelled(path: KeyPath) -> str:
    """A path for people: indices counted from 1, keys after them set off by commas."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int):
            words[-1] = f"{words[-1]} {part + 1}"
        else:
            words.append(shown(part))
    return ", ".join(words)


def shown(text: str) -> str:
    """A word of the text as messages show it: short, and nothing in it that moves a cursor."""
    short = text if len(text) <= 40 else f"{text[:37]}..."
    return short if short.isprintable() else ascii(short)
