"""Behaviour or rule: what moved a total from one year to the next."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from jifen_analysis.analysis.inputs import HasRecords, part_of, reassess
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model.parts import thaw
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.summaries import Attribution


def attribution(before: HasRecords, after: HasRecords) -> pd.DataFrame:
    """Split each member's change of the year's total between behaviour and rule.

    Both years' records are assessed under both years' rules. What changes when
    only the records change is behaviour, when only the rules change, rule; which
    of the two is changed first makes a difference, so the mean of both orders is
    taken (the Shapley value of two players).

    Parameters
    ----------
    before, after : Assessment
        Of one year each, with their records: ask for ``periods=["2023"]`` where
        the data has more. A rule that changes by date within one of the years
        is taken to change on the same day of the other.

    Returns
    -------
    DataFrame
        One row for each member with a year's total in both: ``member_id``,
        ``before``, ``after`` (points), ``behaviour``, ``rule``,
        ``total_change``, their sum; ``behaviour_first``, ``rule_first``, the
        step's effect when it is taken first, and so ``rule`` taken second is
        ``total_change - behaviour_first``. Where one of the crossed totals does
        not exist the parts are missing. ``attrs``: ``summaries.Attribution``.

    Raises
    ------
    UsageError
        Where a result shows no year or several, has no records, or nobody has a
        total in both years.

    Notes
    -----
    Shapley (1953); for decompositions Shorrocks (2013), Journal of Economic
    Inequality 11, 99-126.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables.records import Records
    >>> days = {"2023-03-05": "present", "2024-03-05": "absent"}
    >>> attended = {"member_id": "1", "date": list(days), "activity": "lecture", "status": list(days.values())}
    >>> marks = {"member_id": "1", "period": ["2023", "2024"], "group": "members", "mark": 80.0}
    >>> tables = {"members": {"member_id": ["1"], "branch": ["一"]}, "attendance": attended, "evaluations": marks}
    >>> records = Records.from_frames({name: pd.DataFrame(table) for name, table in tables.items()})
    >>> old = assess(records, read_scheme("community_60_40"), periods=["2023H1"])
    >>> new = assess(records, old.scheme.with_weights(daily=0.7, evaluation=0.3), periods=["2024H1"])
    >>> attribution(old, new)[["behaviour", "rule", "total_change"]].round(2).values.tolist()
    [[-3.25, 1.75, -1.5]]
    """
    year_before, year_after = _only_year(before), _only_year(after)
    totals = pd.DataFrame(
        {
            ("before", "before"): _totals(before),
            ("after", "before"): _totals(_under(after, _moved(before.scheme, year_before, year_after))),
            ("before", "after"): _totals(_under(before, _moved(after.scheme, year_after, year_before))),
            ("after", "after"): _totals(after),
        }
    )
    whole = totals.dropna(subset=[("before", "before"), ("after", "after")]).sort_index()
    if whole.empty:
        raise UsageError("没有两年都有总分的人", "nobody has a total in both years")
    table = _parts(whole)
    only_before, only_after = (int(totals[(year, year)].notna().sum()) - len(whole) for year in ("before", "after"))
    years, unsplit = (year_before, year_after), int(table["behaviour"].isna().sum())
    return Attribution(len(whole), only_before, only_after, years, unsplit=unsplit).on(table)


def _parts(totals: pd.DataFrame) -> pd.DataFrame:
    """Turn the totals by (records, rule) into the steps of both orders and their mean."""
    first, last = totals[("before", "before")], totals[("after", "after")]
    behaviour, rule = totals[("after", "before")] - first, totals[("before", "after")] - first
    change = last - first
    columns = {
        "before": first,
        "after": last,
        "behaviour": (behaviour + (change - rule)) / 2,
        "rule": (rule + (change - behaviour)) / 2,
        "total_change": change,
        "behaviour_first": behaviour,
        "rule_first": rule,
    }
    return pd.DataFrame(columns).rename_axis("member_id").reset_index()


def _only_year(result: HasRecords) -> int:
    years = sorted(int(year) for year in part_of(result, "years")["year"].unique())
    if len(years) != 1:
        raise UsageError(
            f"前后两份结果须各为一年,这份有 {years};可用 periods 选定一年",
            f"each result must show one year, this one has {years}; choose one with periods",
        )
    return years[0]


def _moved(scheme: Scheme, year: int, to: int) -> Scheme:
    """Return the rules of a year as those of another: what changed within it changes on the same day there."""
    days = {day: date.fromisoformat(day) for day in scheme.book.changes}
    if not days:
        return scheme
    document: Mapping[str, Any] = thaw(scheme.document)
    inside = {day: on for day, on in days.items() if date(year, 1, 1) < on <= date(year, 12, 31)}
    changes = {_same_day(on, to): document["changes"][day] for day, on in inside.items()}
    return scheme.on(date(year, 1, 1)).patch({"changes": changes})


def _same_day(day: date, year: int) -> str:
    last = calendar.monthrange(year, day.month)[1]
    return day.replace(year=year, day=min(day.day, last)).isoformat()


def _under(result: HasRecords, scheme: Scheme) -> Assessment:
    """Assess a result's records under other rules, over the same periods where both score alike."""
    same = scheme.period == result.scheme.period
    return reassess(result, scheme, result.table["period"].unique() if same else [str(_only_year(result))])


def _totals(result: HasRecords) -> pd.Series:
    return result.years.set_index("member_id")["total"]
