"""`keepclear plans`: make plans of something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from keepclear.cli.convert import print_losses, print_written, writer_of
from keepclear.cli.exit_codes import DONE
from keepclear.cli.files import read_file, require_new, write_file
from keepclear.cli.groups import CommandGroup
from keepclear.cli.parameters import MODE, PATH
from keepclear.errors import InvalidInput
from keepclear.model.operation import Mode, OperationClass
from keepclear.model.plan_set import PlanSet

if TYPE_CHECKING:
    from keepclear.services.plans_from_tracks import VolumeSettings


class Quantity(click.ParamType):  # type: ignore[type-arg]  # generic from click 8.4 on
    """A length or a duration with its unit."""

    def __init__(self, name: str, reader: str) -> None:
        self.name = name
        self._reader = reader

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read the quantity in SI."""
        from keepclear.formats import quantities

        if isinstance(value, float):
            return value
        read: Callable[[str], float] = getattr(quantities, self._reader)
        try:
            return read(value)
        except InvalidInput as error:
            self.fail(f"{error.message}. {error.remedy}", param, ctx)


LENGTH = Quantity("length", "parse_length_m")
DURATION = Quantity("duration", "parse_duration_s")


@click.group("plans", cls=CommandGroup)
def command() -> None:
    """Make plans of recorded flights, to try an agreement on real traffic."""


@command.command("from-tracks")
@click.argument("tracks", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Plans file to write.")
@click.option(
    "--party-rule",
    required=True,
    help='Whose each aircraft shall be, such as "icao24 < 4b0000: BLUE; else AMBER".',
)
@click.option("--width", type=LENGTH, default="2 NM", show_default=True, help="Of each corridor.")
@click.option(
    "--height",
    type=LENGTH,
    default="1000 ft",
    show_default=True,
    help="Of each band, around the altitudes flown.",
)
@click.option(
    "--tolerance",
    type=DURATION,
    default="0 s",
    show_default=True,
    help="Widens every window at both ends.",
)
@click.option(
    "--gap",
    type=DURATION,
    default="5 min",
    show_default=True,
    help="A longer time without a position ends a flight.",
)
@click.option(
    "--class",
    "operation_class",
    type=click.Choice([each.value for each in OperationClass]),
    default=OperationClass.MANNED.value,
    show_default=True,
    help="What sort of aircraft they are.",
)
@click.option("--mode", type=MODE, default="EXERCISE", show_default=True, help="EXERCISE or REAL.")
@click.option("--split", is_flag=True, help="One file for each party: OUTPUT-PARTY.")
@click.option("--skip-invalid", is_flag=True, help="Leave unusable rows and positions out.")
@click.option("--force", is_flag=True, help="Replace files that exist.")
def from_tracks(
    *,
    tracks: Path,
    output: Path,
    party_rule: str,
    mode: Mode,
    split: bool,
    skip_invalid: bool,
    force: bool,
    **drawn: Any,
) -> int:
    """Make plans of recorded flights (Parquet or CSV), for exercises and replays.

    Every recorded position lies in a volume. The plans hold no coverage statement.
    """
    from keepclear import compose
    from keepclear.formats.reading import Reading
    from keepclear.formats.trajectories import read_trajectories
    from keepclear.services.plans_from_tracks import PartyRule, plans_by_party

    writer_of(output)
    rule = PartyRule.parse(party_rule)
    operation_class = OperationClass(drawn.pop("operation_class"))
    settings = settings_of(**drawn)
    now = compose.clock().now()
    reading = Reading(str(tracks), now, mode=mode, skip_invalid=skip_invalid)
    recorded = read_trajectories(read_file(tracks), reading)
    plans = plans_by_party(
        recorded.trajectories,
        settings=settings,
        party_rule=rule,
        reading=reading,
        operation_class=operation_class,
    )
    files = _files(output, plans, split=split)
    for path in files:
        require_new(path, force=force)
    for loss in recorded.losses:
        click.echo(f"left out: {loss}")
    for path, held in files.items():
        _write(path, held, mode)
    return DONE


def settings_of(*, width: float, height: float, tolerance: float, gap: float) -> VolumeSettings:
    """How volumes are drawn, from whole widths in metres and durations in seconds."""
    from keepclear.services.plans_from_tracks import VolumeSettings

    return VolumeSettings(
        half_width_m=width / 2.0, half_height_m=height / 2.0, tolerance_s=tolerance, gap_s=gap
    )


def _files(output: Path, plans: Mapping[str, PlanSet], *, split: bool) -> dict[Path, PlanSet]:
    if split:
        return {
            output.with_name(f"{output.stem}-{party}{output.suffix}"): held
            for party, held in plans.items()
        }
    together = PlanSet()
    for held in plans.values():
        together = together.joined(held)
    return {output: together}


def _write(path: Path, plans: PlanSet, mode: Mode) -> None:
    export = writer_of(path)(plans, mode=mode)
    write_file(path, export.data)
    print_written(path, plans, mode)
    for rejected in plans.rejected:
        click.echo(f"left out: {rejected.feature}: {rejected.message}")
    print_losses(export.losses)
