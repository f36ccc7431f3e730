"""Who passes: how many where the line is drawn, and whether a grade is equally in reach of every group."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import pandas as pd
from scipy import stats
from scipy.stats.contingency import relative_risk
from statsmodels.stats.proportion import proportion_confint

from jifen_analysis.analysis.inputs import MIN_N, Ints, Numbers, group_rows, millionths, numbers, pair_values, require
from jifen_analysis.analysis.inputs.multiple import adjust_p_values, false_alarms
from jifen_analysis.analysis.thresholds.counterfactual import POINT
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import PassCurve, SelectionRates

_MEASURES = {
    "selected": "Int64",
    **dict.fromkeys(("rate", "low", "high", "ratio", "ratio_low", "ratio_high"), "float64"),
    "below_four_fifths": "boolean",
    **dict.fromkeys(("p", "p_holm", "p_bh"), "float64"),
}


def selection_rates(
    selected: pd.Series | Sequence[object],
    group: pd.Series | Sequence[object],
    reference: Hashable | None = None,
    min_n: int = MIN_N,
) -> pd.DataFrame:
    """Compare how often each group is selected.

    Parameters
    ----------
    selected : array_like of bool, shape (members,)
        Who holds the grade; members without an answer are left out.
    group : array_like of shape (members,)
        The group of each; members without one are left out.
    reference : optional
        The group to compare with, no small one; default the pooled rate of the
        other groups that are not withheld.
    min_n : int
        Smaller groups are counted, but all that would tell their rate is withheld.

    Returns
    -------
    DataFrame
        Indexed by ``group``, in its order: ``n``, ``selected``, ``rate`` with its
        95 % Wilson interval ``low``, ``high``; ``ratio`` to the reference's rate
        (missing where nobody was selected there) with its 95 % Katz interval
        ``ratio_low``, ``ratio_high`` (missing where one side has nobody selected, or both everybody);
        ``below_four_fifths``, decided in whole numbers, a screen and no test: with
        small groups chance alone brings it about, so read it with the interval;
        ``p`` of Fisher's exact test, two-sided, against the reference, with
        ``p_holm`` and ``p_bh`` for that many groups; ``withheld``. A named
        reference has ratio 1, and neither interval nor p; with a single group to
        show there is nothing to compare. ``attrs``: ``summaries.SelectionRates``.

    Raises
    ------
    UsageError
        Where nobody is left, or the reference named does not exist (with the
        nearest) or is too small.

    Notes
    -----
    Wilson (1927), JASA 22, 209-212; Katz, Baptista, Azen & Pike (1978),
    Biometrics 34, 469-474; four fifths: Uniform Guidelines on Employee
    Selection Procedures, 29 CFR 1607.4 D, which speak of rates too far apart,
    not of a cause; Holm (1979), Scandinavian Journal of Statistics 6, 65-70;
    Benjamini & Hochberg (1995), JRSS B 57, 289-300.

    Examples
    --------
    >>> table = selection_rates([True] * 3 + [False] * 2 + [True] * 3 + [False], list("aaaaabbbb"), min_n=1)
    >>> table[["n", "rate", "below_four_fifths"]].values.tolist()
    [[5, 0.6, False], [4, 0.75, False]]
    """
    counts, left_out = _counted(selected, group)
    large = {name: (int(row["selected"]), int(row["n"])) for name, row in counts[counts["n"] >= min_n].iterrows()}
    if reference is not None:
        _refuse_reference(reference, counts, large, min_n)
    everyone = sum(won for won, _ in large.values()), sum(n for _, n in large.values())
    pooled = everyone if reference is None else large[reference]
    rows = {name: _row(name, large, pooled, reference) for name in large}
    compared = pd.DataFrame.from_dict(rows, orient="index", columns=list(_MEASURES))
    compared[["p_holm", "p_bh"]] = adjust_p_values(compared["p"].astype("float64"))
    table = counts[["n"]].join(compared.astype(_MEASURES))
    table["withheld"] = table["n"] < min_n
    rate = pooled[0] / pooled[1] if pooled[1] else float("nan")
    alarms = false_alarms(int(compared["p"].notna().sum()))
    return SelectionRates(min_n, reference, rate, alarms, left_out).on(table.rename_axis("group"))


def _counted(selected: pd.Series | Sequence[object], group: pd.Series | Sequence[object]) -> tuple[pd.DataFrame, int]:
    given = pair_values(selected, group)
    try:
        given = given.astype({"value": "boolean"})
    except (TypeError, ValueError):
        raise UsageError("入选与否须是真或假", "selected must be true or false") from None
    found = given.dropna()
    if found.empty:
        raise UsageError("没有可比较的人", "nobody to compare")
    groups = found.groupby("group", observed=True)["value"]
    return pd.DataFrame({"n": groups.size(), "selected": groups.sum().astype("int64")}), len(given) - len(found)


def _refuse_reference(
    reference: Hashable, counts: pd.DataFrame, large: dict[Hashable, tuple[int, int]], min_n: int
) -> None:
    require(reference, counts.index, "组", "group")
    if reference not in large:
        raise UsageError(
            f"{reference} 人数不足 {min_n},不能作比较的基准",
            f"{reference} has fewer than {min_n} members to compare with",
        )


def _row(
    name: Hashable, large: dict[Hashable, tuple[int, int]], pooled: tuple[int, int], reference: Hashable | None
) -> dict[str, object]:
    won, n = large[name]
    low, high = proportion_confint(won, n, method="wilson")
    own = {"selected": won, "rate": won / n, "low": low, "high": high, "below_four_fifths": False}
    if name == reference:
        return own | {"ratio": 1.0}
    base = pooled if reference is not None else (pooled[0] - won, pooled[1] - n)
    return own | _compared(won, n, *base) if base[1] else own


def _compared(won: int, n: int, base_won: int, base_n: int) -> dict[str, object]:
    varies = won and base_won and (won < n or base_won < base_n)  # else Katz has no variance: no interval, or a point
    katz = relative_risk(won, n, base_won, base_n).confidence_interval(0.95) if varies else None
    return {
        "ratio": won / n / (base_won / base_n) if base_won else float("nan"),
        "ratio_low": katz.low if katz else float("nan"),
        "ratio_high": katz.high if katz else float("nan"),
        "below_four_fifths": 5 * won * base_n < 4 * base_won * n,
        "p": stats.fisher_exact([[won, n - won], [base_won, base_n - base_won]]).pvalue,
    }


def pass_curve(
    totals: Numbers, cuts: Numbers | None = None, group: Sequence[object] | pd.Series | None = None, min_n: int = MIN_N
) -> pd.DataFrame:
    """Count how many pass for every place of the cut.

    Parameters
    ----------
    totals : array_like of shape (members,)
        In points; missing ones are left out.
    cuts : array_like, optional
        Cut scores to try; default every distinct total, where alone the count changes.
    group : array_like of shape (members,), optional
        Count each group by itself (a sweep of the cut by group).
    min_n : int
        Shares of smaller groups are withheld.

    Returns
    -------
    DataFrame
        ``group`` (where given), ``cut`` (ascending), ``n_at_least`` (totals at
        or above it, compared at 6 decimals), ``share`` of the totals,
        ``withheld`` (where groups are given). ``attrs``: ``summaries.PassCurve``.

    Raises
    ------
    UsageError
        Where there is no total, or group and totals differ in length.

    Examples
    --------
    >>> pass_curve([59.9, 60, 90], cuts=[60, 90])[["cut", "n_at_least"]].values.tolist()
    [[60.0, 2.0], [90.0, 1.0]]
    """
    found = numbers(totals)
    tried = np.unique(millionths(found if cuts is None else numbers(cuts, "分数线", "cut scores")))
    curve = _counts(found, tried) if group is None else _counts_by_group(totals, group, tried, min_n)
    return PassCurve(len(found), len(totals) - len(found), cuts is None).on(curve)


def _counts(totals: pd.Series, cuts: Ints) -> pd.DataFrame:
    scores = np.sort(millionths(totals))
    at_least = len(scores) - np.searchsorted(scores, cuts, side="left")
    return pd.DataFrame({"cut": cuts / POINT, "n_at_least": at_least, "share": at_least / len(scores)})


def _counts_by_group(totals: Numbers, group: Sequence[object] | pd.Series, cuts: Ints, min_n: int) -> pd.DataFrame:
    groups = group_rows(pair_values(totals, group).dropna(subset="value"), "group")
    curves = {name: _counts(part["value"], cuts).assign(withheld=len(part) < min_n) for name, part in groups}
    curve = pd.concat(curves, names=["group"]).reset_index("group").reset_index(drop=True)
    curve["share"] = curve["share"].mask(curve["withheld"])
    return curve
