"""What a file's zones and coverage statements change in those a node holds."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidFile
from keepclear.formats.documents.coverage import stored_coverage
from keepclear.formats.reading import DERIVED_IDS
from keepclear.formats.typed import footprint_text
from keepclear.model.coverage import Coverage
from keepclear.model.node import Subject
from keepclear.model.plan_set import PlanSet
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.declaring import Wording, coverage_wording, put, withdraw, wording_of
from keepclear.services.expected import NEW
from keepclear.services.node import Node
from keepclear.services.renewing import Left


@dataclass(slots=True)
class AirspaceRenewal:
    """What is to be done with the declarations of a file.

    Attributes:
        wanted: what is to be declared or changed.
        withdrawn: coverage statements that no longer stand.
        unchanged: how many are held already just so.
        left: what changes nothing although it differs.
        quarrels: zones that another party declared under the same id.
    """

    wanted: list[Wording] = field(default_factory=list)
    withdrawn: list[Declaration] = field(default_factory=list)
    unchanged: int = 0
    left: list[Left] = field(default_factory=list)
    quarrels: list[InvalidFile] = field(default_factory=list)

    def count(self, subject: Subject) -> int:
        """How many declarations of one sort change, withdrawals included."""
        wanted = sum(wording.subject is subject for wording in self.wanted)
        return wanted + sum(declaration.subject is subject for declaration in self.withdrawn)

    @property
    def touched(self) -> set[tuple[Subject, str]]:
        """What changes by it."""
        wanted = {(wording.subject, wording.id) for wording in self.wanted}
        return wanted | {(declaration.subject, declaration.id) for declaration in self.withdrawn}

    def store(self, unit: Unit, node: Node, *, actor: str) -> None:
        """Do it, inside a unit of work."""
        for declaration in self.withdrawn:
            current = unit.declaration(declaration.subject, declaration.id)
            if current is not None and current.live:
                withdraw(unit, node, current, actor=actor)
        for wording in self.wanted:
            current = unit.declaration(wording.subject, wording.id)
            seen = current.version if current is not None and current.live else NEW
            put(unit, node, wording, expected=seen, actor=actor)


def airspace_renewal(
    plans: PlanSet,
    view: View,
    *,
    own_party: str,
    file: str,
    whole_set: bool = False,
    is_partial: bool = False,
) -> AirspaceRenewal:
    """Decide for each zone and coverage statement of a file.

    Args:
        plans: what the file holds.
        view: what the node holds.
        own_party: whose node it is; a zone that names nobody is of the file's one party,
            else of this one.
        file: the file's name, for messages.
        whole_set: statements of the file's parties that are not in it no longer stand.
        is_partial: features of the file were left out, so no statement on how complete the
            set is may stand for what this node holds of it.
    """
    renewal = AirspaceRenewal()
    declarer = plans.parties[0] if len(plans.parties) == 1 else own_party
    for zone in plans.zones:
        _settle(renewal, view, wording_of(zone, declarer), file)
    if is_partial:
        _leave_coverages(renewal, plans, own_party, file)
    else:
        for coverage in plans.coverages:
            _settle_coverage(renewal, view, coverage, file)
    if whole_set or is_partial:
        kept = () if is_partial else [coverage_id(coverage) for coverage in plans.coverages]
        _withdraw(renewal, view, _parties(plans, own_party, is_partial=is_partial), kept)
    return renewal


def coverage_id(coverage: Coverage) -> str:
    """The id of a statement that came without one: the same for the same extent.

    A newer statement of one party over the same area and window takes the older one's place.
    """
    start, end = coverage.window.start.isoformat(), coverage.window.end.isoformat()
    extent = f"{coverage.party}/{start}/{end}/{footprint_text(coverage.area)}"
    return str(uuid.uuid5(DERIVED_IDS, f"coverage/{extent}"))


def _settle(renewal: AirspaceRenewal, view: View, wording: Wording, file: str) -> None:
    current = view.declaration(wording.subject, wording.id)
    if current is not None and current.party != wording.party:
        renewal.quarrels.append(
            InvalidFile(
                f"the zone {wording.id} was declared by {current.party}, "
                f"the file declares it for {wording.party}",
                file=file,
                feature=wording.id,
                remedy="Give each zone its own id; only who declared it changes it.",
            )
        )
    elif _is_held(current, wording):
        renewal.unchanged += 1
    else:
        renewal.wanted.append(wording)


def _settle_coverage(renewal: AirspaceRenewal, view: View, coverage: Coverage, file: str) -> None:
    wording = coverage_wording(coverage_id(coverage), coverage)
    current = view.declaration(Subject.COVERAGE, wording.id)
    if current is not None and current.live:
        _, held = stored_coverage(current.body)
        if held.as_of > coverage.as_of:
            name = f"coverage of {coverage.party}"
            renewal.left.append(Left(name, "the node holds a newer statement of this extent"))
            return
    _settle(renewal, view, wording, file)


def _is_held(current: Declaration | None, wording: Wording) -> bool:
    return (
        current is not None and current.live and current.body == canonical_bytes(wording.document)
    )


def _leave_coverages(renewal: AirspaceRenewal, plans: PlanSet, own_party: str, file: str) -> None:
    parties = dict.fromkeys(c.party for c in plans.coverages if c.party != own_party)
    for party in parties or {file: None}:
        reason = "features were left out, so no coverage statement stands; mend the file"
        renewal.left.append(Left(f"coverage of {party}" if parties else party, reason))


def _parties(plans: PlanSet, own_party: str, *, is_partial: bool) -> frozenset[str]:
    parties = frozenset(plans.parties)
    return parties - {own_party} if is_partial else parties


def _withdraw(
    renewal: AirspaceRenewal, view: View, parties: frozenset[str], kept_ids: Sequence[str]
) -> None:
    renewal.withdrawn.extend(
        held
        for held in view.declarations(Subject.COVERAGE)
        if held.party in parties and held.id not in kept_ids
    )
