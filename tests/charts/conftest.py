"""One browser for all pictures."""

from __future__ import annotations

import pytest

from jifen_analysis.charts.theme import FONTS
from tests.charts.browser import Browser


@pytest.fixture
def chinese(browser: Browser) -> Browser:
    """A browser with a Chinese font; without one the test is skipped."""
    if browser.boxes("积", FONTS):
        pytest.skip("no Chinese font: install Noto Sans CJK SC, or use a system that has one")
    return browser
