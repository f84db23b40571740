"""Agreements made ready to judge operations, each for the parties it binds together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from keepclear.deconflict.containment import Shape
from keepclear.deconflict.coverage import Notices, Released
from keepclear.deconflict.declared import GeoidHeights
from keepclear.deconflict.rulebook import MEETING_RULE, Rulebook
from keepclear.deconflict.zones import Restrictions
from keepclear.model.agreement import Agreement
from keepclear.model.answer import Doubt, DoubtKind
from keepclear.model.operation import Mode, Operation
from keepclear.model.volume import Circle, positions_of
from keepclear.services.doubting import Doubting
from keepclear.services.frame import Frame

NO_NOTICES = Notices(0, None, frozenset())


class Judge:
    """One version of an agreement with the airspace declared beside it.

    Attributes:
        agreement: the version, binding for as long as none took its place, with the
            boundaries and airfields that were declared besides.
        restrictions: zones, airfields and boundaries.
        rulebook: its separation rules.
    """

    def __init__(self, agreement: Agreement, frame: Frame, *, geoid: GeoidHeights) -> None:
        known = {b.id for b in agreement.boundaries} | {f.id for f in agreement.airfields}
        self.agreement = replace(
            agreement,
            boundaries=agreement.boundaries
            + tuple(each for each in frame.boundaries if each.id not in known),
            airfields=agreement.airfields
            + tuple(each for each in frame.airfields if each.id not in known),
        )
        self.restrictions = Restrictions(self.agreement, frame.zones, geoid=geoid)
        self.rulebook = Rulebook(self.agreement, geoid=geoid)
        self._frame = frame
        self._area = Shape(agreement.area)
        self._released: dict[str, Released] = {}

    def binds(self, party: str) -> bool:
        """Tell whether a party signed it."""
        return self.agreement.party(party) is not None

    def doubting(
        self, parties: Sequence[str], notices: Mapping[str, Notices], *, now: datetime
    ) -> Doubting:
        """The doubts about what these other parties released."""
        released = [
            self._of(party).with_notices(notices.get(party, NO_NOTICES)) for party in parties
        ]
        return Doubting(self.agreement, released, now=now, area=self._area)

    def _of(self, party: str) -> Released:
        known = self._released.get(party)
        if known is None:
            known = Released(party, NO_NOTICES, self._frame.coverages_of(party))
            self._released[party] = known
        return known


class Judges:
    """Every agreement of a frame, made ready once.

    Attributes:
        frame: what they were made of.
        all: one for each version of each agreement.
    """

    def __init__(self, frame: Frame, *, geoid: GeoidHeights) -> None:
        self.frame = frame
        self._geoid = geoid
        self.all = tuple(Judge(each, frame, geoid=geoid) for each in frame.agreements)

    def of(self, operation: Operation) -> tuple[Judge, ...]:
        """Those that bind the operation's party in its time; empty for none."""
        window = operation.window
        return tuple(
            judge
            for judge in self.all
            if judge.binds(operation.party) and judge.agreement.valid.gap_s(window) <= 0.0
        )

    def without_agreement(self, operation: Operation) -> Judge:
        """One that knows no rule: only whether volumes meet, and the declared airspace."""
        return Judge(unagreed(operation), self.frame, geoid=self._geoid)


def unagreed(operation: Operation) -> Agreement:
    """The agreement there is where none was made: volumes must not meet."""
    first = positions_of(operation.volumes[0].footprint)[0]
    return Agreement(
        id="none",
        title="no agreement",
        version=1,
        mode=Mode(operation.mode),
        parties=(),
        area=Circle(first, 1.0),
        valid=operation.window,
        rules=(MEETING_RULE,),
    )


def shared_out(
    operation: Operation, judges: Sequence[Judge], others: Sequence[str]
) -> tuple[tuple[Judge, tuple[str, ...]], ...]:
    """Which judge speaks of which other parties: of each party all agreements it signed too.

    A party that signed none of them, and our own, fall to the first agreement.
    """
    found: list[tuple[Judge, tuple[str, ...]]] = []
    for place, judge in enumerate(judges):
        theirs = [party for party in others if judge.binds(party)]
        if place == 0:
            theirs += [p for p in others if not any(each.binds(p) for each in judges)]
            theirs.append(operation.party)
        found.append((judge, tuple(dict.fromkeys(theirs))))
    return tuple(found)


def no_agreement_doubt(party: str) -> Doubt:
    """The doubt of an operation that no agreement binds."""
    return Doubt(
        DoubtKind.OUTSIDE_AGREEMENT,
        f"no agreement that {party} signed is in force in the time of the operation",
        "File the agreement, or agree one; until then only meeting is looked for.",
    )
