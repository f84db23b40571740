"""The lines of a node: which there are, what binds them, and whether both parties signed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from keepclear.errors import NotFound, StateForbids
from keepclear.formats.agreement import read_agreement
from keepclear.formats.documents.card import signature_of
from keepclear.formats.documents.paired_line import stored_line
from keepclear.identity.envelopes import PeerKeys
from keepclear.model.agreement import Agreement
from keepclear.model.card import AgreementSignature
from keepclear.model.envelope import AgreementRef
from keepclear.model.line import Line
from keepclear.model.node import Subject
from keepclear.ports.store import View
from keepclear.services.frame import in_their_time


def line_of(view: View, line_id: str) -> Line:
    """One line.

    Raises:
        NotFound: the node has none of that name.
    """
    found = view.declaration(Subject.LINE, line_id)
    if found is None or not found.live or "/" in line_id:
        raise NotFound(
            f"there is no line {line_id!r:.80}",
            remedy="Add the other party's node with `keepclear peer add`; `peer list` shows all.",
        )
    return stored_line(found.body, version=found.version)


def lines(view: View) -> tuple[Line, ...]:
    """Every line, by id; empty where no peer was added."""
    return tuple(
        stored_line(each.body, version=each.version)
        for each in view.declarations(Subject.LINE)
        if "/" not in each.id  # a line's further documents stand behind its name
    )


def keys_of(line: Line, more: Sequence[bytes] = ()) -> PeerKeys:
    """The keys that may sign on a line for the other party.

    Args:
        line: which line.
        more: certificates that came along; what the party's root did not give is left out.
    """
    peer = line.peer
    return PeerKeys(
        (*peer.certificates, *more),
        root_public_key=peer.root_public_key,
        party=peer.party,
        node_id=peer.node_id,
        mode=line.mode,
    )


def agreements_of(view: View, agreement_id: str) -> tuple[Agreement, ...]:
    """Every version of an agreement that was filed, by version; empty for none."""
    found = [
        _agreement(each.id, each.body)
        for each in view.declarations(Subject.AGREEMENT)
        if each.id.rpartition("/")[0] == agreement_id
    ]
    return tuple(sorted(found, key=lambda each: each.version))


def agreement_of(view: View, agreement_id: str, now: datetime) -> Agreement:
    """The version of an agreement that binds now, else the next one, else the last.

    Raises:
        NotFound: no version of it was filed.
    """
    versions = agreements_of(view, agreement_id)
    if not versions:
        raise NotFound(
            f"no agreement {agreement_id} is filed at this node",
            remedy="File it with `keepclear agreement file`.",
        )
    return _at(versions, now)


def signed_versions(view: View, line: Line) -> tuple[Agreement, ...]:
    """The versions of a line's agreement that both parties signed, by version.

    A version that only one has signed does not bind the line yet.
    """
    return tuple(
        agreement
        for agreement in agreements_of(view, line.agreement_id)
        if all(
            (each := signature(view, agreement.id, agreement.version, party)) is not None
            and each.digest == agreement.digest
            for party in line.parties
        )
    )


def binding(view: View, line: Line, now: datetime) -> AgreementRef:
    """What binds a line now, as envelopes name it.

    Raises:
        NotFound: nothing is filed that both signed.
    """
    versions = signed_versions(view, line)
    if not versions:
        raise NotFound(
            f"no version of {line.agreement_id} is filed and signed by both",
            remedy="Sign it with `keepclear agreement sign`, take theirs with `agreement accept`.",
        )
    agreement = _at(versions, now)
    return AgreementRef(agreement.id, agreement.version, agreement.digest)


def _at(versions: Sequence[Agreement], now: datetime) -> Agreement:
    """The version that binds at a moment, else the next one, else the last."""
    timed = in_their_time(versions)
    binds = [each for each in timed if each.valid.start <= now <= each.valid.end]
    coming = [each for each in timed if each.valid.start > now]
    return (binds or coming or [versions[-1]])[0]


def signature(view: View, agreement_id: str, version: int, party: str) -> AgreementSignature | None:
    """A party's signature under a version of an agreement; None where the node has none."""
    found = view.declaration(Subject.SIGNATURE, f"{agreement_id}/{version}/{party}")
    return None if found is None or not found.live else signature_of(found.body)


def require_signed(
    view: View, agreement: Agreement, us: str, them: str
) -> tuple[AgreementSignature, AgreementSignature]:
    """The signatures of both parties over one digest of an agreement: ours, theirs.

    Raises:
        StateForbids: one is missing, or is over another text.
    """
    found: list[AgreementSignature] = []
    for party in (us, them):
        each = signature(view, agreement.id, agreement.version, party)
        if each is None or each.digest != agreement.digest:
            how = (
                "Sign it with the party's root: `keepclear agreement sign`."
                if party == us
                else f"Have {them} sign it and take the file in with `keepclear agreement accept`."
            )
            raise StateForbids(
                f"{party} has not signed {agreement.id} version {agreement.version} with digest "
                f"{agreement.digest}",
                remedy=how,
            )
        found.append(each)
    return found[0], found[1]


@lru_cache(maxsize=64)
def _agreement(name: str, toml: bytes) -> Agreement:
    """Filed texts never change, so each is read once."""
    return read_agreement(toml, name=name)
