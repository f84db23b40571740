"""Files: what cannot be read, what would be lost in writing, what should have been shipped."""

from __future__ import annotations

from keepclear.errors.invalid import InvalidInput
from keepclear.errors.root import KeepclearError


class InvalidFile(InvalidInput):
    """A file, or one feature of it, cannot be used.

    Attributes:
        file: the name the caller gave the bytes.
        feature: which feature, row or line; empty when the whole file is meant.
    """

    code = "invalid-file"
    default_remedy = "Correct the named feature, or leave it out with --skip-invalid."

    def __init__(
        self, message: str, *, file: str, feature: str = "", remedy: str | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.file = file
        self.feature = feature

    def diagnostics(self) -> str:
        """Say where, what is wrong and what to do."""
        place = f"{self.file}, {self.feature}" if self.feature else self.file
        return f"{place}: {self.message}\n  remedy: {self.remedy}"


class ExportLoss(KeepclearError):
    """An export would lose something, and the caller asked for none to be lost."""

    code = "export-loss"
    default_remedy = "Choose a format that can hold it, or accept the losses in the report."


class DataMissing(KeepclearError):
    """A data file that ships with keepclear, or an optional package, is absent."""

    code = "data-missing"
    default_remedy = "Reinstall keepclear; the file belongs to the package."
