"""A discovery service in a folder, and what is asked of it; nothing here is under test."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from msgspec import UNSET, UnsetType

from keepclear.formats import f3548 as standard
from keepclear.formats.f3548 import (
    ChangeConstraintReferenceResponse,
    ChangeOperationalIntentReferenceResponse,
    ImplicitSubscriptionParameters,
    OperationalIntentReference,
    PutConstraintReferenceParameters,
    PutOperationalIntentReferenceParameters,
    PutSubscriptionParameters,
    PutSubscriptionResponse,
    Subscription,
    Volume4D,
)
from keepclear.model.coordination import IntentState, UssState
from keepclear.services import dss as service
from keepclear.services.dss import Dss, DssLimits, Work
from keepclear.store.dss import SqliteDssStore, make_dss_store, open_dss_store

START = datetime(2026, 3, 14, 5, tzinfo=UTC)
POOL = "2f8b7c1e-5a44-4f6e-9d0b-0a1b2c3d4e5f"
NAME = "dss.sqlite"
SC = frozenset({"utm.strategic_coordination"})
CMSA = frozenset({"utm.strategic_coordination", "utm.conformance_monitoring_sa"})
URL = "https://uss.example.com/utm"
HERE = (35.0, 36.0)

T = TypeVar("T")


class TurnedClock:
    """A clock that stands still until it is turned."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def turn(self, **by: float) -> None:
        self.at += timedelta(**by)


class CountedEntropy:
    """Bytes and ids that nobody would take for random, but none comes twice."""

    def __init__(self, seed: str = "") -> None:
        self._seed = seed
        self._drawn = count()

    def new_id(self) -> str:
        return str(uuid.UUID(bytes=self.new_bytes(16), version=4))

    def new_bytes(self, count: int) -> bytes:
        drawn = hashlib.shake_256(f"{self._seed}{next(self._drawn)}".encode())
        return drawn.digest(count)


def entity(word: str) -> str:
    """The id that stands for a word."""
    return str(uuid.UUID(bytes=hashlib.sha256(word.encode()).digest()[:16], version=4))


def opened_store(folder: Path) -> SqliteDssStore:
    """The store of a folder, made first where there is none."""
    path = folder / NAME
    if not path.exists():
        make_dss_store(path, pool=POOL, made_at=START)
    return open_dss_store(path)


def volume(
    place: tuple[float, float] = HERE,
    *,
    radius_m: float = 300.0,
    low_m: float = 0.0,
    high_m: float = 120.0,
    starts: timedelta | None = timedelta(0),
    ends: timedelta | None = timedelta(hours=1),
    at: datetime = START,
) -> Volume4D:
    """A circle, between two heights, from and to so long after a moment; None is open."""
    return Volume4D(
        volume=standard.Volume3D(
            outline_circle=standard.Circle(
                center=standard.LatLngPoint(lat=place[0], lng=place[1]),
                radius=standard.Radius(value=radius_m, units="M"),
            ),
            altitude_lower=standard.Altitude(value=low_m, reference="W84", units="M"),
            altitude_upper=standard.Altitude(value=high_m, reference="W84", units="M"),
        ),
        time_start=UNSET if starts is None else standard.time_of(at + starts),
        time_end=UNSET if ends is None else standard.time_of(at + ends),
    )


class Desk:
    """Somebody who asks the service one thing after the other.

    Whatever a write raises is raised; ids are words.
    """

    def __init__(self, folder: Path, *, seed: str = "") -> None:
        self.clock = TurnedClock()
        self.store = opened_store(folder)
        self.dss = Dss(self.store, self.clock, CountedEntropy(seed), DssLimits())

    def limited(self, **limits: Any) -> None:
        """Go on with other limits."""
        self.dss = replace(self.dss, limits=replace(self.dss.limits, **limits))

    def do(self, work: Work[T]) -> T:
        (outcome,) = service.perform(self.dss, [work])
        if isinstance(outcome, Exception):
            raise outcome
        done: T = outcome
        return done

    def put(
        self,
        word: str,
        *volumes: Volume4D,
        caller: str = "uss1",
        replacing: OperationalIntentReference | str | None = None,
        key: tuple[str, ...] = (),
        state: IntentState = IntentState.ACCEPTED,
        subscription: str | None = None,
        implicit: bool = False,
        for_constraints: bool = False,
        url: str = URL,
        scopes: frozenset[str] = CMSA,
        suffix: str | UnsetType = UNSET,
    ) -> ChangeOperationalIntentReferenceResponse:
        """Make an intent, or change the one that is replaced."""
        body = PutOperationalIntentReferenceParameters(
            extents=volumes or (volume(at=self.clock.at),),
            key=key,
            state=state,
            uss_base_url=url,
            subscription_id=UNSET if subscription is None else subscription,
            new_subscription=ImplicitSubscriptionParameters(
                uss_base_url=URL, notify_for_constraints=for_constraints
            )
            if implicit
            else UNSET,
            requested_ovn_suffix=suffix,
        )
        if isinstance(replacing, OperationalIntentReference):
            replacing = str(replacing.ovn)
        return self.do(
            service.put_intent(self.dss, caller, entity(word), replacing, body, scopes=scopes)
        )

    def delete(
        self, word: str, ovn: object, *, caller: str = "uss1"
    ) -> ChangeOperationalIntentReferenceResponse:
        """Remove an intent."""
        return self.do(service.delete_intent(self.dss, caller, entity(word), str(ovn)))

    def subscribe(
        self,
        word: str,
        where: Volume4D | None = None,
        *,
        caller: str = "uss1",
        version: str | None = None,
        for_intents: bool = True,
        for_constraints: bool = False,
        url: str = URL,
    ) -> PutSubscriptionResponse:
        """Make a subscription, or change the one of a version."""
        return self.subscribe_id(
            entity(word),
            where or volume(radius_m=2_000.0, high_m=500.0, at=self.clock.at),
            caller=caller,
            version=version,
            for_intents=for_intents,
            for_constraints=for_constraints,
            url=url,
        )

    def subscribe_id(
        self,
        subscription_id: str,
        where: Volume4D,
        *,
        caller: str = "uss1",
        version: str | None = None,
        for_intents: bool = True,
        for_constraints: bool = False,
        url: str = URL,
    ) -> PutSubscriptionResponse:
        """The same, of an id as it stands."""
        body = PutSubscriptionParameters(
            extents=where,
            uss_base_url=url,
            notify_for_operational_intents=for_intents,
            notify_for_constraints=for_constraints,
        )
        later = self.do(service.put_subscription(self.dss, caller, subscription_id, version, body))
        return service.finished(self.dss, later)

    def constrain(
        self,
        word: str,
        *volumes: Volume4D,
        caller: str = "authority",
        ovn: str | None = None,
    ) -> ChangeConstraintReferenceResponse:
        """Make a constraint, or change the one of an OVN."""
        body = PutConstraintReferenceParameters(
            extents=volumes or (volume(at=self.clock.at),), uss_base_url=URL
        )
        return self.do(service.put_constraint(self.dss, caller, entity(word), ovn, body))

    def declare(self, uss: str, state: UssState) -> None:
        """Have an arbiter say what is held of a service."""
        with self.store.view() as view:
            version = view.availability(uss).version
        body = standard.SetUssAvailabilityStatusParameters(old_version=version, availability=state)
        self.do(service.put_availability(self.dss, "arbiter", uss, body))

    def intent(self, word: str, *, caller: str = "uss1") -> OperationalIntentReference:
        """What a caller reads of an intent."""
        with self.store.view() as view:
            answer = service.get_intent(self.dss, view, caller, entity(word))
        return answer.operational_intent_reference

    def subscription(self, subscription_id: str, *, caller: str = "uss1") -> Subscription:
        """What a caller reads of a subscription."""
        with self.store.view() as view:
            return service.get_subscription(self.dss, view, caller, subscription_id).subscription

    def found(self, where: Volume4D, *, caller: str = "uss1") -> set[str]:
        """The ids of the intents that a question finds."""
        body = standard.QueryOperationalIntentReferenceParameters(area_of_interest=where)
        with self.store.view() as view:
            answer = service.query_intents(self.dss, view, caller, body)
        return {each.id for each in answer.operational_intent_references}

    def subscriptions(self, where: Volume4D, *, caller: str = "uss1") -> set[str]:
        """The ids of the subscriptions that a question finds."""
        body = standard.QuerySubscriptionParameters(area_of_interest=where)
        with self.store.view() as view:
            answer = service.query_subscriptions(self.dss, view, caller, body)
        return {each.id for each in answer.subscriptions}


def told(
    answer: ChangeOperationalIntentReferenceResponse | ChangeConstraintReferenceResponse,
) -> dict[str, int]:
    """Which subscriptions must be told, and which of their notifications it is."""
    return {
        state.subscription_id: state.notification_index
        for subscriber in answer.subscribers
        for state in subscriber.subscriptions
    }
