"""The main job as commands run it: check, then table, JSON or page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from keepclear import compose
from keepclear.cli.progress import compile_kernels_once, progress_on_stderr
from keepclear.cli.terminal import Terminal
from keepclear.model.agreement import Agreement
from keepclear.model.plan_set import PlanSet
from keepclear.reports.basemap import Basemap
from keepclear.reports.json_answer import check_json
from keepclear.reports.subject import CheckSubject
from keepclear.reports.table import CheckTable
from keepclear.services.checking import check_plans

NO_MAP = Basemap((), (), ())
"""Only the page draws one; the world's places take a second to load."""


def check_and_show(
    ours: PlanSet,
    theirs: PlanSet | None,
    agreement: Agreement,
    *,
    now: datetime,
    own: bool = False,
    suggest: bool = False,
) -> CheckSubject:
    """Check plans with progress on stderr; what the reports then speak of.

    No released set at all means: compare ours with each other and nothing else.
    """
    compile_kernels_once()
    with progress_on_stderr() as progress:
        report = check_plans(
            ours,
            theirs,
            agreement,
            now=now,
            geoid=compose.geoid(),
            own=own,
            suggest=suggest,
            progress=progress,
        )
    return CheckSubject(report, ours, theirs or PlanSet(), agreement, NO_MAP)


def report_page(subject: CheckSubject) -> bytes:
    """The report page: one HTML file that asks the network for nothing."""
    from keepclear.reports.html import check_page

    drawn = replace(subject, basemap=compose.basemap())
    return check_page(drawn, gazetteer=compose.gazetteer())


def answer_json(subject: CheckSubject) -> bytes:
    """The answer for machines, as docs/reference/check-json.md describes it."""
    return check_json(subject)


def print_table(subject: CheckSubject) -> None:
    """Print the answer as tables on stdout."""
    Terminal().print(CheckTable(subject.report, gazetteer=compose.gazetteer()))
