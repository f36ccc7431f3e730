"""Columns that sum up others: 合计, 一季度小计, 上半年, 出勤次数."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jifen_analysis.intake.cells import plain
from jifen_analysis.intake.cells.times import in_digits
from jifen_analysis.intake.grid import Value
from jifen_analysis.intake.layouts.body import is_total
from jifen_analysis.intake.layouts.headers import Sum
from jifen_analysis.intake.layouts.spellings import column_of

_QUARTER = re.compile(r"第?([1-4一二三四])季度?")
_MONTHS = re.compile(r"(\d{1,2})月?[-—~至到](\d{1,2})月")
_ENDS = re.compile(
    r"(?:合计|小计|总计|共计|累计|(?<=[年度月])[实已]?[缴交](?:纳|费)?(?:党费|金额|数额?|额)?|\(.*?\))+$"
)
_SCORES = re.compile(r"总分.*|总得分.*")
_ITEMS = ("marks", "declarations")
_SPANS = ("dues",)
"""Tables in which a quarter or a half in a header can only be a sum of months."""


def sum_in(label: Sequence[Value], table: str) -> Sum | None:
    """Return the sum that a header announces, if it announces one.

    Examples
    --------
    >>> sum_in(("一季度小计",), "dues").months
    (1, 2, 3)
    >>> sum_in(("1月",), "dues") is None
    True
    """
    texts = [re.sub(r"\s", "", plain(p)) for p in label if isinstance(p, str) and p and not column_of(p, table)]
    if not texts:
        return None
    lowest, total = texts[-1], next((text for text in texts if is_total(text)), "")
    months = months_in(_ENDS.sub("", total or lowest))
    summed = total or (months and table in _SPANS) or (table in _ITEMS and _SCORES.fullmatch(lowest))
    return Sum(0, total or lowest, months) if summed else None


def months_in(text: str) -> tuple[int, ...]:
    """Return the months of a quarter, half or range of months; none where a text names none."""
    text = re.sub(r"^\d{4}年?", "", in_digits(text))
    quarter, span = _QUARTER.fullmatch(text), _MONTHS.fullmatch(text)
    if quarter:
        first = 3 * ("一二三四1234".index(quarter[1]) % 4)
        return tuple(range(first + 1, first + 4))
    if span:
        return tuple(range(int(span[1]), int(span[2]) + 1))
    halves = {"上半年": range(1, 7), "下半年": range(7, 13), "全年": range(1, 13), "全年度": range(1, 13)}
    return tuple(halves.get(text, ()))
