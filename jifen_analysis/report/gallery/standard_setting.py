"""Charts of where judgement would draw the line."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import plotly.graph_objects as go

from jifen_analysis.analysis import standard_setting as ask
from jifen_analysis.charts import standard_setting as draw
from jifen_analysis.errors import UsageError
from jifen_analysis.intake.judgements import Judgements, Method, read_judgements
from jifen_analysis.report.gallery.subject import Subject
from jifen_analysis.schemes.score_range import item_full_marks


def borderline_regression(of: Subject, *, grade: str = "", borderline: float = 3.5, judgements: str = "") -> go.Figure:
    """Draw what members score whose overall rating lies between two grades: by a sheet, else by ballots of the year."""
    ratings = _of_members(of, judgements, "borderline_regression") if judgements else _ballots(of)
    found = ask.borderline_regression(of.last["total"], ratings, borderline)
    return _drawn(of, grade, found, draw.borderline_regression)


def contrasting_groups(
    of: Subject, *, grade: str = "", borderline: float = 3.5, judgements: str = "", alike: int = 1
) -> go.Figure:
    """Draw where members are as likely held to deserve the grade as not: by a sheet, else by ballots of the year."""
    if judgements:
        worthy = _of_members(of, judgements, "contrasting_groups")
    else:
        ratings = _ballots(of)
        worthy = (ratings >= borderline).where(ratings.notna())
    found = ask.contrasting_groups(of.last["total"], worthy, alike=bool(alike))
    return _drawn(of, grade, found, draw.contrasting_groups)


def angoff(of: Subject, *, grade: str = "", judgements: str = "") -> go.Figure:
    """Draw where judges would draw the line by what they expect of each item, of a sheet."""
    read = _read(judgements, "angoff")
    _refuse_other_scale(of, read.points)
    return _drawn(of, grade, ask.angoff(read.given, read.points), draw.angoff)


def hofstee(of: Subject, *, grade: str = "", judgements: str = "") -> go.Figure:
    """Draw where what judges can accept, of a sheet, meets what members reached."""
    found = ask.hofstee(of.last["total"], _read(judgements, "hofstee").given)
    return _drawn(of, grade, found, draw.hofstee)


Draw = Callable[..., go.Figure]


def _drawn(of: Subject, grade: str, found: ask.StandardSetting, chart: Draw) -> go.Figure:
    """Draw a cut score beside today's of a grade; of the best by default."""
    cuts = of.cuts
    name = of.grade(grade or next(iter(cuts)))
    return chart(found, ask.moves(of.last["total"], cuts, name, found.cut), **of.style)


def _ballots(of: Subject) -> pd.Series:
    ballots = of.records.table("ballots")
    year = ballots[ballots["period"].astype("str").str[:4] == of.looked_at[:4]]
    if year.empty:
        raise UsageError("这一年没有民主测评票", "there are no ballots of this year")
    return ask.ballot_ratings(year[year["period"] == year["period"].max()])


def _read(judgements: str, method: Method, id_width: int | None = None) -> Judgements:
    if not judgements:
        raise UsageError(
            f"这张图要一张判断表:judgements=文件;空白表用 jifen template 判断.xlsx --judgements {method} 写",
            f"name a sheet: judgements=FILE; jifen template x.xlsx --judgements {method} writes a blank one",
        )
    return read_judgements(judgements, method, id_width=id_width)


def _of_members(of: Subject, judgements: str, method: Method) -> pd.Series | pd.DataFrame:
    """Return what a sheet says of each member, all of whom must be known: of several judges a column each."""
    digits = of.last.index.str.len().unique()
    said = _read(judgements, method, int(digits[0]) if len(digits) == 1 else None).given
    unknown = said.index.difference(of.last.index)
    if len(unknown):
        listed = "、".join(unknown[:3])
        raise UsageError(
            f"判断表上有 {len(unknown)} 个编号不在这一期的结果里:{listed}",
            f"{len(unknown)} ids of the sheet are not among the results of the period: {listed}",
        )
    return said.iloc[:, 0] if said.shape[1] == 1 else said


def _refuse_other_scale(of: Subject, points: pd.Series) -> None:
    """Refuse items whose full marks are not those of totals: the cut would be one of something else."""
    try:
        full = sum(item_full_marks(of.scheme.book).values())
    except UsageError:  # the scheme has none: those of the sheet are taken at their word
        return
    given = float(points.sum())
    if abs(full - given) > 1e-6:
        raise UsageError(
            f"各项满分合计 {given:g},方案的满分合计 {full:g}:定出的线不能与总分比",
            f"the items' full marks are {given:g} in all, the scheme's {full:g}: the cut is not one of totals",
        )
