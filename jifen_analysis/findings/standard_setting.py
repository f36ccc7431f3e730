"""What the results of ``analysis.standard_setting`` say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from jifen_analysis.errors import NOTHING, Text
from jifen_analysis.findings.finding import Finding, Sure
from jifen_analysis.findings.saying import format_value
from jifen_analysis.summaries import CutMoves, StandardSetting

SOURCES = {
    "angoff": Text("按{n}名评委对各项的估计", "by what {n} judges expect of each item"),
    "contrasting_groups": Text("按{n}人够不够格的归组", "by who of {n} members is held to deserve it"),
    "borderline_regression": Text("按{n}人的总体评定", "by the overall ratings of {n} members"),
    "hofstee": Text("按{n}名评委能接受的范围", "by what {n} judges can accept"),
}


def cut_score(found: StandardSetting, moved: pd.DataFrame) -> Finding:
    """Say where judgement would draw the line, how sure that is, where it is today, and who would move.

    Parameters
    ----------
    found : StandardSetting
        What a method of ``standard_setting`` returned.
    moved : DataFrame
        What ``standard_setting.moves`` returned for its cut score.

    Examples
    --------
    >>> from jifen_analysis.analysis.standard_setting import StandardSetting
    >>> found = StandardSetting("angoff", 92.0, 0.5, 90.9, 93.1, 9, {})
    >>> moved = pd.DataFrame([[70, 12], [0, 18]], ["优秀", ""], ["优秀", ""])
    >>> moved = CutMoves(grade="优秀", today=90.0, cut=92.0).on(moved)
    >>> cut_score(found, moved).text.zh
    '按9名评委对各项的估计，优秀线在92.0分(95%区间90.9至93.1)，今天的线是90.0分；只看总分，照它改升0人、降12人'
    """
    facts, counts = CutMoves.read(moved), moved.to_numpy()
    up, down = int(np.tril(counts, -1).sum()), int(np.triu(counts, 1).sum())
    inside = found.low <= facts.today <= found.high
    source, cut, today = SOURCES[found.method], format_value(found.cut), format_value(facts.today)
    span = format_value(found.low), format_value(found.high)
    also = Text("，在区间之内", ", within it") if inside else NOTHING
    text = Text(
        f"{source.zh.format(n=found.n)}，{facts.grade}线在{cut}分(95%区间{span[0]}至{span[1]})，"
        f"今天的线是{today}分{also.zh}；只看总分，照它改升{up}人、降{down}人",
        f"{source.en.format(n=found.n)}, the cut for {facts.grade} is {cut} (95% interval {span[0]} to {span[1]}), "
        f"today's is {today}{also.en}; by totals alone {up} would rise and {down} fall",
    )
    figures = {"cut": found.cut, "low": found.low, "high": found.high, "today": facts.today}
    chart = f"standard_setting.{found.method}"
    sure: Sure = "within_chance" if inside else "beyond_chance"
    return Finding(chart, text, int(counts.sum()), sure, 0.2 if inside else 0.5, figures | {"up": up, "down": down})
