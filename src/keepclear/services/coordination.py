"""Where a running node keeps its USS, so that people's services find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from keepclear.errors import StateForbids

if TYPE_CHECKING:
    from keepclear.services.uss.uss import Uss


@dataclass(slots=True)
class Coordination:
    """A node's USS, while it runs.

    Attributes:
        uss: None where the node is none, or is opened for a single command.
    """

    uss: Uss | None = None

    def demanded(self) -> Uss:
        """The USS.

        Raises:
            StateForbids: the node is none now; give it the role and serve it.
        """
        if self.uss is None:
            raise StateForbids(
                "this node is no running USS",
                remedy="Set f3548.roles to uss or both, dss_url, base_url and token_url, and "
                "serve the node.",
            )
        return self.uss
