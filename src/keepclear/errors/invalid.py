"""What was given cannot be used."""

from __future__ import annotations

from keepclear.errors.root import KeepclearError


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


class ModeMismatch(InvalidInput):
    """EXERCISE and REAL were put together; they never mix."""

    code = "mode-mismatch"
    default_remedy = "Use files and an agreement of one mode, EXERCISE or REAL."


class InvalidMessage(InvalidInput):
    """A message, or an act on one, is incomplete or cannot be."""

    code = "invalid-message"
    default_remedy = "Correct the named fields; docs/reference/messages.md lists them."
