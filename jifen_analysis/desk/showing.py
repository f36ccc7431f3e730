"""What follows from the sliders' positions, as tables in HTML: grades by branch, who moves, what is fair."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from time import perf_counter

import pandas as pd

from jifen_analysis.analysis.inputs import MIN_N
from jifen_analysis.analysis.weights import trial
from jifen_analysis.desk.moving import Positions
from jifen_analysis.report.review import Voice
from jifen_analysis.report.trial import Tried, sentences
from jifen_analysis.report.trial.facts import binding_limits
from jifen_analysis.report.trial.page import wide
from jifen_analysis.report.trial.saying import say_reasons
from jifen_analysis.scoring.assessment import Assessment

SHOWN = 40
"""Members of the list; the page that is written has them all."""
_FIFTHS = 0.8
_VOICE = Voice()
NEAR = 1.0
"""Points within which somebody stands near a cut."""


@dataclass(frozen=True)
class Shown:
    """What stands on the desk.

    Parameters
    ----------
    told : Tried
        The trial behind it.
    sentences, grades, moves, fairness : str
        HTML.
    seconds : float
        How long it took.
    """

    told: Tried
    sentences: str
    grades: str
    moves: str
    fairness: str
    seconds: float


def results_at(result: Assessment, before: pd.DataFrame, positions: Positions, *, named: bool = False) -> Shown:
    """Return what follows where the sliders stand.

    Parameters
    ----------
    result : Assessment
        Under the scheme as it stands; its scores are not computed again.
    before : DataFrame
        What binds in it, from ``report.trial.facts.bound``.
    positions : Positions
        Where the sliders stand.
    named : bool
        Whether names stand beside ids.

    Raises
    ------
    UsageError, InvalidScheme
        Where the positions cannot stand in the scheme.
    """
    start = perf_counter()
    found = trial(result, positions.proposal)
    told = Tried(found, before, binding_limits(found.after), pd.DataFrame())
    said = "".join(f"<p>{escape(_VOICE.say(one.zh, one.en))}。</p>" for one in sentences(told))
    grades, moves, fair = _grades(told), _moves(told, named=named), _fairness(told)
    return Shown(told, said, grades, moves, fair, perf_counter() - start)


def html_table(headers: Sequence[str], rows: Iterable[Sequence[object]], kind: str) -> str:
    """Return a table of text.

    Examples
    --------
    >>> html_table(["党支部"], [["<一>"]], "grades")
    '<table class="jifen grades"><tr><th>党支部</th></tr><tr><td>&lt;一&gt;</td></tr></table>'
    """
    head = "".join(f"<th>{escape(one)}</th>" for one in headers)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<table class="jifen {kind}"><tr>{head}</tr>{body}</table>'


def _grades(told: Tried) -> str:
    if told.found.grades.empty:
        return "<p>本方案不划等次。</p>"
    rows = wide(told.found.grades, "合计")
    return html_table(["党支部", *map(str, rows.columns[1:])], rows.itertuples(index=False, name=None), "grades")


def _moves(told: Tried, *, named: bool) -> str:
    columns = ["member_id", *(["name"] if named else []), "branch"]
    rows = []
    for one in told.found.moves.head(SHOWN).to_dict("records"):
        totals = " → ".join(f"{one[side]:.6g}" for side in ("total_before", "total_after"))
        grade = f"{one['grade_before']} → {one['grade_after']}"
        rows.append([*(one[name] for name in columns), totals, grade, _VOICE.say(*say_reasons(one["reason"]))])
    if not rows:
        return "<p>没有人的等次改变。</p>"
    headers = ["编号", *(["姓名"] if named else []), "党支部", "总分", "等次", "原因"]
    more = len(told.found.moves) - len(rows)
    note = f"<p>另有 {more} 人,见写出的试算页。</p>" if more else ""
    return html_table(headers, rows, "moves") + note


def _fairness(told: Tried) -> str:
    """Show figures of fairness for the best grade, before and after."""
    sides = [fairness(result) for result in (told.found.before, told.found.after)]
    if not all(sides):
        return "<p>没有分数线,或还没有人有等次。</p>"
    rows = [(what, sides[0][what], sides[1][what]) for what in sides[0]]
    return html_table(["公平", "现行", "试算"], rows, "fairness")


def fairness(result: Assessment) -> dict[str, str]:
    """Return figures of fairness for the best grade: the branches' chances, and who stands at the line.

    Parameters
    ----------
    result : Assessment
        Of one period.

    Returns
    -------
    dict of str to str
        What is measured, and its value; empty without a cut score or a grade.
    """
    book = result.scheme.book
    graded = result.table.dropna(subset="grade")
    best, grade = next(iter(book.grades.items()), ("", None))
    if grade is None or grade.cut is None or graded.empty:
        return {}
    held = graded["grade"].astype("str") == best
    branches = held.groupby(graded["branch"].to_numpy()).agg(["mean", "size"])
    rates = branches.loc[branches["size"] >= MIN_N, "mean"]  # as selection_rates, without its intervals and tests
    highest = rates.max() if len(rates) > 1 else 0.0
    ratio = f"{rates.min() / highest:.2f}" if highest else "—"
    gap = result.table["total"].round(6) - grade.cut
    return {
        f"“{best}”比例": f"{held.mean():.1%}({int(held.sum())} 人)",
        "支部最低比例 ÷ 最高比例": ratio,
        "低于最高支部五分之四的支部": f"{int((rates < _FIFTHS * highest).sum())} / {len(rates)}",
        f"线下不到 {NEAR:g} 分的": f"{int(((gap < 0) & (gap > -NEAR)).sum())} 人",
        f"线上不到 {NEAR:g} 分的": f"{int(((gap >= 0) & (gap < NEAR)).sum())} 人",
    }
