"""compare: schemes and readings side by side on the same records."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from jifen_analysis.cli import options, views
from jifen_analysis.cli.accepting import scored, under
from jifen_analysis.cli.desk import Desk
from jifen_analysis.cli.language import both
from jifen_analysis.cli.reading import read
from jifen_analysis.periods import Period
from jifen_analysis.report.comparison import Compared, Pair, compared, comparison_page, comparison_sheets, contenders
from jifen_analysis.report.comparison.sheets import crossed, differing
from jifen_analysis.report.page import write_page
from jifen_analysis.report.workbook import write_workbook
from jifen_analysis.saving import writable
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess as score

OUT = (".xlsx", ".html")


def compare(
    ctx: typer.Context,
    data: options.Data,
    scheme: Annotated[
        list[str] | None,
        typer.Option(
            "--scheme",
            metavar="NAME|FILE.toml",
            rich_help_panel=options.SCORING,
            help=both("方案,可多次给出;都与第一个比", "a scheme; give several: all are held against the first"),
        ),
    ] = None,
    variant: Annotated[
        list[str] | None,
        typer.Option(
            "--variant",
            metavar="NAME",
            rich_help_panel=options.SCORING,
            help=both(
                "读法,可多次给出;有这种读法的方案各多比一次",
                "a reading; each scheme that has it is compared with it too",
            ),
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=both("写成 .xlsx 工作簿或 .html 网页", "an .xlsx workbook or .html page")),
    ] = None,
    pseudonymise: options.Pseudonymise = None,
    year: options.Year = None,
    roster: options.Roster = None,
    id_width: options.IdWidth = None,
) -> None:
    """Print who moves, and why; write it where asked."""
    desk: Desk = ctx.obj
    target = out and writable(out, OUT)
    named = contenders(map(read_scheme, scheme or [options.DEFAULT_SCHEME]), variant or ())
    scores = {name: under(pseudonymise, partial(score, scheme=one)) for name, one in named.items()}
    words = {code: word for one in named.values() for code, word in one.words.words["event"].items()}
    found = read(desk, data, year=year, roster=roster, id_width=id_width, words=words)
    with desk.busy("正在计分、比较…", "scoring and comparing …"):
        told = compared({name: scored(found, one, partly=False)[0] for name, one in scores.items()})
    show(desk, told)
    if target:
        save(desk, told, target)
        views.written(desk, [target])


def save(desk: Desk, told: Compared, target: Path) -> None:
    """Write a comparison as its name asks for: a workbook, or a page."""
    if target.suffix.lower() == ".html":
        write_page(comparison_page(told, desk.lang), target)
    else:
        write_workbook(comparison_sheets(told), target, next(iter(told.results.values())).scheme.book.grades)


def show(desk: Desk, told: Compared) -> None:
    """Print agreement, then each scheme against the first, then the readings that move someone."""
    headers = desk.text("甲,乙,人次,名次 τ-b,等次 κ", "a,b,n,tau-b,kappa").split(",")
    rows = [
        (one["a"], one["b"], one["n"], _shown(one["tau_b"]), _shown(one["kappa_linear"]))
        for one in told.agreement.to_dict("records")
    ]
    desk.table(headers, rows, desk.text("一致程度", "Agreement"), 3)
    for pair in told.pairs:
        _pair(desk, pair)
    moving = told.summary[told.summary["n"] > 0]
    if len(moving):
        headers = desk.text("方案,读法,人次", "scheme,reading,moved").split(",")
        title = desk.text("哪些读法会改变等次", "Readings that move someone")
        desk.table(headers, moving.itertuples(index=False), title, 1)


def _shown(measure: float) -> str:
    return "—" if pd.isna(measure) else f"{measure:.2f}"


def _pair(desk: Desk, pair: Pair) -> None:
    counts = crossed(pair, desk.text("无", "none"))
    grades = [str(grade) for grade in counts.columns[1:]]
    lists = ("", "") if pair.same_grades else ("(两边的等次表不同)", " (two lists of grades)")
    title = desk.text(
        f"{pair.a}(行)→ {pair.b}(列):{pair.changed} 人次等次不同{lists[0]}",
        f"{pair.a} (rows) to {pair.b} (columns): {pair.changed} grades differ{lists[1]}",
    )
    desk.table(["", *grades], counts.itertuples(index=False), title, len(grades))
    rows = [
        (member, Period.parse(period).label(desk.lang), f"{table.attrs['gap']:+.2f}", _mainly(desk, pair, table))
        for (member, period), table in pair.reasons.items()
    ]
    headers = desk.text("编号,考核期,总分差,主要原因", "member,period,difference,mainly").split(",")
    if rows:
        desk.table(headers, rows, desk.text("差别最大的", "The largest differences"))


def _mainly(desk: Desk, pair: Pair, table: pd.DataFrame) -> str:
    first = differing(table)[:2]
    if not first:
        return desk.text("得分相同:分数线、名额或认定不同", "same points: another line, quota or decision")
    return ";".join(f"{pair.said(one['part'])} {one['difference']:+.2f}" for one in first)
