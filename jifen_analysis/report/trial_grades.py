"""试算认定: the grade that a trial gives once forced grades, quotas and corrections are laid over it, as formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import pandas as pd

from jifen_analysis.report.formulas import BRANCH, COMPARED, Ranges, quote_text
from jifen_analysis.report.parameters import Parameters
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.report.summary import WHOLE
from jifen_analysis.schemes.model import Grade, exact
from jifen_analysis.scoring import quotas
from jifen_analysis.scoring.arrays import Bools, Ints
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.computation import Computation
from jifen_analysis.scoring.row_state import MILLION

TRIAL, UNIT = "grade_trial", "place_in.unit"
HEADER = "试算认定"


def with_trial(sheet: Sheet, result: Assessment, given: Parameters) -> Sheet:
    """Return 总分 with a column for 试算认定, as the scheme decides; as it is where a trial cannot be settled."""
    if result.working is None or not given.quotas:
        return sheet
    trial = result.table["grade"].astype("str").where(result.table["grade"].notna(), "").array
    return replace(sheet, frame=sheet.frame.assign(**{TRIAL: trial}), headers=(*sheet.headers, HEADER))


def add_trial_grades(sheet: Sheet, result: Assessment, given: Parameters) -> Sheet:
    """Return 总分 with formulas for 试算认定, the grade under the shares, cut scores and quotas in 参数.

    A quota keeps as many as have no more than its places at or above their
    score: a tie over the boundary goes without, as in the engine.

    Parameters
    ----------
    sheet : Sheet
        总分 from ``with_trial``, live.
    result : Assessment
        The result that it shows.
    given : Parameters
        Where quotas stand.
    """
    if result.working is None or TRIAL not in sheet.frame:
        return sheet
    rows = _Rows.of(result.working, result.table)
    steps = range(len(given.quotas) + 1)
    blank = pd.array([pd.NA] * len(sheet.frame), dtype="Int64")
    more = {_stage(step): blank for step in steps} | {
        UNIT: pd.arrays.IntegerArray(rows.unit.astype("int64"), ~rows.counted)
    }
    frame = sheet.frame.assign(**more)
    wide = replace(sheet, frame=frame, headers=(*sheet.headers, *more), hidden=(*sheet.hidden, *more))
    at = Ranges.of(wide)
    lines = list(enumerate(range(len(frame)), start=at.first))
    formulas = {_stage(step): tuple(_step(step, at, rows, given, row, line) for row, line in lines) for step in steps}
    final = tuple(_name(at, rows, given, row, line) for row, line in lines)
    return replace(wide, formulas={**sheet.formulas, **formulas, TRIAL: final})


def counts(at: Ranges, given: Parameters) -> dict[str, tuple[str, ...]]:
    """Return formulas for how many hold each grade in the trial, and how many a quota shuts out of each.

    Parameters
    ----------
    at : Ranges
        Of 总分, settled.
    given : Parameters
        With the grades.
    """
    names = list(given.books[-1].grades)
    held = tuple(f"=SUMPRODUCT(--(总分!{at.all(TRIAL)}={quote_text(name)}))" for name in names)
    stages = [f"总分!{at.all(_stage(step))}" for step in range(len(names))]
    out = tuple(
        f"=SUMPRODUCT(--({before}={place}))-SUMPRODUCT(--({after}={place}))"
        for place, (before, after) in enumerate(pairwise(stages), start=1)
    )
    return {"held": held, "shut_out": out}


def _stage(step: int) -> str:
    return f"stage.{step}"


@dataclass(frozen=True)
class _Rows:
    """What a trial does not change of each row of 总分.

    Parameters
    ----------
    version : ndarray of int
        The version of the scheme in force.
    forced, counted : ndarray of bool
        Whose grade a clause forces; whom quotas count.
    corrected : ndarray of str
        The grade that a correction sets, blank for none.
    unit : ndarray of int
        The unit within the period.
    working, at : Computation, ndarray of int
        Where the rows come from.
    """

    version: Ints
    forced: Bools
    counted: Bools
    corrected: np.ndarray
    unit: Ints
    working: Computation
    at: Ints

    @classmethod
    def of(cls, working: Computation, table: pd.DataFrame) -> _Rows:
        rows, grading = working.roster, working.grading
        periods = np.array([str(period) for period in rows.periods], dtype=object)[rows.period]
        known = pd.MultiIndex.from_arrays([rows.ids[rows.member], periods])
        at = known.get_indexer(pd.MultiIndex.from_frame(table[["member_id", "period"]]))
        forced = np.logical_or.reduce([np.zeros(len(rows), bool), *grading.clauses.values()])
        counted = rows.counted & ~np.isnan(grading.total)
        corrected = np.where(rows.scored, np.asarray(working.corrections.grade, dtype=object), "")
        unit = rows.groups("unit")
        return cls(working.version[at], forced[at], counted[at], corrected[at], unit[at], working, at)

    @cached_property
    def sizes(self) -> list[list[Ints]]:
        """For each version and grade, how many the group of each row counts."""
        return [[self._size(grade) for grade in book.grades.values()] for book in self.working.books]

    def _size(self, grade: Grade) -> Ints:
        rows, quota = self.working.roster, grade.quota
        known = ~np.isnan(self.working.grading.total)
        counted = rows.counted & (known if quota is None or quota.of == "counted" else True)
        return quotas.group_sizes(rows.groups(quota.within if quota else "branch"), counted)[self.at]


def _step(step: int, at: Ranges, rows: _Rows, given: Parameters, row: int, line: int) -> str:
    """Return the place of the grade, from 1 the highest, after the quotas of the first grades; 0 for none."""
    grades = list(given.books[rows.version[line]].grades.values())
    if step == 0:
        band = at.cell("grade_by_total", row)
        places_of = "".join(
            f"IF({band}={quote_text(name)},{place}," for place, name in _placed(given, rows.version[line])
        )
        return f"={len(grades)}" if rows.forced[line] else f"={places_of}0{')' * len(grades)}"
    before = at.cell(_stage(step - 1), row)
    if not rows.counted[line]:
        return f"={before}"
    quota = given.quota(int(rows.version[line]), given.quotas[step - 1])
    grade = grades[step - 1]
    group = UNIT if grade.quota is not None and grade.quota.within == "unit" else BRANCH
    same = f"{at.all(group)},{at.cell(group, row)},{at.all(_stage(step - 1))},{step}"
    better = f'COUNTIFS({same},{at.all(COMPARED)},">="&{at.cell(COMPARED, row)})'
    seats = _seats(quota, grade, given.before(quota), int(rows.sizes[rows.version[line]][step - 1][line]))
    return f"=IF(OR({before}<>{step},{quota}>=100),{before},IF({better}<={seats},{step},{step + 1}))"


def _placed(given: Parameters, version: int) -> Iterator[tuple[int, str]]:
    return iter(enumerate(given.books[version].grades, start=1))


def _seats(cell: str, grade: Grade, before: str, size: int) -> str:
    """Return the whole places of a group, exact: floor(share x n), of the scheme's own share where it stands."""
    changed = f"INT(ROUND({cell}*{MILLION},0)*{size}/{100 * MILLION})"
    if grade.quota is None:
        return changed
    share = exact(grade.quota.share)
    return f"IF({cell}={before},INT({share.numerator}*{size}/{share.denominator}),{changed})"


def _name(at: Ranges, rows: _Rows, given: Parameters, row: int, line: int) -> str:
    if rows.corrected[line]:
        return f"={quote_text(str(rows.corrected[line]))}"
    last = at.cell(_stage(len(given.quotas)), row)
    names = "".join(f"IF({last}={place},{quote_text(name)}," for place, name in _placed(given, rows.version[line]))
    return f'={names}""{")" * len(given.books[rows.version[line]].grades)}'


# ---------------------------------------------------------------- beside the summary


MOST_CELLS = 4_000_000
"""Rows of 汇总 times rows of 总分 that a spreadsheet program counts in a moment."""

FIXED = "(认定结果,不随“参数”页变)"
LIVE = "(认定结果不随“参数”页变;“试算”各列只按总分与分数线,随之变)"


def trial_counts(sheet: Sheet, tallied: Sheet, result: Assessment) -> Sheet:
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
