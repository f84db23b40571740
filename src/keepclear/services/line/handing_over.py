"""Hand the watch over: a sheet is drawn up, both officers sign for it, and the watch changes.

The watch changes with the second signature and not before, in the same unit of work; or
without it for a reason that is kept. What either signs for is the sheet as it was drawn up.

Source: domain study of keepclear, 5d (both watch officers sign).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec

from keepclear.canonical import JsonValue, canonical_bytes
from keepclear.errors import InvalidInput, NotPermitted, StateForbids
from keepclear.formats.documents.handover import handover_document, stored_handover
from keepclear.formats.documents.watch import watch_from
from keepclear.formats.times import iso_text
from keepclear.ledger.entries import EntryKind
from keepclear.model.handover import Handover, HandoverState, Override, Signature, WatchSide
from keepclear.model.node import Subject
from keepclear.model.watch import Watch
from keepclear.ports.store import Declaration, Unit, View
from keepclear.services.line.handing_sheet import sheet_of
from keepclear.services.line.keeping import Content, found, write
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.line.watching import TookWatch, watch_taken
from keepclear.services.node import Node

SHEET_LASTS = timedelta(hours=1)
"""Nobody signs for a sheet that is older; a new one is drawn up."""


class Signing(NamedTuple):
    """Who signs.

    Attributes:
        role: as what they are on duty.
        name: their account's, or how they call themselves where there are none.
        by_password: they confirmed with the password of that account.
        actor: in whose session.
    """

    role: str
    name: str
    by_password: bool
    actor: str


class HandedOver(NamedTuple):
    """What became of a handover.

    Attributes:
        declaration: its current version.
        handover: the same, read.
        took: what became of the watch; None where it did not change.
        created: whether there was no such handover before.
    """

    declaration: Declaration
    handover: Handover
    took: TookWatch | None = None
    created: bool = False


def prepare(node: Node, handover_id: str, shift: Mapping[str, Any], *, actor: str) -> HandedOver:
    """Draw up a handover: what is open now, and what the next watch will be.

    The same id again gives the handover as it stands.

    Args:
        node: the node.
        handover_id: a UUID that the caller drew.
        shift: the next watch's document; what it leaves out stays as it is now.
        actor: who prepares it.

    Raises:
        InvalidInput: the next watch cannot be.
        StateForbids: nobody has the watch, so it cannot be given; or it changed just then.
        NotPermitted: no role is called as the officers are.
    """
    with node.store.view() as view:
        given = view.declaration(Subject.WATCH, node.identity.party)
    sheet: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(sheet_of(node)))
    digest = hashlib.sha256(canonical_bytes(sheet)).hexdigest()

    def work(unit: Unit) -> HandedOver:
        before = unit.declaration(Subject.HANDOVER, handover_id)
        if before is not None:
            return HandedOver(before, stored_handover(before.body))
        watch = unit.declaration(Subject.WATCH, node.identity.party)
        if watch is None:
            raise StateForbids(
                "nobody has the watch, so it cannot be handed over", remedy="Take the watch."
            )
        if given is None or given.version != watch.version:
            raise StateForbids(
                "the watch changed while the sheet was drawn up", remedy="Prepare it once more."
            )
        handover = Handover(
            id=handover_id,
            party=node.identity.party,
            prepared_at=node.now(),
            prepared_by=actor,
            watch_version=watch.version,
            shift=_next_shift(unit, node, watch, shift),
            sheet=sheet,
            digest=digest,
        )
        return _kept(unit, node, handover, EntryKind.HANDOVER_PREPARED, actor, created=True)

    return node.store.write(work)


def sign(node: Node, handover_id: str, side: WatchSide, signing: Signing) -> HandedOver:
    """Sign for one side; with the second signature the watch changes, and every line is told.

    The same person's signature again changes nothing.

    Raises:
        NotFound: there is no such handover.
        StateForbids: it is over, its sheet is too old, or the watch changed meanwhile.
        NotPermitted: the role is not the one that gives or takes, or one person signs for both.
    """

    def work(unit: Unit) -> HandedOver:
        current = found(unit, Subject.HANDOVER, handover_id)
        handover = stored_handover(current.body)
        signed = handover.signed_by(side)
        if signed is not None and _same(signed.name, signing.name):
            return HandedOver(current, handover)
        _require_open(unit, node, handover)
        if signed is not None:
            raise StateForbids(
                f"{signed.name} signed for the {side} side", remedy="Prepare a new handover."
            )
        _require_signer(handover, side, signing)
        fresh = Signature(
            side, signing.role, signing.name, signing.by_password, node.now(), signing.actor
        )
        every = (*handover.signatures, fresh)
        given = tuple(each for one in WatchSide for each in every if each.side is one)
        is_whole = len(given) == len(WatchSide)
        state = HandoverState.SIGNED if is_whole else HandoverState.OPEN
        after = replace(handover, signatures=given, state=state)
        kept = _kept(unit, node, after, EntryKind.HANDOVER_SIGNED, signing.name)
        return kept._replace(took=_take(unit, node, after, signing.name) if is_whole else None)

    done = node.store.write(work)
    node.ring()
    return done


def override(node: Node, handover_id: str, *, role: str, reason: str, actor: str) -> HandedOver:
    """Change the watch without both signatures; the reason stands in the record for good.

    Raises:
        NotFound: there is no such handover.
        InvalidInput: no reason is given.
        StateForbids: it is over, or the watch changed meanwhile.
    """
    if not reason.strip():
        raise InvalidInput(
            "reason: missing", remedy="Say why the watch changes without both signatures."
        )

    def work(unit: Unit) -> HandedOver:
        current = found(unit, Subject.HANDOVER, handover_id)
        handover = stored_handover(current.body)
        if handover.override is not None:
            return HandedOver(current, handover)
        _require_open(unit, node, handover, whatever_its_age=True)
        named = role_on_watch(unit, node, role)
        why = Override(reason.strip(), named, actor, node.now())
        after = replace(handover, override=why, state=HandoverState.OVERRIDDEN)
        kind = EntryKind.HANDOVER_OVERRIDDEN
        kept = _kept(unit, node, after, kind, actor, note=why.reason)
        return kept._replace(took=_take(unit, node, after, actor))

    done = node.store.write(work)
    node.ring()
    return done


def handovers(view: View) -> tuple[tuple[Declaration, Handover], ...]:
    """Every handover, the last prepared first."""
    every = [(each, stored_handover(each.body)) for each in view.declarations(Subject.HANDOVER)]
    return tuple(sorted(every, key=lambda pair: (pair[1].prepared_at, pair[1].id), reverse=True))


def is_current(view: View, node: Node, handover: Handover) -> bool:
    """Whether it may still be signed: the watch it gives is the present one."""
    watch = view.declaration(Subject.WATCH, handover.party)
    is_same = watch is not None and watch.version == handover.watch_version
    is_fresh = node.now() - handover.prepared_at <= SHEET_LASTS
    return handover.state is HandoverState.OPEN and is_same and is_fresh


def _next_shift(
    unit: Unit, node: Node, current: Declaration, shift: Mapping[str, Any]
) -> dict[str, JsonValue]:
    stays = msgspec.json.decode(current.body)
    whole = {
        **{name: stays[name] for name in ("roles", "room", "languages", "alternates")},
        "next_handover": None,
        "remark": "",
        **shift,
    }
    for side in ("handed_over_by", "taken_over_by"):
        whole[side] = role_on_watch(unit, node, str(whole.get(side, "")))
    _watch(node, whole)
    return whole


def _watch(node: Node, shift: Mapping[str, Any]) -> Watch:
    """The watch that would begin now."""
    document = {**shift, "since": iso_text(node.now())}
    return watch_from(document, party=node.identity.party)


def _take(unit: Unit, node: Node, handover: Handover, actor: str) -> TookWatch:
    watch = _watch(node, handover.shift)
    return watch_taken(unit, node, watch, expected=handover.watch_version, actor=actor)


def _require_open(
    view: View, node: Node, handover: Handover, *, whatever_its_age: bool = False
) -> None:
    if handover.state is not HandoverState.OPEN:
        raise StateForbids(
            f"the handover is {handover.state}", remedy="Prepare a new one for the next watch."
        )
    watch = view.declaration(Subject.WATCH, handover.party)
    if watch is None or watch.version != handover.watch_version:
        raise StateForbids(
            "the watch changed since the sheet was drawn up", remedy="Prepare a new handover."
        )
    if not whatever_its_age and node.now() - handover.prepared_at > SHEET_LASTS:
        minutes = SHEET_LASTS.total_seconds() / 60
        raise StateForbids(
            f"the sheet is older than {minutes:.0f} minutes", remedy="Prepare a new handover."
        )


def _require_signer(handover: Handover, side: WatchSide, signing: Signing) -> None:
    gives_or_takes = "handed_over_by" if side is WatchSide.OUTGOING else "taken_over_by"
    role = str(handover.shift[gives_or_takes])
    if not _same(role, signing.role):
        raise NotPermitted(
            f"role: the {role} signs for the {side} side",
            remedy="Sign as that role, or prepare a handover that names another.",
        )
    if not signing.name.strip():
        raise InvalidInput("name: missing", remedy="Say who signs.")
    if any(_same(each.name, signing.name) for each in handover.signatures):
        raise NotPermitted(
            "name: the same person signs for both sides",
            remedy="Two people hand a watch over; else give a reason to change it alone.",
        )


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _kept(
    unit: Unit,
    node: Node,
    handover: Handover,
    kind: EntryKind,
    actor: str,
    *,
    note: str = "",
    created: bool = False,
) -> HandedOver:
    document = handover_document(handover)
    content = Content(Subject.HANDOVER, handover.id, handover.party, document)
    kept = write(unit, node, content, kind, actor=actor, note=note)
    return HandedOver(kept.declaration, handover, created=created)
