"""Zones as volumes: which of them an operation's volumes touch, and which wholly hold them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from keepclear.deconflict.containment import Shape
from keepclear.deconflict.declared import GeoidHeights
from keepclear.deconflict.index import LiveIndex, Snapshot
from keepclear.deconflict.packing import PackedVolumes, pack_volumes
from keepclear.deconflict.pairs import Minima
from keepclear.geometry.heights import SURFACE_QFE
from keepclear.model.agreement import Agreement, Atmosphere
from keepclear.model.operation import Uncertainty
from keepclear.model.volume import Volume
from keepclear.model.window import Window
from keepclear.model.zone import Zone

MEETING = Minima(0.0, 0.0, 0.0)
"""Nothing but contact is asked about."""


class Airspace:
    """Zones made ready to be compared with packed volumes.

    Attributes:
        zones: in the order given.
        packed: one volume for each zone and window; `operation` is the zone's index.
    """

    def __init__(
        self,
        zones: Sequence[Zone],
        always: Window,
        *,
        geoid: GeoidHeights,
        atmosphere: Atmosphere,
    ) -> None:
        self.zones = tuple(zones)
        windows = [(row, w) for row, zone in enumerate(zones) for w in zone.windows or (always,)]
        self.packed = pack_volumes(
            [Volume(zones[row].footprint, zones[row].band, window) for row, window in windows],
            [window for _, window in windows],
            [Uncertainty()] * len(windows),
            [row for row, _ in windows],
            geoid=geoid,
            atmosphere=atmosphere,
        )
        self._index = LiveIndex()
        self._index.add(self.packed, len(zones))

    @classmethod
    def of_rules(cls, agreement: Agreement, geoid: GeoidHeights) -> Airspace:
        """The zones that separation rules name."""
        named = {rule.zone for rule in agreement.rules}
        zones = [zone for zone in agreement.zones if zone.id in named]
        return cls(zones, agreement.valid, geoid=geoid, atmosphere=agreement.atmosphere)

    @cached_property
    def snapshot(self) -> Snapshot:
        """The zones as an index."""
        return self._index.snapshot()

    @cached_property
    def _shapes(self) -> tuple[Shape, ...]:
        return tuple(Shape(zone.footprint) for zone in self.zones)

    def touched(self, packed: PackedVolumes, v: int) -> frozenset[str]:
        """Ids of zones that volume v meets, or may meet where references differ."""
        if not self.zones:
            return frozenset()
        rows, _ = self.snapshot.operations_meeting(packed, v, v + 1, MEETING)
        return frozenset(self.zones[row].id for row in rows)

    def holding(
        self, packed: PackedVolumes, v: int, among: frozenset[str] | None = None
    ) -> frozenset[str]:
        """Ids of zones in which volume v wholly lies, in area, height and time, for certain.

        Args:
            packed, v: the volume.
            among: ids of the zones asked about, where it is known that no other holds it.
        """
        rows = self.packed.facts["operation"].tolist()
        return frozenset(
            self.zones[row].id
            for w, row in enumerate(rows)
            if (among is None or self.zones[row].id in among)
            and _within_window(packed, v, self.packed, w)
            and _within_band(packed, v, self.packed, w)
            and self._shapes[row].holds(packed, v)
        )


def _within_window(ours: PackedVolumes, v: int, theirs: PackedVolumes, w: int) -> bool:
    one, other = ours.facts[v], theirs.facts[w]
    return bool(other["start_s"] <= one["start_s"] and one["end_s"] <= other["end_s"])


def _within_band(ours: PackedVolumes, v: int, theirs: PackedVolumes, w: int) -> bool:
    one, other = ours.facts[v], theirs.facts[w]
    vague_m = float(one["vertical_uncertainty_m"])
    if one["lower_surface"] == other["lower_surface"] != SURFACE_QFE:
        below = other["lower_m"] <= one["lower_m"] - vague_m
    else:
        below = other["lower_high_m"] <= one["lower_low_m"] - vague_m
    if one["upper_surface"] == other["upper_surface"] != SURFACE_QFE:
        above = one["upper_m"] + vague_m <= other["upper_m"]
    else:
        above = one["upper_high_m"] + vague_m <= other["upper_low_m"]
    return bool(below and above)
