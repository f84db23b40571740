"""Keep each side's account of a talk as its own, and put two of them beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from keepclear.contact.comparing_readouts import Row, compare
from keepclear.errors import InvalidInput, NotFound, NotOurs
from keepclear.formats.documents.readout import stored_readout
from keepclear.ledger.entries import EntryKind
from keepclear.model.node import Subject
from keepclear.model.readout import Readout, ReadoutKind
from keepclear.ports.store import Unit, View
from keepclear.services.expected import Expected
from keepclear.services.line.keeping import Kept, content_of, found, keep, line_partner, write
from keepclear.services.node import Node

_KINDS = (EntryKind.READOUT_RECORDED, EntryKind.READOUT_CHANGED)
_FIRST_OF = (ReadoutKind.OWN, ReadoutKind.PUBLISHED, ReadoutKind.UNOFFICIAL)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two accounts beside each other. It holds no verdict who is right.

    Attributes:
        a, b: the accounts; b is None where there is only one.
        rows: point by point; empty where b is None.
        others: further accounts of the same talk.
    """

    a: Readout
    b: Readout | None
    rows: tuple[Row, ...]
    others: tuple[Readout, ...]


def keep_readout(node: Node, readout: Readout, *, expected: Expected, actor: str = "") -> Kept:
    """Keep an account: ours, or another's as it was published and read.

    Of an account that came over the line only what we say of it may change: of which talk
    it is, and what our officers mark.

    Raises:
        InvalidInput: an own account of another party, or one published by nobody.
        NotFound: there is no such line.
        NotOurs: it came over the line, and its words are changed.
        VersionMismatch, VersionMissing: somebody changed it meanwhile, or nothing was said.
    """

    def work(unit: Unit) -> Kept:
        line_partner(unit, node, readout.line)
        current = unit.declaration(Subject.READOUT, readout.id)
        before = None if current is None else stored_readout(current.body)
        _require_as_sent(readout, before)
        _require_author(readout, node.identity.party)
        content = content_of(Subject.READOUT, readout.id, readout.party, readout)
        return keep(unit, node, content, _KINDS, expected=expected, actor=actor)

    return node.store.write(work)


def take_readout(unit: Unit, node: Node, readout: Readout) -> Kept:
    """Keep an account that came over the line, as its author's."""
    content = content_of(Subject.READOUT, readout.id, readout.party, readout)
    return write(unit, node, content, EntryKind.READOUT_TAKEN, actor=readout.party)


def comparison(view: View, about: str, *, a: str = "", b: str = "") -> Comparison:
    """Two accounts of a talk beside each other.

    Args:
        view: a moment of the store.
        about: the id of the call or consultation.
        a: the id of the first account; empty for our own, else the one published first.
        b: the id of the second; empty for the first by another party than A.

    Raises:
        InvalidInput: the same account twice.
        NotFound: there is no account of it, or not the one named.
    """
    every = [stored_readout(each.body) for each in view.declarations(Subject.READOUT)]
    of_it = sorted((each for each in every if about and each.about == about), key=_rank)
    first = stored_readout(found(view, Subject.READOUT, a).body) if a else next(iter(of_it), None)
    if first is None:
        raise NotFound(f"there is no readout about {about}")
    second = stored_readout(found(view, Subject.READOUT, b).body) if b else _other(first, of_it)
    if second is not None and second.id == first.id:
        raise InvalidInput("an account is not compared with itself", remedy="Name two readouts.")
    others = tuple(each for each in of_it if each.id not in {first.id, second and second.id})
    return Comparison(first, second, () if second is None else compare(first, second), others)


def _other(first: Readout, of_it: Sequence[Readout]) -> Readout | None:
    rest = [each for each in of_it if each.id != first.id]
    return next((each for each in rest if each.party != first.party), next(iter(rest), None))


def _rank(readout: Readout) -> tuple[int, str, str]:
    published = "" if readout.published_at is None else readout.published_at.isoformat()
    return _FIRST_OF.index(readout.kind), published, readout.id


def _require_author(readout: Readout, us: str) -> None:
    if (readout.kind is ReadoutKind.OWN) is not (readout.party == us) and (
        readout.kind is not ReadoutKind.UNOFFICIAL
    ):
        raise InvalidInput(
            f"kind: {readout.kind} does not fit an account of {readout.party}",
            remedy=f"`own` is {us}'s, `published` another party's; `unofficial` may be either's.",
        )


def _require_as_sent(readout: Readout, before: Readout | None) -> None:
    came = "" if before is None else before.message
    if readout.message != came:
        raise NotOurs(
            "the message a readout came in is the node's to say", remedy="Leave `message` out."
        )
    if before is None or not came:
        return
    ours = replace(
        before, about_kind=readout.about_kind, about=readout.about, pairings=readout.pairings
    )
    if ours != readout:
        raise NotOurs(
            f"the readout is {before.party}'s and stays as they sent it",
            remedy="Change only `about` and `pairings`; other words are another readout.",
        )
