"""What several frames say together: one sentence where two figures tell one story."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding
from jifen_analysis.findings.saying import digits_apart, format_value, join_sentence
from jifen_analysis.summaries import ShrunkenMeans

_REACH = 1.96
"""Standard errors that a 95 % interval reaches to each side."""


def means_and_marks(means: pd.DataFrame, marks: pd.DataFrame, called: str = "评议") -> Finding | None:
    """Say of the branches that mark more or less gently than chance allows how their totals stand, the same way.

    Parameters
    ----------
    means : DataFrame
        What ``branches.shrunken_means`` returned.
    marks : DataFrame
        What ``evaluators.leniency`` returned.
    called : str
        What the scheme calls the marks.

    Returns
    -------
    Finding or None
        ``None`` where no branch stands apart by both.

    Examples
    --------
    >>> rows = {"n": 20, "shrunken": [95.0, 89.0], "low": [93.0, 87.0], "high": [97.0, 91.0]}
    >>> means = pd.DataFrame(rows, index=["一", "二"])
    >>> means = ShrunkenMeans(mean=90.0).on(means)
    >>> marks = pd.DataFrame({"branch": ["一", "二"], "n": 20, "sd": 2.0, "difference": [10.1, -0.2]})
    >>> means_and_marks(means, marks, "民主评议").text.zh
    '一的民主评议分比全体高10.1分，计入人数之后的总分平均95.0分也高于全体的90.0分；评议尺度不一也会造成这样的差别'
    """
    aside, mean = marks.set_index("branch").reindex(means.index), ShrunkenMeans.read(means).mean
    both = {sign: means[_apart(aside, sign) & _aside(means, mean, sign)] for sign in (1, -1)}
    rows = pd.concat([both[1], both[-1]])
    if rows.empty:
        return None
    first = rows.iloc[:_NAMED]
    gaps = {str(name): float(gap) for name, gap in aside["difference"].loc[first.index].items()}
    parts = [_both(str(name), called, row, gaps[str(name)], mean) for name, row in first.iterrows()]
    cause = Text("评议尺度不一也会造成这样的差别", "different standards of marking make such differences too")
    text = join_sentence([*parts, cause], ("；", "; "))
    about = tuple(map(str, first.index))
    return Finding("evaluators.leniency", text, int(first["n"].sum()), "beyond_chance", 0.85, gaps, about)


_NAMED, _LEAST = 2, 0.05
"""Branches that one sentence speaks of at most; points below which a mean is that of all."""


def _aside(means: pd.DataFrame, mean: float, sign: int) -> pd.Series:
    """Return whose totals stand on one side of all: by more than chance, or furthest of those shown."""
    gap = sign * (means["shrunken"] - mean)
    beyond = means["low"] > mean if sign > 0 else means["high"] < mean
    return (gap > _LEAST) & (beyond | (gap.round(6) == gap.round(6).max()))


def _both(name: str, called: str, row: pd.Series, gap: float, mean: float) -> Text:
    """Say how one branch marks and how its totals stand; whether these are beyond chance is said with them."""
    zh, en = ("高", "above") if gap > 0 else ("低", "below")
    beyond = row["low"] > mean or row["high"] < mean
    chance = ("", "") if beyond else ("(未超出偶然波动)", " (within chance)")
    digits = digits_apart(row["shrunken"], mean)
    own, whole = (format_value(value, digits=digits) for value in (row["shrunken"], mean))
    off = format_value(abs(gap), digits=digits_apart(gap, 0.0))
    return Text(
        f"{name}的{called}分比全体{zh}{off}分，计入人数之后的总分平均{own}分也{zh}于全体的{whole}分{chance[0]}",
        f"{name} marks {off} {en} all, and its mean total of {own}, size considered, "
        f"is {en} the {whole} of all too{chance[1]}",
    )


def _apart(marks: pd.DataFrame, sign: int) -> pd.Series:
    """Return who marks more, or less, gently than all by more than chance; by the interval where there is one."""
    gap = sign * marks["difference"]
    if {"difference_low", "difference_high"} <= set(marks):
        return (sign * marks["difference_low"] > 0) & (sign * marks["difference_high"] > 0)
    return (gap > _REACH * marks["sd"] / marks["n"] ** 0.5).fillna(False)
