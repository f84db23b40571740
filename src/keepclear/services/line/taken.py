"""A message as it comes over a line, its signature proved and its place in the stream known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from keepclear.model.line import Line
from keepclear.model.message import Message


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that came over a line.

    Attributes:
        line: on which line.
        envelope_hash: of the envelope that carried it.
        epoch, serial: its place in the other side's stream.
        at_theirs: when it was signed, by the other side's clock.
        received_at: when it came, by ours.
        message: what was signed.
        clock_doubtful: the other clock was too far from ours to be believed.
        agreement_differs: the other side goes by another agreement; only FLASH comes so.
        copy: for a text that nobody signed, what whoever reads it must know; else empty.
    """

    line: Line
    envelope_hash: bytes
    epoch: int
    serial: int
    at_theirs: datetime
    received_at: datetime
    message: Message
    clock_doubtful: bool = False
    agreement_differs: bool = False
    copy: str = ""
