"""What this USS shows others of its own intents and constraints.

Source: ASTM F3548-21, USS0105, SCD0080, CMSA0330; interface UTM API 1.0.0,
    getOperationalIntentDetails ("the most recent version the USS knows was accepted by the
    DSS"), getOperationalIntentTelemetry, getConstraintDetails.
"""

from __future__ import annotations

from keepclear.errors import NotFound, StateForbids
from keepclear.formats.f3548 import (
    Constraint,
    GetOperationalIntentTelemetryResponse,
    OperationalIntent,
    OperationalIntentPositions,
    PositionRecord,
    Time,
    VehicleTelemetry,
)
from keepclear.ports.exchange_log import LogSort
from keepclear.services.uss.uss import Uss


def shown_intent(uss: Uss, entity_id: str) -> OperationalIntent:
    """An own intent whole, as the discovery service last took it.

    Raises:
        NotFound: we publish none of that id, or the service has not taken it yet.
    """
    published = uss.own.intent(entity_id)
    if published is None or published.intent is None:
        raise NotFound(f"this USS publishes no operational intent {entity_id}")
    return published.intent


def shown_constraint(uss: Uss, entity_id: str) -> Constraint:
    """An own constraint whole, as the discovery service last took it.

    Raises:
        NotFound: we publish none of that id, or the service has not taken it yet.
    """
    published = uss.own.constraint(entity_id)
    if published is None or published.constraint is None:
        raise NotFound(f"this USS publishes no constraint {entity_id}")
    return published.constraint


def shown_telemetry(uss: Uss, entity_id: str) -> GetOperationalIntentTelemetryResponse | None:
    """Where an off-nominal aircraft of ours was seen last; None where no report came yet.

    Raises:
        NotFound: we publish no such intent.
        StateForbids: it is nominal, and then nobody is told positions.
    """
    intent = shown_intent(uss, entity_id)
    if intent.reference.state.is_nominal:
        raise StateForbids(
            f"operational intent {entity_id} is {intent.reference.state}: positions are told "
            "while it is Nonconforming or Contingent"
        )
    telemetry = uss.own.telemetry(entity_id)
    if telemetry is None:
        return None
    return GetOperationalIntentTelemetryResponse(
        operational_intent_id=entity_id, telemetry=telemetry
    )


def take_telemetry(uss: Uss, entity_id: str, telemetry: VehicleTelemetry) -> None:
    """Keep a report of an own aircraft: shown while its intent is off-nominal, logged always.

    Raises:
        NotFound: we publish no such intent.
    """
    shown_intent(uss, entity_id)
    uss.own.put_telemetry(entity_id, telemetry)
    received = Time(value=uss.now(), format="RFC3339")
    uss.log.keep(
        LogSort.POSITION,
        OperationalIntentPositions(
            operational_intent_id=entity_id,
            positions=(PositionRecord(time_received=received, telemetry=telemetry),),
        ),
    )
