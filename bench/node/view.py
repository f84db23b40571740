"""How long a person waits for the console's first view."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

_BROWSER = "/usr/bin/chromium"


def first_view_s() -> float:
    """From opening the printed link to the first answer on the screen, on a node just started."""
    tool = str(Path(sys.executable).with_name("keepclear"))
    command = [tool, "exercise", "--date", "2026-03-14", "--serve", "--alone", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        link = next(line.split()[-1] for line in process.stdout if "/enter?" in line)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=_BROWSER, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
            )
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            begin = time.perf_counter()
            page.goto(link, wait_until="commit")
            page.get_by_text("B-101", exact=False).first.wait_for()
            spent = time.perf_counter() - begin
            browser.close()
        return spent
    finally:
        process.terminate()
        process.wait(timeout=60)
