"""What the frames of ``analysis.branches`` say."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding
from jifen_analysis.findings.saying import Ends, bracket_names, ends, format_value, hidden_rest, join_sentence
from jifen_analysis.summaries import Funnel, ShrunkenMeans

_SIGNIFICANT = 0.05


def funnel(table: pd.DataFrame, grade: str = "", *, hidden: int = 0) -> Finding | None:
    """Say which branches' rates lie beyond what chance allows at their size.

    Parameters
    ----------
    table : DataFrame
        What ``branches.funnel`` returned, or those of its rows that may be shown.
    grade : str
        What the rate is of.
    hidden : int
        Branches that may not be shown: then nobody is called the highest.

    Returns
    -------
    Finding or None
        ``None`` with fewer than two branches.

    Examples
    --------
    >>> rows = {"unit": ["一", "二"], "n": [10, 100], "rate": [0.9, 0.3], "flag": ["above_95", ""]}
    >>> table = pd.DataFrame(rows | {"z": [2.0, -0.5]})
    >>> table = Funnel(target=0.355).on(table)
    >>> funnel(table, "优秀").text.zh
    '计入人数之后，优秀率高于偶然波动的有一(90.0%)，其余1个支部在偶然波动之内；全体35.5%'
    """
    held = table[table["n"] > 0]
    reach = ends(held.set_index("unit")["rate"], "share")
    if reach is None:
        return None
    out = held[_flagged(held)]
    what, target = grade or "达标", Funnel.read(table).target
    head = _head(len(held), hidden)
    whole = Text(f"全体{format_value(target, 'share')}", f"{format_value(target, 'share')} for all")
    said = _all_within(reach, what) if out.empty else _out(out, len(held), what)
    text = join_sentence([Text(f"{head.zh}{said.zh}", f"{head.en}{said.en}"), whole, hidden_rest(hidden)], _PAUSE)
    figures = {"target": target, "top": reach.top, "bottom": reach.bottom, "outside": float(len(out))}
    sure, weight = ("within_chance", 0.35) if out.empty else ("beyond_chance", 0.8)
    about = tuple(map(str, out["unit"]))
    return Finding("branches.funnel", text, int(held["n"].sum()), sure, weight, figures, about)  # type: ignore[arg-type] # one of two


_PAUSE = ("；", "; ")


def _flagged(table: pd.DataFrame) -> pd.Series:
    """Return who is out of line: by the p adjusted for many branches where there is one, else by the limits."""
    if "p_holm" in table:
        return (table["p_holm"] < _SIGNIFICANT).fillna(False).astype("bool")
    return table["flag"] != ""


def _head(seen: int, hidden: int) -> Text:
    among = (f"可显示的{seen}个支部中，", f"of the {seen} branches that may be shown, ") if hidden else ("", "")
    return Text(f"计入人数之后，{among[0]}", f"size considered, {among[1]}")


def _all_within(reach: Ends, what: str) -> Text:
    span = reach.span()
    if reach.alike:
        return Text(f"各支部{what}率{span.zh}", f"the branches' rates of {what} {span.en}")
    return Text(
        f"各支部{what}率{span.zh}，都在偶然波动之内", f"the branches' rates of {what} {span.en}, all within chance"
    )


def _out(out: pd.DataFrame, size: int, what: str) -> Text:
    sides = [(out["z"] > 0, "高于", "above"), (out["z"] < 0, "低于", "below")]
    parts = [
        Text(f"{zh}偶然波动的有{_rated(out[side]).zh}", f"{en} chance: {_rated(out[side]).en}")
        for side, zh, en in sides
        if side.any()
    ]
    rest = size - len(out)
    others = Text(f"其余{rest}个支部在偶然波动之内", f"the other {rest} lie within it") if rest else None
    said = join_sentence([*parts, others])
    return Text(f"{what}率{said.zh}", f"rates of {what} {said.en}")


def _rated(rows: pd.DataFrame) -> Text:
    named = [(unit, format_value(rate, "share")) for unit, rate in zip(rows["unit"], rows["rate"], strict=True)]
    return bracket_names(named)


def shrunken_means(table: pd.DataFrame, *, hidden: int = 0) -> Finding | None:
    """Say which branches' means differ from the mean of all by more than chance.

    Parameters
    ----------
    table : DataFrame
        What ``branches.shrunken_means`` returned, or those of its rows that may be shown.
    hidden : int
        Branches that may not be shown.

    Returns
    -------
    Finding or None
        ``None`` with fewer than two branches.

    Examples
    --------
    >>> rows = {"n": [9, 9], "mean": [94.0, 80.0], "shrunken": [92.0, 82.0], "low": [89.0, 79.0], "high": [95.0, 85.0]}
    >>> table = pd.DataFrame(rows, index=["一", "二"])
    >>> table = ShrunkenMeans(icc=0.4, mean=87.0).on(table)
    >>> shrunken_means(table).text.zh
    '计入人数之后，平均分高于全体平均(87.0分)的有一(92.0分)，低于的有二(82.0分)；总分差别的40%在支部之间'
    """
    reach = ends(table["shrunken"])
    if reach is None:
        return None
    mean, icc = ShrunkenMeans.read(table).mean, ShrunkenMeans.read(table).icc
    above, below = table[table["low"] > mean], table[table["high"] < mean]
    text = join_sentence([_means(table, reach, mean, above, below, hidden), _share(icc), hidden_rest(hidden)], _PAUSE)
    about = (*map(str, above.index), *map(str, below.index))
    figures = {"mean": mean, "icc": icc, "top": reach.top, "bottom": reach.bottom, "outside": float(len(about))}
    sure, weight = ("beyond_chance", 0.6) if about else ("within_chance", 0.2)
    return Finding("branches.shrunken_means", text, int(table["n"].sum()), sure, weight, figures, about)  # type: ignore[arg-type] # one of two


def _share(icc: float) -> Text | None:
    if f"{icc:.0%}" == "0%":
        return None
    return Text(f"总分差别的{icc:.0%}在支部之间", f"{icc:.0%} of the variance of totals lies between branches")


def _means(
    table: pd.DataFrame, reach: Ends, mean: float, above: pd.DataFrame, below: pd.DataFrame, hidden: int
) -> Text:
    head = _head(len(table), hidden)
    whole = Text(f"全体平均({format_value(mean)}分)", f"the mean of all ({format_value(mean)})")
    if table["mean"].round(6).nunique() == 1:  # no difference is none of chance
        return Text(f"各支部平均分都是{format_value(mean)}分", f"the branches' means are all {format_value(mean)}")
    if not len(above) and not len(below):
        span = reach.span()
        if reach.alike:
            return Text(
                f"{head.zh}各支部平均分的差别都在偶然波动之内(收缩后同为{format_value(mean)}分)",
                f"{head.en}the branches' means differ by chance alone (shrunken, all are {format_value(mean)})",
            )
        return Text(
            f"{head.zh}各支部平均分{span.zh}，与{whole.zh}的差别都在偶然波动之内",
            f"{head.en}the branches' means {span.en}; none differs from {whole.en} by more than chance",
        )
    parts = [
        Text(f"高于{whole.zh}的有{_pointed(above).zh}", f"above {whole.en}: {_pointed(above).en}")
        if len(above)
        else None,
        Text(
            f"低于{'' if len(above) else whole.zh}的有{_pointed(below).zh}",
            f"below{' it' if len(above) else f' {whole.en}'}: {_pointed(below).en}",
        )
        if len(below)
        else None,
    ]
    said = join_sentence(parts)
    return Text(f"{head.zh}平均分{said.zh}", f"{head.en}means {said.en}")


def _pointed(rows: pd.DataFrame) -> Text:
    return bracket_names([(unit, format_value(mean)) for unit, mean in rows["shrunken"].items()], "分")
