"""The root of everything that keepclear raises on purpose: a code, what is wrong, a remedy."""

from __future__ import annotations

from typing import ClassVar


class KeepclearError(Exception):
    """The root: everything keepclear raises on purpose.

    Attributes:
        code: a slug that never changes; scripts may rely on it.
        message: what is wrong, for a person.
        remedy: what that person can do.
    """

    code: ClassVar[str] = "keepclear"
    default_remedy: ClassVar[str] = "Report this with the text above."

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy or self.default_remedy

    def diagnostics(self) -> str:
        """Say what is wrong and what to do, on two lines."""
        return f"{self.message}\n  remedy: {self.remedy}"
