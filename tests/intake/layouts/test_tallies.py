from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.intake import check
from tests.intake.sheets import ROSTER, book

MARCH = (("2024年党课",), ("姓名", "3月5日"), ("张三", "√"))


@pytest.mark.parametrize(
    ("sheet", "heads", "row", "left"),
    [
        ("汇总", ("出勤次数", "出勤率"), (1, "100%"), True),
        ("全年统计", ("应缴", "实缴合计"), (120, 120), True),
        ("汇总", ("出勤次数", "情况"), (1, "4月请假"), False),
        ("Sheet2", ("出勤次数",), (1,), False),
    ],
)
def test_a_summary_beside_records_is_left_aside(
    tmp_path: Path, sheet: str, heads: tuple[str, ...], row: tuple[Any, ...], *, left: bool
) -> None:
    """A sheet of numbers alone that is called so is named and not read; words on it, or another name, are refused."""
    sheets = {"花名册": ROSTER, "3月": MARCH, sheet: (("姓名", *heads), ("张三", *row))}
    found = check(book(tmp_path / "数据.xlsx", sheets))
    assert ({problem.code for problem in found.notes} >= {"tally_left"}, not found.errors) == (left, left)


def test_a_summary_alone_is_refused(tmp_path: Path) -> None:
    """Where no sheet holds records, nothing is left aside."""
    found = check(book(tmp_path / "数据.xlsx", {"花名册": ROSTER, "汇总": (("姓名", "出勤次数"), ("张三", 1))}))
    assert [problem.sheet for problem in found.errors] == ["汇总"]
