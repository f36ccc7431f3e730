"""The results workbook of an assessment: which sheets it has, live where it is not too large."""

from __future__ import annotations

from collections.abc import Iterable

from jifen_analysis.allocation import without_collection
from jifen_analysis.errors import Problem
from jifen_analysis.report.formulas import MOST_RANKED, Ranges, with_formulas
from jifen_analysis.report.native import charts_sheet
from jifen_analysis.report.parameters import parameters, parameters_sheet
from jifen_analysis.report.sheets import Sheet, about, entries, items, outcomes, summary, totals
from jifen_analysis.report.submitted import data_problems
from jifen_analysis.report.trial_grades import TRIAL, add_trial_grades, counts, trial_counts, with_trial
from jifen_analysis.scoring.assessment import Assessment


@without_collection()
def sheets(result: Assessment, problems: Iterable[Problem] = (), left_out: Iterable[str] = ()) -> tuple[Sheet, ...]:
    """Return every sheet of the results workbook, in order.

    Parameters
    ----------
    result : Assessment
        From ``assess``.
    problems : iterable of Problem
        What was found wrong or worth a note in the data.
    left_out : iterable of str
        Branches that were not scored because their files have errors.
    """
    found = dict.fromkeys([*problems, *result.notes])
    tallied = _totals(result)
    return (
        trial_counts(summary(result), tallied[0], result),
        *tallied,
        items(result),
        *(() if result.records is None else (entries(result),)),
        outcomes(result),
        data_problems(found),
        about(result, left_out, _LIVE if tallied[0].formulas else _FIXED),
    )


_LIVE = "在“参数”页改占比、权重、分数线或名额,“总分”页随之重算"
_FIXED = f"超过 {MOST_RANKED} 行或没有人员,“总分”页是固定值"


def _totals(result: Assessment) -> tuple[Sheet, ...]:
    """Return 总分, 参数 and 图表; 总分 alone where a spreadsheet program would take too long to tally it."""
    plain = totals(result)
    if not 0 < len(plain.frame) <= MOST_RANKED:
        return (plain,)
    given = parameters(result)
    tallied = add_trial_grades(with_formulas(with_trial(plain, result, given), result, given), result, given)
    at = Ranges.of(tallied)
    trial = counts(at, given) if TRIAL in at.letters else {}
    grades = f"总分!{at.all('grade_by_total')}"
    return tallied, parameters_sheet(given, result, grades, trial), charts_sheet(result, tallied, given)
