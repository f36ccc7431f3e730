"""What the frames of ``analysis.equating`` say."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from jifen_analysis.errors import NOTHING, Text
from jifen_analysis.findings.finding import Finding, Sure
from jifen_analysis.findings.saying import format_value, join_sentence
from jifen_analysis.summaries import Equivalents

_PAUSE = ("；", "; ")


def equivalents(table: pd.DataFrame, cuts: Mapping[str, float] | None = None) -> Finding | None:
    """Say which total of the year before stands where a cut score stands this year, and on what assumption.

    Parameters
    ----------
    table : DataFrame
        What ``equating.equivalents`` returned.
    cuts : mapping of grade to cut score, optional
        The first that the table tells of is spoken of; default the middle score.

    Returns
    -------
    Finding or None
        ``None`` where the table tells of no cut score: too few members lie above or below.

    Examples
    --------
    >>> row = {"method": "equipercentile", "score": 90.0, "equivalent": 88.4, "low": 87.6, "high": 89.2}
    >>> table = pd.DataFrame([row])
    >>> table = Equivalents(design="same", n_before=260, n_after=260).on(table)
    >>> equivalents(table, {"优秀": 90}).text.zh
    '今年90.0分(优秀线)的位次，上年只要88.4分(95%区间87.6至89.2)；前提是两年都有总分的260人整体没有变化，真的进步了，差的就是进步'
    """
    known = table[table["method"] == "equipercentile"].dropna(subset="equivalent")
    rows = known[known["score"].round(6).isin([round(float(cut), 6) for cut in (cuts or {}).values()])]
    if known.empty or (cuts and rows.empty):
        return None
    row = rows.iloc[-1] if cuts else known.iloc[len(known) // 2]
    score, there = float(row["score"]), float(row["equivalent"])
    told = _told(row, _line(score, cuts or {}))
    beyond = not row["low"] <= score <= row["high"]
    sure: Sure = "beyond_chance" if beyond else "within_chance"
    figures = {"score": score, "equivalent": there, "low": float(row["low"]), "high": float(row["high"])}
    text, size = join_sentence([told, _assumed(table)], _PAUSE), Equivalents.read(table).n_after
    return Finding("equating.equivalents", text, size, sure, 0.5 if beyond else 0.2, figures)


def _line(score: float, cuts: Mapping[str, float]) -> Text:
    named = next((grade for grade, cut in cuts.items() if round(float(cut), 6) == round(score, 6)), "")
    line = Text(f"({named}线)", f" (the cut for {named})") if named else NOTHING
    return Text(f"今年{format_value(score)}分{line.zh}的位次", f"{format_value(score)} points{line.en} this year")


def _told(row: pd.Series, head: Text) -> Text:
    there, span = format_value(row["equivalent"]), (format_value(row["low"]), format_value(row["high"]))
    within = Text(f"(95%区间{span[0]}至{span[1]})", f" (95% interval {span[0]} to {span[1]})")
    if row["low"] <= row["score"] <= row["high"]:
        return Text(
            f"{head.zh}，上年约为{there}分{within.zh}，看不出两年的分不一样",
            f"{head.en} stand where about {there} stood the year before{within.en}: no difference is seen",
        )
    how = ("只要", "only") if row["high"] < row["score"] else ("要", "no less than")
    return Text(
        f"{head.zh}，上年{how[0]}{there}分{within.zh}",
        f"{head.en} stand where {how[1]} {there} stood the year before{within.en}",
    )


def _assumed(table: pd.DataFrame) -> Text:
    facts = Equivalents.read(table)
    if facts.design == "same":
        return Text(
            f"前提是两年都有总分的{facts.n_after}人整体没有变化，真的进步了，差的就是进步",
            f"taking the {facts.n_after} members of both years to be what they were; "
            "where they truly improved, that is the difference",
        )
    return Text(
        f"前提是两年的{facts.n_before}人与{facts.n_after}人整体一样好，不是这样，差的就不是分数的宽严",
        f"taking the {facts.n_before} and the {facts.n_after} members to be equally good on the whole; "
        "where they are not, scores did not become easier or harder",
    )
