"""图表: the native charts of the workbook, and the cells that they are drawn from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from jifen_analysis.analysis.movement import transitions
from jifen_analysis.periods import Period
from jifen_analysis.report.formulas import COMPARED, PERIOD, Ranges
from jifen_analysis.report.parameters import Parameters
from jifen_analysis.report.sheets import ChartSeries, NativeChart, Sheet
from jifen_analysis.report.summary import WHOLE, by_branch
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.row_state import MILLION

CHARTS_SHEET = "图表"

_BINS = 20
_FIRST = 3
_APART = 0.02
"""The share of totals at each end that is counted in the last bar."""
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50)
_LABELS = 8
"""Numbers that an axis of people has at most, while its steps last."""


def charts_sheet(result: Assessment, totals: Sheet, given: Parameters) -> Sheet:
    """Return 图表 for the last period: grades by branch, distribution with cut scores, movement.

    Parameters
    ----------
    result : Assessment
        From ``assess``.
    totals : Sheet
        总分, with formulas: the distribution follows them.
    given : Parameters
        Where the cut scores stand.
    """
    table = result.table
    last = max(table["period"].unique(), key=lambda code: Period.parse(code).months[-1], default="")
    sheet = Sheet(CHARTS_SHEET, pd.DataFrame(), (), f"{Period.parse(last).label()} 图表" if last else "图表")
    rows = table[table["period"] == last]
    if rows["total"].notna().any():
        sheet = _distribution(sheet, rows, totals, given, given.version_of[last])
    if result.scheme.book.grades and last:
        sheet = _by_branch(_movement(sheet, result, last), result, last)
    return replace(sheet, hidden=tuple(map(str, sheet.frame)))


def _beside(sheet: Sheet, frame: pd.DataFrame, headers: tuple[str, ...], chart: NativeChart) -> Sheet:
    joined = pd.concat([sheet.frame, frame.reset_index(drop=True)], axis=1)
    return replace(sheet, frame=joined, headers=(*sheet.headers, *headers), charts=(*sheet.charts, chart))


def _range(column: int, rows: int, first: int = _FIRST) -> str:
    letter = xl_col_to_name(column)
    return f"={CHARTS_SHEET}!${letter}${first}:${letter}${first + rows - 1}"


# ---------------------------------------------------------------- distribution


def _distribution(sheet: Sheet, table: pd.DataFrame, totals: Sheet, given: Parameters, version: int) -> Sheet:
    """Outline the histogram of the totals, and stand a line at each cut score."""
    edges = _edges(table["total"].dropna().to_numpy("float64"))
    cuts = [name for name in given.cuts if given.books[version].grades[name].cut is not None]
    # Two points a bar, left and right; whoever is beyond the ends is counted in the end bars.
    x = np.concatenate([edges[:1], np.repeat(edges, 2)[1:-1], edges[-1:]])
    counts, formulas = _counts(table, edges, totals)
    y = [0, *np.repeat(counts, 2), 0]
    lines, addresses = _cut_points(given, version, cuts, max(counts))
    outline = pd.DataFrame({"edge": x, "members": np.array(y, dtype="float64")})
    frame = pd.concat([outline, pd.DataFrame(lines, columns=["cut", "height"], dtype="float64")], axis=1)
    drawn = _beside(sheet, frame, ("总分", "人数", "分数线", "高"), _outlined(len(x), cuts, max(counts)))
    top = f"=MAX($B${_FIRST}:$B${_FIRST + len(x) - 1})"
    columns = {
        "members": ["", *(one for one in formulas for _ in range(2))],
        "cut": addresses,
        "height": ["", top] * len(cuts),
    }
    padded = {name: (*said, *[""] * (len(frame) - len(said))) for name, said in columns.items()}
    return replace(drawn, formulas=padded)


def _outlined(points: int, cuts: list[str], most: int) -> NativeChart:
    """Return the chart of an outline of so many points, and of the cut scores."""
    series = [ChartSeries("人数", _range(0, points), _range(1, points))]
    series += [
        ChartSeries(f"{name}线", _range(2, 2, _FIRST + 2 * at), _range(3, 2, _FIRST + 2 * at), dashed=True)
        for at, name in enumerate(cuts)
    ]
    title = "总分分布与分数线(随参数重算;两端含以外者)"
    return NativeChart("outline", title, "总分", "人数", tuple(series), _whole_step(most))


def _edges(total: np.ndarray) -> np.ndarray:
    """Return the edges of the bars around nearly all totals: a few far away would make them too broad."""
    low, high = np.quantile(total, [_APART, 1 - _APART])
    spread = high - low
    width = next((step for step in _STEPS if spread / step <= _BINS), 10.0 ** np.ceil(np.log10(max(spread, 1) / 10)))
    first = np.floor(low / width) - 1
    return np.round((first + np.arange(np.floor(high / width) - first + 3)) * width, 6)


def _whole_step(top: int) -> int:
    """Return how many people lie between two numbers of an axis: never a part of one."""
    whole = (int(step) for step in _STEPS if step >= 1)
    return next((step for step in whole if top <= step * _LABELS), 10 ** len(str(top)) // 10)


def _counts(table: pd.DataFrame, edges: np.ndarray, totals: Sheet) -> tuple[list[int], list[str]]:
    inner = np.rint(edges[1:-1] * MILLION).astype("int64")
    at = Ranges.of(totals)
    compared = totals.frame.loc[table.index, COMPARED]
    code = totals.frame.loc[table.index, PERIOD].dropna()
    ranked = compared[code.index].dropna().to_numpy("int64")
    counts = np.bincount(np.searchsorted(inner, ranked, side="right"), minlength=len(inner) + 1).tolist()
    group = f"总分!{at.all(PERIOD)},{code.iloc[0] if len(code) else 0}"
    scores = f"总分!{at.all(COMPARED)}"
    lows = ["", *(f',{scores},">={edge}"' for edge in inner)]
    highs = [*(f',{scores},"<{edge}"' for edge in inner), ""]
    return counts, [f"=COUNTIFS({group}{low}{high})" for low, high in zip(lows, highs, strict=True)]


def _cut_points(
    given: Parameters, version: int, cuts: list[str], top: int
) -> tuple[list[tuple[float, float]], list[str]]:
    marks = [float(given.books[version].grades[name].cut or 0) for name in cuts]
    points = [(mark, height) for mark in marks for height in (0.0, float(top))]
    return points, [f"={given.cut(version, name)}" for name in cuts for _ in range(2)]


# ---------------------------------------------------------------- grades


def _movement(sheet: Sheet, result: Assessment, last: str) -> Sheet:
    """Cross the grades of the last two periods, where there are two."""
    table, grades = result.table, list(result.scheme.book.grades)
    end = Period.parse(last)
    before = str(Period(end.first - end.length, end.length)) if end.length else ""
    if before not in set(table["period"]):
        return sheet
    earlier_grades, later_grades = (
        table[table["period"] == code].set_index("member_id")["grade"].astype("str") for code in (before, last)
    )
    counts = transitions(earlier_grades, later_grades, grades).counts.reset_index()
    start = sheet.frame.shape[1]
    earlier, later = Period.parse(before).label(), end.label()
    series = tuple(
        ChartSeries(grade, _range(start, len(grades)), _range(start + 1 + at, len(grades)))
        for at, grade in enumerate(grades)
    )
    chart = NativeChart("column", f"认定等次变动:{earlier}各等次的人到{later}", earlier, later, series)
    frame = counts.set_axis(["before", *(f"after.{grade}" for grade in grades)], axis=1).astype({"before": "str"})
    return _beside(sheet, frame, (f"{earlier}等次", *(f"{later}{grade}" for grade in grades)), chart)


def _by_branch(sheet: Sheet, result: Assessment, last: str) -> Sheet:
    grades = list(result.scheme.book.grades)
    counted = by_branch(result)
    mine = counted[(counted["period"] == last) & (counted["branch"] != WHOLE)]
    start, size = sheet.frame.shape[1], len(mine)
    series = tuple(
        ChartSeries(grade, _range(start, size), _range(start + 1 + at, size)) for at, grade in enumerate(grades)
    )
    chart = NativeChart("bar", "各支部认定等次", "", "", series)
    # A lying chart begins at the bottom.
    frame = mine.iloc[::-1][["branch", *grades]].set_axis(["of", *(f"held.{grade}" for grade in grades)], axis=1)
    return _beside(sheet, frame, ("党支部", *grades), chart)
