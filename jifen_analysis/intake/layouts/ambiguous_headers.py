"""Headers of which it must be found out what they count for: two of one meaning, an 应缴 for how many months."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import read_cell
from jifen_analysis.intake.cells.standing import SET
from jifen_analysis.intake.grid import Grid, Value
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.notes import problem
from jifen_analysis.intake.layouts.spellings import header_forms
from jifen_analysis.tables import TABLES
from jifen_analysis.tables.columns import Column
from jifen_analysis.vocabulary import Vocabulary

_EXACT = ("word", "number", "count", "date", "month", "period")
"""Kinds of which a second column cannot just say the same in other words, or count the rows."""


def contradicting_columns(grid: Grid, header: Header, body: Sequence[int], words: Vocabulary) -> Iterator[Problem]:
    """Refuse two columns of one meaning, such as 出勤 and 签到, that say different things of the same row.

    Columns about members' states are held against each other row by row, once it is known what they mean.
    """
    places = {name: j for spread in header.spreads for name, j in spread.fields.items()} | dict(header.columns)
    for name, others in header.rivals.items():
        column, j = TABLES[header.table].get(name), places[name]
        if column is None or column.kind not in _EXACT or (header.table == "members" and name in SET):
            continue
        for other in others:
            pairs = dict.fromkeys((grid.columns[j][i], grid.columns[other][i]) for i in body)
            other_votes = header.table == "ballots" and _vote(grid, header, j) != _vote(grid, header, other)
            if other_votes or any(_contradict(one, two, column, words) for one, two in pairs):
                yield from _both(grid, header.row, j, other)


def _vote(grid: Grid, header: Header, j: int) -> str:
    """Return what a column of votes calls them: 称职 and 合格 side by side are not the same votes counted twice."""
    return re.sub("得?票数?$", "", header_forms(grid.columns[j][header.row])[-1])


def _contradict(one: Value, two: Value, column: Column, words: Vocabulary) -> bool:
    first, second = read_cell(one, column, words), read_cell(two, column, words)
    unknown = column.words == "event" and second.severity == "error"  # a deed that is not read is lost
    return first.value is not None and (unknown or second.value is not None) and first.value != second.value


def _both(grid: Grid, row: int, j: int, other: int) -> Iterator[Problem]:
    cells = "、".join(grid.address(row, k) for k in (j, other))
    text = Text(
        f"两列都是这个意思({cells})而内容不同,不知以哪一列为准;请只留一列,或把另一列改名",
        f"two columns of this meaning ({cells}) say different things; keep one, or rename the other",
    )
    for k in (j, other):
        yield problem(grid, "duplicate_header", text, (row, k))


def due_of_all_months(grid: Grid, header: Header, body: Sequence[int], words: Vocabulary) -> Iterator[Problem]:
    """Refuse a plain 应缴 beside the months that is what they add up to in every row: it is no month's due."""
    j, column = header.columns.get("due"), TABLES["dues"]["due"]
    months = [spread.fields["paid"] for spread in header.spreads if "paid" in spread.fields]
    if header.table != "dues" or j is None or len(months) < 2 or _OF_A_MONTH.search(str(grid.columns[j][header.row])):
        return
    amounts = {k: [read_cell(grid.columns[k][i], column, words).value for i in body] for k in (j, *months)}
    rows = [(row[0], [paid for paid in row[1:] if paid]) for row in zip(*amounts.values(), strict=True) if row[0]]
    sums = [due in (sum(paid), 12 * paid[0]) for due, paid in rows if len(paid) > 1]
    if sums and all(sums):
        yield problem(grid, "due_of_all_months", _OF_ALL_MONTHS, (header.row, j))


_OF_A_MONTH = re.compile("月|标准")
_OF_ALL_MONTHS = Text(
    "这一列等于各月之和,像是几个月合计的应缴数;请改填每月的应缴数,列名写“月应缴”;若是合计,列名写“应缴合计”",
    "adds up the months, so it is no month's due; put the due of a month under 月应缴, or call the sum 应缴合计",
)
