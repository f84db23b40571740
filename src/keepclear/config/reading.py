"""The file's bytes and the environment as settings; a slip is named, never ignored."""

from __future__ import annotations

import difflib
import ipaddress
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from keepclear.config.settings import PREFIX, SECTIONS, Config, Setting, settings
from keepclear.errors import InvalidFile, InvalidInput


def read_config(data: bytes, *, name: str, environment: Mapping[str, str]) -> Config:
    """Read the file's bytes, then let the environment override it.

    Raises:
        InvalidFile: no TOML, an unknown key (the nearest known one is named), or a value that
            a setting cannot take; nothing of it holds.
        InvalidInput: the same in an environment variable.
    """
    try:
        given = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidFile(
            f"this is no TOML: {error}", file=name, remedy="Correct that line."
        ) from None
    known = {section: set(struct.__struct_fields__) for section, struct in SECTIONS.items()}
    _require_known(given, known, name)
    config = _converted(given, name)
    return _overridden(config, environment)


def _require_known(given: Mapping[str, Any], known: Mapping[str, set[str]], name: str) -> None:
    for section, keys in given.items():
        if section not in known:
            raise _unknown(section, [f"[{s}]" for s in known], name, shown=f"[{section}]")
        if not isinstance(keys, dict):
            raise InvalidFile(
                f"{section} is a section, not a value",
                file=name,
                remedy=f"Write [{section}] on a line of its own and its keys below.",
            )
        for key in keys:
            if key not in known[section]:
                raise _unknown(key, known[section], name, shown=f"{section}.{key}")


def _unknown(given: str, known: Iterable[str], name: str, *, shown: str) -> InvalidFile:
    nearest = _nearest(given, known)
    return InvalidFile(
        f"there is no setting {shown}", file=name, remedy=f"Is {nearest} meant? Else remove it."
    )


def _nearest(given: str, known: Iterable[str]) -> str:
    return difflib.get_close_matches(given, sorted(known), n=1, cutoff=0.0)[0]


def _converted(given: Mapping[str, Any], name: str) -> Config:
    try:
        config = msgspec.convert(given, Config)
    except msgspec.ValidationError as error:
        place = _place(error)
        raise InvalidFile(
            "this value cannot be used",
            file=name,
            feature=place,
            remedy=f"Write {_allowed(place)}.",
        ) from None
    _require_address(config.listen.address, "listen", file=name)
    _require_address(config.peers.address, "peers", file=name)
    _require_address(config.f3548.address, "f3548", file=name)
    return config


def _overridden(config: Config, environment: Mapping[str, str]) -> Config:
    """Environment variables of our sections; a name we do not know is a slip, never ignored."""
    known = {setting.variable: setting for setting in settings()}
    starts = tuple(f"{PREFIX}{section}_".upper() for section in SECTIONS)
    for variable, text in sorted(environment.items()):
        if not variable.startswith(starts):
            continue
        if variable not in known:
            raise InvalidInput(
                f"there is no setting for the environment variable {variable}",
                remedy=f"Is {_nearest(variable, known)} meant? Else remove it.",
            )
        config = _with(config, known[variable], text)
    return config


def _with(config: Config, setting: Setting, text: str) -> Config:
    struct = SECTIONS[setting.section]
    before = msgspec.to_builtins(getattr(config, setting.section))
    value: object = text
    if isinstance(setting.default, tuple):
        value = [part.strip() for part in text.split(",") if part.strip()]
    try:
        section = msgspec.convert({**before, setting.key: value}, struct, strict=False)
    except msgspec.ValidationError:
        raise InvalidInput(
            f"{setting.variable}={text!r} cannot be used", remedy=f"Give {setting.values}."
        ) from None
    changed = msgspec.structs.replace(config, **{setting.section: section})
    _require_address(changed.listen.address, "listen", file=setting.variable)
    _require_address(changed.peers.address, "peers", file=setting.variable)
    _require_address(changed.f3548.address, "f3548", file=setting.variable)
    return changed


def _require_address(address: str, section: str, *, file: str) -> None:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise InvalidFile(
            f"{address!r} is no IP address",
            file=file,
            feature=f"{section}.address",
            remedy="Write for example 127.0.0.1, or 0.0.0.0 for every address of this machine.",
        ) from None


def _place(error: msgspec.ValidationError) -> str:
    """Where msgspec found it: "listen.port"."""
    place = str(error).rpartition("`$.")[2].rstrip("`")
    return place.partition("[")[0]


def _allowed(place: str) -> str:
    for setting in settings():
        if f"{setting.section}.{setting.key}" == place:
            return setting.values
    return "a value of the right type"
