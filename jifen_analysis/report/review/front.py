"""The first page: at most eight figures, each with the one sentence that it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from jifen_analysis.analysis import branches, movement, thresholds, weights
from jifen_analysis.charts import branches as draw_branches
from jifen_analysis.charts import distribution as draw_distribution
from jifen_analysis.charts import movement as draw_movement
from jifen_analysis.charts import thresholds as draw_thresholds
from jifen_analysis.charts import weights as draw_weights
from jifen_analysis.errors import UsageError
from jifen_analysis.findings import thresholds as say_thresholds
from jifen_analysis.report.privacy import WHOLE
from jifen_analysis.report.review.classes import classes, density, histogram
from jifen_analysis.report.review.facts import Facts
from jifen_analysis.report.review.model import Picture
from jifen_analysis.schemes.full_marks import nominal_shares

Drawn = Callable[[Facts], Picture]


def grades_by_year(facts: Facts) -> Picture:
    """等次构成: this year against the last."""
    say, counts = facts.voice.say, facts.by_year
    if counts is None:
        raise _nothing("等次构成", "grades")
    shares = counts.div(counts.sum(axis=1), axis=0)
    drawn, style = facts.drawn(shares)
    table = drawn.add_prefix("share_").assign(group=counts.index, n=counts.sum(axis=1), withheld=False)
    figure = draw_distribution.grade_shares(table.reset_index(drop=True), by="group", **style)
    best = str(counts.columns[0])
    held = facts.voice.listed(
        [_held(facts, str(name), int(counts[name].iloc[-1]), shares[name].iloc[-1]) for name in counts]
    )
    sentence = say(
        f"{facts.label}评出等次的{counts.iloc[-1].sum()}人中,{held}",
        f"Of {counts.iloc[-1].sum()} graded in {facts.label}: {held}",
    )
    if len(counts) > 1:
        moved = 100 * (shares[best].iloc[-1] - shares[best].iloc[0])
        sentence += say(
            f";{best}的比例{_against(moved, '个百分点')}", f"; {best} against last year {moved:+.1f} points"
        )
    return Picture(
        "grades_by_year", say("等次构成与上年比较", "Grades this year and last"), sentence + say("。", "."), figure
    )


def _against(moved: float, unit: str) -> str:
    """Say in Chinese how far something moved since last year.

    Examples
    --------
    >>> _against(-1.25, "分"), _against(0.01, "分")
    ('比上年低1.2分', '与上年持平')
    """
    said = f"{abs(moved):.1f}"
    return "与上年持平" if said == "0.0" else f"比上年{'高' if moved > 0 else '低'}{said}{unit}"


def _held(facts: Facts, grade: str, count: int, share: float) -> str:
    return facts.voice.say(f"{grade}{count}人({share:.1%})", f"{grade} {count} ({share:.1%})")


def grades_by_branch(facts: Facts) -> Picture:
    """等次构成 by branch, without the branches that are hidden."""
    say, counts = facts.voice.say, facts.by_branch
    whole = counts.drop(index=WHOLE).dropna().astype("int64")
    whole = whole[whole[WHOLE] > 0]
    if len(whole) < 2 or len(facts.grades) < 2:
        raise _nothing("各支部等次", "grades by branch")
    shares = whole.drop(columns=WHOLE).div(whole[WHOLE], axis=0)
    drawn, style = facts.drawn(shares)
    table = drawn.add_prefix("share_").assign(group=whole.index, n=whole[WHOLE], withheld=False)
    figure = draw_distribution.grade_shares(table.reset_index(drop=True), **style)
    best = shares.iloc[:, 0]
    hidden = len(counts) - 1 - len(whole)
    sentence = _extremes(facts, best)
    sentence += say(f";另有{hidden}个支部因人数少不予显示", f"; {hidden} are not shown, being small") if hidden else ""
    return Picture("grades_by_branch", say("各支部等次构成", "Grades by branch"), sentence + say("。", "."), figure)


def _extremes(facts: Facts, shares: pd.Series) -> str:
    say, n, name = facts.voice.say, len(shares), shares.name
    if shares.max() == shares.min():
        return say(
            f"图中{n}个支部,{name}占比都是{shares.max():.1%}",
            f"In all {n} branches shown the share of {name} is {shares.max():.1%}",
        )
    high, low = shares.idxmax(), shares.idxmin()
    return say(
        f"图中{n}个支部,{name}占比最高的是{high}({shares.max():.1%}),最低的是{low}({shares.min():.1%})",
        f"Of the {n} branches shown, {high} has the highest share of {name} ({shares.max():.1%}), "
        f"{low} the lowest ({shares.min():.1%})",
    )


def totals(facts: Facts) -> Picture:
    """总分分布, with the cut scores that may be shown."""
    say, held = facts.voice.say, facts.ranked["total"]
    figure = histogram(_classes(facts), shown_cuts(facts), **facts.style)
    low, middle, high = held.quantile([0.25, 0.5, 0.75])
    sentence = say(
        f"总分中位数{middle:.1f}分,中间一半的人在{low:.1f}至{high:.1f}分之间",
        f"The median total is {middle:.1f}; the middle half lies between {low:.1f} and {high:.1f}",
    )
    if facts.before is not None and facts.before["total"].notna().sum() >= max(facts.least, 1):
        moved = middle - facts.before["total"].median()
        sentence += say(f";中位数{_against(moved, '分')}", f"; against last year {moved:+.1f}")
    return Picture("totals", say("总分分布", "Distribution of totals"), sentence + say("。", "."), figure)


def _classes(facts: Facts) -> pd.DataFrame:
    """Return the classes of totals; the lowest is left out where it would tell of a few without a total."""
    n = len(facts.ranked)
    return classes(
        facts.ranked["total"],
        facts.marks,
        below=all(count == n or abs(count - n) >= facts.least for count in facts.told),
    )


def shown_cuts(facts: Facts) -> dict[str, float]:
    """Return the cut scores at which it may be told how many reach them."""
    return {name: cut for name, cut in facts.cuts.items() if cut in facts.marks}


def moved(facts: Facts) -> Picture:
    """等次变动 of those graded in both years."""
    say = facts.voice.say
    if facts.before is None or not facts.grades:
        raise _nothing("等次变动", "movement")
    found, rounded = _transitions(facts, facts.before)
    ways = _ways(found.counts)
    sentence = say(
        f"两年都有等次的{sum(ways.values())}人中,等次不变{ways['stayed']}人,上升{ways['up']}人,下降{ways['down']}人"
        f"{f'(人数按{facts.least}取整)' if rounded else ''}。",
        f"Of {sum(ways.values())} graded in both years, {ways['stayed']} are unchanged, "
        f"{ways['up']} rose and {ways['down']} fell{f' (rounded to {facts.least})' if rounded else ''}.",
    )
    figure = draw_movement.transitions(found, **facts.style)
    return Picture("movement", say("等次变动", "Movement between grades"), sentence, figure)


def _transitions(facts: Facts, before: pd.DataFrame) -> tuple[movement.Transitions, bool]:
    """Cross both years, the lowest grades put together until every number may be shown; say whether it is rounded."""
    for depth in range(1, len(facts.grades)):
        names = facts.kinds(depth)
        was, is_now = (rows.set_index("member_id")["grade"].astype("object").map(names) for rows in (before, facts.now))
        found = movement.transitions(was, is_now, list(dict.fromkeys(names.values())))
        if found.counts.to_numpy().any() and ((found.counts == 0) | (found.counts >= facts.least)).all(axis=None):
            exact = _agree(facts, found.counts)
            return (found if exact else _rounded(found, facts.least)), not exact
    raise _nothing("等次变动", "movement")


def _agree(facts: Facts, counts: pd.DataFrame) -> bool:
    """Return whether the grades of each year tell of no few who have none in the other."""
    if facts.by_year is None:
        return True
    pairs = zip((counts.sum(axis=1), counts.sum()), (facts.by_year.iloc[0], facts.by_year.iloc[-1]), strict=True)
    gaps = [gap for crossed, alone in pairs for gap in _gaps(alone.tolist(), crossed.tolist())]
    return all(gap == 0 or gap >= facts.least for gap in gaps)


def _gaps(alone: list[int], crossed: list[int]) -> list[int]:
    """Return by how much counts, best grade first, exceed others; the longer list's tail is put together."""
    size = min(len(alone), len(crossed)) - 1
    ours, theirs = ([*counts[:size], sum(counts[size:]), sum(counts)] for counts in (alone, crossed))
    return [one - other for one, other in zip(ours, theirs, strict=True)]


def _rounded(found: movement.Transitions, base: int) -> movement.Transitions:
    """Return a matrix whose counts are rounded to multiples of five: margins give nobody back."""
    counts = (found.counts / base).round().astype("int64") * base
    shares = counts.div(counts.sum(axis=1).where(lambda size: size > 0), axis=0)
    none = found.joined * 0
    return replace(found, counts=counts, probabilities=shares, joined=none, left=none)


def _ways(counts: pd.DataFrame) -> dict[str, int]:
    """Count who rose, stayed and fell; grades stand best first."""
    cells = counts.to_numpy()
    return {
        "up": int(np.tril(cells, -1).sum()),
        "stayed": int(np.trace(cells)),
        "down": int(np.triu(cells, 1).sum()),
    }


def pass_curve(facts: Facts) -> Picture:
    """分数线与达线人数: what another cut score would do."""
    say, held = facts.voice.say, facts.ranked["total"]
    if facts.top is None:
        raise _nothing("分数线", "cut scores")
    cut = facts.cuts[facts.top]
    if cut not in facts.marks:
        raise _too_few_to_tell()
    figure = draw_thresholds.pass_curve(thresholds.pass_curve(held, facts.marks), {facts.top: cut}, **facts.style)
    fewer, more = (_change(facts, held, low, low + 1) for low in (cut, cut - 1))
    sentence = say(
        f"{facts.top}线({cut:g}分)如提高1分,达线的减少{fewer};如降低1分,增加{more}。",
        f"With the line of {facts.top} ({cut:g}) a point higher, fewer by {fewer} would reach it; "
        f"a point lower, more by {more}.",
    )
    return Picture("pass_curve", say("分数线与达线人数", "Who passes, by the cut score"), sentence, figure)


def _change(facts: Facts, held: pd.Series, low: float, high: float) -> str:
    """Say how many lie between two scores, if that may be told."""
    count = int(held.round(6).between(low, high, inclusive="left").sum())
    if not {low, high} <= set(facts.marks):
        few = facts.voice.say(f"不足{facts.least}人", f"fewer than {facts.least}")
        return few if count < facts.least else facts.voice.people(None)
    return facts.voice.people(count)


def _too_few_to_tell() -> UsageError:
    return UsageError(
        "分数线两侧,或达线而未得等次的,人数太少,不予显示",
        "too few members beside the cut score, or who reach it without the grade, to show",
    )


def bunching(facts: Facts) -> Picture:
    """压线情况 at the best grade."""
    say, held = facts.voice.say, facts.ranked["total"]
    if facts.top is None or held.empty:
        raise _nothing("压线情况", "bunching")
    cut = facts.cuts[facts.top]
    if not {cut - 1, cut, cut + 1} <= set(facts.marks):
        raise _too_few_to_tell()
    found = thresholds.bunching(held, cut)
    found = replace(found, density=_near(density(_classes(facts)), cut))
    told = say_thresholds.bunching(found, facts.top)
    if told is None:
        raise _nothing("压线情况", "bunching")
    sentence = told.sentence(facts.voice.lang)
    return Picture(
        "bunching", say("压线情况", "Scores about the line"), sentence, draw_thresholds.bunching(found, **facts.style)
    )


def _near(outline: pd.DataFrame, cut: float) -> pd.DataFrame:
    """Leave out of an outline what lies far from a cut score."""
    return outline[outline["total"].between(cut - _REACH, cut + _REACH)].reset_index(drop=True)


_REACH = 15
"""Points to each side of a cut score that are drawn."""


def funnel(facts: Facts) -> Picture:
    """各支部比例与人数: who is out of line, and who is only small."""
    say, counts = facts.voice.say, facts.by_branch
    if facts.top is None or len(facts.grades) < 2:
        raise _nothing("支部比例", "rates by branch")
    if counts.loc[WHOLE].iloc[[0, -1]].isna().any():
        raise _nothing("支部比例", "rates by branch")
    graded = facts.now[facts.now["grade"].notna()]
    trials = graded.groupby("branch").size().reindex(counts.index[:-1], fill_value=0)
    won = (graded["grade"] == facts.top).groupby(graded["branch"]).sum().reindex(trials.index, fill_value=0)
    table = branches.funnel(won, trials)
    seen = table[counts.drop(index=WHOLE).iloc[:, [0, -1]].notna().all(axis=1).to_numpy()]
    seen.attrs = table.attrs
    if len(seen) < 2:
        raise _nothing("支部比例", "rates by branch")
    out = seen[seen["flag"] != ""]
    high, low = (
        facts.voice.listed([str(unit) for unit in out.loc[sign, "unit"]]) for sign in (out["z"] > 0, out["z"] < 0)
    )
    zh = [f"偏高的{high}"] * bool(high) + [f"偏低的{low}"] * bool(low)
    en = [f"high: {high}"] * bool(high) + [f"low: {low}"] * bool(low)
    rate = say(
        f"计入人数多少之后,图中{len(seen)}个支部的{facts.top}率", f"Size considered, of the {len(seen)} branches shown "
    )
    sentence = rate + say(
        f"有{len(out)}个越出偶然波动(95%):{','.join(zh)},建议了解原因。" if zh else "都在偶然波动(95%)之内。",
        f"{len(out)} lie outside what chance allows (95%); {'; '.join(en)}."
        if en
        else "none lies outside chance (95%).",
    )
    title = say(f"各支部{facts.top}率与人数", f"Rate of {facts.top} by branch and size")
    return Picture("funnel", title, sentence, draw_branches.funnel(seen, facts.top, **facts.style))


def influence(facts: Facts) -> Picture:
    """分项的实际权重, over the year's periods."""
    say, names = facts.voice.say, list(facts.book.components)
    given = {name: float(facts.book.components[name].weight) for name in names}
    scored = facts.inside.dropna(subset=["total"])
    if scored["member_id"].nunique() < max(facts.least, 2):
        raise _nothing("分项权重", "component weights")
    nominal = nominal_shares(facts.book)
    table = weights.influence(scored[names], given, nominal)
    first = str(table["share"].idxmax())
    name, share = facts.style["labels"][first], float(table["share"].max())
    rest = say(",超过其他各项之和", ", more than from all others together") if share > _MOST else ""
    weight = _nominally(facts, first)
    sentence = say(
        f"人与人总分的差别有{share:.0%}来自{name}({weight[0]})",
        f"{share:.0%} of the differences between totals come from {name} ({weight[1]})",
    )
    title = say("各分项实际起多大作用", "What each component really weighs")
    return Picture("influence", title, sentence + rest + say("。", "."), draw_weights.influence(table, **facts.style))


def _nominally(facts: Facts, component: str) -> tuple[str, str]:
    """Say what a component nominally counts for, in both languages."""
    shares = nominal_shares(facts.book)
    if component in shares:
        share = f"{float(100 * shares[component]):.3g}%"
        return f"占满分的{share}", f"{share} of the full marks"
    return ("另加", "added on top") if shares else ("各人满分不同", "full marks differ among members")


_MOST = 0.5


def _nothing(zh: str, en: str) -> UsageError:
    return UsageError(
        f"{zh}:没有可比较的数据,或人数太少不予显示", f"{en}: nothing to compare, or too few members to show"
    )


FRONT: tuple[Drawn, ...] = (
    grades_by_year,
    grades_by_branch,
    totals,
    moved,
    funnel,
    pass_curve,
    bunching,
    influence,
)
"""In the order of the page."""
