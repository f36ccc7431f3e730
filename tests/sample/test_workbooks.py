"""The workbooks as a person sees them."""

from pathlib import Path

import openpyxl
import pandas as pd

from jifen_analysis.sample.workbooks import workbooks


def _rows(path: Path, sheet: str) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path, read_only=True)
    rows = list(book[sheet].values)
    book.close()
    return rows


def test_a_sheet_has_a_title_and_chinese_headers(written: Path) -> None:
    """Title first, then the header, then records in Chinese with the member's name."""
    title, header, first, *_ = _rows(written / "2023" / "01第一支部.xlsx", "考勤")
    assert title[0] == "第一支部 2023年度 考勤(虚构数据)"
    assert header == ("党员编号", "姓名", "日期", "活动类型", "出勤情况")
    assert first[:2] == ("00001", "甲一")
    assert first[3:] == ("党员大会", "出勤")


def test_a_mover_stands_in_both_branches(written: Path, tables: dict[str, pd.DataFrame]) -> None:
    """Whoever changes branch within a year is on both rosters, his records where he was on the day."""
    members = tables["members"].query("year == 2023")
    mover = members.loc[members.duplicated("member_id"), "member_id"].iloc[0]
    old, new = members.loc[members["member_id"] == mover, ["branch", "since"]].itertuples(index=False)
    for row in (old, new):
        path = next((written / "2023").glob(f"*{row.branch}.xlsx"))
        assert mover in [line[0] for line in _rows(path, "花名册")]
        days = [line[2] for line in _rows(path, "考勤") if line[0] == mover]
        assert days
        assert all((pd.Timestamp(day) >= new.since) == (row is new) for day in days)


def test_empty_tables_have_no_sheet(tmp_path: Path, tables: dict[str, pd.DataFrame]) -> None:
    """A table of which a branch has no row is left out of its workbook."""
    none = {**tables, "corrections": tables["corrections"].iloc[:0]}
    first = next(workbooks(tmp_path, none))
    assert "异议复核" not in openpyxl.load_workbook(first, read_only=True).sheetnames
