"""The qualifier: whole scenarios between USSs, a DSS and a mock of the field's."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from scripts.conformance.judges import Judges

_CONFIGURATION = Path("monitoring/uss_qualifier/configurations/dev/f3548_self_contained.yaml")

MORE_SCOPES = ["utm.conformance_monitoring_sa"]
"""Of the judge's own client, besides those of the field's configuration."""


class Addresses(NamedTuple):
    """Where everything answers.

    Attributes:
        dss: two addresses of one DSS; scenarios about pools ask both.
        planners: USSs that are tested: their base addresses by participant.
        mock: the field's own USS, which records what it is told.
        tokens: the token issuer.
        testing: the prefix of the testing interfaces, by participant.
    """

    dss: tuple[str, str]
    planners: dict[str, tuple[str, str]]
    mock: str
    tokens: str


def configuration(checkout: Path, addresses: Addresses) -> dict[str, Any]:
    """The field's own configuration, pointed at other addresses and allowed more scopes."""
    source = checkout / _CONFIGURATION
    told: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    _absolute(told, source.parent, checkout / "monitoring" / "uss_qualifier")
    declared = told["v1"]["test_run"]["resources"]["resource_declarations"]
    versions = [
        {"participant_id": who, "interuss": {"base_url": version_url}}
        for who, (_, version_url) in addresses.planners.items()
    ]
    for name in ("test_env_version_providers", "prod_env_version_providers"):
        declared[name]["specification"]["instances"] = versions
    declared["flight_planners"]["specification"]["flight_planners"] = [
        {"participant_id": who, "v1_base_url": planner_url}
        for who, (planner_url, _) in addresses.planners.items()
    ]
    first, second = addresses.dss
    declared["dss"]["specification"]["base_url"] = first
    instances = declared["dss_instances"]["specification"]["dss_instances"]
    for instance, url in zip(instances, (first, second), strict=True):
        instance["base_url"] = url
    declared["mock_uss"]["specification"]["mock_uss_base_url"] = addresses.mock
    declared["utm_client_identity"]["specification"]["whoami_audience"] = "127.0.0.1"
    # Without it the judge leaves out intents that are nonconforming or contingent.
    declared["utm_auth"]["specification"]["scopes_authorized"] += MORE_SCOPES
    # Everything runs on this machine, whose addresses nobody else can reach.
    declared["here"] = {
        "resource_type": "resources.dev.TestExclusionsResource",
        "specification": {"allow_private_addresses": True},
    }
    suite = told["v1"]["test_run"]["action"]["test_suite"]
    suite["resources"]["test_exclusions"] = "here"
    told["v1"]["test_run"]["execution"] = {"stop_fast": False}
    told["v1"]["artifacts"] = {"raw_report": {}}
    told["v1"].pop("validation", None)
    return told


def qualify(judges: Judges, told: dict[str, Any], work: Path, tokens: str, only: str) -> int:
    """Run the qualifier; 0 where no check failed besides those that a loopback cannot pass."""
    config = work / "f3548.yaml"
    config.write_text(yaml.safe_dump(told), encoding="utf-8")
    out = work / "report"
    command = [str(judges.python), "-m", "monitoring.uss_qualifier.main"]
    command += ["--config", config.as_uri(), "--output-path", str(out)]
    command += ["--filter", only] if only else []
    environment = judges.environment(
        AUTH_SPEC=f"DummyOAuth({tokens},sub=uss_qualifier)",
        AUTH_SPEC_2=f"DummyOAuth({tokens},sub=uss_qualifier_2)",
    )
    folder = judges.checkout / "monitoring" / "uss_qualifier"
    with (work / "qualifier.log").open("w") as log:
        ran = subprocess.run(
            command, cwd=folder, env=environment, stdout=log, stderr=log, check=False
        )
    report = out / "report.json"
    if not report.is_file():
        print((work / "qualifier.log").read_text()[-3_000:])
        return ran.returncode or 1
    return _told(json.loads(report.read_text(encoding="utf-8")))


def _told(report: dict[str, Any]) -> int:
    """Print what passed and what failed; whether anything failed that may not."""
    passed = failed = 0
    scenarios = 0
    kinds: Counter[tuple[str, str, str]] = Counter()
    for scenario in _scenarios(report):
        scenarios += 1
        for check in _passed(scenario):
            passed += 1
            del check
        for check in _failed(scenario):
            failed += 1
            kinds[
                scenario["scenario_type"].rpartition(".")[2], check["name"], check["severity"]
            ] += 1
        if "execution_error" in scenario:
            kinds[scenario["scenario_type"].rpartition(".")[2], "execution error", "High"] += 1
            print(json.dumps(scenario["execution_error"])[:2_000])
    print(f"{scenarios} scenario runs, {passed + failed} checks, {failed} failed")
    for reason, count in Counter(_left_out(report)).items():
        print(f"  {count:4} left out: {reason}")
    for (scenario_type, name, severity), count in sorted(kinds.items()):
        print(f"  {count:4} {severity:6} {scenario_type}: {name}")
    return int(any(severity != "Low" for _, _, severity in kinds))


def _scenarios(part: Any) -> Iterator[dict[str, Any]]:
    """Every scenario that was run, wherever it stands in the report."""
    if isinstance(part, dict):
        if "scenario_type" in part and "cases" in part:
            yield part
            return
        for each in part.values():
            yield from _scenarios(each)
    elif isinstance(part, list):
        for each in part:
            yield from _scenarios(each)


def _left_out(part: Any) -> Iterator[str]:
    """Why each action that the judge skipped was not run."""
    if isinstance(part, dict):
        skipped = part.get("skipped_action")
        if isinstance(skipped, dict):
            yield str(skipped["reason"])
        for each in part.values():
            yield from _left_out(each)
    elif isinstance(part, list):
        for each in part:
            yield from _left_out(each)


def _steps(scenario: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for case in scenario["cases"]:
        yield from case["steps"]
    if "cleanup" in scenario:
        yield scenario["cleanup"]


def _passed(scenario: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for step in _steps(scenario):
        yield from step.get("passed_checks", ())


def _failed(scenario: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for step in _steps(scenario):
        yield from step.get("failed_checks", ())


def _absolute(part: Any, folder: Path, home: Path) -> None:
    """Have references still mean the same files from wherever the copy lies."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref" and isinstance(value, str) and value.startswith("file://."):
                part[name] = (folder / value.removeprefix("file://")).resolve().as_uri()
            elif name == "path" and isinstance(value, str) and value.startswith("file://./"):
                part[name] = (home / value.removeprefix("file://./")).resolve().as_uri()
            else:
                _absolute(value, folder, home)
    elif isinstance(part, list):
        for each in part:
            _absolute(each, folder, home)
