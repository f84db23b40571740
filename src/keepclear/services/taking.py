"""Settle what a file of plans changes in a node, and store all of it in one piece."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from keepclear.canonical import JsonValue
from keepclear.deconflict.cells import cells_of
from keepclear.deconflict.packing import part
from keepclear.deconflict.stored import blobs_of
from keepclear.errors import InvalidFile
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.operation import Operation, OperationState
from keepclear.model.plan_set import PlanSet
from keepclear.ports.store import OperationQuery, Unit, View
from keepclear.services.filing import Version, entry_of, put_version
from keepclear.services.node import Node
from keepclear.services.recording import record
from keepclear.services.renewing import Left, Renewal, Renewing, Step
from keepclear.services.renewing_airspace import AirspaceRenewal, airspace_renewal

_LIVE = frozenset(OperationState) - {OperationState.ENDED}
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Taking:
    """A file on its way into a node.

    Attributes:
        node: the node.
        name: the file's name.
        plans: what it holds.
        whole_set: it is all that its parties have.
        skip_invalid: what cannot be taken is left out, the rest taken.
        actor: who brings it.
        at: when it came, by the node's clock.
        import_id: a fresh id for this import.
        sha256: of the file, hexadecimal.
        size_bytes: how large the file is.
    """

    node: Node
    name: str
    plans: PlanSet
    whole_set: bool
    skip_invalid: bool
    actor: str
    at: datetime
    import_id: str
    sha256: str
    size_bytes: int


class Settled(NamedTuple):
    """What is to be done with a file.

    Attributes:
        renewal: with its operations.
        ends: with operations that it no longer names.
        airspace: with its zones and coverage statements.
        rejected: features that cannot be taken.
        sequence: the change up to which this was decided.
    """

    renewal: Renewal
    ends: Renewal
    airspace: AirspaceRenewal
    rejected: tuple[InvalidFile, ...]
    sequence: int

    @property
    def steps(self) -> list[Step]:
        """Every operation to be stored."""
        return [*self.renewal.steps, *self.ends.steps]

    @property
    def left(self) -> tuple[Left, ...]:
        """Everything that stays as it is although the file says otherwise."""
        return (*self.renewal.left, *self.ends.left, *self.airspace.left)

    @property
    def unchanged(self) -> int:
        """How many operations, zones and statements are held just so."""
        return self.renewal.unchanged + self.airspace.unchanged


def settle(taking: Taking, view: View) -> Settled:
    """Decide what is to be done with a file, by what a view of the store holds.

    Raises:
        InvalidFile: something cannot be taken, and leaving it out was not asked for.
    """
    plans, own_party = taking.plans, taking.node.identity.party
    renewing = Renewing(
        lambda operation_id: _held(view, operation_id),
        own_party,
        taking.at,
        taking.node.entropy.new_id,
    )
    renewal = renewing.renewal(plans.operations)
    is_partial = bool(plans.rejected or renewal.quarrels)
    airspace = airspace_renewal(
        plans,
        view,
        own_party=own_party,
        file=taking.name,
        whole_set=taking.whole_set,
        is_partial=is_partial,
    )
    quarrels = (*renewal.quarrels, *airspace.quarrels)
    if quarrels and not taking.skip_invalid:
        raise quarrels[0]
    ends = Renewal()
    if taking.whole_set and is_partial:
        reason = "features were left out, so nothing was ended as missing from the set"
        ends.left.append(Left(taking.name, reason))
    elif taking.whole_set:
        ends = renewing.ends(_live(view, frozenset(plans.parties)), frozenset(renewal.ids))
    return Settled(renewal, ends, airspace, (*plans.rejected, *quarrels), view.sequence)


def store(taking: Taking, settled: Settled) -> bool:
    """Store everything in one piece, with an entry that names the file.

    Returns:
        False where something of the file changed since it was settled; nothing is stored
        then, and it must be settled anew.
    """
    node = taking.node
    steps = settled.steps
    versions = _versions(node, steps)
    touched = {(Subject.OPERATION, step.operation.id) for step in steps}
    touched |= settled.airspace.touched

    def work(unit: Unit) -> bool:
        if _is_overtaken(unit, settled.sequence, touched):
            return False
        for version in versions:
            put_version(unit, version, entry_of(node, version, at=taking.at, actor=taking.actor))
        settled.airspace.store(unit, node, actor=taking.actor)
        subject = (Subject.IMPORT, taking.import_id, 1)
        account = _account(taking, settled)
        kind = EntryKind.IMPORT_TAKEN
        unit.append(record(node.identity, kind, subject, account, at=taking.at, actor=taking.actor))
        return True

    return node.store.write(work)


def _held(view: View, operation_id: str) -> Operation | None:
    stored = view.operation(operation_id)
    return None if stored is None else stored.operation


def _live(view: View, parties: frozenset[str]) -> list[Operation]:
    """Live operations of these parties; none for none."""
    if not parties:
        return []  # in a query an empty condition means every party
    query = OperationQuery(states=_LIVE, parties=parties)
    page = view.find(query, limit=_PAGE)
    found = [stored.operation for stored in page.items]
    while page.following:
        page = view.find(query, cursor=page.following, limit=_PAGE)
        found.extend(stored.operation for stored in page.items)
    return found


def _versions(node: Node, steps: Sequence[Step]) -> list[Version]:
    """Every step ready to be stored; packing all at once is much cheaper than one by one."""
    declared = node.declare([step.operation for step in steps])
    packed = node.packed(declared)
    versions = []
    begin = 0
    for step, blob in zip(steps, blobs_of(declared, len(steps)), strict=True):
        end = begin + len(step.operation.volumes)
        arrays = part(packed, begin, end)
        cells = () if step.operation.state is OperationState.ENDED else cells_of(arrays)
        versions.append(Version(step.operation, blob, arrays, cells, step.kind))
        begin = end
    return versions


def _is_overtaken(unit: Unit, sequence: int, touched: set[tuple[Subject, str]]) -> bool:
    while changes := unit.changes(after=sequence, limit=_PAGE):
        if any((change.subject, change.id) in touched for change in changes):
            return True
        sequence = changes[-1].sequence
    return False


def _account(taking: Taking, settled: Settled) -> JsonValue:
    """What the ledger keeps of the file itself."""
    new = sum(step.is_new for step in settled.renewal.steps)
    return {
        "name": taking.name,
        "sha256": taking.sha256,
        "size_bytes": taking.size_bytes,
        "parties": list(taking.plans.parties),
        "whole_set": taking.whole_set,
        "taken": new,
        "changed": len(settled.renewal.steps) - new,
        "unchanged": settled.unchanged,
        "ended": len(settled.ends.steps),
        "left": len(settled.left),
        "zones": settled.airspace.count(Subject.ZONE),
        "coverages": settled.airspace.count(Subject.COVERAGE),
        "rejected": len(settled.rejected),
    }
