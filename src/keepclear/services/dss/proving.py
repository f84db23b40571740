"""Whether the key of an intent proves enough, and what is answered where it does not.

Source: ASTM F3548-21, interface UTM API 1.0.0: key of PutOperationalIntentReferenceParameters,
    AirspaceConflictResponse.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from keepclear.errors import AirspaceConflict
from keepclear.f3548.extent import Extent
from keepclear.f3548.keys import Relevant, missing_from
from keepclear.formats.f3548 import AirspaceConflictResponse
from keepclear.model.coordination import IntentState
from keepclear.ports.dss_store import DssUnit, DssView, StoredConstraint, StoredIntent
from keepclear.services.dss.discovery import DssLimits
from keepclear.services.dss.nearby import require_few
from keepclear.services.dss.records import constraint_reference, intent_reference

_FEW = 100
"""So many are quicker read and written down whole, where they are."""


class KeyLacks(AirspaceConflict):
    """The key lacks something; the response is put together when it is read.

    What it names is as it was in the transaction that decided; only the writing of it is left
    to whoever answers, for it may be long.
    """

    def __init__(
        self,
        intents: Sequence[StoredIntent],
        constraints: Sequence[StoredConstraint],
        caller: str,
    ) -> None:
        super().__init__(
            f"the key lacks the OVNs of {len(intents)} operational intents"
            f" and {len(constraints)} constraints"
        )
        self._intents = intents
        self._constraints = constraints
        self._caller = caller

    @property
    def is_long(self) -> bool:
        """Whether writing the response takes long."""
        return len(self._intents) + len(self._constraints) > _FEW

    @property
    def response(self) -> AirspaceConflictResponse:
        """What is missing."""
        return AirspaceConflictResponse(
            message=self.message,
            missing_operational_intents=tuple(
                intent_reference(each, self._caller) for each in self._intents
            ),
            missing_constraints=tuple(
                constraint_reference(each, self._caller) for each in self._constraints
            ),
        )


def require_key(
    unit: DssUnit,
    key: Collection[str],
    extent: Extent,
    limits: DssLimits,
    *,
    target: IntentState,
    own_id: str,
    caller: str,
    for_constraints: bool,
) -> None:
    """See that a key holds the OVN of everything relevant to an intent.

    Args:
        unit: where it is decided.
        key: the OVNs that the caller has shown.
        extent: where and when the intent is to be.
        limits: how much may be relevant.
        target: the state it is to have; for one that is not nominal no key is asked.
        own_id: of the intent.
        caller: whose own OVNs are not masked.
        for_constraints: whether it has to know constraints.

    Raises:
        KeyLacks: it does not.
        InvalidInput: too much is relevant.
    """
    if not target.is_nominal:
        return
    near = _Near(unit, extent, limits, for_constraints=for_constraints)
    lacking = missing_from(
        key, near.relevant(), target=target, own_id=own_id, constraints=for_constraints
    )
    if lacking:
        ids = {each.id for each in lacking}
        intents, constraints = near.stored()
        raise KeyLacks(
            [each for each in intents if each.record.id in ids],
            [each for each in constraints if each.record.id in ids],
            caller,
        )


class _Near:
    """What is relevant to an intent: a few are read whole at once, many only where one lacks."""

    def __init__(
        self, view: DssView, extent: Extent, limits: DssLimits, *, for_constraints: bool
    ) -> None:
        self._view = view
        self._extent = extent
        self._most = limits.most_relevant
        self._for_constraints = for_constraints
        self._read = self._whole(_FEW + 1)

    def relevant(self) -> Sequence[Relevant]:
        """What a key is compared with.

        Raises:
            InvalidInput: it is too much.
        """
        intents, constraints = self._read
        if max(len(intents), len(constraints)) > _FEW:
            found = self._narrow()
        else:
            found = [_as_relevant(each, each.record.state) for each in intents]
            found += [_as_relevant(each, None) for each in constraints]
        require_few(len(found), self._most)
        return found

    def stored(self) -> tuple[Sequence[StoredIntent], Sequence[StoredConstraint]]:
        """The same, whole."""
        intents, constraints = self._read
        if max(len(intents), len(constraints)) > _FEW:
            self._read = self._whole(self._most)
        return self._read

    def _whole(self, most: int) -> tuple[Sequence[StoredIntent], Sequence[StoredConstraint]]:
        view, extent = self._view, self._extent
        constraints = view.constraints_meeting(extent, most=most) if self._for_constraints else ()
        return view.intents_meeting(extent, most=most), constraints

    def _narrow(self) -> list[Relevant]:
        most = self._most + 1
        found = list(self._view.relevant(self._extent, constraints=False, most=most))
        if self._for_constraints:
            found += self._view.relevant(self._extent, constraints=True, most=most)
        return found


def _as_relevant(stored: StoredIntent | StoredConstraint, state: IntentState | None) -> Relevant:
    return Relevant(stored.record.id, stored.record.ovn, state, stored.availability)
