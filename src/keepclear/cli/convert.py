"""`keepclear convert`: plans from one format to another, and what got lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import click

from keepclear.cli.exit_codes import DONE
from keepclear.cli.files import require_new, write_file
from keepclear.cli.inputs import plans_from
from keepclear.cli.parameters import MODE, PARTY, PATH
from keepclear.errors import ExportLoss, InvalidInput
from keepclear.model.operation import Mode
from keepclear.model.plan_set import PlanSet

if TYPE_CHECKING:
    from keepclear.formats.reading import Export, Loss

MOST_NAMED = 4
"""Features named in one line of the loss report."""
MOST_SHOWN = 12
"""Kinds of losses that are told."""


class Writer(Protocol):
    """A writer of `keepclear.formats`."""

    def __call__(self, plan_set: PlanSet, *, mode: Mode) -> Export:
        """The set as bytes, with what they do not hold."""
        ...


def writer_of(path: Path) -> Writer:
    """The writer that a file's name asks for.

    Raises:
        InvalidInput: its ending is of no format that keepclear writes.
    """
    from keepclear.formats.csv_plans import write_csv
    from keepclear.formats.geojson import write_geojson
    from keepclear.formats.kml import write_kml
    from keepclear.formats.kmz import write_kmz

    writers: dict[str, Writer] = {
        ".geojson": write_geojson,
        ".json": write_geojson,
        ".kml": write_kml,
        ".kmz": write_kmz,
        ".csv": write_csv,
    }
    if path.suffix.lower() not in writers:
        raise InvalidInput(
            f"{path}: the ending {path.suffix or '(none)'} names no format that keepclear writes",
            remedy=f"Let the name end in one of {', '.join(writers)}.",
        )
    return writers[path.suffix.lower()]


def mode_of(plans: PlanSet, given: Mode | None) -> Mode:
    """The mode of a set of plans, as its operations say, else as the user says.

    Raises:
        InvalidInput: neither says.
    """
    for operation in plans.operations:
        return operation.mode
    if given is None:
        raise InvalidInput(
            "no operation says whether this is EXERCISE or REAL", remedy="Say so with --mode."
        )
    return given


@click.command("convert")
@click.argument("source", type=PATH, metavar="IN")
@click.argument("target", type=PATH, metavar="OUT")
@click.option("--strict", is_flag=True, help="Write nothing if anything would be lost.")
@click.option("--force", is_flag=True, help="Replace OUT if it exists.")
@click.option("--party", type=PARTY, help="Whose plans they are where a feature does not say.")
@click.option("--mode", type=MODE, help="EXERCISE or REAL where the file does not say.")
def command(
    *, source: Path, target: Path, strict: bool, force: bool, party: str | None, mode: Mode | None
) -> int:
    """Convert plans between GeoJSON, KML, KMZ and CSV, as the files' endings say.

    Prints what a reader of OUT will not get back.
    """
    from keepclear import compose

    write = writer_of(target)
    require_new(target, force=force)
    plans = plans_from((source,), received_at=compose.clock().now(), party=party, mode=mode)
    the_mode = mode_of(plans, mode)
    export = write(plans, mode=the_mode)
    if strict and export.losses:
        raise ExportLoss(
            f"{target} would lose {len(export.losses)} things, the first: "
            f"{_words(export.losses[0])}",
            remedy="Choose a format that can hold it, or leave --strict out.",
        )
    write_file(target, export.data)
    print_written(target, plans, the_mode)
    print_losses(export.losses)
    return DONE


def print_written(target: Path, plans: PlanSet, mode: Mode) -> None:
    """Say what a file now holds; the mode word stands first and last."""
    click.echo(
        f"{mode}  {target}: {len(plans.operations):,} operations, "
        f"{len(plans.coverages)} coverage statements, {len(plans.zones)} zones  {mode}"
    )


def print_losses(losses: Sequence[Loss]) -> None:
    """Print what a reader of the file will not get back, alike losses on one line."""
    if not losses:
        click.echo("lost: nothing")
        return
    click.echo(f"lost: {len(losses):,}")
    alike: dict[tuple[str, str], list[str]] = {}
    for loss in losses:
        alike.setdefault((loss.what, loss.how), []).append(loss.feature)
    for (what, how), features in list(alike.items())[:MOST_SHOWN]:
        click.echo(f"  {_names(features)}: {_inert(what)}: {_inert(how)}")
    if len(alike) > MOST_SHOWN:
        click.echo(f"  and {len(alike) - MOST_SHOWN:,} other kinds")


def _names(features: Sequence[str]) -> str:
    """Who lost it: all by name where they are few."""
    named = ", ".join(_inert(feature) for feature in dict.fromkeys(features[:MOST_NAMED]))
    more = len(features) - MOST_NAMED
    return f"{named} and {more:,} more" if more > 0 else named


def _words(loss: Loss) -> str:
    return _inert(f"{loss.feature}: {loss.what}: {loss.how}")


def _inert(text: str) -> str:
    from keepclear.reports.wording import plain

    return plain(text)
