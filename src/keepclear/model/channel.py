"""A channel: one means by which two parties reach each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from keepclear.errors import InvalidInput


class ChannelKind(StrEnum):
    """What sort of means a channel is."""

    NETWORK = "network"
    """Between the nodes; checked by machine."""
    EMAIL = "e-mail"
    TELEPHONE = "telephone"
    RADIO = "radio"
    COURIER = "courier"
    INTERMEDIARY = "intermediary"
    """A third party carries word; a legitimate way, and often the only one left."""


class ChannelOrder(StrEnum):
    """Which channel is tried first."""

    PRIMARY = "primary"
    ALTERNATE = "alternate"


@dataclass(frozen=True, slots=True)
class Channel:
    """One means of a line.

    Attributes:
        id: its name on the line ("network"); both nodes name it alike.
        kind: what sort of means.
        order: whether it is tried first.
    """

    id: str
    kind: ChannelKind
    order: ChannelOrder

    def __post_init__(self) -> None:
        if not self.id or self.id != self.id.strip():
            raise InvalidInput(f"{self.id!r} is not the name of a channel")


CHANNELS: tuple[Channel, ...] = (
    Channel("network", ChannelKind.NETWORK, ChannelOrder.PRIMARY),
    Channel("telephone", ChannelKind.TELEPHONE, ChannelOrder.ALTERNATE),
    Channel("e-mail", ChannelKind.EMAIL, ChannelOrder.ALTERNATE),
    Channel("radio", ChannelKind.RADIO, ChannelOrder.ALTERNATE),
    Channel("courier", ChannelKind.COURIER, ChannelOrder.ALTERNATE),
    Channel("intermediary", ChannelKind.INTERMEDIARY, ChannelOrder.ALTERNATE),
)
"""The channels of every line, in the order in which they are tried: one of each kind."""


def channel_of(channel_id: str) -> Channel:
    """The channel of that name.

    Raises:
        InvalidInput: there is none; name one that the line lists.
    """
    for channel in CHANNELS:
        if channel.id == channel_id:
            return channel
    raise InvalidInput(
        f"there is no channel {channel_id!r}",
        remedy=f"Name one of {', '.join(each.id for each in CHANNELS)}.",
    )
