"""`keepclear message text|enter|authenticate|judge`: messages on paper and by voice."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from keepclear.cli.exit_codes import DONE, ExitCode
from keepclear.cli.node_option import asks_node
from keepclear.cli.parameters import PATH

_takes_id = click.argument("message_id", metavar="ID", type=click.UUID)
_takes_role = click.option(
    "--role", default="duty officer", show_default=True, help="As what you are on duty."
)
_MEANS = ("telephone", "radio", "e-mail", "courier", "intermediary")


@click.command("text")
@_takes_id
@click.option("--voice", is_flag=True, help="The line without the id, to be read aloud.")
@click.option("--aloud", type=click.Choice(("en", "ru")), help="As it is read, in a language.")
@click.option("--html", "html_path", type=PATH, help="Write a sheet to be printed.")
@click.option("--mail", is_flag=True, help="Mail it to the other party.")
@asks_node
def text(
    *,
    folder: Path,
    as_json: bool,
    message_id: object,
    voice: bool,
    aloud: str | None,
    html_path: Path | None,
    mail: bool,
) -> int:
    """Print a released message as one text line with its check word."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    path = f"/messages/{message_id}"
    with node_client(folder) as node:
        if mail:
            click.echo(f"mailed to {node.ask('POST', f'{path}/mail').json()['to']}")
            return DONE
        if html_path is not None:
            html_path.write_bytes(node.ask("GET", f"{path}/text-sheet").content)
            click.echo(f"written: {html_path}")
            return DONE
        told = node.get(f"{path}/text")
        if as_json:
            print_json(told)
        elif aloud is None:
            _say(told["spoken_line"] if voice else told["line"])
        else:
            _print_aloud(told, aloud)
    return DONE


@click.command("enter")
@click.argument("document_path", metavar="[FILE]", type=PATH, required=False)
@click.option(
    "--by",
    type=click.Choice(_MEANS),
    default="telephone",
    show_default=True,
    help="By which means it came.",
)
@click.option("--language", default="en", show_default=True, help="In which it was heard.")
@click.option("--id", "copy_id", type=click.UUID, help="Its id; else a new one.")
@click.option("--read", "is_reading", is_flag=True, help="Only read it; enter nothing.")
@_takes_role
@asks_node
def enter(
    *,
    folder: Path,
    as_json: bool,
    document_path: Path | None,
    by: str,
    language: str,
    copy_id: object,
    is_reading: bool,
    role: str,
) -> int:
    """Enter a text line from FILE, or from standard input, as a copy that nobody signed.

    M09 and M10 are acted on at once; any other waits for `message authenticate`.
    """
    from keepclear import compose
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    line = sys.stdin.read() if document_path is None else document_path.read_text("utf-8")
    with node_client(folder) as node:
        if is_reading:
            told = node.ask("POST", "/text-readings", document={"text": line}).json()
        else:
            name = str(copy_id or compose.entropy().new_id())
            entered = {"text": line, "by": by, "language": language, "role": role}
            told = node.ask("PUT", f"/texts/{name}", document=entered).json()
        if as_json:
            print_json(told)
        else:
            _print_copy(told)
    return DONE


@click.command("authenticate")
@click.argument("copy_id", metavar="TEXT", type=click.UUID)
@click.argument("challenge", required=False)
@click.argument("reply", required=False)
@_takes_role
@asks_node
def authenticate(
    *,
    folder: Path,
    as_json: bool,
    copy_id: object,
    challenge: str | None,
    reply: str | None,
    role: str,
) -> int:
    """Say what was REPLIED to a CHALLENGE; without them, print the challenge to put next.

    The exit code is 1 where the reply is not on the card.
    """
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    with node_client(folder) as node:
        if challenge is None or reply is None:
            told = node.get(f"/texts/{copy_id}")
            click.echo(told["challenge"] or "nothing to put: no secret, or no need")
            return DONE
        document = {"challenge": challenge, "reply": reply, "role": role}
        told = node.ask("PUT", f"/texts/{copy_id}/authentication", document=document).json()
        if as_json:
            print_json(told)
        else:
            _print_copy(told)
        return DONE if told["challenges"][-1]["held"] else ExitCode.CONFLICT


@click.command("judge")
@_takes_id
@click.option("--draft", "is_drafting", is_flag=True, help="Draft the formal answer.")
@asks_node
def judge(*, folder: Path, as_json: bool, message_id: object, is_drafting: bool) -> int:
    """Say whether a notice suffices by the agreement; the exit code is 1 where it does not."""
    from keepclear.cli.node_client import node_client
    from keepclear.cli.node_output import print_json

    path = f"/messages/{message_id}/judgement"
    with node_client(folder) as node:
        if is_drafting:
            node.ask("PUT", f"{path}/answer")
        told = node.get(path)
        if as_json:
            print_json(told)
        else:
            _say(f"{told['score']}: {told['code']} of {told['designator']}, {told['agreement']}")
            for each in told["findings"]:
                _say(f"{each['kind']}: {each['reason']}")
            if told["answer"]:
                _say(f"draft: {told['answer']}")
    return ExitCode.CONFLICT if told["findings"] else DONE


def _print_copy(told: dict[str, Any]) -> None:
    for line in told["printed"]:
        _say(line)
    for doubt in told["doubts"]:
        _say(f"doubt: {doubt}")
    if "state" not in told:
        return
    for each in told["differences"]:
        _say(f"differs: {each['label']}: copied {each['copied']}, signed {each['sent']}")
    _say(f"{told['id']}: {told['state']}")
    if told["challenge"]:
        _say(f"put the challenge {told['challenge']}")


def _print_aloud(told: dict[str, Any], language: str) -> None:
    (found,) = [each for each in told["aloud"] if each["language"] == language]
    for mark in filter(None, (found["mark"],)):
        _say(mark)
    for each in found["sentences"]:
        _say(f"{'> ' if each['read_back'] else ''}{each['text']}")
    for mark in filter(None, (found["mark"],)):
        _say(mark)


def _say(words: str) -> None:
    """Texts of others are printed: nothing in them may steer the terminal."""
    from keepclear.reports.wording import plain

    click.echo(plain(words, 200_000))
