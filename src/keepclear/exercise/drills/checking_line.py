"""Drills of the daily check and of a lapse.

Source: domain study of keepclear, 0.12, 1.1, 2 and 5d (checks with cause coding, keep-alive).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from keepclear.exercise.article.opening import man
from keepclear.exercise.article.words import LINE, text_of
from keepclear.exercise.drills.acting import notes, nothing, puts, turned_to
from keepclear.exercise.drills.debrief import Seen
from keepclear.exercise.drills.drill import (
    COUNTERPART,
    TRAINEE,
    Doing,
    Drill,
    DrillStep,
    Expected,
    Ground,
    Scene,
)
from keepclear.exercise.drills.records import (
    Looking,
    checks,
    entered,
    entries,
    first_of,
    moment,
)
from keepclear.exercise.drills.times import answering_checks, at_most

_GUESSES = ("refused", "technical", "staffing")
_AFTERNOON, _MORNING = time(13), time(6)
_DRILLS_OWN = "the drill's own"


def _made(result: str, channel: str = "") -> Looking:
    """A check by hand with this result; a guessed cause is wrong."""

    def wrong(check: Any) -> str:
        if check["result"] != result:
            return f"entered as {check['result']}; it was {result}"
        if result == "not answered" and check["cause"] in _GUESSES:
            return f"cause guessed: {check['cause']}; nobody knows it"
        return ""

    def seen(scene: Scene) -> Seen | None:
        found = ((moment(each["at"]), each) for each in checks(scene, channel))
        return first_of(found, wrong)

    return seen


def _enters(channel: str, result: str, cause: str | None = None, remark: str = "") -> Doing:
    def play(scene: Scene) -> None:
        body: dict[str, Any] = {"channel": channel, "result": result, "remark": remark}
        body |= {"cause": cause} if cause else {"reader_role": "duty officer"}
        puts(scene, f"/lines/{LINE}/checks/{scene.stage.new_id()}", body, is_new=True)

    return play


def _next(scene: Scene, at: time) -> datetime:
    now = scene.stage.now()
    today = datetime.combine(now.date(), at, tzinfo=now.tzinfo)
    return today if today > now else today + timedelta(days=1)


def _manned_there(scene: Scene) -> str:
    man(scene.stage, COUNTERPART)
    return "AMBER has said who is on duty there."


def _mans(scene: Scene) -> None:
    man(scene.stage, TRAINEE)


def _afternoon(scene: Scene) -> str:
    told = turned_to(scene, _next(scene, _AFTERNOON))
    return f"{told} The machines have checked the network. AMBER answers its telephone."


def _morning(scene: Scene) -> str:
    told = turned_to(scene, _next(scene, _MORNING))
    return f"{told} The network answers. AMBER's telephone rings, and nobody takes it."


def _a_day_later(scene: Scene) -> str:
    told = turned_to(scene, scene.stage.now() + timedelta(days=1))
    return f"{told} Still nobody at AMBER takes the telephone or answers the radio."


def _writes_note(scene: Scene) -> None:
    notes(scene, "Telephone rang at 06:00Z, no answer, cause unknown. Network answered.")


DAILY_CHECK = Drill(
    name="daily-check",
    title="The daily check",
    briefing="Two offices call each other each morning and afternoon. Missed calls there were "
    "called a protest, the weather and a technical fault by turns. You man the line, "
    "check it as planned, and put on record what was found, no more.",
    source="domain study of keepclear, 0.12, 2 (Koreas) and 5d (checks)",
    slip="a cause is written down that nobody knows",
    lesson="An unanswered check is a finding, not an insult: no answer, cause unknown. Whoever "
    "writes down a guess finds it quoted as a fact a week later. The other channel that answered "
    "belongs into the same note.",
    ground=Ground(mans_trainee=False),
    steps=(
        DrillStep(
            title="Man the line",
            todo="Watch: say which roles are on duty, in which languages, until when. Roles, "
            "never names.",
            act=_manned_there,
            expected=Expected(
                "Say who is on watch", at_most(minutes=15), _DRILLS_OWN, entered("watch begun")
            ),
            right=_mans,
        ),
        DrillStep(
            title="The afternoon check, by telephone",
            todo="Line: enter a check by telephone, answered, with the role that answered.",
            act=_afternoon,
            expected=Expected(
                "Check by telephone: answered",
                answering_checks,
                "check plan",
                _made("answered", "telephone"),
            ),
            right=_enters("telephone", "answered"),
        ),
        DrillStep(
            title="The next morning nobody answers",
            todo="Line: enter the check by telephone as it went, with the cause as far as you "
            "know it.",
            act=_morning,
            expected=Expected(
                "Check: not answered, cause unknown",
                answering_checks,
                "check plan",
                _made("not answered", "telephone"),
            ),
            right=_enters("telephone", "not answered", "unknown"),
            wrong=_enters("telephone", "not answered", "refused", "They protest."),
        ),
        DrillStep(
            title="Into the log",
            todo="Log: one note on the line with what was tried and what answered.",
            expected=Expected(
                "Note it in the watch log",
                at_most(minutes=30),
                _DRILLS_OWN,
                entered("note kept"),
            ),
            right=_writes_note,
        ),
    ),
)


def _own_dating(scene: Scene) -> Seen | None:
    for each in entries(scene, "contact noted"):
        side = each["payload"]["body"]["side"]
        wrong = "" if side == "own" else f"it is the word of {side}, not of your own log"
        return Seen(moment(each["at"]), wrong=wrong)
    return None


def _dates(scene: Scene) -> None:
    at = scene.stage.now() - timedelta(days=3)
    body = {
        "kind": "call",
        "level": "watch",
        "channel": "telephone",
        "at": {"text": text_of(at)},
        "side": "own",
        "source": "BLUE watch log",
        "words": "last call taken by their duty officer",
    }
    puts(scene, f"/lines/{LINE}/contacts/{scene.stage.new_id()}", body, is_new=True)


def _finds_lapsed(scene: Scene) -> str:
    state = scene.stage.get(TRAINEE, f"/lines/{LINE}")["state"]
    return f"No contact for three days: the line is {state}. Nobody takes AMBER's telephone."


def _tries(channel: str) -> Callable[[Scene], None]:
    return _enters(channel, "not answered", "unknown")


LAPSE = Drill(
    name="lapse",
    title="The line has lapsed",
    briefing="Two ministries had not spoken for more than a year. Elsewhere, when a line was "
    "cut, one side still dialled it every morning for a year. You find the line lapsed: "
    "try what there is, say since when, and keep trying.",
    source="domain study of keepclear, 0.12, 1.1, 2 (Koreas) and 5d (LAPSED, keep-alive)",
    slip="one call, a guess at the reason, and nobody tries again",
    lesson="A lapse is a state of the line, not a message of the other side: cause unknown. Try "
    "each channel, date the last contact from your own source, and call again each day, so "
    "that their first answer finds you there. It ends by restoration, never by itself.",
    ground=Ground(silent_for=timedelta(days=3)),
    steps=(
        DrillStep(
            title="Three days of silence",
            todo="Line: try the telephone, and enter what came of it, with its cause.",
            act=_finds_lapsed,
            expected=Expected(
                "Try the telephone; cause unknown",
                at_most(minutes=30),
                _DRILLS_OWN,
                _made("not answered", "telephone"),
            ),
            right=_tries("telephone"),
            wrong=_enters("telephone", "not answered", "refused", "They do not want to."),
        ),
        DrillStep(
            title="The next channel",
            todo="Line: try the radio likewise. Nobody answers there either.",
            expected=Expected(
                "Try the radio; cause unknown",
                at_most(minutes=60),
                "alternate, PRIORITY",
                _made("not answered", "radio"),
            ),
            right=_tries("radio"),
            wrong=nothing,
        ),
        DrillStep(
            title="Since when?",
            todo="Line, history: add the last contact as your own log has it: a call of the "
            "watch three days ago.",
            expected=Expected(
                "Date the last contact, own source",
                at_most(minutes=60),
                _DRILLS_OWN,
                _own_dating,
            ),
            right=_dates,
        ),
        DrillStep(
            title="The day after",
            todo="Line: call again, by whatever channel, and enter it. One call a day, also "
            "while nobody answers.",
            act=_a_day_later,
            expected=Expected(
                "Keep-alive call, entered",
                at_most(minutes=60),
                "daily, 5d",
                _made("not answered"),
            ),
            right=_tries("telephone"),
            wrong=nothing,
        ),
    ),
)
