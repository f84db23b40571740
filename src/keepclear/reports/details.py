"""The blocks under the terminal's table: each conflict at length, then all the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from keepclear.model.answer import Answer, CheckReport, Conflict, Doubt, Infringement, Verdict
from keepclear.ports.world import Gazetteer
from keepclear.reports.place import place_words
from keepclear.reports.ranking import (
    Numbered,
    grouped_doubts,
    infringements_of,
    numbered_conflicts,
)
from keepclear.reports.wording import (
    MARKS,
    duration_words,
    gap_words,
    height_gap_words,
    infringement_words,
    least_distance_words,
    least_height_words,
    plain,
    span_words,
    suggestion_words,
    time_gap_words,
    verdict_words,
)

_TONES = {Verdict.CONFLICT: "bold red", Verdict.CANNOT_SAY: "bold yellow"}


def detail_blocks(
    report: CheckReport, gazetteer: Gazetteer | None, most: int
) -> Iterator[RenderableType]:
    """Everything that follows the table; each kind ends honestly where it is cut."""
    conflicts = numbered_conflicts(report)
    for numbered in conflicts[:most]:
        yield from _conflict(numbered, gazetteer)
    yield from _more(conflicts, most, "conflicts")
    yield from _infringements(infringements_of(report), gazetteer, most)
    yield from _findings(report, most)
    yield from _doubts(grouped_doubts(report), most)
    yield from _suggestions(report, most)
    yield from _rejected(report, most)


def _more(things: Sequence[object], most: int, name: str) -> Iterator[Text]:
    if len(things) > most:
        yield Text(f"… and {len(things) - most:,} more {name} (all in --json)")


def _title(mark: str, words: str, style: str, rest: str) -> Text:
    title = Text("\n")
    title.append(f"{mark} {words}", style)
    title.append(f" {rest}")
    return title


def _block(lines: Iterable[tuple[str, str]]) -> Padding:
    """Named values, wrapped under themselves."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in lines:
        if value:
            grid.add_row(Text(f"{name}:"), Text(value))
    return Padding(grid, (0, 0, 0, 3), expand=False)


def _indented(words: str, by: int = 3) -> Padding:
    return Padding(Text(words), (0, 0, 0, by), expand=False)


def _conflict(numbered: Numbered, gazetteer: Gazetteer | None) -> Iterator[RenderableType]:
    conflict = numbered.conflict
    ours = f"{plain(conflict.ours.designator, 40)} {plain(conflict.ours.party, 24)}"
    theirs = f"{plain(conflict.theirs.designator, 40)} {plain(conflict.theirs.party, 24)}"
    words = f"{numbered.label} {verdict_words(conflict.verdict)}"
    style = _TONES.get(conflict.verdict, "")
    yield _title(MARKS[conflict.verdict], words, style, f"{ours} and {theirs}")
    separations = conflict.separations
    lateral = gap_words(separations.lateral_m)
    if separations.lateral_uncertainty_m > 0.0:
        lateral += f" ± {separations.lateral_uncertainty_m:,.0f} m"
    vertical = height_gap_words(separations.vertical_low_m, separations.vertical_high_m)
    asks_m, asks_up_m = separations.lateral_minimum_m, separations.vertical_minimum_m
    asks_s = separations.time_minimum_s
    time_asked = _asks(duration_words(asks_s), asks_s)
    rule = plain(conflict.rule_id, 40)
    yield _block(
        (
            ("why", plain(conflict.reason, 600)),
            ("when", f"{span_words(conflict.span)} ({duration_words(conflict.span.duration_s)})"),
            *_places(conflict, gazetteer),
            ("lateral", f"{lateral}; {rule} asks {_asks(least_distance_words(asks_m), asks_m)}"),
            ("vertical", f"{vertical}; asks {_asks(least_height_words(asks_up_m), asks_up_m)}"),
            ("time", f"{time_gap_words(separations.time_s)}; asks {time_asked}"),
        )
    )


def _asks(words: str, asked: float) -> str:
    return words if asked > 0.0 else "not to meet"


def _places(conflict: Conflict, gazetteer: Gazetteer | None) -> Iterator[tuple[str, str]]:
    if conflict.our_closest == conflict.their_closest:
        yield "where", place_words(conflict.our_closest, gazetteer)
        return
    yield "ours at", place_words(conflict.our_closest, gazetteer)
    yield "theirs at", place_words(conflict.their_closest, gazetteer)


def _infringements(
    found: Sequence[tuple[Answer, Infringement]], gazetteer: Gazetteer | None, most: int
) -> Iterator[RenderableType]:
    for index, (answer, one) in enumerate(found[:most]):
        words = infringement_words(one)
        place = plain(one.airspace_name or one.airspace_id, 60)
        rest = f"{plain(answer.operation.designator, 40)} in {place} ({one.airspace.value})"
        label = f"I{index + 1} {words}"
        yield _title(MARKS[one.verdict], label, _TONES.get(one.verdict, ""), rest)
        yield _block(
            (
                ("why", plain(one.reason, 600)),
                ("when", span_words(one.span)),
                ("where", place_words(one.place, gazetteer)),
                ("call", plain(one.contact, 120)),
            )
        )
    yield from _more(found, most, "infringements")


def _findings(report: CheckReport, most: int) -> Iterator[RenderableType]:
    found = [(answer, finding) for answer in report.answers for finding in answer.findings]
    if found:
        yield Text("\nFindings on notices", style="bold")
    for answer, one in found[:most]:
        where = "" if one.volume is None else f", volume {one.volume + 1}"
        name = plain(answer.operation.designator, 40)
        words = f"{name}{where}: {one.kind.value}. {plain(one.reason, 600)}"
        yield _indented(words)
    yield from _more(found, most, "findings")


def _doubts(groups: Sequence[tuple[Doubt, list[str]]], most: int) -> Iterator[RenderableType]:
    if groups:
        yield Text("\nWhy keepclear cannot say, and what would help", style="bold")
    for doubt, names in groups[:most]:
        few = ", ".join(plain(name, 24) for name in names[:6])
        more = f" and {len(names) - 6:,} more" if len(names) > 6 else ""
        yield _indented(f"{doubt.kind.value}: {plain(doubt.reason, 600)}")
        yield _indented(f"remedy: {plain(doubt.remedy, 600)}", 5)
        yield _indented(f"touches {few}{more}", 5)
    yield from _more(groups, most, "doubts")


def _suggestions(report: CheckReport, most: int) -> Iterator[RenderableType]:
    found = [answer for answer in report.answers if answer.suggestions]
    if found:
        yield Text("\nSuggestions, one change alone each", style="bold")
    for answer in found[:most]:
        yield _indented(plain(answer.operation.designator, 40))
        for one in answer.suggestions:
            yield _indented(suggestion_words(one), 5)
    yield from _more(found, most, "operations with suggestions")


def _rejected(report: CheckReport, most: int) -> Iterator[RenderableType]:
    if report.rejected:
        yield Text("\nFeatures left out of the check", style="bold")
    for one in report.rejected[:most]:
        place = ", ".join(part for part in (plain(one.file, 60), plain(one.feature, 60)) if part)
        yield _indented(f"{place}: {plain(one.message, 600)}")
        yield _indented(f"remedy: {plain(one.remedy, 600)}", 5)
    yield from _more(report.rejected, most, "features")
