"""What every part of a document is: a strict record that knows the noun it stands for."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from keepclear.errors import InvalidInput, InvalidOperation


class Part(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A record of a document; unknown fields are refused."""

    refusal: ClassVar[type[InvalidInput]] = InvalidOperation
    """The error that says its fields have the wrong type, or are missing."""

    def built(self) -> object:
        """The noun it stands for; itself where it needs something from outside to be one.

        Raises:
            InvalidInput: the noun refuses the values.
        """
        return self
