"""What scores look like, whether marks pile up on round numbers, whether items hang together."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import (
    MIN_N,
    Bools,
    Floats,
    HasTable,
    Ints,
    Numbers,
    complete,
    differ,
    floats,
    grades_of,
    group_rows,
    millionths,
    numbers,
    table_of,
)
from jifen_analysis.analysis.inputs.consistency import cronbach_alpha, feldt
from jifen_analysis.analysis.inputs.density import LogLinear, log_linear, powers
from jifen_analysis.summaries import Heaping, Reliability, Shape

QUANTILES = {"p10": 0.10, "p25": 0.25, "p75": 0.75, "p90": 0.90}


def summary(
    result: HasTable | pd.DataFrame, by: str | None = None, *, maximum: float | None = None, min_n: int = MIN_N
) -> pd.DataFrame:
    """Describe the totals, as a whole or by a column of the table.

    Parameters
    ----------
    result : Assessment or DataFrame
        Its table: ``total`` in points, ``grade``, ``flags`` where there are any.
    by : str, optional
        A column such as ``branch`` or ``period``; without it one group, ``all``.
    maximum : float, optional
        The total that counts as full marks; default the highest in the table.
    min_n : int
        Shares of groups with fewer totals are withheld.

    Returns
    -------
    DataFrame
        One row a group: ``group``, ``n`` (rows with a total), ``incomplete``
        and ``unscored`` (rows without, flagged incomplete or not), ``mean``,
        ``sd`` (n - 1), ``median``, ``p10``, ``p25``, ``p75``, ``p90`` (linear
        interpolation, type 7), all in points; ``skewness`` (adjusted
        Fisher-Pearson), ``share_at_maximum`` of the totals, ``share_<grade>``
        of the rows that hold a grade, ``withheld``. A row is a member in a
        period. ``attrs``: ``summaries.Shape``.

    Raises
    ------
    UsageError
        For an empty table or a column that does not exist.

    Examples
    --------
    >>> table = pd.DataFrame({"total": [80.0, 90, 100], "grade": ["合格", "优秀", "优秀"]})
    >>> summary(table, min_n=1)[["group", "n", "mean", "share_优秀"]].round(2).values.tolist()
    [['all', 3, 90.0, 0.67]]
    """
    table = _with_totals(result, by)
    full = float(table["total"].max() if maximum is None else maximum)
    grades = grades_of(table) if "grade" in table else []
    rows = pd.DataFrame([_description(group, part, full, grades) for group, part in group_rows(table, by)])
    rows["withheld"] = rows["n"] < min_n
    shares = rows.columns[rows.columns.str.startswith("share_")]
    rows.loc[rows["withheld"], shares] = np.nan
    return Shape(min_n, full).on(rows)


def _with_totals(result: HasTable | pd.DataFrame, by: str | None) -> pd.DataFrame:
    table = table_of(result, "total", by)
    return table.assign(total=floats(table["total"], "总分", "totals"))


def _description(group: object, part: pd.DataFrame, full: float, grades: list[str]) -> dict[str, object]:
    totals = part["total"].dropna().sort_values()
    without = part[part["total"].isna()]
    incomplete = _flagged_incomplete(without)
    return {
        "group": group,
        "n": len(totals),
        "incomplete": incomplete,
        "unscored": len(without) - incomplete,
        "mean": totals.mean(),
        "sd": totals.std(),
        "median": totals.median(),
        **{name: totals.quantile(share) for name, share in QUANTILES.items()},
        "skewness": totals.skew(),
        "share_at_maximum": (millionths(totals) >= millionths(full)).mean() if len(totals) else np.nan,
        **_grade_shares(part, grades),
    }


def _flagged_incomplete(rows: pd.DataFrame) -> int:
    if "flags" not in rows:  # a plain frame: whoever has no total is incomplete
        return len(rows)
    return sum("incomplete" in codes.split(";") for codes in rows["flags"].dropna())


def _grade_shares(part: pd.DataFrame, grades: list[str]) -> dict[str, float]:
    if not grades:
        return {}
    held = part["grade"].astype("object").value_counts(normalize=True)
    return {f"share_{grade}": held.get(grade, 0.0 if len(held) else np.nan) for grade in grades}


def ecdf(result: HasTable | pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Return the empirical distribution of the totals.

    Parameters
    ----------
    result : Assessment or DataFrame
        Its table, with ``total`` in points; rows without one are left out.
    by : str, optional
        A column such as ``branch``; without it one group, ``all``.

    Returns
    -------
    DataFrame
        ``group``, ``total`` (each distinct value once, rounded to 6 decimals,
        ascending), ``share`` of the group at or below it, ``n`` of the group.

    Raises
    ------
    UsageError
        For a table without a total, or a column that does not exist.

    Examples
    --------
    >>> ecdf(pd.DataFrame({"total": [90.0, 80, 90, 60]}))["share"].tolist()
    [0.25, 0.5, 1.0]
    """
    table = _with_totals(result, by)
    numbers(table["total"], "总分", "totals")
    groups = group_rows(table, by)
    return pd.concat([_steps(group, part["total"].dropna()) for group, part in groups], ignore_index=True)


def _steps(group: object, totals: pd.Series) -> pd.DataFrame:
    values, counts = np.unique(millionths(totals), return_counts=True)
    share = np.cumsum(counts) / max(len(totals), 1)
    return pd.DataFrame({"group": group, "total": values / 1e6, "share": share, "n": len(totals)})


# ---------------------------------------------------------------- items


def reliability(items: pd.DataFrame) -> pd.DataFrame:
    """Return how well items hang together: Cronbach's alpha, and each item's part in it.

    Parameters
    ----------
    items : DataFrame of shape (members, items)
        Scores as they are added up; standardise them first for the
        standardised alpha. Members with a missing item are left out.

    Returns
    -------
    DataFrame
        Indexed by ``item``: ``alpha_if_deleted`` (missing where one item would
        be left), ``item_rest_r``, the correlation with the sum of the others.
        ``attrs``: ``summaries.Reliability``.

    Raises
    ------
    UsageError
        With fewer than two items or two complete members.

    Notes
    -----
    Cronbach (1951), Psychometrika 16, 297-334; interval: Feldt (1965),
    Psychometrika 30, 357-370. Alpha is the reliability of the sum of items that
    measure the same with independent errors, at most a bound of it otherwise.

    Examples
    --------
    >>> items = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [1, 2, 3, 5]})
    >>> round(reliability(items).attrs["alpha"], 4)
    0.8715
    """
    whole = complete(items, "分项", "items")
    deleted = {item: cronbach_alpha(whole.drop(columns=item)) for item in whole}
    rest = {item: _correlation(whole[item], whole.drop(columns=item).sum(axis=1)) for item in whole}
    table = pd.DataFrame({"alpha_if_deleted": deleted, "item_rest_r": rest}).rename_axis("item")
    alpha = cronbach_alpha(whole)
    low, high = feldt(alpha, *whole.shape)
    return Reliability(alpha, len(whole), low, high, len(items) - len(whole)).on(table)


def _correlation(x: pd.Series, y: pd.Series) -> float:
    return float(x.corr(y)) if differ(x) and differ(y) else float("nan")


# ---------------------------------------------------------------- digits


_REACH = 60
"""Whole points to each side of the median; marks farther out are left out."""

TAIL = 0.005
"""Share of the marks at either end, spread over many points, that the density is not fitted to."""

ENOUGH, BINS, CAPPED = 50, 8, 3
"""Marks below which p is doubtful; whole points that a density needs; equal marks at the top that are a ceiling."""

_ORDERS = range(2, 9)
"""Of the polynomials tried, those above the fourth only where three points are there for each: two modes, or a steep
end, need more than four, and one that turned up and down within five points would take fives for its own."""

_ROUGH = 0.05


def heaping(totals: Numbers, among: int = 1) -> pd.DataFrame:
    """Test whether marks pile up on round numbers, beside the smooth density of the same marks.

    Last digits of marks that spread over a few points are uneven without any liking
    for round numbers. What is to be expected of each digit therefore comes from a
    smooth density of these marks, and the test asks whether those that end in 0 or
    5 stand out from it.

    Parameters
    ----------
    totals : array_like
        Marks or totals in points; a fraction of a point is cut off, missing
        ones are left out.
    among : int
        Of how many groups' marks these were picked for standing out: p is
        adjusted for having looked at all of them (Sidak 1967).

    Returns
    -------
    DataFrame
        ``digit`` 0 to 9, ``count``, ``expected`` of the smooth density; marks at a
        ceiling are counted as expected. ``attrs``: ``summaries.Heaping``.

    Raises
    ------
    UsageError
        Where there is no mark.

    Notes
    -----
    Last digits: Preece (1981), "Distributions of final digits in data", The
    Statistician 30, 31-60. Poisson regression on whole points, log-polynomial of
    order 2 to 8 (not above a third of the points) by Akaike's criterion, but for the outermost half per cent of
    marks at either end; the score test (Rao 1948) of terms for multiples of 5 and
    of 10, divided by the Pearson dispersion where the fit is rough.

    Examples
    --------
    >>> table = heaping([78, 80, 80, 83, 85, 85, 87, 90, 90, 92] * 10)
    >>> table.loc[table["digit"] == 0, "count"].item(), table.attrs["p"] < 0.01
    (40, True)
    """
    whole = millionths(numbers(totals, "分数", "marks")) // 1_000_000
    middle = int(np.quantile(whole, 0.5, method="lower"))  # a mark that is there, so that some are near
    near = whole[np.abs(whole - middle) <= _REACH]
    place = np.arange(near.min(), near.max() + 1)
    counts = np.bincount(near - near.min(), minlength=len(place))
    free = np.ones(len(place), dtype=bool)
    free[-1] = counts[-1] < CAPPED
    low, high = np.quantile(near, [TAIL, 1 - TAIL], method="lower")
    free &= (place >= low) & (place <= high)
    expected, chi2, freedom, p = _tested(place, counts, free)
    digits = np.abs(place) % 10
    table = pd.DataFrame(
        {
            "digit": range(10),
            "count": np.bincount(digits, counts, minlength=10).astype("int64"),
            "expected": np.bincount(digits, expected, minlength=10),
        }
    )
    adjusted = 1 - (1 - p) ** among if among > 1 else p
    return Heaping(adjusted, len(near), len(near) < ENOUGH, chi2, freedom, len(whole) - len(near), among).on(table)


def _tested(place: Ints, counts: Ints, free: Bools) -> tuple[Floats, float, int, float]:
    """Return the smooth counts, and how far round numbers stand out from them."""
    rounds = [held[free] for step in (5, 10) if _told_apart(held := place % step == 0, free)]
    nothing = counts.astype("float64"), float("nan"), 0, float("nan")
    if free.sum() < BINS or not rounds:
        return nothing
    centred = place[free] - place[free].mean()
    reach = float(np.abs(centred).max())
    designs = [powers(centred, reach, order) for order in _ORDERS if order <= max(4, len(centred) // 3)]
    fits = [(design, _fit(counts[free], design)) for design in designs]
    sound = [one for one in fits if np.isclose(one[1].expected.sum(), counts[free].sum(), rtol=1e-3)]
    if not sound:
        return nothing
    design, smooth = min(sound, key=lambda pair: pair[1].aic)
    chi2 = _score(counts[free], smooth.expected, design, np.column_stack(rounds).astype("float64"))
    pearson, freedom = max(0.0, smooth.pearson - chi2), max(smooth.freedom - len(rounds), 1)
    rough = stats.chi2.sf(pearson, freedom) < _ROUGH
    chi2 /= max(1.0, pearson / freedom) if rough else 1.0
    expected = counts.astype("float64")
    expected[free] = smooth.expected
    return expected, chi2, len(rounds), float(stats.chi2.sf(chi2, len(rounds)))


def _score(counts: Ints, expected: Floats, design: Floats, rounds: Floats) -> float:
    """Return the score statistic of further columns: what they have beyond what the design explains of them."""
    weighted = design * expected[:, None]
    own = rounds - design @ np.linalg.lstsq(design.T @ weighted, weighted.T @ rounds, rcond=None)[0]
    score, variance = own.T @ (counts - expected), own.T @ (own * expected[:, None])
    return max(0.0, float(score @ np.linalg.pinv(variance) @ score))


def _told_apart(held: Bools, free: Bools) -> bool:
    return bool(held[free].any() and not held[free].all())


def _fit(counts: Ints, design: Floats) -> LogLinear:
    return log_linear(counts, design, np.zeros(len(counts)))
