"""Which messages are themselves answers, to which message, and how far they answer it.

Source: domain study of keepclear, 5f (M08 answers M07, M17 answers M16, M21 confirms M21).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from keepclear.contact.catalogue.safety_types import CANNOT, NEED_TO_TALK
from keepclear.contact.catalogue.talk_types import WILL_NOT_SAY
from keepclear.model.message import Message
from keepclear.model.message_life import AnswerWord

_HOW_FAR: Final[Mapping[str, AnswerWord]] = {
    CANNOT: AnswerWord.DECLINED,
    WILL_NOT_SAY: AnswerWord.DECLINED,
    NEED_TO_TALK: AnswerWord.PARTLY,
}
"""Every other word is an answer, whether it is liked or not."""
_WHERE: Final[Mapping[str, tuple[str, str]]] = {
    "M08": ("advisory", "answer"),
    "M17": ("query", "ownership"),
}
"""The field that names what is answered, and the one that says how."""


class Answers(NamedTuple):
    """What a message answers.

    Attributes:
        refs: the messages it may answer.
        how_far: whether wholly.
        words: its answer in a word, for the history of what it answers.
    """

    refs: tuple[str, ...]
    how_far: AnswerWord
    words: str


def answers_of(message: Message) -> Answers | None:
    """What a message answers; None where it answers nothing."""
    if message.code == "M21" and message.fields.get("step") == "confirmation":
        return Answers(message.refs, AnswerWord.ANSWERED, "confirmed")
    where = _WHERE.get(message.code)
    ref = None if where is None else message.fields.get(where[0])
    if where is None or not isinstance(ref, str):
        return None
    words = str(message.fields.get(where[1], ""))
    return Answers((ref,), _HOW_FAR.get(words, AnswerWord.ANSWERED), words)
