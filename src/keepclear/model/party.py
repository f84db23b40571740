"""Who signs an agreement, who is bound through them, and whose conduct they answer for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from keepclear.errors import InvalidAgreement


class PartyKind(StrEnum):
    """What sort of body a party is; no kind outranks another."""

    STATE = "state"
    COALITION = "coalition"
    UN_AGENCY = "un agency"
    NGO = "ngo"
    OPERATOR = "operator"
    AUTHORITY = "authority"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Member:
    """A body bound through a party.

    Attributes:
        id: its identifier, as operations name it.
        name: for people.
        inherits_disclosure: whether it sees what its party may see.
    """

    id: str
    name: str
    inherits_disclosure: bool = False


@dataclass(frozen=True, slots=True)
class Affiliate:
    """A body a party speaks of: its conduct the party answers for, or says it does not.

    Attributes:
        id: its identifier.
        name: for people.
        answered_for: True where the party answers for its conduct.
    """

    id: str
    name: str
    answered_for: bool


@dataclass(frozen=True, slots=True)
class Party:
    """Who signs an agreement.

    Attributes:
        id: a short identifier in capitals ("BLUE"), as operations name it.
        name: for people.
        kind: what sort of body it is.
        members: bodies bound through it.
        affiliates: bodies it answers for, or says it does not.
    """

    id: str
    name: str
    kind: PartyKind
    members: tuple[Member, ...] = ()
    affiliates: tuple[Affiliate, ...] = ()

    def __post_init__(self) -> None:
        if not self.id or self.id != self.id.strip().upper():
            raise InvalidAgreement(f"the party id {self.id!r} is not a word in capitals")
