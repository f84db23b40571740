"""The log of whatever serves from a folder, while it serves."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from keepclear.compose.folder import NodeFolder
from keepclear.config import Config
from keepclear.logs import begin_log, end_log


@contextmanager
def log_kept(folder: NodeFolder, config: Config) -> Iterator[None]:
    """Write the node's log while the block runs."""
    wanted = config.log
    handler = begin_log(
        folder.log,
        level=wanted.level,
        file_bytes=wanted.file_bytes,
        files_kept=wanted.files_kept,
    )
    try:
        yield
    finally:
        end_log(handler)
