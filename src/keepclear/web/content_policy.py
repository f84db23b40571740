"""The content security policy of a page: its own inline parts and nothing else.

Every inline script and style is named by its hash, so a page may hold them without
`unsafe-inline`, and whatever else got into the page is not run.
Source: W3C Content Security Policy Level 3, 6.7 (hash sources).
"""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

CLOSED_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
"""For everything that is not a page: nothing may be loaded, run or framed."""


class _InlineParts(HTMLParser):
    """Collects the text of inline scripts and styles as the browser hashes it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: dict[str, list[str]] = {"script": [], "style": []}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a script or style; blocks of data are scripts to no browser, so skip none."""
        del attrs
        if tag in self.texts:
            self._inside = tag
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Keep its text, unchanged."""
        if self._inside:
            self.texts[self._inside][-1] += data


def policy_of(page: bytes) -> str:
    """The strictest policy under which this page works: its inline parts, its own images."""
    parts = _InlineParts()
    parts.feed(page.decode())
    parts.close()
    return "; ".join(
        (
            CLOSED_POLICY,
            f"script-src {_sources(parts.texts['script'])}",
            f"style-src {_sources(parts.texts['style'])}",
            "img-src 'self' data:",
            "font-src 'self' data:",
        )
    )


def _sources(texts: list[str]) -> str:
    hashes = {
        base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts if text
    }
    return " ".join(f"'sha256-{digest}'" for digest in sorted(hashes)) or "'none'"
