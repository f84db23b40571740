"""The browser that tests look through, and how patient they are with it."""

from __future__ import annotations

from pathlib import Path

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
DRAWING = "--enable-unsafe-swiftshader"
"""Has it draw the map, in software: that takes more than all the rest of a page."""
NOT_DRAWING = "--disable-3d-apis"
PATIENCE_MS = 90_000
"""Software drawing on a busy machine is slow; no test measures time."""
