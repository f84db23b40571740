"""Put on record that a movement was warned, and warn another party's movement over the line."""

from __future__ import annotations

from dataclasses import dataclass, replace

from keepclear.canonical import JsonValue
from keepclear.contact.catalogue.checking import LONGEST_REMARK
from keepclear.errors import InvalidInput, NotFound
from keepclear.formats.documents.humanitarian import stored_warning
from keepclear.formats.documents.message import stored_message
from keepclear.formats.documents.shapes import VolumeDocument, position_document
from keepclear.formats.documents.strict import read_stored
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.humanitarian import HazardWarning, WarningStep
from keepclear.model.message import Message, Role
from keepclear.model.node import Subject
from keepclear.model.operation import Precedence
from keepclear.model.unit import MeansKind
from keepclear.model.volume import positions_of
from keepclear.ports.store import Unit
from keepclear.services.humanitarian.warning import raise_warning, warning_content
from keepclear.services.line.keeping import found, write
from keepclear.services.line.messaging import Releasing, send
from keepclear.services.line.watch_roles import role_on_watch
from keepclear.services.node import Node

OVER_LINE = "line"


@dataclass(frozen=True, slots=True)
class Passing:
    """How a warning was passed on.

    Attributes:
        role: by whom, on duty as what.
        means: by which; None to send it over the line, to another party's movement.
        reached: whether somebody of the movement took it.
        words: what they said to it.
        actor: how who passed it on calls themselves.
    """

    role: str
    means: MeansKind | None = None
    reached: bool = False
    words: str = ""
    actor: str = ""


def warn(
    node: Node, message_id: str, warning_id: str, words: str, *, role: str, actor: str = ""
) -> HazardWarning:
    """Have a movement warned because a person sees a hazard.

    Raises:
        NotFound: there is no such notice here.
        InvalidInput: it does not say what the hazard is, or the notice is of no movement.
        NotPermitted: no role on watch is called that.
    """
    if not words.strip():
        raise InvalidInput("words: missing", remedy="Say what the hazard is, as a fact.")

    def work(unit: Unit) -> HazardWarning:
        stored = unit.message(message_id)
        if stored is None or stored.code != "M14":
            raise NotFound(f"there is no notice of a movement {message_id}")
        named = role_on_watch(unit, node, role)
        told = raise_warning(unit, node, message_id, f"{named}: {words}", key=warning_id)
        return stored_warning(found(unit, Subject.WARNING, told).body)

    del actor
    kept = node.store.write(work)
    node.ring()
    return kept


def pass_on(node: Node, warning_id: str, step_id: str, passing: Passing) -> HazardWarning:
    """Put on record how a warning was passed on; over the line it is sent at once, as FLASH.

    Raises:
        NotFound: there is no such warning.
        InvalidInput: a movement of ours is not warned over a line.
        NotPermitted: no role on watch is called that.
    """

    def work(unit: Unit) -> HazardWarning:
        before = stored_warning(found(unit, Subject.WARNING, warning_id).body)
        if any(each.id == step_id for each in before.steps):
            return before
        role = role_on_watch(unit, node, passing.role)
        sent = "" if passing.means is not None else _sent(unit, node, before, step_id, passing)
        step = WarningStep(
            id=step_id,
            at=to_millisecond(node.now()),
            reached=passing.reached or bool(sent),
            means=passing.means,
            role=role,
            actor=passing.actor,
            words=passing.words,
            message=sent,
        )
        after = replace(before, steps=(*before.steps, step))
        content = warning_content(node, after)
        write(unit, node, content, EntryKind.WARNING_PASSED, actor=passing.actor)
        return after

    kept = node.store.write(work)
    node.ring()
    return kept


def _sent(unit: Unit, node: Node, warning: HazardWarning, step_id: str, passing: Passing) -> str:
    """Send the warning to the party whose movement it is; the id of the M09."""
    if warning.party == node.identity.party:
        raise InvalidInput(
            "means: a movement of ours is warned by its own contact",
            remedy=f"Call {warning.contact}, then say by which means.",
        )
    stored = unit.message(warning.message)
    if stored is None:
        raise NotFound(f"there is no notice of a movement {warning.message}")
    notice = stored_message(stored.content)
    message = Message(
        id=step_id,
        code="M09",
        version=1,
        line=notice.line,
        sender=notice.recipient,
        recipient=notice.sender,
        from_role=passing.role,
        to_role=Role.DUTY_OFFICER.value,
        mode=notice.mode,
        precedence=Precedence.FLASH,
        originated_at=to_millisecond(node.now()),
        fields=_fields(notice, warning),
        no_duff=notice.no_duff,
        refs=(notice.id,),
        remark=passing.words[:LONGEST_REMARK],
    )
    releasing = Releasing(step_id, passing.role, passing.actor, reason=warning.why)
    return send(unit, node, message, releasing).stored.id


def _fields(notice: Message, warning: HazardWarning) -> dict[str, JsonValue]:
    first = read_stored(notice.fields["volumes"][0], VolumeDocument, VolumeDocument.built)
    return {
        "subject": f"humanitarian movement of {warning.organisation}"[:280],
        "position": position_document(positions_of(first.footprint)[0]),
        "requested_action": f"warn the movement: {warning.why}"[:280],
        "radio_tried": False,
    }
