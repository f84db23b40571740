"""What a node sees when it looks at itself, in sentences for whoever is on watch.

`examine` asks a running node; `examine_folder` judges facts that were gathered from a
node's folder. Nothing is repaired here: each sentence that is not OK says what the person
can do.
"""

from __future__ import annotations

from keepclear.errors import NodeBusy, NodeFault
from keepclear.model.answer import Among
from keepclear.ports.store import Unit, View
from keepclear.services.agreeing import agreements
from keepclear.services.examined import Examined, Status, examined_clock, worst_status
from keepclear.services.examining_folder import FolderFacts, examine_folder
from keepclear.services.node import Node
from keepclear.services.telling import data_ages

__all__ = ["Examined", "FolderFacts", "Status", "examine", "examine_folder", "worst_status"]


def examine(node: Node) -> tuple[Examined, ...]:
    """Look at a running node: clock, store, ledger, index, agreement, others' data.

    A fault means that the node cannot be relied on now; a warning, that it soon may not be,
    or that its answers say less than they could.
    """
    try:
        with node.store.view() as view:
            seen = view.sequence
            clock, ledger = _clock(node, view), _ledger(view)
    except NodeFault as fault:
        return (Examined("store", Status.FAULT, fault.message, fault.remedy),)
    store = _store(node)
    # The writer has fed the index with everything up to `seen` before it took that work.
    index = _index(node, seen)
    return (clock, store, ledger, index, _agreement(node), _data(node))


def _clock(node: Node, view: View) -> Examined:
    last = view.entry(view.ledger_size() - 1) if view.ledger_size() else None
    return examined_clock(node.now(), None if last is None else last.at)


def _store(node: Node) -> Examined:
    try:
        node.store.write(_nothing)
    except NodeBusy as busy:
        return Examined("store", Status.WARNING, busy.message, busy.remedy)
    except NodeFault as fault:
        return Examined("store", Status.FAULT, fault.message, fault.remedy)
    return Examined("store", Status.OK, "The store takes what is filed.")


def _nothing(unit: Unit) -> None:
    """Pass through the writer without a word; it changes nothing."""
    del unit


def _ledger(view: View) -> Examined:
    size = view.ledger_size()
    head = view.head()
    covered = 0 if head is None else head.head.size
    if covered < size:
        return Examined(
            "ledger",
            Status.FAULT,
            f"The last {size - covered} of {size} ledger entries stand under no signed head.",
            "Stop the node, keep a copy of its folder, and run `keepclear ledger verify`.",
        )
    return Examined("ledger", Status.OK, f"A signed head covers all {size} ledger entries.")


def _index(node: Node, seen: int) -> Examined:
    behind = seen - node.picture.standing().sequence
    if behind > 0:
        return Examined(
            "index",
            Status.FAULT,
            f"The index has not taken in the last {behind} changes; answers may lack them.",
            "Start the node anew; the index is built again from the store.",
        )
    return Examined("index", Status.OK, f"The index knows every change up to {seen}.")


def _agreement(node: Node) -> Examined:
    in_force = [each.agreement for each in agreements(node) if each.in_force]
    if not in_force:
        return Examined(
            "agreement",
            Status.WARNING,
            "No agreement is in force, so every answer is cannot say at best.",
            "File the agreement with `keepclear agreement file`, or look at its dates.",
        )
    named = ", ".join(f"{each.id} version {each.version}" for each in in_force)
    return Examined("agreement", Status.OK, f"In force: {named}.")


def _data(node: Node) -> Examined:
    ages = data_ages(node, node.picture.standing(), node.now())
    stale = [age for age in ages if not age.fresh]
    if not ages:
        return Examined(
            "others' data",
            Status.WARNING,
            "No other party is known, so there is nothing to compare with.",
            "File the agreement, then take in what the other parties release.",
        )
    if stale:
        said = "; ".join(reason for age in stale for reason in age.reasons[:1])
        return Examined(
            "others' data",
            Status.WARNING,
            f"Nothing sure can be said against {_parties([age.among for age in stale])}: {said}.",
            "Ask them for their current set and a coverage statement.",
        )
    said = _parties([age.among for age in ages])
    return Examined("others' data", Status.OK, f"The sets of {said} are declared and fresh.")


def _parties(among: list[Among]) -> str:
    return ", ".join(each.party for each in among)
