from pathlib import Path

import pytest

from tests.intake.sheets import checked, errors, rows_of


def test_two_columns_of_one_meaning_must_agree(tmp_path: Path) -> None:
    """Where 出勤 and 签到 say different things of one meeting, both headers are refused."""
    rows = [("编号", "日期", "活动", "出勤", "签到"), ("00001", "2024-3-5", "党课", "到", "缺")]
    assert errors(checked(tmp_path, rows)) == [("duplicate_header", "D1"), ("duplicate_header", "E1")]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (("编号", "党员编号", "日期", "活动", "出勤"), (1, "00001", "2024-3-5", "党课", "到")),
        (("党员编号", "日期", "时间", "活动", "出勤"), ("00001", "2024-3-5", "14:30", "党课", "到")),
        (("党员编号", "日期", "活动类型", "活动名称", "出勤"), ("00001", "2024-3-5", "党课", "学党章", "到")),
        (("党员编号", "日期", "活动", "出勤", "签到"), ("00001", "2024-3-5", "党课", "到", "√")),
    ],
)
def test_a_further_column_that_says_something_else_is_left(tmp_path: Path, head: tuple, row: tuple) -> None:
    """A row number, an hour, a topic or the same in other words beside the column that counts is no contradiction."""
    found = checked(tmp_path, [head, row])
    assert errors(found) == []
    assert rows_of(found, "attendance", "member_id", "date", "activity", "status") == [
        ("00001", "2024-03-05", "lecture", "present")
    ]
