"""Who said that the translations of the table of phrases are right.

A translated phrase is printed as UNVERIFIED TRANSLATION until a linguist of each of our side
and theirs signed this very table.
"""

from __future__ import annotations

import msgspec

from keepclear.canonical import JsonValue
from keepclear.errors import InvalidInput
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.node import Subject
from keepclear.model.phrase import PhraseSignature, PhraseTable
from keepclear.ports.store import Unit, View
from keepclear.services.line.keeping import Content, write
from keepclear.services.node import Node

UNVERIFIED = "UNVERIFIED TRANSLATION"


def sign_phrases(
    node: Node, table: PhraseTable, party: str, *, digest: str, role: str, actor: str = ""
) -> PhraseSignature:
    """Keep that a side's linguist read the table and found it right; again changes nothing.

    Args:
        node: ours.
        table: as it ships.
        party: for which side.
        digest: of the table that the linguist read.
        role: as what they are on duty; never a name.
        actor: who enters it.

    Raises:
        InvalidInput: it is another table, or no role or party is named.
    """
    if digest != table.digest:
        raise InvalidInput(
            "that is not the table of this node", remedy=f"Its digest is {table.digest}."
        )
    if not role.strip() or not party.strip() or len(role) > 60 or len(party) > 60:
        raise InvalidInput("role: missing", remedy="Name the party, and the linguist's role.")

    def work(unit: Unit) -> PhraseSignature:
        for each in signatures_of(unit):
            if (each.party, each.digest) == (party, digest):
                return each
        at = iso_text(to_millisecond(node.now()))
        signed = PhraseSignature(party, digest, table.edition, role, at)
        body: dict[str, JsonValue] = msgspec.to_builtins(msgspec.structs.asdict(_Stored.of(signed)))
        content = Content(Subject.PHRASES, party, party, body)
        write(unit, node, content, EntryKind.PHRASES_SIGNED, actor=actor)
        return signed

    return node.store.write(work)


def signatures_of(view: View) -> tuple[PhraseSignature, ...]:
    """Every side's word."""
    found = (_DECODER.decode(each.body) for each in view.declarations(Subject.PHRASES))
    return tuple(PhraseSignature(**msgspec.structs.asdict(each)) for each in found)


def is_verified(view: View, table: PhraseTable, parties: tuple[str, str]) -> bool:
    """Whether linguists of both sides signed this very table."""
    signed = {each.party for each in signatures_of(view) if each.digest == table.digest}
    return signed >= set(parties)


class _Stored(msgspec.Struct, frozen=True):
    party: str
    digest: str
    edition: int
    role: str
    at: str

    @classmethod
    def of(cls, signed: PhraseSignature) -> _Stored:
        return cls(signed.party, signed.digest, signed.edition, signed.role, signed.at)


_DECODER = msgspec.json.Decoder(_Stored)
