from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.layouts import names_year, surroundings
from jifen_analysis.vocabulary import standard
from tests.intake.sheets import checked, errors


@pytest.mark.parametrize(
    ("titles", "sheet", "file", "year"),
    [
        (["2024年考勤"], "Sheet1", "a.xlsx", 2024),
        ([], "2024", "a.xlsx", 2024),
        ([], "Sheet1", "第一支部_2024.xlsx", 2024),
        ([], "Sheet1", "2024/第一支部.xlsx", 2024),
        (["2023—2024年考勤"], "Sheet1", "a.xlsx", None),
        (["填表日期:2025年1月8日"], "2024年", "a.xlsx", 2024),
        (["考勤"], "20240305", "a.xlsx", None),
        ([], "2024年", "2025年导出.xlsx", 2024),
        ([], "Sheet1", "党费_2025年1月8日导出.xlsx", None),
    ],
)
def test_the_nearest_unambiguous_year_holds(titles: list[str], sheet: str, file: str, year: int | None) -> None:
    """Title before sheet before file before folder; two years at once say nothing."""
    assert surroundings(titles, sheet, file, None, standard()).year == year


_PIECES = st.lists(
    st.sampled_from(["2023", "2024年", "考勤", "3月", "上半年", "2025年导出", "第一支部", " "]), max_size=3
)


@given(st.lists(_PIECES.map("".join), max_size=2), _PIECES.map("".join), _PIECES.map("/".join))
def test_whoever_names_a_year_is_read_alike_whatever_year_is_given(titles: list[str], sheet: str, file: str) -> None:
    """A sheet whose own name, file or folder is of a year need not be looked at again for another one."""
    found = [surroundings(titles, sheet, f"{file}.xlsx", year, standard()) for year in (None, 2020)]
    assert found[0] == found[1] or not names_year(sheet, f"{file}.xlsx")


def test_given_year_is_the_last_resort() -> None:
    """The year that is given stands in only where nothing nearer says one."""
    assert surroundings(["2023年"], "", "a.xlsx", 2024, standard()).year == 2023
    assert surroundings([], "", "a.xlsx", 2024, standard()).year == 2024


@pytest.mark.parametrize("moved", ["(改期至3月8日)", ",推迟到3月12日"])
def test_a_day_that_was_moved_is_none(moved: str) -> None:
    """The day on which a meeting was not held is no day of it."""
    assert surroundings([f"2024年3月5日党课{moved}"], "", "a.xlsx", None, standard()).day is None


def test_the_full_name_of_a_branch_is_no_meeting_of_its_committee() -> None:
    """中共…支部委员会 stands over every sheet; its 委员会会议 is a meeting."""
    titles = ["中共城关镇第一支部委员会", "2024年3月5日党员大会签到表"]
    found = surroundings(titles, "", "a.xlsx", None, standard())
    assert (found.branch, found.activity) == ("城关镇第一支部", "general_meeting")
    assert surroundings(["中共第一支部委员会会议签到"], "", "", None, standard()).activity == "committee_meeting"


def test_a_short_year_before_a_period_is_one() -> None:
    """24年上半年 names the year; 建党24年 does not, nor do two years."""
    assert surroundings(["24-25年度测评"], "", "a.xlsx", None, standard()).year is None
    assert surroundings(["24年上半年测评"], "", "a.xlsx", None, standard()).period == "2024H1"
    assert surroundings(["建党24年测评"], "", "a.xlsx", None, standard()).year is None


def test_title_says_day_branch_activity_and_period() -> None:
    """One title may say everything."""
    found = surroundings(["中共第一支部2024年3月5日组织生活会签到表"], "", "a.xlsx", None, standard())
    assert (found.day, found.branch, found.activity) == (date(2024, 3, 5), "第一支部", "life_meeting")
    assert surroundings(["2024年第三季度测评"], "", "a.xlsx", None, standard()).period == "2024Q3"


@pytest.mark.parametrize("title", ["请各党支部认真填写", "2024年度党支部党员花名册", "各支部汇总", "党员花名册"])
def test_words_about_branches_name_none(title: str) -> None:
    """A branch is taken from a title only where one is named."""
    assert surroundings([title], "", "a.xlsx", None, standard()).branch == ""


@pytest.mark.parametrize(
    ("title", "sheet", "file"),
    [
        ("二〇二四年三月考勤", "Sheet1", "a.xlsx"),
        ("2024 年 3 月 份 考 勤 表", "Sheet1", "a.xlsx"),
        ("", "三月", "2024年度考勤.xlsx"),
        ("", "202403", "a.xlsx"),
        ("", "2024.3", "a.xlsx"),
        ("", "3月", "2024年/第一支部.xlsx"),
    ],
)
def test_a_month_in_every_dress(title: str, sheet: str, file: str) -> None:
    """Words, spaces between the characters, the name of a sheet with the year of its workbook or folder."""
    found = surroundings([title], sheet, file, None, standard())
    assert (found.year, found.month) == (2024, 3)


def test_a_branch_may_be_called_for_a_month() -> None:
    """Numbers in words are read as digits only where a time is looked for."""
    assert surroundings(["十月社区党支部"], "", "a.xlsx", None, standard()).branch == "十月社区党支部"


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("2024年1-6月党费", "2024H1"),
        ("2024年7月至12月评议", "2024H2"),
        ("2024年1—3月评议", "2024Q1"),
        ("2024年1-5月评议", ""),
        ("2024年3、4月考勤", "2024"),
        ("2024-6月考勤", "2024-06"),
    ],
)
def test_a_span_of_months_is_no_month(title: str, period: str) -> None:
    """The last month of a span is never taken for the month of the sheet."""
    assert surroundings([title], "", "a.xlsx", None, standard()).period == period


@pytest.mark.parametrize("title", ["2024年3月5日至7日集中学习", "2024.3.5-2024.3.7党课", "2024年3月5日、12日党课"])
def test_a_span_of_days_is_no_day(title: str) -> None:
    """Nobody knows on which of the days a tick was made."""
    assert surroundings([title], "", "a.xlsx", None, standard()).day is None


@pytest.mark.parametrize(
    ("title", "group"),
    [
        ("2024年上半年党员互评表", "members"),
        ("支委会评议", "committee"),
        ("群众测评", "residents"),
        ("2024年居民代表评议汇总", "residents"),
        ("群众评议党员", "residents"),
        ("2024年评议(评议主体:党员)", "members"),
        ("联户代表", "households"),
        ("党员", ""),
        ("2024年民主评议党员登记表", ""),
        ("党员民主评议汇总", ""),
        ("班子成员和群众代表评议", ""),
        ("党员、群众评议", ""),
    ],
)
def test_who_evaluates_is_said_beside_what_they_do(title: str, group: str) -> None:
    """Every sheet is about 党员, which makes them no evaluators; two groups at once are no answer."""
    assert surroundings([title], "Sheet1", "a.xlsx", None, standard()).group == group


@pytest.mark.parametrize(
    ("title", "due"),
    [("每人每月10元", 10), ("标准:5元/月", 5), ("月缴标准 ¥2.5 元", 2.5), ("10元/人·月", 10), ("标准120元/年", None),
     ("每月10日前", None), ("全年标准120元", None), ("每月10元以上", None), ("农民每月1元,职工每月9元", None)],
)  # fmt: skip
def test_dues_of_a_month_in_the_title(title: str, due: float | None) -> None:
    """One amount a month for everybody; two amounts, a year's or a bound say nothing."""
    assert surroundings([f"2024年党费({title})"], "Sheet1", "a.xlsx", None, standard()).due == due


@pytest.mark.parametrize(
    ("file", "day"),
    [
        ("20240305党课.xlsx", date(2024, 3, 5)),
        ("2024年3月5日主题党日签到表.xlsx", date(2024, 3, 5)),
        ("党课_20240405导出.xlsx", None),
        ("20240301-20240331党课.xlsx", None),
        ("签到20240305.xlsx", None),
    ],
)
def test_a_file_says_the_day_of_the_meeting_that_it_names(file: str, day: date | None) -> None:
    """Beside the name of a meeting a day is that of the meeting; alone it may be when the file was made."""
    assert surroundings([], "Sheet1", file, None, standard()).day == day


@pytest.mark.parametrize("day", ["2025年1月10日", "2025-01-10"])
@pytest.mark.parametrize("rows", [1, 2])
def test_the_day_below_a_short_list_is_no_year_of_its_records(tmp_path: Path, day: str, rows: int) -> None:
    """What stands alone below the header, where few rows are, is a footer: the period is asked for."""
    people = [("张三", 90), ("李四", 80)][:rows]
    found = checked(tmp_path, [("居民代表评议",), ("姓名", "分数"), *people, (day,)])
    assert [code for code, _ in errors(found)] == ["missing_column"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("党员大会签到20240408", date(2024, 4, 8)),
        ("党课20240431", None),
        ("花名册20240408", None),
        ("主题党日20240408至20240409", None),
    ],
)
def test_the_day_that_ends_a_title_is_that_of_its_meeting(text: str, day: date | None) -> None:
    """In digits behind what was held, over the list or as its name; the name of a file may say when it was made."""
    assert surroundings([text], "Sheet1", "a.xlsx", None, standard()).day == day
    assert surroundings([], text, "a.xlsx", None, standard()).day == day
    assert surroundings([], "Sheet1", f"{text}.xlsx", None, standard()).day is None
