"""What the frames of ``analysis.evaluators`` say; and where those of branches tell the same story, both together."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding, Sure
from jifen_analysis.findings.saying import (
    GROUPS,
    bracket_names,
    digits_apart,
    ends,
    format_value,
    hidden_rest,
    join_sentence,
    list_names,
)
from jifen_analysis.summaries import GStudy, Leniency, PartialMarks, ShrunkenMeans

_PAUSE = ("；", "; ")


def leniency(table: pd.DataFrame, *, hidden: int = 0) -> Finding | None:
    """Say where marks are highest and lowest, and how much of their differences lies between branches.

    Whether the judges are gentle or the judged are good cannot be told from marks alone, and is not said.

    Parameters
    ----------
    table : DataFrame
        What ``evaluators.leniency`` returned, or those of its rows that may be shown.
    hidden : int
        Branches that may not be shown beside those withheld: then nobody is called the highest.

    Returns
    -------
    Finding or None
        ``None`` with fewer than two branches.

    Examples
    --------
    >>> rows = {"branch": ["一", "二"], "n": [9, 9], "mean": [88.0, 80.0], "withheld": False, "stands": ["above", ""]}
    >>> table = pd.DataFrame(rows)
    >>> table = Leniency(80.0, "evaluation", omega2=0.21, omega2_low=0.05, omega2_high=0.4).on(table)
    >>> leniency(table).text.zh
    '评议平均分最高的是一(88.0分)，最低的是二(80.0分)；高于全体的有一；分数差别约21%(5%至40%)在支部之间'
    """
    held = table[~table["withheld"].astype("bool")]
    reach = ends(held.set_index("branch")["mean"])
    if reach is None:
        return None
    left = hidden + len(table) - len(held)
    said = reach.span() if left else reach.named()
    parts = [Text(f"评议平均分{said.zh}", f"mean marks {said.en}"), _standing(held, alike=reach.alike)]
    parts += [_between_branches(Leniency.read(table)), hidden_rest(left)]
    about = tuple(map(str, held.loc[held["stands"] != "", "branch"]))
    figures = {"top": reach.top, "bottom": reach.bottom, "omega2": Leniency.read(table).omega2}
    sure: Sure = "beyond_chance" if about else "within_chance"
    weight = 0.4 if about else 0.15
    return Finding(
        "evaluators.leniency", join_sentence(parts, _PAUSE), int(held["n"].sum()), sure, weight, figures, about
    )


def _standing(held: pd.DataFrame, *, alike: bool) -> Text | None:
    """Name who differs from all by more than chance; whether the judges or the judged make it so is not said."""
    above, below = (
        list_names(list(map(str, held.loc[held["stands"] == side, "branch"]))) for side in ("above", "below")
    )
    if not above.zh and not below.zh:
        return None if alike else Text("与全体的差别都在偶然波动之内", "none differs from all by more than chance")
    return join_sentence(
        [
            Text(f"高于全体的有{above.zh}", f"above all: {above.en}") if above.zh else None,
            Text(f"低于全体的有{below.zh}", f"below all: {below.en}") if below.zh else None,
        ]
    )


def _between_branches(known: Leniency) -> Text | None:
    share, low, high = known.omega2, known.omega2_low, known.omega2_high
    if np.isnan(share):
        return None
    return Text(
        f"分数差别约{share:.0%}({low:.0%}至{high:.0%})在支部之间",
        f"about {share:.0%} ({low:.0%} to {high:.0%}) of the variance lies between branches",
    )


def g_study(table: pd.DataFrame) -> Finding | None:
    """Say how much of the variance of marks is the persons judged, and how dependable their means are.

    Examples
    --------
    >>> table = pd.DataFrame({"share": [0.6, 0.3, 0.1]}, index=["person", "evaluator", "residual"])
    >>> table = GStudy(phi=0.8, persons=30).on(table)
    >>> g_study(table).text.zh
    '评议分差别的60%来自被评的人；平均分的可靠性Φ=0.80'
    """
    if "person" not in table.index or np.isnan(float(table["share"]["person"])):
        return None
    share, phi = float(table["share"]["person"]), GStudy.read(table).phi
    text = join_sentence(
        [
            Text(f"评议分差别的{share:.0%}来自被评的人", f"{share:.0%} of the variance of marks is the persons judged"),
            None
            if np.isnan(phi)
            else Text(f"平均分的可靠性Φ={phi:.2f}", f"dependability of their means: phi={phi:.2f}"),
        ],
        _PAUSE,
    )
    figures = {"person": share, "phi": phi}
    return Finding("evaluators.g_study", text, GStudy.read(table).persons, "estimated", 0.3, figures)


def self_gap(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Finding | None:
    """Say where what was declared and what was given lie farthest apart.

    Parameters
    ----------
    table : DataFrame
        What ``evaluators.self_gap`` returned.
    labels : mapping of str to str
        What the groups are called.

    Returns
    -------
    Finding or None
        ``None`` where no group is large enough.

    Examples
    --------
    >>> rows = {"branch": ["一", "二"], "n": [9, 9], "gap": [2.0, -0.5], "withheld": False}
    >>> self_gap(pd.DataFrame(rows)).text.zh
    '自评比评定平均高0.75分；相差最大的是一(+2.00分)'
    """
    held = table[~table["withheld"].astype("bool")] if "withheld" in table else table
    if held.empty:
        return None
    mean, size = float(np.average(held["gap"], weights=held["n"])), held["gap"].abs().round(6)
    most = held[size == size.max()]
    named = [(name, f"{gap:+.2f}") for name, gap in zip(_groups(most, labels), most["gap"], strict=True)]
    both = Text(f"{'高' if mean > 0 else '低'}{abs(mean):.2f}分", f"{abs(mean):.2f} {'above' if mean > 0 else 'below'}")
    whole = (
        Text("自评与评定平均没有差别", "what was declared equals what was given on average")
        if f"{abs(mean):.2f}" == "0.00"
        else Text(f"自评比评定平均{both.zh}", f"what was declared lies {both.en} what was given on average")
    )
    widest = bracket_names(named, "分")
    apart = Text(f"相差最大的是{widest.zh}", f"farthest apart: {widest.en}") if len(held) > 1 and size.max() else None
    n = int(held["n"].sum())
    return Finding("evaluators.self_gap", join_sentence([whole, apart], _PAUSE), n, "counted", 0.3, {"mean": mean})


def _groups(rows: pd.DataFrame, labels: Mapping[str, str] | None) -> list[str]:
    columns = list(rows.columns[: rows.columns.get_loc("n")])
    called = [["" if pd.isna(value) else str(value) for value in row] for row in rows[columns].itertuples(index=False)]
    return ["·".join((labels or {}).get(value, value) for value in row) for row in called]


def survey(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Finding | None:
    """Say how satisfied people are, and which groups' intervals lie off the mean of all.

    Parameters
    ----------
    table : DataFrame
        What ``evaluators.survey`` returned.
    labels : mapping of str to str
        What the groups are called.

    Returns
    -------
    Finding or None
        ``None`` where every group is withheld.

    Examples
    --------
    >>> rows = {"group": ["党员", "群众"], "n": [9, 9], "mean": [4.0, 3.0], "low": [3.8, 2.5], "high": [4.2, 3.6]}
    >>> survey(pd.DataFrame(rows | {"withheld": False})).text.zh
    '满意度平均3.50；区间不含平均值的有党员'
    """
    held = table[~table["withheld"].astype("bool")]
    if held.empty:
        return None
    mean = float(np.average(held["mean"], weights=held["n"]))
    off = held[(held["low"] > mean) | (held["high"] < mean)]
    hidden = len(table) - len(held)
    rest = None
    if len(off):
        who = list_names(_groups(off, labels))
        rest = Text(f"区间不含平均值的有{who.zh}", f"the interval lies off it for {who.en}")
    elif len(held) > 1 and held["low"].notna().all():
        rest = Text("各组的区间都含平均值", "every group's interval holds it")
    text = join_sentence(
        [Text(f"满意度平均{mean:.2f}", f"satisfaction is {mean:.2f} on average"), rest, hidden_rest(hidden, GROUPS)],
        _PAUSE,
    )
    sure: Sure = "beyond_chance" if len(off) else "within_chance"
    return Finding("evaluators.survey", text, int(held["n"].sum()), sure, 0.3, {"mean": mean, "off": float(len(off))})


_ROWS = Text("人次", "members and periods")
_BOUNDED = Text("按该类主体在本支部打过的最低分至最高分推算", "within the range of its marks in the branch")
"""Nobody knows how it would have marked: what it gave others bounds that, as long as it would have kept to it."""

_STANDS = {
    "gained": Text("多得", "gained"),
    "lost": Text("少得", "lost"),
    "open": Text("说不准", "may have done either"),
    "unknown": Text("无从估计", "of whom nothing is known"),
}


def partial(table: pd.DataFrame, *, unit: Text = _ROWS) -> Finding | None:
    """Say how many were marked without a group of evaluators, and whether that gave or cost them points.

    Parameters
    ----------
    table : DataFrame
        What ``evaluators.partial`` returned, or a row a member with ``stands``.
    unit : Text
        What a row is.

    Returns
    -------
    Finding or None
        ``None`` where everybody was marked by every group.

    Examples
    --------
    >>> table = pd.DataFrame({"stands": ["gained", "open", "open", "unknown"]})
    >>> table = PartialMarks(evaluated=20).on(table)
    >>> partial(table).text.zh
    '4人次的评议缺一类以上主体，按该类主体在本支部打过的最低分至最高分推算，多得1人次，说不准2人次，无从估计1人次'
    """
    n, evaluated = len(table), PartialMarks.read(table).evaluated
    if not n:
        return None
    counts = {kind: int((table["stands"] == kind).sum()) for kind in ("gained", "lost", "open", "unknown")}
    zh, en = unit.zh, f" {unit.en}" if unit.en else ""
    parts = [
        Text(f"{_STANDS[kind].zh}{count}{zh}", f"{count} {_STANDS[kind].en}") for kind, count in counts.items() if count
    ]
    first = Text(f"{n}{zh}的评议缺一类以上主体", f"{n}{en} are marked without a group")
    if counts["unknown"] == n:
        parts = [Text("该类主体没有评过本支部任何人，多得少得无从估计", "which marked nobody there: nothing is known")]
    bounded = _BOUNDED if counts["unknown"] < n else None
    text = join_sentence([first, bounded, *parts])
    figures = {"n": float(n), **{kind: float(count) for kind, count in counts.items()}}
    return Finding("evaluators.partial", text, evaluated, "counted", 0.25 + 0.4 * n / max(evaluated, n), figures)


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
