"""What the frames of ``analysis.movement`` say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding, Sure
from jifen_analysis.findings.saying import ENOUGH, bracket_names, format_value, hidden_rest, join_sentence
from jifen_analysis.summaries import Mobility, PairedChange, RankChange, Transitions

_PAUSE = ("；", "; ")


def transitions(
    found: Transitions, grades: Sequence[str] | None = None, *, rounded: int = 0, together: str = ""
) -> Finding | None:
    """Say how many rose, fell and stayed.

    Parameters
    ----------
    found : Transitions
        What ``movement.transitions`` returned.
    grades : sequence of str, optional
        Best first; default the order of its rows.
    rounded : int
        To what the counts are rounded, if they are.
    together : str
        What grades are called that are counted as one, within which nobody is seen to move; empty for none.

    Returns
    -------
    Finding or None
        ``None`` where nobody is graded twice.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> counts = pd.DataFrame([[3, 1], [2, 4]], index=["优秀", "合格"], columns=["优秀", "合格"])
    >>> transitions(SimpleNamespace(counts=counts)).text.zh
    '两年都有等次的10人中，上升2人，下降1人，不变7人'
    >>> transitions(SimpleNamespace(counts=counts), rounded=5, together="合格").text.zh.partition("(")[2]
    '“合格”合为一等；人数按5取整)'
    """
    return _moved("movement.transitions", found, grades, rounded, together)


def flows(found: Transitions, grades: Sequence[str] | None = None) -> Finding | None:
    """Say how many rose, fell and stayed, for the chart of flows."""
    return _moved("movement.flows", found, grades, 0, "")


def _moved(chart: str, found: Transitions, grades: Sequence[str] | None, rounded: int, together: str) -> Finding | None:
    order = list(grades) if grades is not None else list(found.counts.index)
    cells = found.counts.loc[order, order].to_numpy()
    n, up, down = int(cells.sum()), int(np.tril(cells, -1).sum()), int(np.triu(cells, 1).sum())
    if n == 0:
        return None
    stayed, figures = n - up - down, {"up": float(up), "down": float(down), "n": float(n)}
    notes = [
        *([Text(f"“{together}”合为一等", f"“{together}” counts as one grade")] if together else []),
        *([Text(f"人数按{rounded}取整", f"rounded to {rounded}")] if rounded else []),
    ]
    told = join_sentence(notes, _PAUSE)
    about, near = (f"({told.zh})", f" ({told.en})") if notes else ("", "")
    if stayed == n:
        text = Text(f"两年都有等次的{n}人等次都没有变{about}", f"all {n} graded in both years kept their grade{near}")
        return Finding(chart, text, n, "counted", 0.2, figures)
    text = Text(
        f"两年都有等次的{n}人中，上升{up}人，下降{down}人，不变{stayed}人{about}",
        f"of {n} graded in both years {up} rose, {down} fell and {stayed} stayed{near}",
    )
    return Finding(chart, text, n, "counted", 0.3 + 0.3 * (up + down) / n, figures)


def mobility(measures: pd.Series) -> Finding | None:
    """Say how far members move between grades, from 0, nobody, upwards.

    Examples
    --------
    >>> mobility(pd.Series({"prais": 0.3, "bartholomew_2": 0.15})).text.zh
    '等次流动指数为0.30(Prais，0为人人不动)'
    """
    prais = float(measures.get("prais", float("nan")))
    if prais != prais:
        return None
    text = Text(
        f"等次流动指数为{prais:.2f}(Prais，0为人人不动)",
        f"the index of mobility is {prais:.2f} (Prais; 0: nobody moves)",
    )
    return Finding("movement.mobility", text, Mobility.read(measures).n, "estimated", 0.1, {"prais": prais})


def ranks(table: pd.DataFrame) -> Finding | None:
    """Say how many rose and fell in rank, and how alike both orders are.

    Parameters
    ----------
    table : DataFrame
        What ``movement.ranks`` returned.

    Examples
    --------
    >>> table = RankChange(tau_b=1 / 3).on(pd.DataFrame({"change": [1, -1, 0]}))
    >>> ranks(table).text.zh
    '3人中，名次上升1人，下降1人，不变1人；前后名次的一致程度τ-b=0.33'
    """
    if len(table) < 2:
        return None
    change, tau = table["change"], RankChange.read(table).tau_b
    up, down, n = int((change > 0).sum()), int((change < 0).sum()), len(table)
    text = join_sentence(
        [
            Text(
                f"{n}人中，名次上升{up}人，下降{down}人，不变{n - up - down}人",
                f"of {n}, {up} rose in rank, {down} fell, {n - up - down} stayed",
            ),
            None if tau != tau else Text(f"前后名次的一致程度τ-b={tau:.2f}", f"tau-b of both orders is {tau:.2f}"),
        ],
        _PAUSE,
    )
    return Finding("movement.ranks", text, n, "counted", 0.2, {"up": float(up), "down": float(down), "tau_b": tau})


def regression_to_mean(table: pd.DataFrame, *, rounded: int = 0) -> Finding | None:
    """Say how the lowest of last year moved, and what of it the return to the mean explains.

    Parameters
    ----------
    table : DataFrame
        What ``movement.regression_to_mean`` returned; ``expected`` is missing where the
        reliability of a total is not known.
    rounded : int
        To what the counts are rounded, if they are.

    Returns
    -------
    Finding or None
        ``None`` where the lowest group has too few.

    Examples
    --------
    >>> table = pd.DataFrame({"n": [6], "observed": [4.0], "expected": [3.2]})
    >>> regression_to_mean(table).text.zh
    '上年得分最低的一组(6人)平均变动+4.0分，其中+3.2分仅因回归均值'
    >>> regression_to_mean(table.assign(expected=float("nan"))).text.zh
    '上年得分最低的一组(6人)平均变动+4.0分；总分的信度未知，其中多少只是回归均值无从判断'
    """
    held = table[table["n"] > 0]
    if held.empty or int(held["n"].iloc[0]) < ENOUGH:
        return None
    low = held.iloc[0]
    n, seen, due = int(low["n"]), float(low["observed"]), float(low["expected"])
    near = (f"，人数按{rounded}取整", f", rounded to {rounded}") if rounded else ("", "")
    moved = Text(
        f"上年得分最低的一组({n}人{near[0]})平均变动{_signed(seen)}分",
        f"the lowest tenth of last year ({n}{near[1]}) moved by {_signed(seen)} on average",
    )
    figures = {"observed": seen, "expected": due}
    if due != due:
        rest = Text(
            "总分的信度未知，其中多少只是回归均值无从判断",
            "how much of it is the return to the mean cannot be told: the reliability of a total is not known",
        )
        return Finding("movement.regression_to_mean", join_sentence([moved, rest], _PAUSE), n, "unclear", 0.15, figures)
    rest = (
        Text(f"其中{_signed(due)}分仅因回归均值", f"of which {_signed(due)} is the return to the mean alone")
        if 0 < due <= seen or seen <= due < 0
        else Text(
            f"仅回归均值就应有{_signed(due)}分", f"the return to the mean alone would have brought {_signed(due)}"
        )
    )
    return Finding("movement.regression_to_mean", join_sentence([moved, rest]), n, "estimated", 0.3, figures)


def _signed(value: float) -> str:
    """Return a change with its sign; none before a zero."""
    said = format_value(value)
    return said if said.startswith("-") or said == "0.0" else f"+{said}"


def attribution(table: pd.DataFrame) -> Finding | None:
    """Say how much of the mean change is behaviour and how much rule.

    Examples
    --------
    >>> attribution(pd.DataFrame({"behaviour": [1.0, 2], "rule": [0.5, 0.5], "total_change": [1.5, 2.5]})).text.zh
    '2人总分平均变动+2.0分：表现+1.5分，规则+0.5分'
    """
    split = table.dropna(subset=["behaviour", "rule"])
    if split.empty:
        return None
    mean = {name: float(split[name].mean()) for name in ("total_change", "behaviour", "rule")}
    n, said = len(split), {name: _signed(value) for name, value in mean.items()}
    text = Text(
        f"{n}人总分平均变动{said['total_change']}分：表现{said['behaviour']}分，规则{said['rule']}分",
        f"totals of {n} moved by {said['total_change']} on average: behaviour {said['behaviour']}, rule {said['rule']}",
    )
    weight = 0.5 if abs(mean["rule"]) > abs(mean["behaviour"]) else 0.3
    return Finding("movement.attribution", text, n, "counted", weight, mean)


def whereabouts(table: pd.DataFrame) -> Finding | None:
    """Say how many joined, left and changed branch.

    Examples
    --------
    >>> whereabouts(pd.DataFrame({"state": ["stayed", "joined", "left"]})).text.zh
    '两年名册共3人：留在原支部1人，换支部0人，新增1人，离开1人'
    """
    if table.empty:
        return None
    held = {name: int((table["state"] == name).sum()) for name in ("stayed", "transferred", "joined", "left")}
    zh, en = ("留在原支部", "换支部", "新增", "离开"), ("stayed", "changed branch", "joined", "left")
    text = Text(
        f"两年名册共{len(table)}人：" + "，".join(f"{name}{n}人" for name, n in zip(zh, held.values(), strict=True)),
        f"of {len(table)} on either list " + ", ".join(f"{n} {way}" for n, way in zip(held.values(), en, strict=True)),
    )
    unknown = len(table) - sum(held.values())
    if unknown:
        text = Text(f"{text.zh}，支部空白的{unknown}人", f"{text.en}, {unknown} have a blank branch")
    return Finding(
        "movement.whereabouts", text, len(table), "counted", 0.2, {name: float(n) for name, n in held.items()}
    )


def paired_change(table: pd.DataFrame) -> Finding | None:
    """Say by how much the same members changed, and which branches beyond chance.

    Parameters
    ----------
    table : DataFrame
        What ``movement.paired_change`` returned.

    Returns
    -------
    Finding or None
        ``None`` for fewer than five members.

    Examples
    --------
    >>> row = {"branch": "一", "n": 9, "change": 2.0, "low": 0.5, "high": 3.5, "stands": "rose", "withheld": False}
    >>> table = pd.DataFrame([row])
    >>> table = PairedChange(change=1.2, low=-0.4, high=2.8, n=90, branches=8, effective=6.0).on(table)
    >>> paired_change(table).text.zh
    '两年都有总分的90人平均变动+1.2分(95%区间-0.4至+2.8，按8个支部聚类)，看不出升降；超出偶然波动上升的支部有一(+2.0分)'
    """
    facts = PairedChange.read(table)
    if facts.n < ENOUGH:
        return None
    change, low, high = facts.change, facts.low, facts.high
    text = join_sentence([_changed(facts), _told_apart(table)], _PAUSE)
    sure: Sure = "beyond_chance" if low > 0 or high < 0 else "within_chance"
    sure = "unclear" if np.isnan(low) or facts.effective < _FEW else sure
    about = tuple(map(str, table.loc[table["stands"] != "", "branch"]))
    figures = {"change": change, "low": low, "high": high}
    return Finding("movement.paired_change", text, facts.n, sure, 0.5 if about else 0.3, figures, about)


_FEW = 4.0
"""Effective branches below which the interval of all is so wide that it tells little."""


def _changed(facts: PairedChange) -> Text:
    mean, branches = _signed(facts.change), facts.branches
    head = Text(f"两年都有总分的{facts.n}人平均变动{mean}分", f"the {facts.n} with both totals changed by {mean}")
    if np.isnan(facts.low):
        return Text(f"{head.zh}，只有一个支部，说不出区间", f"{head.en}; of one branch there is no interval")
    low, high = _signed(facts.low), _signed(facts.high)
    few = ("支部太少或大小悬殊，区间很宽", "few branches, or unlike in size: the interval is wide")
    flat = facts.low <= 0 <= facts.high
    alike = ("各支部平均变动相同", "the branches changed alike on average")
    unseen = ("看不出升降", "no change is seen") if flat else ("", "")
    verdict = alike if round(facts.high - facts.low, 6) == 0 else few if facts.effective < _FEW else unseen
    span = Text(
        f"(95%区间{low}至{high}，按{branches}个支部聚类)", f" (95% interval {low} to {high}, by {branches} branches)"
    )
    return join_sentence([Text(f"{head.zh}{span.zh}", f"{head.en}{span.en}"), Text(*verdict)])


def _told_apart(table: pd.DataFrame) -> Text | None:
    """Name the branches that rose or fell beyond chance."""
    if len(table) < 2 and not (table["stands"] != "").any():
        return None
    sides = {"rose": ("上升", "rose"), "fell": ("下降", "fell")}
    parts = []
    for side, (zh, en) in sides.items():
        rows = table[table["stands"] == side]
        said = bracket_names(
            [(one, _signed(step)) for one, step in zip(rows["branch"], rows["change"], strict=True)], "分"
        )
        if len(rows):
            parts.append(Text(f"{zh}的支部有{said.zh}", f"{en}: {said.en}"))
    told = join_sentence(parts)
    hidden = int(table["withheld"].sum())
    if hidden == len(table):
        return Text("各支部人数太少，不逐个说", "the branches are too small to be told one by one")
    rest = hidden_rest(hidden) if hidden else None
    none = Text("没有一个支部的变动超出偶然波动", "no branch changed beyond chance")
    if hidden:
        none = Text("可显示的支部中没有变动超出偶然波动的", "of the branches shown none changed beyond chance")
    beyond = Text(f"超出偶然波动{told.zh}", f"beyond chance {told.en}")
    return join_sentence([beyond if parts else none, rest], _PAUSE)
