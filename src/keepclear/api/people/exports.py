"""What the node holds, as files for other programs, and all of it as one archive."""

from __future__ import annotations

import re

from keepclear import errors
from keepclear.api.endpoint import Call, Endpoint, Returned
from keepclear.api.people.operations_query import OperationsQuery
from keepclear.api.replies import Reply
from keepclear.contact.rights import Capability
from keepclear.errors import NotFound
from keepclear.services.exporting import FORMATS, ExportFile, export_everything, export_plans

EVERYTHING = "everything"


def _get(call: Call[OperationsQuery]) -> Reply:
    name = call.path["format"]
    if name == EVERYTHING:
        call.permit.require(Capability.INVESTIGATE)
        return _reply(export_everything(call.node))
    if name not in FORMATS:
        raise NotFound(
            f"there is no format {name}",
            remedy=f"Ask for one of {', '.join((*FORMATS, EVERYTHING))}.",
        )
    return _reply(export_plans(call.node, name, call.query.meant()))


def _reply(file: ExportFile) -> Reply:
    name = re.sub(r"[^A-Za-z0-9._-]", "_", file.name)
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "keepclear-losses": str(len(file.losses)),
    }
    return Reply(file.data, content_type=file.content_type, headers=headers)


ENDPOINTS = (
    Endpoint(
        method="GET",
        path="/api/v1/exports/{format}",
        summary="Operations as a file, or with `everything` all that the node holds",
        description=(
            "The header Keepclear-Losses counts what the format cannot hold. `everything` is a "
            "ZIP that loses nothing; it is always whole, whatever is asked in the query."
        ),
        handler=_get,
        query=OperationsQuery,
        returns=(
            *(
                Returned(200, "The file", None, kind.partition(";")[0])
                for kind, _ in FORMATS.values()
            ),
            Returned(200, "The file", None, "application/zip"),
        ),
        errors=(errors.NotFound, errors.InvalidWindow, errors.InvalidOperation),
    ),
)
