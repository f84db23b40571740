"""Reports of trouble in exchanges with the discovery service: archived as they came, for a time.

Source: ASTM F3548-21, interface UTM API 1.0.0: reports.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from keepclear.f3548.extent import microseconds_of
from keepclear.formats.f3548 import ErrorReport, encode
from keepclear.ports.dss_store import DssUnit
from keepclear.services.dss.discovery import Dss, Work

_A_PIECE = 50
"""So many leave in one work: each may be large."""


def put_report(dss: Dss, caller: str, body: ErrorReport) -> Work[ErrorReport]:
    """Archive a report; it comes back with the id it is kept under."""
    report_id, at_us = dss.entropy.new_id(), microseconds_of(dss.now())
    kept = msgspec.structs.replace(body, report_id=report_id)
    written = encode(kept)

    def put(unit: DssUnit) -> ErrorReport:
        unit.add_report(report_id, caller, at_us, written)
        return kept

    return put


def forget_reports(dss: Dss) -> int:
    """Remove reports that were kept long enough; how many.

    Raises:
        NodeFault: the store does not take it; what left before has left.
    """
    before_us = microseconds_of(dss.now() - timedelta(days=dss.limits.reports_kept_days))
    total = 0
    while gone := dss.store.write(lambda unit: unit.drop_reports(before_us, limit=_A_PIECE)):
        total += gone
    return total
