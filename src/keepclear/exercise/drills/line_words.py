"""Drills of what is declared of a line, and of its restoration.

Source: domain study of keepclear, 0.4, 1.4, 5d (SUSPENDED, RESTORING), 5h.4 and 5h.5.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from keepclear.errors import KeepclearError
from keepclear.exercise.article.words import ACTOR, DUTY, LINE, SECOND, came, text_of
from keepclear.exercise.drills.acting import does, nothing, puts, reads_back, sends
from keepclear.exercise.drills.debrief import Seen
from keepclear.exercise.drills.drill import (
    COUNTERPART,
    TRAINEE,
    Doing,
    Drill,
    DrillStep,
    Expected,
    Ground,
    Play,
    Scene,
)
from keepclear.exercise.drills.records import (
    Looking,
    acknowledged,
    entries,
    moment,
    read_back,
)
from keepclear.exercise.drills.times import acknowledging, at_most, reading_back

_FLASH = {
    "subject": "two helicopters",
    "position": "35.4011N 035.9487E",
    "band": "FL010-FL030",
    "requested_action": "hold north of the river",
    "radio_tried": True,
}


def _suspends(scene: Scene) -> str:
    name = scene.stage.new_id()
    body = _suspension(scene, "the incident of this morning") | {"id": name}
    path = f"/lines/{LINE}/declaration"
    scene.stage.put(COUNTERPART, path, body, actor=ACTOR[COUNTERPART])
    came(scene.stage, TRAINEE, name)
    scene.made["suspension"] = name
    return "AMBER declares the line suspended, all of it, from now on."


def _suspension(scene: Scene, reason: str) -> dict[str, Any]:
    return {
        "act": "suspend",
        "scope": "all",
        "residue": "flash messages are taken",
        "reason": reason,
        "role": DUTY,
        "second": SECOND,
        "effective_at": text_of(scene.stage.now()),
    }


def _warns(scene: Scene) -> str:
    sends(scene, "warning", "M09", _FLASH)
    return "AMBER suspended, and warns all the same: a FLASH came."


def _checked(scene: Scene) -> Seen | None:
    declared = [
        each
        for each in entries(scene, "line declared")
        if each["payload"]["body"]["party"] == TRAINEE
        and each["payload"]["body"]["act"] == "suspend"
    ]
    wrong = "you suspended in turn: now nobody is bound to answer" if declared else ""
    for each in entries(scene, "check asked", "check recorded"):
        body, at = each["payload"]["body"], moment(each["at"])
        if at >= scene.step_at and body["outgoing"] and body["due"] is None:
            return Seen(at, wrong=wrong)
    return Seen(moment(declared[0]["at"]), wrong=wrong) if declared else None


def _checks(scene: Scene) -> None:
    puts(scene, f"/lines/{LINE}/checks/{scene.stage.new_id()}", {}, is_new=True)


def _suspends_in_turn(scene: Scene) -> None:
    puts(scene, f"/lines/{LINE}/declaration", _suspension(scene, "so did they"))


SUSPENSION = Drill(
    name="suspension",
    title="Suspended, and still answering",
    briefing="On a day in April a party announced that the line was suspended; the regular call "
    "took place the same day, and again in June. You receive such a declaration: take it as "
    "their word, and find out what the line does.",
    source="domain study of keepclear, 0.4, 1.4 and 5h.4",
    slip="the line is suspended in turn, and nobody tests it any more",
    lesson="What is declared and what is observed are two facts; keep both. FLASH is answered in "
    "every state, their last notices stand, and yours still reach them. A suspension in "
    "return takes from you the only thing that still works.",
    steps=(
        DrillStep(
            title="AMBER suspends the line",
            todo="Messages: read the declaration (M23) and acknowledge it. To acknowledge is to "
            "have it, not to agree.",
            act=_suspends,
            expected=Expected(
                "Acknowledge the declaration",
                acknowledging("suspension"),
                "acknowledge, IMMEDIATE",
                acknowledged("suspension"),
            ),
            right=does("suspension", "acknowledge"),
        ),
        DrillStep(
            title="A FLASH on a suspended line",
            todo="Messages: acknowledge the warning (M09) at once, whatever was declared.",
            act=_warns,
            expected=Expected(
                "Acknowledge the FLASH",
                acknowledging("warning"),
                "acknowledge, FLASH",
                acknowledged("warning"),
            ),
            right=does("warning", "acknowledge"),
        ),
        DrillStep(
            title="Read it back",
            todo="Messages: read the warning back, field by field.",
            expected=Expected(
                "Read the FLASH back",
                reading_back("warning"),
                "readback, FLASH",
                read_back("warning"),
            ),
            right=reads_back("warning"),
        ),
        DrillStep(
            title="Does it answer?",
            todo="Line: make a check now, by network or telephone, and see what the state says. "
            "Declare nothing.",
            expected=Expected(
                "Check the suspended line", at_most(minutes=15), "the drill's own", _checked
            ),
            right=_checks,
            wrong=_suspends_in_turn,
        ),
    ),
)


_WORDS = {"list": "gap list"}
_PROOFS = {
    "offer": "Line: join their offer to restore the line.",
    "test": "Line: test it. A neutral text goes there and back.",
    "verify": "Line: verify keys and clocks; compare the fingerprint by voice where you can.",
    "list": "Line: exchange what is open. Read what you missed, and what of theirs is over.",
    "confirm": "Line: confirm. Only with both confirmations is the line up.",
}


def _gives(step: str) -> Play:
    def play(scene: Scene) -> str:
        restoration = scene.stage.get(TRAINEE, f"/lines/{LINE}")["restoration"]
        if restoration is not None and step in restoration["ours"]:
            scene.made[f"{step} first"] = TRAINEE
        body = {"act": step, "role": DUTY}
        path = f"/lines/{LINE}/restoration"
        scene.stage.put(COUNTERPART, path, body, actor=ACTOR[COUNTERPART])
        scene.stage.until(f"AMBER's {step}", lambda: _holds(scene, step))
        return f"AMBER has given its proof: {_WORDS.get(step, step)}."

    return play


def _holds(scene: Scene, step: str) -> bool:
    restoration = scene.stage.get(TRAINEE, f"/lines/{LINE}")["restoration"]
    return restoration is None or step in restoration["theirs"]


def _given(step: str) -> Looking:
    """Our proof: the second of its kind, where theirs was there first."""

    def seen(scene: Scene) -> Seen | None:
        broken = [
            each
            for each in entries(scene, "line restoration ended")
            if each["payload"]["body"].get("kind") == "break off"
        ]
        if broken:
            return Seen(moment(broken[0]["at"]), wrong="the restoration was broken off")
        word = _WORDS.get(step, step)
        found = [
            each
            for each in entries(scene, "line restoration step")
            if each["payload"]["body"]["kind"] == word
        ]
        place = 0 if scene.made.get(f"{step} first") == TRAINEE else 1
        return Seen(moment(found[place]["at"])) if len(found) > place else None

    return seen


def _restored(scene: Scene) -> Seen | None:
    for each in entries(scene, "line restored"):
        return Seen(moment(each["at"]))
    return None


def _takes(step: str) -> Doing:
    def play(scene: Scene) -> None:
        puts(scene, f"/lines/{LINE}/restoration", {"act": step, "role": DUTY})
        scene.stage.until(f"our {step}", lambda: _is_ours(scene, step))

    return play


def _is_ours(scene: Scene, step: str) -> bool:
    try:
        restoration = scene.stage.get(TRAINEE, f"/lines/{LINE}")["restoration"]
    except KeepclearError:
        return False
    return restoration is None or step in restoration["ours"]


def _step(step: str, title: str, what: str, *, has_slip: bool = False) -> DrillStep:
    return DrillStep(
        title=title,
        todo=_PROOFS[step],
        act=_gives(step),
        expected=Expected(
            what,
            at_most(minutes=30),
            "the drill's own",
            _restored if step == "confirm" else _given(step),
        ),
        right=_takes(step),
        wrong=nothing if has_slip else None,
    )


RESTORATION = Drill(
    name="restoration",
    title="Restored by proofs, not by a call",
    briefing="After more than a year without talks two ministers spoke for fifty minutes, and "
    "one side called contacts restored. When a line was suspended later, use of it "
    "resumed before anybody declared that. AMBER offers to restore the line: give every "
    "proof.",
    source="domain study of keepclear, 1.1, 1.4, 5d (RESTORING) and 5h.5",
    slip="a test is answered, and the line is taken for restored",
    lesson="A line that answers is not restored. Keys and clocks may have changed and messages "
    "were missed: only the list of the gap and both confirmations end it. What was notified "
    "before the silence and has ended since does not come back.",
    ground=Ground(silent_for=timedelta(days=396)),
    steps=(
        _step("offer", "AMBER offers", "Join the offer"),
        _step("test", "Test both ways", "Test the line"),
        _step("verify", "Keys and clocks", "Verify keys and clocks", has_slip=True),
        _step("list", "What the gap left", "Exchange what is open", has_slip=True),
        _step("confirm", "Both confirm", "Confirm: the line is up", has_slip=True),
    ),
)
