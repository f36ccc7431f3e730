from datetime import datetime
from pathlib import Path

import pytest

from tests.intake.sheets import checked


@pytest.mark.parametrize(
    ("rows", "code", "cell", "said"),
    [
        ([("2024年党课",), ("姓名", "3月1日", 45356), ("张三", "√", "√")], "date_serial", "C2", "读作 2024-03-05"),
        ([("党费",), ("姓名", "2024-01", datetime(2024, 2, 15)), ("张三", 1, 2)], "day_as_month", "C2", "2024-02"),
    ],
)
def test_headers_that_had_to_be_read_are_said(tmp_path: Path, rows: list, code: str, cell: str, said: str) -> None:
    """A day that is a serial, a month that is a day: the reading taken stands in a note at the header."""
    found = checked(tmp_path, rows)
    assert [(p.cell, said in p.message()) for p in found.notes if p.code == code] == [(cell, True)]
    assert found.errors == ()
