"""Take the README's picture: the head of the demo's report, as a browser shows it.

Run `make demo SERVE=no` first, then `.venv/bin/python tools/screenshot.py`. Needs chromium.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "var" / "demo" / "report-en.html"
PICTURE = ROOT / "docs" / "images" / "report.png"


def main() -> int:
    """Open the report file and keep what the first screen shows."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None or not REPORT.is_file():
        sys.stderr.write("Chromium or the demo's report is missing: run make demo SERVE=no.\n")
        return 1
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        shown = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = shown.new_page(viewport={"width": 1180, "height": 1080})
        page.goto(REPORT.as_uri())
        page.screenshot(path=str(PICTURE))
        shown.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
