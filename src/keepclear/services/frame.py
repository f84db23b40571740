"""What operations are judged by: agreements, declared airspace, coverage statements.

Few things, changed seldom, read from the store as one immutable whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from keepclear.formats.agreement import read_agreement
from keepclear.formats.documents.airspace import stored_airfield, stored_boundary, stored_zone
from keepclear.formats.documents.coverage import stored_coverage
from keepclear.model.agreement import Agreement, Atmosphere
from keepclear.model.coverage import Coverage
from keepclear.model.node import Subject
from keepclear.model.window import Window
from keepclear.model.zone import Airfield, Boundary, Zone
from keepclear.ports.store import Declaration, View

FRAME_SUBJECTS = frozenset(
    {Subject.ZONE, Subject.BOUNDARY, Subject.AIRFIELD, Subject.COVERAGE, Subject.AGREEMENT}
)
"""A change of any of these makes a new frame."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What operations are judged by, at one moment.

    Attributes:
        agreements: every live version, by id and version.
        zones: declared by any party, beside those the agreements hold.
        boundaries: likewise.
        airfields: likewise.
        coverages: statements by party.
    """

    agreements: tuple[Agreement, ...] = ()
    zones: tuple[Zone, ...] = ()
    boundaries: tuple[Boundary, ...] = ()
    airfields: tuple[Airfield, ...] = ()
    coverages: Mapping[str, tuple[Coverage, ...]] | None = None

    @property
    def atmosphere(self) -> Atmosphere:
        """The widest bounds of the air that any agreement reckons with."""
        every = [agreement.atmosphere for agreement in self.agreements] or [Atmosphere()]
        return Atmosphere(
            min(each.qnh_low_hpa for each in every),
            max(each.qnh_high_hpa for each in every),
            min(each.temperature_low_c for each in every),
            max(each.temperature_high_c for each in every),
        )

    def coverages_of(self, party: str) -> tuple[Coverage, ...]:
        """A party's statements; empty where it made none."""
        return (self.coverages or {}).get(party, ())

    def agreements_of(self, party: str, window: Window) -> tuple[Agreement, ...]:
        """The agreements that a party signed and that bind at some moment of a window."""
        return tuple(
            agreement
            for agreement in self.agreements
            if agreement.party(party) is not None and agreement.valid.gap_s(window) <= 0.0
        )


def read_frame(view: View) -> Frame:
    """Read everything that operations are judged by; each version binds in its own time."""
    coverages: dict[str, list[Coverage]] = {}
    for declaration in view.declarations(Subject.COVERAGE):
        coverages.setdefault(declaration.party, []).append(stored_coverage(declaration.body)[1])
    return Frame(
        agreements=in_their_time([agreement_of(d) for d in view.declarations(Subject.AGREEMENT)]),
        zones=tuple(stored_zone(d.body) for d in view.declarations(Subject.ZONE)),
        boundaries=tuple(stored_boundary(d.body) for d in view.declarations(Subject.BOUNDARY)),
        airfields=tuple(stored_airfield(d.body) for d in view.declarations(Subject.AIRFIELD)),
        coverages={party: tuple(each) for party, each in coverages.items()},
    )


def agreement_of(declaration: Declaration) -> Agreement:
    """The agreement that a declaration holds as text."""
    return read_agreement(declaration.body, name=declaration.id)


def in_their_time(versions: Sequence[Agreement]) -> tuple[Agreement, ...]:
    """Each version for as long as no higher version of the same agreement takes its place.

    A version that is wholly overtaken is left out.
    """
    kept: list[Agreement] = []
    ordered = sorted(versions, key=lambda each: (each.id, each.version))
    for _, group in groupby(ordered, key=lambda each: each.id):
        same = list(group)
        for place, version in enumerate(same):
            starts = (later.valid.start for later in same[place + 1 :])
            until = min(starts, default=version.valid.end)
            until = min(until, version.valid.end)
            if until > version.valid.start:
                kept.append(replace(version, valid=Window(version.valid.start, until)))
    return tuple(kept)
