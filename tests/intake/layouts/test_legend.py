from pathlib import Path

import pytest

from jifen_analysis.intake.layouts.legend import legend
from jifen_analysis.vocabulary import standard
from tests.intake.sheets import checked, errors, rows_of


@pytest.mark.parametrize("dash", ["—", "——", "-", "–"])
@pytest.mark.parametrize(
    "form", ["说明:√出勤;{}公假", "√ 出勤 {} 公假", "{}为公假,√为出勤", "注:{} 公假", "√出勤、{}表示公假"]
)
def test_a_dash_that_a_legend_explains_is_a_sign(tmp_path: Path, dash: str, form: str) -> None:
    """What would be a blank elsewhere is what the sheet says that it is, above the records as below them."""
    rows = [("姓名", "3月5日主题党日"), ("张三", dash), ("李四", "√")]
    found = checked(tmp_path, [("2024年考勤",), *rows, (form.format(dash),)])
    assert errors(found) == []
    assert rows_of(found, "attendance", "status") == [("excused",), ("present",)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("到会记1,缺席记0", {"1": "present", "0": "absent"}),
        ("出勤填1、请假填2", {"1": "present", "2": "leave"}),
        ("迟到记1次,缺席记2分", {}),
        ("请假1 缺席0", {}),
    ],
)
def test_digits_that_words_are_put_down_as_are_signs(text: str, said: dict[str, str]) -> None:
    """A digit behind 记 or 填 is one, unless it is of something: how often, or how many marks."""
    assert legend([text], standard()) == said


@pytest.mark.parametrize("text", ["主题党日 — 请假情况", "2024年3月—请假名单", "√—出勤", "√ - 出勤", "3月5日—请假"])
def test_a_dash_between_words_is_none(text: str) -> None:
    """It joins two parts of a title, or a sign and its word."""
    assert set(legend([text], standard())) <= {"√"}
