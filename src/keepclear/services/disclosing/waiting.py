"""Searches that a person must hear of: somebody asks again and again about one place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from keepclear.disclose.searching import REMEMBERED
from keepclear.model.node import Subject
from keepclear.ports.store import View
from keepclear.services.disclosing.kept import budgets
from keepclear.services.line.waiting import Waiting


def searches_waiting(view: View, now: datetime) -> Iterator[Waiting]:
    """Each party that was found to search, for as long as its questions count."""
    for party, kept in budgets(view):
        at = kept.searched_at
        if at is not None and now - at <= REMEMBERED:
            title = f"{kept.searched} questions of {party} were not answered: they look for edges"
            yield Waiting(Subject.BUDGET, party, "", "they may be probing", at, title)
