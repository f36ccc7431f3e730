"""What the frames of ``analysis.raters`` say: what was found and how sure, never who did what."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding, Sure
from jifen_analysis.findings.saying import ENOUGH, bracket_names, join_sentence, odds
from jifen_analysis.summaries import Concordance

_PAUSE = ("；", "; ")

_CAUSE = Text(
    "统一评定、照抄名单、打分档次少或填表方式都会这样，宜查看原始评议票",
    "a common decision, marks carried over, few marks to choose from or the way of filling in make it so too: "
    "look at the original ballots",
)


def concordance(table: pd.DataFrame) -> Finding | None:
    """Say how far raters agree, and whether that is more than chance.

    Parameters
    ----------
    table : DataFrame
        What ``raters.concordance`` returned.

    Returns
    -------
    Finding or None
        ``None`` for fewer than five persons.

    Examples
    --------
    >>> table = pd.DataFrame({"value": [0.849], "low": [0.5], "high": [0.95], "p": [0.01]}, index=["alpha_interval"])
    >>> table = Concordance(persons=12, raters=4).on(table)
    >>> concordance(table).text.zh
    '4个主体对同一批人的评分，Krippendorff α=0.85(0.50至0.95)，超出偶然(p=0.010)'
    """
    known = Concordance.read(table)
    row = table[["value", "low", "high", "p"]].astype("float64").loc["alpha_interval"].to_dict()
    if known.persons < ENOUGH or np.isnan([row["value"], row["low"], row["high"]]).any():
        return None
    beyond = row["p"] < 0.05
    value, low, high = (f"{row[name]:.2f}" for name in ("value", "low", "high"))
    zh, en = ("超出偶然", "beyond chance") if beyond else ("未超出偶然", "within chance")
    text = Text(
        f"{known.raters}个主体对同一批人的评分，Krippendorff α={value}({low}至{high})，{zh}({odds(row['p'])})",
        f"{known.raters} raters of the same persons: Krippendorff's alpha={value} ({low} to {high}), "
        f"{en} ({odds(row['p'])})",
    )
    sure: Sure = "beyond_chance" if beyond else "within_chance"
    return Finding("raters.concordance", text, known.persons, sure, 0.3, {"alpha": row["value"]})


def repeated_rows(table: pd.DataFrame) -> Finding | None:
    """Say in which groups rows of marks repeat each other beyond chance, what else makes that, and what to look at.

    Parameters
    ----------
    table : DataFrame
        What ``raters.repeated_rows`` returned, or those of its rows that may be shown.

    Returns
    -------
    Finding or None
        ``None`` where every group is withheld.

    Examples
    --------
    >>> rows = {"group": ["一"], "n": [20], "repeated": [10], "straight": [0], "stands": ["repeated"]}
    >>> repeated_rows(pd.DataFrame(rows | {"withheld": False})).text.zh
    '整行分数与别人相同多于偶然的有一(10行)；统一评定、照抄名单、打分档次少或填表方式都会这样，宜查看原始评议票'
    """
    held = table[~table["withheld"].astype("bool")]
    if held.empty:
        return None
    said = [
        _kind(held, "repeated", Text("整行分数与别人相同", "rows equal to another's")),
        _kind(held, "straight", Text("整行只有一个分数", "rows of one mark throughout")),
    ]
    found = held[held["stands"] != ""]
    text = _none_found(held) if found.empty else join_sentence([*said, _CAUSE], _PAUSE)
    none: Sure = "within_chance" if (held["n"] >= _TOLD).any() else "unclear"
    sure: Sure = none if found.empty else "beyond_chance"
    figures = {"groups": float(len(found))}
    weight = 0.1 if found.empty else 0.6
    about = tuple(map(str, found["group"]))
    return Finding("raters.repeated_rows", text, int(held["n"].sum()), sure, weight, figures, about)


_TOLD = 12
"""Rows of a group from which copies are told from raters who agree."""


def _none_found(held: pd.DataFrame) -> Text:
    """Say that nothing is beyond chance, and of how many groups that could not have been seen."""
    few, groups = int((held["n"] < _TOLD).sum()), len(held)
    if few == groups:
        return Text(
            f"{groups}组的评分都不足{_TOLD}行，整行相同的是否多于偶然，看不出来",
            f"{groups} groups have fewer than {_TOLD} rows each: whether more of them are equal than by chance "
            "cannot be told",
        )
    less = Text(f"(其中{few}组不足{_TOLD}行，看不出来)", f" (of {few} with fewer than {_TOLD} rows it cannot be told)")
    zh, en = less if few else ("", "")
    return Text(
        f"{groups}组的评分中，整行相同或整行一个分数的都未超出偶然{zh}",
        f"in {groups} groups no more rows are equal, or of one mark throughout, than by chance{en}",
    )


def _kind(held: pd.DataFrame, kind: str, what: Text) -> Text | None:
    rows = held[held["stands"].isin([kind, "both"])]
    if rows.empty:
        return None
    named = bracket_names(
        [(group, f"{count:.0f}") for group, count in zip(rows["group"], rows[kind], strict=True)], "行"
    )
    return Text(f"{what.zh}多于偶然的有{named.zh}", f"more {what.en} than by chance: {named.en}")
