"""What several commands read first: files of plans, and an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from keepclear.cli.files import read_file

if TYPE_CHECKING:
    from keepclear.model.agreement import Agreement
    from keepclear.model.operation import Mode
    from keepclear.model.plan_set import PlanSet
    from keepclear.model.volume import Footprint


def plans_from(
    paths: Sequence[Path],
    *,
    received_at: datetime,
    party: str | None = None,
    mode: Mode | None = None,
    skip_invalid: bool = False,
    area: Footprint | None = None,
) -> PlanSet:
    """Read files of plans as one set, each operation once, expected in `area`.

    Raises:
        InvalidInput: a file or what it holds is unusable; the message names which.
    """
    from keepclear.services.reading_plans import PlanSource, read_plans

    return read_plans(
        [PlanSource(str(path), read_file(path)) for path in paths],
        received_at=received_at,
        party=party,
        mode=mode,
        skip_invalid=skip_invalid,
        area=area,
    )


def agreement_from(path: Path) -> Agreement:
    """Read an agreement.

    Raises:
        InvalidInput: the file or the agreement is unusable, its shapes included.
    """
    from keepclear.formats.agreement import read_agreement
    from keepclear.services.soundness import require_sound_agreement

    agreement = read_agreement(read_file(path), name=str(path))
    require_sound_agreement(agreement)
    return agreement
