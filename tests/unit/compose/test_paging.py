"""The pager is what the settings say, and settings that would wake nobody are refused."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from keepclear.compose.paging import pager_of
from keepclear.config import Config, read_config
from keepclear.errors import InvalidInput
from keepclear.peers.pager_mail import MailPager


def config(text: str, **environment: str) -> Config:
    return read_config(text.encode(), name="keepclear.toml", environment=environment)


def test_without_settings_nobody_is_woken() -> None:
    assert pager_of(Config()) is None


def test_a_command_is_run_with_level_and_text(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    script = (
        "import sys,pathlib; pathlib.Path(sys.argv[1]).write_text(sys.argv[2]+sys.stdin.read())"
    )
    told = [sys.executable, "-c", script, str(heard)]
    pager = pager_of(config(f"[pager]\ncommand = {told!r}"))
    assert pager is not None
    pager.page(1, "EXERCISE nobody answers EXERCISE")
    assert heard.read_text() == "1EXERCISE nobody answers EXERCISE\n"


def test_mail_goes_through_the_server_of_the_settings() -> None:
    text = '[pager]\nmail_host = "mail.example"\nmail_sender = "n@e"\nmail_top = ["c@e"]'
    assert isinstance(pager_of(config(text)), MailPager)


@pytest.mark.parametrize(
    "text",
    [
        'mail_host = "mail.example"',
        'mail_host = "mail.example"\nmail_sender = "node@example"',
        'mail_host = "h.e"\nmail_sender = "n@e"\nmail_top = ["c@e"]\nmail_encryption = "none"',
    ],
)
def test_settings_that_would_wake_nobody_or_go_in_the_open_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        pager_of(config(f"[pager]\n{text}"))


def test_settings_may_come_from_the_environment() -> None:
    told = config("", KEEPCLEAR_PAGER_MAIL_WATCH="a@e, b@e")
    assert told.pager.mail_watch == ("a@e", "b@e")
