"""What should have happened by now: consultations, reviews of postures, actions.

A consultation is due at the date of its next session. A session meets a date where it began
no more than a day before it, or later. Where the date was met, or none was ever set, the
series is due from then on, because it continues and nobody has dated how.

Source: domain study of keepclear, 5b ("agreed to continue consultations": next date, owner,
overdue alarm; "defensive in nature": review date).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from keepclear.model.call import Action
from keepclear.model.consultation import Consultation
from keepclear.model.posture import Posture

MEETS_WITHIN = timedelta(days=1)
"""A session that began so long before its date still meets it: dates move by an evening."""


class Overdue(StrEnum):
    """Why something waits for a person."""

    SESSION_NOT_HELD = "session not held"
    NO_NEXT_DATE = "no next date"
    REVIEW_DUE = "review due"
    HANDOVER_DUE = "handover due"
    ACTION_DUE = "action due"


def is_date_met(consultation: Consultation) -> bool:
    """Tell whether a session was held for the date of the next one."""
    at = consultation.next_at
    return at is not None and any(each.at >= at - MEETS_WITHIN for each in consultation.sessions)


def consultation_due(consultation: Consultation) -> datetime | None:
    """From when the series is overdue; None for one that has concluded."""
    if consultation.concluded_at is not None:
        return None
    if consultation.next_at is not None and not is_date_met(consultation):
        return consultation.next_at
    held = [each.at for each in consultation.sessions]
    return max(held, default=consultation.opened_at)


def consultation_overdue(consultation: Consultation, now: datetime) -> Overdue | None:
    """Why the series is overdue; None where it is not."""
    due = consultation_due(consultation)
    if due is None or now < due:
        return None
    is_pending = consultation.next_at is not None and not is_date_met(consultation)
    return Overdue.SESSION_NOT_HELD if is_pending else Overdue.NO_NEXT_DATE


def posture_due(posture: Posture) -> datetime | None:
    """When the posture is to be looked at again; None where it was since, or never is."""
    due = posture.review_at
    if due is None or any(each.at >= due for each in posture.reviews):
        return None
    return due


def overdue_actions(actions: tuple[Action, ...], now: datetime) -> tuple[int, ...]:
    """The numbers of the actions that should have been done and are not."""
    return tuple(each.number for each in actions if each.is_overdue(now))
