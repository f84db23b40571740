"""An agreement as tables for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table

from keepclear.formats.quantities import duration_text, length_text
from keepclear.model.agreement import Agreement, SeparationRule, SizeLimit
from keepclear.model.window import Window
from keepclear.model.zone import Airfield, Boundary, Zone
from keepclear.reports.wording import band_words, date_time_group, plain
from keepclear.units import feet


def print_agreement(agreement: Agreement, console: Console) -> None:
    """Print what an agreement says; the mode word stands first and last."""
    console.print(f"{agreement.mode}  agreement {plain(agreement.id)}, version {agreement.version}")
    for name, words in _head(agreement):
        console.print(f"{name:<13}{words}")
    for title, columns, rows in (
        ("Rules", ("id", "lateral", "vertical", "time", "binds"), map(_rule, agreement.rules)),
        ("Zones", ("id", "name", "kind", "heights", "entry", "when"), map(_zone, agreement.zones)),
        ("Boundaries", ("id", "name", "keeps to"), map(_boundary, agreement.boundaries)),
        ("Airfields", ("id", "name", "of", "ring", "heights"), map(_airfield, agreement.airfields)),
        ("Limits of a notice", ("for", "at most"), map(_limit, agreement.size_limits)),
    ):
        _print_table(console, title, columns, list(rows))
    console.print(f"{agreement.mode}")


def _head(agreement: Agreement) -> Iterable[tuple[str, str]]:
    yield "title", plain(agreement.title)
    yield (
        "parties",
        ", ".join(f"{plain(p.id)} ({plain(p.name)}, {p.kind})" for p in agreement.parties),
    )
    yield "valid", _when((agreement.valid,))
    yield "disclosure", f"{agreement.default_level.name} where nothing else is agreed"
    yield "coverage", f"fresh for {duration_text(agreement.coverage_max_age_s)}"
    yield "digest", agreement.digest
    for lead in agreement.lead_times:
        whom = _whom(lead.operation_class, lead.precedence)
        yield "lead time", f"{duration_text(lead.minimum_s)} for {whom}"


def _print_table(
    console: Console, title: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]
) -> None:
    if not rows:
        console.print(f"\n{title}: none")
        return
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(plain(cell) for cell in row))
    console.print()
    console.print(table)


def _rule(rule: SeparationRule) -> tuple[str, ...]:
    binds = [
        "any two" if rule.classes is None else " and ".join(rule.classes),
        *([f"of {' and '.join(rule.parties)}"] if rule.parties else []),
        *([f"in {rule.zone}"] if rule.zone else []),
        *([f"in place of {', '.join(rule.replaces)}"] if rule.replaces else []),
    ]
    return (
        rule.id,
        length_text(rule.lateral_m),
        _height(rule.vertical_m),
        duration_text(rule.min_time_s),
        ", ".join(binds),
    )


def _zone(zone: Zone) -> tuple[str, ...]:
    heights = band_words(zone.band)
    return zone.id, zone.name, str(zone.kind), heights, str(zone.entry), _when(zone.windows)


def _boundary(boundary: Boundary) -> tuple[str, ...]:
    sides = "; ".join(
        f"{rule.party} {rule.keeps_to}, crossing {rule.crossing}" for rule in boundary.rules
    )
    return boundary.id, boundary.name, sides


def _airfield(airfield: Airfield) -> tuple[str, ...]:
    ring = length_text(airfield.ring_radius_m)
    return airfield.id, airfield.name, airfield.party, ring, band_words(airfield.ring_band)


def _limit(limit: SizeLimit) -> tuple[str, ...]:
    parts = [
        f"{length_text(limit.extent_m)} across" if limit.extent_m is not None else "",
        f"{_height(limit.thickness_m)} high" if limit.thickness_m is not None else "",
        f"{duration_text(limit.duration_s)} long" if limit.duration_s is not None else "",
        f"tolerance {duration_text(limit.tolerance_s)}" if limit.tolerance_s is not None else "",
    ]
    return _whom(limit.operation_class, limit.precedence), ", ".join(filter(None, parts))


def _height(height_m: float) -> str:
    return f"{feet(height_m):,.0f} ft ({height_m:,.0f} m)"


def _whom(operation_class: str | None, precedence: str | None) -> str:
    return ", ".join(filter(None, (operation_class, precedence))) or "all"


def _when(windows: Sequence[Window]) -> str:
    spans = (f"{date_time_group(w.start)} to {date_time_group(w.end)}" for w in windows)
    return "; ".join(spans) or "always"
