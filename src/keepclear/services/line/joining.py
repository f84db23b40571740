"""Have envelopes join their streams, inside one unit of work, and their messages be taken.

FLASH is taken at once, wherever it stands; all else in the order of its stream.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from keepclear.canonical import JsonValue
from keepclear.contact.streams import (
    MOST_AHEAD,
    Arrival,
    End,
    Link,
    advanced,
    follows,
    gaps,
    judge,
)
from keepclear.errors import InvalidInput
from keepclear.formats.documents.envelope import envelope_of
from keepclear.formats.documents.message import message_from
from keepclear.ledger.entries import EntryKind
from keepclear.model.envelope import ReceiptItem, Result
from keepclear.model.node import Subject
from keepclear.ports.line_store import StoredEnvelope, StoredStream
from keepclear.ports.store import Unit
from keepclear.services.line.quarantine import Reason, note, refusal_of
from keepclear.services.line.refusing import contradiction, refusal
from keepclear.services.line.taken import Taken
from keepclear.services.line.taking import take
from keepclear.services.line.vouching import (
    Standing,
    Vouched,
    agreement_differs,
    is_clock_doubtful,
)
from keepclear.services.node import Node
from keepclear.services.recording import record

_MISTAKES = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


class UnusableError(Exception):
    """A message cannot be taken; its unit of work is undone, and done again without it.

    Attributes:
        epoch, serial: which one.
        why: for both sides.
    """

    def __init__(self, epoch: int, serial: int, why: str) -> None:
        super().__init__(why)
        self.epoch = epoch
        self.serial = serial
        self.why = why


@dataclass(slots=True)
class Joining:
    """The streams of a line that arrive, while a batch joins them.

    Attributes:
        unit, node, standing: what it works with.
        refused: why the message of a place is not to be taken though all else holds.
        items: what became of each envelope so far, by epoch.
    """

    unit: Unit
    node: Node
    standing: Standing
    refused: dict[tuple[int, int], str] = field(default_factory=dict)
    items: dict[int, list[ReceiptItem]] = field(default_factory=dict)
    _ends: dict[int, End] = field(default_factory=dict)
    _moved: set[int] = field(default_factory=set)
    _newest: int | None = None
    _held_new: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        known = self.unit.streams(self.standing.line.id, outgoing=False)
        self._newest = max((each.epoch for each in known), default=None)

    def join(self, vouched: Vouched) -> None:
        """Have one envelope join; what becomes of it stands in `items`."""
        envelope = vouched.envelope
        self._begin(envelope.epoch)
        end = self.end(envelope.epoch)
        known = self._stored(envelope.epoch, envelope.serial)
        arrival = judge(end, _link(vouched), None if known is None else known.hash)
        match arrival:
            case Arrival.NEXT:
                self._next(vouched)
                self._drain(envelope.epoch)
            case Arrival.EARLY | Arrival.TOO_EARLY:
                self._early(vouched, arrival)
            case Arrival.DUPLICATE:
                self._again(vouched, end, known)
            case Arrival.TAMPERED | Arrival.FORK:
                self._contradiction(vouched, arrival, known)

    def finish(self) -> None:
        """Keep how far each stream goes now, and note gaps that came up."""
        line = self.standing.line.id
        for epoch in sorted(self._moved):
            end = self._ends[epoch]
            self.unit.put_stream(line, StoredStream(epoch, *end), outgoing=False)
        for epoch in sorted(self._held_new):
            if missing := self.missing(epoch):
                body: JsonValue = {"epoch": epoch, "missing": [list(each) for each in missing]}
                self._record(EntryKind.LINE_GAP_NOTED, body)

    def end(self, epoch: int) -> End:
        """How far the stream of an epoch goes without a gap."""
        if epoch not in self._ends:
            found = self.unit.stream(self.standing.line.id, outgoing=False, epoch=epoch)
            self._ends[epoch] = End() if found is None else End(found.serial, found.hash)
        return self._ends[epoch]

    def missing(self, epoch: int, *, up_to: int = 0) -> tuple[tuple[int, int], ...]:
        """The gaps of an epoch; none in epochs that are over, which nobody can fill."""
        if epoch != self._newest:
            return ()
        end = self.end(epoch)
        kept = self.unit.envelopes_between(
            self.standing.line.id,
            outgoing=False,
            epoch=epoch,
            first=end.serial + 1,
            last=end.serial + MOST_AHEAD,
        )
        return gaps(end, (each.serial for each in kept), up_to=up_to)

    def _begin(self, epoch: int) -> None:
        """Note a stream that begins, and take what the one before still held."""
        if self._newest is not None and epoch <= self._newest:
            return
        before, self._newest = self._newest, epoch
        self._moved.add(epoch)
        self.end(epoch)
        if before is None:
            return
        self._give_up(before)
        ended = self.end(before)
        body: JsonValue = {"epoch": epoch, "before": {"epoch": before, "serial": ended.serial}}
        self._record(EntryKind.LINE_EPOCH_BEGUN, body)

    def _give_up(self, epoch: int) -> None:
        """Take what waits for a gap that will not be filled, with a finding of what is missing."""
        held = [
            each for each in self.unit.envelopes_held(self.standing.line.id) if each.epoch == epoch
        ]
        if not held:
            return
        missing = gaps(self.end(epoch), (each.serial for each in held))
        for each in held:
            self._take_held(each)
        body: JsonValue = {"epoch": epoch, "missing": [list(gap) for gap in missing]}
        self._record(EntryKind.LINE_GAP_GIVEN_UP, body)

    def _next(self, vouched: Vouched) -> None:
        why = self._refusal(vouched)
        self._keep(vouched, applied=True)
        self._move(vouched)
        self._take_or_refuse(vouched, why)

    def _early(self, vouched: Vouched, arrival: Arrival) -> None:
        epoch = vouched.envelope.epoch
        is_over = self._newest is not None and epoch < self._newest
        if vouched.is_flash or is_over:
            self._keep(vouched, applied=True)
            self._take_or_refuse(vouched, self._refusal(vouched))
        elif arrival is Arrival.EARLY:
            self._keep(vouched, applied=False)
            self._held_new.add(epoch)
            self._answer(vouched, Result.HELD)
        # One that is too early is not answered for: it stays with its sender and comes again.

    def _again(self, vouched: Vouched, end: End, known: StoredEnvelope | None) -> None:
        envelope = vouched.envelope
        reason = refusal_of(self.unit, envelope.line, envelope.epoch, envelope.serial)
        if reason:
            self._answer(vouched, Result.REFUSED, reason)
        elif known is not None and not known.applied and envelope.serial > end.serial:
            self._answer(vouched, Result.HELD)
        else:
            self._answer(vouched, Result.DUPLICATE)

    def _contradiction(
        self, vouched: Vouched, arrival: Arrival, known: StoredEnvelope | None
    ) -> None:
        """Two signed envelopes that cannot both be: keep both, and have a person look."""
        envelope = vouched.envelope
        beside = known.hash if known is not None else self.end(envelope.epoch).hash
        reason = Reason.TAMPERED if arrival is Arrival.TAMPERED else Reason.FORK
        find = contradiction(vouched, reason, beside)
        if note(self.unit, self.node, find):
            body: JsonValue = {
                "epoch": envelope.epoch,
                "serial": envelope.serial,
                "reason": reason.value,
                "hashes": [beside.hex(), vouched.hash.hex()],
                "signature": envelope.signature.hex(),
            }
            self._record(EntryKind.LINE_TAMPERED, body)
            if vouched.is_flash and self.unit.message(str(envelope.message["id"])) is None:
                self._take(vouched)
        self._answer(vouched, Result.QUARANTINED, reason.value)

    def _drain(self, epoch: int) -> None:
        """Have those join that came early and follow now."""
        while True:
            stored = self._stored(epoch, self.end(epoch).serial + 1)
            if stored is None:
                return
            envelope = envelope_of(stored.content)
            link = Link(stored.serial, stored.hash, envelope.previous)
            if not follows(self.end(epoch), link):
                return
            self._ends[epoch] = advanced(link)
            if not stored.applied:
                self._take_held(stored)

    def _take_held(self, stored: StoredEnvelope) -> None:
        envelope = envelope_of(stored.content)
        vouched = Vouched(
            envelope,
            stored.hash,
            stored.content,
            is_clock_doubtful(self.standing, envelope),
            agreement_differs(self.standing, envelope),
        )
        self.unit.mark_applied(stored.line, stored.epoch, stored.serial)
        if why := self._refusal(vouched):
            self._refuse(vouched, why)
        else:
            self._take(vouched)

    def _refusal(self, vouched: Vouched) -> str:
        envelope = vouched.envelope
        if vouched.agreement_differs and not vouched.is_flash:
            return Reason.AGREEMENT_DIFFERS.value
        if envelope.message.get("precedence") != envelope.precedence:
            return "the envelope and its message name different precedences"
        return self.refused.get((envelope.epoch, envelope.serial), "")

    def _take_or_refuse(self, vouched: Vouched, why: str) -> None:
        if why:
            self._refuse(vouched, why)
            self._answer(vouched, Result.REFUSED, why)
            return
        self._take(vouched)
        self._answer(vouched, Result.TAKEN)

    def _refuse(self, vouched: Vouched, why: str) -> None:
        """Keep a message that is not taken, with its reason; its stream goes on."""
        note(self.unit, self.node, refusal(vouched, why))

    def _take(self, vouched: Vouched) -> None:
        envelope = vouched.envelope
        try:
            take(self.unit, self.node, self._taken(vouched))
        except InvalidInput as error:
            raise UnusableError(envelope.epoch, envelope.serial, error.message) from error
        except _MISTAKES as error:
            # A message that trips us up must not hold up those behind it; nor may it be lost.
            why = f"this node failed at it ({type(error).__name__}); report it"
            raise UnusableError(envelope.epoch, envelope.serial, why) from error

    def _taken(self, vouched: Vouched) -> Taken:
        envelope = vouched.envelope
        return Taken(
            line=self.standing.line,
            envelope_hash=vouched.hash,
            epoch=envelope.epoch,
            serial=envelope.serial,
            at_theirs=envelope.at,
            received_at=self.standing.now,
            message=message_from(dict(envelope.message)),
            clock_doubtful=vouched.clock_doubtful,
            agreement_differs=vouched.agreement_differs,
        )

    def _keep(self, vouched: Vouched, *, applied: bool) -> None:
        envelope = vouched.envelope
        self.unit.put_envelope(
            StoredEnvelope(
                line=envelope.line,
                outgoing=False,
                epoch=envelope.epoch,
                serial=envelope.serial,
                hash=vouched.hash,
                precedence=envelope.precedence.value,
                message=str(envelope.message["id"]),
                delivered_at=self.standing.now,
                applied=applied,
                content=vouched.content,
            )
        )

    def _move(self, vouched: Vouched) -> None:
        self._ends[vouched.envelope.epoch] = advanced(_link(vouched))
        self._moved.add(vouched.envelope.epoch)

    def _stored(self, epoch: int, serial: int) -> StoredEnvelope | None:
        return self.unit.envelope(self.standing.line.id, outgoing=False, epoch=epoch, serial=serial)

    def _answer(self, vouched: Vouched, result: Result, reason: str = "") -> None:
        item = ReceiptItem(vouched.envelope.serial, vouched.hash.hex(), result, reason)
        self.items.setdefault(vouched.envelope.epoch, []).append(item)

    def _record(self, kind: EntryKind, body: JsonValue) -> None:
        about = (Subject.LINE, self.standing.line.id, self.standing.line.version)
        at = self.standing.now
        self.unit.append(record(self.node.identity, kind, about, body, at=at))


def _link(vouched: Vouched) -> Link:
    return Link(vouched.envelope.serial, vouched.hash, vouched.envelope.previous)
