"""Two accounts beside each other: every point stands, nothing is merged, no verdict is given."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.comparing_readouts import (
    Finding,
    Ground,
    Row,
    compare,
    similarity,
    topic_key,
)
from keepclear.model.readout import (
    AboutKind,
    Mark,
    Pairing,
    Readout,
    ReadoutKind,
    ReadoutPoint,
    Stance,
)

TOPICS = st.sampled_from(["", "views", "Views!", "contacts", "next talks"])
TEXTS = st.sampled_from(
    [
        "areas of overlap",
        "areas of divergence",
        "views close or coincide on most issues",
        "contacts were restored",
        "contacts have been restored",
        "и",
    ]
)


def point(number: int, topic: str, stance: Stance, text: str) -> ReadoutPoint:
    return ReadoutPoint(number, topic, stance, text)


def account(party: str, *points: ReadoutPoint, pairings: tuple[Pairing, ...] = ()) -> Readout:
    kind = ReadoutKind.OWN if party == "BLUE" else ReadoutKind.PUBLISHED
    return Readout(
        party, "AMBER-BLUE", party, kind, AboutKind.CALL, "", points=points, pairings=pairings
    )


@st.composite
def accounts(draw: st.DrawFn, party: str, other: str) -> Readout:
    points = draw(
        st.lists(st.tuples(TOPICS, st.sampled_from(Stance), TEXTS), max_size=5).map(
            lambda rows: tuple(point(n, *row) for n, row in enumerate(rows, 1))
        )
    )
    marks = draw(
        st.lists(
            st.builds(
                Pairing,
                st.integers(1, max(len(points), 1)),
                st.just(other),
                st.integers(1, 5),
                st.sampled_from(Mark),
                st.just("duty officer"),
            ),
            max_size=3 if points else 0,
        )
    )
    return account(party, *points, pairings=tuple(marks))


def exchanged(row: Row) -> Row:
    sides = {Finding.ONLY_A: Finding.ONLY_B, Finding.ONLY_B: Finding.ONLY_A}
    return replace(row, finding=sides.get(row.finding, row.finding), a=row.b, b=row.a)


@given(accounts("BLUE", "AMBER"), accounts("AMBER", "BLUE"))
def test_every_point_of_both_stands_and_stays_as_it_was_said(a: Readout, b: Readout) -> None:
    rows = compare(a, b)
    assert {row.a for row in rows if row.a} == set(a.points)
    assert {row.b for row in rows if row.b} == set(b.points)


@given(accounts("BLUE", "AMBER"), accounts("AMBER", "BLUE"))
def test_the_comparison_is_the_same_with_the_accounts_exchanged(a: Readout, b: Readout) -> None:
    assert set(compare(a, b)) == {exchanged(row) for row in compare(b, a)}


@given(accounts("BLUE", "AMBER"), accounts("AMBER", "BLUE"))
def test_a_point_stands_twice_only_where_an_officer_marked_it(a: Readout, b: Readout) -> None:
    rows = [row for row in compare(a, b) if row.ground is not Ground.OFFICER]
    firsts = [row.a for row in rows if row.a]
    assert len(firsts) == len(set(firsts))


@given(accounts("BLUE", "AMBER"))
def test_an_account_told_twice_contradicts_itself_nowhere(a: Readout) -> None:
    plain = replace(a, pairings=())
    rows = compare(plain, replace(plain, id="copy"))
    told_once = {Finding.ONLY_A, Finding.ONLY_B}
    assert not told_once & {row.finding for row in rows}
    if len({topic_key(each.topic) for each in a.points}) == len(a.points):
        assert Finding.CONTRADICT not in {row.finding for row in rows}


def test_the_two_readouts_of_the_first_call_give_a_table_without_a_verdict() -> None:
    ours = account(
        "BLUE",
        point(1, "views", Stance.COMMON_GROUND, "areas of overlap"),
        point(2, "views", Stance.DIVERGENCE, "areas of divergence"),
    )
    theirs = account(
        "AMBER",
        point(1, "Views", Stance.COMMON_GROUND, "views close or coincide on most issues"),
        point(2, "contacts", Stance.AGREED, "contacts are restored"),
    )
    rows = compare(ours, theirs)
    assert [(row.finding, row.ground) for row in rows] == [
        (Finding.BOTH, Ground.TOPIC),
        (Finding.ONLY_A, Ground.NONE),
        (Finding.ONLY_B, Ground.NONE),
    ]


def test_one_topic_with_opposite_stances_contradicts() -> None:
    ours = account("BLUE", point(1, "cause", Stance.DIVERGENCE, "flew where law allows"))
    theirs = account("AMBER", point(1, "cause", Stance.COMMON_GROUND, "a declared area"))
    assert [row.finding for row in compare(ours, theirs)] == [Finding.CONTRADICT]


def test_similar_words_come_together_without_a_topic() -> None:
    ours = account("BLUE", point(1, "", Stance.CLAIM, "Military contacts were restored today"))
    theirs = account("AMBER", point(1, "x", Stance.CLAIM, "military contacts restored"))
    (row,) = compare(ours, theirs)
    assert (row.finding, row.ground) == (Finding.BOTH, Ground.TEXT)
    assert row.similarity >= 0.5


def test_an_officers_contradiction_is_not_overruled_by_anothers_same() -> None:
    same = Pairing(1, "AMBER", 1, Mark.SAME, "planner")
    against = Pairing(1, "BLUE", 1, Mark.CONTRADICT, "liaison officer")
    ours = account("BLUE", point(1, "a", Stance.CLAIM, "one"), pairings=(same,))
    theirs = account("AMBER", point(1, "b", Stance.CLAIM, "two"), pairings=(against,))
    (row,) = compare(ours, theirs)
    assert (row.finding, row.ground) == (Finding.CONTRADICT, Ground.OFFICER)


def test_points_marked_apart_are_not_aligned_by_their_topic() -> None:
    apart = Pairing(1, "AMBER", 1, Mark.APART, "liaison officer")
    ours = account("BLUE", point(1, "a", Stance.CLAIM, "one"), pairings=(apart,))
    theirs = account("AMBER", point(1, "a", Stance.CLAIM, "one"))
    assert [row.finding for row in compare(ours, theirs)] == [Finding.ONLY_A, Finding.ONLY_B]


def test_topics_are_compared_without_capitals_width_and_punctuation() -> None:
    assert topic_key("Ｖiews,  on SYRIA!") == topic_key("views on Syria")


def test_a_translation_is_compared_where_there_is_one() -> None:
    one = ReadoutPoint(1, "", Stance.CLAIM, "контакты", translation="contacts restored")
    other = point(1, "", Stance.CLAIM, "contacts restored")
    assert similarity(one, other) == 1.0
