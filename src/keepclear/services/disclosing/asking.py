"""Ask another party's node whether an own operation conflicts with anything of theirs (M30).

To ask is to disclose the operation's volumes to that node, and nothing else of it: that is told
to whoever asks. Where asking would be of no use nothing is sent, and the reason stands instead
of an answer.
"""

from __future__ import annotations

from dataclasses import replace

from keepclear.disclose.asking import is_too_small, large_enough
from keepclear.disclose.lattice import limits_of
from keepclear.errors import NotFound, NotOurs, StateForbids
from keepclear.formats.documents.volume_question import asking_fields
from keepclear.ledger.entries import EntryKind
from keepclear.ledger.moments import to_millisecond
from keepclear.model.agreement import DisclosureLimits
from keepclear.model.line import Line
from keepclear.model.message import message_id
from keepclear.model.operation import Operation, OperationState
from keepclear.model.volume import Volume
from keepclear.model.volume_question import Reason, VolumeQuestion, cannot_say
from keepclear.ports.store import Unit, View
from keepclear.services.disclosing.kept import keep_question, kept_question
from keepclear.services.disclosing.levels_now import agreement_between
from keepclear.services.line.pairing import line_of
from keepclear.services.line.posting import post
from keepclear.services.line.speaking import message_of
from keepclear.services.line.status import line_status
from keepclear.services.line.watches_seen import role_on_duty
from keepclear.services.node import Node


def discloses(party: str) -> str:
    """What asking a party's node tells it, in a sentence for whoever asks."""
    return f"Asking discloses the volumes and times of this operation to {party}'s node."


def ask(
    node: Node,
    line_id: str,
    operation_id: str,
    question_id: str,
    *,
    about: str = "",
    suggests: bool = False,
    actor: str = "",
) -> VolumeQuestion:
    """Ask the other node of a line about an own operation as it is now.

    Args:
        node: ours.
        line_id: on which line.
        operation_id: which operation.
        question_id: a UUID for the question; the same again changes nothing.
        about: whose operations are meant; empty for the other party's, another where that
            party is a broker.
        suggests: ask for steps that would help; they cost more of the budget.
        actor: who asks; empty for the node itself.

    Returns:
        The question as it stands: waiting for its answer, answered, or held back.

    Raises:
        NotFound: there is no such line or operation.
        NotOurs: the operation is another party's.
        StateForbids: it has ended.
    """
    name = message_id(question_id)

    def work(unit: Unit) -> VolumeQuestion:
        return asked(
            unit, node, line_id, operation_id, name, about=about, suggests=suggests, actor=actor
        )

    made = node.store.write(work)
    node.ring()
    return made


def asked(
    unit: Unit,
    node: Node,
    line_id: str,
    operation_id: str,
    name: str,
    *,
    about: str = "",
    suggests: bool = False,
    actor: str = "",
) -> VolumeQuestion:
    """The same inside a unit of work. Ring once it is durable.

    Raises:
        NotFound, NotOurs, StateForbids: as `ask`.
    """
    line, operation = line_of(unit, line_id), own_live(unit, node, operation_id)
    known = kept_question(unit, operation.id, name)
    if known is not None:
        return known
    question, limits = _made(node, line, operation, name, about=about or line.them)
    question = replace(question, suggests=suggests, actor=actor)
    reason = _against(unit, node, line, limits)
    if reason is not None:
        return _held_back(unit, node, question, reason)
    keep_question(unit, node, question, EntryKind.QUESTION_ASKED)
    role = role_on_duty(unit, line.us)
    fields = asking_fields(question)
    message = message_of(node, line, "M30", fields, question.at, role=role, message_id=name)
    post(unit, node, line, message)
    return question


def asked_volumes(operation: Operation) -> tuple[Volume, ...]:
    """An operation's volumes as they are asked: tolerance included, without what was typed."""
    return tuple(
        replace(each, window=operation.window_of(each), source_text="")
        for each in operation.volumes
    )


def own_live(view: View, node: Node, operation_id: str) -> Operation:
    """An operation of ours that has not ended.

    Raises:
        NotFound: the node never held it.
        NotOurs: it is another party's.
        StateForbids: it has ended.
    """
    stored = view.operation(operation_id)
    if stored is None:
        raise NotFound(f"there is no operation {operation_id}")
    operation = stored.operation
    if operation.party != node.identity.party:
        raise NotOurs(f"{operation.designator} is of {operation.party}")
    if operation.state is OperationState.ENDED:
        raise StateForbids(f"{operation.designator} has ended")
    return operation


def _made(
    node: Node, line: Line, operation: Operation, name: str, *, about: str
) -> tuple[VolumeQuestion, DisclosureLimits | None]:
    """The question, and the limits under which it is asked; None where nothing binds both."""
    standing = node.picture.standing()
    agreement = agreement_between(standing, line.us, about, operation)
    limits = None if agreement is None else limits_of(agreement)
    volumes = asked_volumes(operation)
    widened = limits is not None and is_too_small(volumes, limits)
    if limits is not None and widened:
        volumes = large_enough(volumes, limits)
    question = VolumeQuestion(
        id=name,
        line=line.id,
        asker=line.us,
        answerer=line.them,
        about=about,
        operation=operation.id,
        operation_version=operation.version,
        operation_class=operation.operation_class,
        volumes=volumes,
        at=to_millisecond(node.now()),
        uncertainty=operation.uncertainty,
        member=operation.member,
        widened=widened,
    )
    return question, limits


def _against(view: View, node: Node, line: Line, limits: DisclosureLimits | None) -> Reason | None:
    """Why asking would only disclose and bring nothing; None where it may."""
    if limits is None:
        return Reason.NOT_BOUND
    if line_status(view, line, node.now()).state.widens:
        return Reason.LINE
    return None


def _held_back(unit: Unit, node: Node, question: VolumeQuestion, reason: Reason) -> VolumeQuestion:
    held = replace(question, answer=cannot_say(reason), answered_at=question.at)
    keep_question(unit, node, held, EntryKind.QUESTION_HELD_BACK, note=reason.value)
    return held
