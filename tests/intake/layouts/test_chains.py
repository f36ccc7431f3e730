from pathlib import Path

import pytest

from tests.intake.sheets import Rows, checked, errors, filled_cells, rows_of

TITLE = ("2024年3月5日主题党日签到接龙",)
DAY = "2024-03-05"


@pytest.mark.parametrize(
    "rows",
    [
        [("1. 张三 2. 李四(病假)",)],
        [("#接龙",), ("1、张三\n2、李四 病假",)],
        [("1.张三",), ("2.李四 病假",), ("填表人:王某",)],
    ],
)
def test_a_chain_of_signatures_is_a_record_of_everybody(tmp_path: Path, rows: Rows) -> None:
    """In one cell or one below the other: a name alone came, a word behind it says otherwise; each cell counts once."""
    found = checked(tmp_path, [TITLE, *rows])
    read = [("00001", DAY, "theme_day", "present"), ("00002", DAY, "theme_day", "sick_leave")]
    assert (errors(found), rows_of(found, "attendance", "member_id", "date", "activity", "status")) == ([], read)
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


@pytest.mark.parametrize(
    ("title", "chain", "code"),
    [
        ("2024年3月5日主题党日报名接龙", "1. 张三 2. 李四", "chain_unclear"),
        ("2024年3月5日主题党日签到", "1. 张三 2. 李肆", "unknown_member"),
        ("2024年3月5日主题党日签到", "1. 张三 3. 李四", "no_header"),
        ("2024年3月5日主题党日签到", "1. 学习文件 2. 李四", "no_header"),
    ],
)
def test_a_chain_of_something_else_is_refused(tmp_path: Path, title: str, chain: str, code: str) -> None:
    """Who meant to come is not there yet; a gap, and what is no name, may be anything."""
    found = checked(tmp_path, [(title,), (chain,)])
    assert [kind for kind, _ in errors(found)] == [code]
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")
