"""Report to another USS, or to the discovery service, that an exchange with it went wrong.

What a USS answers wrongly it would not notice by itself. It is told after the fact, by a thread
that nobody who plans waits for, and once an hour for each sort of fault: what it does wrong, it
does at every plan. What came of a race (the version changed while it was asked) is asked for
once more first. A report is kept until it is posted. Whoever is silent is told nothing.

Source: ASTM F3548-21, USS0105 and DSS0005; interface UTM API 1.0.0, makeUssReport ("an error
    encountered that might otherwise go unnoticed"), makeDssReport, ErrorReport.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import msgspec

from keepclear.errors import (
    InvalidInput,
    KeepclearError,
    NodeFault,
    PeerSilent,
    PeerTrouble,
    VersionConflict,
)
from keepclear.f3548.details import faults_of_constraint, faults_of_intent
from keepclear.formats.f3548 import (
    ConstraintReference,
    ErrorReport,
    ExchangeRecord,
    OperationalIntentReference,
    encode,
)
from keepclear.ports.uss_store import Waiting
from keepclear.services.uss.complaints import Fault
from keepclear.services.uss.paths import CONSTRAINTS, DSS_REPORTS, INTENTS, REPORTS
from keepclear.services.uss.uss import Uss

_log = logging.getLogger(__name__)

GIVEN_UP_AFTER = timedelta(seconds=60.0)
_LONGEST = 2_000


def doubt_intent(uss: Uss, reference: OperationalIntentReference) -> None:
    """Have a manager told that what it tells of an intent cannot be used, where that stays so."""
    fault_of = partial(_fault_of_intent, uss, reference.id)
    path = f"{INTENTS}/{reference.id}"
    _doubt(uss, reference.uss_base_url, path, Fault.INTENT, fault_of)


def doubt_constraint(uss: Uss, reference: ConstraintReference) -> None:
    """As `doubt_intent`, of a constraint."""
    fault_of = partial(_fault_of_constraint, uss, reference)
    path = f"{CONSTRAINTS}/{reference.id}"
    _doubt(uss, reference.uss_base_url, path, Fault.CONSTRAINT, fault_of)


def doubt_service(uss: Uss, trouble: KeepclearError) -> None:
    """Have the discovery service told that it failed, or answers what it may not."""
    now, exchange = uss.now(), uss.dss.wrong_exchange()
    if exchange is None or not uss.complaints.begin("", Fault.SERVICE, now):
        return
    problem = exchange.problem or trouble.message
    uss.pool.submit(_keep, uss, "", DSS_REPORTS, _told(exchange, problem))


def doubt_listener(uss: Uss, waiting: Waiting, refusal: KeepclearError) -> None:
    """Have a USS told that it does not take what it must; it may well know a newer version."""
    if isinstance(refusal, PeerSilent | VersionConflict) or waiting.path in (REPORTS, DSS_REPORTS):
        return
    exchange = uss.peers.exchange(waiting.base_url, waiting.path)
    if exchange is None or not uss.complaints.begin(
        waiting.base_url, Fault.NOTIFICATION, uss.now()
    ):
        return
    uss.pool.submit(_keep, uss, waiting.base_url, REPORTS, _told(exchange, refusal.message))


def _doubt(uss: Uss, whom: str, path: str, fault: Fault, fault_of: Callable[[], str]) -> None:
    if uss.complaints.begin(whom, fault, uss.now()):
        uss.pool.submit(_looked_at_again, uss, (whom, path), fault, fault_of)


def _looked_at_again(
    uss: Uss, where: tuple[str, str], fault: Fault, fault_of: Callable[[], str]
) -> None:
    whom, path = where
    problem = fault_of()
    exchange = uss.peers.exchange(whom, path) if problem else None
    if exchange is None:
        uss.complaints.forget(whom, fault)
    else:
        _keep(uss, whom, REPORTS, _told(exchange, problem))


def _fault_of_intent(uss: Uss, entity_id: str) -> str:
    """What is wrong with what is told of an intent as it is now; empty where nothing is."""
    try:
        reference = uss.dss.intent(entity_id)
    except (InvalidInput, PeerTrouble):
        return ""
    try:
        told = uss.peers.intent(reference.uss_base_url, entity_id)
    except PeerSilent:
        return ""
    except KeepclearError as error:
        return error.message
    return "; ".join(faults_of_intent(told, reference))


def _fault_of_constraint(uss: Uss, reference: ConstraintReference) -> str:
    try:
        told = uss.peers.constraint(reference.uss_base_url, reference.id)
    except PeerSilent:
        return ""
    except KeepclearError as error:
        return error.message
    if told.reference.version > reference.version:
        return ""
    return "; ".join(faults_of_constraint(told, reference))


def _told(exchange: ExchangeRecord, problem: str) -> bytes:
    text = problem[:_LONGEST]
    return encode(ErrorReport(exchange=msgspec.structs.replace(exchange, problem=text)))


def _keep(uss: Uss, whom: str, path: str, body: bytes) -> None:
    """Have it posted, once it is durable."""
    now = uss.now()
    waiting = Waiting(0, whom, path, body, now, now + GIVEN_UP_AFTER)
    try:
        uss.node.store.write(lambda unit: unit.put_waiting(waiting))
    except NodeFault as fault:
        _log.error("a report to %s could not be kept: %s", whom or "the discovery service", fault)
    uss.ring()
