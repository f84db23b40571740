"""Every error keepclear raises on purpose, as one tree.

    KeepclearError
    ├── InvalidInput              what was given cannot be used
    │   ├── InvalidAltitude       an altitude, band or reference
    │   ├── InvalidWindow         a time or time window
    │   ├── InvalidFootprint      a position, circle, polygon or corridor
    │   ├── InvalidOperation      an operation, zone, boundary, airfield or coverage
    │   ├── InvalidAgreement      an agreement
    │   ├── InvalidCoordinates    typed coordinates
    │   ├── InvalidFile           a file or one feature of it
    │   └── ModeMismatch          EXERCISE and REAL put together
    ├── ExportLoss                an export would lose what the caller forbade to lose
    └── DataMissing               a data file that ships with keepclear, or an extra, is absent

Each class has a `code` that never changes and a `remedy` that says what the person who
must act can do. The text of a remedy may be replaced where more is known.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "DataMissing",
    "ExportLoss",
    "InvalidAgreement",
    "InvalidAltitude",
    "InvalidCoordinates",
    "InvalidFile",
    "InvalidFootprint",
    "InvalidInput",
    "InvalidOperation",
    "InvalidWindow",
    "KeepclearError",
    "ModeMismatch",
]


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


class InvalidInput(KeepclearError):
    """What was given cannot be used; nothing of it was taken."""

    code = "invalid-input"
    default_remedy = "Correct the value and try again."


class InvalidAltitude(InvalidInput):
    """An altitude, an altitude band or its reference is unusable."""

    code = "invalid-altitude"
    default_remedy = (
        "Give each altitude a number and a reference: FL/STD, QNH, QFE, AGL or HAE, "
        "the lower one first."
    )


class InvalidWindow(InvalidInput):
    """A time or a time window is unusable."""

    code = "invalid-window"
    default_remedy = "Give times with a zone (2015-09-18T13:00:00Z), the start before the end."


class InvalidFootprint(InvalidInput):
    """A position, circle, polygon or corridor is unusable."""

    code = "invalid-footprint"
    default_remedy = (
        "Check the order of latitude and longitude, that rings do not cross themselves, "
        "and that radius or half width is above zero."
    )


class InvalidOperation(InvalidInput):
    """An operation, zone, boundary, airfield or coverage statement is unusable."""

    code = "invalid-operation"
    default_remedy = "Complete or correct the named property; docs/reference/formats.md lists them."


class InvalidAgreement(InvalidInput):
    """An agreement is unusable; nothing is checked against it."""

    code = "invalid-agreement"
    default_remedy = "Run `keepclear agreement check FILE`; it names each line and what to write."


class InvalidCoordinates(InvalidInput):
    """Typed coordinates cannot be read without guessing."""

    code = "invalid-coordinates"
    default_remedy = (
        "Write for example 35.4011N 035.9487E, 35 24.07N 035 56.92E, 35 24 04N 035 56 55E "
        "or 36S YD 67766 22083."
    )


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


class ModeMismatch(InvalidInput):
    """EXERCISE and REAL were put together; they never mix."""

    code = "mode-mismatch"
    default_remedy = "Use files and an agreement of one mode, EXERCISE or REAL."


class ExportLoss(KeepclearError):
    """An export would lose something, and the caller asked for none to be lost."""

    code = "export-loss"
    default_remedy = "Choose a format that can hold it, or accept the losses in the report."


class DataMissing(KeepclearError):
    """A data file that ships with keepclear, or an optional package, is absent."""

    code = "data-missing"
    default_remedy = "Reinstall keepclear; the file belongs to the package."
