"""A node of this process behind a real server, with its console, for a browser to look at."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager

import uvicorn

from api.asking import TOKEN, Seconds
from e2e.console.watching import NodeAddress
from keepclear.api.application import node_application
from keepclear.api.auth import Access
from keepclear.cli.listening import open_listener
from keepclear.services.node import Node
from keepclear.web.console import MAP_FILES, console_routes
from keepclear.web.headers import LOOPBACK

NO_LAND = b'{"type":"FeatureCollection","features":[]}'


@contextmanager
def served(node: Node) -> Iterator[NodeAddress]:
    """The node's people's API and console, for as long as the block runs."""
    with closing(open_listener(LOOPBACK, 0)) as listener:
        port = listener.getsockname()[1]
        access = Access(TOKEN, node.entropy, Seconds())
        console = console_routes(dict.fromkeys(MAP_FILES, NO_LAND))
        application = node_application(node, access, port=port, console=console)
        config = uvicorn.Config(application, log_config=None, access_log=False, lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield NodeAddress(f"http://{LOOPBACK}:{port}/enter", TOKEN)
        finally:
            application.stop()
            server.should_exit = True
            thread.join(30)
            application.close()
