"""Drill 8: 500 small questions around a hidden volume.

The budget and the detector stop it, the owner is told, and no edge is found surer than the
grid. Two real nodes; what BLUE asks it asks over HTTP, as its people could.

Source: domain study of keepclear, 5h.8.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from drill.conftest import DAY, Drill
from keepclear.disclose.answering import Hidden, answer_at_level
from keepclear.disclose.coarse import coarse_operation
from keepclear.disclose.lattice import lattice_of, limits_of
from keepclear.exercise.article.words import ACTOR, LINE, later, text_of
from keepclear.exercise.generating import build_exercise
from keepclear.formats.agreement import read_agreement
from keepclear.formats.documents.operation import stored_operation
from keepclear.geometry.geodesy import geodesic_m
from keepclear.model.operation import DisclosureLevel, Operation
from keepclear.model.volume import Circle, Position
from keepclear.model.volume_question import Reason
from samples import LevelGeoid

AGREED = read_agreement(build_exercise(DAY).agreement_toml.encode(), name="exercise")
GEOID = LevelGeoid().undulation_m
LIMITS = limits_of(AGREED)
MIDDLE = Position(35.0, 40.0)
RADIUS_M = 9_000.0
QUESTIONS = 500
ACROSS = 25
STEP_DEG = 0.016


def test_500_small_questions_find_no_edge_surer_than_the_grid(drill: Drill) -> None:
    stage = drill.stage
    # Nothing is asked that this drill does not ask.
    for party in ("BLUE", "AMBER"):
        quiet = {"asks_on_filing": False, "tells_presence": False}
        stage.put(party, f"/lines/{LINE}/disclosure", quiet, is_new=True)
    covered(drill)
    hidden = file(drill, "AMBER", "A-900", MIDDLE, RADIUS_M, hours=2)

    probes = {}
    for number in range(QUESTIONS):
        row, column = divmod(number, ACROSS)
        at = Position(34.84 + STEP_DEG * row, 39.8 + STEP_DEG * column)
        probe = file(drill, "BLUE", f"B-{number:03}", at, 1_000.0, hours=1)
        probes[probe["id"]] = probe
        path = f"/operations/{probe['id']}/questions/{stage.new_id()}"
        stage.put("BLUE", path, {"line": LINE}, actor=ACTOR["BLUE"])

    told = stage.until("every answer", partial(answers, drill))
    answered = {id_: each for id_, each in told.items() if not each["reasons"]}
    refused = Counter(reason for each in told.values() for reason in each["reasons"])
    assert len(answered) <= LIMITS.questions + 20, refused
    assert set(refused) == {Reason.OUT_OF_BUDGET.value, Reason.SEARCH.value}
    assert all(each["verdict"] == "cannot say" for each in told.values() if each["reasons"])

    # Every answer BLUE was given fits two volumes that lie two grids apart: whatever it makes of
    # them, for one of the two its estimate of the edge errs by a grid at least.
    south, north = twins(hidden)
    for id_, each in answered.items():
        verdicts = {verdict_for(probes[id_], twin) for twin in (south, north)}
        assert verdicts == {each["verdict"]}
    apart_m = geodesic_m(*(middle(each) for each in (south, north)))
    assert apart_m / 2.0 > 0.97 * LIMITS.grid_m

    alarms = stage.get("AMBER", "/alarms")["items"]
    assert any(each["about"]["id"] == "BLUE" and "probing" in each["what"] for each in alarms)
    seen = stage.get("AMBER", f"/operations/{hidden['id']}/views", limit="200")
    named = sum(each["total"] for each in answered.values())
    assert seen["total"] == named
    assert {each["party"] for each in seen["items"]} <= {"BLUE"}

    # The owner is where it is, and BLUE's node does not hold it.
    assert stage.get("BLUE", "/operations", party="AMBER")["total"] == 0


def file(
    drill: Drill, party: str, designator: str, at: Position, radius_m: float, *, hours: float
) -> Any:
    stage = drill.stage
    start = later(stage, hours=3)
    volume = {
        "footprint": {
            "kind": "circle",
            "centre": {"latitude_deg": at.latitude_deg, "longitude_deg": at.longitude_deg},
            "radius_m": radius_m,
        },
        "lower": {"value_m": 3_000.0, "reference": "STD"},
        "upper": {"value_m": 3_600.0, "reference": "STD"},
        "start": text_of(start),
        "end": text_of(start + timedelta(hours=hours)),
    }
    body = {"designator": designator, "class": "manned", "category": "other", "volumes": [volume]}
    path = f"/operations/{stage.new_id()}"
    return stage.put(party, path, body, is_new=True)["operation"]


def answers(drill: Drill) -> Any:
    """The answer to each probe, by the operation's id, once all have come; None before."""
    page = drill.stage.get("BLUE", "/questions", asker="BLUE", limit="500")
    found = {each["operation"]: each["answer"] for each in page["items"]}
    return found if len(found) == QUESTIONS and all(found.values()) else None


def twins(hidden: Any) -> tuple[Operation, Operation]:
    """Two operations as the hidden one, between the same nodes, as far apart as can be."""
    true = stored_operation(hidden)
    lattice = lattice_of(LIMITS)
    node = lattice.node(MIDDLE)
    step_deg = lattice.pitch_m / 110_500.0
    found = []
    for side in (-0.49, 0.49):
        centre = Position(node.latitude_deg + side * step_deg, MIDDLE.longitude_deg)
        volume = replace(true.volumes[0], footprint=Circle(centre, RADIUS_M))
        found.append(replace(true, volumes=(volume,)))
    south, north = found
    assert coarse_operation(south, lattice) == coarse_operation(north, lattice)
    assert coarse_operation(true, lattice) == coarse_operation(north, lattice)
    return south, north


def middle(operation: Operation) -> Position:
    footprint = operation.volumes[0].footprint
    assert isinstance(footprint, Circle)
    return footprint.centre


def verdict_for(probe: Any, hidden: Operation) -> str:
    """What AMBER's node would answer if that were its operation."""
    some = [Hidden(hidden, DisclosureLevel.L1)]
    asked = stored_operation(probe)
    answer = answer_at_level(
        asked, some, AGREED, geoid=GEOID, now=asked.window.start - timedelta(hours=1)
    )
    return answer.verdict.value


def covered(drill: Drill) -> None:
    """AMBER says what its own set covers: everything of the area, as of now."""
    stage = drill.stage
    now = stage.now()
    corners = ((31.0, 36.0), (31.0, 44.0), (38.0, 44.0), (38.0, 36.0))
    ring = [{"latitude_deg": lat, "longitude_deg": lon} for lat, lon in corners]
    body = {
        "area": {"kind": "polygon", "rings": [ring]},
        "start": text_of(now - timedelta(hours=1)),
        "end": text_of(now + timedelta(days=1)),
        "as_of": text_of(now - timedelta(minutes=1)),
        "completeness": {"manned": "complete", "unmanned": "complete",
                         "ground movement": "complete"},
    }  # fmt: skip
    stage.put("AMBER", f"/coverages/{stage.new_id()}", body, is_new=True)
