"""Put on record that a unit was told of a message, that it confirmed, or that it cannot be told."""

from __future__ import annotations

from dataclasses import dataclass

from keepclear.errors import InvalidInput, NotFound, StateForbids
from keepclear.formats.documents.unit import stored_unit
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.telling import MessageTelling, TellingStep, UnitTelling, UnitWord
from keepclear.model.unit import MeansKind
from keepclear.ports.store import Unit, View
from keepclear.services.line.messaging_acting import pass_to_units
from keepclear.services.line.messaging_held import held
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node
from keepclear.services.units.tellings import is_live, keep_telling, telling_of, with_step


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody puts on record about one unit.

    Attributes:
        word: told, confirmed or cannot.
        role: as what they are on duty.
        means: by which the unit was told; None where nobody said.
        words: as the unit said it, or why it cannot.
        actor: how they call themselves.
    """

    word: UnitWord
    role: str
    means: MeansKind | None = None
    words: str = ""
    actor: str = ""


def say_of_unit(
    node: Node, message_id: str, unit_id: str, step_id: str, saying: Saying
) -> MessageTelling:
    """Put a unit's word on record; the other side is told where that decides the matter.

    Args:
        node: ours.
        message_id: of which message.
        unit_id: which unit.
        step_id: a UUID; the same again changes nothing.
        saying: what is put on record.

    Raises:
        NotFound: there is no such message, or the unit need not be told of it.
        StateForbids: the unit confirmed before, or the message is over.
        InvalidInput: a unit that cannot be told has no reason beside it.
        NotPermitted: no role on watch is called that.
    """

    def work(unit: Unit) -> MessageTelling:
        about = held(unit, message_id)
        telling = require_telling(unit, message_id)
        one = _one(telling, unit_id)
        if any(each.id == step_id for each in one.steps):
            return telling
        role = role_on_watch(unit, node, saying.role)
        _require_sense(unit, telling, one, saying)
        step = TellingStep(
            step_id, node.now(), saying.word, saying.means, role, saying.actor, saying.words
        )
        kept = unit.declaration(Subject.UNIT, unit_id)
        own = None if kept is None else stored_unit(kept.body)
        after = with_step(telling, unit_id, step, own)
        keep_telling(unit, node, after, EntryKind.TELLING_SAID, actor=saying.actor)
        pass_to_units(unit, node, about, role=role, actor=saying.actor)
        return after

    kept = node.store.write(work)
    node.ring()
    return kept


def require_telling(view: View, message_id: str) -> MessageTelling:
    """Who must be told of a message.

    Raises:
        NotFound: it is not here, or asks no units.
    """
    telling = telling_of(view, message_id)
    if telling is None:
        raise NotFound(
            f"message {message_id} asks no units of ours",
            remedy="Units are told of what came over a line and asks for them.",
        )
    return telling


def _one(telling: MessageTelling, unit_id: str) -> UnitTelling:
    found = next((each for each in telling.units if each.unit == unit_id), None)
    if found is None:
        raise NotFound(
            f"unit {unit_id} need not be told of message {telling.message}",
            remedy="Change its area, classes or codes on the list if it must be.",
        )
    return found


def _require_sense(view: View, telling: MessageTelling, one: UnitTelling, saying: Saying) -> None:
    if saying.word is UnitWord.WAITS:
        raise InvalidInput("word: it follows by itself", remedy="Say told, confirmed or cannot.")
    if saying.word is UnitWord.CANNOT and not saying.words.strip():
        raise InvalidInput("words: missing", remedy="Say why the unit cannot be told.")
    if one.word is UnitWord.CONFIRMED:
        raise StateForbids(
            f"{one.name} confirmed; that is not taken back",
            remedy="What changed since is told by a message of its own, or a hazard warning.",
        )
    if not is_live(view, telling.message):
        raise StateForbids(
            "the message is over", remedy="Tell units of what superseded it, or of its end."
        )


def say_now(node: Node, message_id: str, *, role: str, actor: str = "") -> MessageTelling:
    """Tell the other side what units said of a message, where that is decided and new.

    For what no unit's word decides: that no unit must be told, once the list of units is whole.

    Raises:
        NotFound: there is no such message, or it asks no units.
        StateForbids: a unit has still to speak, or nobody may say it yet.
        NotPermitted: no role on watch is called that.
    """

    def work(unit: Unit) -> MessageTelling:
        about, telling = held(unit, message_id), require_telling(unit, message_id)
        named = role_on_watch(unit, node, role)
        after = pass_to_units(unit, node, about, role=named, actor=actor)
        if after is about and telling.passed is not about.life.units:
            raise StateForbids(
                f"the message is {about.life.state}, and {telling.says}",
                remedy="Acknowledge it first, and have each unit say its word.",
            )
        return telling

    kept = node.store.write(work)
    node.ring()
    return kept
