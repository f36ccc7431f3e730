"""What the frames of ``analysis.generalizability`` say."""

from __future__ import annotations

import math

import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.findings.finding import Finding, Sure
from jifen_analysis.findings.saying import ENOUGH, format_value, join_sentence
from jifen_analysis.summaries import DStudy

_PAUSE = ("；", "; ")
_VAGUE = 0.4
"""A coefficient whose interval is wider says little."""


def d_study(table: pd.DataFrame) -> Finding | None:
    """Say how dependable marks are over today's evaluators, how many it would take, and whose grade is settled.

    Parameters
    ----------
    table : DataFrame
        What ``generalizability.d_study`` returned.

    Returns
    -------
    Finding or None
        ``None`` where the study has fewer than five persons.

    Examples
    --------
    >>> row = {"evaluators": 3, "periods": 1, "phi": 0.7, "phi_low": 0.6, "phi_high": 0.78, "sem": 4.0, "settled": 0.6}
    >>> table = pd.DataFrame([row])
    >>> table = DStudy(persons=90, evaluators=3, needed={1: 6}, target=0.8).on(table)
    >>> d_study(table).text.zh
    '3类主体评1期，可靠性Φ=0.70(95%区间0.60至0.78)，标准误4.0分；照此估计要到0.80须6类主体；离线远于误差、等次不因谁评而变的占60%'
    """
    facts = DStudy.read(table)
    if facts.persons < ENOUGH:
        return None
    today = table[table["evaluators"] == facts.evaluators]
    row = (today if len(today) else table).iloc[0]
    many, times = int(row["evaluators"]), int(row["periods"])
    span = f"{row['phi_low']:.2f}", f"{row['phi_high']:.2f}"
    now = Text(
        f"{many}类主体评{times}期，可靠性Φ={row['phi']:.2f}(95%区间{span[0]}至{span[1]})，标准误{format_value(row['sem'])}分",
        f"over {many} evaluators and {times} period{'s' * (times > 1)} phi is {row['phi']:.2f} "
        f"(95% interval {span[0]} to {span[1]}), the standard error {format_value(row['sem'])}",
    )
    text = join_sentence([now, _needed(table, many, times), _settled(float(row["settled"]))], _PAUSE)
    sure: Sure = "unclear" if row["phi_high"] - row["phi_low"] > _VAGUE else "estimated"
    figures = {name: float(row[name]) for name in ("phi", "sem", "settled")}
    return Finding("generalizability.d_study", text, facts.persons, sure, 0.5, figures)


def _needed(table: pd.DataFrame, many: int, times: int) -> Text:
    target, needed = f"{DStudy.read(table).target:.2f}", DStudy.read(table).needed.get(times)
    most = int(table["evaluators"].max())
    if needed is None:
        return Text(f"照此估计增到{most}类也不到{target}", f"by this estimate not even {most} reach {target}")
    if needed <= many:
        return Text(f"照此估计到{target}有{needed}类就够", f"by this estimate {needed} are enough for {target}")
    return Text(f"照此估计要到{target}须{needed}类主体", f"by this estimate {target} takes {needed}")


def _settled(share: float) -> Text | None:
    if math.isnan(share):
        return None
    return Text(
        f"离线远于误差、等次不因谁评而变的占{share:.0%}",
        f"{share:.0%} lie farther from a cut than the error, whoever marks them",
    )
