"""Two headers that may both mean one column: which of them counts?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import read_cell
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.notes import problem
from jifen_analysis.tables import TABLES
from jifen_analysis.tables.columns import Column
from jifen_analysis.vocabulary import Vocabulary

_EXACT = ("word", "number", "count", "date", "month", "period")
"""Kinds of which a second column cannot just say the same in other words, or count the rows."""


def contradicting_columns(grid: Grid, header: Header, body: Sequence[int], words: Vocabulary) -> Iterator[Problem]:
    """Refuse two columns of one meaning, such as 出勤 and 签到, that say different things of the same row."""
    for name, others in header.rivals.items():
        column, j = TABLES[header.table].get(name), header.columns[name]
        if column is None or column.kind not in _EXACT:
            continue
        for other in others:
            pairs = dict.fromkeys((grid.columns[j][i], grid.columns[other][i]) for i in body)
            if any(_contradict(one, two, column, words) for one, two in pairs):
                yield from _both(grid, header.row, j, other)


def _contradict(one: Value, two: Value, column: Column, words: Vocabulary) -> bool:
    first, second = read_cell(one, column, words), read_cell(two, column, words)
    return first.value is not None and second.value is not None and first.value != second.value


def _both(grid: Grid, row: int, j: int, other: int) -> Iterator[Problem]:
    cells = "、".join(grid.address(row, k) for k in (j, other))
    text = Text(
        f"两列都是这个意思({cells})而内容不同,不知以哪一列为准;请只留一列,或把另一列改名",
        f"two columns of this meaning ({cells}) say different things; keep one, or rename the other",
    )
    for k in (j, other):
        yield problem(grid, "duplicate_header", text, (row, k))
