"""What the owner of a node may set: `keepclear.toml`, then `KEEPCLEAR_...` of the environment.

What is fixed when a node is made (party, mode, kind) stands in its store, never here. The
file's template, its reader and its reference page come from the same declarations.
"""

from __future__ import annotations

from keepclear.config.reading import read_config
from keepclear.config.settings import Config
from keepclear.config.writing import config_text, reference_page

__all__ = ["Config", "config_text", "read_config", "reference_page"]
