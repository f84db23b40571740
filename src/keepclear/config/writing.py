"""The file a new node starts with, and the reference page; both from the declarations."""

from __future__ import annotations

import json
import textwrap

from keepclear.config.settings import SECTIONS, Config, Setting, settings

INTRODUCTION = """\
`keepclear.toml` in the node's folder, written by `keepclear init` with every setting at its
default. An environment variable overrides the file. A node reads both when it starts. An unknown
key is an error, never ignored.\
"""
OTHER_VARIABLES = """\
`KEEPCLEAR_NODE` names the node's folder where a command has no `--node`. `KEEPCLEAR_CACHE_DIR`
names the folder for compiled kernels. In a variable, a list is written with commas.\
"""
_EXAMPLES = {
    "port": "8601",
    "ended_operations_days": "365",
    "payloads_days": "1825",
    "ground_m": "93",
}
DEFAULTS = Config()


def config_text(config: Config = DEFAULTS) -> str:
    """Write the file a new node starts with: every setting, explained.

    Args:
        config: what stands in it; left out, every setting at its default.
    """
    lines = ["# The settings of this node; docs/reference/config.md explains them.", ""]
    section = ""
    for setting in settings():
        if setting.section != section:
            section = setting.section
            lines += [f"[{section}]", f"# {(SECTIONS[section].__doc__ or '').replace('`', '')}"]
        lines += textwrap.wrap(
            setting.text.replace("`", ""),
            96,
            initial_indent="# ",
            subsequent_indent="# ",
            break_on_hyphens=False,
        )
        value = getattr(getattr(config, setting.section), setting.key)
        if value is None:
            lines.append(f"# {setting.key} = {_EXAMPLES[setting.key]}")
        else:
            lines.append(f"{setting.key} = {_toml(value)}")
        lines.append("")
    return "\n".join(lines)


def reference_page(written_by: str) -> str:
    """Write docs/reference/config.md; `written_by` stands under its title."""
    parts = [
        "# Settings of a node",
        written_by,
        INTRODUCTION,
    ]
    for section, struct in SECTIONS.items():
        rows = [
            f"| `{s.key}` | {s.values} | {_default(s)} | `{s.variable}` | {s.text} |"
            for s in settings()
            if s.section == section
        ]
        table = ("| key | takes | default | variable | what for |", "|---|---|---|---|---|", *rows)
        parts += [f"## [{section}]", struct.__doc__ or "", "\n".join(table)]
    parts += [
        "## Other variables",
        OTHER_VARIABLES,
    ]
    return "\n\n".join(parts) + "\n"


def _default(setting: Setting) -> str:
    return "not set" if setting.default is None else f"`{_toml(setting.default)}`"


def _toml(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case tuple():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case _:
            return str(value)
