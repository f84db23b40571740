"""The exercise as files, as parties would exchange them."""

from __future__ import annotations

from keepclear.exercise.generating import AGREEMENT_FILE, Exercise
from keepclear.formats.csv_plans import write_csv
from keepclear.formats.geojson import write_geojson
from keepclear.formats.kml import write_kml
from keepclear.model.operation import Mode
from keepclear.model.plan_set import PlanSet


def write_exercise(exercise: Exercise) -> dict[str, bytes]:
    """Write every input of the exercise: file names and their bytes.

    The GeoJSON files hold everything. BLUE's plans come as CSV and KML too, to try those
    formats on.
    """
    sets: dict[str, PlanSet] = {
        "blue.geojson": exercise.blue,
        "amber.geojson": exercise.amber,
        "others.geojson": exercise.others,
    }
    files = {name: write_geojson(plans, mode=Mode.EXERCISE).data for name, plans in sets.items()}
    files["blue.csv"] = write_csv(exercise.blue, mode=Mode.EXERCISE).data
    files["blue.kml"] = write_kml(exercise.blue, mode=Mode.EXERCISE).data
    files[AGREEMENT_FILE] = exercise.agreement_toml.encode()
    return files
