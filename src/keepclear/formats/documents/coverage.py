"""Coverage statements as JSON documents; their id stands beside them, not in the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from msgspec import UNSET, Meta, UnsetType

from keepclear.canonical import JsonValue
from keepclear.formats.documents.fields import (
    Moment,
    Name,
    Uuid,
    Whole,
    moment,
    require_notices,
)
from keepclear.formats.documents.part import Part
from keepclear.formats.documents.shapes import (
    FootprintDocument,
    footprint_document,
    window_document,
)
from keepclear.formats.documents.stated import agreed_id, first_stated
from keepclear.formats.documents.strict import read_document, read_stored
from keepclear.formats.times import iso_text
from keepclear.model.coverage import Completeness, Coverage
from keepclear.model.operation import OperationClass
from keepclear.model.window import Window


class CoverageDocument(Part, frozen=True, kw_only=True, gc=False):
    """What a party says its released set covers."""

    id: Annotated[
        Uuid | UnsetType, Meta(description="A UUID; from outside it must be the one of the path.")
    ] = UNSET
    party: Annotated[
        Name | UnsetType, Meta(description="Who says so; the node's own party by default.")
    ] = UNSET
    area: Annotated[FootprintDocument, Meta(description="Where.")]
    start: Annotated[Moment, Meta(description="When the set's operations would first fly.")]
    end: Annotated[Moment, Meta(description="When they would last fly.")]
    as_of: Annotated[Moment, Meta(description="When the set was drawn up.")]
    completeness: Annotated[
        dict[OperationClass, Completeness],
        Meta(
            description="How much of each class is in the set; a class not named counts as none.",
            extra_json_schema={"propertyNames": {"enum": [of.value for of in OperationClass]}},
        ),
    ]
    notice_count: Annotated[
        int | None,
        Meta(
            description="How many notices the set holds; null where not said. 0 says that nothing "
            "is planned.",
            extra={"rule": require_notices},
            extra_json_schema={"minimum": 0},
        ),
    ] = None
    version: Annotated[
        Whole | UnsetType,
        Meta(description="1, and one more at every change; the node counts."),
    ] = UNSET


def coverage_document(
    coverage: Coverage, *, coverage_id: str, version: int | None = None
) -> dict[str, JsonValue]:
    """A coverage statement as plain values, every field written.

    Args:
        coverage: the statement.
        coverage_id: its UUID.
        version: which version of it this is; None leaves the field out.
    """
    numbered: dict[str, JsonValue] = {} if version is None else {"version": version}
    return {
        "id": coverage_id,
        "party": coverage.party,
        "area": footprint_document(coverage.area),
        **window_document(coverage.window),
        "as_of": iso_text(coverage.as_of),
        "completeness": {of.value: much.value for of, much in coverage.completeness},
        "notice_count": coverage.notice_count,
        **numbered,
    }


def coverage_from(
    document: object, *, coverage_id: str | None = None, party: str | None = None
) -> Coverage:
    """The coverage statement a document from outside makes.

    Args:
        document: bytes of JSON, or what a JSON reader made of them; its version is not used.
        coverage_id: the id it was sent under; None demands it of the document.
        party: whose statement it is where the document does not say; None demands it.

    Returns:
        The statement, its classes in the order of `OperationClass`.

    Raises:
        InvalidInput: something is missing, unknown, or holds what it may not; the place first.
    """

    def build(record: CoverageDocument) -> Coverage:
        agreed_id(record.id, coverage_id, is_uuid=True)
        return _coverage(record, party)

    return read_document(document, CoverageDocument, build)


def stored_coverage(body: Mapping[str, Any] | bytes) -> tuple[str, Coverage]:
    """The id and the statement that `coverage_document` wrote.

    Its classes stand in the order of `OperationClass`: an object of JSON has no order.

    Raises:
        InvalidInput: the document is damaged, or is none.
    """

    def build(record: CoverageDocument) -> tuple[str, Coverage]:
        return first_stated("id", record.id), _coverage(record, None)

    return read_stored(body, CoverageDocument, build)


def _coverage(document: CoverageDocument, party: str | None) -> Coverage:
    stated = document.completeness
    return Coverage(
        party=first_stated("party", document.party, party),
        area=document.area.built(),
        window=Window(moment(document.start), moment(document.end)),
        as_of=moment(document.as_of),
        completeness=tuple((of, stated[of]) for of in OperationClass if of in stated),
        notice_count=document.notice_count,
    )
