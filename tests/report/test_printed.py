"""The PDF says the day it is dated, and is refused in a sentence where the browser prints none."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import jifen_analysis as jf
from jifen_analysis.errors import UsageError
from jifen_analysis.report import needs, printed
from jifen_analysis.report.review import review
from tests.odd_data import odd
from tests.report.sampled import short


def test_a_browser_that_prints_nothing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The page is named as the way out, and no file is left."""
    monkeypatch.setattr(printed, "require_images", lambda: None)
    monkeypatch.setattr(printed, "page", lambda _: "<html></html>")
    monkeypatch.setattr(printed, "browser", lambda: "/bin/false")
    with pytest.raises(UsageError, match="没有打印出 PDF"):
        printed.write_pdf(short(), tmp_path / "a.pdf")
    assert not list(tmp_path.iterdir())


PAGES = 8
"""Pages that a meeting reads."""


@pytest.mark.skipif(needs.lacking_for_images() is not None, reason="no browser or no Chinese font")
def test_many_branches_stay_on_a_few_pages(tmp_path: Path) -> None:
    """Twenty branches, each with its row and its place in every figure, still fit."""
    folder = odd(tmp_path / "数据", range(5, 25))
    result = jf.assess(jf.load(folder), jf.read_scheme("community_60_40"))
    pdf = printed.write_pdf(review(result), tmp_path / "总结.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b", pdf)) <= PAGES
