"""An answer of a node as text: the verdict first, then why, then what to do.

It reads the answer's document (docs/reference/check-json.md), so that a node's answer is
told alike whether the node runs elsewhere or in this process.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from keepclear.cli.exit_codes import OF_VERDICT, ExitCode
from keepclear.model.answer import Among, Suggestion, SuggestionKind, Verdict
from keepclear.model.coverage import Completeness
from keepclear.model.window import Window
from keepclear.reports.wording import (
    INFRINGEMENT,
    MARKS,
    among_words,
    gap_words,
    height_gap_words,
    least_distance_words,
    least_height_words,
    plain,
    span_words,
    suggestion_words,
    time_gap_words,
    verdict_words,
)

MOST_SHOWN = 10
"""Conflicts told in a terminal; the JSON has the worst fifty."""
STYLES = {Verdict.CONFLICT: "bold red", Verdict.CANNOT_SAY: "bold yellow"}
"""No answer is ever green."""

Document = Mapping[str, Any]


def exit_code_of_answer(answer: Document) -> ExitCode:
    """The exit code that says the same."""
    return OF_VERDICT[Verdict(answer["overall"])]


def print_answer(answer: Document, console: Console) -> None:
    """Print one operation's answer."""
    console.print(verdict_line(answer))
    for line in _reasons(answer):
        console.print(Text(line), soft_wrap=True)
    for among in answer["among"]:
        console.print(Text(f"  {among_words(_among(among))}"), soft_wrap=True)
    for suggestion in answer["suggestions"]:
        console.print(Text(f"  suggestion: {suggestion_words(_suggestion(suggestion))}"))


def verdict_line(answer: Document) -> Text:
    """The mark, the operation and the verdict in capitals."""
    verdict = Verdict(answer["overall"])
    only_infringes = verdict is Verdict.CONFLICT and answer["verdict"] != verdict.value
    words = INFRINGEMENT if only_infringes else verdict_words(verdict)
    line = Text(f"{MARKS[verdict]} {plain(answer['operation']['designator'], 40)}: ")
    return line.append(words, STYLES.get(verdict, ""))


def worst_words(answer: Document) -> str:
    """With whom or what, when and by which rule, on one line; empty where there is none."""
    if answer["conflicts"]:
        worst = answer["conflicts"][0]
        more = (answer.get("conflicts_total") or len(answer["conflicts"])) - 1
        others = f" +{more:,}" if more else ""
        whom = plain(worst["theirs"]["designator"], 40)
        return f" with {whom}{others}, {_span(worst['span'])}, {plain(worst['rule_id'], 40)}"
    if answer["infringements"]:
        worst = answer["infringements"][0]
        name = plain(worst["airspace_name"] or worst["airspace_id"], 60)
        return f": {worst['airspace']} {name}, {_span(worst['span'])}"
    return f": {plain(answer['doubts'][0]['reason'], 80)}" if answer["doubts"] else ""


def _reasons(answer: Document) -> Iterator[str]:
    for number, conflict in enumerate(answer["conflicts"][:MOST_SHOWN], start=1):
        yield from _conflict(number, conflict)
    total = answer.get("conflicts_total") or len(answer["conflicts"])
    if total > MOST_SHOWN:
        yield f"  … and {total - MOST_SHOWN:,} more conflicts (--json has the worst of them)"
    for infringed in answer["infringements"]:
        sure = infringed["verdict"] == Verdict.CONFLICT.value
        word = INFRINGEMENT if sure else verdict_words(Verdict(infringed["verdict"]))
        name = plain(infringed["airspace_name"] or infringed["airspace_id"], 60)
        yield f"  {word}: {infringed['airspace']} {name}, {_span(infringed['span'])}"
        yield f"    {plain(infringed['reason'], 400)}"
        if infringed["contact"]:
            yield f"    contact: {plain(infringed['contact'])}"
    for finding in answer["findings"]:
        yield f"  finding: {plain(finding['reason'], 400)}"
    for doubt in answer["doubts"]:
        yield f"  cannot say: {plain(doubt['reason'], 400)}"
        yield f"    remedy: {plain(doubt['remedy'], 400)}"


def _conflict(number: int, conflict: Document) -> Iterator[str]:
    theirs, apart = conflict["theirs"], conflict["separations"]
    whom = f"{plain(theirs['designator'], 40)} of {plain(theirs['party'], 24)}"
    word = verdict_words(Verdict(conflict["verdict"]))
    yield f"  {number}. {word} with {whom}, {_span(conflict['span'])}, {conflict['rule_id']}"
    yield f"     {gap_words(apart['lateral_m'] or 0.0)}{_asked(apart, 'lateral', lateral=True)}"
    low, high = apart["vertical_low_m"], apart["vertical_high_m"]
    heights = height_gap_words(
        -math.inf if low is None else low, math.inf if high is None else high
    )
    yield f"     {heights}{_asked(apart, 'vertical')}"
    yield f"     {time_gap_words(apart['time_s'] or 0.0)}"
    yield f"     {plain(conflict['reason'], 400)}"


def _asked(apart: Document, sort: str, *, lateral: bool = False) -> str:
    least_m = apart[f"{sort}_minimum_m"]
    if not least_m:
        return ""
    words = least_distance_words(least_m) if lateral else least_height_words(least_m)
    return f", the rule asks {words}"


def _span(span: Document) -> str:
    return span_words(Window(*(datetime.fromisoformat(span[end]) for end in ("start", "end"))))


def _among(among: Document) -> Among:
    covered = among["completeness"]
    return Among(
        party=among["party"],
        notices=among["notices"],
        oldest_s=among["oldest_s"],
        as_of=None if among["as_of"] is None else datetime.fromisoformat(among["as_of"]),
        age_s=among["age_s"],
        completeness=None if covered is None else Completeness(covered),
        own=among["own"],
    )


def _suggestion(told: Document) -> Suggestion:
    return Suggestion(
        kind=SuggestionKind(told["kind"]),
        found=told["found"],
        time_s=told["time_s"] or 0.0,
        vertical_m=told["vertical_m"] or 0.0,
        lateral_m=told["lateral_m"] or 0.0,
        bearing_deg=told["bearing_deg"],
    )
