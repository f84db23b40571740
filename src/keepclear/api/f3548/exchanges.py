"""Have what other USSs ask and tell kept in the log of exchanges, as the standard wants it.

Source: ASTM F3548-21, LOG0005; interface UTM API 1.0.0, ExchangeRecord.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime

from msgspec import UNSET, Struct

from keepclear.api.f3548.endpoint import Answer, F3548Call
from keepclear.api.f3548.refusals import Told, told_of
from keepclear.errors import KeepclearError
from keepclear.formats.f3548 import ExchangeRecord, encode, time_of
from keepclear.ports.exchange_log import LogSort

Handler = Callable[[F3548Call], Answer]


def logged(method: str, path: str, handler: Handler) -> Handler:
    """A handler of the same answers, each of which is kept.

    Args:
        method: of HTTP.
        path: with its `{parts}`.
        handler: what answers.
    """

    def answered(call: F3548Call) -> Answer:
        began = call.uss.now()
        try:
            answer = handler(call)
        except KeepclearError as error:
            told = told_of(error)
            _keep(call, method, path, began, told.status, error.message)
            raise
        except Told as told:
            _keep(call, method, path, began, told.status, str(told))
            raise
        _keep(call, method, path, began, answer.status, "", answer.record)
        return answer

    return answered


def _keep(
    call: F3548Call,
    method: str,
    path: str,
    began: datetime,
    status: int,
    problem: str,
    record: Struct | None = None,
) -> None:
    uss = call.uss
    url = uss.settings.base_url.rstrip("/") + path.format_map(call.path)
    scopes = " ".join(sorted(call.bearer.scopes))
    kept = ExchangeRecord(
        url=url,
        method=method,
        headers=(f"Authorization: verified sub={call.bearer.sub!r} scope={scopes!r}",),
        recorder_role="Server",
        request_time=time_of(began),
        request_body=_coded(call.body),
        response_time=time_of(uss.now()),
        response_body=_coded(record),
        response_code=status,
        problem=problem or UNSET,
    )
    uss.log.keep(LogSort.MESSAGE, kept)


def _coded(record: Struct | None) -> str:
    return "" if record is None else base64.b64encode(encode(record)).decode("ascii")
