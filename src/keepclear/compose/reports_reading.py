"""Where a folder's reports of trouble stand, read from outside; a node may run on it meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from keepclear import compose
from keepclear.compose.folder import NodeFolder
from keepclear.compose.opening import read_store
from keepclear.errors import StoreMissing
from keepclear.services.uss.reported import Sources
from keepclear.store.dss import dss_store_read
from keepclear.store.exchange_files import ExchangeFiles


@contextmanager
def report_sources(folder: NodeFolder) -> Iterator[Sources]:
    """What there is to be read, while the block runs.

    Args:
        folder: a node's, or that of a discovery service alone.

    Raises:
        StoreMissing: it holds neither.
        NodeFault: a store cannot be read; each subclass says why.
    """
    is_dss = folder.dss.is_file()
    if not folder.is_node and not is_dss:
        raise StoreMissing(f"there is neither a node nor a DSS in {folder.path}")
    with ExitStack() as stack:
        log, node, mode = None, None, ""
        if folder.is_node:
            log = ExchangeFiles(folder.exchanges, compose.clock())
            reader = stack.enter_context(read_store(folder.store))
            node, mode = stack.enter_context(reader.view()), reader.identity.mode.value
        dss = stack.enter_context(dss_store_read(folder.dss)) if is_dss else None
        yield Sources(log, node, dss, mode)
