from pathlib import Path

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import Rows, book, checked, rows_of


@pytest.mark.parametrize("act", ["评议", "民主评议", "测评", "评分"])
@pytest.mark.parametrize("head", [("编号", "得分"), ("编号", "考核期", "分数")])
def test_who_judged_the_members_is_asked_with_both_readings(tmp_path: Path, act: str, head: tuple[str, ...]) -> None:
    """党员评议 may be by them or of them; nothing is taken from such a title."""
    rows: Rows = [(f"2024年党员{act}",), head, ("00001", *["上半年" if name == "考核期" else 90 for name in head[1:]])]
    found = checked(tmp_path, rows)
    told = [p.message() for p in found.errors if p.code == "missing_column"]
    assert len(told) == 1
    assert f"党员{act}”可以是党员评的,也可以是评党员的" in told[0]


@pytest.mark.parametrize("span", ["1-3月", "1月至6月", "上半年", "第一季度"])
def test_amounts_of_several_months_in_one_column_are_asked_for_by_month(tmp_path: Path, span: str) -> None:
    """The title says of which months they are, not how much is of each."""
    found = checked(tmp_path, [(f"2024年{span}党费收缴表",), ("编号", "应缴", "实缴"), ("00001", 36, 36)])
    assert any(span in p.message() and "每月各多少" in p.message() for p in found.errors)


@pytest.mark.parametrize("head", ["评议等次", "考核结果", "评定等级"])
@pytest.mark.parametrize("title", ["2024年民主评议", "2024年民主测评", "2024年度情况表"])
@pytest.mark.parametrize("who", [("编号", "姓名"), ("序号", "姓名")])
def test_an_outcome_is_no_record(tmp_path: Path, head: str, title: str, who: tuple[str, str]) -> None:
    """A grade is what the scheme makes of votes and marks, whatever the sheet is called."""
    found = checked(tmp_path, [(title,), (*who, head), ("00001", "张三", "优秀")])
    assert [(p.code, p.cell) for p in found.errors] == [("results_not_records", "C2")]


@pytest.mark.parametrize("heads", [("今日积分", "年度积分"), ("本月积分", "累计积分", "排名")])
def test_points_of_a_platform_are_results(tmp_path: Path, heads: tuple[str, ...]) -> None:
    """A list of points is one whether or not a title calls it that."""
    found = checked(tmp_path, [("姓名", "所在组织", *heads), ("张三", "第一支部", *range(len(heads)))])
    assert [p.code for p in found.errors] == ["results_not_records"]


def test_a_header_that_says_who_and_not_what_is_told_apart(tmp_path: Path) -> None:
    """What is known of the likeliest row, and what is not, both stand in the refusal; answers of voters are, too."""
    found = checked(tmp_path, [("姓名", "活动时间", "活动内容", "时长"), ("张三", "2024-03-05", "清扫", "2小时")])
    (said,) = (p.message() for p in found.errors)
    assert "认得“姓名、活动时间”,不认得“活动内容、时长”" in said
    voters = [("提交时间", "1、对张三同志的评价", "2、对李四同志的评价"), ("2024-12-01", "优秀", "合格")]
    assert ["问卷" in p.message() for p in checked(tmp_path / "2", voters).errors] == [True]


@pytest.mark.parametrize(
    "heads", [("应参加次数", "实际参加次数", "请假次数"), ("应到", "实到", "出勤率"), ("参加次数", "缺席次数")]
)
def test_counts_of_meetings_are_called_that(tmp_path: Path, heads: tuple[str, ...]) -> None:
    """How often somebody came is no record of a meeting, and is said once, not of every column."""
    rows = [("2024年一季度考勤汇总",), ("姓名", *heads), ("张三", *range(4, 4 + len(heads)))]
    found = checked(tmp_path, rows)
    assert [(p.code, p.cell) for p in found.errors] == [("status_counts", "B2")]


@pytest.mark.parametrize("moved", ["改期至3月12日", "延期到3月12日", "推迟至下周"])
def test_a_meeting_that_was_moved_is_asked_for_its_day(tmp_path: Path, moved: str) -> None:
    """The day of the title is not that of the meeting, and that is said where the day is missing."""
    found = checked(tmp_path, [(f"2024年3月5日党课({moved})",), ("姓名", "签到"), ("张三", "√")])
    assert [moved in p.message() for p in found.errors] == [True]


@pytest.mark.parametrize("head", ["备注", "说明", "情况说明"])
def test_a_roster_with_remarks_is_one_whatever_it_is_called(tmp_path: Path, head: str) -> None:
    """Remarks beside the ids and the branch name no other table; what they say is told."""
    rows = [("编号", "姓名", "党支部", head), ("00001", "张三", "第一支部", "长期卧床")]
    found = check(book(tmp_path / "表.xlsx", {"Sheet1": rows}))
    assert (found.errors, rows_of(found, "members", "member_id")) == ((), [("00001",)])
    assert any("长期卧床" in p.message() for p in found.notes)
