"""The commands of disclosure say what they would do, and are found."""

from __future__ import annotations

import pytest

from keepclear.cli.main import main


@pytest.mark.parametrize(
    "command",
    [
        ("release", "show"),
        ("release", "give"),
        ("release", "withdraw"),
        ("op", "ask"),
        ("op", "views"),
    ],
)
def test_each_command_explains_itself(
    command: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--help"]) == 0
    assert "OPERATION" in capsys.readouterr().out


def test_asking_says_that_it_discloses(capsys: pytest.CaptureFixture[str]) -> None:
    main(["op", "ask", "--help"])
    assert "Asking discloses" in capsys.readouterr().out
