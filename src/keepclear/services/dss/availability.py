"""Which operators' services an arbiter holds to be down.

Source: ASTM F3548-21, interface UTM API 1.0.0: uss_availability.
"""

from __future__ import annotations

from keepclear.errors import InvalidInput
from keepclear.formats.f3548 import (
    SetUssAvailabilityStatusParameters,
    UssAvailabilityStatus,
    UssAvailabilityStatusResponse,
)
from keepclear.ports.dss_store import Availability, DssUnit, DssView
from keepclear.services.dss.discovery import Dss, Work
from keepclear.services.dss.versions import require_version

_LONGEST_NAME = 1_024


def put_availability(
    dss: Dss,
    caller: str,  # noqa: ARG001  (any arbiter may change what another said)
    uss_id: str,
    body: SetUssAvailabilityStatusParameters,
) -> Work[UssAvailabilityStatusResponse]:
    """Say what is held of a service; its version is "" where nobody ever did.

    Raises:
        InvalidInput: the name of the service cannot be one.

    Returns:
        What is to be decided in the writer. It raises VersionConflict.
    """
    _require_name(uss_id)
    kept = Availability(body.availability, dss.new_token())

    def put(unit: DssUnit) -> UssAvailabilityStatusResponse:
        current = unit.availability(uss_id)
        require_version(current.version, body.old_version, f"the availability of {uss_id}")
        unit.put_availability(uss_id, kept)
        return _response(uss_id, kept)

    return put


def get_availability(
    dss: Dss,  # noqa: ARG001  (every call of the service begins alike)
    view: DssView,
    uss_id: str,
) -> UssAvailabilityStatusResponse:
    """What is held of a service; Unknown, in version "", where nobody ever said anything.

    Raises:
        InvalidInput: the name of the service cannot be one.
    """
    _require_name(uss_id)
    return _response(uss_id, view.availability(uss_id))


def _require_name(uss_id: str) -> None:
    try:
        length = len(uss_id.encode())
    except UnicodeEncodeError:
        length = 0
    if not 0 < length <= _LONGEST_NAME:
        raise InvalidInput(
            "the name of the service cannot be one", remedy="Give the `sub` of its tokens."
        )


def _response(uss_id: str, held: Availability) -> UssAvailabilityStatusResponse:
    return UssAvailabilityStatusResponse(
        version=held.version,
        status=UssAvailabilityStatus(uss=uss_id, availability=held.state),
    )
