"""One card for each conflict: who, where, when, by how much, why, and what would help."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from keepclear.model.agreement import SeparationRule
from keepclear.model.answer import Conflict, OperationRef, Separations
from keepclear.model.operation import Operation
from keepclear.reports.html.drawing import TONES, icon
from keepclear.reports.html.limits import MOST_CARDS
from keepclear.reports.html.markup import Child, Markup, el, joined, words
from keepclear.reports.html.plan import plan_picture
from keepclear.reports.html.profile import heights_note, profile_picture
from keepclear.reports.html.scene import Scene
from keepclear.reports.place import place_words
from keepclear.reports.ranking import Numbered
from keepclear.reports.wording import (
    band_words,
    day_time,
    duration_words,
    gap_words,
    height_gap_words,
    least_distance_words,
    least_height_words,
    span_words,
    suggestion_words,
    time_gap_words,
    verdict_words,
)


def conflict_cards(scene: Scene) -> Markup:
    """The cards, worst first, the first one open; a sentence where there is no conflict."""
    if not scene.conflicts:
        return el("p", "No conflict between operations was found among what was compared.")
    cards = [_card(scene, numbered) for numbered in scene.conflicts[:MOST_CARDS]]
    left_out = len(scene.conflicts) - len(cards)
    more = el("p", f"… and {left_out:,} more in the JSON.", class_="more")
    return joined((*cards, more if left_out else None))


def conflict_list(scene: Scene) -> Markup:
    """The short list beside the map, one line for each conflict."""
    items = [_item(scene, numbered) for numbered in scene.conflicts[:MOST_CARDS]]
    left_out = len(scene.conflicts) - len(items)
    more = el("li", f"… and {left_out:,} more in the JSON.", class_="more")
    if not items:
        return el("p", "None.")
    return el("ol", *items, more if left_out else None, class_="short")


def _item(scene: Scene, numbered: Numbered) -> Markup:
    conflict = numbered.conflict
    separations = conflict.separations
    link = el(
        "a",
        el(
            "span",
            icon(conflict.verdict),
            el("b", f"{numbered.label} {verdict_words(conflict.verdict)}"),
            el("span", day_time(conflict.span.start), class_="from"),
            class_="top",
        ),
        el("span", _pair(conflict), class_="pair-names"),
        el("span", _gaps(separations, metric=False), class_="brief"),
        href=f"#conflict-{numbered.number}",
        data_keys=scene.keys_of(numbered),
        data_conflict=numbered.number,
        class_=TONES[conflict.verdict],
    )
    return el("li", link)


def _pair(conflict: Conflict) -> Markup:
    return joined((_name(conflict.ours), " and ", _name(conflict.theirs)))


def _name(ref: OperationRef) -> Markup:
    return el("span", words(ref.designator, 60), " ", words(ref.party, 24), class_="op-name")


def _gaps(separations: Separations, *, metric: bool) -> str:
    parts = [
        gap_words(separations.lateral_m, metric=metric),
        height_gap_words(separations.vertical_low_m, separations.vertical_high_m, metric=metric),
    ]
    if separations.time_s > 0.0:
        parts.append(time_gap_words(separations.time_s))
    return " · ".join(parts)


def _card(scene: Scene, numbered: Numbered) -> Markup:
    conflict = numbered.conflict
    tone = TONES[conflict.verdict]
    heading = el(
        "h3",
        icon(conflict.verdict),
        el("b", f"{numbered.label} {verdict_words(conflict.verdict)}"),
        " ",
        _pair(conflict),
    )
    brief = el(
        "p",
        f"{span_words(conflict.span)} · {_gaps(conflict.separations, metric=True)} · rule ",
        words(conflict.rule_id, 40),
    )
    return el(
        "details",
        el("summary", heading, brief),
        el(
            "div",
            el("div", _facts(scene, numbered), class_="facts"),
            el("div", *_pictures(scene, conflict), class_="pictures"),
            class_="card-body",
        ),
        id=f"conflict-{numbered.number}",
        class_=f"card {tone}",
        open=numbered.number == 1,
        data_keys=scene.keys_of(numbered),
        data_conflict=numbered.number,
    )


def _facts(scene: Scene, numbered: Numbered) -> Markup:
    conflict = numbered.conflict
    rows: list[tuple[str, Child]] = [
        ("Why", words(conflict.reason)),
        ("Ours", _who(scene, conflict.ours, conflict.our_volume)),
        ("Theirs", _who(scene, conflict.theirs, conflict.their_volume)),
        ("Where", _where(scene, conflict)),
        ("When", _when(conflict)),
        ("Rule", _rule(scene, conflict)),
    ]
    if numbered.answer.suggestions:
        rows.append(("Would help", _suggestions(numbered)))
    facts = joined(joined((el("dt", name), el("dd", value))) for name, value in rows)
    return joined((separation_table(conflict.separations), el("dl", facts)))


def separation_table(separations: Separations) -> Markup:
    """How far apart beside what the rule asks; one line that reaches it would be enough."""
    lateral = gap_words(separations.lateral_m)
    if separations.lateral_uncertainty_m > 0.0:
        lateral += f", ± {separations.lateral_uncertainty_m:,.0f} m"
    lines = (
        ("Lateral", lateral, _asked(separations.lateral_minimum_m, least_distance_words)),
        (
            "Vertical",
            height_gap_words(separations.vertical_low_m, separations.vertical_high_m),
            _asked(separations.vertical_minimum_m, least_height_words),
        ),
        ("Time", time_gap_words(separations.time_s), _asked_time(separations.time_minimum_s)),
    )
    body = joined(
        el("tr", el("th", name, scope="row"), el("td", is_now), el("td", asks))
        for name, is_now, asks in lines
    )
    head = el("tr", *(el("th", name, scope="col") for name in ("", "Is", "Rule asks")))
    caption = el("caption", "How far apart; one line that reaches what the rule asks is enough")
    return el("table", caption, el("thead", head), el("tbody", body), class_="apart")


def _asked(asked_m: float, say: Callable[[float], str]) -> str:
    return say(asked_m) if asked_m > 0.0 else "not to meet"


def _asked_time(asked_s: float) -> str:
    return duration_words(asked_s) if asked_s > 0.0 else "not to meet"


def _who(scene: Scene, ref: OperationRef, index: int) -> Markup:
    operation = scene.shelf.find(ref)
    head = joined((_name(ref), f", version {ref.version}, {ref.operation_class.value}"))
    if operation is None:
        return joined((head, ". Its volumes are not held here."))
    parts: list[Child] = [head, f", {operation.category.value}, {operation.state.value}"]
    if 0 <= index < len(operation.volumes):
        parts.append(f"; volume {index + 1} of {len(operation.volumes)}: ")
        parts.append(band_words(operation.volumes[index].band))
    parts.append(_contact(operation))
    return joined(parts)


def _contact(operation: Operation) -> Markup:
    if not operation.contact:
        return joined(("; no contact given",))
    return joined(("; contact ", words(operation.contact, 120)))


def _where(scene: Scene, conflict: Conflict) -> Markup:
    ours = place_words(conflict.our_closest, scene.gazetteer)
    if conflict.our_closest == conflict.their_closest:
        return el("span", ours)
    theirs = place_words(conflict.their_closest, scene.gazetteer)
    return joined((el("p", "Ours: ", ours), el("p", "Theirs: ", theirs)))


def _when(conflict: Conflict) -> str:
    lasting = duration_words(conflict.span.duration_s)
    pairs = conflict.volume_pairs
    more = f"; {pairs} pairs of volumes break the rule, the closest is shown" if pairs > 1 else ""
    return f"{span_words(conflict.span)}, {lasting}{more}"


def _rule(scene: Scene, conflict: Conflict) -> Markup:
    rules = {rule.id: rule for rule in scene.subject.agreement.rules}
    rule = rules.get(conflict.rule_id)
    told = f": {rule_words(rule)}" if rule is not None else ""
    return joined((words(conflict.rule_id, 40), told))


def rule_words(rule: SeparationRule) -> str:
    """What a rule asks, in one phrase; one separation suffices."""
    asks = [f"{least_distance_words(rule.lateral_m)} laterally"] if rule.lateral_m else []
    asks += [f"{least_height_words(rule.vertical_m)} vertically"] if rule.vertical_m else []
    asks += [f"{duration_words(rule.min_time_s)} in time"] if rule.min_time_s else []
    return " or ".join(asks) or "volumes must not meet"


def _suggestions(numbered: Numbered) -> Markup:
    lines = [el("li", suggestion_words(one)) for one in numbered.answer.suggestions]
    name = words(numbered.answer.operation.designator, 60)
    return joined((el("p", "For ", name, ", one change alone:"), el("ul", *lines)))


def _pictures(scene: Scene, conflict: Conflict) -> Iterator[Markup]:
    held = (
        (scene.shelf.find(conflict.ours), scene.shelf.volume(conflict.ours, conflict.our_volume)),
        (
            scene.shelf.find(conflict.theirs),
            scene.shelf.volume(conflict.theirs, conflict.their_volume),
        ),
    )
    (our_operation, ours), (their_operation, theirs) = held
    if our_operation is None or ours is None or their_operation is None or theirs is None:
        yield el("p", "No pictures: the volumes of one side are not held here.")
        return
    tone = TONES[conflict.verdict]
    pattern = scene.patterns.get(conflict.theirs.party, 0)
    yield el(
        "figure",
        plan_picture(conflict, ours, theirs, tone, pattern),
        el("figcaption", "Plan: seen from above, north up."),
    )
    note = heights_note(ours.band, theirs.band, conflict)
    yield el(
        "figure",
        profile_picture(conflict, (our_operation, ours), (their_operation, theirs), tone, pattern),
        el("figcaption", f"Profile: height against time. {note}".strip()),
    )
