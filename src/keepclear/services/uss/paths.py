"""Where USSs and the discovery service are told things, below their base URLs.

Source: ASTM F3548-21, interface UTM API 1.0.0.
"""

from __future__ import annotations

from typing import Final

INTENTS: Final = "/uss/v1/operational_intents"
CONSTRAINTS: Final = "/uss/v1/constraints"
REPORTS: Final = "/uss/v1/reports"
DSS_REPORTS: Final = "/dss/v1/reports"
