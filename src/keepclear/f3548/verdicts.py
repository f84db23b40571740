"""What publishing an intent found out, in the three words that every answer here has.

Source: keepclear's design, section 2 ("Answers are three-valued"); ASTM F3548-21, interface UTM
    API 1.0.0, PutOperationalIntentReferenceParameters (`key` is for Accepted and Activated).
"""

from __future__ import annotations

from keepclear.model.answer import Verdict
from keepclear.model.coordination import IntentState


def verdict_on(state: IntentState, conflicts: int) -> Verdict:
    """What is known of a published intent and those around it.

    "No conflict found" is among the intents that the discovery service named and no others.

    Args:
        state: as it was published; off its plan it is compared with nothing.
        conflicts: how many intents it meets and may meet.
    """
    if not state.is_nominal:
        return Verdict.CANNOT_SAY
    return Verdict.CONFLICT if conflicts else Verdict.NO_CONFLICT_FOUND
