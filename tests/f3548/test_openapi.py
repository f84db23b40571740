"""Our interface document is the standard's; whatever differs is listed with its reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from f3548.utm_facts import facts_of
from keepclear.api.f3548.openapi import openapi_document
from keepclear.api.f3548.roles import by_path, served
from keepclear.api.f3548.tables import ENDPOINTS

ROOT = Path(__file__).resolve().parents[2]
STANDARD: dict[str, Any] = json.loads((Path(__file__).parent / "utm_facts.json").read_text())
DOCUMENT = openapi_document(ENDPOINTS, version="0")
OURS = facts_of(json.dumps(DOCUMENT))

MORE_STATUSES = {
    "413": "any body may be too large",
    "500": "a service may fail",
    "503": "a service may be stopping",
}
MORE_STATUSES_OF = {
    ("PUT /dss/v1/uss_availability/{uss_id}", "409"): "another arbiter changed it meanwhile",
}
MORE_FIELDS = {
    ("PutOperationalIntentReferenceParameters", "requested_ovn_suffix"): "an extension of InterUSS",
}
OPTIONAL_HERE = {
    ("SetUssAvailabilityStatusParameters", "old_version"): "the document gives it a default",
    ("ExchangeRecord", "request_source"): "the document asks for it and does not declare it",
}
UNPROTECTED = {
    "GET /uss/v1/log_sets/{log_set_id}": "the document protects it by nothing, and says no error",
}


def test_the_facts_are_those_of_the_standard(shared: Path) -> None:
    assert facts_of((shared / "f3548" / "utm.yaml").read_text()) == STANDARD


@pytest.mark.parametrize("name", sorted(STANDARD["operations"]))
def test_an_operation_is_as_the_standard_has_it(name: str) -> None:
    theirs, ours = STANDARD["operations"][name], OURS["operations"][name]
    assert (ours["id"], ours["body"]) == (theirs["id"], theirs["body"])
    assert ours["statuses"].items() >= theirs["statuses"].items()
    if name in UNPROTECTED:
        return
    assert ours["scopes"] == theirs["scopes"]
    more = set(ours["statuses"]) - set(theirs["statuses"]) - set(MORE_STATUSES)
    assert more == {status for path, status in MORE_STATUSES_OF if path == name}


def test_nothing_else_is_served_under_the_standards_paths() -> None:
    under = ("/dss/v1/", "/uss/v1/")
    ours = {name for name in OURS["operations"] if name.partition(" ")[2].startswith(under)}
    assert ours - set(STANDARD["operations"]) == {"GET /dss/v1/healthy"}


@pytest.mark.parametrize("name", sorted(set(STANDARD["schemas"]) & set(OURS["schemas"])))
def test_a_record_is_as_the_standard_has_it(name: str) -> None:
    theirs, ours = STANDARD["schemas"][name], OURS["schemas"][name]
    more = {field for record, field in MORE_FIELDS if record == name}
    assert set(ours["fields"]) - set(theirs["fields"]) == more
    assert [each for each in ours["fields"] if each not in more] == theirs["fields"]
    optional = {field for record, field in OPTIONAL_HERE if record == name}
    assert set(ours["required"]) == set(theirs["required"]) - optional


def test_every_record_that_an_operation_names_is_compared() -> None:
    for told in STANDARD["operations"].values():
        named = {told["body"], *told["statuses"].values()} - {""}
        assert named <= set(OURS["schemas"])


def test_an_endpoint_is_declared_once_and_served_in_its_role_alone() -> None:
    assert len({(each.method, each.path) for each in ENDPOINTS}) == len(ENDPOINTS)
    assert len({each.operation_id for each in ENDPOINTS}) == len(ENDPOINTS)
    dss = {each.path for each in served(dss=True, uss=False, testing=True)}
    assert not any(path.startswith(("/uss/", "/flight_planning/")) for path in dss)
    uss = by_path(served(dss=False, uss=True, testing=False))
    assert not any(path.startswith(("/dss/", "/flight_planning/")) for path in uss)


def test_the_written_reference_is_current() -> None:
    command = [sys.executable, "scripts/f3548_page.py", "--check"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
