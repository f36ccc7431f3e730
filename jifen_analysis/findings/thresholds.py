"""What the frames of ``analysis.thresholds`` say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import nan

import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding, Sure
from jifen_analysis.findings.saying import bracket_names, ends, format_value, join_sentence, list_names, odds
from jifen_analysis.summaries import Bunching, Classification, LivingstonLewis, PassCurve, Readings

_SIGNIFICANT, _TELLING, _GRAIN = 0.05, 20, 6
"""Below which p is no chance; members beside a cut below which nothing can be told; decimals that are compared."""
_PAUSE = ("；", "; ")


# ---------------------------------------------------------------- where the line is drawn


def pass_curve(table: pd.DataFrame, current: Mapping[str, float] | None = None) -> Finding | None:
    """Say how many reach the first line in force, and how many would a point higher and lower.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.pass_curve`` returned, for every total or with the lines among its cuts.
    current : mapping of grade to float
        Cut scores in force, best first.

    Returns
    -------
    Finding or None
        ``None`` where nobody knows how many reach the first line, or for a table by group
        where it cannot tell two of them apart.

    Examples
    --------
    >>> table = pd.DataFrame({"cut": [89.0, 90, 91], "n_at_least": [8, 6, 5], "share": [0.8, 0.6, 0.5]})
    >>> pass_curve(table, {"优秀": 90}).text.zh
    '优秀线(90分)上有6人(60.0%)；提高1分减少1人，降低1分增加2人'
    """
    if not current:
        return None
    (grade, cut), *_ = current.items()
    if "group" in table:
        return _by_group(table, grade, cut)
    (here, share), (higher, _), (lower, _) = (_reaching(table, cut + step) for step in (0, 1, -1))
    if here is None:
        return None
    first = Text(
        f"{grade}线({cut:g}分)上有{here}人({format_value(share, 'share')})",
        f"{here} ({format_value(share, 'share')}) reach the line of {grade} ({cut:g})",
    )
    fewer = (
        None if higher is None else Text(f"提高1分减少{here - higher}人", f"a point higher, fewer by {here - higher}")
    )
    more = None if lower is None else Text(f"降低1分增加{lower - here}人", f"a point lower, more by {lower - here}")
    text = join_sentence([first, join_sentence([fewer, more])], _PAUSE)
    figures = {"reached": float(here), "share": share}
    figures |= {} if higher is None else {"fewer": float(here - higher)}
    figures |= {} if lower is None else {"more": float(lower - here)}
    hanging = max(figures.get("fewer", 0), figures.get("more", 0)) / max(here, 1)
    size = round(here / share) if share > 0 else PassCurve.read(table).n or 0
    return Finding("thresholds.pass_curve", text, size, "counted", min(0.3 + hanging, 0.7), figures)


def _reaching(table: pd.DataFrame, cut: float) -> tuple[int | None, float]:
    """Return how many reach a cut score, and their share: between two totals as many as reach the upper one."""
    known, at, score = PassCurve.read(table), table["cut"].round(_GRAIN), round(cut, _GRAIN)
    whole = known.everywhere and known.n == table["n_at_least"].max()  # not where rows were taken away
    here = table[at >= score].nsmallest(1, "cut") if whole else table[at == score]
    if here.empty:
        return (0, 0.0) if whole else (None, nan)
    return int(here["n_at_least"].iloc[0]), float(here["share"].iloc[0])


def _by_group(table: pd.DataFrame, grade: str, cut: float) -> Finding | None:
    at_cut = table[(table["cut"].round(_GRAIN) == round(cut, _GRAIN)) & ~table["withheld"].astype("bool")]
    reach = ends(at_cut.set_index("group")["share"], "share")
    if reach is None:
        return None
    said = reach.named()
    text = Text(f"{grade}线({cut:g}分)上的达线率{said.zh}", f"reaching {cut:g} ({grade}): {said.en}")
    size = round(float((at_cut["n_at_least"] / at_cut["share"].where(at_cut["share"] > 0)).sum()))
    about = () if reach.alike else (*reach.high, *reach.low)
    figures = {"top": reach.top, "bottom": reach.bottom}
    return Finding("thresholds.pass_curve", text, size, "counted", 0.3, figures, about)


def bunching(found: Bunching, grade: str = "") -> Finding | None:
    """Say whether more stand just above a line than a smooth distribution would have; of a cause it says nothing.

    Parameters
    ----------
    found : Bunching
        What ``thresholds.bunching`` returned.
    grade : str
        Whose line.

    Returns
    -------
    Finding or None
        ``None`` where nobody stands beside the line. Few members bear no comfort either.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> many = SimpleNamespace(cut=90.0, width=1.0, below=9, above=42, p=1e-6, cannot_tell=None)
    >>> bunching(many, "优秀").text.zh
    '优秀线(90分)上方1分内42人，下方1分内9人，上方多于平滑分布的预期(p<0.001)；名额、取整、封顶也会造成，宜先核对'
    >>> few = SimpleNamespace(cut=90.0, width=1.0, below=1, above=3, p=0.688, cannot_tell=None)
    >>> bunching(few, "优秀").text.zh
    '优秀线(90分)上方1分内3人，下方1分内1人，人数太少，看不出是否偏多'
    """
    n = found.below + found.above
    if n == 0:
        return None
    line, reach = f"{grade}线({found.cut:g}分)" if grade else f"{found.cut:g}分线", f"{found.width:g}"
    beside = Text(
        f"{line}上方{reach}分内{found.above}人，下方{reach}分内{found.below}人",
        f"within {reach} of the line of {grade or 'the cut'} ({found.cut:g}): {found.above} above, {found.below} below",
    )
    rest, sure, weight = _bunched(found, n)
    figures = {"above": float(found.above), "below": float(found.below), "p": float(found.p)}
    return Finding("thresholds.bunching", join_sentence([beside, rest]), n, sure, weight, figures)


def _bunched(found: Bunching, n: int) -> tuple[Text, Sure, float]:
    """Return what the test says, how sure it is, and how much hangs on it."""
    p = float(found.p)
    if found.cannot_tell is not None:
        why = found.cannot_tell
        return Text(f"看不出是否偏多：{why.zh}", f"whether that is many cannot be told: {why.en}"), "unclear", 0.05
    if p != p or n < _TELLING:
        return Text("人数太少，看不出是否偏多", "too few to tell whether that is many"), "unclear", 0.05
    if p >= _SIGNIFICANT:
        return Text(f"没有看出偏多({odds(p)})", f"no more above than expected ({odds(p)})"), "within_chance", 0.15
    said = Text(
        f"上方多于平滑分布的预期({odds(p)})；名额、取整、封顶也会造成，宜先核对",
        f"more above than a smooth distribution would have ({odds(p)}); quotas, rounding and caps do that too",
    )
    return said, "beyond_chance", 0.7


def line(table: pd.DataFrame, grade: str, cut: float, found: Bunching | None = None) -> Finding | None:
    """Say in one sentence who reaches a line, what a point would change, and whether many stand just above it.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.pass_curve`` returned, with the line among its cuts.
    grade, cut : str, float
        The line.
    found : Bunching, optional
        What ``thresholds.bunching`` returned for it, one point wide.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"cut": [89.0, 90, 91], "n_at_least": [86, 75, 42], "share": [0.86, 0.75, 0.42]})
    >>> many = SimpleNamespace(cut=90.0, width=1.0, below=11, above=33, p=1e-6, cannot_tell=None)
    >>> line(table, "优秀", 90.0, many).text.zh.split("；")[:2]
    ['优秀线(90分)上有75人(75.0%)', '提高1分减少33人，降低1分增加11人']
    """
    reached = pass_curve(table, {grade: cut})
    if reached is None or found is None or found.below + found.above == 0:
        return reached
    rest, sure, weight = _bunched(found, found.below + found.above)
    if sure == "unclear":
        return reached
    above = f"线{rest.zh}" if sure == "beyond_chance" else f"线上1分内{rest.zh}"
    text = join_sentence([reached.text, Text(above, rest.en)], _PAUSE)
    figures = {**reached.figures, "p": float(found.p)}
    if sure != "beyond_chance":
        return replace(reached, text=text, figures=figures)
    return Finding("thresholds.bunching", text, reached.size, sure, max(weight, reached.weight), figures)


# ---------------------------------------------------------------- whether groups reach it alike


def selection_rates(table: pd.DataFrame, grade: str = "", *, hidden: int = 0) -> Finding | None:
    """Say how far the groups' rates lie apart, and which differ from the reference by more than chance.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.selection_rates`` returned.
    grade : str
        What the rate is of.
    hidden : int
        Groups that may not be shown beside those withheld.

    Returns
    -------
    Finding or None
        ``None`` with fewer than two groups to show.

    Examples
    --------
    >>> rows = {"n": [20, 20], "rate": [0.5, 0.4], "p": [float("nan"), 0.7], "withheld": False}
    >>> table = pd.DataFrame(rows, index=["一", "二"])
    >>> selection_rates(table, "优秀").text.zh
    '各组优秀率在40.0%至50.0%之间，没有一组的差别超出偶然波动'
    """
    held = table[~table["withheld"].astype("bool")]
    reach = ends(held["rate"].astype("float64"), "share")
    if reach is None:
        return None
    what, left = grade or "达标", hidden + len(table) - len(held)
    p = held["p_holm"] if "p_holm" in held else held["p"] * max(int(held["p"].notna().sum()), 1)
    out = held[(p.astype("float64") < _SIGNIFICANT).fillna(False)]
    span = reach.span()
    first = Text(f"各组{what}率{span.zh}", f"rates of {what} by group {span.en}")
    named = bracket_names([(name, format_value(float(rate), "share")) for name, rate in out["rate"].items()])
    rest = (
        Text(f"差别超出偶然波动的有{named.zh}", f"beyond chance: {named.en}")
        if len(out)
        else None
        if reach.alike
        else Text("没有一组的差别超出偶然波动", "none differs by more than chance")
    )
    few = Text(f"另有{left}组不予显示", f"{left} groups are not shown") if left else None
    figures = {"top": reach.top, "bottom": reach.bottom, "outside": float(len(out))}
    sure: Sure = "beyond_chance" if len(out) else "within_chance"
    text = join_sentence([join_sentence([first, rest]), few], _PAUSE)
    about = tuple(map(str, out.index))
    return Finding(
        "thresholds.selection_rates", text, int(held["n"].sum()), sure, 0.6 if about else 0.2, figures, about
    )


# ---------------------------------------------------------------- how sure a grade is


def accuracy(found: Classification) -> Finding | None:
    """Say what share would keep its grade if everything were assessed once more.

    Examples
    --------
    >>> found = Classification(0.92, 0.87, pd.DataFrame(), 0.8, accuracy_regressed=0.9, consistency_regressed=0.85)
    >>> accuracy(found).text.zh
    '只按分数线划等，若再评一次，预期85.0%的人等次不变；90.0%的人等次与真分数相符'
    """
    regressed = found.accuracy_regressed, found.consistency_regressed
    return _again("thresholds.accuracy", *regressed, len(found.probabilities))


def livingston_lewis(found: LivingstonLewis) -> Finding | None:
    """Say what share would keep its grade if everything were assessed once more, by a model of true scores."""
    return _again("thresholds.livingston_lewis", found.accuracy, found.consistency, 0)


def _again(chart: str, right: float, twice: float, n: int) -> Finding | None:
    if right != right or twice != twice:
        return None
    text = Text(
        f"只按分数线划等，若再评一次，预期{format_value(twice, 'share')}的人等次不变；"
        f"{format_value(right, 'share')}的人等次与真分数相符",
        f"by cut scores alone, assessed once more, {format_value(twice, 'share')} would be expected to keep "
        "their grade; "
        f"{format_value(right, 'share')} are graded as their true score",
    )
    return Finding(chart, text, n, "estimated", 0.3, {"accuracy": right, "consistency": twice})


# ---------------------------------------------------------------- whose grade hangs on what


def readings(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> Finding | None:
    """Say how many readings of the text move grades, and which moves most.

    Parameters
    ----------
    table : DataFrame
        What ``thresholds.readings`` returned, with how many each reading moves.
    labels : mapping of str to str
        What the readings are called.

    Examples
    --------
    >>> table = pd.DataFrame({"member_id": ["1", "2", "1"]})
    >>> table = Readings(summary={"strict": 2, "floored": 1, "other": 0}).on(table)
    >>> readings(table, {"strict": "从严"}).text.zh
    '3种读法中有2种会改变等次；影响最大的是从严(2人次)'
    """
    counts, names = Readings.read(table).summary, labels or {}
    if not counts:
        return None
    moved = {name: n for name, n in counts.items() if n}
    if not moved:
        text = Text(f"{len(counts)}种读法都不改变任何人的等次", f"no reading of {len(counts)} changes a grade")
        return Finding("thresholds.readings", text, 0, "counted", 0.1, {"moved": 0.0})
    most = max(moved.values())
    first = tuple(name for name, n in moved.items() if n == most)
    called = list_names([names.get(name, name) for name in first])
    text = join_sentence(
        [
            Text(
                f"{len(counts)}种读法中有{len(moved)}种会改变等次",
                f"{len(moved)} of {len(counts)} readings change grades",
            ),
            Text(f"影响最大的是{called.zh}({most}人次)", f"most by {called.en} ({most})"),
        ],
        _PAUSE,
    )
    return Finding(
        "thresholds.readings",
        text,
        len(table),
        "counted",
        0.4,
        {"moved": float(len(moved)), "most": float(most)},
        first,
    )


def near_cut(table: pd.DataFrame) -> Finding | None:
    """Say how many stand just short of a grade, and how many of them for one item; of fewer than five not how many.

    Examples
    --------
    >>> near_cut(pd.DataFrame({"distance": [0.2, 0.9] * 5, "item": ["daily.dues", None] * 5})).text.zh
    '距上一等次不到1分的有10人次，其中5人次只差一个项目的失分'
    """
    if table.empty:
        return None
    n, single, far = len(table), int(table["item"].notna().sum()), float(table["distance"].max())
    within = max(1, -int(-round(far, _GRAIN) // 1))
    bound = Text("以内", "within") if round(far, _GRAIN) == within else Text("不到", "less than")
    near = f"{within}分以内" if bound.zh == "以内" else f"不到{within}分"
    many = Text(f"有{n}人次", f"{n}") if n >= _LEAST else Text(f"不足{_LEAST}人次", f"fewer than {_LEAST}")
    text = join_sentence(
        [
            Text(
                f"距上一等次{near}的{many.zh}",
                f"{many.en} are {bound.en} {within} point{'s' * (within > 1)} short of the next grade",
            ),
            Text(f"其中{single}人次只差一个项目的失分", f"{single} of them for one item alone")
            if min(single, n - single or _LEAST) >= _LEAST
            else None,
        ]
    )
    return Finding("thresholds.near_cut", text, n, "counted", 0.4, {"n": float(n), "single": float(single)})


_LEAST = 5
"""Members below whom a number is not told, as in the charts."""


def quota_audit(table: pd.DataFrame) -> Finding | None:
    """Say how many met a line and lost the grade to its quota.

    Examples
    --------
    >>> rows = {"tied": [True, False], "kept_if_rounded": False, "kept_if_pooled": True}
    >>> quota_audit(pd.DataFrame(rows | {"member_id": ["1", "2"]})).text.zh
    '2人次达到分数线而因名额未得该等次，其中1人次因并列；名额如全体统算，可保留2人次'
    """
    n = len(table)
    if n == 0:
        text = Text("没有人达到分数线而因名额落选", "nobody met a line and lost the grade to its quota")
        return Finding("thresholds.quota_audit", text, 0, "counted", 0.1, {"lost": 0.0})
    tied, pooled = int(table["tied"].sum()), int(table["kept_if_pooled"].sum())
    first = join_sentence(
        [
            Text(f"{n}人次达到分数线而因名额未得该等次", f"{n} met a line and lost the grade to its quota"),
            Text(f"其中{tied}人次因并列", f"{tied} of them by a tie") if tied else None,
        ]
    )
    rest = Text(f"名额如全体统算，可保留{pooled}人次", f"pooled, the quota would keep {pooled}") if pooled else None
    figures = {"lost": float(n), "tied": float(tied), "pooled": float(pooled)}
    return Finding("thresholds.quota_audit", join_sentence([first, rest], _PAUSE), n, "counted", 0.75, figures)
