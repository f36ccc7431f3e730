"""Tests of the widgets without a browser: moving one changes what is shown, also where nothing moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from jifen_analysis.desk import desk, still
from jifen_analysis.desk.controls import BROWSER, Controls, still_html
from jifen_analysis.report.review import Review
from jifen_analysis.sample import write

TITLES = ["日常考核 %", "民主评议 %", "优秀线", "合格线", "优秀名额 %", "合格名额 %"]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small folder."""
    folder = tmp_path_factory.mktemp("desk") / "数据"
    write(folder, 40, (2024,), 7, "parquet")
    return folder


def test_a_folder_opens_and_sliders_follow_each_other(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the sliders to the tables, an explanation and the files that are written."""
    monkeypatch.chdir(tmp_path)
    short = Review("总结", "", "zh", (), (), ())  # the real one takes its time, and has tests of its own
    monkeypatch.setattr("jifen_analysis.desk.controls.review", lambda *_, **__: short)
    at = Controls.of(str(data), "community_60_40")
    daily, review, best, *_ = at.sliders.children[:-1]
    assert [one.description for one in at.sliders.children[:-1]] == TITLES
    assert "没有人的等次改变" in at.sentences.value
    daily.value = 35
    assert review.value == pytest.approx(65)
    assert "计算用时" in at.sentences.value
    before = at.grades.value
    best.value = 95
    assert at.grades.value != before
    best.value = 50
    assert "分数线须低于" in at.sentences.value
    best.value = 80
    at.member.value = "00001"
    assert "00001" in at.explained.value
    at.save_trial.click()
    at.save_review.click()
    assert {"试算.html", "总结.html"} <= {file.name for file in tmp_path.iterdir()}
    assert str(tmp_path) in at.written.value


def test_mistakes_are_sentences(data: Path, tmp_path: Path) -> None:
    """A folder that is not there, a scheme that is none; nothing open, nothing written."""
    at = Controls.of("", "")
    at.save_trial.click()
    assert "还没有打开数据" in at.written.value
    for folder, scheme in ((tmp_path / "不在", "community_60_40"), (data, "x")):
        at.folder.value, at.scheme.value = str(folder), scheme
        at.open.click()
        assert at.at is None
        assert "没有" in at.state.value


def test_a_scheme_without_sliders(data: Path) -> None:
    """Still opens, with its problems and members."""
    at = Controls.of(str(data), "village_monthly")
    assert len(at.sliders.children) == 1
    assert "不划等次" in at.grades.value


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
