"""The console of a node with a line: what tests do there by keyboard and read there."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from e2e.console.watching import Visit

LINE = "AMBER-BLUE"
FLASH = {
    "code": "M09",
    "line": LINE,
    "fields": {
        "subject": "two aircraft",
        "position": "35 24 04N 035 56 55E",
        "band": "FL240-FL260",
        "requested_action": "Climb above FL280 now",
        "radio_tried": True,
    },
}


def wait_for_line(visit: Visit) -> None:
    visit.page.get_by_role("region", name="Lines").get_by_text("on watch").wait_for()


def pane(visit: Visit) -> Locator:
    """The pane of the line, opened by its key where it is not."""
    found = visit.page.get_by_role("region", name="Line", exact=True)
    if not found.count():
        visit.keys("h")
    found.wait_for()
    return found


def part(visit: Visit, name: str) -> Locator:
    """One part of it."""
    found = pane(visit)
    parts = found.get_by_role("group", name="Part of the line")
    parts.get_by_role("button", name=re.compile(f"^{name}")).click()
    return found


def put(visit: Visit, path: str, body: dict[str, Any], *, is_new: bool = False) -> Any:
    """Say something to the node as its console does."""
    headers = {"origin": visit.node.origin, "content-type": "application/json"}
    reply = visit.page.request.put(
        f"{visit.node.origin}/api/v1{path}",
        data=json.dumps(body),
        headers=headers | ({"if-none-match": "*"} if is_new else {}),
    )
    assert reply.ok, reply.text()
    return reply.json()


def new_id() -> str:
    return str(uuid.uuid4())  # noqa: TID251  (a client chooses the id)


def release(visit: Visit, document: dict[str, Any] = FLASH) -> str:
    """Write a message and release it; its id."""
    name = new_id()
    put(visit, f"/messages/{name}", document, is_new=True)
    put(visit, f"/messages/{name}/acts/{new_id()}", {"kind": "release", "role": "duty officer"})
    return name


def rows(visit: Visit) -> Locator:
    """The messages in the list."""
    listed = visit.page.get_by_role("list", name="Messages, the newest first")
    return listed.get_by_role("button")


def tick_all(form: Locator) -> None:
    """Read every field back as it stands."""
    boxes = form.get_by_label("read, as it stands")
    boxes.first.wait_for()
    for box in boxes.all():
        box.check()
