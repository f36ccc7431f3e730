"""Whose marks lack a group of evaluators, and whether that gave or cost them points: counted, nobody alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.analysis import evaluators
from jifen_analysis.errors import Text
from jifen_analysis.findings import Finding
from jifen_analysis.findings import evaluators as say_evaluators
from jifen_analysis.report.review.cells import count_text, hidden_note
from jifen_analysis.report.review.lines import Inside
from jifen_analysis.report.review.model import Block, Table
from jifen_analysis.report.review.review_data import ReviewData
from jifen_analysis.summaries import PartialMarks

PARTIAL = "partial_marks"
"""The key of the table."""

_SAID = {
    "gained": Text("其中多得(补上该类主体打过的最高分也如此)", "of these gained, whatever its marks there so far"),
    "lost": Text("其中少得(补上该类主体打过的最低分也如此)", "of these lost, whatever its marks there so far"),
    "open": Text("其中多得少得说不准", "of these may have done either"),
    "unknown": Text("其中无从估计(该类主体在本支部没有评过任何人)", "of these unknown: the group marked nobody there"),
}


def partial_marks(facts: ReviewData) -> Block:
    """缺评: members marked without a group, by what that did to them at least and at most."""
    say, members = facts.voice.say, _members(facts)
    if members.empty:
        return say("没有人的评议缺哪一类主体。", "Nobody's marks lack a group of evaluators.")
    counts = _counts(facts, members)
    whole = say("评议缺一类以上主体", "marked without one group or more")
    rows = (
        (whole, count_text(_whole(facts, members))),
        *((say(*_SAID[kind]), count_text(n)) for kind, n in counts.items()),
    )
    title = say("评议缺一类主体的影响", "What a missing group of evaluators did")
    headers = (say("情形（全年各期合计）", "case (all periods of the year)"), say("人数", "members"))
    note = say(
        "缺的一类，其权重由其余主体分担；它会怎样打分无人知道，多得少得按它在本支部当期打过的最低分至最高分推算",
        "the weight of a missing group is shared out; how it would have marked nobody knows: what it gave or cost is "
        "bounded by its marks in the branch",
    )
    hidden = hidden_note(facts, rows)
    return Table(title, headers, rows, 1, say("；", "; ").join(filter(None, (note, hidden))), PARTIAL)


def missing_group(facts: ReviewData) -> Finding | None:
    """Say how many were marked without a group, and how that stands, as far as it may be told."""
    members = _members(facts)
    n = _whole(facts, members)
    if members.empty or pd.isna(n):
        return None
    found = say_evaluators.partial(members, unit=Text("人", ""))
    if found is None or not any(map(pd.isna, _counts(facts, members).values())):
        return found
    text = Text(
        f"{n}人的评议缺一类以上主体,其权重由其余主体分担;多得、少得的各有多少,因有的太少,不予显示",
        f"{n} are marked without a group, whose weight is shared out; how many gained and lost is not shown, as "
        "some are too few",
    )
    return replace(found, text=text, figures={"n": float(n)})


def _members(facts: ReviewData) -> pd.DataFrame:
    """Return a row for each member whose marks lack a group, all periods of the year together."""
    table = evaluators.partial(Inside(facts))
    ends = table.groupby("member_id")[["gain_low", "gain_high"]]
    known = ends.count().min(axis=1) == ends.size()
    low, high = (ends.sum()[end] for end in ("gain_low", "gain_high"))
    states = np.select([~known, low > _NONE, high < -_NONE], ["unknown", "gained", "lost"], "open")
    evaluated = int((facts.now["state"] == "assessed").sum())
    return PartialMarks(evaluated).on(pd.DataFrame({"stands": states}, index=low.index))


_NONE = 1e-6
"""Points that are none."""


def _whole(facts: ReviewData, members: pd.DataFrame) -> Any:
    told = facts.sayable(len(members), PartialMarks.read(members).evaluated)
    return pd.NA if told is None else told


def _counts(facts: ReviewData, members: pd.DataFrame) -> Mapping[str, Any]:
    """Count the members of each kind; where one is hidden, so many more that the whole does not give it back."""
    counts = {kind: int((members["stands"] == kind).sum()) for kind in _SAID}
    if pd.isna(_whole(facts, members)):
        return dict.fromkeys(counts, pd.NA)
    hidden = {kind for kind, n in counts.items() if 0 < n < facts.least}
    for kind in sorted(counts, key=lambda kind: counts[kind]):
        few = sum(counts[one] for one in hidden) < facts.least or len(hidden) < 2
        hidden |= {kind} if hidden and few and counts[kind] else set()
    return {kind: pd.NA if kind in hidden else n for kind, n in counts.items()}
