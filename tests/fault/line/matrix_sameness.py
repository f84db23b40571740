"""What two nodes must hold alike once nothing waits any more; nothing here is under test."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from keepclear.formats.documents.envelope import envelope_of
from keepclear.ports.store import View
from line_fixture import LINE

LONGEST = 1_000_000


def stream_faults(sender: View, receiver: View) -> list[str]:
    """What is wrong with one direction of the line; empty where both hold the same."""
    faults = []
    sent, came = list(sender.streams(LINE, outgoing=True)), list(_came(receiver))
    if sent != came:
        faults.append(f"the streams end otherwise: {sent} and {came}")
    if waiting := sender.waiting_count(LINE):
        faults.append(f"{waiting} envelopes still wait")
    if held := receiver.envelopes_held(LINE):
        faults.append(f"{len(held)} envelopes are held for a gap")
    for stream in sent:
        faults += _envelope_faults(sender, receiver, stream.epoch)
    kinds = Counter(each.kind for each in receiver.entries(limit=LONGEST))
    return faults + [
        f"{kinds[bad]} times {bad}" for bad in ("line tampered", "quarantine noted") if kinds[bad]
    ]


def came_as_new(view: View) -> Counter[str]:
    """How often each message came as new, as the ledger has it."""
    entries = view.entries(limit=LONGEST)
    return Counter(each.subject_id for each in entries if each.kind == "message received")


def _came(receiver: View) -> list[object]:
    return [each for each in receiver.streams(LINE, outgoing=False) if each.serial]


def _envelope_faults(sender: View, receiver: View, epoch: int) -> list[str]:
    sent = sender.envelopes_between(LINE, outgoing=True, epoch=epoch, first=1, last=LONGEST)
    came = receiver.envelopes_between(LINE, outgoing=False, epoch=epoch, first=1, last=LONGEST)
    ours, theirs = (
        {each.serial: (each.hash, each.content) for each in found} for found in (sent, came)
    )
    faults = [
        f"envelope {serial} is not the same on both sides"
        for serial in sorted({*ours, *theirs})
        if ours.get(serial) != theirs.get(serial)
    ]
    for earlier, later in pairwise(sent):
        if envelope_of(later.content).previous != earlier.hash:
            faults.append(f"envelope {later.serial} does not name the one before it")
    return faults
