"""`keepclear airfield`: see `declared`, which holds the commands."""

from __future__ import annotations

from keepclear.cli.declared import AIRFIELD, group_of

command = group_of(AIRFIELD)
