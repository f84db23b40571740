"""As what somebody acts: a role of the catalogue, or one that this watch said is on duty."""

from __future__ import annotations

from keepclear.contact.catalogue.releasing import watch_role
from keepclear.formats.documents.watch import stored_watch
from keepclear.model.message import Role
from keepclear.model.node import Subject
from keepclear.ports.store import View
from keepclear.services.node import Node


def roles_on_watch(view: View, node: Node) -> tuple[str, ...]:
    """The roles that may act at this node, those on duty first."""
    found = view.declaration(Subject.WATCH, node.identity.party)
    on_duty = () if found is None else tuple(each.role for each in stored_watch(found.body).roles)
    return tuple(dict.fromkeys((*on_duty, *(role.value for role in Role))))


def role_on_watch(view: View, node: Node, text: str) -> str:
    """The role of a word.

    Raises:
        NotPermitted: no role here is called that; a person's name is none.
    """
    return watch_role(text, roles_on_watch(view, node))
