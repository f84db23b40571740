"""Checks of an agreement's terms against each other: clocks, windows, lines that stand twice."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import pairwise

from keepclear.formats.agreement.draft import Draft
from keepclear.formats.agreement.lines import KeyPath
from keepclear.formats.agreement.problems import Problems, shown
from keepclear.formats.agreement.terms import CLOCK_KEYS
from keepclear.model.agreement import Clocks
from keepclear.model.operation import Precedence
from keepclear.model.window import Window
from keepclear.model.zone import EntryRule, ZoneKind

_ORDERS = (
    ("delivery", "acknowledge"),
    ("acknowledge", "readback"),
    ("acknowledge", "answer"),
    ("escalate", "alternate"),
    ("alternate", "top_level"),
)
"""Which clock may not run out before which, within one precedence."""


def check_consistency(draft: Draft, problems: Problems) -> None:
    """List terms that contradict each other, and terms that leave something out."""
    _check_windows(draft, problems)
    _check_contacts(draft, problems)
    _check_boundaries(draft, problems)
    _check_exceptions(draft, problems)
    _check_said_twice(draft, problems)
    _check_clocks(draft, problems)


def _check_windows(draft: Draft, problems: Problems) -> None:
    if draft.valid is None:
        return
    for key, parts in (("zone", draft.zones), ("airfield", draft.airfields)):
        for index, part in enumerate(parts):
            for number, window in enumerate(part.windows if part is not None else ()):
                path = (key, index, "windows", number)
                _check_window(problems, path, window, draft.valid)


def _check_window(problems: Problems, path: KeyPath, window: Window, valid: Window) -> None:
    if window.gap_s(valid) > 0.0:
        message = "the window lies outside [valid], so it never binds"
    elif not valid.covers(window):
        message = "the window reaches beyond [valid], where it does not bind"
    else:
        return
    problems.warning(path, message, "Mend the window, or [valid].")


def _check_contacts(draft: Draft, problems: Problems) -> None:
    for index, zone in enumerate(draft.zones):
        if zone is None or zone.contact:
            continue
        if zone.entry is EntryRule.ON_CONTACT or zone.kind is ZoneKind.AIRFIELD_RING:
            problems.warning(
                ("zone", index),
                f"{shown(zone.id)} is entered on contact, and nobody is named to call",
                "Give its contact.",
            )
    for index, airfield in enumerate(draft.airfields):
        if airfield is not None and not airfield.contact:
            problems.warning(
                ("airfield", index),
                f"others must call {shown(airfield.id)} before they enter, and nobody is named",
                "Give its contact.",
            )


def _check_boundaries(draft: Draft, problems: Problems) -> None:
    for index, boundary in enumerate(draft.boundaries):
        if boundary is not None:
            keys = [rule.party for rule in boundary.rules]
            _check_once(problems, ("boundary", index, "rule"), keys, "the party has a rule already")


def _check_exceptions(draft: Draft, problems: Problems) -> None:
    for index, rule in enumerate(draft.disclosure):
        if rule is not None and rule.of == rule.to:
            problems.error(
                ("disclosure", "exception", index, "to"),
                "a party shows its own operations to itself",
                "Name the other party.",
            )


def _check_said_twice(draft: Draft, problems: Problems) -> None:
    for key, terms in (("lead_time", draft.lead_times), ("size_limit", draft.size_limits)):
        keys = [term and (term.operation_class, term.precedence) for term in terms]
        _check_once(problems, (key,), keys, f"a {key} for this class and precedence stands above")
    exceptions = [rule and (rule.of, rule.to, rule.operation_class) for rule in draft.disclosure]
    message = "an exception for these parties and this class stands above"
    _check_once(problems, ("disclosure", "exception"), exceptions, message)
    precedences = [clocks and clocks.precedence for clocks in draft.clocks]
    _check_once(problems, ("clocks",), precedences, "clocks of this precedence stand above")


def _check_once(
    problems: Problems, path: KeyPath, keys: Sequence[Hashable | None], message: str
) -> None:
    seen: set[Hashable] = set()
    for index, key in enumerate(keys):
        if key is not None and key in seen:
            problems.error((*path, index), message, "Keep one of the two.")
        seen.add(key)


def _check_clocks(draft: Draft, problems: Problems) -> None:
    by_precedence: dict[Precedence, tuple[int, Clocks]] = {}
    for index, clocks in enumerate(draft.clocks):
        if clocks is not None:
            by_precedence.setdefault(clocks.precedence, (index, clocks))
            _check_order(problems, index, clocks)
    present = [by_precedence[step] for step in Precedence if step in by_precedence]
    for (_, quicker), (index, slower) in pairwise(present):
        _check_slower(problems, index, quicker, slower)
    if None not in draft.clocks and len(by_precedence) < len(Precedence):
        missing = ", ".join(step for step in Precedence if step not in by_precedence)
        message = f"there are no clocks for {missing}"
        problems.warning(("clocks",), message, "Add [[clocks]] for each precedence.")


def _check_order(problems: Problems, index: int, clocks: Clocks) -> None:
    for first, second in _ORDERS:
        first_s, second_s = _clock_s(clocks, first), _clock_s(clocks, second)
        if first_s is not None and second_s is not None and second_s < first_s:
            problems.error(
                ("clocks", index, second),
                f"{clocks.precedence}: {second} runs out before {first}",
                f"Let {second} run at least as long as {first}.",
            )


def _check_slower(problems: Problems, index: int, quicker: Clocks, slower: Clocks) -> None:
    for key in CLOCK_KEYS:
        quicker_s, slower_s = _clock_s(quicker, key), _clock_s(slower, key)
        if quicker_s is not None and slower_s is not None and slower_s < quicker_s:
            problems.error(
                ("clocks", index, key),
                f"{key} of {slower.precedence} runs out before {key} of {quicker.precedence}",
                "Let the clocks grow from FLASH to ROUTINE.",
            )


def _clock_s(clocks: Clocks, key: str) -> float | None:
    value: float | None = getattr(clocks, f"{key}_s")
    return value
