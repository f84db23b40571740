"""What the name of a host tells by itself, without asking anybody."""

from __future__ import annotations

import ipaddress


def is_this_machine(host: str) -> bool:
    """Whether a host is the very machine that asks: the loopback, by number or by name.

    Any other name is not, whatever it may resolve to.
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
