"""Whose a recorded aircraft shall be: a small written rule, for exercises and benchmarks.

A recording does not say which party an aircraft belongs to. A rule does, in clauses parted
by semicolons; the first clause that fits decides, and the last must fit every aircraft:

    icao24 < 4b0000: BLUE; else AMBER
    icao24 4b0000-4b7fff: BLUE; callsign SWR*: BLUE; else none
    callsign RCH*: BLUE; half icao24: BLUE, AMBER

Nothing in it is executed; it is compared word for word.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from keepclear.errors import InvalidInput

NOBODY = "none"
"""In place of a party: the aircraft is left out on purpose."""
LONGEST_RULE = 10_000
"""The most characters a rule may have."""

_EXAMPLE = (
    'Write for example "icao24 < 4b0000: BLUE; else AMBER", "callsign SWR*: BLUE; else none" '
    'or "half icao24: BLUE, AMBER".'
)
_LOWEST, _HIGHEST = "000000", "ffffff"
_HEX = r"[0-9a-f]{6}"
_PARTY = r"[A-Z][A-Z0-9_-]{0,31}"
_COMPARISON = re.compile(rf"icao24\s*(<=|>=|<|>|=)\s*({_HEX})", re.ASCII | re.IGNORECASE)
_RANGE = re.compile(rf"icao24\s+({_HEX})\s*-\s*({_HEX})", re.ASCII | re.IGNORECASE)
_PREFIX = re.compile(r"icao24\s+([0-9a-f]{1,5})\*", re.ASCII | re.IGNORECASE)
_CALLSIGN = re.compile(r"callsign\s+([0-9a-z]{1,8})(\*?)", re.ASCII | re.IGNORECASE)
_HALF = re.compile(rf"half\s+icao24\s*:\s*({_PARTY})\s*,\s*({_PARTY})", re.ASCII)
_ELSE = re.compile(rf"else\s+({_PARTY}|{NOBODY})", re.ASCII)
_GIVEN = re.compile(rf"([^:]+?)\s*:\s*({_PARTY}|{NOBODY})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PartyClause:
    """One clause: it fits an aircraft when address and callsign both do.

    Attributes:
        parties: whose the aircraft is; two share by halves; empty leaves it out.
        lowest: the lowest address it fits, six hexadecimal digits.
        highest: the highest.
        callsign: what the callsign is or begins with; empty fits every callsign.
        exactly: True where the callsign must be just that.
    """

    parties: tuple[str, ...]
    lowest: str = _LOWEST
    highest: str = _HIGHEST
    callsign: str = ""
    exactly: bool = False

    @property
    def fits_all(self) -> bool:
        """Whether it fits every aircraft."""
        everywhere = (self.lowest, self.highest) == (_LOWEST, _HIGHEST)
        return everywhere and not self.callsign and not self.exactly

    def fits(self, aircraft_id: str, callsign: str) -> bool:
        """Tell whether the clause speaks of this aircraft."""
        if not self.lowest <= aircraft_id <= self.highest:
            return False
        return callsign == self.callsign if self.exactly else callsign.startswith(self.callsign)

    def party_of(self, aircraft_id: str) -> str | None:
        """Whose the aircraft is, given that the clause fits; None where it is left out."""
        if len(self.parties) < 2:
            return next(iter(self.parties), None)
        # A hash, not the address itself: neighbouring addresses are of one country.
        return self.parties[hashlib.sha256(aircraft_id.encode()).digest()[0] % 2]


@dataclass(frozen=True, slots=True)
class PartyRule:
    """Whose each recorded aircraft shall be.

    Attributes:
        clauses: the first that fits decides; the last fits every aircraft.
    """

    clauses: tuple[PartyClause, ...]

    def __post_init__(self) -> None:
        if not self.clauses or not self.clauses[-1].fits_all:
            raise InvalidInput("the party rule leaves aircraft undecided", remedy=_EXAMPLE)

    @classmethod
    def parse(cls, text: str) -> PartyRule:
        """Read a rule as a person writes it.

        Raises:
            InvalidInput: a clause cannot be read, the last one does not fit every
                aircraft, or an earlier one already does.
        """
        if len(text) > LONGEST_RULE:
            raise InvalidInput(
                f"the party rule is longer than {LONGEST_RULE:,} characters", remedy=_EXAMPLE
            )
        *given, last = (part.strip() for part in text.removesuffix(";").split(";"))
        final = _final_clause(last)
        if final is None:
            raise InvalidInput(
                f'the party rule ends with "{last[:60]}", which leaves aircraft undecided',
                remedy=f"End it with else or half. {_EXAMPLE}",
            )
        return cls((*(_given_clause(clause) for clause in given), final))

    def party_of(self, aircraft_id: str, callsign: str) -> str | None:
        """Whose an aircraft is; None where the rule leaves it out on purpose.

        Args:
            aircraft_id: six lower-case hexadecimal digits.
            callsign: in capitals; empty where unknown.
        """
        clause = next(clause for clause in self.clauses if clause.fits(aircraft_id, callsign))
        return clause.party_of(aircraft_id)


def _parties(*words: str) -> tuple[str, ...]:
    return tuple(word for word in words if word != NOBODY)


def _final_clause(text: str) -> PartyClause | None:
    if found := _HALF.fullmatch(text):
        return PartyClause(_parties(*found.groups()))
    if found := _ELSE.fullmatch(text):
        return PartyClause(_parties(found[1]))
    return None


def _given_clause(text: str) -> PartyClause:
    """A clause with a condition."""
    if _final_clause(text) is not None:
        raise InvalidInput(
            f'in the party rule nothing can follow "{text[:60]}": it fits every aircraft',
            remedy=f"Put it last. {_EXAMPLE}",
        )
    if whole := _GIVEN.fullmatch(text):
        condition, parties = whole[1], _parties(whole[2])
        if found := _COMPARISON.fullmatch(condition):
            return _compared(found[1], found[2].lower(), parties, text)
        if found := _RANGE.fullmatch(condition):
            return _between(int(found[1], 16), int(found[2], 16), parties, text)
        if found := _PREFIX.fullmatch(condition):
            prefix = found[1].lower()
            return PartyClause(parties, prefix.ljust(6, "0"), prefix.ljust(6, "f"))
        if found := _CALLSIGN.fullmatch(condition):
            return PartyClause(parties, callsign=found[1].upper(), exactly=not found[2])
    raise InvalidInput(f'the party rule has an unreadable clause "{text[:60]}"', remedy=_EXAMPLE)


def _compared(sign: str, address: str, parties: tuple[str, ...], text: str) -> PartyClause:
    value = int(address, 16)
    lowest = {"=": value, ">": value + 1, ">=": value}.get(sign, 0)
    highest = {"=": value, "<": value - 1, "<=": value}.get(sign, int(_HIGHEST, 16))
    return _between(lowest, highest, parties, text)


def _between(lowest: int, highest: int, parties: tuple[str, ...], text: str) -> PartyClause:
    if not 0 <= lowest <= highest <= int(_HIGHEST, 16):
        raise InvalidInput(
            f'in the party rule "{text[:60]}" fits no address',
            remedy="Give the lower address first; they run from 000000 to ffffff.",
        )
    return PartyClause(parties, f"{lowest:06x}", f"{highest:06x}")
