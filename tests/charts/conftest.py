"""One browser for all pictures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jifen_analysis.charts.theme import FONTS
from tests.charts.browser import Browser, found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A browser; without one the test is skipped."""
    path = found()
    if path is None:
        pytest.skip("no Chromium or Chrome: install one, or name it in BROWSER_PATH")
    window = Browser(path)
    yield window
    window.close()


@pytest.fixture
def chinese(browser: Browser) -> Browser:
    """A browser with a Chinese font; without one the test is skipped."""
    if browser.boxes("积", FONTS):
        pytest.skip("no Chinese font: install Noto Sans CJK SC, or use a system that has one")
    return browser
