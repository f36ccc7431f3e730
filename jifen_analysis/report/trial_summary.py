"""汇总 beside the trial: how many would hold each grade by the weights and cut scores in 参数."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jifen_analysis.report.formulas import Ranges
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.report.summary import WHOLE
from jifen_analysis.scoring.assessment import Assessment

MOST_CELLS = 4_000_000
"""Rows of 汇总 times rows of 总分 that a spreadsheet program counts in a moment."""

FIXED = "(认定结果,不随“参数”页变)"
LIVE = "(认定结果不随“参数”页变;“试算”各列只按总分与分数线,随之变)"


def following(sheet: Sheet, tallied: Sheet, result: Assessment) -> Sheet:
    """Return 汇总 with the counts of 试算等次 beside those decided, and a title that says which of them follow.

    Parameters
    ----------
    sheet : Sheet
        汇总, with the counts that were decided.
    tallied : Sheet
        总分; where it does not tally itself, nothing follows.
    result : Assessment
        The result of both.

    Returns
    -------
    Sheet
        With a column ``trial.<grade>`` for each grade. Rows of whole years have
        none: 总分 has no line for them.
    """
    grades = list(result.scheme.book.grades)
    size = len(sheet.frame) * len(tallied.frame)
    if "grade_by_total" not in tallied.formulas or not 0 < size <= MOST_CELLS:
        return replace(sheet, title=sheet.title + (FIXED if tallied.formulas else ""))
    held = _held(sheet, tallied, grades)
    frame = sheet.frame.assign(**{f"trial.{grade}": held[grade].array for grade in grades})
    formulas = {f"trial.{grade}": _formulas(sheet, tallied, grade, held[grade]) for grade in grades}
    headers = (*sheet.headers, *(f"{grade}(试算)" for grade in grades))
    return replace(sheet, frame=frame, headers=headers, title=sheet.title + LIVE, formulas=formulas)


def _held(sheet: Sheet, tallied: Sheet, grades: list[str]) -> pd.DataFrame:
    """Return how many hold each grade by their total, for each row of 汇总; missing for a period 总分 has not."""
    rows = tallied.frame
    each = pd.crosstab([rows["period"], rows["branch"]], rows["grade_by_total"].astype("object"))
    each = each.reindex(columns=grades, fill_value=0)
    whole = each.groupby(level=0).sum()
    whole.index = pd.MultiIndex.from_product([whole.index, [WHOLE]])
    known = pd.MultiIndex.from_frame(sheet.frame[["period", "branch"]])
    held = pd.concat([each, whole]).reindex(known)
    scored = sheet.frame["period"].isin(rows["period"]).to_numpy()
    return held.fillna(0).where(pd.Series(scored, held.index)).astype("Int64").reset_index(drop=True)


def _formulas(sheet: Sheet, tallied: Sheet, grade: str, held: pd.Series) -> tuple[str, ...]:
    at = Ranges.of(tallied)
    period, branch, graded = (f"{tallied.name}!{at.all(name)}" for name in ("period", "branch", "grade_by_total"))
    mine = Ranges.of(sheet)
    quoted = '"' + grade.replace('"', '""') + '"'
    found = []
    for row, (name, known) in enumerate(zip(sheet.frame["branch"], held.notna(), strict=True), start=mine.first):
        one = "" if name == WHOLE else f"*({branch}={mine.cell('branch', row)})"
        found.append(f"=SUMPRODUCT(({period}={mine.cell('period', row)}){one}*({graded}={quoted}))" if known else "")
    return tuple(found)
