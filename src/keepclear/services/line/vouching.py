"""Who vouches for an envelope: looked at outside the writer, before anything is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import msgspec

from keepclear.errors import InvalidMessage, KeyFault
from keepclear.formats.documents.envelope import envelope_of
from keepclear.identity.certificates import check_certificate
from keepclear.identity.envelopes import PeerKeys
from keepclear.model.agreement import Agreement
from keepclear.model.envelope import AgreementRef, Envelope
from keepclear.model.line import Line
from keepclear.model.operation import Precedence
from keepclear.ports.store import View
from keepclear.services.frame import in_their_time
from keepclear.services.line.pairing import keys_of, line_of, signed_versions
from keepclear.services.line.quarantine import Reason

DOUBTFUL_SKEW = timedelta(seconds=30)
"""A clock that is further off is doubtful.

Source: design 5 (time): line clock skew warns at 30 s."""
_MARGIN = timedelta(minutes=15)
"""So long after a version was replaced, envelopes under it may still come."""


class Vouched(NamedTuple):
    """An envelope whose signature holds.

    Attributes:
        envelope: the envelope.
        hash: what the next of its stream names.
        content: its bytes.
        clock_doubtful: whether the sender's clock is too far from ours to rely on its times.
        agreement_differs: whether the sender goes by another text than we do.
    """

    envelope: Envelope
    hash: bytes
    content: bytes
    clock_doubtful: bool
    agreement_differs: bool

    @property
    def is_flash(self) -> bool:
        """Whether it is taken whatever else is the matter."""
        return self.envelope.precedence is Precedence.FLASH


class Unvouched(NamedTuple):
    """Something nobody vouches for.

    Attributes:
        reason: why not.
        detail: more, for a person.
        content: as it came.
        hash: SHA-256 over it, hex.
        epoch, serial: the place it claims; 0 where it claims none.
        is_flash: whether it says that it is FLASH.
    """

    reason: Reason
    detail: str
    content: bytes
    hash: str
    epoch: int
    serial: int
    is_flash: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What envelopes of a line are held against.

    Attributes:
        line: the line.
        keys: who may sign.
        texts: the versions both signed, each with the time in which it binds.
        now: by our clock.
        skew: how far the sender's clock is ahead of ours; None where it did not say.
    """

    line: Line
    keys: PeerKeys
    texts: Mapping[AgreementRef, Agreement]
    now: datetime
    skew: timedelta | None


def standing_of(
    view: View,
    line_id: str,
    *,
    now: datetime,
    sent_at: datetime | None = None,
    certificate: bytes = b"",
) -> Standing:
    """What envelopes of a line are held against now.

    Args:
        view: the store.
        line_id: which line.
        now: by our clock.
        sent_at: what the sender's clock said as it handed them over; None where not known.
        certificate: what came along with them, as a document; empty for nothing.

    Raises:
        NotFound: there is no such line.
    """
    line = line_of(view, line_id)
    texts = {
        AgreementRef(each.id, each.version, each.digest): each
        for each in in_their_time(signed_versions(view, line))
    }
    more = (certificate,) if certificate and is_acceptable(line, certificate, now) else ()
    skew = None if sent_at is None else sent_at - now
    return Standing(line, keys_of(line, more), texts, now, skew)


def is_acceptable(line: Line, certificate: bytes, now: datetime) -> bool:
    """Whether a certificate that came along is the peer's by its root's word, and valid now."""
    try:
        keys_of(line).checked(certificate, now)
    except KeyFault:
        return False
    return True


def vouch(standing: Standing, content: bytes) -> Vouched | Unvouched:
    """Whether the other party stands behind an envelope, and what is doubtful about it."""
    try:
        envelope = envelope_of(content)
    except InvalidMessage as error:
        return _unreadable(content, error.message)
    foreign = _foreign(standing.line, envelope)
    if foreign is not None:
        return _unvouched(envelope, content, *foreign)
    if standing.keys.certificate(envelope.key) is None:
        detail = f"the root of {standing.line.them} certified no key {envelope.key} here"
        return _unvouched(envelope, content, Reason.UNKNOWN_KEY, detail)
    its_hash = standing.keys.signed_envelope(envelope)
    if its_hash is None:
        return _unvouched(envelope, content, Reason.BAD_SIGNATURE, "the signature does not hold")
    return _held_against(standing, Vouched(envelope, its_hash, content, False, False))


def agreement_differs(standing: Standing, envelope: Envelope) -> bool:
    """Whether an envelope goes by a text that does not bind now and did not as it was signed."""
    text = standing.texts.get(envelope.agreement)
    if text is None:
        return True
    moments = (envelope.at, standing.now)
    return not any(
        text.valid.start - _MARGIN <= each <= text.valid.end + _MARGIN for each in moments
    )


def is_clock_doubtful(standing: Standing, envelope: Envelope) -> bool:
    """Whether the sender's clock is too far from ours to rely on its times."""
    ahead = standing.skew if standing.skew is not None else envelope.at - standing.now
    behind_counts = standing.skew is not None
    return ahead > DOUBTFUL_SKEW or (behind_counts and ahead < -DOUBTFUL_SKEW)


def _held_against(standing: Standing, vouched: Vouched) -> Vouched | Unvouched:
    envelope = vouched.envelope
    certificate = standing.keys.certificate(envelope.key)
    doubtful = is_clock_doubtful(standing, envelope)
    try:
        assert certificate is not None  # noqa: S101  (asked before)
        check_certificate(certificate, standing.line.peer.root_public_key, standing.now)
    except KeyFault as fault:
        if not vouched.is_flash:
            return _unvouched(envelope, vouched.content, Reason.EXPIRED_KEY, fault.message)
        doubtful = True  # one of the two clocks is wrong, and this may not wait
    return vouched._replace(
        clock_doubtful=doubtful, agreement_differs=agreement_differs(standing, envelope)
    )


def _foreign(line: Line, envelope: Envelope) -> tuple[Reason, str] | None:
    """Why an envelope cannot be of a line at all; None where it can."""
    if envelope.mode is not line.mode:
        return Reason.OTHER_MODE, f"it is {envelope.mode}, the line is {line.mode}"
    told = (envelope.line, envelope.sender, envelope.recipient, envelope.node)
    if told != (line.id, line.them, line.us, line.peer.node_id):
        detail = f"it goes from {envelope.sender} to {envelope.recipient} on {envelope.line}"
        return Reason.OTHER_LINE, detail[:300]
    return None


def _unvouched(envelope: Envelope, content: bytes, reason: Reason, detail: str) -> Unvouched:
    return Unvouched(
        reason,
        detail,
        content,
        sha256(content).hexdigest(),
        envelope.epoch,
        envelope.serial,
        envelope.precedence is Precedence.FLASH,
    )


class _Claims(msgspec.Struct, frozen=True):
    """What something unreadable may still say of itself."""

    precedence: str = ""


def _unreadable(content: bytes, detail: str) -> Unvouched:
    try:
        claims = msgspec.json.decode(content, type=_Claims)
    except (ValueError, RecursionError):
        claims = _Claims()
    is_flash = claims.precedence == Precedence.FLASH.value
    digest = sha256(content).hexdigest()
    return Unvouched(Reason.UNREADABLE, detail, content, digest, 0, 0, is_flash)


def split(
    examined: Sequence[Vouched | Unvouched],
) -> tuple[list[Vouched], list[Unvouched]]:
    """Those somebody vouches for, in the order of their streams, and the others as they came."""
    vouched = [each for each in examined if isinstance(each, Vouched)]
    vouched.sort(key=lambda each: (each.envelope.epoch, each.envelope.serial))
    return vouched, [each for each in examined if isinstance(each, Unvouched)]
