"""The port is the loopback's, and a taken one is said with what to do."""

from __future__ import annotations

from contextlib import closing

import pytest

from keepclear.errors import InvalidInput
from keepclear.web.serving import LOOPBACK, open_port


def test_the_port_belongs_to_this_machine_alone() -> None:
    with closing(open_port(0)) as listener:
        assert listener.getsockname()[0] == LOOPBACK


def test_a_taken_port_is_refused_with_another_one_named() -> None:
    with closing(open_port(0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(InvalidInput, match=f"port {port} is taken") as refusal:
            open_port(port)
    assert "--port" in refusal.value.remedy


def test_a_port_that_was_given_back_can_be_taken_again() -> None:
    with closing(open_port(0)) as listener:
        port = listener.getsockname()[1]
    with closing(open_port(port)) as again:
        assert again.getsockname()[1] == port
