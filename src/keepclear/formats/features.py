"""Features put together: one operation may be several of them, and none is half taken.

GeoJSON and KML readers hand their features over one by one; what they become is decided
here, in one way for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from keepclear.errors import InvalidFile, InvalidInput, InvalidOperation, ModeMismatch
from keepclear.formats.drawn_volumes import Shape
from keepclear.formats.properties import (
    Defaults,
    Identity,
    coverage_of,
    identities_of,
    kind_of,
    mode_of,
    operation_of,
    volume_count_of,
    zone_of,
)
from keepclear.formats.property_values import UNPORTABLE, Values, advice, quoted
from keepclear.formats.reading import Reading
from keepclear.model.coverage import Coverage
from keepclear.model.operation import Mode, Operation, Source, SourceKind
from keepclear.model.plan_set import PlanSet
from keepclear.model.zone import Zone

_SHARED_FIELDS = tuple(
    each.name for each in fields(Operation) if each.name not in ("volumes", "source")
)
_PROPERTY_NAMES = {"operation_class": "class", "uncertainty": "uncertainty_lateral_m / _vertical_m"}


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature as its format gives it.

    Attributes:
        place: where it stands in the file ("feature 3").
        properties: what it states.
        drawn: what it draws; or what the format's reader already found wrong with it.
    """

    place: str
    properties: Mapping[str, Any]
    drawn: Shape | InvalidInput


def file_defaults(stated: Mapping[str, Any], profile: str, reading: Reading) -> Defaults:
    """What holds for all features of a file: its own statement first, then the reading's.

    Args:
        stated: `profile`, `mode` and `party` as the file states them; all may be absent.
        profile: the profile this reader understands.
        reading: what the caller said.

    Raises:
        InvalidFile: another profile, an unknown mode or property.
    """
    values = Values(stated)
    try:
        values.require_known(("profile", "mode", "party"), "the file's own statement")
        if values.has("profile") and (found := values.name("profile")) != profile:
            raise InvalidOperation(
                f"the profile {quoted(found)} is not {profile}", remedy=advice(found, [profile])
            )
        stated_mode = values.choice("mode", Mode) if values.has("mode") else None
        return Defaults(
            party=values.name("party") or reading.party,
            mode=stated_mode or reading.mode,
            received_at=reading.received_at,
            is_mode_stated=stated_mode is not None,
        )
    except InvalidInput as error:
        raise reading.refuse(error.message, remedy=error.remedy) from error


def plan_set_of(features: Iterable[Feature], defaults: Defaults, reading: Reading) -> PlanSet:
    """The operations, coverage statements and zones that features make together.

    Raises:
        InvalidFile: a feature is invalid and `reading.skip_invalid` is off; or the
            features' source finds the file itself broken.
        ModeMismatch: EXERCISE and REAL stand in one file.
    """
    gathering = _Gathering(defaults, reading)
    for feature in features:
        gathering.take(feature)
    return gathering.finish()


@dataclass(slots=True)
class _Part:
    """One volume of an operation, still alone."""

    number: int
    place: str
    operation: Operation
    volume_count: int | None


@dataclass(slots=True)
class _Gathering:
    defaults: Defaults
    reading: Reading
    number: int = 0
    mode: tuple[Mode, str] | None = None
    parts: dict[tuple[str, str], list[_Part]] = field(default_factory=dict)
    ids: dict[str, _Part] = field(default_factory=dict)
    spoiled: dict[Identity, str] = field(default_factory=dict)
    coverages: list[Coverage] = field(default_factory=list)
    zones: dict[str, tuple[Zone, str]] = field(default_factory=dict)
    rejected: list[tuple[int, InvalidFile]] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    def take(self, feature: Feature) -> None:
        """Take one feature in, or refuse it."""
        self.number += 1
        values = Values(feature.properties)
        place = _labelled(feature.place, values)
        self._require_one_mode(values, place)
        kind = ""
        try:
            kind = kind_of(values)
            mode_of(values, self.defaults)
            if isinstance(feature.drawn, InvalidInput):
                raise feature.drawn
            self._take_kind(kind, values, feature.drawn, place)
        except InvalidInput as error:
            if kind not in ("coverage", "zone"):
                for identity in identities_of(values, self.defaults):
                    self.spoiled.setdefault(identity, place)
            self._refuse(self.number, place, error)

    def finish(self) -> PlanSet:
        """Join the volumes of each operation and give out everything."""
        operations = [self._joined(parts) for parts in self.parts.values()]
        self.rejected.sort(key=lambda numbered: numbered[0])
        return PlanSet(
            operations=tuple(operation for operation in operations if operation is not None),
            coverages=tuple(self.coverages),
            zones=tuple(zone for zone, _ in self.zones.values()),
            rejected=tuple(fault for _, fault in self.rejected),
            mode=self.mode[0] if self.mode else self.defaults.mode,
        )

    def _take_kind(self, kind: str, values: Values, shape: Shape, place: str) -> None:
        match kind:
            case "coverage":
                self.coverages.append(coverage_of(values, shape, self.defaults))
            case "zone":
                zone = zone_of(values, shape)
                if zone.id in self.zones:
                    raise InvalidOperation(
                        f"{self.zones[zone.id][1]} has the same zone id {quoted(zone.id)}",
                        remedy="Give each zone its own id.",
                    )
                self.zones[zone.id] = (zone, place)
            case _:
                source = Source(SourceKind.FILE, self.reading.name, place)
                operation = operation_of(values, shape, self.defaults, source)
                part = _Part(self.number, place, operation, volume_count_of(values))
                key = (operation.party, operation.designator)
                others = self.parts.setdefault(key, [])
                others.append(part)
                self._require_agreement(part, others[0])

    def _require_agreement(self, part: _Part, first: _Part) -> None:
        """Refuse a volume whose operation says something else than in its first feature."""
        if part.volume_count != first.volume_count:
            raise _disagreement("volume_count", first.place)
        for name in _SHARED_FIELDS:
            if getattr(part.operation, name) != getattr(first.operation, name):
                raise _disagreement(_PROPERTY_NAMES.get(name, name), first.place)
        other = self.ids.setdefault(part.operation.id, first)
        if other is not first:
            self.spoiled.setdefault((None, part.operation.id), part.place)
            raise InvalidOperation(
                f"{other.place} has the same id {part.operation.id}",
                remedy="Give each operation its own id, or leave it out to have one derived.",
            )

    def _joined(self, parts: list[_Part]) -> Operation | None:
        first = parts[0]
        if self._is_spoiled(parts):
            return None
        if first.volume_count is not None and first.volume_count != len(parts):
            fault = InvalidOperation(
                f"volume_count says {first.volume_count}, but {len(parts)} features of the "
                f"file carry the designator {quoted(first.operation.designator)}",
                remedy="Add the missing volume, or correct volume_count in each feature.",
            )
            for part in parts:
                self._refuse(part.number, part.place, fault)
            return None
        if len(parts) == 1:
            return first.operation
        more = f"{first.place} and {len(parts) - 1} more"
        return replace(
            first.operation,
            volumes=tuple(part.operation.volumes[0] for part in parts),
            source=replace(first.operation.source, feature=more),
        )

    def _is_spoiled(self, parts: list[_Part]) -> bool:
        """Tell whether a refused feature belongs to this operation; refuse the others too."""
        operation = parts[0].operation
        names = (operation.party, None)
        keys = [*((party, operation.designator) for party in names), (None, operation.id)]
        culprit = next((self.spoiled[key] for key in keys if key in self.spoiled), None)
        if culprit is None:
            return False
        for part in parts:
            if part.number not in self.refused:
                self._refuse(part.number, part.place, _left_out(culprit))
        return True

    def _require_one_mode(self, values: Values, place: str) -> None:
        try:
            mode = mode_of(values, self.defaults)
        except InvalidInput:
            return  # its own fault, found again when the feature is taken
        if self.mode is None:
            stated = self.defaults.mode if self.defaults.is_mode_stated else None
            self.mode = (stated or mode, "the file" if stated else place)
        if mode is not self.mode[0]:
            raise ModeMismatch(
                f"{self.reading.name}: {place} is {mode}, {self.mode[1]} is {self.mode[0]}"
            )

    def _refuse(self, number: int, place: str, error: InvalidInput) -> None:
        fault = self.reading.refuse(error.message, feature=place, remedy=error.remedy)
        if not self.reading.skip_invalid:
            raise fault from error
        self.rejected.append((number, fault))
        self.refused.add(number)


def _labelled(place: str, values: Values) -> str:
    for name in ("designator", "id"):
        label = values.given.get(name)
        if isinstance(label, str) and 0 < len(label) <= 64 and not UNPORTABLE.search(label):
            return f"{place} ({' '.join(label.split())})"
    return place


def _disagreement(name: str, place: str) -> InvalidOperation:
    return InvalidOperation(
        f"{name} is not the same as in {place}, which speaks of the same operation",
        remedy="Make all features of one operation agree, or give them different designators.",
    )


def _left_out(place: str) -> InvalidOperation:
    return InvalidOperation(
        f"left out, because {place} of the same operation is invalid",
        remedy=f"Correct {place}; an operation is taken whole or not at all.",
    )
