from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from keepclear.exercise.generating import Exercise, build_exercise
from keepclear.exercise.writing import write_exercise
from keepclear.formats.csv_plans import read_csv
from keepclear.formats.geojson import read_geojson
from keepclear.formats.kml import read_kml
from keepclear.formats.reading import Reading
from keepclear.model.operation import Operation
from keepclear.model.plan_set import PlanSet

EXERCISE = build_exercise(date(2026, 3, 1))
FILES = write_exercise(EXERCISE)


def content(operation: Operation) -> Operation:
    """The operation without where and when it was read."""
    plain = tuple(replace(volume, source_text="") for volume in operation.volumes)
    like = EXERCISE.blue.operations[0]
    return replace(
        operation, volumes=plain, source=like.source, received_at=like.received_at, source_text=""
    )


def test_the_files_are_the_ones_parties_would_exchange() -> None:
    assert set(FILES) == {
        "blue.geojson",
        "amber.geojson",
        "others.geojson",
        "blue.csv",
        "blue.kml",
        "agreement.toml",
    }
    assert all(b"EXERCISE" in data for data in FILES.values())


def test_the_same_exercise_gives_the_same_bytes() -> None:
    assert write_exercise(build_exercise(EXERCISE.day)) == FILES


@pytest.mark.parametrize(
    ("name", "read", "meant"),
    [
        ("blue.geojson", read_geojson, lambda exercise: exercise.blue),
        ("amber.geojson", read_geojson, lambda exercise: exercise.amber),
        ("others.geojson", read_geojson, lambda exercise: exercise.others),
        ("blue.csv", read_csv, lambda exercise: exercise.blue),
        ("blue.kml", read_kml, lambda exercise: exercise.blue),
    ],
)
def test_each_file_reads_back_as_what_was_meant(
    name: str,
    read: Callable[[bytes, Reading], PlanSet],
    meant: Callable[[Exercise], PlanSet],
) -> None:
    back, plans = read(FILES[name], Reading(name, EXERCISE.now)), meant(EXERCISE)
    assert [content(each) for each in back.operations] == [
        content(each) for each in plans.operations
    ]
    assert back.coverages == plans.coverages


def test_the_geojson_files_keep_when_each_notice_was_received() -> None:
    back = read_geojson(FILES["blue.geojson"], Reading("blue.geojson", EXERCISE.now))
    for read, meant in zip(back.operations, EXERCISE.blue.operations, strict=True):
        assert read.received_at == meant.received_at


def test_the_agreement_is_written_word_for_word() -> None:
    assert FILES["agreement.toml"].decode() == EXERCISE.agreement_toml
