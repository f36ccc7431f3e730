"""By its ending a file is written as page, document, slides or print; what is missing is said beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.report import needs
from jifen_analysis.report.forms import ENDINGS, check_requirements, write_review
from tests.charts.browser import found
from tests.report.sampled import short

BEGINS = {".html": b"<!DOCTYPE html>", ".docx": b"PK", ".pptx": b"PK", ".pdf": b"%PDF"}


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_decides(ending: str, tmp_path: Path) -> None:
    """Each file is what its name says; of a page there are two, and nothing else is left."""
    if ending == ".pdf" and found() is None:
        pytest.skip("no browser: apt-get install chromium")
    files = write_review(short(), tmp_path / f"总结{ending}")
    assert files[0].read_bytes().startswith(BEGINS[ending])
    assert sorted(files) == sorted(tmp_path.iterdir())


def test_what_will_be_used_is_said_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a browser: no PDF, a page all the same, slides and Word as ever."""
    monkeypatch.setattr(needs, "_no_browser", lambda: ("请安装某物", "install something"))
    said = check_requirements(Path("a.html"))
    assert said is not None
    assert "请安装某物" in said.zh
    assert check_requirements(Path("a.pptx")) is check_requirements(Path("a.docx")) is None
    with pytest.raises(UsageError, match="请安装某物"):
        check_requirements(Path("a.pdf"))


@pytest.mark.parametrize("ending", [".docx", ".pptx"])
def test_a_missing_component_is_named(monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    """With what to install."""
    monkeypatch.setattr(needs.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"pip install 'jifen-analysis\[export\]'"):
        check_requirements(Path(f"a{ending}"))
