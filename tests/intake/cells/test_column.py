import random
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.intake.cell_problems import Mark, refused_cells
from jifen_analysis.intake.cells import read_cell, read_column
from jifen_analysis.intake.cells.column import surely_unknown
from jifen_analysis.intake.cells.reading import NOTHING
from jifen_analysis.intake.cells.statuses import TICKS
from jifen_analysis.intake.grid import Fault, Grid
from jifen_analysis.tables import TABLES, Column
from jifen_analysis.tables.columns import dtype
from jifen_analysis.tables.failures import MOST_HINTS
from jifen_analysis.vocabulary import standard


def test_equal_cells_of_different_kind_are_told_apart() -> None:
    """True, 1 and 1.0 are equal in Python but not the same cell."""
    read = read_column([1, True, 1.0], TABLES["events"]["quantity"], standard())
    assert read.values.tolist()[::2] == [1, 1]
    assert [rows.tolist() for rows, _, _ in read.marked] == [[1]]


@pytest.mark.parametrize("cell", ["x" * 30_000, "1" * 30_000, "□" * 15_000 + "到" * 15_000])
def test_what_is_too_long_for_a_column_is_refused_without_being_looked_through(cell: str) -> None:
    """A pasted page is no status, number, day or event, and is told by its beginning; ids and remarks may be long."""
    columns = {column.kind: column for table in TABLES.values() for column in table.values()}
    for column in (columns[kind] for kind in columns.keys() - {"id", "text"}):
        read = read_cell(cell, column, standard())
        assert (read.code, read.text is not None and len(read.text.zh) < 100) == ("too_long", True)


@pytest.mark.parametrize(("table", "name"), [(t, n) for t, columns in TABLES.items() for n in columns])
def test_columns_have_their_type_even_when_blank(table: str, name: str) -> None:
    """A column of blanks, or of nothing at all, has the type in memory of its column."""
    column = TABLES[table][name]
    nothing = [] if column.words == "post" else ["无"]  # where it is a word: no post
    for cells in ([], [None, "", *nothing, "—", "/"]):
        read = read_column(cells, column, standard())
        assert read.values.dtype == dtype(column, standard())
        assert read.values.isna().all()
        assert read.marked == ()


@pytest.mark.parametrize(("kind", "code"), [("error", "cell_error"), ("uncalculated", "formula_uncalculated")])
def test_faults_are_refused_in_every_column(kind: str, code: str) -> None:
    """An error cell is an error wherever it stands."""
    fault = Fault(kind, "#REF!")
    assert {read_cell(fault, column, standard()).code for c in TABLES.values() for column in c.values()} == {code}


_OF_DIGITS = [
    (column, said)
    for table, name, said in [
        ("marks", "mark", "9"),
        ("dues", "paid", "12.5元"),
        ("ballots", "excellent", "20票"),
        ("events", "quantity", "2"),
        ("members", "member_id", "00017"),
        ("attendance", "date", "2024-03-05"),
        ("dues", "month", "2024年3月"),
        ("marks", "period", "2024"),
    ]
    for column in [TABLES[table][name]]
]


@given(st.sampled_from(_OF_DIGITS), st.sampled_from("²³¹½¾⁰⁹₀₉⅓①⑨⑩⑳⓪❶➓㉑㊿"), st.integers(0, 12))
def test_a_raised_sign_is_never_a_digit(of: tuple[Column, str], sign: str, at: int) -> None:
    """9① is no 91, nor 10² a 102: wherever such a sign stands in what is read as digits, the cell is refused."""
    column, said = of
    assert read_cell(said, column, standard()).value is not None
    reading = read_cell(f"{said[:at]}{sign}{said[at:]}", column, standard())
    assert (reading.severity, reading.value) == ("error", None)


@pytest.mark.parametrize("of", [one for one in _OF_DIGITS if one[0].kind in ("id", "count", "number")])
@pytest.mark.parametrize("between", ["\n", "\r\n", " \n "])
def test_two_lines_of_digits_are_not_one_number(of: tuple[Column, str], between: str) -> None:
    """9 over 5 in a cell is no 95: refused; a line left empty behind a number is nothing."""
    column, said = of
    assert read_cell(f"{said}{between}5", column, standard()).code == "two_lines"
    assert read_cell(f"{said}\n", column, standard()).value == read_cell(said, column, standard()).value


@settings(max_examples=15)
@given(st.lists(st.text("错w1到会 √(迟)", min_size=1, max_size=3), unique=True, max_size=30), st.randoms())
def test_many_different_words_are_refused_as_one_by_one(more: list[str], order: random.Random) -> None:
    """Beyond the first few, unknown words are refused together: rows, values and sentences as of each alone."""
    status, words = TABLES["attendance"]["status"], standard().unhinted
    cells = [*(f"错{n}" for n in range(MOST_HINTS + 9)), *more] * 2
    order.shuffle(cells)
    read = read_column(cells, status, words)
    grid = Grid("a.csv", "", (), range(1, len(cells) + 1), range(1, 2))
    block = cast("Any", SimpleNamespace(grid=grid, body=range(len(cells))))
    marks = [Mark(rows, "status", 0, value, reading) for rows, value, reading in read.marked]
    told = {int(one.cell[1:]) - 1: one for part in refused_cells(block, marks) for one in part}
    alone = {row: (cell, one.text) for row, cell in enumerate(cells)
             if (one := read_cell(cell, status, words)).severity == "error"}  # fmt: skip
    assert {row: (one.value, one.text) for row, one in told.items()} == alone
    assert any(reading.each for _, _, reading in read.marked)


def test_dates_become_timestamps() -> None:
    """Dates are microsecond timestamps in memory."""
    read = read_column([date(2024, 3, 5), None], TABLES["attendance"]["date"], standard())
    assert read.values.tolist() == [pd.Timestamp("2024-03-05"), pd.NaT]


WORDS = {column.words: column for table in TABLES.values() for column in table.values() if column.kind == "word"}
SIGNS = [*TICKS, *NOTHING, *"0123 aWwXv没未无的了次分钟约人补拟原假到会Ⅳｘ", "网格员", "无故", "迟到", "例会"]


@pytest.mark.parametrize("column", WORDS.values(), ids=list(WORDS))
@settings(max_examples=20)
@given(data=st.data())
def test_what_is_surely_unknown_is_refused_as_that(column: Column, data: st.DataObject) -> None:
    """Of known words, signs and letters, no text that is called unknown is read as anything, or refused otherwise."""
    pieces = st.sampled_from([*standard().spellings(column.words), *SIGNS * 3])
    texts = data.draw(st.lists(st.lists(pieces, max_size=4).map("".join), min_size=20, max_size=60, unique=True))
    sure = surely_unknown(texts, column.words, standard()).tolist()
    read = [read_cell(text, column, standard().unhinted) for text, it in zip(texts, sure, strict=True) if it]
    assert {(one.code, one.kind) for one in read} <= {("unknown_word", column.words)}


def test_a_text_of_letters_is_surely_unknown() -> None:
    """Where no known word stands in it and it is longer than a sign; half a sign is nothing that could be told."""
    texts = ["w17", "错字", "x1", "无", "到", "到17", "错 字", None]
    assert surely_unknown(texts, "status", standard()).tolist() == [True, True, *[False] * 6]
    assert not surely_unknown(["w17", "\ud800"], "status", standard()).any()
