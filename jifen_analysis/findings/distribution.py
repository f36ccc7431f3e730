"""What the frames of ``analysis.distribution`` say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding
from jifen_analysis.findings.saying import (
    ENOUGH,
    GROUPS,
    against,
    bracket_names,
    ends,
    format_value,
    hidden_rest,
    join_sentence,
    odds,
)
from jifen_analysis.summaries import Heaping, Reliability

_SIGNIFICANT = 0.05
_PAUSE = ("；", "; ")


def summary(table: pd.DataFrame) -> Finding | None:
    """Say where the middle of the totals lies: of all, or from group to group.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.summary`` returned.

    Returns
    -------
    Finding or None
        ``None`` where no group has enough totals.

    Examples
    --------
    >>> rows = {"group": ["一", "二"], "n": [9, 8], "median": [90.0, 84.0], "p25": 80.0, "p75": 95.0}
    >>> summary(pd.DataFrame(rows)).text.zh
    '各组总分中位数最高的是一(90.0分)，最低的是二(84.0分)'
    """
    held = table[(table["n"] >= ENOUGH) & table["median"].notna()]
    if len(held) == 1 and len(table) == 1:
        return _middle(held.iloc[0])
    reach = ends(held.set_index("group")["median"])
    if reach is None:
        return None
    said = reach.named()
    few = len(table) - len(held)
    rest = (
        Text(f"另有{few}组不足{ENOUGH}人，未比较", f"{few} groups of fewer than {ENOUGH} are left out") if few else None
    )
    text = join_sentence([Text(f"各组总分中位数{said.zh}", f"medians by group: {said.en}"), rest], _PAUSE)
    figures = {"top": reach.top, "bottom": reach.bottom}
    about = () if reach.alike else (*reach.high, *reach.low)
    return Finding("distribution.summary", text, int(held["n"].sum()), "counted", 0.2, figures, about)


def _middle(row: Any) -> Finding:
    middle, low, high, n = float(row["median"]), float(row["p25"]), float(row["p75"]), int(row["n"])
    half = (
        Text(
            f"中间一半的人在{format_value(low)}至{format_value(high)}分之间",
            f"the middle half lie between {format_value(low)} and {format_value(high)}",
        )
        if format_value(low) != format_value(high)
        else Text(f"至少一半的人就在{format_value(low)}分上", f"at least half stand at {format_value(low)}")
    )
    said = join_sentence(
        [
            Text(f"{n}人总分的中位数是{format_value(middle)}分", f"the median total of {n} is {format_value(middle)}"),
            half,
        ]
    )
    return Finding("distribution.summary", said, n, "counted", 0.2, {"median": middle, "p25": low, "p75": high})


def ecdf(table: pd.DataFrame) -> Finding | None:
    """Say from where to where the groups' medians lie, or where the middle of all lies.

    Examples
    --------
    >>> ecdf(pd.DataFrame({"group": "all", "total": [60.0, 80, 90], "share": [0.2, 0.6, 1], "n": 5})).text.zh
    '5人中，至少一半的人总分不超过80.0分'
    """
    groups = {
        str(name): _halfway(part)
        for name, part in table[table["n"] >= ENOUGH].groupby("group", observed=True, sort=False)
    }
    sizes = table[table["n"] >= ENOUGH].drop_duplicates("group")["n"]
    n = int(sizes.sum())
    if len(groups) == 1 and table["group"].nunique() == 1:
        middle = float(table.loc[table["share"].round(6) >= 0.5, "total"].min())
        text = Text(
            f"{n}人中，至少一半的人总分不超过{format_value(middle)}分",
            f"at least half of {n} have a total of at most {format_value(middle)}",
        )
        return Finding("distribution.ecdf", text, n, "counted", 0.1, {"median": middle})
    reach = ends(pd.Series(groups, dtype="float64"))
    if reach is None:
        return None
    said = reach.named()
    text = Text(f"各组总分中位数{said.zh}", f"medians by group: {said.en}")
    about = () if reach.alike else (*reach.high, *reach.low)
    return Finding("distribution.ecdf", text, n, "counted", 0.1, {"top": reach.top, "bottom": reach.bottom}, about)


def _halfway(steps: pd.DataFrame) -> float:
    """Return the median of a distribution by its steps: halfway where exactly half lie at or below one of them."""
    low, high = (
        steps.loc[half, "total"].min() for half in (steps["share"].round(6) >= 0.5, steps["share"].round(6) > 0.5)
    )
    return float(low + high) / 2


def histogram(table: pd.DataFrame, cuts: Mapping[str, float] | None = None) -> Finding | None:
    """Say how many reach each cut score.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.ecdf`` returned.
    cuts : mapping of grade to float
        Cut scores.

    Examples
    --------
    >>> table = pd.DataFrame({"group": "all", "total": [60.0, 80, 90], "share": [0.2, 0.6, 1], "n": 5})
    >>> histogram(table, {"优秀": 90}).text.zh
    '5人中，达到优秀线(90分)的2人(40.0%)'
    """
    n = int(table.drop_duplicates("group")["n"].sum())
    if n < ENOUGH:
        return None
    if not cuts:
        return ecdf(table) if table["group"].nunique() == 1 else None
    reached = {grade: _reaching(table, cut) for grade, cut in cuts.items()}
    zh = [
        f"达到{name}线({cuts[name]:g}分)的{count}人({format_value(count / n, 'share')})"
        for name, count in reached.items()
    ]
    en = [
        f"{count} ({format_value(count / n, 'share')}) reach {cuts[name]:g} ({name})" for name, count in reached.items()
    ]
    text = Text(f"{n}人中，{'、'.join(zh)}", f"of {n}, {', '.join(en)}")
    figures = {name: float(count) for name, count in reached.items()}
    return Finding("distribution.histogram", text, n, "counted", 0.3, figures)


def _reaching(table: pd.DataFrame, cut: float) -> int:
    """Count the totals at or above a cut, over all groups."""
    below = table[table["total"].round(6) < round(cut, 6)].groupby("group", observed=True)["share"].max()
    sizes = table.drop_duplicates("group").set_index("group")["n"]
    return int((sizes * (1 - below.reindex(sizes.index).fillna(0))).round().sum())


def grade_shares(table: pd.DataFrame, grade: str = "", *, hidden: int = 0, joint: bool = False) -> Finding | None:
    """Say what share of each group holds a grade.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.summary`` returned: ``group``, ``n``, ``share_<grade>``, ``withheld``.
    grade : str
        Which; the first column's by default.
    hidden : int
        Groups that may not be shown beside those withheld: then nobody is called the highest.
    joint : bool
        The groups are years in order: the last is held against the one before.

    Returns
    -------
    Finding or None
        ``None`` where nothing may be said.

    Examples
    --------
    >>> rows = {"group": ["一", "二"], "n": [10, 8], "share_优秀": [0.5, 0.25], "withheld": False}
    >>> grade_shares(pd.DataFrame(rows)).text.zh
    '优秀占比最高的是一(50.0%)，最低的是二(25.0%)'
    >>> grade_shares(pd.DataFrame(rows), joint=True).text.zh
    '二评出等次的8人中，优秀2人(25.0%)；优秀的比例比一低25.0个百分点'
    """
    columns = _of_grades(table)
    column = f"share_{grade}" if grade else next(iter(columns), "")
    if column not in columns:
        return None
    held = table[~table["withheld"].astype("bool") & table[column].notna()]
    name, left = column.removeprefix("share_"), hidden + len(table) - len(held)
    if held.empty:
        return None
    if joint or len(held) == 1:
        return _last_year(held, column, name)
    reach = ends(held.set_index("group")[column], "share")
    assert reach is not None  # two groups, each with a share
    said = reach.span() if left else reach.named()
    head = (f"可显示的{len(held)}组中，", f"of the {len(held)} groups shown, ") if left else ("", "")
    first = Text(f"{head[0]}{name}占比{said.zh}", f"{head[1]}the shares of {name}: {said.en}")
    text = join_sentence([first, hidden_rest(left, GROUPS)], _PAUSE)
    about = () if reach.alike or left else (*reach.high, *reach.low)
    figures = {"top": reach.top, "bottom": reach.bottom}
    return Finding("distribution.grade_shares", text, int(held["n"].sum()), "counted", 0.3, figures, about)


def _of_grades(table: pd.DataFrame) -> list[str]:
    """Return the columns that hold a grade's share; at the maximum is a total, not a grade."""
    return [str(name) for name in table if str(name).startswith("share_") and name != "share_at_maximum"]


def _last_year(held: pd.DataFrame, column: str, name: str) -> Finding:
    """Say how the last group is made up, and how it moved from the one before."""
    last, columns = held.iloc[-1], _of_grades(held)
    share, n = float(last[column]), int(last["n"])
    shares = {kind.removeprefix("share_"): float(last[kind]) for kind in columns}
    held_by = {kind: (round(part * n), format_value(part, "share")) for kind, part in shares.items()}
    made = bracket_names([(f"{kind}{count}人", part) for kind, (count, part) in held_by.items()], most=len(held_by))
    en = bracket_names([(f"{kind} {count}", part) for kind, (count, part) in held_by.items()], most=len(held_by))
    of = "" if str(last["group"]) == "all" else str(last["group"])
    said = Text(f"{of}评出等次的{n}人中，{made.zh}", f"of {n} graded{f' in {of}' if of else ''}: {en.en}")
    if len(held) < 2:
        return Finding("distribution.grade_shares", said, n, "counted", 0.4, {"share": share})
    earlier = str(held["group"].iloc[-2])
    moved = share - float(held[column].iloc[-2])
    than = against(moved, "share", Text(earlier, earlier))
    text = join_sentence([said, Text(f"{name}的比例{than.zh}", f"the share of {name} is {than.en}")], _PAUSE)
    return Finding("distribution.grade_shares", text, n, "counted", 0.5, {"share": share, "moved": moved})


def heaping(table: pd.DataFrame) -> Finding | None:
    """Say whether marks end in 0 or 5 more often than expected.

    Parameters
    ----------
    table : DataFrame
        What ``distribution.heaping`` returned.

    Returns
    -------
    Finding or None
        ``None`` with fewer than five marks.

    Examples
    --------
    >>> table = pd.DataFrame({"digit": range(10), "count": [30, *[0] * 4, 20, *[0] * 4], "expected": 5.0})
    >>> table = Heaping(p=1e-40, n=50, small=False).on(table)
    >>> heaping(table).text.zh
    '50个分数中，末位为0或5的占100.0%，多于预期的20.0%(p<0.001)'
    """
    n = int(table["count"].sum())
    if n < ENOUGH:
        return None
    round_ones = table[table["digit"].isin([0, 5])]
    share, usual = float(round_ones["count"].sum() / n), float(round_ones["expected"].sum() / table["expected"].sum())
    known = Heaping.read(table)
    p, small, tested = known.p, known.small, _odds_among(known.p, known.among)
    first = Text(
        f"{n}个分数中，末位为0或5的占{format_value(share, 'share')}",
        f"of {n} marks {format_value(share, 'share')} end in 0 or 5",
    )
    base, sure = format_value(usual, "share"), "within_chance"
    if small or p != p:
        rest, sure = Text(f"预期为{base}，个数太少，看不出偏好", f"{base} expected; too few to tell"), "unclear"
    elif p < _SIGNIFICANT and share > usual:
        rest, sure = (
            Text(f"多于预期的{base}({tested.zh})", f"more than the {base} expected ({tested.en})"),
            "beyond_chance",
        )
    elif p < _SIGNIFICANT:
        rest = Text(
            f"末位分布与预期不同，但不是偏好0和5({tested.zh})",
            f"last digits differ from what is expected, but not towards 0 and 5 ({tested.en})",
        )
        sure = "beyond_chance"
    else:
        rest = Text(f"预期为{base}，没有看出偏好({tested.zh})", f"{base} expected: no preference seen ({tested.en})")
    figures = {"share": share, "expected": usual, "p": p}
    return Finding("distribution.heaping", join_sentence([first, rest]), n, sure, 0.2, figures)  # type: ignore[arg-type] # one of three


def _odds_among(p: float, groups: int) -> Text:
    """Return p in words, and of how many groups it was the most striking."""
    if groups == 1:
        return Text(odds(p), odds(p))
    return Text(f"{odds(p)}，已按{groups}组校正", f"{odds(p)}, adjusted for {groups} groups")


def reliability(table: pd.DataFrame) -> Finding | None:
    """Say how well items hang together, and which one alone is at odds with the rest.

    Examples
    --------
    >>> table = pd.DataFrame({"alpha_if_deleted": [0.7, 0.9], "item_rest_r": [0.5, 0.1]}, index=["甲", "乙"])
    >>> table = Reliability(alpha=0.8, n=40).on(table)
    >>> reliability(table).text.zh
    '40人的各项目内部一致性α=0.80；去掉乙(0.90)后更一致'
    """
    alpha, n = Reliability.read(table).alpha, Reliability.read(table).n
    if alpha != alpha or n < ENOUGH:
        return None
    better = table[table["alpha_if_deleted"].round(2) > round(alpha, 2)].sort_values(
        "alpha_if_deleted", ascending=False
    )
    named = bracket_names([(item, f"{value:.2f}") for item, value in better["alpha_if_deleted"].items()])
    first = Text(f"{n}人的各项目内部一致性α={alpha:.2f}", f"alpha of the items is {alpha:.2f} (n={n})")
    rest = Text(f"去掉{named.zh}后更一致", f"higher without {named.en}") if len(better) else None
    about = tuple(map(str, better.index))
    return Finding(
        "distribution.reliability", join_sentence([first, rest], _PAUSE), n, "estimated", 0.1, {"alpha": alpha}, about
    )
