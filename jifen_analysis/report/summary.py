"""How many, in which grade, by branch and period: the page that is forwarded."""

from __future__ import annotations

import re

import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.scoring.assessment import Assessment

WHOLE = "合计"
"""Stands in the branch column of the row of a whole period."""

COUNTS = ("due", "assessed", "exempt", "pending")


def by_branch(result: Assessment) -> pd.DataFrame:
    """Return one row per period and branch, and one per period for all together.

    Parameters
    ----------
    result : Assessment
        From ``assess``; its years are shown where the scheme totals them.

    Returns
    -------
    DataFrame
        period, branch; due (on the roster and not exempt), assessed (with a
        total or a grade), exempt, pending (due − assessed); for each grade
        its count under its own name and its share of the assessed under
        ``share.<grade>``; mean (of the totals; missing without any).

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables import Records
    >>> members = pd.DataFrame({"member_id": ["1", "2"], "branch": ["一支部", "二支部"], "exempt": [False, True]})
    >>> attendance = pd.DataFrame({"member_id": ["1"], "date": ["2024-03-05"], "activity": "lecture", "status": "late"})
    >>> records = Records.from_frames({"members": members, "attendance": attendance})
    >>> by_branch(assess(records, read_scheme("community_60_40"))).loc[:2, ["branch", "due", "exempt"]].values.tolist()
    [['一支部', 1, 0], ['二支部', 0, 1], ['合计', 1, 1]]
    """
    standing = _standing(result)
    each = pd.concat([standing, standing.assign(branch=WHOLE)], ignore_index=True)
    branches = [*sorted(standing["branch"].unique(), key=by_number), WHOLE]
    each["branch"] = pd.Categorical(each["branch"], branches, ordered=True)
    each["period"] = pd.Categorical(each["period"], _in_order(standing["period"]), ordered=True)
    return _counted(each, list(result.scheme.book.grades))


_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0}
_UNITS = {"十": 10, "百": 100}


def by_number(name: str) -> str:
    """Return a sort key under which the tenth branch follows the ninth, in Arabic or Chinese numerals.

    Examples
    --------
    >>> sorted(["第十支部", "第二支部", "第十一支部", "第9支部"], key=by_number)
    ['第二支部', '第9支部', '第十支部', '第十一支部']
    """
    return re.sub(r"\d+|[〇零一二三四五六七八九十百]+", lambda found: f"{_number(found[0]):09d}", name)


def _number(text: str) -> int:
    if not set(text) & set(_UNITS):
        return int("".join(str(_DIGITS.get(sign, sign)) for sign in text))
    total = digit = 0
    for sign in text:
        unit = _UNITS.get(sign)
        total, digit = (total + (digit or 1) * unit, 0) if unit else (total, _DIGITS[sign])
    return total + digit


def _standing(result: Assessment) -> pd.DataFrame:
    """Return period, branch, total, grade and state of every member, the years' rows after the periods'."""
    table = result.table
    alone = table["flags"].isin(["exempt", "not_assessed"])
    periods = table[["member_id", "period", "branch", "total", "grade"]].assign(
        exempt=table["flags"] == "exempt", due=~alone
    )
    if result.scheme.book.year_total is None or result.scheme.period == "year":
        return periods
    return pd.concat([periods, _years(result, periods)], ignore_index=True)


def _years(result: Assessment, periods: pd.DataFrame) -> pd.DataFrame:
    inside = periods.assign(year=periods["period"].str[:4].astype("int64"))
    state = inside.groupby(["member_id", "year"], as_index=False).agg(
        branch=("branch", "last"), exempt=("exempt", "any"), due=("due", "any")
    )
    years = result.years.merge(state, on=["member_id", "year"], how="left")
    return years.assign(period=years["year"].astype("str"), exempt=years["exempt"] & ~years["due"])


def _in_order(periods: pd.Series) -> list[str]:
    """Return the periods by their last month; a year follows the parts of it."""
    known = [Period.parse(code) for code in periods.unique()]
    return [str(period) for period in sorted(known, key=lambda one: (one.first + one.length, one.length))]


def _counted(each: pd.DataFrame, grades: list[str]) -> pd.DataFrame:
    assessed = each["due"] & (each["total"].notna() | each["grade"].notna())
    counted = each.assign(assessed=assessed, pending=each["due"] & ~assessed)
    grouped = counted.groupby(["period", "branch"], observed=True, sort=True)
    summary = grouped[list(COUNTS)].sum().astype("int64")
    for grade in grades:
        mine = counted.assign(held=counted["grade"] == grade)
        summary[grade] = mine.groupby(["period", "branch"], observed=True)["held"].sum()
        summary[f"share.{grade}"] = summary[grade] / summary["assessed"].where(summary["assessed"] > 0)
    summary["mean"] = grouped["total"].mean()
    return summary.reset_index().astype({"period": "str", "branch": "str"})


_OF_DATA = ("dues_undated", "evaluation_partial")
"""Flags that say what the data lack, and that often all members have."""


def flags_of_everyone(result: Assessment) -> dict[str, tuple[str, ...]]:
    """Return the flags about the data that everybody has who is scored, with the periods: said once, not of each.

    Parameters
    ----------
    result : Assessment
        From ``assess``.
    """
    table = result.table
    scored = table[table["total"].notna()]
    n = scored.groupby("period").size()
    found = {}
    for flag in _OF_DATA:
        held = scored["flags"].fillna("").str.split(";").map(lambda codes, wanted=flag: wanted in codes)
        counts = held.groupby(scored["period"]).sum()
        periods = tuple(str(period) for period in n.index if n[period] > 1 and counts[period] == n[period])
        if periods:
            found[flag] = periods
    return found


# ---------------------------------------------------------------- what wants attention


_LOOKED_AT = (
    "incomplete", "evaluation_partial", "veto", "forced", "quota_tied", "ballot_gap", "review", "category_assumed",
)  # fmt: skip
_NAMED = 5


def needs_attention(result: Assessment) -> pd.DataFrame:
    """Return one row per kind of flag and period, the last period first.

    Parameters
    ----------
    result : Assessment
        From ``assess``.

    Returns
    -------
    DataFrame
        flag, period, cases (members), who (the ids and names of the first few).
    """
    flags = result.flags
    flags = flags[flags["flag"].isin(_LOOKED_AT)]
    named = flags.merge(result.table[["member_id", "name"]].drop_duplicates("member_id"), on="member_id", how="left")
    who = (named["member_id"] + " " + named["name"].fillna("")).str.strip()
    kind = pd.Categorical(named["flag"], _LOOKED_AT, ordered=True)
    grouped = named.assign(flag=kind, who=who).groupby(["period", "flag"], observed=True)["who"]
    frame = grouped.agg(cases="nunique", who=_first_few).reset_index()
    return frame.sort_values(["period", "flag"], ascending=[False, True], ignore_index=True).astype({"flag": "str"})


def _first_few(who: pd.Series) -> str:
    return "、".join(who.drop_duplicates().head(_NAMED))
