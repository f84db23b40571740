"""What may be done to a message next, and what each act needs: forms for people, no rules.

Source: domain study of keepclear, 5d (message life).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from keepclear.contact.catalogue import CATALOGUE
from keepclear.contact.catalogue.kinds import Field, FieldKind, choice, text, value
from keepclear.contact.catalogue.releasing import needs_second, roles_for
from keepclear.contact.life import allowed
from keepclear.model.message import Message
from keepclear.model.message_life import ActKind, AnswerWord, Life, State
from keepclear.model.operation import Precedence


class NextAct(NamedTuple):
    """Something that may be done now.

    Attributes:
        kind: as the API takes it.
        label: as a button says it.
        fields: what it needs; `role` first.
        codes: message types that do it instead, where a message does.
    """

    kind: str
    label: str
    fields: tuple[Field, ...]
    codes: tuple[str, ...] = ()


_WORDS: Final = text("text", "Words", "In your words", most=2_000)
_HEARD: Final = value(
    "heard", "Heard", FieldKind.VALUES, "What was heard, field by field", mandatory=True
)
_ANSWER: Final = choice(
    "answer", "Answer", "How far it goes", *(each.value for each in AnswerWord), mandatory=True
)
_UNTIL: Final = value(
    "until", "Until", FieldKind.MOMENT, "By when the answer comes", mandatory=True, future=True
)
_FORMS: Final[Mapping[ActKind, tuple[str, str, tuple[Field, ...]]]] = {
    ActKind.ACKNOWLEDGE: ("acknowledge", "Acknowledge: a person has it", ()),
    ActKind.ACKNOWLEDGE_CANCELLATION: (
        "acknowledge cancellation",
        "Acknowledge the cancellation",
        (),
    ),
    ActKind.READBACK: ("readback", "Read back", (_HEARD,)),
    ActKind.CORRECTION: ("correct", "Say again what was sent", (_WORDS,)),
    ActKind.ANSWER: ("answer", "Answer", (_ANSWER, _WORDS)),
    ActKind.CONSIDER: ("consider", "Consider until", (_UNTIL, _WORDS)),
    ActKind.CANNOT_COMPLY: ("cannot comply", "Cannot comply", (_WORDS,)),
    ActKind.CANCEL: ("cancel", "Cancel the message", (_WORDS,)),
    ActKind.WITHDRAW: ("withdraw", "Withdraw the message", (_WORDS,)),
    ActKind.SILENCE: ("silence", "Silence until the next level", ()),
}
"""Passing to units is not among them: it follows from what the units said."""
_UNSENT: Final = (State.DRAFTED, State.READY)


def next_acts(message: Message, life: Life, roles: Sequence[str]) -> tuple[NextAct, ...]:
    """What this side may do now, the likeliest first.

    Args:
        message: the message.
        life: where it is.
        roles: those that may act at this node.
    """
    if life.state in _UNSENT:
        return (_release(message, roles),) if life.state is State.READY else ()
    role = _role(roles)
    found = []
    for kind in allowed(life):
        if kind not in _FORMS:
            continue
        word, label, fields = _FORMS[kind]
        codes = _answering(message) if kind is ActKind.ANSWER else ()
        found.append(NextAct(word, label, (role, *fields), codes))
    return tuple(found)


def _release(message: Message, roles: Sequence[str]) -> NextAct:
    kind = CATALOGUE[message.code]
    is_any = message.precedence is Precedence.FLASH or not kind.roles
    may = (
        tuple(roles)
        if is_any
        else tuple(each.value for each in roles_for(kind, message.precedence))
    )
    second = text(
        "second",
        "Second person",
        "Who else has read it, not the one who releases it",
        most=100,
        mandatory=needs_second(kind, message.precedence),
    )
    return NextAct("release", "Release", (_role(may), second, _WORDS))


def _role(roles: Sequence[str]) -> Field:
    return choice("role", "Role", "As what you are on duty", *roles, mandatory=True)


def _answering(message: Message) -> tuple[str, ...]:
    kind = CATALOGUE.get(message.code)
    return () if kind is None or kind.answer is None else kind.answer.codes
