"""The discovery and synchronisation service: what each call decides, and what is kept of it."""

from __future__ import annotations

from keepclear.services.dss.availability import get_availability, put_availability
from keepclear.services.dss.constraints import (
    delete_constraint,
    get_constraint,
    put_constraint,
    query_constraints,
)
from keepclear.services.dss.discovery import (
    Dss,
    DssLimits,
    Later,
    Work,
    finished,
    perform,
    pool_of,
)
from keepclear.services.dss.expiring import expire
from keepclear.services.dss.intents import (
    delete_intent,
    get_intent,
    put_intent,
    query_intents,
)
from keepclear.services.dss.proving import KeyLacks
from keepclear.services.dss.reporting import forget_reports, put_report
from keepclear.services.dss.subscriptions import (
    delete_subscription,
    get_subscription,
    put_subscription,
    query_subscriptions,
)

__all__ = [
    "Dss",
    "DssLimits",
    "KeyLacks",
    "Later",
    "Work",
    "delete_constraint",
    "delete_intent",
    "delete_subscription",
    "expire",
    "finished",
    "forget_reports",
    "get_availability",
    "get_constraint",
    "get_intent",
    "get_subscription",
    "perform",
    "pool_of",
    "put_availability",
    "put_constraint",
    "put_intent",
    "put_report",
    "put_subscription",
    "query_constraints",
    "query_intents",
    "query_subscriptions",
]
