"""Print a message of a line as text: to be mailed, typed, or read aloud in either language."""

from __future__ import annotations

from typing import NamedTuple

from keepclear.contact.readback import position_phrase
from keepclear.contact.text_lines import Placed, written_line
from keepclear.contact.text_names import Place
from keepclear.errors import StateForbids
from keepclear.model.message import Message
from keepclear.model.volume import Position
from keepclear.services.line.messaging_held import held
from keepclear.services.node import Node


class Printed(NamedTuple):
    """A message as text.

    Attributes:
        message: what it says.
        place: in its sender's stream.
        line: the text line, with the message's id.
        spoken_line: the same without the id, to be read aloud.
    """

    message: Message
    place: Place
    line: str
    spoken_line: str


def printed_text(node: Node, message_id: str) -> Printed:
    """A released message as text.

    Raises:
        NotFound: there is no such message.
        StateForbids: it was not released; it has no serial yet.
        InvalidMessage: it cannot be said in a line; send a bundle.
    """
    with node.store.view() as view:
        found = held(view, message_id)
    stored = found.stored
    if stored.epoch is None or stored.serial is None:
        raise StateForbids(
            "the message was not released: it has no serial", remedy="Release it first."
        )
    place, placed = Place(stored.epoch, stored.serial), placed_by(node)
    return Printed(
        found.message,
        place,
        written_line(found.message, place, placed=placed),
        written_line(found.message, place, placed=placed, with_id=False),
    )


def placed_by(node: Node) -> Placed:
    """Says where positions lie, by this node's places."""

    def placed(position: Position) -> str:
        return position_phrase(position, node.gazetteer.nearest(position))

    return placed
