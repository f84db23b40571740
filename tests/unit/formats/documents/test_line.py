"""Documents of lines, checks and contacts: read back as written, refused where they cannot be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.canonical import canonical_bytes
from keepclear.errors import InvalidInput, InvalidMessage
from keepclear.formats.documents.check import (
    asking_fields,
    check_document,
    reply_fields,
    stored_check,
    words_of,
)
from keepclear.formats.documents.contact_event import (
    DatingDocument,
    event_document,
    stored_event,
)
from keepclear.formats.documents.line import (
    act_fields,
    act_of,
    declaration_fields,
    declaration_of,
    gap_digest,
    standing_document,
    stored_standing,
)
from keepclear.model.channel import CHANNELS, ChannelKind
from keepclear.model.line_standing import ChannelFacts, LineStanding
from keepclear.model.line_state import (
    CauseCode,
    Check,
    CheckResult,
    ContactEvent,
    ContactKind,
    ContactLevel,
    Dating,
    LineAct,
    LineDeclaration,
    LineState,
    Scope,
    SourceSide,
)
from keepclear.model.restoration import GapList, Listed, Restoration, RestorationAct, Step

NOW = datetime(2026, 3, 14, 12, 0, 0, 123_000, tzinfo=UTC)
AN_ID = "11111111-1111-4111-8111-111111111111"
GAP = GapList(
    "BLUE",
    NOW,
    sent=((0, 5), (1, 2)),
    held=((0, 3),),
    messages=(Listed(AN_ID, 1, "M03", NOW),),
    things=(Listed("Z-1", 3, "zone"),),
    fingerprints=(("BLUE", "ab"),),
    left_out=2,
)


def declared(**changes: Any) -> LineDeclaration:
    settings: dict[str, Any] = {
        "id": AN_ID,
        "party": "AMBER",
        "act": LineAct.SUSPEND,
        "scope": Scope.AIR,
        "residue": "FLASH",
        "effective_at": NOW,
        "declared_at": NOW,
        "reason": "as announced",
        "role": "duty officer",
    }
    return LineDeclaration(**(settings | changes))


def asked(**changes: Any) -> Check:
    settings: dict[str, Any] = {
        "id": AN_ID,
        "line": "AMBER-BLUE",
        "outgoing": True,
        "channel": "network",
        "at": NOW,
        "text": "a week has seven days",
        "language": "en",
        "expected": "two weeks have fourteen",
        "due": NOW.replace(microsecond=0),
    }
    return Check(**(settings | changes))


def test_what_is_remembered_of_a_line_is_read_back_whole() -> None:
    standing = LineStanding(
        "AMBER-BLUE",
        NOW,
        LineState.RESTORING,
        NOW,
        channels=(ChannelFacts(CHANNELS[0], NOW, NOW, None, CauseCode.ANSWERED, 0.25),),
        declarations=(declared(),),
        restoration=Restoration(
            AN_ID,
            frozenset(("b", "a")),
            NOW,
            NOW,
            ours=frozenset(Step),
            our_list=GAP,
            their_word=("x", "y"),
        ),
        over=("z",),
        skew_s=-0.5,
        skew_at=NOW,
        waiting=(AN_ID,),
    )
    body = canonical_bytes(standing_document(standing))
    assert stored_standing(body) == standing
    assert canonical_bytes(standing_document(stored_standing(body))) == body


def test_a_declaration_goes_over_the_line_and_back() -> None:
    one = declared()
    fields = declaration_fields(one)
    read = declaration_of(fields, message_id=AN_ID, party="AMBER", role=one.role, at=NOW)
    assert read == one


def test_an_act_of_restoration_goes_over_the_line_and_back() -> None:
    for step in (*Step, None):
        act = RestorationAct(
            step, "a", frozenset("ab"), gap=GAP, digests=("x", "y"), skew_s=0.5, reason="why"
        )
        assert act_of(act_fields(act, NOW)) == act


def test_both_sides_give_a_list_one_digest() -> None:
    act = act_of(act_fields(RestorationAct(Step.LIST, "a", gap=GAP), NOW))
    assert act.gap is not None
    assert gap_digest(act.gap) == gap_digest(GAP)


def test_a_check_and_its_reply_go_over_the_line_and_back() -> None:
    words = words_of(asking_fields(asked()))
    assert (words.is_reply, words.check_id, words.due) == (False, AN_ID, asked().due)
    done = asked(
        result=CheckResult.ANSWERED,
        cause=CauseCode.ANSWERED,
        reply="two weeks have fourteen",
        answered_at=NOW,
        reader_role="duty officer",
    )
    reply = words_of(reply_fields(done, NOW + timedelta(seconds=1)))
    assert (reply.is_reply, reply.text) == (True, done.reply)
    assert reply.heard_at == NOW + timedelta(seconds=1)
    assert stored_check(canonical_bytes(check_document(done))) == done


def test_a_contact_is_read_back_whole() -> None:
    event = ContactEvent(
        AN_ID,
        "AMBER-BLUE",
        ContactKind.CALL,
        ContactLevel.MINISTER,
        ChannelKind.TELEPHONE,
        Dating("August 2014", NOW, NOW),
        SourceSide.PRESS,
        "agency",
        "first contact since last August",
    )
    assert stored_event(canonical_bytes(event_document(event))) == event


def test_one_bound_of_a_dating_does_not_stand_alone() -> None:
    with pytest.raises(InvalidInput, match="one bound"):
        DatingDocument(text="long ago", earliest="2014-01-01T00:00Z").stated()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": "dance"}, "no step"),
        ({"restoration": ""}, "names no restoration"),
        ({"kind": "gap list", "gap": None}, "holds a list"),
        ({"reason": "x" * 2_000}, "characters"),
        ({"gap": {"party": "BLUE", "made_at": "2026-03-14T12:00:00"}}, "zone"),
        ({"gap": {"party": "BLUE"}}, "made_at"),
        ({"offers": ["x"] * 200}, "restoration"),
    ],
)
def test_a_step_that_cannot_be_is_refused(changed: dict[str, Any], said: str) -> None:
    fields = act_fields(RestorationAct(Step.OFFER, "a", frozenset("a")), NOW)
    with pytest.raises(InvalidMessage, match=said):
        act_of({**fields, **changed})


def test_an_end_without_a_zone_is_refused_with_its_list() -> None:
    thing = {"id": "x", "version": 1, "sort": "zone", "until": "2026-03-14T12:00:00"}
    gap = {"party": "BLUE", "made_at": "2026-03-14T12:00:00Z", "things": [thing]}
    with pytest.raises(InvalidMessage, match="zone"):
        act_of({"kind": "gap list", "restoration": "a", "gap": gap})


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["kind", "check_id", "text", "channel", "act", "scope", "effective_at", "restoration"]
KEYS += ["offers", "gap", "digests", "skew_s", "due", "heard_at", "residue"]


@given(st.dictionaries(st.sampled_from(KEYS), anything, max_size=8))
def test_fields_of_any_sort_are_read_or_refused(fields: dict[str, Any]) -> None:
    for read in (
        words_of,
        act_of,
        lambda it: declaration_of(it, message_id=AN_ID, party="AMBER", role="", at=NOW),
    ):
        try:
            read(fields)
        except InvalidInput:
            continue
