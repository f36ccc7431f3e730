"""What ledgers of dues say in words: 免缴, 未缴, 补缴."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import Reading, plain
from jifen_analysis.intake.grid import Value
from jifen_analysis.periods import Period

_WAIVED = frozenset({"免缴", "免交", "免"})
_UNPAID = frozenset({"未缴", "未交", "欠缴", "欠交", "欠", "未缴纳", "未交纳"})
_ARREARS = re.compile(r"[((]?补[缴交](?:纳)?[))]?[::]?")

_SAID = {
    "waived": Text("读作应缴 0", "read as nothing due"),
    "unpaid": Text("读作没有缴", "read as nothing paid"),
    "arrears": Text(
        "读作逾期缴清,没有写日期的按次月1日计", "read as paid late; without a date, on the first of the next month"
    ),
}


def amount_of(value: Value) -> Value:
    """Return the amount beside a word such as 补缴, or nothing where the word stands alone.

    Examples
    --------
    >>> amount_of("补缴12元"), amount_of("未缴"), amount_of(12.0)
    ('12元', None, 12.0)
    """
    if not state_of(value):
        return value
    return _ARREARS.sub("", plain(str(value))).strip() or None if state_of(value) == "arrears" else None


def state_of(value: Value) -> str:
    """Return what the words of a cell say: waived, unpaid, arrears or nothing."""
    if not isinstance(value, str):
        return ""
    text = re.sub(r"\s", "", plain(value))
    if text in _WAIVED:
        return "waived"
    if text in _UNPAID:
        return "unpaid"
    return "arrears" if _ARREARS.search(text) else ""


def as_said(
    series: Mapping[str, pd.Series], cells: Sequence[Value]
) -> tuple[dict[str, pd.Series], list[tuple[int, Reading]]]:
    """Take the words in the cells of payments at their word.

    Parameters
    ----------
    series : mapping of str to Series
        ``due``, ``month`` and, where the sheet has them, ``paid`` and ``paid_on``.
    cells : sequence of Value
        The raw cells of the payments.

    Returns
    -------
    dict of str to Series
        ``due``, ``paid`` and ``paid_on`` as the words have it.
    list of (int, Reading)
        The row and reading of every cell with such a word.
    """
    states = pd.Series([state_of(value) for value in cells], index=series["due"].index, dtype="str")
    if not (states != "").any():
        return {}, []
    late = states == "arrears"
    due = series["due"].mask(states == "waived", 0.0)
    paid = series["paid"] if "paid" in series else pd.Series(np.nan, index=due.index)
    empty = pd.Series(np.datetime64("NaT"), index=due.index).astype("datetime64[us]")
    dates = series.get("paid_on", empty)
    days = pd.Series([_next_month(month) for month in series["month"]], index=due.index).astype("datetime64[us]")
    said = {
        "due": due,
        "paid": paid.mask(late & paid.isna(), due),
        "paid_on": dates.mask(late & dates.isna(), days),
    }
    return said, [(row, _reading(state, cells[row])) for row, state in enumerate(states) if state]


def _next_month(month: object) -> np.datetime64:
    if not isinstance(month, str):
        return np.datetime64("NaT")
    return np.datetime64(Period.parse(month).last_day) + np.timedelta64(1, "D")


def _reading(state: str, value: Value) -> Reading:
    text = _SAID[state]
    return Reading(None, "note", f"dues_{state}", Text(f"“{value}”{text.zh}", f"“{value}” is {text.en}"))
