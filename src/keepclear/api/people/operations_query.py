"""Which operations are meant, as a query says it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from keepclear.api.paging import Cursor, Limit
from keepclear.errors import InvalidFootprint, InvalidWindow
from keepclear.formats.times import parse_time
from keepclear.model.operation import OperationClass, OperationState
from keepclear.model.window import Window
from keepclear.ports.store import OperationQuery
from keepclear.services.searching import Box

_FIRST = datetime(1900, 1, 1, tzinfo=UTC)
_LAST = datetime(2200, 1, 1, tzinfo=UTC)
_LIVE = frozenset(OperationState) - {OperationState.ENDED}
_StateWord = Literal["planned", "active", "nonconforming", "contingent", "ended", "live"]


class OperationsQuery(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which operations are meant; every condition given must hold."""

    state: Annotated[
        tuple[_StateWord, ...],
        Meta(description="In one of these states; `live` stands for all but ended"),
    ] = ()
    party: Annotated[tuple[str, ...], Meta(description="Of one of these parties")] = ()
    operation_class: Annotated[
        tuple[OperationClass, ...], Meta(description="Of one of these classes")
    ] = field(name="class", default=())
    text: Annotated[
        str,
        Meta(
            max_length=200,
            description="Found in designator, member, contact or id, capitals or not",
        ),
    ] = ""
    begin: Annotated[
        str, Meta(max_length=40, description="Live at this time with its zone, or later")
    ] = field(name="from", default="")
    end: Annotated[
        str, Meta(max_length=40, description="Live at this time with its zone, or earlier")
    ] = field(name="to", default="")

    def meant(self) -> OperationQuery:
        """The same as the store asks it.

        Raises:
            InvalidWindow: a time cannot be read, or they are exchanged.
        """
        states = frozenset(OperationState(word) for word in self.state if word != "live")
        return OperationQuery(
            states=states | _LIVE if "live" in self.state else states,
            parties=frozenset(self.party),
            classes=frozenset(self.operation_class),
            text=self.text,
            window=_window(self.begin, self.end),
        )


class OperationsPageQuery(OperationsQuery, frozen=True, kw_only=True):
    """Which operations are meant, and which page of them."""

    limit: Limit = 50
    cursor: Cursor = ""
    south: Annotated[
        float | None, Meta(description="Edges of a box, degrees; all four or none")
    ] = None
    west: Annotated[float | None, Meta(description="May be greater than east: across ±180°")] = None
    north: Annotated[float | None, Meta(description="Live operations that come into it")] = None
    east: Annotated[float | None, Meta(description="Live operations that come into it")] = None

    def box(self) -> Box | None:
        """The box that is meant; None where none is.

        Raises:
            InvalidFootprint: some edges are missing, or they make no box.
        """
        edges = [
            each for each in (self.south, self.west, self.north, self.east) if each is not None
        ]
        if not edges:
            return None
        if len(edges) < 4:
            raise InvalidFootprint(
                "a box has four edges", remedy="Give south, west, north and east, or none of them."
            )
        return Box(*edges)


def _window(begin: str, end: str) -> Window | None:
    if not begin and not end:
        return None
    first = _moment("from", begin) if begin else _FIRST
    last = _moment("to", end) if end else _LAST
    if last < first:
        raise InvalidWindow("to: the time lies before `from`")
    return Window(first, last if first < last else last + timedelta(milliseconds=1))


def _moment(name: str, text: str) -> datetime:
    try:
        return parse_time(text)
    except InvalidWindow as error:
        raise InvalidWindow(f"{name}: {error.message}", remedy=error.remedy) from None
