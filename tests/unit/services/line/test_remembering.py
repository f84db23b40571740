"""The history of contacts, and what it means for a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepclear.errors import InvalidInput, NotFound, VersionMismatch
from keepclear.formats.documents.contact_event import ContactEventDocument, DatingDocument
from keepclear.model.line_state import ContactKind, ContactLevel, SourceSide
from keepclear.services.expected import NEW
from keepclear.services.line.remembering import Noted, history_of, remember_contact
from line_pair import LINE, Pair, paired_nodes, state_at

AN_ID = "77777777-7777-4777-8777-777777777777"
ANOTHER = "88888888-8888-4888-8888-888888888888"


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with paired_nodes(tmp_path) as made:
        made.look()
        yield made


def contact(text: str = "August 2025", **said: object) -> ContactEventDocument:
    settings: dict[str, object] = {
        "kind": ContactKind.CALL,
        "level": ContactLevel.MINISTER,
        "at": DatingDocument(text=text),
        "side": SourceSide.PRESS,
        "source": "agency",
    }
    return ContactEventDocument(**(settings | said))  # type: ignore[arg-type]  # a table


def remember(pair: Pair, document: ContactEventDocument, name: str = AN_ID) -> Noted:
    return remember_contact(pair.blue.node, LINE, name, document, expected=NEW, actor="watch")


def test_both_datings_are_kept_and_shown(pair: Pair) -> None:
    remember(pair, contact())
    bounds = DatingDocument(
        text="more than a year ago", earliest="2000-01-01T00:00Z", latest="2025-03-14T00:00Z"
    )
    remember(pair, contact(at=bounds, source="ministry", side=SourceSide.OTHER), ANOTHER)
    with pair.blue.node.store.view() as view:
        history = history_of(view, LINE, pair.blue.node.now())
    assert [each.source for each in history.datings] == ["agency", "ministry"]
    assert history.differ


def test_the_same_contact_again_changes_nothing(pair: Pair) -> None:
    first, again = remember(pair, contact()), remember(pair, contact())
    assert (first.created, again.created, again.version) == (True, False, 1)


def test_a_contact_is_not_overwritten_unseen(pair: Pair) -> None:
    remember(pair, contact())
    with pytest.raises(VersionMismatch):
        remember(pair, contact("July 2025"))


def test_a_date_that_needs_bounds_says_so(pair: Pair) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        remember(pair, contact("long ago"))


def test_a_contact_needs_a_line(pair: Pair) -> None:
    with pytest.raises(NotFound):
        remember_contact(pair.blue.node, "BLUE-GREY", AN_ID, contact(), expected=NEW)


def test_history_does_not_make_a_tested_line_lapsed(pair: Pair) -> None:
    remember(pair, contact())
    assert state_at(pair.blue) == "up"


def test_our_own_call_is_contact_on_the_line(pair: Pair) -> None:
    pair.cut = True
    pair.turn(hours=25)
    now = pair.blue.node.now()
    said = contact(now.isoformat(), side=SourceSide.OWN, source="watch")
    remember(pair, said)
    with pair.blue.node.store.view() as view:
        from keepclear.services.line.standing import standing_of

        assert standing_of(view, pair.blue.line()).contact_at == now
