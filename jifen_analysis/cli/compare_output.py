"""What compare prints and writes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from jifen_analysis.charts.theme import format_number as shown
from jifen_analysis.cli.terminal import Terminal
from jifen_analysis.periods import Period
from jifen_analysis.report.comparison import Compared, Pair, comparison_page, comparison_sheets
from jifen_analysis.report.comparison.sheets import differences, transition_table
from jifen_analysis.report.forms import write_review
from jifen_analysis.report.workbook import write_workbook
from jifen_analysis.summaries import Why


def save_comparison(desk: Terminal, told: Compared, target: Path) -> list[Path]:
    """Write a comparison as its name asks for: a workbook, a page, a document or slides."""
    if target.suffix.lower() == ".xlsx":
        grades = next(iter(told.results.values())).scheme.book.grades
        return [write_workbook(comparison_sheets(told), target, grades)]
    return write_review(comparison_page(told, desk.lang), target)


def show_comparison(desk: Terminal, told: Compared) -> None:
    """Print agreement, then each scheme against the first, then the readings that move someone."""
    headers = desk.texts(("甲", "a"), ("乙", "b"), ("人次", "n"), ("名次 τ-b", "tau-b"), ("等次 κ", "kappa"))
    rows = [
        (one["a"], one["b"], one["n"], shown(one["tau_b"]), shown(one["kappa_linear"]))
        for one in told.agreement.to_dict("records")
    ]
    desk.table(headers, rows, desk.text("一致程度", "Agreement"), 3)
    for pair in told.pairs:
        _pair(desk, pair)
    moving = told.summary[told.summary["n"] > 0]
    if len(moving):
        headers = desk.texts(("方案", "scheme"), ("读法", "reading"), ("人次", "moved"))
        title = desk.text("哪些读法会改变等次", "Readings that move someone")
        desk.table(headers, moving.itertuples(index=False), title, 1)


def _pair(desk: Terminal, pair: Pair) -> None:
    counts = transition_table(pair, desk.text("无", "none"))
    grades = [str(grade) for grade in counts.columns[1:]]
    lists = ("", "") if pair.same_grades else ("(两边的等次表不同)", " (two lists of grades)")
    title = desk.text(
        f"{pair.a}(行)→ {pair.b}(列):{pair.changed} 人次等次不同{lists[0]}",
        f"{pair.a} (rows) to {pair.b} (columns): {pair.changed} grades differ{lists[1]}",
    )
    desk.table(["", *grades], counts.itertuples(index=False), title, len(grades))
    rows = [
        (member, Period.parse(period).label(desk.lang), f"{Why.read(table).gap:+.2f}", _mainly(desk, pair, table))
        for (member, period), table in pair.reasons.items()
    ]
    headers = desk.texts(("编号", "member"), ("考核期", "period"), ("总分差", "difference"), ("主要原因", "mainly"))
    if rows:
        basis = (
            (",按比满分少得、多得多少比较", ", by what is lost from full marks and won beyond")
            if pair.two_schemes
            else ("", "")
        )
        desk.table(headers, rows, desk.text(f"差别最大的{basis[0]}", f"The largest differences{basis[1]}"))


def _mainly(desk: Terminal, pair: Pair, table: pd.DataFrame) -> str:
    first = differences(table)[:2]
    if not first:
        return desk.text("得分相同:分数线、名额或认定不同", "same points: another line, quota or decision")
    return ";".join(f"{pair.said(one, desk.lang)} {one['difference']:+.2f}" for one in first)
