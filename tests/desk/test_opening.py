"""Tests of a folder opened at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from jifen_analysis.desk.opening import explanation, open_folder
from jifen_analysis.errors import UsageError
from tests.command import files

ROSTER = "党员编号,姓名,党支部\n00001,甲一,一支部\n00002,甲二,一支部\n"
ATTENDANCE = "党员编号,姓名,日期,活动类型,出勤情况\n00001,甲一,2024-03-05,党课,迟到\n00002,甲二,2024-09-05,党课,出勤\n"
MARKS = "党员编号,考核期,评议主体,分数\n00001,2024年上半年,班子成员,85\n00002,2024年上半年,班子成员,95\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of two members, reviewed in the first half."""
    return files(tmp_path / "数据", 花名册=ROSTER, 考勤=ATTENDANCE, 民主评议=MARKS)


def test_the_last_period_with_totals_is_looked_at(data: Path) -> None:
    """Not the one that is only begun; a member is explained, a stranger refused."""
    found = open_folder(data, "community_60_40")
    assert (found.period, found.problems, found.verdict) == ("2024H1", (), "3 个文件,0 处错误,0 处提示")
    assert found.last is not None
    assert "党课" in explanation(found.last, " 00001 ", "2024H1")
    assert "00009" in explanation(found.last, "00009", "2024H1")


def test_problems_are_listed_by_file_and_name_nobody(data: Path) -> None:
    """The rest is scored nevertheless."""
    (data / "考勤.csv").write_text(
        ATTENDANCE.replace("党课,迟到", "党课,来过一下") + "00002,丙三,2024-03-06,党课,出勤\n", "utf-8"
    )
    found = open_folder(data, "community_60_40")
    assert [file for file, _ in found.problems] == ["考勤.csv"]
    said = " ".join(found.problems[0][1])
    assert "不是认得的词" in said
    assert "丙三" not in said
    assert "有错误的文件没有计入:考勤.csv" in found.verdict


def test_nothing_to_score_and_nothing_there(tmp_path: Path, data: Path) -> None:
    """An empty period is no failure; a folder that is not there is refused."""
    (data / "民主评议.csv").unlink()
    assert open_folder(data, "community_60_40").last is None
    with pytest.raises(UsageError, match="没有"):
        open_folder(tmp_path / "不在", "community_60_40")
