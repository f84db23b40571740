"""Cards for the desk: whom to reach as what, and what to do when everything is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keepclear.model.agreement import Clocks
from keepclear.model.operation import Mode
from keepclear.reports.cards.page import Size, card_page, rows
from keepclear.reports.html.markup import Child, Markup, el


@dataclass(frozen=True, slots=True)
class DeskLine:
    """What cards say of a line.

    Attributes:
        us, them: the parties.
        mode: stands first and last.
        channels: in the order in which they are tried.
        our_roles, their_roles: on duty, as the watches stated; empty where not known.
        our_languages, their_languages: likewise.
        fingerprint: of the other party's root, for the voice.
        check_times: when checks are due, in Z.
        factor: by how much own buffers grow while the line is not up.
        clocks: as agreed, the most urgent first.
        mark: what both sides say to know that they hold one secret; empty for no secret.
    """

    us: str
    them: str
    mode: Mode
    channels: tuple[str, ...]
    our_roles: tuple[str, ...]
    their_roles: tuple[str, ...]
    our_languages: tuple[str, ...]
    their_languages: tuple[str, ...]
    fingerprint: str
    check_times: tuple[str, ...]
    factor: float
    clocks: tuple[Clocks, ...]
    mark: str


def contact_card(line: DeskLine, size: Size) -> bytes:
    """Whom to reach as what, by which means. Roles, never names; numbers are written by hand."""
    means = [each for each in line.channels if each != "network"]
    return card_page(
        f"Contact card, {line.us} to {line.them}",
        line.mode,
        size,
        el("p", "Roles, never names of people. Any role on duty takes an urgent message."),
        _people(f"{line.them}: on duty", line.their_roles, line.their_languages, means),
        _people(f"{line.us}: on duty", line.our_roles, line.our_languages, means),
        el("h2", "Before you believe a voice"),
        el("p", f"Fingerprint of {line.them}: ", el("span", line.fingerprint, class_="mono")),
        el("p", "Mark of the secret: ", el("span", line.mark or "no secret agreed", class_="mono")),
        el("p", f"Checks are due at: {', '.join(line.check_times) or 'not agreed'}"),
    )


def lost_line_card(line: DeskLine, size: Size) -> bytes:
    """What to do when everything is silent."""
    return card_page(
        f"Lost line, {line.us} to {line.them}",
        line.mode,
        size,
        el("p", "Silence means that nobody answered. It says nothing of why. Infer nothing."),
        el("h2", "Now"),
        el("ol", *(el("li", each) for each in _now(line))),
        el("h2", "How long each may take"),
        _clock_rows(line.clocks),
        el("h2", "While it is silent"),
        el("ol", *(el("li", each) for each in _while(line))),
        el("h2", "When somebody answers"),
        el("ol", *(el("li", each) for each in _after())),
    )


def _people(
    title: str, roles: Sequence[str], languages: Sequence[str], means: Sequence[str]
) -> Markup:
    named = roles or ("duty officer", "senior watch officer", "top level", "interpreter")
    blanks = el("ul", *(el("li", f"{each}:") for each in means), class_="blanks")
    items: list[tuple[Child, ...]] = [(each, blanks) for each in named]
    known = f", languages: {', '.join(languages)}" if languages else ""
    told = "" if roles else " (not stated; usual roles)"
    return rows(f"{title}{told}{known}", ("Role", "Reached by"), items)


def _now(line: DeskLine) -> Sequence[str]:
    return (
        f"Try each means in order: {', '.join(line.channels)}. Write down each try, with its time.",
        "FLASH goes on every means at once. Read it aloud as a text line: `message text ID`.",
        "Do not wait for a named person. Any role on duty takes it.",
        "Authenticate who answers by challenge and reply. A flash warning is acted on first.",
        "Say: our check had no answer, cause unknown. Nothing more.",
    )


def _while(line: DeskLine) -> Sequence[str]:
    return (
        f"Own buffers grow {line.factor:g} times. What comes inside is a caution, not a conflict.",
        "What they told last still counts until it expires. Look at its age.",
        "Tell own units that the line is silent, and have them confirm.",
        f"Call once a day all the same, and at {', '.join(line.check_times) or 'each check'}.",
        "Write bundles (`line export`) and give them to the courier; take theirs (`line import`).",
        "Enter what comes by voice or mail (`message enter`). It is a copy until it is signed.",
        "Tell the senior watch, then the top level, as the clocks say.",
    )


def _after() -> Sequence[str]:
    return (
        "Authenticate. Compare the fingerprint by voice if nodes or keys changed.",
        "Offer to restore: test both ways, verify keys and clocks, exchange gap lists, confirm.",
        "Exchange bundles before anything else is read aloud. DISPUTED copies first.",
        "Until both confirmed, the line is not up.",
    )


def _clock_rows(clocks: Sequence[Clocks]) -> Markup:
    items: list[tuple[Child, ...]] = [
        (
            each.precedence.value,
            _span(each.acknowledge_s),
            _span(each.alternate_s),
            _span(each.top_level_s),
        )
        for each in clocks
    ]
    heads = ("Precedence", "A person has it", "Next means after", "Top level told after")
    return rows("As agreed, from release", heads, items)


def _span(seconds: float | None) -> str:
    if seconds is None:
        return "-"
    if seconds < 120:
        return f"{seconds:g} s"
    return f"{seconds / 60:g} min" if seconds < 7_200 else f"{seconds / 3_600:g} h"
