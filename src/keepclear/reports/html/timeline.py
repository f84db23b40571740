"""When: operations as bars on one scale of time, conflicts on them, and now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from keepclear.model.window import Window
from keepclear.reports.html.drawing import TONES, percent
from keepclear.reports.html.limits import MOST_BARS
from keepclear.reports.html.markup import Markup, el, joined
from keepclear.reports.html.scene import Scene, Shown
from keepclear.reports.ranking import Numbered
from keepclear.reports.wording import date_time_group, day_time, span_words

_STEPS_MIN = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 43_200, 525_600)
_MOST_TICKS = 8
_AROUND = 0.04


@dataclass(frozen=True, slots=True)
class Scale:
    """A span of time as shares of a bar's width."""

    start: datetime
    end: datetime

    def share(self, at: datetime) -> float:
        """Where a moment lies: 0 at the start, 1 at the end, kept within."""
        return min(1.0, max(0.0, (at - self.start) / (self.end - self.start)))

    def holds(self, at: datetime) -> bool:
        """Tell whether a moment lies on the scale."""
        return self.start <= at <= self.end

    def ticks(self) -> list[datetime]:
        """Round moments on the scale, eight at most."""
        minutes = (self.end - self.start).total_seconds() / 60.0
        step_min = next((s for s in _STEPS_MIN if minutes / s <= _MOST_TICKS), _STEPS_MIN[-1])
        step = timedelta(minutes=step_min)
        midnight = datetime(self.start.year, self.start.month, self.start.day, tzinfo=UTC)
        first = midnight + step * -(-(self.start - midnight) // step)
        count = max(0, (self.end - first) // step + 1)
        return [first + step * i for i in range(min(count, _MOST_TICKS + 1))]


def timeline(scene: Scene) -> Markup:
    """The timeline of the check; empty where there is no operation to show."""
    rows = _rows(scene)
    if not rows:
        return el("p", "No operation to show.")
    scale = _scale(scene, rows)
    left_out = len(scene.shown) + scene.left_out - len(rows)
    more = el("p", f"… and {left_out:,} more operations (all in the JSON).", class_="more")
    body = joined(_row(shown, scene, scale) for shown in rows)
    return joined(
        (
            el(
                "div",
                _axis(scene, scale),
                el("ul", body, class_="bars"),
                class_="timeline",
                tabindex="0",
                role="group",
                aria_label="Timeline, one row for each operation",
            ),
            more if left_out else None,
        )
    )


def _rows(scene: Scene) -> list[Shown]:
    """Counterparts stand right below the operation of ours they conflict with."""
    by_key = {shown.key: shown for shown in scene.shown}
    order: dict[str, None] = {}
    ranked = [scene.keys_of(numbered).split() for numbered in scene.conflicts]
    for keys in ranked:
        if keys and keys[0] not in order:
            order.update(dict.fromkeys(keys[:1]))
            order.update(dict.fromkeys(k for pair in ranked if pair[:1] == keys[:1] for k in pair))
        order.update(dict.fromkeys(keys))
    order.update(dict.fromkeys(shown.key for shown in scene.shown if shown.own))
    order.update(dict.fromkeys(shown.key for shown in scene.shown))
    return [by_key[key] for key in list(order)[:MOST_BARS]]


def _scale(scene: Scene, rows: list[Shown]) -> Scale:
    """From the first to the last moment that matters; now as well where it is near."""
    windows = [shown.operation.window for shown in rows if shown.own or shown.trouble is not None]
    windows = windows or [shown.operation.window for shown in rows]
    start, end = min(w.start for w in windows), max(w.end for w in windows)
    now, length = scene.subject.report.now, end - start
    if start - length <= now <= end + length:
        start, end = min(start, now), max(end, now)
    margin = max((end - start) * _AROUND, timedelta(minutes=2))
    return Scale(start - margin, end + margin)


def _axis(scene: Scene, scale: Scale) -> Markup:
    now = scene.subject.report.now
    ticks = [t for t in scale.ticks() if 0.03 < scale.share(t) < 0.97 and not _near(scale, t, now)]
    # Narrow screens have room for one beside the word NOW.
    main = min(ticks, key=lambda tick: abs(scale.share(tick) - 0.68), default=None)
    marks = [
        el(
            "text",
            day_time(tick),
            x=percent(scale.share(tick)),
            y="18",
            text_anchor="middle",
            class_=None if tick == main else "minor",
        )
        for tick in ticks
    ]
    if scale.holds(now):
        share = scale.share(now)
        anchor = "start" if share < 0.1 else "end" if share > 0.9 else "middle"
        marks.append(
            el("text", "NOW", x=percent(share), y="18", text_anchor=anchor, class_="now-word")
        )
    axis = el("svg", *marks, class_="bar", aria_hidden="true")
    first = el("span", date_time_group(scale.start)[7:], class_="who")
    return el("div", first, axis, class_="axis")


def _near(scale: Scale, tick: datetime, now: datetime) -> bool:
    return scale.holds(now) and abs(scale.share(tick) - scale.share(now)) < 0.08


def _row(shown: Shown, scene: Scene, scale: Scale) -> Markup:
    side = "own" if shown.own else "other"
    operation = shown.operation
    parts: list[Markup] = []
    if scale.holds(scene.subject.report.now):
        parts.append(_moment(scale, scene.subject.report.now, "now-line"))
    windows = dict.fromkeys(operation.window_of(volume) for volume in operation.volumes)
    parts.extend(_block(scale, one, 8.0, 12.0, f"slot p{shown.pattern}") for one in windows)
    for numbered in _conflicts_of(shown, scene):
        tone = TONES[numbered.conflict.verdict]
        parts.append(_block(scale, numbered.conflict.span, 4.0, 20.0, f"clash {tone}"))
    names = " ".join(numbered.label for numbered in _conflicts_of(shown, scene))
    who = el(
        "a",
        el("span", shown.label, class_="name"),
        el("span", names, class_="with") if names else None,
        el("span", span_words(operation.window), class_="times"),
        href=f"#row-{shown.key}",
        class_="who",
        data_keys=shown.key,
    )
    bar = el("svg", *parts, class_="bar", aria_hidden="true")
    return el("li", who, bar, class_=f"lane {side}", data_op=shown.key)


def _conflicts_of(shown: Shown, scene: Scene) -> list[Numbered]:
    if shown.trouble is None:
        return []
    identity = shown.operation.id
    return [n for n in scene.conflicts if identity in (n.conflict.ours.id, n.conflict.theirs.id)]


def _block(scale: Scale, window: Window, y: float, height: float, class_: str) -> Markup:
    start, end = scale.share(window.start), scale.share(window.end)
    return el(
        "rect",
        x=percent(start),
        y=y,
        width=percent(end - start),
        height=height,
        class_=class_,
    )


def _moment(scale: Scale, at: datetime, class_: str) -> Markup:
    x = percent(scale.share(at))
    return el("line", x1=x, x2=x, y1="0", y2="100%", class_=class_)
