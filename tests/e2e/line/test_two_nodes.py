"""Two processes in contact: what one side's people release reaches the other side's, once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.line.pairs import Party, made_pair, until
from e2e.node.processes import Node


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Party, Party]:
    """Two nodes in contact; never served, never changed."""
    return made_pair(tmp_path_factory.mktemp("pair"))


@pytest.fixture
def pair(made: tuple[Party, Party], tmp_path: Path) -> Iterator[tuple[Party, Party]]:
    """A copy of them for the test alone."""
    blue, amber = (
        Party(
            Node(Path(shutil.copytree(side.node.folder, tmp_path / side.node.folder.name))),
            side.peers_port,
        )
        for side in made
    )
    yield blue, amber
    for side in (blue, amber):
        assert "root" in side.said("ledger", "verify", "--signatures")


def test_a_released_message_reaches_the_other_side_and_is_proved(pair: tuple[Party, Party]) -> None:
    blue, amber = pair
    with blue.node.served(*blue.options), amber.node.served(*amber.options):
        assert "the one of its card" in blue.said("peer", "ping", "AMBER")
        sent = [blue.release(), blue.release("FLASH")]
        until(lambda: amber.came() == sorted(sent))
        until(lambda: blue.waiting() == 0)
        back = amber.release()
        until(lambda: blue.came() == [back])
        listed = blue.said("ledger", "show", "--json")
    assert "line receipt kept" in listed


def test_what_was_released_while_the_other_side_was_away_is_there_once_it_is_back(
    pair: tuple[Party, Party],
) -> None:
    blue, amber = pair
    with blue.node.served(*blue.options):
        sent = [blue.release() for _ in range(5)]
        with amber.node.served(*amber.options):
            until(lambda: amber.came() == sorted(sent))
            until(lambda: blue.waiting() == 0)


@pytest.mark.parametrize("victim", [0, 1])
def test_a_kill_of_either_node_loses_no_message_and_repeats_none(
    pair: tuple[Party, Party], victim: int
) -> None:
    blue, amber = pair
    killed, other = pair[victim], pair[1 - victim]
    sent: list[str] = []
    with other.node.served(*other.options):
        for _ in range(3):
            with killed.node.served(*killed.options) as process:
                sent += [blue.release() for _ in range(4)]
                process.kill()
                process.wait()
            (killed.node.folder / "serving.json").unlink(missing_ok=True)
        with killed.node.served(*killed.options):
            sent.append(blue.release("FLASH"))
            until(lambda: amber.came() == sorted(sent))
            until(lambda: blue.waiting() == 0)


def test_a_restored_node_begins_a_new_epoch_and_nothing_looks_like_tampering(
    pair: tuple[Party, Party], tmp_path: Path
) -> None:
    blue, amber = pair
    backup = str(tmp_path / "blue.backup")
    with amber.node.served(*amber.options):
        with blue.node.served(*blue.options):
            sent = [blue.release()]
            until(lambda: amber.came() == sorted(sent))
            blue.said("backup", backup)
            sent.append(blue.release())
            until(lambda: amber.came() == sorted(sent))
        (blue.node.folder / "serving.json").unlink(missing_ok=True)
        blue.said("restore", backup)
        with blue.node.served(*blue.options):
            sent.append(blue.release())
            until(lambda: amber.came() == sorted(sent))
            listed = amber.said("ledger", "show", "--json")
    assert "line epoch begun" in listed
    assert "line tampered" not in listed
