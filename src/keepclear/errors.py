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
    │   ├── ModeMismatch          EXERCISE and REAL put together
    │   ├── NotFound              the node holds nothing of that name
    │   ├── VersionMissing        a change does not say which version it changes
    │   ├── VersionMismatch       it was changed meanwhile
    │   ├── StateForbids          the operation's state does not allow it
    │   ├── NotOurs               only its owner changes it
    │   ├── NotAllowed            no valid token, or a request from a foreign page
    │   ├── NotPermitted          the role may not do this
    │   ├── InvalidMessage        a message, or an act on one
    │   ├── VersionConflict       an F3548 record was changed meanwhile, or exists already
    │   │   └── AirspaceConflict  the key of an operational intent does not prove enough
    │   ├── UssIsDown             an arbiter declared the USS to be down
    │   └── StoreMissing          there is no node in the folder
    ├── NodeFault                 a node cannot do its work; nothing was stored
    │   ├── StoreLocked           another process has the store
    │   ├── StoreReadOnly         the store may not be written
    │   ├── StoreFull             the disk is full
    │   ├── StoreCorrupt          the store's bytes are damaged
    │   ├── StoreTooNew           a newer keepclear wrote the store
    │   ├── StoreFailed           the disk answers with errors
    │   ├── LedgerBroken          the ledger does not verify
    │   ├── KeyFault              a key or certificate is missing, damaged or not valid
    │   ├── NodeStopping          the node is stopping and takes nothing more
    │   ├── NodeBusy              more is waiting to be stored than the node takes on
    │   └── NodeUnreachable       a running node does not answer
    ├── PeerTrouble               another party's node could not be dealt with
    │   ├── PeerSilent            it does not answer
    │   ├── PeerRefused           it answers, and will not
    │   └── PeerNonsense          what it answers cannot be right
    ├── ExportLoss                an export would lose what the caller forbade to lose
    └── DataMissing               a data file that ships with keepclear, or an extra, is absent

Each class has a `code` that never changes and a `remedy` that says what the person who
must act can do. The text of a remedy may be replaced where more is known.
"""

from __future__ import annotations

from typing import ClassVar

__all__ = [
    "AirspaceConflict", "DataMissing", "ExportLoss", "InvalidAgreement", "InvalidAltitude",
    "InvalidCoordinates", "InvalidFile", "InvalidFootprint", "InvalidInput", "InvalidMessage",
    "InvalidOperation", "InvalidWindow", "KeepclearError", "KeyFault", "LedgerBroken",
    "ModeMismatch", "NodeBusy", "NodeFault", "NodeStopping", "NodeUnreachable", "NotAllowed",
    "NotFound", "NotOurs", "NotPermitted", "PeerNonsense", "PeerRefused", "PeerSilent",
    "PeerTrouble", "StateForbids", "StoreCorrupt", "StoreFailed", "StoreFull", "StoreLocked",
    "StoreMissing", "StoreReadOnly", "StoreTooNew", "UssIsDown", "VersionConflict",
    "VersionMismatch", "VersionMissing",
]  # fmt: skip


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


class NotFound(InvalidInput):
    """The node holds nothing of that name."""

    code = "not-found"
    default_remedy = "Check the id; the lists show what there is."


class VersionMissing(InvalidInput):
    """A change does not say which version it changes, so it could undo another's."""

    code = "version-missing"
    default_remedy = "Read it again and name the version you saw (If-Match), or say that it is new."


class VersionMismatch(InvalidInput):
    """It was changed meanwhile, or it exists already; nothing was overwritten."""

    code = "version-mismatch"
    default_remedy = "Read it again, look at what changed, and decide anew."


class StateForbids(InvalidInput):
    """The operation's state does not allow this."""

    code = "state-forbids"
    default_remedy = "Look at its state; an ended operation is filed anew under a new id."


class NotOurs(InvalidInput):
    """Only its owner changes an operation, a zone or a coverage statement."""

    code = "not-ours"
    default_remedy = "Ask its owner; take their new version in as a file or over the line."


class NotAllowed(InvalidInput):
    """No valid token came with the request, or it came from a foreign page."""

    code = "not-allowed"
    default_remedy = "Give the token that stands in the node's folder, from this machine."


class NotPermitted(InvalidInput):
    """The role on duty may not do this, or a second person is needed."""

    code = "not-permitted"
    default_remedy = "Have a role that may do it, or a second person, confirm it."


class InvalidMessage(InvalidInput):
    """A message, or an act on one, is incomplete or cannot be."""

    code = "invalid-message"
    default_remedy = "Correct the named fields; docs/reference/messages.md lists them."


class VersionConflict(InvalidInput):
    """An F3548 record was changed meanwhile, or exists already; nothing was overwritten."""

    code = "version-conflict"
    default_remedy = "Get the record again and name its current OVN or version."


class AirspaceConflict(VersionConflict):
    """The key does not prove knowledge of everything relevant to an operational intent."""

    code = "airspace-conflict"
    default_remedy = (
        "Get the details of what is missing from its managing USS, deconflict, and send "
        "their OVNs with the key."
    )

    def __init__(self, message: str, *, response: object = None, remedy: str | None = None) -> None:
        super().__init__(message, remedy=remedy)
        self._response = response

    @property
    def response(self) -> object:
        """The AirspaceConflictResponse, which names what is missing; None for none."""
        return self._response


class UssIsDown(InvalidInput):
    """An arbiter declared the USS to be down, so it may not plan, activate or remove."""

    code = "uss-is-down"
    default_remedy = "Have whoever arbitrates availability set it back to Normal first."


class StoreMissing(InvalidInput):
    """There is no node in the folder."""

    code = "store-missing"
    default_remedy = "Name the node's folder with --node, or make a node with `keepclear init`."


class NodeFault(KeepclearError):
    """A node cannot do its work; what was asked for was not stored."""

    code = "node-fault"
    default_remedy = "Run `keepclear doctor`; it names the fault and what to do."


class StoreLocked(NodeFault):
    """Another process has the store; two never write to one."""

    code = "store-locked"
    default_remedy = "Stop the other process, or let the command talk to it."


class StoreReadOnly(NodeFault):
    """The store may not be written."""

    code = "store-read-only"
    default_remedy = "Give the node's user the right to write to its folder and files."


class StoreFull(NodeFault):
    """The disk is full; what was answered before is safe, this was not stored."""

    code = "store-full"
    default_remedy = "Free room on the node's disk, then file again; nothing was half stored."


class StoreCorrupt(NodeFault):
    """The store's bytes are damaged."""

    code = "store-corrupt"
    default_remedy = "Stop the node, keep a copy of its folder, and run `keepclear restore`."


class StoreTooNew(NodeFault):
    """A newer keepclear wrote the store; this one would not understand all of it."""

    code = "store-too-new"
    default_remedy = "Run the newer keepclear; stores are never taken back to an older form."


class StoreFailed(NodeFault):
    """The disk answers with errors."""

    code = "store-failed"
    default_remedy = "Look at the disk and the system's log; then run `keepclear doctor`."


class LedgerBroken(NodeFault):
    """The ledger does not verify: something was rewritten, removed or damaged."""

    code = "ledger-broken"
    default_remedy = "Keep the store as it is, tell the other parties, compare heads with theirs."


class KeyFault(NodeFault):
    """A key or certificate is missing, damaged, or not valid for this node now."""

    code = "key-fault"
    default_remedy = "Run `keepclear doctor`; it says which file and how to have it anew."


class NodeStopping(NodeFault):
    """The node is stopping and takes nothing more; this was not stored."""

    code = "node-stopping"
    default_remedy = "Send it again when the node runs."


class NodeBusy(NodeFault):
    """More is waiting to be stored than the node takes on; this was not stored."""

    code = "node-busy"
    default_remedy = "Wait a moment and send it again."


class NodeUnreachable(NodeFault):
    """A node is running but does not answer."""

    code = "node-unreachable"
    default_remedy = "Wait a moment and try again; `keepclear doctor` looks at it from outside."


class PeerTrouble(KeepclearError):
    """Another party's node could not be dealt with; what was to be sent waits and goes later."""

    code = "peer-trouble"
    default_remedy = "Look at the line's state; use another channel for what cannot wait."


class PeerSilent(PeerTrouble):
    """Another party's node does not answer."""

    code = "peer-silent"
    default_remedy = "Use another channel for what cannot wait; sending goes on by itself."


class PeerRefused(PeerTrouble):
    """Another party's node answers, and will not take what was sent.

    Attributes:
        retry_after_s: after how long it may; 0.0 where it did not say.
    """

    retry_after_s: float = 0.0
    code = "peer-refused"
    default_remedy = "Read its reason; compare agreement, mode and keys with the party by voice."


class PeerNonsense(PeerTrouble):
    """What another party's node answers cannot be right."""

    code = "peer-nonsense"
    default_remedy = "See that the address is theirs and that both nodes speak one version."


class ExportLoss(KeepclearError):
    """An export would lose something, and the caller asked for none to be lost."""

    code = "export-loss"
    default_remedy = "Choose a format that can hold it, or accept the losses in the report."


class DataMissing(KeepclearError):
    """A data file that ships with keepclear, or an optional package, is absent."""

    code = "data-missing"
    default_remedy = "Reinstall keepclear; the file belongs to the package."
