"""What the stranger publishes at the discovery service, and how it tells of it."""

from __future__ import annotations

from typing import Any

import msgspec

from keepclear.formats.f3548 import (
    GetOperationalIntentDetailsResponse,
    ImplicitSubscriptionParameters,
    OperationalIntent,
    OperationalIntentDetails,
    PutOperationalIntentReferenceParameters,
    Volume4D,
)
from keepclear.model.coordination import IntentState
from uss.stranger import Heard, Reply, not_found
from uss.world import World, new_id

INTENTS = "/uss/v1/operational_intents"


def strange_intent(
    airspace: World,
    *volumes: Volume4D,
    priority: int = 0,
    states: tuple[IntentState, ...] = (IntentState.ACCEPTED,),
) -> OperationalIntent:
    """An intent of the stranger's, which tells of it truly from now on."""
    entity_id, ovn, reference = new_id(), None, None
    for state in states:
        body = PutOperationalIntentReferenceParameters(
            extents=volumes,
            state=state,
            uss_base_url=airspace.stranger.base_url,
            new_subscription=ImplicitSubscriptionParameters(
                uss_base_url=airspace.stranger.base_url
            ),
        )
        response = airspace.as_stranger.dss.put_intent(entity_id, ovn, body)
        reference = response.operational_intent_reference
        ovn = reference.ovn or ""
    assert reference is not None
    off_nominal = () if states[-1].is_nominal else volumes
    details = OperationalIntentDetails(
        volumes=volumes if states[-1].is_nominal else (),
        off_nominal_volumes=off_nominal,
        priority=priority,
    )
    intent = OperationalIntent(reference=reference, details=details)
    tells(airspace, intent)
    return intent


def tells(airspace: World, intent: OperationalIntent, **lies: Any) -> None:
    """Have the stranger answer with an intent, some of it otherwise ("reference.version")."""
    document: Any = msgspec.to_builtins(
        GetOperationalIntentDetailsResponse(operational_intent=intent)
    )
    for name, value in lies.items():
        section, field = name.split("__")
        document["operational_intent"][section][field] = value
    body = msgspec.json.encode(document)
    mine = f"{INTENTS}/{intent.reference.id}"

    def answer(heard: Heard) -> Reply:
        if heard.method == "POST":
            return Reply(204)
        return Reply(200, body) if heard.path == mine else not_found(heard)

    airspace.stranger.answer = answer
