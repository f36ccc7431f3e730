"""How everyone stands at the end of a period, or of a year where the scheme totals years."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.errors import NOTHING, Text, UsageError, there_are
from jifen_analysis.periods import Period
from jifen_analysis.scoring.assess import check_periods
from jifen_analysis.scoring.assessment import Assessment

KEPT = ("member_id", "name", "branch", "stage", "total", "grade", "flags")


def standing(result: Assessment, period: str) -> pd.DataFrame:
    """Return one row per member on the roster of a period.

    Parameters
    ----------
    result : Assessment
        From ``assess``.
    period : str
        A scored period, or a year of the data.

    Returns
    -------
    DataFrame
        member_id, name, branch, stage, total (points), grade (a categorical of
        the scheme's grades), flags, rank (in the branch; ties share the best),
        state: ``assessed`` (a total or a grade), ``pending``, ``exempt`` or
        ``outside`` (not assessed in the period). A year's name, branch and
        stage are those of its last period.

    Raises
    ------
    UsageError
        Where the period was not scored.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables import Records
    >>> members = pd.DataFrame({"member_id": ["1", "2"], "branch": ["一", "一"], "exempt": [False, True]})
    >>> dues = pd.DataFrame({"member_id": ["1"], "month": ["2024-03"], "due": [1.0], "paid": [1.0]})
    >>> records = Records.from_frames({"members": members, "dues": dues})
    >>> standing(assess(records, read_scheme("community_60_40")), "2024H1")["state"].tolist()
    ['pending', 'exempt']
    """
    table = result.table
    if period in set(table["period"]):
        rows = table.loc[table["period"] == period, [*KEPT, "rank_branch"]].rename(columns={"rank_branch": "rank"})
    elif period in set(result.years["year"].astype("str")):
        rows = _year(result, int(period))
    else:
        known = there_are([*table["period"].unique(), *result.years["year"].unique()])
        raise UsageError(f"没有考核期 {period};{known.zh}", f"no period {period}; {known.en}")
    grades = pd.CategoricalDtype(list(result.scheme.book.grades), ordered=False)
    return rows.assign(grade=rows["grade"].astype(grades), state=_states(rows)).reset_index(drop=True)


def _year(result: Assessment, year: int) -> pd.DataFrame:
    table, years = result.table, result.years
    inside = table[table["period"].str.startswith(str(year))].assign(flags=table["flags"].fillna(""))
    people = inside.groupby("member_id", as_index=False).agg(
        name=("name", "last"),
        branch=("branch", "last"),
        stage=("stage", "last"),
        flags=("flags", _year_flags),
    )
    rows = people.merge(years.loc[years["year"] == year, ["member_id", "total", "grade"]], how="left", on="member_id")
    ranked = rows["total"].round(6).mask(rows["stage"].astype("object") == "activist")
    places = ranked.groupby(rows["branch"]).rank(method="min", ascending=False)
    return rows.assign(rank=places.astype("Int64"))


def _year_flags(flags: pd.Series) -> str:
    """Keep what sets a member aside only where it holds in every period."""
    held = [set(filter(None, said.split(";"))) for said in flags]
    aside = {"exempt", "not_assessed"}
    return ";".join(sorted((set().union(*held) - aside) | (aside & held[0].intersection(*held))))


def _states(rows: pd.DataFrame) -> pd.Series:
    flags = rows["flags"].fillna("")
    state = pd.Series("pending", index=rows.index)
    state = state.mask(flags.str.contains("not_assessed"), "outside").mask(flags.str.contains("exempt"), "exempt")
    return state.mask(rows["total"].notna() | rows["grade"].notna(), "assessed")


def scored_within(result: Assessment, period: str) -> list[str]:
    """Return the scored periods of a year (or of a quarter that is scored by months), or the period itself.

    Raises
    ------
    UsageError
        Where it is no period of the scheme.
    """
    asked = {str(one) for one in check_periods((period,), result.scheme)}
    return sorted(asked & set(result.table["period"].astype("str"))) or [period]


def last_period(result: Assessment, year: int | None = None) -> str:
    """Return the code of the last period with a total: of the data, or of a year.

    Raises
    ------
    UsageError
        Where nothing was scored.
    """
    table = result.table[["period", "total"]].dropna(subset="total")
    codes = [code for code in table["period"].unique() if year is None or Period.parse(code).year == year]
    if not codes:
        said, lacking = f"{year} 年没有" if year else "没有", _lacking(result)
        raise UsageError(
            f"{said}任何得分,不能出表{lacking.zh}", f"nothing was scored{f' in {year}' if year else ''}{lacking.en}"
        )
    return str(max(codes, key=lambda code: Period.parse(code).last_day))


def _lacking(result: Assessment) -> Text:
    """Say which components nobody has a score in: without them nobody has a total."""
    parts = result.scheme.book.components
    none = [part.title or name for name, part in parts.items() if result.table[name].isna().all()]
    if not none or result.table.empty:
        return NOTHING
    return Text(f":没有一个人有“{'、'.join(none)}”的分", f": nobody has a score in {', '.join(none)}")


def yearly(result: Assessment, year: int) -> str:
    """Return the code that stands for a year: itself, or its last period where years are not totalled."""
    totalled = result.scheme.period == "year" or result.scheme.book.year_total is not None
    return str(year) if totalled and year in set(result.years["year"]) else last_period(result, year)
