"""`keepclear zone`: see `declared`, which holds the commands."""

from __future__ import annotations

from keepclear.cli.declared import ZONE, group_of

command = group_of(ZONE)
