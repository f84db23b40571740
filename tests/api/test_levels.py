"""Every answer, list, page, card, export and stream, as every kind of account of every party.

AMBER's operations bear marks: words and figures that stand nowhere else. Whatever anybody of
another party asks of their own node, and whatever that node's disk holds, only what AMBER gave
that party is in it; and the owner learns nothing of those who asked but where they fly.
"""

from __future__ import annotations

import json
import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.asking import BEARER
from api.looking import Looked, looking, on_disk
from keepclear.errors import StateForbids
from keepclear.formats.bundle import bundle_of
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.services.disclosing.viewing import views_of
from keepclear.services.paper.bundling import write_bundle
from keepclear.services.units.relaying import Deciding, decide_relay
from levels_world import (
    AIR,
    AIRS,
    ASKED,
    AT_BROKER,
    BLUES,
    BROKERED,
    CONVOY_MARKS,
    GREENS,
    HIDDEN,
    LINES,
    SEA,
    SEAS,
    SITE_MARKS,
    UNTOLD,
    World,
    given_to,
    levels_world,
    marks,
    packed,
)

L = DisclosureLevel
NUMBERS = range(len(HIDDEN))
OWN = {"AMBER": ("ZQX-",), "BLUE": ("BQX-", "SQX-", "AQX-", "NQX-", "127.65"), "UN": ()}
OWN["GREEN"] = ("GQX-", "127.65")
"""What of `UNTOLD` is a party's own."""
MOVING = {"token", "watch", "releaser", "liaison", "movement officer"}
"""Who keeps movements and sites. Source: domain study of keepclear, 5d and 5e."""
LEDGERED = re.compile(r"/api/v1/(ledger/entries(/\d+(/proof)?)?|exports/everything|quarantine)")
"""Where an investigator sees what the ledger holds and what was not taken, whatever it is of."""

Seen = dict[str, dict[str, str]]


def seen_at(stack: ExitStack, world: World, party: str) -> Seen:
    """What every caller of a party's node is told, by caller and address."""
    known = (*(each.id for each in HIDDEN), world.site.id)
    looked: Looked = looking(stack, world.sides[party], known)
    checked = ASKED.get(party, ())[:4]
    return {
        who: {
            address: _plain(text, address, known)
            for address, text in looked.everything(headers, checked).items()
        }
        for who, headers in looked.callers()
    }


def _plain(text: str, address: str, known: tuple[str, ...]) -> str:
    """A reply without what quoting did to it; what was asked for by its id is no finding."""
    if text.startswith("404 "):
        for each in known:
            text = text.replace(each, "") if each in address else text
    return text.replace("\\", "").replace('": ', '":')


def where(replies: dict[str, str], sought: tuple[str, ...]) -> set[tuple[str, str]]:
    """At which addresses which of some marks stand."""
    return {(address, mark) for address, text in replies.items() for mark in sought if mark in text}


@pytest.mark.parametrize("party", ["BLUE", "GREEN", "UN"])
def test_nobody_of_a_party_finds_anything_above_the_level_it_was_given(
    tmp_path: Path, party: str
) -> None:
    with ExitStack() as stack:
        world = stack.enter_context(levels_world(tmp_path))
        disk = on_disk(world.sides[party])
        seen = seen_at(stack, world, party)
        for number in NUMBERS:
            level, sought = given_to(party, number), marks(number)
            found = {who: where(replies, sought) for who, replies in seen.items()}
            figures = [each for each in packed(number) if each in disk]
            if level < L.L3:
                assert found == {who: set() for who in seen}, level
                assert not [each for each in sought if each.encode() in disk], level
                assert not figures, level
            else:  # whoever was told it whole finds all of it: the marks are where one looks
                assert {who: {mark for _, mark in told} for who, told in found.items()} == {
                    who: set(sought) for who in seen
                }
                assert figures
        untold = tuple(each for each in UNTOLD if each not in OWN[party])
        assert {who: where(replies, untold) for who, replies in seen.items()} == {
            who: set() for who in seen
        }
        require_sites_shown(seen, told=party == "BLUE")
        assert (SITE_MARKS[0].encode() in disk) is (party == "BLUE")
        if party in ASKED:
            require_answers(seen["token"], party)


def require_sites_shown(seen: Seen, *, told: bool) -> None:
    """A site and a movement are shown to those alone who keep them, at a party that was told."""
    found = {who: where(replies, SITE_MARKS + CONVOY_MARKS) for who, replies in seen.items()}
    ledgered = {each for each, _ in found.pop("investigator") if not LEDGERED.fullmatch(each)}
    assert not ledgered
    assert {who for who, told_at in found.items() if told_at} == (MOVING if told else set())


def require_answers(replies: dict[str, str], party: str) -> None:
    """What a party's question brings is what the level of the one operation near it lets be."""
    for number in NUMBERS:
        flight, level = (BLUES if party == "BLUE" else GREENS)[number], given_to(party, number)
        answers = answers_in(replies, flight)
        direct = next(each for each in answers["items"] if each["line"] == f"AMBER-{party}")
        told = direct["question"]["answer"]["conflicts"]
        assert (direct["counts_as"] == "conflict") is (level >= L.L1)
        assert {each["level"] for each in told} == ({level.name} if level >= L.L1 else set())
        assert all(bool(each["overlap"]) is (level >= L.L2) for each in told)
        assert all((each["operation"] == HIDDEN[number].id) is (level >= L.L3) for each in told)
        assert {each["counts_as"] for each in answers["items"] if each is not direct} <= {
            "cannot say",
            None,
        }
    for number in NUMBERS if party == "BLUE" else ():
        # A broker that was told one operation whole tells its bit, and of the others nothing:
        # its set is a part, so it never says that there is no conflict.
        by_broker = answers_in(replies, BROKERED[number])["items"]
        (item,) = [each for each in by_broker if each["line"] == "BLUE-UN" and each["question"]]
        told = item["question"]["answer"]["conflicts"]
        whole = given_to("UN", number) is L.L3
        assert item["counts_as"] == ("conflict" if whole else "cannot say")
        assert {(each["level"], each["operation"]) for each in told} == (
            {("L1", "")} if whole else set()
        )


def answers_in(replies: dict[str, str], flight: Operation) -> Any:
    return json.loads(replies[f"/api/v1/operations/{flight.id}/peer-answers"].removeprefix("200 "))


def test_an_owner_finds_all_its_own_and_of_those_who_asked_nothing_but_where(
    tmp_path: Path,
) -> None:
    with ExitStack() as stack:
        world = stack.enter_context(levels_world(tmp_path))
        amber = world.sides["AMBER"]
        disk = on_disk(amber)
        seen = seen_at(stack, world, "AMBER")
        for number in NUMBERS:
            for who, replies in seen.items():
                assert {mark for _, mark in where(replies, marks(number))} == set(marks(number)), (
                    who
                )
        sought = UNTOLD + AT_BROKER
        assert {who: where(replies, sought) for who, replies in seen.items()} == {
            who: set() for who in seen
        }
        assert not [each for each in sought if each.encode() in disk]
        require_sites_shown(seen, told=True)
        with amber.node.store.view() as view:
            for number in NUMBERS:
                told = {
                    (each.party, each.level)
                    for each in views_of(view, amber.node, HIDDEN[number].id)
                }
                given = {(party, given_to(party, number)) for party in ("BLUE", "GREEN")}
                whole = {("UN", L.L3)} if given_to("UN", number) is L.L3 else set()
                assert told == {each for each in given if each[1] >= L.L1} | whole


def test_a_member_learns_what_its_party_may_only_where_the_agreement_says_so(
    tmp_path: Path,
) -> None:
    with levels_world(tmp_path) as world, ExitStack() as stack:
        blue = looking(stack, world.sides["BLUE"])
        replies = blue.everything(BEARER)
        for number in NUMBERS:
            sea, air, own = (
                told_on("AMBER-BLUE", answers_in(replies, each[number]))
                for each in (SEAS, AIRS, BLUES)
            )
            assert (sea["counts_as"], sea["question"]["answer"]["conflicts"]) == ("cannot say", [])
            assert air["counts_as"] == own["counts_as"]
            levels = [
                {each["level"] for each in item["question"]["answer"]["conflicts"]}
                for item in (air, own)
            ]
            assert levels[0] == levels[1]
        messages = json.loads(replies["/api/v1/messages"].removeprefix("200 "))["items"]
        codes = {each["document"]["code"]: each["id"] for each in messages}
        node = world.sides["BLUE"].node
        deciding = Deciding(is_relayed=True, role="duty officer")
        with pytest.raises(StateForbids, match=f"no agreement of the two lets {SEA} inherit"):
            decide_relay(node, codes["M03"], replace(deciding, to=(SEA,)))
        assert decide_relay(node, codes["M03"], deciding).to == (AIR,)
        with pytest.raises(StateForbids, match=f"{AIR} does not stand in the release list"):
            decide_relay(node, codes["M15"], replace(deciding, to=(AIR,)))
        with pytest.raises(StateForbids, match="nobody to pass it on to"):
            decide_relay(node, codes["M15"], deciding)


def told_on(line: str, answers: Any) -> Any:
    return next(each for each in answers["items"] if each["line"] == line)


def test_nothing_above_a_level_leaves_any_node_by_network_or_bundle(tmp_path: Path) -> None:
    with levels_world(tmp_path) as world:
        for (sender, receiver), envelopes in world.sent.items():
            line = "-".join(sorted((sender, receiver)))
            bundle = bundle_of(
                write_bundle(world.sides[sender].node, line, everything=True).content
            )
            assert set(bundle.envelopes) == set(envelopes)
            text = b"".join(envelopes).decode().replace("\\", "").replace('": ', '":')
            for number in NUMBERS if receiver != "AMBER" else ():
                found = {each for each in marks(number) if each in text}
                tells = sender == "AMBER" and given_to(receiver, number) is L.L3
                assert found == (set(marks(number)) if tells else set())
            assert not [each for each in UNTOLD if each in text]
            tells_site = (sender, receiver) == ("AMBER", "BLUE")
            assert any(each in text for each in SITE_MARKS) is tells_site
        assert set(world.sent) == {
            tuple(line.split("-")[::way]) for line in LINES for way in (1, -1)
        }
