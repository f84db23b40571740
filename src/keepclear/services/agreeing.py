"""Take agreements in, version by version, and say which is in force."""

from __future__ import annotations

from typing import NamedTuple

from keepclear.errors import InvalidAgreement, ModeMismatch
from keepclear.formats.agreement import read_agreement
from keepclear.ledger.entries import EntryKind
from keepclear.model.agreement import Agreement
from keepclear.model.node import Subject
from keepclear.ports.store import Declaration, Unit
from keepclear.services.declaring import Declared
from keepclear.services.expected import Expected, require_expected
from keepclear.services.frame import agreement_of, in_their_time
from keepclear.services.node import Node
from keepclear.services.recording import record
from keepclear.services.soundness import require_sound_agreement


class AgreementStanding(NamedTuple):
    """One version of an agreement.

    Attributes:
        agreement: its content.
        toml: its text, byte for byte as it was filed.
        in_force: whether it binds now; False once a higher version took its place.
    """

    agreement: Agreement
    toml: bytes
    in_force: bool


def file_agreement(
    node: Node,
    agreement_id: str,
    version: int,
    toml: bytes,
    *,
    expected: Expected,
    actor: str = "",
) -> Declared:
    """Take in a version of an agreement; a version once filed is never changed.

    The same text again changes nothing.

    Raises:
        InvalidAgreement: it cannot be used, or speaks of another id or version.
        ModeMismatch: the node is of the other mode.
        VersionMismatch, VersionMissing: another text is stored under this version, or the
            request does not say that it is new.
    """
    agreement = read_agreement(toml, name=f"{agreement_id} version {version}")
    require_sound_agreement(agreement)
    if (agreement.id, agreement.version) != (agreement_id, version):
        raise InvalidAgreement(
            f"the text is of {agreement.id} version {agreement.version}, "
            f"not of {agreement_id} version {version}",
            remedy="File it under the id and version that it names.",
        )
    if agreement.mode is not node.identity.mode:
        raise ModeMismatch(f"the agreement is {agreement.mode}, the node is {node.identity.mode}")
    if agreement.party(node.identity.party) is None:
        raise InvalidAgreement(
            f"{node.identity.party} is not a party to {agreement_id}",
            remedy="File agreements that this node's party signed.",
        )
    return node.store.write(lambda unit: _file(unit, node, agreement, toml, expected, actor))


def _file(
    unit: Unit, node: Node, agreement: Agreement, toml: bytes, expected: Expected, actor: str
) -> Declared:
    name = f"{agreement.id}/{agreement.version}"
    current = unit.declaration(Subject.AGREEMENT, name)
    if current is not None and current.body == toml:
        return Declared(current, created=False)
    require_expected(expected, None if current is None else current.version, name)
    if current is not None:
        raise InvalidAgreement(
            f"{name} is filed with another text; a version once filed is never changed",
            remedy="Count the version up; both sides file the new one.",
        )
    at = node.now()
    body = {"digest": agreement.digest, "toml": toml.decode()}
    subject = (Subject.AGREEMENT, name, 1)
    kind = EntryKind.AGREEMENT_FILED
    entry = unit.append(record(node.identity, kind, subject, body, at=at, actor=actor))
    declaration = Declaration(Subject.AGREEMENT, name, "", 1, True, toml, entry)
    unit.put_declaration(declaration, action="filed", at=at)
    return Declared(declaration, created=True)


def agreements(node: Node) -> tuple[AgreementStanding, ...]:
    """Every version that was filed, by id and version; empty where there is none."""
    with node.store.view() as view:
        filed = [(agreement_of(d), d.body) for d in view.declarations(Subject.AGREEMENT)]
    now = node.now()
    binding = {
        (each.id, each.version)
        for each in in_their_time([agreement for agreement, _ in filed])
        if each.valid.start <= now <= each.valid.end
    }
    filed.sort(key=lambda pair: (pair[0].id, pair[0].version))
    return tuple(
        AgreementStanding(agreement, toml, (agreement.id, agreement.version) in binding)
        for agreement, toml in filed
    )
