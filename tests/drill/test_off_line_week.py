"""Drill 13: a week without network; two laptops, files, mail text and a telephone.

Source: domain study of keepclear, 5h.13: logs merge without loss, hash chains verify.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from drill.conftest import COMMAND, DAY, Drill, empty, ledger_verifies
from drill.test_member_leaves import QUERY
from keepclear.cli.exercise_pair import make_pair, pair_places, running
from keepclear.cli.progress import compile_kernels_once
from keepclear.compose.machine import ExerciseClock
from keepclear.exercise.article import opening
from keepclear.exercise.article.words import ACTOR, OTHER, SECOND, act, later, text_of
from keepclear.exercise.generating import build_exercise
from keepclear.model.message_life import ActKind
from keepclear.model.text_copy import CopyState
from keepclear.peers.mail_in import FolderInbox
from keepclear.services.line.quarantine import quarantined
from keepclear.services.paper.authenticating import agree_secret, authenticate, next_of, reply
from keepclear.services.paper.bundling import take_bundle, write_bundle
from keepclear.services.paper.copies_kept import copy_of
from keepclear.services.paper.entering import Entering, enter_text
from keepclear.services.paper.mailing import take_mails
from keepclear.services.paper.writing import printed_text
from line_fixture import LINE, verified
from line_pair import Pair, Side, paired_nodes, report_at, tick_at
from messages import an_id, at, do, heard, released
from unit.services.paper.test_mailing import mail

PHONE = Entering("telephone", "duty officer", "watch")


def night(pair: Pair) -> None:
    """A day passes; both do what is due, and nothing is carried."""
    for _ in range(24):
        for side in pair.sides:
            side.clock.at += timedelta(hours=1)
            tick_at(side)


def courier(sender: Side, receiver: Side, folder: Path, day: int) -> None:
    """A file goes by courier, and is handed over twice."""
    path = folder / f"{sender.party}-{day}.keepclear"
    path.write_bytes(write_bundle(sender.node, LINE).content)
    take_bundle(receiver.node, LINE, path.read_bytes())
    again = take_bundle(receiver.node, LINE, path.read_bytes())
    assert set(again.results) <= {"duplicate"}


def test_a_week_without_network_merges_without_loss_and_both_ledgers_verify(
    tmp_path: Path,
) -> None:
    with paired_nodes(tmp_path) as pair:
        pair.look()
        pair.cut = True
        blue, amber = pair.sides
        secret, _ = agree_secret(blue.node, LINE, "")
        agree_secret(amber.node, LINE, secret)
        inbox = tmp_path / "mail"
        inbox.mkdir()

        # Monday: a flash warning by telephone; it is acted on at once, and verified.
        flash = released(blue, "M09")
        said = printed_text(blue.node, flash.stored.id).spoken_line
        by_phone = enter_text(amber.node, an_id("phone"), said, PHONE)
        do(amber, by_phone.message, ActKind.ACKNOWLEDGE)
        challenge = next_of(amber.node, by_phone.id)
        told = reply(blue.node, LINE, challenge)
        authenticate(amber.node, by_phone.id, challenge, told, role="duty officer")
        night(pair)
        assert report_at(amber).status.state.value == "lapsed"

        # Tuesday: questions by mail text; one of them with a wrong digit on the way.
        query = released(blue, "M16", fields={"answer_by": "2026-03-30T04:00:00Z"})
        text = printed_text(blue.node, query.stored.id).line
        (inbox / "1.eml").write_bytes(mail(text).as_bytes())
        (inbox / "2.eml").write_bytes(mail(text.replace("KC1 M16", "KC1 M15")).as_bytes())
        taken = take_mails(amber.node, FolderInbox(inbox))
        assert (len(taken.texts), len(taken.refused)) == (1, 1)
        night(pair)

        # Wednesday: BLUE's courier; Thursday: AMBER's, with receipts and its own messages.
        courier(blue, amber, tmp_path, 3)
        night(pair)
        amber_query = released(amber, "M17")
        do(amber, flash.stored.id, ActKind.READBACK, heard=heard(at(amber, flash.stored.id)))
        courier(amber, blue, tmp_path, 4)
        assert at(blue, flash.stored.id).life.acknowledged_by == "duty officer"
        assert at(blue, flash.stored.id).life.read_back_at is not None
        night(pair)

        # Friday: one of two bundles is lost; the next names the gap, and a third fills it.
        lost = released(blue, "M20")
        write_bundle(blue.node, LINE)
        night(pair)
        courier(blue, amber, tmp_path, 6)
        courier(amber, blue, tmp_path, 7)

        with amber.node.store.view() as view:
            copies = [copy_of(view, each) for each in (by_phone.id, taken.texts[0])]
            assert [each.state for each in copies] == [CopyState.MATCHED] * 2
            assert len(quarantined(view)) == 1
        for one in (flash, query, lost):
            assert at(amber, one.stored.id).life.delivered_at is not None
        assert at(blue, amber_query.stored.id).life.delivered_at is not None

        # The network is back: nothing is new twice, and nothing is missing.
        pair.cut = False
        pair.carry()
        require_whole(pair)


def require_whole(pair: Pair) -> None:
    """What one sent the other has, byte for byte, and both ledgers hold what they proved."""
    for side, other in ((pair.blue, pair.amber), (pair.amber, pair.blue)):
        assert came(other) == side.sent()
        assert "line tampered" not in side.kinds()
    verified(*pair.sides)


def came(side: Side) -> list[bytes]:
    with side.node.store.view() as view:
        newest = view.streams(LINE, outgoing=False)[-1].epoch
        found = view.envelopes_between(LINE, outgoing=False, epoch=newest, first=1, last=10_000)
    return [each.content for each in found]


WARNING = {
    "subject": "two fast aircraft",
    "position": "35 24 04N 035 56 55E",
    "requested_action": "turn away now",
    "radio_tried": True,
}


def test_the_folders_of_two_nodes_that_no_network_joins_hold_one_week_by_files_alone(
    tmp_path: Path,
) -> None:
    """Two processes, two folders; what goes between them is a file that somebody carries."""
    with unjoined_nodes(tmp_path) as drill:
        for party in ("BLUE", "AMBER"):
            opening.man(drill.stage, party)
        warning = written(drill, "BLUE", "M09", WARNING)
        drill.pass_time(days=1)
        assert taken(drill, carried(drill, "BLUE", tmp_path, 1)) == {"taken"}
        act(drill.stage, "AMBER", warning, "acknowledge")
        question = written(drill, "AMBER", "M16", query(drill))
        drill.pass_time(days=2)
        assert drill.state("BLUE") == drill.state("AMBER") == "lapsed"
        assert taken(drill, carried(drill, "AMBER", tmp_path, 3)) == {"taken"}
        assert acts(drill, "BLUE", warning) >= {"acknowledge"}

        # A file is lost on the way, another is cut short and a third handed over twice.
        lost = written(drill, "BLUE", "M16", query(drill))
        carried(drill, "BLUE", tmp_path, 4)
        drill.pass_time(days=1)
        act(drill.stage, "BLUE", question, "acknowledge")
        path = carried(drill, "BLUE", tmp_path, 5)
        short = path.with_name("short.keepclear")
        short.write_bytes(path.read_bytes()[:-200])
        assert keepclear(drill, "AMBER", "import", "AMBER-BLUE", str(short)).returncode != 0
        assert taken(drill, path) == {"taken"}
        assert taken(drill, path) == {"duplicate"}
        drill.pass_time(days=3)
        assert taken(drill, carried(drill, "AMBER", tmp_path, 7)) <= {"taken", "duplicate"}

        # What either wrote, both hold alike, and nothing else.
        blue, amber = (held(drill, party) for party in ("BLUE", "AMBER"))
        assert {warning, question, lost} <= set(blue)
        assert blue == amber
        assert acts(drill, "AMBER", question) >= {"acknowledge"}
    for place in drill.places.values():
        assert ledger_verifies(place.folder)


@contextmanager
def unjoined_nodes(folder: Path) -> Iterator[Drill]:
    """Two nodes that know each other, each where the other does not look for it."""
    exercise = empty(build_exercise(DAY))
    clock = ExerciseClock(exercise.now - timedelta(minutes=1))
    places = pair_places(folder, {"BLUE": 0, "AMBER": 0})
    compile_kernels_once()
    make_pair(exercise, places, clock)
    clock.turn_to(exercise.now)
    elsewhere = {party: place._replace(peers_port=0) for party, place in places.items()}
    with running(elsewhere, clock) as stage:
        yield Drill(stage, elsewhere)


def written(drill: Drill, party: str, code: str, fields: dict[str, Any]) -> str:
    """A message that a party's watch released; its id."""
    name = drill.stage.new_id()
    draft = {"code": code, "line": "AMBER-BLUE", "fields": fields}
    drill.stage.put(party, f"/messages/{name}", draft, is_new=True, actor=ACTOR[party])
    act(drill.stage, party, name, "release", second=SECOND)
    return name


def query(drill: Drill) -> dict[str, Any]:
    observed, by = drill.stage.now(), later(drill.stage, days=20)
    return {**QUERY, "observed_at": text_of(observed), "answer_by": text_of(by)}


def keepclear(drill: Drill, party: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What the command says at a party's node."""
    folder = str(drill.places[party].folder.path)
    command = [*COMMAND, "line", *words, "--json", "--node", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def carried(drill: Drill, sender: str, folder: Path, day: int) -> Path:
    """The file that a party's node wrote, in the hands of the other."""
    path = folder / f"{sender}-{day}.keepclear"
    done = keepclear(drill, sender, "export", "AMBER-BLUE", "--output", str(path))
    assert done.returncode == 0, done.stderr
    return path


def taken(drill: Drill, path: Path) -> set[str]:
    """What became of a file's envelopes at the other party's node."""
    receiver = OTHER[path.stem.partition("-")[0]]
    done = keepclear(drill, receiver, "import", "AMBER-BLUE", str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["missing"] == []
    return set(told["results"])


def acts(drill: Drill, party: str, message: str) -> set[str]:
    return {each["act"] for each in drill.message(party, message)["life"]["history"]}


def held(drill: Drill, party: str) -> dict[str, Any]:
    """Every message at a party's node, word for word."""
    items = drill.stage.get(party, "/messages", limit="200")["items"]
    return {each["id"]: each["document"] for each in items}
