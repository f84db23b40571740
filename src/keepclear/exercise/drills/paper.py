"""The drill of a week without the network: a telephone, a courier, files.

Source: domain study of keepclear, 0.1, 5h.13 and 5i.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from keepclear.errors import KeepclearError
from keepclear.exercise.article.words import ACTOR, DUTY, LINE, SECOND, act, text_of
from keepclear.exercise.drills.acting import does, nothing, puts, soon
from keepclear.exercise.drills.debrief import Seen
from keepclear.exercise.drills.drill import (
    COUNTERPART,
    TRAINEE,
    Drill,
    DrillStep,
    Expected,
    Ground,
    Scene,
)
from keepclear.exercise.drills.records import acknowledged, entered, entries, moment
from keepclear.exercise.drills.times import acknowledging, at_most

_FLASH = {
    "subject": "two helicopters",
    "position": "35.7100N 035.9500E",
    "band": "FL010-FL030",
    "requested_action": "hold north of the river",
    "radio_tried": True,
}


def _released(scene: Scene, key: str, code: str, fields: Mapping[str, object]) -> str:
    """Have AMBER release a message that no network carries; its id."""
    scene.made[f"{key} waits"] = name = scene.stage.new_id()
    draft = {"code": code, "line": LINE, "fields": fields}
    scene.stage.put(COUNTERPART, f"/messages/{name}", draft, is_new=True, actor=ACTOR[COUNTERPART])
    act(scene.stage, COUNTERPART, name, "release", second=SECOND)
    return name


def _reads_out(scene: Scene) -> str:
    name = _released(scene, "spoken", "M09", _FLASH)
    scene.made["text"] = scene.stage.get(COUNTERPART, f"/messages/{name}/text")["spoken_line"]
    return f"No network. AMBER calls by telephone and reads out: {scene.made['text']}"


def _text_entered(scene: Scene) -> Seen | None:
    for each in scene.stage.get(TRAINEE, "/texts")["items"]:
        return Seen(moment(each["entered_at"]))
    return None


def _enters(scene: Scene, text: str) -> None:
    body = {"text": text, "by": "telephone", "role": DUTY}
    puts(scene, f"/texts/{scene.stage.new_id()}", body)


def _types_it(scene: Scene) -> None:
    _enters(scene, scene.made["text"])


def _mistypes_it(scene: Scene) -> None:
    _enters(scene, scene.made["text"].replace("35.7100N", "35.7900N"))


def _sends_courier(scene: Scene) -> str:
    question = {
        "facts": "Two aircraft crossed the river.",
        "observed_at": text_of(soon(scene, hours=-1)),
        "place": "the ford",
        "question": "Are they yours?",
        "answer_by": text_of(soon(scene, hours=24)),
    }
    _released(scene, "question", "M16", question)
    content = scene.stage.bundle(COUNTERPART, LINE)
    path = scene.stage.lay_out("from-amber.keepclear", content)
    scene.made["file"] = path
    node = scene.stage.folder(TRAINEE)
    return f"A courier brings AMBER's file. keepclear line import {LINE} {path} --node {node}"


def _takes_file(scene: Scene) -> None:
    scene.stage.take_bundle(TRAINEE, LINE, Path(scene.made["file"]).read_bytes())


def _knows_question(scene: Scene) -> str:
    """Once the file is taken in, the question in it is a message like any other."""
    try:
        scene.stage.get(TRAINEE, f"/messages/{scene.made['question waits']}")
    except KeepclearError:
        return "The file was not taken in, so the question in it is not here."
    scene.made["question"] = scene.made["question waits"]
    return "What the file held is here: AMBER asks a question (M16)."


def _asks_for_file(scene: Scene) -> str:
    node = scene.stage.folder(TRAINEE)
    return f"The courier waits. keepclear line export {LINE} -o FILE --node {node}"


def _writes_file(scene: Scene) -> None:
    scene.stage.bundle(TRAINEE, LINE)


def _carries(scene: Scene) -> str:
    if next(entries(scene, "line bundle written"), None) is None:
        return "The courier goes back with nothing."
    told = scene.stage.take_bundle(COUNTERPART, LINE, scene.stage.bundle(TRAINEE, LINE))
    taken = sum(told["results"].values())
    return f"The courier is back at AMBER: {taken} envelopes, {told['settled']} receipts."


OFF_LINE_WEEK = Drill(
    name="off-line-week",
    title="A week without the network",
    briefing="The real line was a telephone, two linguists and a commercial mail account. For a "
    "week you have a telephone and a courier: take a flash message by voice, take in the file "
    "the courier brings, and send back what they must know.",
    source="domain study of keepclear, 0.1, 5h.13 and 5i",
    slip="a digit is mistyped, and no file goes back",
    lesson="The check word covers the whole line: one wrong digit and it is refused; ask for it "
    "again. What is typed is a copy nobody signed until the file comes. A file that is taken in "
    "and not answered by one leaves the other side without a receipt.",
    ground=Ground(is_cut=True),
    steps=(
        DrillStep(
            title="A flash message by telephone",
            todo="Paper, or `keepclear message enter`: type the line exactly as it was read to "
            "you; the check word tells whether you did.",
            act=_reads_out,
            expected=Expected(
                "Enter the line as it was read",
                at_most(minutes=3),
                "readback, FLASH",
                _text_entered,
            ),
            right=_types_it,
            wrong=_mistypes_it,
        ),
        DrillStep(
            title="A courier brings a file",
            todo="Take the file in by the command below. What is in it was signed by AMBER.",
            act=_sends_courier,
            expected=Expected(
                "Take the file in",
                at_most(minutes=15),
                "the drill's own",
                entered("line bundle taken"),
            ),
            right=_takes_file,
        ),
        DrillStep(
            title="A question was in it",
            todo="Messages: acknowledge M16, as if it had come over the network.",
            act=_knows_question,
            expected=Expected(
                "Acknowledge the question",
                acknowledging("question"),
                "acknowledge, PRIORITY",
                acknowledged("question"),
            ),
            right=does("question", "acknowledge"),
        ),
        DrillStep(
            title="The courier goes back",
            todo="Write the file that goes back by the command below: acknowledgements and "
            "receipts are in it.",
            act=_asks_for_file,
            expected=Expected(
                "Write the file that goes back",
                at_most(minutes=30),
                "the drill's own",
                entered("line bundle written"),
            ),
            right=_writes_file,
            wrong=nothing,
            after=_carries,
        ),
    ),
)
