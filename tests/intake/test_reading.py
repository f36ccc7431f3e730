"""Blocks read: what is remembered between sheets never shows in what is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.errors import Problem
from jifen_analysis.intake.cells import read_cell
from jifen_analysis.intake.cells.column import Reader
from jifen_analysis.intake.combine import rows_of
from jifen_analysis.intake.grid import Grid
from jifen_analysis.intake.layouts import lay_out
from jifen_analysis.intake.layouts.header_choice import _by_head
from jifen_analysis.intake.reading import ReadBlock, ReadContext, read_block
from jifen_analysis.tables.columns import decode_texts
from jifen_analysis.vocabulary import standard

HEADS: Sequence[tuple[str, Sequence[Sequence[Any]]]] = (
    ("考勤", [("编号", "姓名", "日期", "活动", "出勤情况")]),
    ("2024年考勤", [("编号", "姓名", "3月5日", "3月6日", "4月7日")]),
    ("党费", [("编号", "姓名", "月份", "应缴", "实缴")]),
    ("2024年党费", [("编号", "姓名", "1月", "2月", "3月")]),
    ("2023年党费", [("编号", "姓名", "年度", "1月", "2月")]),
    ("2024年民主评议", [("编号", "姓名", "党员", "群众", "班子成员")]),
    ("2024年民主评议", [("编号", "姓名", "考核期", "评议主体", "分数")]),
    ("2024年事项", [("编号", "日期", "事项", "数量", "金额")]),
)
CELLS: Sequence[Any] = (
    *(None, "", "无", "00001", "7", 7, 7.0, True, 1, 1.0, "12元", 12.5, "十二元", 101.0, -3, 2023, "不明", "合计"),
    *("√", "×", "迟到", "请假(病)", "党课", "党员大会", "免缴", "补缴12元", "未缴", "优秀", "居民", "甲一", "张三"),
    *("2024-03-05", "3月5日", "2024年2月30日", "2024-03", "一季度", "上半年"),
)
CELL = st.one_of(st.sampled_from((1, True, 1.0, "1")), st.sampled_from(CELLS))
ROWS = st.lists(st.tuples(*[CELL] * 5), min_size=1, max_size=4)
SHEETS = st.lists(st.sampled_from(HEADS), min_size=1, max_size=2).flatmap(
    lambda heads: st.lists(st.tuples(st.sampled_from(heads), ROWS), min_size=2, max_size=5)
)
"""Sheets of one or two forms, so that each has cells and headers of others."""


def _grid(number: int, head: tuple[str, Sequence[Sequence[Any]]], rows: Sequence[Sequence[Any]]) -> Grid:
    title, header = head
    lines = [(title, None, None, None, None), *header, *rows]
    columns = tuple(zip(*lines, strict=True))
    return Grid(f"{number}.xlsx", title, columns, range(1, len(lines) + 1), range(1, 6))


def _read(grid: Grid, reader: Reader) -> tuple[list[ReadBlock], list[Problem]]:
    layout = lay_out(grid, reader.words)
    read = [one for block in layout.blocks for one in read_block(block, ReadContext(reader, width=5))]
    return read, [
        *layout.problems,
        *(problem for one in read for part in (one.notes, *one.refused) for problem in part),
    ]


def _alone(grid: Grid) -> tuple[list[ReadBlock], list[Problem]]:
    _by_head.cache_clear()
    read_cell.cache_clear()
    return _read(grid, Reader(standard()))


@settings(max_examples=30, deadline=None)
@given(sheets=SHEETS, data=st.data())
def test_reading_together_is_reading_alone(sheets: list, data: st.DataObject) -> None:
    """Whatever stands in sheets, and in whatever order they are read, each says what it says on its own."""
    grids = [_grid(number, head, rows) for number, (head, rows) in enumerate(sheets)]
    alone = [_alone(grid) for grid in grids]
    reader = Reader(standard())
    order = data.draw(st.permutations(range(len(grids))))
    found = {at: _read(grids[at], reader) for at in order}
    for at, (blocks, problems) in enumerate(alone):
        assert found[at][1] == problems
        assert [block.source for block in found[at][0]] == [block.source for block in blocks]
        for table in {block.table for block in blocks}:
            pd.testing.assert_frame_equal(
                rows_of(found[at][0], table, standard()), rows_of(blocks, table, standard()), check_exact=True
            )


@settings(max_examples=15, deadline=None)
@given(sheets=SHEETS)
def test_joined_rows_are_those_of_the_blocks(sheets: list) -> None:
    """A table is the rows of its blocks one below the other, each value as it is typed on its own."""
    reader = Reader(standard())
    blocks = [block for n, sheet in enumerate(sheets) for block in _read(_grid(n, *sheet), reader)[0]]
    for table in {block.table for block in blocks}:
        whole = decode_texts(table, rows_of(blocks, table, standard()))
        assert whole["_source"].tolist() == [n for n, b in enumerate(blocks, 1) if b.table == table for _ in b.rows]
        for number, block in enumerate(blocks, start=1):
            own = whole[whole["_source"] == number].drop(columns="_source").reset_index(drop=True)
            single = decode_texts(block.table, rows_of([block], block.table, standard())).drop(columns="_source")
            if block.table == table:
                pd.testing.assert_frame_equal(own[single.columns], single, check_exact=True)
                assert own.drop(columns=single.columns).isna().all(axis=None)
