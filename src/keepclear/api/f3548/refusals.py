"""How errors are told to F3548 clients: a status of the standard, and a message.

Source: ASTM F3548-21, annex A (ErrorResponse, AirspaceConflictResponse, response codes).
"""

from __future__ import annotations

from collections.abc import Mapping

from keepclear import errors
from keepclear.api.problems import BUSY_RETRY_S, KIND_OF, Refusal
from keepclear.errors import AirspaceConflict, KeepclearError
from keepclear.formats.f3548 import ErrorResponse

_STATUS: Mapping[type[KeepclearError], int] = {
    errors.InvalidInput: 400,
    errors.NotFound: 404,
    errors.NotOurs: 403,
    errors.NotPermitted: 403,
    errors.VersionConflict: 409,
    errors.VersionMismatch: 409,
    errors.StateForbids: 409,
    errors.UssIsDown: 412,
    errors.NodeBusy: 429,
}
"""Errors as the standard's interface tells them; the rest as the interface for people does."""


class Told(Exception):
    """Ends a request with a status of the standard; caught where answers are written.

    Attributes:
        status: the HTTP status.
        headers: what HTTP asks to stand beside it.
        record: the body; an ErrorResponse with the message, unless another was given.
    """

    def __init__(
        self,
        status: int,
        message: str,
        headers: Mapping[str, str] | None = None,
        *,
        record: object | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.record: object = ErrorResponse(message=message) if record is None else record


def unauthenticated(why: str) -> Told:
    """A 401.

    Source: RFC 6750, 3 (the WWW-Authenticate response header).
    """
    return Told(401, why, {"www-authenticate": 'Bearer error="invalid_token"'})


def told_of(error: KeepclearError) -> Told:
    """How an error of keepclear is told."""
    if isinstance(error, AirspaceConflict):
        return Told(409, error.message, record=error.response)
    status = next(
        _STATUS.get(each) or KIND_OF[each].status
        for each in type(error).__mro__
        if each in _STATUS or each in KIND_OF
    )
    is_passing = isinstance(error, errors.NodeBusy | errors.NodeStopping)
    headers = {"retry-after": str(BUSY_RETRY_S)} if is_passing else {}
    return Told(status, f"{error.message}. {error.remedy}", headers)


def told_refusal(refusal: Refusal) -> Told:
    """How a refusal by HTTP alone is told: a body too large, or of another type.

    The standard's interface knows no 415; such a body is a 400 there.
    """
    problem = refusal.problem
    status = 400 if problem.status == 415 else problem.status
    return Told(status, problem.detail, refusal.headers)
