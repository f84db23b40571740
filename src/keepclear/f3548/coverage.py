"""Does a subscription reach as far as an intent that depends on it.

Source: ASTM F3548-21, interface UTM API 1.0.0, subscription_id ("must cover at least the area
    over which this operational intent is conducted").
"""

from __future__ import annotations

import math

from keepclear.f3548.extent import FIRST_US, Extent

START_TOLERANCE_US = 5 * 60 * 1_000_000
"""A subscription may begin so much after what it covers: clocks differ, and requests take time."""

_SLACK_M = 0.1
_SAGITTA_M = 3.4e7
"""Boxes around polygons are too wide by up to 3/16 d²/a, d their diagonal."""


def covers(subscription: Extent, intent: Extent, *, now_us: int | None = None) -> tuple[str, ...]:
    """In what a subscription falls short of an intent; nothing where it covers it.

    Places are compared by their boxes, height and time exactly.

    Args:
        subscription, intent: what both reach.
        now_us: where given, what lies before needs no cover any more.

    Returns:
        Any of ``area``, ``altitude``, ``start`` and ``end``.
    """
    start_us = intent.start_us if now_us is None else max(intent.start_us, now_us)
    short = {
        "area": not _box_within(intent, subscription),
        "altitude": subscription.low_m > intent.low_m or subscription.high_m < intent.high_m,
        "start": subscription.start_us > start_us + START_TOLERANCE_US,
        "end": subscription.end_us < intent.end_us,
    }
    return tuple(name for name, falls_short in short.items() if falls_short)


def surely_covered(subscription: Extent, *, now_us: int) -> Extent:
    """What a subscription covers without a doubt: whatever lies wholly inside it needs no look.

    Args:
        subscription: how far it reaches.
        now_us: what lies before needs no cover any more.
    """
    latest_us = subscription.start_us - START_TOLERANCE_US
    return subscription._replace(start_us=FIRST_US if latest_us <= now_us else latest_us)


def _box_within(inner: Extent, outer: Extent) -> bool:
    a, b = inner.box_m, outer.box_m
    slack_m = _SLACK_M + math.dist(a[:3], a[3:]) ** 2 / _SAGITTA_M
    return all(b[i] <= a[i] + slack_m and a[i + 3] <= b[i + 3] + slack_m for i in range(3))
