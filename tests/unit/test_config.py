"""Settings: the template reads back, a slip is named with its nearest key, the environment wins."""

from __future__ import annotations

from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepclear.config import Config, config_text, read_config, reference_page
from keepclear.config.f3548_settings import F3548
from keepclear.config.settings import Keeping, Listen, settings
from keepclear.errors import InvalidFile, InvalidInput, KeepclearError


def read(text: str, **environment: str) -> Config:
    return read_config(text.encode(), name="keepclear.toml", environment=environment)


def test_the_file_of_a_new_node_holds_the_defaults() -> None:
    assert read(config_text()) == Config()


def test_settings_that_are_not_the_defaults_are_written_and_read_back() -> None:
    chosen = Config(
        listen=Listen(port=1, allow_hosts=("a.example", "b.example")),
        retention=Keeping(payloads_days=7),
        f3548=F3548(roles="uss", public_keys=('/a "quoted" \\\\ path.pem',), ground_m=-4),
    )
    assert read(config_text(chosen)) == chosen


def test_an_empty_file_means_the_defaults() -> None:
    assert read("") == Config()


def test_every_setting_stands_in_the_template_and_on_the_page_with_its_variable() -> None:
    template, page = config_text(), reference_page("written by a test")
    for setting in settings():
        assert f"{setting.key} = " in template
        assert f"| `{setting.key}` |" in page
        assert setting.variable in page


def test_examples_in_the_template_can_be_switched_on() -> None:
    switched = config_text().replace("# ended", "ended").replace("# payloads_days", "payloads_days")
    retention = read(switched).retention
    assert (retention.ended_operations_days, retention.payloads_days) == (365, 1825)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[lissen]", "[listen]"),
        ("[listen]\nprot = 1", "port"),
        ("[retention]\npayload_days = 3", "payloads_days"),
        ("[log]\nlevels = 'info'", "level"),
    ],
)
def test_an_unknown_key_is_refused_and_the_nearest_one_named(text: str, named: str) -> None:
    with pytest.raises(InvalidFile, match="there is no setting") as caught:
        read(text)
    assert f"Is {named} meant?" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ("[listen]\nport = '8600'", "listen.port", "0 to 65,535"),
        ("[listen]\nport = 65536", "listen.port", "0 to 65,535"),
        ("[listen]\nallow_hosts = 'here'", "listen.allow_hosts", "a list of texts"),
        ("[listen]\nallow_hosts = [1]", "listen.allow_hosts", "a list of texts"),
        ("[listen]\naddress = 'localhost'", "listen.address", "127.0.0.1"),
        ("[log]\nlevel = 'loud'", "log.level", '"debug"'),
        ("[retention]\npayloads_days = 0", "retention.payloads_days", "1 to 36,500"),
        ("[console]\nborders = 1", "console.borders", "true or false"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_place(
    text: str, place: str, remedy: str
) -> None:
    with pytest.raises(InvalidFile) as caught:
        read(text)
    assert caught.value.feature == place
    assert remedy in caught.value.remedy


def test_a_section_written_as_a_value_is_refused() -> None:
    with pytest.raises(InvalidFile, match="is a section"):
        read("listen = 8600")


@pytest.mark.parametrize("data", [b"[listen", b"\xff\xfe", b"port = \n"])
def test_what_is_no_toml_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidFile, match="no TOML"):
        read_config(data, name="keepclear.toml", environment={})


def test_the_environment_overrides_the_file() -> None:
    config = read(
        "[listen]\nport = 8601\n[log]\nlevel = 'error'",
        KEEPCLEAR_LISTEN_PORT="8700",
        KEEPCLEAR_LISTEN_ALLOW_HOSTS="ops.example, line.example",
        KEEPCLEAR_CONSOLE_BORDERS="false",
    )
    assert config.listen.port == 8700
    assert config.listen.allow_hosts == ("ops.example", "line.example")
    assert config.log.level == "error"
    assert config.console.borders is False


def test_variables_that_are_not_settings_are_left_alone() -> None:
    assert read("", KEEPCLEAR_NODE="x", KEEPCLEAR_CACHE_DIR="y", HOME="z") == Config()


def test_a_variable_of_no_setting_is_a_slip_and_named() -> None:
    with pytest.raises(InvalidInput, match="KEEPCLEAR_LISTEN_PROT") as caught:
        read("", KEEPCLEAR_LISTEN_PROT="1")
    assert "KEEPCLEAR_LISTEN_PORT" in caught.value.remedy


@pytest.mark.parametrize("value", ["", "x", "-1", "70000"])
def test_a_variable_with_an_impossible_value_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput, match="KEEPCLEAR_LISTEN_PORT"):
        read("", KEEPCLEAR_LISTEN_PORT=value)


@given(
    st.integers(0, 65_535), st.sampled_from(["debug", "info", "warning", "error"]), st.booleans()
)
def test_what_was_set_is_what_holds(port: int, level: str, borders: bool) -> None:
    text = f"[listen]\nport={port}\n[log]\nlevel='{level}'\n[console]\nborders={borders}".lower()
    config = read(text)
    assert (config.listen.port, config.log.level, config.console.borders) == (port, level, borders)
    assert msgspec.structs.replace(config, listen=Config().listen).retention == Config().retention


@given(st.binary(max_size=200))
def test_garbage_is_refused_and_never_crashed_on(data: bytes) -> None:
    with suppress(KeepclearError):
        read_config(data, name="keepclear.toml", environment={})
