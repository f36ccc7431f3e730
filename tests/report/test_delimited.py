"""CSV that leaves the desk: no formula in it, and read again it is what it was."""

from __future__ import annotations

from io import StringIO

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.grid.delimited import text_grid
from jifen_analysis.report.delimited import csv_text

TEXTS = st.lists(st.text("=+-@'\t甲a1 ,\"|", min_size=1, max_size=6), min_size=2, max_size=5)


@given(TEXTS)
def test_any_text_comes_back(texts: list[str]) -> None:
    """What an apostrophe kept from being a formula has lost it again; one of its own stays."""
    table = pd.DataFrame({"编号": [f"{n:05d}" for n in range(len(texts))], "branch": texts})
    cells = text_grid(csv_text(table).encode(), "x.csv").columns[1][1:]
    assert list(cells) == texts


@given(TEXTS)
def test_no_cell_is_a_formula(texts: list[str]) -> None:
    """Whatever a text begins with, the cell that a spreadsheet sees does not begin so."""
    lines = pd.read_csv(StringIO(csv_text(pd.DataFrame({"a": texts}))), dtype=str, keep_default_na=False)
    assert not lines["a"].str.startswith(("=", "+", "-", "@", "\t")).any()
