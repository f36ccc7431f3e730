"""What changes nothing for a person changes nothing that is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.intake.sheets import Rows, checked

FULL_WIDTH = {ord(sign): ord(sign) + 0xFEE0 for sign in ":(),;0123456789"}

SHEETS: tuple[Rows, ...] = (
    (("2024年3月5日党课签到(共2人)",), ("姓名", "签到"), ("张三", "√"), ("李四", "请假(出差)")),
    (
        ("2024年考勤",),
        ("编号", "姓名", "3月5日党课", "4月2日党课"),
        ("00001", "张三", "√", "迟到"),
        ("00002", "李四", "假", "√"),
    ),
    (("2024年党费",), ("姓名", "月应缴", "1月", "2月"), ("张三", 10, 10, 10), ("李四", 5, "未缴", 5)),
    (("日期", "会议类型", "参会人员", "请假人员"), ("2024-03-05", "党课", "张三", "李四(病假)")),
    (("2024年党员互评(参评20人)",), ("姓名", "平均分"), ("张三", 95), ("李四", 88)),
    (("姓名", "日期", "事项"), ("张三、李四", "2024-05-01", "见义勇为"), ("同上", "2024-06-01", "同上")),
)
"""Forms that differ in where their words stand."""


def _texts(change: Callable[[str], str]) -> Callable[[Rows], Rows]:
    return lambda rows: [tuple(change(v) if isinstance(v, str) else v for v in row) for row in rows]


def _wider(rows: Rows) -> Rows:
    """Put a column of telephone numbers behind the list."""
    head = next(i for i, row in enumerate(rows) if len(row) > 1)
    return [(*row, "联系电话" if i == head else f"138{i:08d}" if i > head else None) for i, row in enumerate(rows)]


CHANGES: dict[str, Callable[[Rows], Rows]] = {
    "full width": _texts(lambda text: text.translate(FULL_WIDTH)),
    "behind": _texts(lambda text: f"{text}\n"),
    "before": _texts(lambda text: f"\u00a0{text}"),
    "left": lambda rows: [(None, *row) for row in rows],
    "top": lambda rows: [(), *rows],
    "apart": lambda rows: [*rows[:-1], (), rows[-1]],
    "signed": lambda rows: [*rows, ("填表人:王某  审核人:李某",)],
    "wider": _wider,
}


def _records(folder: Path, rows: Rows) -> dict[str, list[dict[str, Any]]]:
    found = checked(folder, rows)
    assert found.errors == ()
    tables = found.json()["tables"].items()
    return {name: [{k: v for k, v in row.items() if k[0] != "_"} for row in data] for name, data in tables}


@pytest.mark.parametrize("rows", SHEETS)
def test_what_changes_nothing_for_a_person_changes_no_record(tmp_path: Path, rows: Rows) -> None:
    """Full-width signs, spaces, empty lines, a signature or a telephone number leave every record as it was."""
    before = _records(tmp_path, rows)
    assert sum(map(len, before.values())) > 3  # the members and something of them
    assert {name: _records(tmp_path, change(rows)) == before for name, change in CHANGES.items()} == dict.fromkeys(
        CHANGES, True
    )
