"""What every document may hold, as JSON Schema, for the description of the API."""

from __future__ import annotations

from typing import Any

import msgspec

from keepclear.formats.documents.airspace_record import (
    AirfieldDocument,
    BoundaryDocument,
    ZoneDocument,
)
from keepclear.formats.documents.coverage import CoverageDocument
from keepclear.formats.documents.operation_record import OperationDocument

DOCUMENTS = (
    OperationDocument,
    ZoneDocument,
    BoundaryDocument,
    AirfieldDocument,
    CoverageDocument,
)
"""The documents that stand for themselves; what they are made of follows from them."""

REFERENCES = "#/components/schemas/{name}"


def schema_components() -> dict[str, Any]:
    """JSON Schemas of every document and part by name, as OpenAPI keeps them.

    References point to `#/components/schemas/NAME`. Descriptions tell meaning, unit and default.

    Source:
        OpenAPI 3.1.0, section 4.8.7 (components object); JSON Schema 2020-12.
    """
    _, components = msgspec.json.schema_components(DOCUMENTS, ref_template=REFERENCES)
    return dict(components)
