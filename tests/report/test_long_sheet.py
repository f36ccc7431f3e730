"""Sheets of very many rows: the same cells, looks and size as one written cell by cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZIP64_LIMIT

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from jifen_analysis.report import long_sheet, workbook
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.report.workbook import write_workbook

TEXTS = st.text(st.sampled_from(list("甲a1 &<>=\"'\n\x01_x04")), max_size=7) | st.sampled_from(
    ["_x0041_", "=1+1", " a"]
)


def cells(path: Path) -> dict[str, Any]:
    """Return the size of every sheet, and what stands in each cell with its format."""
    book = openpyxl.load_workbook(path)
    return {tab.title: [tab.dimensions, *(_cell(one) for row in tab for one in row)] for tab in book}


def _cell(one: Any) -> tuple[str, str, str]:
    # openpyxl takes the escape of an escape out of shared texts alone.
    return str(one.value).replace("x005F_", ""), one.number_format, one.border.bottom.style


@example(rows=[("a\ufffe", "\uffffb"), ("甲" * 32_768, "乙" * 32_768), ("", "\ufffe")], title="", most=ZIP64_LIMIT)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS), min_size=3, max_size=9), title=st.sampled_from(["", "甲"]),
       most=st.sampled_from([0, ZIP64_LIMIT]))  # fmt: skip
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cells_are_those_of_a_sheet_written_one_by_one(
    tmp_path: Path, rows: list[tuple[str, str]], title: str, most: int
) -> None:
    """Any texts, blank ones, in categories or not, under a title or none, over several sheets, of any size."""
    frame = pd.DataFrame(rows, columns=["a", "b"], dtype="str")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workbook, "MOST_ROWS", 4)
        plain = write_workbook([Sheet("表", frame, ("甲", "乙"), title)], tmp_path / "plain.xlsx")
        patch.setattr(long_sheet, "LONG", 0)
        patch.setattr(long_sheet, "ZIP64_LIMIT", most)
        patch.setattr(long_sheet, "_AT_ONCE", 2)
        coded = frame.assign(a=frame["a"].astype("category"))
        long = write_workbook([Sheet("表", coded, ("甲", "乙"), title)], tmp_path / "long.xlsx")
    assert cells(long) == cells(plain)
