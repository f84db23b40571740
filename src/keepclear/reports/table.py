"""The check's answer in a terminal: plain words first, colour only beside them.

Every text is put together from `rich.text.Text`, never from markup, and texts of others
are made inert: a designator can neither colour nor move anything.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from keepclear.model.answer import Answer, CheckReport, Conflict, Verdict
from keepclear.ports.world import Gazetteer
from keepclear.reports.details import detail_blocks
from keepclear.reports.ranking import (
    Order,
    counts_of,
    coverage_by_party,
    numbered_conflicts,
    ordered,
    worst_conflict,
)
from keepclear.reports.wording import (
    INFRINGEMENT,
    MARKS,
    among_words,
    answer_words,
    date_time_group,
    day_time,
    gap_words,
    height_gap_words,
    overall_words,
    plain,
    verdict_words,
)

MOST_ROWS = 50
"""Operations listed in a terminal; the JSON has all."""
MOST_BLOCKS = 20
"""Conflicts told at length in a terminal; the JSON has all."""
NARROW = 72
"""Below so many columns the table becomes a list."""
WIDE = 110
"""From so many columns on kilometres and metres stand in the table as well."""
STYLES = {
    Verdict.CONFLICT: "bold red",
    Verdict.CANNOT_SAY: "bold yellow",
    Verdict.NO_CONFLICT_FOUND: "",
}
"""No answer is ever green."""


class CheckTable:
    """A check as a terminal shows it: print it on a rich console of any width.

    NO_COLOR and the width are the console's business; words and marks carry the meaning.
    """

    def __init__(
        self,
        report: CheckReport,
        *,
        gazetteer: Gazetteer | None = None,
        order: Order = Order.WORST_FIRST,
        most_rows: int = MOST_ROWS,
        most_blocks: int = MOST_BLOCKS,
    ) -> None:
        """Prepare the table.

        Args:
            report: the check.
            gazetteer: says positions in words; None leaves that out.
            order: of the operations.
            most_rows: operations listed before "… and N more".
            most_blocks: conflicts told at length before "… and N more".
        """
        self._report = report
        self._gazetteer = gazetteer
        self._answers = ordered(report, order)
        self._most_rows = most_rows
        self._most_blocks = most_blocks

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Give rich the parts, chosen for the width at hand."""
        del console
        yield from self._head(options.max_width)
        yield from self._overview(options.max_width)
        yield from detail_blocks(self._report, self._gazetteer, self._most_blocks)
        yield from self._foot()

    def _head(self, width: int) -> Iterator[Text]:
        report = self._report
        mode = report.mode.value
        rest = (
            f"{plain(report.agreement_id, 30)} v{report.agreement_version} "
            f"{report.agreement_digest[:12]} | now {date_time_group(report.now)} | {mode}"
        )
        whole = f"{mode} | agreement {rest}"
        yield Text(whole if len(whole) <= width else f"{mode} | {rest}", style="bold")
        for among in coverage_by_party(report):
            yield Text(among_words(among))
        yield Text()

    def _overview(self, width: int) -> Iterator[RenderableType]:
        shown = self._answers[: self._most_rows]
        if width < NARROW:
            yield from (_line(answer) for answer in shown)
        elif shown:
            yield _table(shown, metric=width >= WIDE)
        else:
            yield Text("No operation was checked.")
        if left_out := len(self._answers) - len(shown):
            yield Text(f"… and {left_out:,} more (all in --json)")

    def _foot(self) -> Iterator[Text]:
        report, counts = self._report, counts_of(self._report)
        pairs = len(numbered_conflicts(report))
        yield Text()
        foot = Text(f"Operations {counts.operations:,}: ")
        for words, verdict, count in (
            (verdict_words(Verdict.CONFLICT), Verdict.CONFLICT, counts.conflict),
            (INFRINGEMENT, Verdict.CONFLICT, counts.infringing),
            (verdict_words(Verdict.CANNOT_SAY), Verdict.CANNOT_SAY, counts.cannot_say),
            (
                verdict_words(Verdict.NO_CONFLICT_FOUND),
                Verdict.NO_CONFLICT_FOUND,
                counts.no_conflict_found,
            ),
        ):
            foot.append(f"{count:,} {words}", STYLES[verdict] if count else "")
            foot.append(", " if verdict is not Verdict.NO_CONFLICT_FOUND else ". ")
        foot.append(
            f"Pairs {pairs:,}, infringements {counts.infringements:,}, "
            f"findings {counts.findings:,}, left out {counts.rejected:,}."
        )
        yield foot
        overall = Text("Overall: ")
        overall.append(overall_words(report), STYLES[report.overall])
        overall.append(f". Advisory only, no permission. {report.mode.value}")
        yield overall


def _table(answers: tuple[Answer, ...], *, metric: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold")
    table.add_column("Operation", max_width=14, overflow="fold")
    table.add_column("Answer", min_width=20, no_wrap=True)
    table.add_column("With", max_width=22 if metric else 13, overflow="fold")
    table.add_column("When", min_width=7, no_wrap=True)
    table.add_column("By how much", min_width=13)
    table.add_column("Rule", max_width=12, overflow="fold")
    for answer in answers:
        conflict = worst_conflict(answer)
        table.add_row(
            Text(plain(answer.operation.designator, 40)),
            _answer(answer),
            Text(_with(answer, conflict)),
            Text(_when(answer, conflict)),
            Text("" if conflict is None else _how_much(conflict, metric=metric)),
            Text("" if conflict is None else plain(conflict.rule_id, 24)),
        )
    return table


def _answer(answer: Answer) -> Text:
    return Text(f"{MARKS[answer.overall]} {answer_words(answer)}", STYLES[answer.overall])


def _with(answer: Answer, conflict: Conflict | None) -> str:
    """The worst counterpart, or the airspace, and how many more there are."""
    if conflict is not None:
        name = plain(conflict.theirs.designator, 24)
    elif answer.infringements:
        first = answer.infringements[0]
        name = plain(first.airspace_name or first.airspace_id, 40)
    else:
        return ""
    more = len(answer.conflicts) + len(answer.infringements) - 1
    return f"{name} +{more}" if more else name


def _when(answer: Answer, conflict: Conflict | None) -> str:
    if conflict is not None:
        span = conflict.span
    elif answer.infringements:
        span = answer.infringements[0].span
    else:
        return ""
    return f"{day_time(span.start)}\n{day_time(span.end)}"


def _how_much(conflict: Conflict, *, metric: bool) -> str:
    separations = conflict.separations
    height = height_gap_words(
        separations.vertical_low_m, separations.vertical_high_m, metric=metric
    )
    return f"{gap_words(separations.lateral_m, metric=metric)}\n{height}"


def _line(answer: Answer) -> RenderableType:
    """One operation on a narrow terminal."""
    conflict = worst_conflict(answer)
    text = Text(f"{plain(answer.operation.designator, 40)}: ")
    text.append_text(_answer(answer))
    if not (told := _with(answer, conflict)):
        return text
    parts = [f"with {told}", _when(answer, conflict).replace("\n", " to ")]
    if conflict is not None:
        parts.append(_how_much(conflict, metric=False).replace("\n", ", "))
        parts.append(plain(conflict.rule_id, 24))
    return Group(text, Padding(Text(", ".join(parts)), (0, 0, 0, 2), expand=False))
