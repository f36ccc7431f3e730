"""What the frames of ``analysis.sensitivity`` say."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding, Sure
from jifen_analysis.findings.saying import ENOUGH, format_value, join_sentence, list_names
from jifen_analysis.summaries import Choices

_PAUSE = ("；", "; ")
FACTORS = {
    "weights": Text("各板块的占比", "the shares of the components"),
    "missing": Text("缺一类评议时怎样补", "what stands in for missing evaluators"),
    "reading": Text("条文怎样读", "how the text is read"),
}


def factor(code: str) -> Text:
    """Return what a choice is called.

    Examples
    --------
    >>> factor("cut.优秀").zh, factor("reading").en
    ('“优秀”线', 'how the text is read')
    """
    grade = code.partition("cut.")[2]
    return Text(f"“{grade}”线", f"the cut for {grade}") if grade else FACTORS.get(code, Text(code, code))


def choices(table: pd.DataFrame) -> Finding | None:
    """Say which choice moves the grades most, how many, and within which ranges.

    Parameters
    ----------
    table : DataFrame
        What ``sensitivity.choices`` returned.

    Returns
    -------
    Finding or None
        ``None`` for fewer than five members.

    Examples
    --------
    >>> row = {"factor": "cut.优秀", "total": 0.7, "total_low": 0.6, "total_high": 0.8, "moved": 0.08}
    >>> other = {"factor": "weights", "total": 0.4, "total_low": 0.3, "total_high": 0.5, "moved": 0.05}
    >>> table = pd.DataFrame([row, other])
    >>> table = Choices(members=200, still=150, shares=0.05, cuts=1.0, readings=[]).on(table)
    >>> choices(table).text.zh
    '最能改变等次的是“优秀”线(占等次变动的70%，单改它平均动8.0%的人)；怎样取都不变的占75%；取法限于占比±5个百分点、分数线±1.0分'
    """
    facts = Choices.read(table)
    if facts.members < ENOUGH:
        return None
    still = facts.still / facts.members
    figures = {"still": still}
    if table["total"].isna().all():
        text = join_sentence(
            [Text("这些取法都动不了任何人的等次", "no choice moves any grade"), _within(table)], _PAUSE
        )
        return Finding("sensitivity.choices", text, facts.members, "estimated", 0.2, figures)
    best = table.iloc[0]
    apart = bool((table["total_high"].iloc[1:] < best["total_low"]).all())
    kept = Text(
        f"怎样取都不变的占{format_value(still, 'share', 0)}", f"{format_value(still, 'share', 0)} keep theirs under all"
    )
    text = join_sentence([_most(table, apart=apart), kept, _within(table)], _PAUSE)
    sure: Sure = "estimated" if apart else "unclear"
    figures |= {"total": float(best["total"]), "moved": float(best["moved"])}
    return Finding("sensitivity.choices", text, facts.members, sure, 0.5, figures, (str(best["factor"]),))


def _most(table: pd.DataFrame, *, apart: bool) -> Text:
    """Name the choice that decides most, or those between which it cannot be told."""
    best = table.iloc[0]
    if not apart:
        level = table[table["total_high"] >= best["total_low"]]
        names = [factor(str(code)) for code in level["factor"]]
        return Text(
            f"最能改变等次的在{list_names([name.zh for name in names]).zh}之中，分不出高下",
            f"most moves by one of {list_names([name.en for name in names]).en}, which cannot be told apart",
        )
    name, moved = factor(str(best["factor"])), format_value(best["moved"], "share")
    share = format_value(min(best["total"], 1), "share", 0)  # an estimate may lie above what can be
    return Text(
        f"最能改变等次的是{name.zh}(占等次变动的{share}，单改它平均动{moved}的人)",
        f"grades move most by {name.en} ({share} of the variance; alone it moves {moved} of the members)",
    )


def _within(table: pd.DataFrame) -> Text:
    facts, drawn = Choices.read(table), set(table["factor"])
    points = format_value(100 * facts.shares, digits=0 if float(100 * facts.shares).is_integer() else 1)
    ranges = [
        ("weights" in drawn, f"占比±{points}个百分点", f"shares ±{points} percentage points"),
        (
            any(one.startswith("cut.") for one in drawn),
            f"分数线±{format_value(facts.cuts)}分",
            f"cuts ±{format_value(facts.cuts)}",
        ),
        ("missing" in drawn, "缺评议的三种处理", "three treatments of missing evaluators"),
        ("reading" in drawn, f"{len(facts.readings) + 1}种读法", f"{len(facts.readings) + 1} readings"),
    ]
    said = [(zh, en) for there, zh, en in ranges if there]
    zh, en = "、".join(one for one, _ in said), ", ".join(one for _, one in said)
    return Text(f"取法限于{zh}", f"within {en}")
