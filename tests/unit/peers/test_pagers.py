from __future__ import annotations

import smtplib
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from keepclear.errors import InvalidInput, PeerSilent, PeerTrouble
from keepclear.peers.pager_command import CommandPager
from keepclear.peers.pager_mail import Encryption, MailPager, MailServer


def program(folder: Path, text: str) -> list[str]:
    path = folder / "program.py"
    path.write_text(text)
    return [sys.executable, str(path)]


def test_the_program_gets_the_level_and_the_text_and_no_shell(tmp_path: Path) -> None:
    told = tmp_path / "told"
    writes = f"import sys; open({str(told)!r}, 'w').write(sys.argv[-1] + sys.stdin.read())"
    CommandPager(program(tmp_path, writes)).page(1, "EXERCISE $(touch x); `id` EXERCISE")
    assert told.read_text() == "1EXERCISE $(touch x); `id` EXERCISE\n"


def test_a_program_that_fails_is_missing_or_takes_too_long_is_told(tmp_path: Path) -> None:
    fails = CommandPager(program(tmp_path, "import sys; sys.exit('no gateway')"))
    with pytest.raises(PeerTrouble, match="no gateway"):
        fails.page(0, "text")
    with pytest.raises(PeerTrouble, match="could not be started"):
        CommandPager(["/no/such/program"]).page(0, "text")
    waits = program(tmp_path, "import signal; signal.pause()")
    with pytest.raises(PeerSilent):
        CommandPager(waits, longest_s=0.3).page(0, "text")


@contextmanager
def mail_server(*, knows_starttls: bool = False) -> Iterator[tuple[int, list[str]]]:
    """A mail server that takes one mail, and keeps what it was told."""
    told: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rwb") as way:

            def say(text: str) -> None:
                way.write(text.encode() + b"\r\n")
                way.flush()

            say("220 here")
            is_data = False
            for raw in way:
                line = raw.decode().rstrip("\r\n")
                told.append(line)
                if is_data:
                    is_data = line != "."
                    if not is_data:
                        say("250 taken")
                elif line.upper().startswith("EHLO"):
                    say("250-here\r\n250 STARTTLS" if knows_starttls else "250 here")
                elif line.upper() == "DATA":
                    is_data = True
                    say("354 go on")
                elif line.upper() == "QUIT":
                    say("221 bye")
                    return
                else:
                    say("250 fine")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], told
    finally:
        listening.close()
        thread.join(timeout=5)


def test_a_mail_goes_to_everybody_up_to_the_level() -> None:
    with mail_server() as (port, told):
        server = MailServer("127.0.0.1", port, "node@blue.example", Encryption.NONE)
        addresses = {0: ("watch@blue.example",), 1: ("senior@blue.example",), 2: ("top@blue",)}
        MailPager(server, addresses).page(1, "EXERCISE FLASH M09 EXERCISE")
    recipients = [line for line in told if line.lower().startswith("rcpt")]
    assert len(recipients) == 2
    assert not any("top@blue" in line for line in told)
    assert "EXERCISE FLASH M09 EXERCISE" in told


def test_nothing_is_sent_where_the_asked_encryption_is_not_to_be_had() -> None:
    with mail_server() as (port, told):
        server = MailServer("127.0.0.1", port, "node@blue.example", Encryption.STARTTLS, "u", "p")
        with pytest.raises(PeerTrouble):
            MailPager(server, {0: ("watch@blue.example",)}).page(0, "text")
    assert not any(line.upper().startswith(("MAIL", "AUTH", "DATA")) for line in told)


def test_mail_in_the_open_goes_to_this_machine_alone() -> None:
    with pytest.raises(InvalidInput):
        MailServer("mail.example", 25, "node@blue.example", Encryption.NONE)


def test_a_server_that_does_not_answer_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    server = MailServer("127.0.0.1", port, "node@blue.example", Encryption.NONE)
    with pytest.raises(PeerSilent):
        MailPager(server, {0: ("watch@blue.example",)}).page(0, "text")
    with pytest.raises(PeerTrouble, match="no address"):
        MailPager(server, {}).page(2, "text")
    assert issubclass(smtplib.SMTPException, OSError)
