"""The check's answer for machines: one JSON document, schema "keepclear-check/1".

Numbers are SI whole numbers with the unit in the name; what a rule asks has a decimal where
it needs one. What is there is rounded down and what a rule asks up, both towards danger; so
are times: windows outwards, ages up. docs/reference/check-json.md explains every field. The
same report gives the same bytes.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from keepclear.errors import InvalidFile
from keepclear.model.answer import (
    Among,
    Answer,
    CheckReport,
    Conflict,
    Doubt,
    Finding,
    Infringement,
    OperationRef,
    Separations,
    Suggestion,
)
from keepclear.model.volume import Position
from keepclear.model.window import Window
from keepclear.reports.ranking import counts_of
from keepclear.reports.subject import CheckSubject

SCHEMA = "keepclear-check/1"
"""Changes only when a field changes its meaning or goes; new fields may come."""

_NO_HEIGHT = (
    "The altitude references of the two bands cannot be reconciled: no vertical distance can "
    "be given."
)
_UNBOUNDED = "Only one end of the vertical distance can be given; null means without limit."

Document = dict[str, Any]


def check_json(check: CheckSubject | CheckReport) -> bytes:
    """The check as JSON: UTF-8 (ASCII only), indented, one document, ends with a newline."""
    report = check.report if isinstance(check, CheckSubject) else check
    text = json.dumps(check_document(report), indent=2, ensure_ascii=True, allow_nan=False)
    return f"{text}\n".encode("ascii")


def check_document(report: CheckReport) -> Document:
    """The same as plain dictionaries; the mode stands first and last."""
    return {
        "mode": report.mode.value,
        "schema": SCHEMA,
        "now": _earlier(report.now),
        "agreement": {
            "id": report.agreement_id,
            "title": report.agreement_title,
            "version": report.agreement_version,
            "digest": report.agreement_digest,
        },
        "own_parties": list(report.own_parties),
        "overall": report.overall.value,
        "counts": asdict(counts_of(report)),
        "answers": [answer_document(answer) for answer in report.answers],
        "rejected": [_rejected(one) for one in report.rejected],
        "mode_again": report.mode.value,
    }


def answer_document(answer: Answer) -> Document:
    """One answer as plain dictionaries, an item of `answers` in the check's document.

    `conflicts_total` stands in it only where the answer lists no more than the worst of them.
    """
    total = answer.conflicts_total
    counted = {} if total is None else {"conflicts_total": total}
    return {
        "operation": _ref(answer.operation),
        "overall": answer.overall.value,
        "verdict": answer.verdict.value,
        "conflicts": [_conflict(one) for one in answer.conflicts],
        **counted,
        "infringements": [_infringement(one) for one in answer.infringements],
        "findings": [_finding(one) for one in answer.findings],
        "doubts": [_doubt(one) for one in answer.doubts],
        "among": [_among(one) for one in answer.among],
        "suggestions": [_suggestion(one) for one in answer.suggestions],
    }


def _ref(ref: OperationRef) -> Document:
    return {
        "id": ref.id,
        "designator": ref.designator,
        "party": ref.party,
        "version": ref.version,
        "class": ref.operation_class.value,
    }


def _conflict(conflict: Conflict) -> Document:
    return {
        "id": conflict.id,
        "verdict": conflict.verdict.value,
        "rule_id": conflict.rule_id,
        "reason": conflict.reason,
        "own": conflict.own,
        "ours": _ref(conflict.ours),
        "theirs": _ref(conflict.theirs),
        "our_volume": conflict.our_volume,
        "their_volume": conflict.their_volume,
        "volume_pairs": conflict.volume_pairs,
        "span": _window(conflict.span),
        "separations": _separations(conflict.separations),
        "our_closest": _position(conflict.our_closest),
        "their_closest": _position(conflict.their_closest),
    }


def _separations(separations: Separations) -> Document:
    return {
        "lateral_m": _down(separations.lateral_m),
        "lateral_minimum_m": _asked(separations.lateral_minimum_m),
        "lateral_uncertainty_m": _up(separations.lateral_uncertainty_m),
        "vertical_low_m": _down(separations.vertical_low_m),
        "vertical_high_m": _down(separations.vertical_high_m),
        "vertical_explanation": _vertical_explanation(separations),
        "vertical_minimum_m": _asked(separations.vertical_minimum_m),
        "time_s": _down(separations.time_s),
        "time_minimum_s": _up(separations.time_minimum_s),
    }


def _vertical_explanation(separations: Separations) -> str | None:
    finite = (
        math.isfinite(separations.vertical_low_m),
        math.isfinite(separations.vertical_high_m),
    )
    if all(finite):
        return None
    return _UNBOUNDED if any(finite) else _NO_HEIGHT


def _infringement(infringement: Infringement) -> Document:
    return {
        "verdict": infringement.verdict.value,
        "airspace": infringement.airspace.value,
        "airspace_id": infringement.airspace_id,
        "airspace_name": infringement.airspace_name,
        "volume": infringement.volume,
        "span": _window(infringement.span),
        "place": _position(infringement.place),
        "reason": infringement.reason,
        "contact": infringement.contact,
    }


def _finding(finding: Finding) -> Document:
    return {"kind": finding.kind.value, "reason": finding.reason, "volume": finding.volume}


def _doubt(doubt: Doubt) -> Document:
    return {
        "kind": doubt.kind.value,
        "reason": doubt.reason,
        "remedy": doubt.remedy,
        "party": doubt.party,
    }


def _among(among: Among) -> Document:
    return {
        "party": among.party,
        "notices": among.notices,
        "oldest_s": None if among.oldest_s is None else _up(among.oldest_s),
        "as_of": None if among.as_of is None else _earlier(among.as_of),
        "age_s": None if among.age_s is None else _up(among.age_s),
        "completeness": None if among.completeness is None else among.completeness.value,
        "own": among.own,
    }


def _suggestion(suggestion: Suggestion) -> Document:
    return {
        "kind": suggestion.kind.value,
        "found": suggestion.found,
        "time_s": _outwards(suggestion.time_s),
        "vertical_m": _outwards(suggestion.vertical_m),
        "lateral_m": _outwards(suggestion.lateral_m),
        "bearing_deg": round(suggestion.bearing_deg, 1) % 360.0,
    }


def _rejected(error: InvalidFile) -> Document:
    return {
        "code": error.code,
        "file": error.file,
        "feature": error.feature,
        "message": error.message,
        "remedy": error.remedy,
    }


def _position(position: Position) -> Document:
    return {
        "latitude_deg": round(position.latitude_deg, 5) + 0.0,
        "longitude_deg": round(position.longitude_deg, 5) + 0.0,
    }


def _window(window: Window) -> Document:
    return {"start": _earlier(window.start), "end": _later(window.end)}


def _earlier(at: datetime) -> str:
    return f"{at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()}Z"


def _later(at: datetime) -> str:
    return _earlier(at + timedelta(microseconds=999_999))


def _down(value: float) -> int | None:
    return math.floor(value + 1e-6) if math.isfinite(value) else None


def _up(value: float) -> int | None:
    return math.ceil(value - 1e-6) if math.isfinite(value) else None


def _asked(minimum_m: float) -> float | None:
    """What a rule asks, to the decimetre: 3,000 ft are 914.4 m and must read so again."""
    if not math.isfinite(minimum_m):
        return None
    told_m = math.ceil(minimum_m * 10.0 - 1e-6) / 10.0
    return int(told_m) if told_m == int(told_m) else told_m


def _outwards(value: float) -> int | None:
    """A change is never told smaller than it must be."""
    return _up(value) if value >= 0.0 else _down(value)
