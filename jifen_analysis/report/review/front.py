"""The first page: at most eight figures, each with the one sentence that it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from jifen_analysis.analysis import branches, distribution, movement, thresholds, weights
from jifen_analysis.charts import branches as draw_branches
from jifen_analysis.charts import distribution as draw_distribution
from jifen_analysis.charts import movement as draw_movement
from jifen_analysis.charts import thresholds as draw_thresholds
from jifen_analysis.charts import weights as draw_weights
from jifen_analysis.errors import UsageError
from jifen_analysis.report.privacy import WHOLE, coarsened, spaced
from jifen_analysis.report.review.facts import Facts
from jifen_analysis.report.review.model import Picture

Drawn = Callable[[Facts], Picture]


def grades_by_year(facts: Facts) -> Picture:
    """等次构成: this year against the last."""
    say, counts = facts.voice.say, facts.by_year
    if counts is None:
        raise _nothing("等次构成", "grades")
    shares = counts.div(counts.sum(axis=1), axis=0)
    table = shares.add_prefix("share_").assign(group=counts.index, n=counts.sum(axis=1), withheld=False)
    figure = draw_distribution.grade_shares(table.reset_index(drop=True), **facts.style)
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
    table = shares.add_prefix("share_").assign(group=whole.index, n=whole[WHOLE], withheld=False)
    figure = draw_distribution.grade_shares(table.reset_index(drop=True), **facts.style)
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
    say, held = facts.voice.say, facts.now["total"].dropna()
    edges, width = coarsened(held, facts.cuts.values(), max(facts.least, 1))
    table = distribution.ecdf(pd.DataFrame({"total": edges}))
    figure = draw_distribution.histogram(table, shown_cuts(facts, edges), width, **facts.style)
    low, middle, high = held.quantile([0.25, 0.5, 0.75])
    sentence = say(
        f"总分中位数{middle:.1f}分,中间一半的人在{low:.1f}至{high:.1f}分之间",
        f"The median total is {middle:.1f}; the middle half lies between {low:.1f} and {high:.1f}",
    )
    if facts.before is not None and facts.before["total"].notna().sum() >= max(facts.least, 1):
        moved = middle - facts.before["total"].median()
        sentence += say(f";中位数{_against(moved, '分')}", f"; against last year {moved:+.1f}")
    return Picture("totals", say("总分分布", "Distribution of totals"), sentence + say("。", "."), figure)


def shown_cuts(facts: Facts, edges: pd.Series) -> dict[str, float]:
    """Return the cut scores with enough members on either side."""
    return {
        name: cut
        for name, cut in facts.cuts.items()
        if facts.with_names or (edges.min() < cut and min((edges < cut).sum(), (edges >= cut).sum()) >= facts.least)
    }


def moved(facts: Facts) -> Picture:
    """等次变动 of those graded in both years."""
    say = facts.voice.say
    if facts.before is None or not facts.grades:
        raise _nothing("等次变动", "movement")
    found = _transitions(facts, facts.before)
    ways = _ways(found.counts)
    sentence = say(
        f"两年都有等次的{sum(ways.values())}人中,等次不变{ways['stayed']}人,上升{ways['up']}人,下降{ways['down']}人。",
        f"Of {sum(ways.values())} graded in both years, {ways['stayed']} are unchanged, "
        f"{ways['up']} rose and {ways['down']} fell.",
    )
    figure = draw_movement.transitions(found, **facts.style)
    return Picture("movement", say("等次变动", "Movement between grades"), sentence, figure)


def _transitions(facts: Facts, before: pd.DataFrame) -> movement.Transitions:
    """Cross both years, the lowest grades put together until every number may be shown."""
    for depth in range(1, len(facts.grades)):
        names = facts.kinds(depth)
        was, is_now = (rows.set_index("member_id")["grade"].astype("object").map(names) for rows in (before, facts.now))
        found = movement.transitions(was, is_now, list(dict.fromkeys(names.values())))
        if found.counts.to_numpy().any() and ((found.counts == 0) | (found.counts >= facts.least)).all(axis=None):
            return found
    raise _nothing("等次变动", "movement")


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
    say, held = facts.voice.say, facts.now["total"].dropna()
    if facts.top is None:
        raise _nothing("分数线", "cut scores")
    cut = facts.cuts[facts.top]
    cuts = spaced(held, cut, max(facts.least, 1))
    if cut not in cuts:
        raise _nothing("分数线", "cut scores")
    figure = draw_thresholds.pass_curve(thresholds.pass_curve(held, cuts), {facts.top: cut}, **facts.style)
    counts = thresholds.pass_curve(held, [cut - 1, cut, cut + 1])["n_at_least"].tolist()
    fewer, more = facts.shown(counts[1] - counts[2]), facts.shown(counts[0] - counts[1])
    sentence = say(
        f"{facts.top}线({cut:g}分)如提高1分,达线的减少{_change(facts, fewer)};如降低1分,增加{_change(facts, more)}。",
        f"With the line of {facts.top} ({cut:g}) a point higher, fewer by {_change(facts, fewer)} would reach it; "
        f"a point lower, more by {_change(facts, more)}.",
    )
    return Picture("pass_curve", say("分数线与达线人数", "Who passes, by the cut score"), sentence, figure)


def _change(facts: Facts, count: int | None) -> str:
    return facts.voice.say("不足5人", "fewer than 5") if count is None else facts.voice.people(count)


def bunching(facts: Facts) -> Picture:
    """压线情况 at the best grade."""
    say, held = facts.voice.say, facts.now["total"].dropna()
    if facts.top is None or held.empty:
        raise _nothing("压线情况", "bunching")
    found = thresholds.bunching(held, facts.cuts[facts.top])
    if min(found.above, found.below) < max(facts.least, 1):
        raise UsageError(
            "分数线两侧1分内人数太少,压线情况不作判断", "too few members within a point of the cut score to judge"
        )
    found = replace(found, density=_dense(found.density, held, facts.least))
    pushed = found.p < _SIGNIFICANT
    odds = "p<0.001" if found.p < _RARE else f"p={found.p:.3f}"
    sentence = say(
        f"{facts.top}线上方1分内{found.above}人,下方1分内{found.below}人,"
        + (f"超出偶然({odds}),建议复核压线者的加减分。" if pushed else f"没有压线抬分的迹象({odds})。"),
        f"Within a point of {facts.top}: {found.above} above, {found.below} below, "
        + (f"more than chance ({odds}): a review is advised." if pushed else f"as chance allows ({odds})."),
    )
    return Picture(
        "bunching", say("压线情况", "Scores about the line"), sentence, draw_thresholds.bunching(found, **facts.style)
    )


def _dense(density: pd.DataFrame, held: pd.Series, least: int) -> pd.DataFrame:
    """Leave out of a curve where fewer than ``least`` members lie within a point."""
    totals, grid = np.sort(held.to_numpy()), density["total"].to_numpy()
    near = np.searchsorted(totals, grid + 1, side="right") - np.searchsorted(totals, grid - 1)
    return density[near >= least].reset_index(drop=True)


_SIGNIFICANT, _RARE = 0.05, 0.001


def funnel(facts: Facts) -> Picture:
    """各支部比例与人数: who is out of line, and who is only small."""
    say, counts = facts.voice.say, facts.by_branch
    if facts.top is None or len(facts.grades) < 2:
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
    table = weights.influence(scored[names], given)
    first = str(table["share"].idxmax())
    name, share = facts.style["labels"][first], float(table["share"].max())
    rest = say(",超过其他各项之和", ", more than from all others together") if share > _MOST else ""
    sentence = say(
        f"人与人总分的差别有{share:.0%}来自{name}(方案权重{given[first]:g})",
        f"{share:.0%} of the differences between totals come from {name} (weight {given[first]:g})",
    )
    title = say("各分项实际起多大作用", "What each component really weighs")
    return Picture("influence", title, sentence + rest + say("。", "."), draw_weights.influence(table, **facts.style))


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
