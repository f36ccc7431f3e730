from pathlib import Path

import openpyxl
import pytest

from jifen_analysis.cli import run
from tests.intake.sheets import book

ROSTER = ("党员编号", "党支部")
DUES = ("党员编号", "月份", "应缴", "实缴")


def test_the_workbook_of_a_check(tmp_path: Path) -> None:
    """Who sent what stands first, branches in the order of their numbers, then the counts, then every problem."""
    dues = [DUES, ("00002", "2024-01", 10, 10), ("00010", "一季度", 1, 1)]
    roster = [ROSTER, ("00010", "第十支部"), ("00002", "第二支部")]
    book(tmp_path / "报" / "a.xlsx", {"花名册": roster, "党费": dues})
    assert run(["check", str(tmp_path / "报"), "--out", str(tmp_path / "查验.xlsx")]) == 1
    made = openpyxl.load_workbook(tmp_path / "查验.xlsx")
    assert made.sheetnames == ["报送情况", "报送明细", "数据问题"]
    first = [[cell.value for cell in row] for row in made["报送情况"].iter_rows()]
    assert first == [["党支部", "花名册", "党费"], ["第二支部", "已报", "已报"], ["第十支部", "已报", "退回"]]
    assert made["数据问题"]["D2"].value == "B3"


def test_nothing_but_a_broken_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without any branch the workbook has its sheets all the same."""
    (tmp_path / "a.xlsx").write_bytes(b"")
    assert run(["check", str(tmp_path / "a.xlsx"), "--out", str(tmp_path / "查验.xlsx")]) == 1
    assert openpyxl.load_workbook(tmp_path / "查验.xlsx")["数据问题"].max_row == 2
    assert "查验.xlsx" in "".join(capsys.readouterr().out.split())  # a long path is wrapped
