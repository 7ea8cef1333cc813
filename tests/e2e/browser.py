"""Finds a Chromium for the browser tests, or installs one. `python -m tests.e2e.browser` prints its path."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests import apt

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


@cache
def find_or_install() -> str:
    """The path of a Chromium that starts: one on the PATH, else from the system's packages, else Playwright's own."""
    for path in _candidates():
        if path and _starts(path):
            return path
    raise RuntimeError("no Chromium was found and none could be installed")


def launch_options() -> dict[str, Any]:
    """What Playwright's `chromium.launch` needs here; Chromium's sandbox refuses root, which containers run as."""
    return {"executable_path": find_or_install(), "args": ["--no-sandbox"] if os.geteuid() == 0 else []}


def _candidates() -> Iterator[str | None]:
    yield from map(shutil.which, NAMES)
    yield _playwrights_own()
    apt.install("chromium")
    yield from map(shutil.which, NAMES)
    apt.run(sys.executable, "-m", "playwright", "install", "chromium")
    yield _playwrights_own()


def _playwrights_own() -> str:
    """Asked for in a process of its own, since a test that runs in an event loop may be the one who asks."""
    return subprocess.check_output([sys.executable, "-c", ASK_PLAYWRIGHT], text=True).strip()


def _starts(path: str) -> bool:
    return os.path.exists(path) and subprocess.run([path, "--version"], capture_output=True).returncode == 0


if __name__ == "__main__":
    print(find_or_install())
