"""`keepclear check`: what of these plans comes too close to what others released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.exit_codes import OF_VERDICT
from keepclear.cli.files import require_no_input, require_report, write_file
from keepclear.cli.inputs import agreement_from, plans_from
from keepclear.cli.parameters import MODE, MOMENT, PARTY, PATH
from keepclear.errors import InvalidInput
from keepclear.model.operation import Mode

if TYPE_CHECKING:
    from keepclear.reports.subject import CheckSubject

STDOUT = Path("-")


class ManyAfterAgainst(click.Command):
    """Lets one `--against` take several files: everything up to the next option is theirs."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, `--against A B` as `--against A --against B`."""
        return super().parse_args(ctx, list(_spelled_out(args)))


def _spelled_out(arguments: Sequence[str]) -> Iterator[str]:
    taking = False
    for index, argument in enumerate(arguments):
        if argument == "--":
            yield from arguments[index:]
            return
        if argument == "--against":
            if index + 1 == len(arguments) or arguments[index + 1].startswith("-"):
                raise InvalidInput(
                    "--against names no file", remedy="Name RELEASED files after --against."
                )
            taking = True
            continue
        taking = taking and not argument.startswith("-")
        if taking:
            yield "--against"
        yield argument


@click.command("check", cls=ManyAfterAgainst)
@click.argument("plans", nargs=-1, type=PATH, metavar="PLANS...")
@click.option(
    "--against",
    "released",
    type=PATH,
    multiple=True,
    metavar="RELEASED...",
    help="Files that the other parties released; all names up to the next option.",
)
@click.option("--agreement", "agreement_path", type=PATH, required=True, help="The agreement.")
@click.option("--now", type=MOMENT, help="The moment to check for; now if left out.")
@click.option("--own", is_flag=True, help="Also compare these plans with each other.")
@click.option("--suggest", is_flag=True, help="Search the least change that mends each conflict.")
@click.option(
    "--skip-invalid",
    is_flag=True,
    help="Leave unusable features out; the answer is then at best cannot say.",
)
@click.option("--party", type=PARTY, help="Whose PLANS they are where a feature does not say.")
@click.option(
    "--against-party", type=PARTY, help="Whose RELEASED plans they are where one does not say."
)
@click.option("--mode", type=MODE, help="EXERCISE or REAL where a file does not say.")
@click.option(
    "--json",
    "json_path",
    type=PATH,
    is_flag=False,
    flag_value=STDOUT,
    metavar="[FILE|-]",
    help="Write the answer as JSON; to stdout, in place of the table, without a FILE.",
)
@click.option("--html", "html_path", type=PATH, metavar="FILE", help="Write the report page.")
def command(
    *, agreement_path: Path, json_path: Path | None, html_path: Path | None, **choices: Any
) -> int:
    """Check plans against what other parties released, under an agreement.

    PLANS and RELEASED are GeoJSON, KML, KMZ or CSV files. Name PLANS first.

    Exit codes: 0 no conflict found, 1 conflict, 2 cannot say, 3 bad input or usage.
    """
    question = Question(agreement=agreement_path, **choices)
    _require_usable(question)
    for path in (json_path, html_path):
        if path is not None and path != STDOUT:
            require_no_input(path, (*question.plans, *question.released, agreement_path))
            require_report(path)
    subject = answered(question)
    _write(subject, json_path, html_path)
    if not question.released and json_path != STDOUT:
        mode = subject.report.mode
        click.echo(f"{mode}: compared with each other alone, with no other party's plans: {mode}")
    return OF_VERDICT[subject.report.overall]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the user asked; each field is the argument or option of that name."""

    plans: tuple[Path, ...]
    released: tuple[Path, ...]
    agreement: Path
    now: datetime | None
    own: bool
    suggest: bool
    skip_invalid: bool
    party: str | None
    against_party: str | None
    mode: Mode | None


def _require_usable(question: Question) -> None:
    if not question.plans:
        raise InvalidInput(
            "no PLANS named",
            remedy="Name them before --against, which takes every name that follows, and before "
            "--json, which takes the next.",
        )
    if not question.released and not question.own:
        raise InvalidInput(
            "nothing to check against",
            remedy="Name RELEASED files after --against, or give --own to compare the plans with "
            "each other.",
        )


def answered(question: Question) -> CheckSubject:
    """Read everything, then check it; what the report speaks of."""
    from keepclear import compose
    from keepclear.cli.checking import check_and_show

    now = question.now or compose.clock().now()
    agreement = agreement_from(question.agreement)
    ours = plans_from(
        question.plans,
        received_at=now,
        party=question.party,
        mode=question.mode,
        skip_invalid=question.skip_invalid,
        area=agreement.area,
    )
    theirs = plans_from(
        question.released,
        received_at=now,
        party=question.against_party,
        mode=question.mode,
        skip_invalid=question.skip_invalid,
        area=agreement.area,
    )
    return check_and_show(
        ours,
        theirs if question.released else None,
        agreement,
        now=now,
        own=question.own,
        suggest=question.suggest,
    )


def _write(subject: CheckSubject, json_path: Path | None, html_path: Path | None) -> None:
    from keepclear.cli.checking import answer_json, print_table, report_page

    if html_path is not None:
        write_file(html_path, report_page(subject))
    if json_path is not None and json_path != STDOUT:
        write_file(json_path, answer_json(subject))
    if json_path == STDOUT:
        click.echo(answer_json(subject), nl=False)
    else:
        print_table(subject)
