"""`keepclear init`: a whole node or none, its secrets open to its owner alone."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from keepclear.cli.exit_codes import ExitCode
from keepclear.cli.main import main
from keepclear.compose.folder import NodeFolder
from keepclear.compose.keys import read_keys
from keepclear.errors import StoreFull
from keepclear.identity.keys import PartyRoot

BLUE = ("--party", "BLUE", "--mode", "EXERCISE")


def init(folder: Path, *arguments: str) -> int:
    return main(["init", "--node", str(folder), *(arguments or BLUE)])


def test_a_new_node_is_open_to_its_owner_alone(made_node: Path) -> None:
    files = [path for path in made_node.rglob("*") if path.is_file()]
    assert {"keepclear.toml", "store.sqlite", "token", "node.key", "node.cert.json"} <= {
        path.name for path in files
    }
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [made_node, *(path for path in made_node.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_what_to_compare_by_voice_and_to_do_next_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert init(tmp_path / "node") == 0
    out = capsys.readouterr().out
    keys = read_keys(NodeFolder(tmp_path / "node"))
    root = PartyRoot.from_pem((tmp_path / "node" / "keys" / "root.key").read_bytes())
    assert root.fingerprint in out
    assert keys.node.fingerprint in out
    assert "keepclear serve" in out
    assert (out.split()[0], out.split()[-1]) == ("EXERCISE", "EXERCISE")


def test_no_secret_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init(tmp_path / "node")
    out, err = capsys.readouterr()
    assert (tmp_path / "node" / "token").read_text().strip() not in out + err
    assert "PRIVATE" not in out + err


@pytest.mark.parametrize(
    ("mode", "chosen", "kind"),
    [
        ("EXERCISE", (), "integrated"),
        ("REAL", (), "terminal"),
        ("REAL", ("--kind", "integrated"), "integrated"),
    ],
)
def test_a_real_node_is_a_terminal_unless_told_otherwise(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    mode: str,
    chosen: tuple[str, ...],
    kind: str,
) -> None:
    assert init(tmp_path / "node", "--party", "BLUE", "--mode", mode, *chosen) == 0
    assert f"BLUE's {kind} node" in capsys.readouterr().out


def test_a_node_is_never_made_over_another(node: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in node.rglob("*") if path.is_file()}
    assert init(node) == ExitCode.BAD_INPUT
    assert "there is a node in" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in node.rglob("*") if path.is_file()} == before


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear all")
    assert init(tmp_path) == ExitCode.BAD_INPUT
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_may_become_a_node(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    folder.mkdir(mode=0o755)
    assert init(folder) == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("existed", [True, False], ids=["an empty folder", "no folder"])
def test_a_failure_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existed: bool
) -> None:
    folder = tmp_path / "node"
    if existed:
        folder.mkdir()

    def full(*_: object, **__: object) -> None:
        raise StoreFull("no room")

    monkeypatch.setattr("keepclear.compose.making.make_store", full)
    assert init(folder) == ExitCode.INTERNAL_ERROR
    assert folder.exists() is existed
    assert not existed or list(folder.iterdir()) == []


def test_a_broken_off_attempt_is_no_node_and_is_made_anew(
    tmp_path: Path, made_node: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = NodeFolder(tmp_path / "node")
    folder.path.mkdir()
    folder.unfinished.write_text("")
    folder.store.write_bytes((made_node / "store.sqlite").read_bytes()[:5_000])
    assert main(["op", "list", "--node", str(folder.path)]) == ExitCode.BAD_INPUT
    assert "there is no node" in capsys.readouterr().err
    assert init(folder.path) == 0
    assert folder.is_node


def test_an_unusable_agreement_makes_no_node(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "agreement.toml").write_text("[agreement")
    assert (
        init(tmp_path / "node", *BLUE, "--agreement", str(tmp_path / "agreement.toml"))
        == ExitCode.BAD_INPUT
    )
    assert "agreement" in capsys.readouterr().err
    assert not (tmp_path / "node").exists()


def test_an_agreement_of_the_other_mode_makes_no_node(
    node: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    agreement = ("--agreement", str(tmp_path / "agreement.toml"))
    assert init(tmp_path / "real", "--party", "BLUE", "--mode", "REAL", *agreement) == 3
    assert "mode-mismatch" in capsys.readouterr().err
    assert not (tmp_path / "real").exists()


def test_a_party_with_a_root_certifies_its_next_node_with_it(
    node: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = node / "keys" / "root.key"
    assert init(tmp_path / "second", *BLUE, "--root", str(root)) == 0
    out = capsys.readouterr().out
    assert PartyRoot.from_pem(root.read_bytes()).fingerprint in out
    assert not (tmp_path / "second" / "keys" / "root.key").exists()
    first, second = (read_keys(NodeFolder(f)) for f in (node, tmp_path / "second"))
    assert first.root_public_key == second.root_public_key
    assert first.node.key_id != second.node.key_id


@pytest.mark.parametrize("missing", ["--party", "--mode"])
def test_party_and_mode_are_never_guessed(tmp_path: Path, missing: str) -> None:
    given = [
        part
        for pair in zip(BLUE[::2], BLUE[1::2], strict=True)
        if pair[0] != missing
        for part in pair
    ]
    assert init(tmp_path / "node", *given) == ExitCode.BAD_INPUT
    assert not (tmp_path / "node").exists()
