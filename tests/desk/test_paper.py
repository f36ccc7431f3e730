"""Tests of what the desk shows where nothing moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from jifen_analysis.desk import desk, still
from jifen_analysis.desk.paper import BROWSER, still_html
from jifen_analysis.sample import write


def test_paper_has_what_the_screen_has(tmp_path: Path) -> None:
    """The verdict, where the sliders stand, sentences and tables stand one below the other, each once."""
    write(tmp_path / "数据", 40, (2024,), 7, "parquet")
    shown = str(still(desk(str(tmp_path / "数据"), "community_60_40")).data)
    parts = ("<h3>试算</h3>", "优秀线:90", 'class="jifen grades"', "<h3>写出</h3>")
    assert [shown.count(part) for part in parts] == [1, 1, 1, 0]
    assert "0 处错误" in shown


def test_a_desk_of_its_own_is_not_said_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Served in a browser, the desk moves: its still is empty."""
    monkeypatch.setenv("SERVER_SOFTWARE", f"{BROWSER}0.5")
    assert still_html(desk()) == ""
