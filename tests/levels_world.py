"""Five parties' worth of need-to-know in one world; nothing here is under test.

AMBER owns four operations far from each other. Each of BLUE, GREEN and UN (a broker) is given
one of them at each of the levels L0 to L3, and no two are given the same one alike. Every
operation bears marks: words and figures that stand nowhere else. BLUE has a member that
inherits what BLUE may see, and one that does not.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from humanitarian import convoy, hospital
from keepclear.errors import KeepclearError
from keepclear.formats.agreement import read_agreement, write_agreement
from keepclear.identity.agreement_signatures import sign_agreement
from keepclear.identity.fingerprints import fingerprint
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.model.party import Member, Party, PartyKind
from keepclear.model.site import Site
from keepclear.model.volume import Position
from keepclear.model.window import Window
from keepclear.services.agreeing import file_agreement
from keepclear.services.declaring import state_coverage
from keepclear.services.disclosing.asking import ask
from keepclear.services.disclosing.releasing import Giving, release
from keepclear.services.expected import NEW
from keepclear.services.filing import file_operation
from keepclear.services.humanitarian.keeping import keep_movement, keep_site
from keepclear.services.humanitarian.passing import warn
from keepclear.services.humanitarian.releasing import Telling, release_movement, release_site
from keepclear.services.line.peering import add_peer
from keepclear.services.line.receiving import receive
from keepclear.services.line.signing import take_signature
from keepclear.services.line.ticking import tick
from keepclear.services.paper.entering import Entering, enter_text
from keepclear.services.paper.writing import printed_text
from line_fixture import Side, party_node
from line_pair import OPENED
from messages import an_id
from samples import NM, agreement, circle, coverage, operation

L = DisclosureLevel
LEVELS = (L.L0, L.L1, L.L2, L.L3)
AIR, SEA = "BLUE-AIR", "BLUE-SEA"
"""Members of BLUE: one inherits what BLUE may see, one does not."""
_BLUE = Party(
    "BLUE",
    "Blue",
    PartyKind.COALITION,
    members=(Member(AIR, "Air", inherits_disclosure=True), Member(SEA, "Sea")),
)
_AMBER = Party("AMBER", "Amber", PartyKind.STATE)
_GREEN = Party("GREEN", "Green", PartyKind.STATE)
_UN = Party("UN", "The broker", PartyKind.UN_AGENCY)
SEEDS = {"AMBER": 9, "BLUE": 7, "GREEN": 13, "UN": 15}
AGREED = {
    "TEST": (_BLUE, _AMBER),
    "OWN": (_AMBER, _GREEN),
    "NEXT": (_BLUE, _AMBER, _GREEN),
    "SEAT": (_BLUE, _AMBER, _UN),
}
"""Who signed which agreement; GREEN has one of its own with AMBER, and is BLUE's neighbour."""
LINES = {
    "AMBER-BLUE": "TEST",
    "AMBER-GREEN": "OWN",
    "BLUE-GREEN": "NEXT",
    "AMBER-UN": "SEAT",
    "BLUE-UN": "SEAT",
}
_SHIFT = {"BLUE": 0, "GREEN": 1, "UN": 2}


def given_to(party: str, number: int) -> DisclosureLevel:
    """At which level AMBER gives a party one of its four operations."""
    return LEVELS[(number + _SHIFT[party]) % len(LEVELS)]


def _marked(party: str, name: str, number: int, **where: float) -> Operation:
    """An operation with marks of its own."""
    contact = f"131.97{number} QUEBEC" if party == "AMBER" else f"127.65{number} {name}"
    plain = operation(f"{name}-774{number}", circle(**where), party=party, contact=contact)
    when = plain.volumes[0].window
    window = Window(when.start.replace(second=11 + number), when.end.replace(second=41 + number))
    return replace(plain, volumes=(replace(plain.volumes[0], window=window),))


HIDDEN = tuple(
    _marked(
        "AMBER",
        "ZQX",
        number,
        latitude_deg=31.512347 + 2.0 * number,
        longitude_deg=36.523459 + number,
        radius_m=9_137.0 + 11.0 * number,
    )
    for number in range(4)
)
"""AMBER's operations, the first of which BLUE is given at L0."""


def marks(number: int) -> tuple[str, ...]:
    """What only whoever was told the whole of an operation may find."""
    return (
        f"ZQX-774{number}",
        f"131.97{number}",
        f"{31 + 2 * number}.51234",
        f"{36 + number}.52345",
        f'radius_m":{9_137 + 11 * number}',
        HIDDEN[number].id,
        f":{11 + number}Z",
        f":{41 + number}Z",
    )


def packed(number: int) -> tuple[bytes, ...]:
    """Figures of an operation as a store packs them."""
    figures = (31.512347 + 2.0 * number, 36.523459 + number)
    return tuple(struct.pack("<d", each) for each in figures)


def _near(party: str, name: str, number: int, *, north_deg: float, member: str = "") -> Operation:
    """A flight of an asker's whose window and place meet those of a hidden operation."""
    made = operation(
        f"{name}-88{number}",
        circle(31.51 + north_deg + 2.0 * number, 36.6 + number, 3 * NM),
        party=party,
        contact=f"127.65{number} {name}",
    )
    return replace(made, member=member)


BLUES = tuple(_near("BLUE", "BQX", number, north_deg=0.04) for number in range(4))
GREENS = tuple(_near("GREEN", "GQX", number, north_deg=0.05) for number in range(4))
SEAS = tuple(_near("BLUE", "SQX", number, north_deg=0.06, member=SEA) for number in range(4))
AIRS = tuple(_near("BLUE", "AQX", number, north_deg=0.07, member=AIR) for number in range(4))
BROKERED = tuple(_near("BLUE", "NQX", number, north_deg=0.03219) for number in range(4))
"""Flights of which BLUE asks the broker alone."""
ASKED = {"BLUE": (*BLUES, *SEAS, *AIRS), "GREEN": GREENS}
UNTOLD = ("BQX-", "SQX-", "AQX-", "NQX-", "GQX-", "127.65")
"""What asking does not disclose: designators and contacts of the askers."""
AT_BROKER = tuple(f"{31 + 2 * number}.54219" for number in range(4))
"""Where the flights are of which only the broker was asked."""
SITE_MARKS = ("32.217893", "36.117897", "32 13 04", "hospital KQV", "3213.07", "32.2179")
"""Of a site of AMBER's: where it is, in every notation, and what."""
CONVOY_MARKS = ("Relief Nightingale", "KWX 5577", "bridge WXH")
"""Of a movement of AMBER's, and of a hazard that it was warned of."""


@dataclass
class World:
    """Four nodes and five lines.

    Attributes:
        sides: the nodes by party.
        sent: every envelope by sender and receiver.
        site: AMBER's, told to BLUE alone.
    """

    sides: dict[str, Side]
    sent: dict[tuple[str, str], list[bytes]]
    site: Site

    def turn(self, minutes: int) -> None:
        """Let time pass in steps, with all that happens meanwhile."""
        for _ in range(minutes // 5):
            for side in self.sides.values():
                side.clock.at += timedelta(minutes=5)
                tick(side.node, side.node.now())
            self.carry()

    def carry(self) -> None:
        """Carry everything that waits on every line, until nothing does."""
        ways = [(line, *line.split("-")[::way]) for line in LINES for way in (1, -1)]
        while sum(self._over(*each) for each in ways):
            pass

    def _over(self, line: str, sender: str, receiver: str) -> bool:
        here, there = self.sides[sender].node, self.sides[receiver].node
        with here.store.view() as view:
            waiting = view.envelopes_waiting(line)
        if not waiting:
            return False
        contents = [each.content for each in waiting]
        self.sent.setdefault((sender, receiver), []).extend(contents)
        receive(there, line, contents)
        serials = {
            each.epoch: [other.serial for other in waiting if other.epoch == each.epoch]
            for each in waiting
        }

        def keep(unit: Any) -> None:
            for epoch, found in serials.items():
                unit.mark_delivered(line, epoch, found, at=here.now())

        here.store.write(keep)
        return True

    def release(self, number: int, party: str, level: DisclosureLevel) -> None:
        """AMBER releases one of its operations; L1 is what was agreed anyway."""
        giving = Giving(level, "planner", actor="somebody")
        release(self.sides["AMBER"].node, HIDDEN[number].id, party, giving, expected=NEW)

    def ask(self, party: str, line: str, made: Operation, name: str, **more: Any) -> None:
        """Have a party's node ask about one of its operations."""
        ask(self.sides[party].node, line, made.id, an_id(f"{name} {made.designator}"), **more)


@contextmanager
def levels_world(folder: Path) -> Iterator[World]:
    """The world, after everything was released and everything asked."""
    with ExitStack() as stack:
        sides = {
            party: stack.enter_context(
                party_node(folder / party.lower(), party, seed=seed, at=OPENED)
            )
            for party, seed in SEEDS.items()
        }
        _agree(sides)
        site = hospital(
            OPENED,
            "hidden",
            party="AMBER",
            function=SITE_MARKS[3],
            point=Position(32.217893, 36.117897),
            confirm_by=OPENED + timedelta(minutes=25),
            recipients=("BLUE",),
        )
        world = World(sides, {}, site)
        world.turn(minutes=10)
        _file(world)
        _tell(world)
        world.turn(minutes=10)
        _hear(world)
        _ask(world)
        world.turn(minutes=20)
        yield world


def _agree(sides: Mapping[str, Side]) -> None:
    for name, parties in AGREED.items():
        toml = write_agreement(agreement(id=name, parties=parties)).encode()
        agreed = read_agreement(toml, name=name)
        ends = [sides[each.id] for each in parties]
        signed = [
            sign_agreement(side.root, agreed, party=side.party, at=side.clock.now())
            for side in ends
        ]
        for side in ends:
            file_agreement(side.node, agreed.id, agreed.version, toml, expected=NEW)
            for each in signed:
                take_signature(side.node, each)
    for line, name in LINES.items():
        one, other = (sides[each] for each in line.split("-"))
        for here, there in ((one, other), (other, one)):
            heard = fingerprint(there.root.public_key)
            card = there.card()
            add_peer(here.node, card, agreement_id=name, heard=heard, expected=NEW, actor="duty")


def _file(world: World) -> None:
    for side in world.sides.values():
        stated = coverage(side.party, as_of=side.clock.now())
        state_coverage(side.node, an_id(f"{side.party} coverage"), stated, expected=NEW)
    for made in (*HIDDEN, *BLUES, *SEAS, *AIRS, *BROKERED, *GREENS):
        file_operation(world.sides[made.party].node, made, expected=NEW, actor="planner")


def _tell(world: World) -> None:
    for party in _SHIFT:
        for number in range(4):
            level = given_to(party, number)
            if level is not L.L1:
                world.release(number, party, level)
    amber = world.sides["AMBER"].node
    telling = Telling("AMBER-BLUE", "movement officer", "second", "first")
    keep_site(amber, world.site, expected=NEW)
    release_site(amber, world.site.id, an_id("m15"), telling)
    moved = convoy(
        world.sides["AMBER"].clock.at,
        party="AMBER",
        organisation=CONVOY_MARKS[0],
        contact=CONVOY_MARKS[1],
        confirm_by=OPENED + timedelta(minutes=25),
        recipients=("BLUE",),
    )
    keep_movement(amber, moved, expected=NEW)
    release_movement(amber, moved.id, an_id("m14"), telling)


def _hear(world: World) -> None:
    """BLUE hears of site and movement by telephone too, once with a slip, and sees a hazard."""
    amber, blue = world.sides["AMBER"].node, world.sides["BLUE"].node
    by_phone = Entering("telephone", "duty officer")
    for name in ("m14", "m15"):
        line = printed_text(amber, an_id(name)).line
        enter_text(blue, an_id(f"{name} by telephone"), line, by_phone)
        with suppress(KeepclearError):  # refused, and kept as evidence
            enter_text(blue, an_id(f"{name} with a slip"), line.replace("E", "W", 9), by_phone)
            raise AssertionError("a slip was taken")
    hazard = f"Firing at the {CONVOY_MARKS[2]}."
    warn(blue, an_id("m14"), an_id("hazard"), hazard, role="movement officer")


def _ask(world: World) -> None:
    for party, flights in ASKED.items():
        line = f"AMBER-{party}"
        for made in flights:
            world.ask(party, line, made, "first")
    for number in range(4):
        world.ask("BLUE", "AMBER-BLUE", BLUES[number], "again", suggests=True)
        world.ask("BLUE", "BLUE-UN", BROKERED[number], "broker", about="AMBER")
        world.ask("GREEN", "BLUE-GREEN", GREENS[number], "round about", about="AMBER")
