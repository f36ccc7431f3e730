"""Marks a power of ten away from the others: a lost zero, a slipped decimal point."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.tables.columns import decode_texts
from jifen_analysis.tables.consistency import Tables
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.plausibility.saying import FEWEST, note_rows

_MARKS = {
    "evaluations": ("mark", ["period", "group"], Text("同一考核期、同一评议主体", "the same period and evaluators")),
    "marks": ("mark", ["period", "item"], Text("同一考核期、同一项目", "the same period and item")),
    "declarations": ("points", ["period", "item"], Text("同一考核期、同一项目", "the same period and item")),
    "surveys": ("score", ["period", "question"], Text("同一考核期、同一问题", "the same period and question")),
}
"""Where marks stand, and which of them are alike."""
SLIPS = (10.0, 100.0, 0.1, 0.01)
_LEAST_SPREAD = 0.05
"""Of the median: marks that are nearly all alike may differ so much all the same."""
_NEAR = 0.6, 1.6
"""Times the median: where a slipped mark was meant to be."""
_APART = 6
"""Times the least mark: where none is more, none is near the middle when moved."""
_NO_ZEROS = frozenset({"evaluations", "surveys"})
"""Where nobody gives nothing; of an item that was not done, nothing is a mark."""


def slipped_marks(tables: Tables) -> Iterator[Failure]:
    """Yield the marks that would fit among the others with the decimal point elsewhere, and lone zeros."""
    for table, (column, keys, alike) in _MARKS.items():
        if table not in tables or _are_close(tables[table][column]):
            continue
        rows = tables[table].dropna(subset=[column, *keys])
        if len(rows) > FEWEST:
            yield from _of_table(table, rows, column, keys, alike)


def _are_close(values: pd.Series) -> bool:
    return bool(values.min() > 0 and values.max() < _APART * values.min())


def _of_table(table: str, frame: pd.DataFrame, column: str, keys: list[str], alike: Text) -> Iterator[Failure]:
    if _are_close(frame[column]):
        return
    values = frame[column].to_numpy("float64")
    group, fences = _fences(frame, column, keys)
    low, high, middle, n = (np.append(fences[name], np.nan)[group] for name in ("low", "high", "middle", "n"))
    inside = (low <= values) & (values <= high)
    odd = ~inside & (n > FEWEST) & (middle > 0)
    lost = odd & (values == 0) & (low > middle / 2) & (table in _NO_ZEROS)
    meant = [values * by / np.where(middle > 0, middle, np.nan) for by in SLIPS]
    moved = odd & np.logical_or.reduce([(one > _NEAR[0]) & (one < _NEAR[1]) for one in meant])
    for where, code, what in ((moved, "mark_slipped", _SLIP), (lost, "mark_zero", _ZERO)):
        found = decode_texts(table, frame[where]).assign(_group=group[where])
        for _, rows in found.groupby(keys, observed=True):
            most = fences.iloc[rows["_group"].iloc[0]]
            text = Text(*(_said(alike, part, float(most["q1"]), float(most["q3"]), what) for part in ("zh", "en")))
            yield from note_rows(table, column, code, rows.index.tolist(), rows[column].tolist(), text)


def _fences(frame: pd.DataFrame, column: str, keys: list[str]) -> tuple[np.ndarray, pd.DataFrame]:
    """Return for each mark which group it is of, -1 for none, and what the marks of each group lie between."""
    grouped = frame.groupby(keys, observed=True)
    groups = grouped[column]
    found = groups.agg(n="size", middle="median")
    quarters = groups.quantile(np.array([0.25, 0.75])).unstack()
    found = found.assign(q1=quarters[0.25], q3=quarters[0.75])
    reach = 1.5 * np.maximum(found["q3"] - found["q1"], _LEAST_SPREAD * found["middle"])
    found = found.assign(low=found["q1"] - reach, high=found["q3"] + reach)
    return grouped.ngroup().fillna(-1).to_numpy("int64"), found


_SLIP = Text(
    "差了十倍或百倍,是否漏写、多写了零,或点错了小数点",
    "ten or a hundred times off: a zero lost or added, a slipped point?",
)
_ZERO = Text("没有评的请留空白,不写0", "leave a blank where nothing was given")


def _said(alike: Text, part: str, low: float, high: float, what: Text) -> str:
    if part == "en":
        return f"half of {alike.en} lie between {low:g} and {high:g}; {what.en}"
    return f"{alike.zh}的分数半数在{low:g}–{high:g}之间,{what.zh}"
