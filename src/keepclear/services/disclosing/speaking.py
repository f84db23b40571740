"""What a message of ours would tell the other side beyond the levels of our operations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from keepclear.disclose.lattice import lattice_of, limits_of
from keepclear.disclose.levels import agreed_level
from keepclear.disclose.speaking import (
    SPEAKING,
    Spoken,
    TellingCaution,
    holds_name,
    suggesting_texts,
    telling_cautions,
)
from keepclear.errors import InvalidInput, StateForbids
from keepclear.formats.documents.message import stored_message
from keepclear.formats.documents.shapes import window_from
from keepclear.model.agreement import Agreement, DisclosureLimits
from keepclear.model.message import Message
from keepclear.model.operation import DisclosureLevel, Operation, OperationState, Precedence
from keepclear.model.window import Window
from keepclear.ports.store import OperationQuery, View
from keepclear.services.disclosing.levels_now import agreement_between, level_to
from keepclear.services.line.pairing import line_of
from keepclear.services.line.standing import agreement_in_force
from keepclear.services.node import Node

MOST_WORDS: Final = 12
"""So many words of a message are looked up as designators."""
_MOST_FOUND: Final = 20
_BESIDE: Final = timedelta(days=1)
_WORD: Final = re.compile(r"[^\W_][\w./-]{0,60}[^\W_]")
_LIVE: Final = frozenset(OperationState) - {OperationState.ENDED}


def telling_of(
    view: View, node: Node, message: Message, now: datetime
) -> tuple[TellingCaution, ...]:
    """What a message of ours tells beyond the levels that hold now; each has to be confirmed.

    An operation that this node does not hold counts at the level the line's agreement gives.
    """
    if message.code not in SPEAKING:
        return ()
    agreement = agreement_in_force(view, line_of(view, message.line), now)
    known = _named_by_them(view, message)
    own = _own(view, node, message, agreement, known, now)
    named = [*_other(view, node, message, now), *_in_words(view, node, message, known, now)]
    others = [each for each in named if each.designator != own.designator]
    limits = DisclosureLimits() if agreement is None else limits_of(agreement)
    return telling_cautions(message, own, tuple(dict.fromkeys(others)), lattice_of(limits))


def require_confirmed(
    message: Message, cautions: tuple[TellingCaution, ...], confirmed: tuple[str, ...]
) -> None:
    """Refuse to release what tells more than agreed unless that was seen and confirmed.

    FLASH waits for nobody: of danger the least that helps is told in any case.

    Raises:
        StateForbids: a caution is not among those confirmed; each is named.
    """
    if message.precedence is Precedence.FLASH:
        return
    missing = [each for each in cautions if each.id not in confirmed]
    if missing:
        told = "; ".join(f"{each.place}: {each.text} [{each.id}]" for each in missing)
        raise StateForbids(
            f"the message tells more than its level: {told}",
            remedy=f"Write it coarser ({missing[0].remedy}), or confirm each by its id.",
        )


def _own(
    view: View,
    node: Node,
    message: Message,
    agreement: Agreement | None,
    known: frozenset[str],
    now: datetime,
) -> Spoken:
    """The operation the message is about; where an answer names none, the one they asked about."""
    told = message.fields.get("operation") or _asked_about(view, message)
    told = told if isinstance(told, Mapping) else {}
    name = str(told.get("designator", ""))
    stored = view.operation(str(told.get("id", "")))
    if stored is not None:
        return _spoken(view, node, message, stored.operation, known, now)
    level = DisclosureLevel.L0
    if agreement is not None:
        level = agreed_level(agreement, message.sender, message.recipient).level
    return Spoken(name, message.sender, level, _key(name) in known)


def _other(view: View, node: Node, message: Message, now: datetime) -> Iterator[Spoken]:
    """The other operation, where it is not one of theirs."""
    told = message.fields.get("other")
    stored = view.operation(str(told.get("id", ""))) if isinstance(told, Mapping) else None
    if stored is not None and stored.operation.party != message.recipient:
        yield _spoken(view, node, message, stored.operation, frozenset(), now)


def _in_words(
    view: View, node: Node, message: Message, known: frozenset[str], now: datetime
) -> Iterator[Spoken]:
    """Operations of anybody but them whose designators stand in what people wrote."""
    texts = suggesting_texts(message)
    words = dict.fromkeys(
        word for text in texts for word in _WORD.findall(text) if _may_be_name(word)
    )
    around = _around(message, now)
    for word in list(words)[:MOST_WORDS]:
        query = OperationQuery(states=_LIVE, text=word, window=around)
        for stored in view.find(query, limit=_MOST_FOUND).items:
            operation = stored.operation
            if operation.party == message.recipient:
                continue
            if any(holds_name(text, operation.designator) for text in texts):
                yield _spoken(view, node, message, operation, known, now)


def _may_be_name(word: str) -> bool:
    """Whether a word has letters and digits, as designators do."""
    return any(each.isdigit() for each in word) and any(each.isalpha() for each in word)


def _around(message: Message, now: datetime) -> Window:
    """The days of which the message speaks."""
    try:
        window = window_from(message.fields["window"])
        return Window(window.start - _BESIDE, window.end + _BESIDE)
    except (KeyError, InvalidInput, OverflowError):
        return Window(now - _BESIDE, now + 2 * _BESIDE)


def _spoken(
    view: View,
    node: Node,
    message: Message,
    operation: Operation,
    known: frozenset[str],
    now: datetime,
) -> Spoken:
    """An operation at the level it has to the other side; another party's is not ours to tell."""
    level = DisclosureLevel.L0
    if operation.party == node.identity.party:
        standing = node.picture.standing()
        agreement = agreement_between(standing, message.sender, message.recipient, operation)
        level = level_to(view, operation, message.recipient, agreement, now=now).level
    is_known = _key(operation.designator) in known
    return Spoken(operation.designator, operation.party, level, is_known)


def _asked_about(view: View, message: Message) -> Any:
    """The operation of ours that the advisory names which a message answers."""
    advisory = _advisory(view, message)
    return None if advisory is None else advisory.fields.get("other")


def _named_by_them(view: View, message: Message) -> frozenset[str]:
    """Designators of ours that the other side used first, in what this message answers."""
    advisory = _advisory(view, message)
    told = None if advisory is None else advisory.fields.get("other")
    return frozenset({_key(told.get("designator", ""))} if isinstance(told, Mapping) else ())


def _advisory(view: View, message: Message) -> Message | None:
    ref = message.fields.get("advisory")
    stored = view.message(ref) if isinstance(ref, str) else None
    if stored is None or stored.outgoing:
        return None
    return stored_message(stored.content)


def _key(designator: object) -> str:
    return str(designator).casefold()
