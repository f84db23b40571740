"""Which hosts are the very machine that asks."""

from __future__ import annotations

import pytest

from keepclear.formats.hosts import is_this_machine


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_the_loopback_is_this_machine_by_number_or_by_name(host: str) -> None:
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["", "128.0.0.1", "192.0.2.1", "127.0.0.1.example", "localhost."])
def test_no_other_name_is_whatever_it_may_resolve_to(host: str) -> None:
    assert not is_this_machine(host)
