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

Each family has a module of its own; all are imported from here.
"""

from __future__ import annotations

from keepclear.errors.f3548 import (
    AirspaceConflict,
    UssIsDown,
    VersionConflict,
)
from keepclear.errors.files import (
    DataMissing,
    ExportLoss,
    InvalidFile,
)
from keepclear.errors.held import (
    NotFound,
    StateForbids,
    VersionMismatch,
    VersionMissing,
)
from keepclear.errors.invalid import (
    InvalidAgreement,
    InvalidAltitude,
    InvalidCoordinates,
    InvalidFootprint,
    InvalidInput,
    InvalidMessage,
    InvalidOperation,
    InvalidWindow,
    ModeMismatch,
)
from keepclear.errors.node import (
    KeyFault,
    NodeBusy,
    NodeFault,
    NodeStopping,
    NodeUnreachable,
)
from keepclear.errors.peers import (
    PeerNonsense,
    PeerRefused,
    PeerSilent,
    PeerTrouble,
)
from keepclear.errors.rights import (
    NotAllowed,
    NotOurs,
    NotPermitted,
)
from keepclear.errors.root import (
    KeepclearError,
)
from keepclear.errors.store import (
    LedgerBroken,
    StoreCorrupt,
    StoreFailed,
    StoreFull,
    StoreLocked,
    StoreMissing,
    StoreReadOnly,
    StoreTooNew,
)

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
