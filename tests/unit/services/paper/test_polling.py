"""The inbox is read by itself; a mailbox that does not answer is told, and tried less often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from keepclear.compose.bell import Bell
from keepclear.compose.line_running import line_running
from keepclear.compose.mail_running import mail_running
from keepclear.peers.mail_in import FolderInbox
from keepclear.peers.node import NodePeers
from keepclear.services.line.alarms import AlarmLevel, alarms
from keepclear.services.line.ticking import tick
from keepclear.services.paper.mailbox_kept import INBOX, is_to_be_read, trouble
from keepclear.services.paper.mailing import take_mails
from keepclear.services.paper.polling import backoff_s, begin_polling, poll
from keepclear.services.paper.writing import printed_text
from line_fixture import verified
from line_pair import Pair, Side, paired_nodes
from meanwhile import before_writing
from messages import released

EVERY_S = 60.0


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.look()
        made.cut = True
        yield made
        verified(made.blue, made.amber)


def posted(pair: Pair, folder: Path) -> None:
    """A text of BLUE, as a mail in AMBER's folder."""
    folder.mkdir(exist_ok=True)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "watch@blue.example", "text"
    mail.set_content(printed_text(pair.blue.node, released(pair.blue, "M09").stored.id).line)
    (folder / "1.eml").write_bytes(mail.as_bytes())


def is_due(side: Side) -> bool:
    """Whether the inbox is to be read, once what is due was done."""
    tick(side.node, side.clock.now())
    with side.node.store.view() as view:
        return is_to_be_read(view)


def turned(pair: Pair, seconds: float) -> bool:
    pair.turn(minutes=seconds / 60.0)
    return is_due(pair.amber)


def mailbox_alarms(side: Side) -> list[tuple[AlarmLevel, str]]:
    return [(each.level, each.text) for each in alarms(side.node) if each.about == INBOX]


def test_the_inbox_is_read_at_its_interval_and_not_between(pair: Pair, tmp_path: Path) -> None:
    inbox = FolderInbox(tmp_path / "mail")
    posted(pair, tmp_path / "mail")
    begin_polling(pair.amber.node, EVERY_S)
    assert is_due(pair.amber)
    told = poll(pair.amber.node, inbox, EVERY_S)
    assert told is not None
    assert len(told.texts) == 1
    assert not is_due(pair.amber)
    assert not turned(pair, 30.0)
    assert turned(pair, 31.0)


def test_a_mailbox_that_cannot_be_reached_is_told_until_it_answers(
    pair: Pair, tmp_path: Path
) -> None:
    node, folder = pair.amber.node, tmp_path / "gone"
    inbox = FolderInbox(folder)
    begin_polling(node, EVERY_S)
    assert is_due(pair.amber)
    assert poll(node, inbox, EVERY_S) is None
    ((level, text),) = mailbox_alarms(pair.amber)
    assert level is AlarmLevel.ADVISORY
    assert "there is no folder" in text
    while pair.amber.clock.now() - begun(pair.amber) < timedelta(minutes=16):
        if turned(pair, 30.0):
            assert poll(node, inbox, EVERY_S) is None
    ((level, _),) = mailbox_alarms(pair.amber)
    assert level is AlarmLevel.WARNING
    posted(pair, folder)
    told = poll(node, inbox, EVERY_S)
    assert told is not None
    assert len(told.texts) == 1
    assert mailbox_alarms(pair.amber) == []
    kinds = pair.amber.kinds()
    assert (kinds.count("mailbox silent"), kinds.count("mailbox answers")) == (1, 1)


def begun(side: Side) -> datetime:
    with side.node.store.view() as view:
        since = trouble(view).since
    assert since is not None
    return since


def test_waits_double_up_to_an_hour_and_never_fall_below_the_interval(
    pair: Pair, tmp_path: Path
) -> None:
    begin_polling(pair.amber.node, EVERY_S)
    tried = []
    for minute in range(40):
        if is_due(pair.amber):
            tried.append(minute)
            poll(pair.amber.node, FolderInbox(tmp_path / "gone"), EVERY_S)
        pair.turn(minutes=1)
    assert tried == [0, 1, 2, 4, 8, 16, 32]
    assert backoff_s(EVERY_S, 1e9) == 3_600.0
    assert backoff_s(7_200.0, 60.0) == 7_200.0


def test_a_reading_that_never_ended_is_asked_for_again(pair: Pair) -> None:
    begin_polling(pair.amber.node, EVERY_S)
    assert is_due(pair.amber)  # and the process that would read it stops
    pair.turn(minutes=11)
    assert is_due(pair.amber)


def test_without_an_interval_nothing_is_read_and_an_old_alarm_ends(
    pair: Pair, tmp_path: Path
) -> None:
    begin_polling(pair.amber.node, EVERY_S)
    poll(pair.amber.node, FolderInbox(tmp_path / "gone"), EVERY_S)
    begin_polling(pair.amber.node, 0.0)
    assert mailbox_alarms(pair.amber) == []
    assert not turned(pair, 86_400.0)


def test_a_serving_node_reads_its_mail_by_itself(pair: Pair, tmp_path: Path) -> None:
    posted(pair, tmp_path / "mail")
    bell = Bell()
    inbox = FolderInbox(tmp_path / "mail")
    node = replace(pair.amber.node, inbox=inbox, ring=bell.ring)

    ear = bell.ear()
    peers = NodePeers()
    with line_running(node, bell, peers), mail_running(node, bell, EVERY_S):
        for _ in range(100):
            ear.wait(0.2)
            ear.clear()
            if "text entered" in pair.amber.kinds():
                break
    peers.close()
    assert "text entered" in pair.amber.kinds()
    assert (tmp_path / "mail" / "seen" / "1.eml").exists()


def test_a_person_who_reads_the_folder_at_the_same_moment_makes_no_trouble(
    pair: Pair, tmp_path: Path
) -> None:
    inbox, node = FolderInbox(tmp_path / "mail"), pair.amber.node
    posted(pair, tmp_path / "mail")
    for name in ("2.eml", "3.eml"):
        (tmp_path / "mail" / name).write_bytes(b"Subject: nothing\n\nnothing\n")
    beside = before_writing(node, lambda: take_mails(node, inbox, actor="somebody"))
    told = poll(beside, inbox, EVERY_S)
    assert told is not None
    assert told.mails == 1
    assert mailbox_alarms(pair.amber) == []
