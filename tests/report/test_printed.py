"""The PDF says the day it is dated, and is refused in a sentence where the browser prints none."""

from __future__ import annotations

from pathlib import Path

import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.report import printed
from tests.report.sampled import short


def test_a_browser_that_prints_nothing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The page is named as the way out, and no file is left."""
    monkeypatch.setattr(printed, "require_images", lambda: None)
    monkeypatch.setattr(printed, "page", lambda _: "<html></html>")
    monkeypatch.setattr(printed, "browser", lambda: "/bin/false")
    with pytest.raises(UsageError, match="没有打印出 PDF"):
        printed.write_pdf(short(), tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())
