"""The ledger: its head, its entries, and proofs for whoever trusts no store."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from keepclear import errors
from keepclear.api.answer_record import Time, Told
from keepclear.api.endpoint import Call, Endpoint, NoQuery, Returned
from keepclear.api.paging import MOST_ITEMS
from keepclear.api.people.entries import EntryRecord, Hash, entry_record
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.errors import NotFound
from keepclear.ledger.heads import SignedHead
from keepclear.ledger.moments import moment_text
from keepclear.services.proving import consistency_of, prove_entry

_Number = Annotated[int, Meta(ge=0, lt=10**15)]


class EntriesQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries are meant."""

    after: Annotated[int, Meta(ge=-1, lt=10**15, description="Only those behind this number")] = -1
    limit: Annotated[
        int, Meta(ge=1, le=MOST_ITEMS, description="How many items the page may hold")
    ] = 50


class ProofQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """How much to tell."""

    withhold: Annotated[
        bool, Meta(description="Keep the content back: only that an entry stands there is proved")
    ] = False


class ConsistencyQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which two sizes are meant."""

    first: Annotated[_Number, Meta(description="The smaller size, as somebody remembers it")]
    second: Annotated[
        _Number | None, Meta(description="The larger one; left out: that of the last head")
    ] = None


class HeadRecord(Told, frozen=True, kw_only=True):
    """A signed head: every entry below it is named by its root."""

    size: int
    root: Hash
    at: Time
    node: str
    epoch: Annotated[int, Meta(description="How often the node was restored from a backup")]
    key_id: str
    signature: Annotated[str, Meta(description="Ed25519 over the head's bytes, hexadecimal")]


class LedgerRecord(Told, frozen=True, kw_only=True):
    """The ledger at a glance."""

    size: Annotated[int, Meta(description="How many entries there are")]
    head: Annotated[HeadRecord | None, Meta(description="null for an empty ledger")]


class EntryPageAfter(Told, frozen=True, kw_only=True):
    """A page of ledger entries."""

    total: int
    items: tuple[EntryRecord, ...]
    next: Annotated[str | None, Meta(description="`after` of the next page; null on the last")]


class EntryProofRecord(Told, frozen=True, kw_only=True):
    """What proves one entry to whoever trusts the head's signature alone."""

    number: int
    leaf: Hash
    salt: Annotated[str | UnsetType, Meta(description="Hexadecimal; left out where withheld")] = (
        UNSET
    )
    payload: Annotated[
        str | UnsetType, Meta(description="The exact text that was hashed; left out if withheld")
    ] = UNSET
    path: Annotated[tuple[Hash, ...], Meta(description="From the leaf to the root, nearest first")]
    head: HeadRecord


class ConsistencyRecord(Told, frozen=True, kw_only=True):
    """What proves that the ledger of `second` entries begins with that of `first`."""

    first: int
    second: int
    first_root: Hash
    second_root: Hash
    path: tuple[Hash, ...]
    head: Annotated[HeadRecord | None, Meta(description="Over `second` entries; null if none")]


def head_record(signed: SignedHead) -> dict[str, object]:
    """A signed head as plain values."""
    head = signed.head
    return {
        "size": head.size,
        "root": head.root.hex(),
        "at": moment_text(head.at),
        "node": head.node,
        "epoch": head.epoch,
        "key_id": signed.key_id,
        "signature": signed.signature.hex(),
    }


def _glance(call: Call[NoQuery]) -> Reply:
    with call.node.store.view() as view:
        size, head = view.ledger_size(), view.head()
    return Reply({"size": size, "head": None if head is None else head_record(head)})


def _entries(call: Call[EntriesQuery]) -> Reply:
    query = call.query
    with call.node.store.view() as view:
        size = view.ledger_size()
        found = view.entries(after=query.after, limit=query.limit)
    is_last = not found or found[-1].number + 1 >= size
    return Reply(
        {
            "total": size,
            "items": [entry_record(entry) for entry in found],
            "next": None if is_last else str(found[-1].number),
        }
    )


def _entry(call: Call[NoQuery]) -> Reply:
    number = int(call.path["number"])
    with call.node.store.view() as view:
        entry = view.entry(number)
    if entry is None:
        raise NotFound(f"the ledger has no entry {number}")
    return Reply(entry_record(entry))


def _proof(call: Call[ProofQuery]) -> Reply:
    # Without the right to read the ledger word for word, what an entry says is not in its proof.
    withhold = call.query.withhold or not call.permit.allows(Capability.INVESTIGATE)
    proof = prove_entry(call.node, int(call.path["number"]), withhold=withhold)
    entry = proof.entry
    content: dict[str, object] = {}
    if entry.payload is not None:
        content = {"salt": entry.salt.hex(), "payload": entry.payload.decode()}
    return Reply(
        {
            "number": entry.number,
            "leaf": entry.leaf.hex(),
            **content,
            "path": [each.hex() for each in proof.path],
            "head": head_record(proof.head),
        }
    )


def _consistency(call: Call[ConsistencyQuery]) -> Reply:
    proof = consistency_of(call.node, call.query.first, call.query.second)
    return Reply(
        {
            "first": proof.first,
            "second": proof.second,
            "first_root": proof.first_root.hex(),
            "second_root": proof.second_root.hex(),
            "path": [each.hex() for each in proof.path],
            "head": None if proof.head is None else head_record(proof.head),
        }
    )


_PATH = "/api/v1/ledger"
_ONE = f"{_PATH}/entries/{{number}}"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=_PATH,
        summary="How long the ledger is, and its last signed head",
        handler=_glance,
        returns=(Returned(200, "The ledger", LedgerRecord),),
    ),
    Endpoint(
        method="GET",
        path=f"{_PATH}/entries",
        summary="Entries of the ledger, oldest first",
        needs=Capability.INVESTIGATE,
        handler=_entries,
        query=EntriesQuery,
        returns=(Returned(200, "A page of entries", EntryPageAfter),),
    ),
    Endpoint(
        method="GET",
        path=_ONE,
        summary="One entry of the ledger",
        needs=Capability.INVESTIGATE,
        handler=_entry,
        returns=(Returned(200, "The entry", EntryRecord),),
        errors=(errors.NotFound,),
    ),
    Endpoint(
        method="GET",
        path=f"{_ONE}/proof",
        summary="Prove one entry under the last signed head",
        handler=_proof,
        query=ProofQuery,
        returns=(Returned(200, "The proof", EntryProofRecord),),
        errors=(errors.NotFound, errors.LedgerBroken),
    ),
    Endpoint(
        method="GET",
        path=f"{_PATH}/consistency",
        summary="Prove that the ledger only grew",
        handler=_consistency,
        query=ConsistencyQuery,
        returns=(Returned(200, "The proof", ConsistencyRecord),),
        errors=(errors.NotFound, errors.LedgerBroken),
    ),
)
