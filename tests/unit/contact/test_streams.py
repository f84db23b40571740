"""Hash-linked streams: what an arriving envelope is, whatever order it comes in."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from keepclear.contact.streams import (
    MOST_AHEAD,
    Arrival,
    End,
    Link,
    advanced,
    follows,
    gaps,
    judge,
)


def chain(count: int) -> list[Link]:
    links: list[Link] = []
    previous = b""
    for serial in range(1, count + 1):
        its_hash = sha256(previous + serial.to_bytes(4, "big")).digest()
        links.append(Link(serial, its_hash, previous))
        previous = its_hash
    return links


ONE, TWO, THREE = chain(3)
OTHER = Link(2, b"\x01" * 32, ONE.hash)


def test_the_first_envelope_follows_an_empty_stream() -> None:
    assert judge(End(), ONE, None) is Arrival.NEXT


def test_an_envelope_that_names_another_before_it_is_a_fork() -> None:
    assert judge(advanced(ONE), Link(2, TWO.hash, b"\x02" * 32), None) is Arrival.FORK


def test_an_envelope_beyond_a_gap_is_early() -> None:
    assert judge(End(), TWO, None) is Arrival.EARLY


def test_one_too_far_beyond_a_gap_is_not_kept() -> None:
    far = Link(MOST_AHEAD + 1, THREE.hash, TWO.hash)
    assert judge(End(), far, None) is Arrival.TOO_EARLY


def test_the_same_serial_with_the_same_hash_is_a_duplicate() -> None:
    assert judge(advanced(TWO), TWO, TWO.hash) is Arrival.DUPLICATE


def test_the_same_serial_with_another_hash_is_tampering() -> None:
    assert judge(advanced(TWO), OTHER, TWO.hash) is Arrival.TAMPERED


def test_an_early_one_is_compared_with_what_was_kept_under_its_serial() -> None:
    assert judge(End(), OTHER, TWO.hash) is Arrival.TAMPERED
    assert judge(End(), TWO, TWO.hash) is Arrival.DUPLICATE


def test_gaps_name_every_serial_that_is_missing_and_no_other() -> None:
    assert gaps(End(2, b"x" * 32), [4, 5, 8]) == ((3, 3), (6, 7))
    assert gaps(End(2, b"x" * 32), [], up_to=4) == ((3, 4),)
    assert gaps(End(2, b"x" * 32), [3], up_to=3) == ()


@given(st.integers(1, 30).flatmap(lambda n: st.permutations(range(n))), st.data())
def test_every_order_and_repetition_leads_to_the_same_end(
    order: list[int], data: st.DataObject
) -> None:
    links = chain(len(order))
    again = data.draw(st.lists(st.sampled_from(order), max_size=20))
    end, kept, new = End(), dict[int, Link](), list[int]()
    for number in [*order, *again]:
        link = links[number]
        known = kept.get(link.serial)
        match judge(end, link, None if known is None else known.hash):
            case Arrival.NEXT | Arrival.EARLY:
                new.append(link.serial)
                kept[link.serial] = link
            case arrival:
                assert arrival is Arrival.DUPLICATE
        while (following := kept.get(end.serial + 1)) is not None:
            assert follows(end, following)
            end = advanced(following)
    assert sorted(new) == [link.serial for link in links]
    assert end == advanced(links[-1])


@given(st.sets(st.integers(1, 60)), st.integers(0, 60), st.integers(0, 60))
def test_what_is_kept_and_what_is_missing_make_up_all_there_is(
    kept: set[int], serial: int, up_to: int
) -> None:
    found = {s for a, b in gaps(End(serial), kept, up_to=up_to) for s in range(a, b + 1)}
    highest = max([up_to, *kept])
    assert found == set(range(serial + 1, highest + 1)) - kept
