"""What the frames of ``analysis.weights`` say."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding
from jifen_analysis.findings.saying import format_value, join_sentence, list_names
from jifen_analysis.summaries import Acceptability, CompleteCases, Sweep

NEAR = 0.05
"""How far from the weight in force a swap is near."""

SURE_SHARE = 0.95
"""Share of the weightings that makes a grade sure."""

MEASURED = {"weight": ("权重", "weight"), "share": ("满分占比", "share of full marks")}
"""What the numbers of a sweep are called."""

_GRAIN, _PAUSE = 6, ("；", "; ")


def sweep(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Finding | None:
    """Say how many hold the best grade at the ends of the sweep, and at the weight in force where it was tried.

    Parameters
    ----------
    table : DataFrame
        What ``weights.sweep`` returned, its grades from the best.
    labels : mapping of str to str
        What components are called.

    Examples
    --------
    >>> rows = {"weight": [0.0, 0.6, 1.0], "grade": "优秀", "n": [2, 5, 9]}
    >>> table = pd.DataFrame(rows)
    >>> table = Sweep(component="daily", current=0.6).on(table)
    >>> sweep(table, {"daily": "日常考核"}).text.zh
    '日常考核的权重从0到1，优秀由2变为9人次；现行0.6为5人次'
    """
    if table.empty:
        return None
    facts, best = Sweep.read(table), str(table["grade"].iloc[0])
    counts = table[table["grade"].astype("str") == best].set_index("weight")["n"].sort_index()
    name, (low, high) = (labels or {}).get(facts.component, facts.component), counts.index[[0, -1]]
    here = dict(zip(counts.index.to_numpy("float64").round(_GRAIN).tolist(), counts.tolist(), strict=True)).get(
        round(facts.current, _GRAIN)
    )
    now, (zh, en) = f"{facts.current:g}", MEASURED[facts.of]
    head = Text(f"{name}的{zh}从{low:g}到{high:g}", f"with the {en} of {name} from {low:g} to {high:g}")
    first, last = counts.iloc[0], counts.iloc[-1]
    moved = Text(f"{best}由{first}变为{last}人次", f"{best} goes from {first} to {last}")
    still = Text(f"试过的各处{best}都是{first}人次", f"{best} is {first} wherever tried")
    force = None if here is None else Text(f"现行{now}为{here}人次", f"{here} at {now}, the {en} in force")
    alike = counts.nunique() == 1
    text = join_sentence([join_sentence([head, still if alike else moved]), None if alike else force], _PAUSE)
    figures = {"first": float(counts.iloc[0]), "last": float(counts.iloc[-1])}
    n = int(table.groupby("weight")["n"].sum().max())
    return Finding("weights.sweep", text, n, "counted", 0.4, figures | ({} if here is None else {"now": float(here)}))


def influence(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Finding | None:
    """Say which component decides most of the differences between totals, and what it weighs on paper.

    Parameters
    ----------
    table : DataFrame
        What ``weights.influence`` returned; a nominal weight may be missing.
    labels : mapping of str to str
        What components are called.

    Returns
    -------
    Finding or None
        ``None`` where totals do not differ.

    Examples
    --------
    >>> table = pd.DataFrame({"nominal": [0.6, 0.4], "share": [0.1, 0.9]}, index=["daily", "evaluation"])
    >>> influence(table, {"evaluation": "民主评议"}).text.zh
    '总分差别的90.0%来自民主评议，名义上占40.0%'
    >>> influence(table.assign(share=[-0.2, 1.2]), {"evaluation": "民主评议"}).text.zh
    '总分差别主要来自民主评议(占120.0%，其余与它相抵)，名义上占40.0%'
    """
    share = table["share"].astype("float64").dropna().round(_GRAIN)
    if share.empty:
        return None
    most = share.index[share == share.max()]
    called = list_names([(labels or {}).get(str(name), str(name)) for name in most])
    nominal = table["nominal"] / table["nominal"].sum()
    first = _mostly(float(share.max()), called, several=len(most) > 1)
    rest = _nominally([float(nominal[name]) for name in most])
    figures = {"share": float(share.max())}
    return Finding(
        "weights.influence",
        join_sentence([first, rest]),
        CompleteCases.read(table).n,
        "counted",
        0.5,
        figures,
        tuple(map(str, most)),
    )


def _mostly(share: float, called: Text, *, several: bool) -> Text:
    """Say how much comes from what weighs most; more than all of it where the others go against it."""
    part = format_value(share, "share")
    if share > 1:
        return Text(
            f"总分差别主要来自{called.zh}(占{part}，其余与它相抵)",
            f"most of the differences between totals come from {called.en} ({part}; the others offset it)",
        )
    zh = f"总分差别各有{part}来自{called.zh}" if several else f"总分差别的{part}来自{called.zh}"
    return Text(zh, f"{part} of the differences between totals come from {called.en}{' each' if several else ''}")


def _nominally(shares: list[float]) -> Text | None:
    if len(shares) > 1:
        return None
    (share,) = shares
    if np.isnan(share):
        return Text("它没有名义权重", "which has no nominal weight")
    return Text(f"名义上占{format_value(share, 'share')}", f"nominally {format_value(share, 'share')}")


def acceptability(found: Acceptability) -> Finding | None:
    """Say how far ranks move while the weights change.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> members = pd.DataFrame({"best_rank": [1, 1, 3], "worst_rank": [1, 2, 3]})
    >>> acceptability(SimpleNamespace(members=members)).text.zh
    '换权重，3人中2人的名次不变，半数人的变动不超过0名，最大1名'
    """
    span = (found.members["worst_rank"] - found.members["best_rank"]).astype("int64")
    if span.empty:
        return None
    n, still, most = len(span), int((span == 0).sum()), int(span.max())
    middle = int(np.ceil(span.median()))
    if most == 0:
        text = Text(f"换权重，{n}人的名次都不变", f"with other weights no rank of {n} moves")
        return Finding("weights.acceptability", text, n, "estimated", 0.2, {"still": float(n), "most": 0.0})
    text = Text(
        f"换权重，{n}人中{still}人的名次不变，半数人的变动不超过{middle}名，最大{most}名",
        f"with other weights {still} of {n} keep their rank, half move by at most {middle}, the most by {most}",
    )
    figures = {"still": float(still), "middle": float(middle), "most": float(most)}
    return Finding("weights.acceptability", text, n, "estimated", 0.3, figures)


def grade_acceptability(found: Acceptability) -> Finding | None:
    """Say how many keep their grade under nearly all weightings.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> grades = pd.DataFrame({"优秀": [0.96, 0.4], "合格": [0.04, 0.6]})
    >>> grade_acceptability(SimpleNamespace(grades=grades)).text.zh
    '换权重，只按分数线划等，2人中1人的等次在至少95%的权重组合下不变，1人不稳'
    """
    if found.grades is None or found.grades.empty:
        return None
    surest = found.grades.max(axis=1).round(9)
    n, sure = len(surest), int((surest >= SURE_SHARE).sum())
    text = Text(
        f"换权重，只按分数线划等，{n}人中{sure}人的等次在至少{SURE_SHARE:.0%}的权重组合下不变，{n - sure}人不稳",
        f"with other weights, by cut scores alone, {sure} of {n} keep one grade "
        f"in at least {SURE_SHARE:.0%} of the weightings, {n - sure} do not",
    )
    return Finding("weights.grade_acceptability", text, n, "estimated", 0.5, {"sure": float(sure)})


def swap_points(table: pd.DataFrame, current: float | None = None) -> Finding:
    """Say how many pairs change their order, and how many near the weight in force.

    Examples
    --------
    >>> swap_points(pd.DataFrame({"weight": [0.2, 0.58]}), 0.6).text.zh
    '2对会换位，其中1对在现行权重0.6上下0.05以内'
    """
    n = len(table)
    if n == 0:
        text = Text("怎样加权名次都不变", "no weight changes the order")
        return Finding("weights.swap_points", text, 0, "counted", 0.1, {"pairs": 0.0})
    first = Text(f"{n}对会换位", f"{n} pairs change their order")
    if current is None:
        return Finding("weights.swap_points", first, n, "counted", 0.2, {"pairs": float(n)})
    away = (table["weight"].astype("float64") - current).abs().round(9)
    near = int((away <= NEAR).sum())
    rest = Text(
        f"其中{near}对在现行权重{current:.3g}上下{NEAR:g}以内",
        f"{near} of them within {NEAR:g} of the weight in force, {current:.3g}",
    )
    figures = {"pairs": float(n), "near": float(near)}
    return Finding("weights.swap_points", join_sentence([first, rest]), n, "counted", 0.3, figures)
