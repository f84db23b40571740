"""What of humanitarian entries waits for a person: warnings first, then what is stale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from keepclear.contact.humanitarian import due_of
from keepclear.formats.documents.life import stored_life
from keepclear.model.humanitarian import HazardWarning, Movement
from keepclear.model.message_life import Units
from keepclear.model.node import Subject
from keepclear.model.site import Site
from keepclear.ports.store import View
from keepclear.services.humanitarian.entries import movements, sites, warnings
from keepclear.services.line.waiting import Waiting

_SHOWN_FOR = timedelta(days=7)
"""A movement that is over asks for nothing after so long; sites ask until they are confirmed."""


def humanitarian_waiting(view: View, now: datetime) -> Iterator[Waiting]:
    """Warnings that have not reached their movement, and entries that are stale."""
    for warning in warnings(view):
        if is_due(view, warning):
            yield Waiting(
                subject=Subject.WARNING,
                id=warning.id,
                line=warning.line,
                why=f"warn the movement by {warning.contact}",
                since=warning.at,
                title=warning.words,
                is_urgent=True,
            )
    for movement in movements(view):
        if due_of(movement) <= now < due_of(movement) + _SHOWN_FOR and not _ended(movement, now):
            yield _stale(Subject.MOVEMENT, movement, f"movement of {movement.organisation}")
    for site in sites(view):
        if due_of(site) <= now:
            yield _stale(Subject.SITE, site, f"site: {site.function}")


def is_due(view: View, warning: HazardWarning) -> bool:
    """Whether a movement has still to be warned; not once units are known to have been told."""
    if warning.is_passed:
        return False
    stored = view.message(warning.message)
    return stored is None or stored_life(stored.life).units is not Units.CONFIRMED


def _ended(movement: Movement, now: datetime) -> bool:
    return max(each.window.end for each in movement.legs) <= now


def _stale(subject: Subject, entry: Movement | Site, title: str) -> Waiting:
    why = "confirm it again, or retire it"
    due = due_of(entry)
    return Waiting(subject, entry.id, "", why, due, title, due)
