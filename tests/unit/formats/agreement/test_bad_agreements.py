"""Each asset says in comments what is wrong with it: `#!! error` and `#?? warning`, in its line."""

import re
from pathlib import Path

import pytest

from keepclear.errors import InvalidAgreement
from keepclear.formats.agreement import Problem, Severity, check_agreement, read_agreement

ASSETS = Path(__file__).parents[3] / "assets" / "agreement"
BAD = sorted((ASSETS / "bad").glob("*.toml"))
MARK = re.compile(r"#(!!|\?\?) ((?:(?!#!!|#\?\?).)*)")
SEVERITIES = {"!!": Severity.ERROR, "??": Severity.WARNING}
# The assets hold no clocks, which is their own matter.
NO_CLOCKS = "there are no clocks"


def expected(text: str) -> list[tuple[int, Severity, str]]:
    return [
        (number, SEVERITIES[mark], fragment.strip())
        for number, line in enumerate(text.splitlines(), start=1)
        for mark, fragment in MARK.findall(line)
    ]


def found(data: bytes) -> list[Problem]:
    problems = check_agreement(data, name="bad.toml")
    return [problem for problem in problems if NO_CLOCKS not in problem.message]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_every_fault_is_listed_in_its_line_and_nothing_else(path: Path) -> None:
    left = expected(path.read_text())
    assert left
    for problem in found(path.read_bytes()):
        claim = f"{problem.message}. {problem.remedy}"
        match = [e for e in left if e[:2] == (problem.line, problem.severity) and e[2] in claim]
        assert match, f"not foreseen: {problem.severity} {problem}"
        left.remove(match[0])
    assert not left


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_errors_refuse_the_agreement_and_warnings_do_not(path: Path) -> None:
    errors = [e for e in expected(path.read_text()) if e[1] is Severity.ERROR]
    if not errors:
        read_agreement(path.read_bytes(), name=path.name)
        return
    with pytest.raises(InvalidAgreement) as refusal:
        read_agreement(path.read_bytes(), name=path.name)
    assert f"line {errors[0][0]}" in refusal.value.message
    assert path.name in refusal.value.message
