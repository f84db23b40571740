"""A node's settings, as its file and the environment have them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from keepclear.cli.files import read_file

if TYPE_CHECKING:
    from keepclear.compose.folder import NodeFolder
    from keepclear.config import Config


def config_of(folder: NodeFolder, environment: Mapping[str, str]) -> Config:
    """Read them; a node without a file has the defaults.

    Raises:
        InvalidInput: a setting cannot be used; it is named.
    """
    from keepclear.config import read_config

    data = read_file(folder.config) if folder.config.exists() else b""
    return read_config(data, name=str(folder.config), environment=environment)
