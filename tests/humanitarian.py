"""Units, movements and sites as people write them, for tests; nothing here is under test."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from keepclear.formats.times import iso_text
from keepclear.model.altitude import Altitude, AltitudeBand, AltitudeReference
from keepclear.model.humanitarian import Cargo, Movement, MovementMode
from keepclear.model.site import Site, VerifiedBy
from keepclear.model.unit import Means, MeansKind, OwnUnit, UnitKind
from keepclear.model.volume import Circle, Corridor, Footprint, Position, Volume
from keepclear.model.window import Window
from keepclear.services.expected import NEW
from keepclear.services.humanitarian.keeping import keep_movement, keep_site
from keepclear.services.humanitarian.releasing import Telling, release_movement
from keepclear.services.units.listing import keep_unit
from keepclear.services.units.telling_units import Saying, say_of_unit
from line_fixture import LINE, Side
from messages import an_id

GROUND = AltitudeBand(Altitude(0.0, AltitudeReference.AGL), Altitude(100.0, AltitudeReference.AGL))
NEAR = Circle(Position(35.2, 36.1), 30_000.0)
FAR = Circle(Position(33.0, 40.0), 10_000.0)
ROAD = Corridor((Position(35.1, 36.1), Position(35.4, 36.2)), 1_000.0)
TELLING = Telling(LINE, "movement officer", "second", "first")
TELEPHONE = (Means(MeansKind.TELEPHONE, "5551"), Means(MeansKind.RADIO, "130.000"))


def own_unit(name: str = "TOWER", area: Footprint | None = NEAR, **changes: Any) -> OwnUnit:
    settings: dict[str, Any] = {
        "id": an_id(name),
        "name": name,
        "kind": UnitKind.TOWER,
        "means": TELEPHONE,
        "area": area,
    }
    return OwnUnit(**(settings | changes))


def listed(side: Side, name: str = "TOWER", area: Footprint | None = NEAR, **changes: Any) -> str:
    own = own_unit(name, area, **changes)
    keep_unit(side.node, own, expected=NEW)
    return own.id


def convoy(at: datetime, name: str = "convoy", *, lead_h: float = 4.0, **changes: Any) -> Movement:
    start = at + timedelta(hours=lead_h)
    settings: dict[str, Any] = {
        "id": an_id(name),
        "party": "BLUE",
        "organisation": "Relief Example",
        "mode": MovementMode.ROAD,
        "route": "Northgate to Southfield",
        "legs": (Volume(ROAD, GROUND, Window(start, start + timedelta(hours=2))),),
        "marks": "blue flag on each roof",
        "contact": "+00 5551",
        "cargo": Cargo.FOOD,
        "expiry": start + timedelta(hours=8),
        "recipients": ("AMBER",),
    }
    return Movement(**(settings | changes))


def hospital(at: datetime, name: str = "hospital", **changes: Any) -> Site:
    settings: dict[str, Any] = {
        "id": an_id(name),
        "party": "BLUE",
        "function": "hospital",
        "point": Position(35.2, 36.1),
        "radius_m": 200.0,
        "verified_by": "Relief Example",
        "method": VerifiedBy.VISIT,
        "verified_on": at - timedelta(days=2),
        "expiry": at + timedelta(days=30),
        "recipients": ("AMBER",),
    }
    return Site(**(settings | changes))


def notified(side: Side, name: str = "convoy", **changes: Any) -> str:
    """A convoy of BLUE's, told on the line; the id of its message."""
    movement = convoy(side.clock.at, name, **changes)
    keep_movement(side.node, movement, expected=NEW)
    message_id = an_id(f"{name} M14")
    release_movement(side.node, movement.id, message_id, TELLING)
    return message_id


def kept_site(side: Side, name: str = "hospital", **changes: Any) -> Site:
    site = hospital(side.clock.at, name, **changes)
    keep_site(side.node, site, expected=NEW)
    return site


def said(side: Side, message: str, unit: str, word: Any, **more: Any) -> Any:
    step = an_id(f"{message} {unit} {word} {more}")
    saying = Saying(word, "duty officer", MeansKind.TELEPHONE, more.pop("words", ""), "somebody")
    return say_of_unit(side.node, message, unit, step, saying)


def text_of(at: datetime) -> str:
    return iso_text(at)
