"""Humanitarian movements and sites as the store holds them."""

from __future__ import annotations

from keepclear.formats.documents.humanitarian import stored_warning
from keepclear.formats.documents.movement import movement_document, stored_movement
from keepclear.formats.documents.site import site_document, stored_site
from keepclear.model.humanitarian import HazardWarning, Movement
from keepclear.model.node import Subject
from keepclear.model.site import Site
from keepclear.ports.store import View
from keepclear.services.line.keeping import Content


def movements(view: View) -> tuple[Movement, ...]:
    """Every movement, ours and theirs."""
    return tuple(stored_movement(each.body) for each in view.declarations(Subject.MOVEMENT))


def sites(view: View) -> tuple[Site, ...]:
    """Every site, ours and theirs."""
    return tuple(stored_site(each.body) for each in view.declarations(Subject.SITE))


def warnings(view: View) -> tuple[HazardWarning, ...]:
    """Every hazard warning."""
    return tuple(stored_warning(each.body) for each in view.declarations(Subject.WARNING))


def told_by(entry: Movement | Site, message_id: str) -> bool:
    """Whether a message told of an entry, or brought it."""
    return entry.message == message_id or any(each.message == message_id for each in entry.releases)


def movement_of_message(view: View, message_id: str) -> Movement | None:
    """The movement that a message tells of; None where there is no record of one."""
    return next((each for each in movements(view) if told_by(each, message_id)), None)


def site_of_message(view: View, message_id: str) -> Site | None:
    """The site that a message tells of; None where there is no record of one."""
    return next((each for each in sites(view) if told_by(each, message_id)), None)


def movement_content(movement: Movement) -> Content:
    """A movement as it is kept."""
    return Content(Subject.MOVEMENT, movement.id, movement.party, movement_document(movement))


def site_content(site: Site) -> Content:
    """A site as it is kept."""
    return Content(Subject.SITE, site.id, site.party, site_document(site))
