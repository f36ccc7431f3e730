"""Small workbooks made by code, for the tests of reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd

from jifen_analysis.intake import Check, check

Rows = Sequence[Sequence[Any]]

ROSTER: Rows = (
    ("党员编号", "姓名", "党支部"),
    ("00001", "张三", "第一支部"),
    ("00002", "李四", "第一支部"),
    ("00003", "欧阳·王五", "第二支部"),
)


def book(path: Path, sheets: Mapping[str, Rows], merges: Mapping[str, Sequence[str]] | None = None) -> Path:
    """Write a workbook; text stays text even where it begins with ``=``."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for i, row in enumerate(rows, start=1):
            for j, value in enumerate(row, start=1):
                if value is not None:
                    sheet.cell(i, j).value = value
        for area in (merges or {}).get(name, ()):
            sheet.merge_cells(area)
    path.parent.mkdir(parents=True, exist_ok=True)
    made.save(path)
    return path


def checked(folder: Path, rows: Rows, *, sheet: str = "Sheet1", merges: Sequence[str] = (), **how: Any) -> Check:
    """Check one sheet beside the roster."""
    book(folder / "数据.xlsx", {"花名册": ROSTER, sheet: rows}, {sheet: merges})
    return check(folder / "数据.xlsx", **how)


def errors(found: Check) -> list[tuple[str, str]]:
    """Return code and cell of every error."""
    return [(problem.code, problem.cell) for problem in found.errors]


def notes(found: Check) -> set[str]:
    """Return the codes of the notes."""
    return {problem.code for problem in found.notes}


def rows_of(found: Check, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Return some columns of a table as plain tuples, missing as ``None``."""
    data = found.json()["tables"].get(table, [])
    return [tuple(row[column] for column in columns) for row in data]


def filled_cells(path: Path) -> int:
    """Count the non-empty cells of a workbook, independently of the reader."""
    made = openpyxl.load_workbook(path)
    return sum(
        cell.value is not None and str(cell.value).strip() != ""
        for sheet in made.worksheets
        for row in sheet.iter_rows()
        for cell in row
    )


def canonical_csv(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write tables as a folder of canonical CSV."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", index=False)
    return folder
