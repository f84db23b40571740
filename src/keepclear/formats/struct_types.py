"""Everything msgspec must know of our record types, made in one thread before several use it.

msgspec learns a type at its first use and takes no lock while it does: two threads that use
one for the first time together can end the process.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


def learn_struct_types() -> int:
    """Have msgspec learn every record type that is loaded; how many there are.

    Call it in one thread before others read documents, and again once more are loaded.
    """
    count = 0
    for kind in set(_below(msgspec.Struct)):
        if kind.__module__.startswith("keepclear."):
            msgspec.json.Decoder(kind)
            count += 1
    return count


def _below(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)
