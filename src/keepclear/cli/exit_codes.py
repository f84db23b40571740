"""Which exit code says what; the only map from errors and answers to exit codes.

The worst wins. 130 and 141 are what shells say for an interrupt and a closed pipe; they
are never an answer.
"""

from __future__ import annotations

from enum import IntEnum

from keepclear import errors
from keepclear.model.answer import Verdict


class ExitCode(IntEnum):
    """What the number says to a script."""

    NO_CONFLICT_FOUND = 0
    """No conflict found, coverage declared and fresh; or a command that answers nothing is done."""
    CONFLICT = 1
    """At least one conflict or certain infringement."""
    CANNOT_SAY = 2
    """At least one operation of which keepclear cannot say."""
    BAD_INPUT = 3
    """Bad input or usage; nothing was answered."""
    INTERNAL_ERROR = 4
    """A fault of keepclear, of a node or of its disk; nothing was answered."""
    INTERRUPTED = 130
    """Stopped by Ctrl-C; nothing was answered."""
    PIPE_CLOSED = 141
    """The reader of the output went away; the answer may be cut short."""


DONE = ExitCode.NO_CONFLICT_FOUND
"""The same number, for commands that give no answer."""

OF_VERDICT: dict[Verdict, ExitCode] = {
    Verdict.NO_CONFLICT_FOUND: ExitCode.NO_CONFLICT_FOUND,
    Verdict.CONFLICT: ExitCode.CONFLICT,
    Verdict.CANNOT_SAY: ExitCode.CANNOT_SAY,
}

OF_ERROR: dict[type[errors.KeepclearError], ExitCode] = {
    errors.KeepclearError: ExitCode.INTERNAL_ERROR,
    errors.InvalidInput: ExitCode.BAD_INPUT,
    errors.InvalidAltitude: ExitCode.BAD_INPUT,
    errors.InvalidWindow: ExitCode.BAD_INPUT,
    errors.InvalidFootprint: ExitCode.BAD_INPUT,
    errors.InvalidOperation: ExitCode.BAD_INPUT,
    errors.InvalidAgreement: ExitCode.BAD_INPUT,
    errors.InvalidCoordinates: ExitCode.BAD_INPUT,
    errors.InvalidFile: ExitCode.BAD_INPUT,
    errors.ModeMismatch: ExitCode.BAD_INPUT,
    errors.NotFound: ExitCode.BAD_INPUT,
    errors.VersionMissing: ExitCode.BAD_INPUT,
    errors.VersionMismatch: ExitCode.BAD_INPUT,
    errors.StateForbids: ExitCode.BAD_INPUT,
    errors.NotOurs: ExitCode.BAD_INPUT,
    errors.NotAllowed: ExitCode.BAD_INPUT,
    errors.NotPermitted: ExitCode.BAD_INPUT,
    errors.InvalidMessage: ExitCode.BAD_INPUT,
    errors.VersionConflict: ExitCode.BAD_INPUT,
    errors.AirspaceConflict: ExitCode.BAD_INPUT,
    errors.UssIsDown: ExitCode.BAD_INPUT,
    errors.StoreMissing: ExitCode.BAD_INPUT,
    errors.NodeFault: ExitCode.INTERNAL_ERROR,
    errors.StoreLocked: ExitCode.INTERNAL_ERROR,
    errors.StoreReadOnly: ExitCode.INTERNAL_ERROR,
    errors.StoreFull: ExitCode.INTERNAL_ERROR,
    errors.StoreCorrupt: ExitCode.INTERNAL_ERROR,
    errors.StoreTooNew: ExitCode.INTERNAL_ERROR,
    errors.StoreFailed: ExitCode.INTERNAL_ERROR,
    errors.LedgerBroken: ExitCode.INTERNAL_ERROR,
    errors.KeyFault: ExitCode.INTERNAL_ERROR,
    errors.NodeStopping: ExitCode.INTERNAL_ERROR,
    errors.NodeBusy: ExitCode.INTERNAL_ERROR,
    errors.NodeUnreachable: ExitCode.INTERNAL_ERROR,
    errors.PeerTrouble: ExitCode.INTERNAL_ERROR,
    errors.PeerSilent: ExitCode.INTERNAL_ERROR,
    errors.PeerRefused: ExitCode.INTERNAL_ERROR,
    errors.PeerNonsense: ExitCode.INTERNAL_ERROR,
    errors.ExportLoss: ExitCode.BAD_INPUT,
    errors.DataMissing: ExitCode.INTERNAL_ERROR,
}


def exit_code_of(error: errors.KeepclearError) -> ExitCode:
    """The exit code of an error: its own, else its nearest ancestor's."""
    for kind in type(error).__mro__:
        if kind in OF_ERROR:
            return OF_ERROR[kind]
    return ExitCode.INTERNAL_ERROR
