"""`keepclear boundary`: see `declared`, which holds the commands."""

from __future__ import annotations

from keepclear.cli.declared import BOUNDARY, group_of

command = group_of(BOUNDARY)
