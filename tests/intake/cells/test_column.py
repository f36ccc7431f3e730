from datetime import date

import pandas as pd
import pytest

from jifen_analysis.intake.cells import read_cell, read_column
from jifen_analysis.intake.grid import Fault
from jifen_analysis.tables import TABLES
from jifen_analysis.tables.columns import dtype
from jifen_analysis.vocabulary import standard


def test_equal_cells_of_different_kind_are_told_apart() -> None:
    """True, 1 and 1.0 are equal in Python but not the same cell."""
    read = read_column([1, True, 1.0], TABLES["events"]["quantity"], standard())
    assert read.values.tolist()[::2] == [1, 1]
    assert [rows.tolist() for rows, _, _ in read.marked] == [[1]]


@pytest.mark.parametrize(("table", "name"), [(t, n) for t, columns in TABLES.items() for n in columns])
def test_columns_have_their_type_even_when_blank(table: str, name: str) -> None:
    """A column of blanks, or of nothing at all, has the type in memory of its column."""
    column = TABLES[table][name]
    for cells in ([], [None, "", "无", "—", "/"]):
        read = read_column(cells, column, standard())
        assert read.values.dtype == dtype(column, standard())
        assert read.values.isna().all()
        assert read.marked == ()


@pytest.mark.parametrize(("kind", "code"), [("error", "cell_error"), ("uncalculated", "formula_uncalculated")])
def test_faults_are_refused_in_every_column(kind: str, code: str) -> None:
    """An error cell is an error wherever it stands."""
    fault = Fault(kind, "#REF!")
    assert {read_cell(fault, column, standard()).code for c in TABLES.values() for column in c.values()} == {code}


def test_dates_become_timestamps() -> None:
    """Dates are microsecond timestamps in memory."""
    read = read_column([date(2024, 3, 5), None], TABLES["attendance"]["date"], standard())
    assert read.values.tolist() == [pd.Timestamp("2024-03-05"), pd.NaT]
