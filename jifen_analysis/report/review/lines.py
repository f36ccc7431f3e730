"""Whose grade hangs on a point, on a quota, or on how a sentence is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from jifen_analysis.analysis import thresholds
from jifen_analysis.errors import Text
from jifen_analysis.findings import Finding
from jifen_analysis.findings import thresholds as say_thresholds
from jifen_analysis.report.review.cells import hidden_note, masked_count, period_label
from jifen_analysis.report.review.model import Block, Table
from jifen_analysis.report.review.review_data import ReviewData

QUOTA = "quota_audit"
"""The key of the table on quotas."""


def near_line(facts: ReviewData) -> Block:
    """临线人数: within a point of the next grade."""
    say = facts.voice.say
    close = thresholds.near_cut(Inside(facts), margin=1)
    counts = close.groupby(["period", "grade_by_total"], observed=True).size().rename("n").reset_index()
    wholes = facts.inside.groupby(["period", "grade_by_total"], observed=True).size()
    rows = tuple(
        (
            period_label(facts, period),
            str(grade),
            masked_count(facts, n if _told(facts, period, str(grade)) else pd.NA, int(wholes[period, grade])),
        )
        for period, grade, n in counts.itertuples(index=False, name=None)
        if n
    )
    headers = (say("考核期", "period"), say("按分等次", "grade by total"), say("差1分以内", "within 1 point"))
    if not rows:
        return say("没有人距上一等次1分以内。", "Nobody is within a point of the next grade.")
    return Table(say("临线人数", "Within a point of the next grade"), headers, rows, 1, hidden_note(facts, rows))


def _told(facts: ReviewData, period: str, grade: str) -> bool:
    """Return whether the figures of the same totals tell how many lie within a point of the next grade."""
    if facts.with_names or period != facts.period:
        return True
    cut = facts.cuts[facts.grades[facts.grades.index(grade) - 1]]
    return {cut - 1, cut} <= set(facts.marks)


def quota(facts: ReviewData) -> Block:
    """名额核查: who met the line and lost to the quota."""
    say = facts.voice.say
    if not any(grade.quota for grade in facts.book.grades.values()):
        return say("本方案的等次没有名额限制。", "The scheme's grades have no quota.")
    lost = thresholds.quota_audit(Inside(facts))
    rows = tuple((what, masked_count(facts, n)) for what, n in _quota_counts(facts, lost).items())
    headers = (say("情形", "case"), say("人次", "cases"))
    return Table(say("名额核查", "Quota audit"), headers, rows, 1, hidden_note(facts, rows), QUOTA)


def lost_to_quota(facts: ReviewData) -> Finding | None:
    """Say how many met a line and lost its grade to the quota, where that may be told."""
    if not any(grade.quota for grade in facts.book.grades.values()):
        return None
    lost = thresholds.quota_audit(Inside(facts))
    if lost.empty or pd.isna(next(iter(_quota_counts(facts, lost).values()))) or facts.sayable(len(lost)) is None:
        return None
    found = say_thresholds.quota_audit(lost.assign(tied=False, kept_if_pooled=False))
    mine = lost[(lost["period"] == facts.period) & (lost["grade_by_total"].astype("object") == facts.top)]
    cut = facts.cuts.get(facts.top or "")
    if found is None or len(mine) != len(lost) or cut not in facts.marks:
        return found
    reached, n = int((facts.ranked["total"].round(6) >= round(cut, 6)).sum()), len(mine)
    text = Text(
        f"达到{facts.top}线({cut:g}分)的{reached}人中,{n}人因名额未得{facts.top}",
        f"of {reached} who reach the line of {facts.top} ({cut:g}), {n} lost the grade to its quota",
    )
    return replace(found, text=text, size=reached, weight=0.8)


def _quota_counts(facts: ReviewData, lost: pd.DataFrame) -> Mapping[str, Any]:
    """Count those lost, and which part of them; a part is hidden where few are not in it.

    All are hidden where the others who reach a line without its grade, for a clause forced another, would be few.
    """
    say = facts.voice.say
    n = len(lost)
    parts = {
        say("其中因并列", "of these by a tie"): int(lost["tied"].sum()),
        say("名额如四舍五入则可保留", "kept if places were rounded"): int(lost["kept_if_rounded"].sum()),
        say("名额如全体统算则可保留", "kept if places were pooled"): int(lost["kept_if_pooled"].sum()),
    }
    kept = {what: part if facts.sayable(part, n) is not None else pd.NA for what, part in parts.items()}
    counts = {say("达线而未得名额", "met the line, lost to the quota"): n, **kept}
    return dict.fromkeys(counts, pd.NA) if _few_others(facts, lost) else counts


def _few_others(facts: ReviewData, lost: pd.DataFrame) -> bool:
    """Return whether few reach a line without its grade for another cause than the quota, such as a forced grade."""
    place = {grade: at for at, grade in enumerate(facts.grades)}
    mine = lost[lost["period"] == facts.period]
    was, is_now = (mine[name].astype("object").map(place) for name in ("grade_by_total", "grade"))
    for grade, count in facts.beyond.items():
        n = int(((was <= place[grade]) & (is_now > place[grade])).sum())
        if n and facts.sayable(abs(count - n)) is None:
            return True
    return False


def readings(facts: ReviewData) -> Block:
    """文义歧义: how many each reading of the text would move."""
    say, scheme = facts.voice.say, facts.result.scheme
    if facts.result.records is None or not scheme.book.readings:
        return say("本方案没有登记其他读法。", "The scheme lists no other readings.")
    unread = [name for name in scheme.book.readings if name not in scheme.applied]
    table = thresholds.readings(facts.result.records, scheme)
    moved = table[table["period"].str.startswith(str(facts.year))].groupby("variant").member_id.nunique()
    titles = {name: scheme.book.readings[name].title or name for name in unread}
    graded = int(facts.now["grade"].notna().sum())
    rows = tuple((title, masked_count(facts, int(moved.get(name, 0)), graded)) for name, title in titles.items())
    headers = (say("另一种读法", "reading"), say("等次变动人数", "members whose grade changes"))
    return Table(
        say("文义不同读法的影响", "What other readings would move"), headers, rows, 1, hidden_note(facts, rows)
    )


class Inside:
    """The result, the year's periods only."""

    def __init__(self, facts: ReviewData) -> None:
        self.scheme, self.table = facts.result.scheme, facts.inside
        ledger = facts.result.ledger
        self.ledger = ledger[ledger["period"].isin(facts.inside["period"].unique())]
