"""Chromium for tests, through Playwright; a machine without it skips or, where asked, fails."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ABSENT = f"there is no browser: none of {', '.join(NAMES)} is on the path"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for the whole run; every test opens a context of its own in it."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        if "browser" in os.environ.get("SAMENSPEL_REQUIRE", ""):
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()
