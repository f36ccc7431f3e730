"""The grades of both years crossed, so that no margin gives a small group back."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from jifen_analysis.analysis import movement
from jifen_analysis.errors import UsageError
from jifen_analysis.report.privacy import round_counts
from jifen_analysis.report.review.review_data import ReviewData


def cross_years(facts: ReviewData) -> tuple[movement.Transitions, bool]:
    """Cross both years, the lowest grades put together until every number may be shown; say whether it is rounded.

    Raises
    ------
    UsageError
        Where there is no year before, or too few to show.
    """
    if facts.before is None or not facts.grades:
        raise _nothing()
    for depth in range(1, len(facts.grades)):
        names = facts.kinds(depth)
        years = (facts.before, facts.now)
        was, is_now = (rows.set_index("member_id")["grade"].astype("object").map(names) for rows in years)
        found = movement.transitions(was, is_now, list(dict.fromkeys(names.values())))
        if found.counts.to_numpy().any() and ((found.counts == 0) | (found.counts >= facts.least)).all(axis=None):
            exact = _agree(facts, found.counts)
            return (found if exact else _rounded(found, facts.least)), not exact
    raise _nothing()


def _nothing() -> UsageError:
    return UsageError(
        "等次变动:没有可比较的数据,或人数太少不予显示", "movement: nothing to compare, or too few members to show"
    )


def _agree(facts: ReviewData, counts: pd.DataFrame) -> bool:
    """Return whether the grades of each year tell of no few who have none in the other."""
    if not facts.shown_of_both(int(counts.to_numpy().sum())):
        return False
    if facts.by_year is None:
        return True
    pairs = zip((counts.sum(axis=1), counts.sum()), (facts.by_year.iloc[0], facts.by_year.iloc[-1]), strict=True)
    gaps = [gap for crossed, alone in pairs for gap in _gaps(alone.tolist(), crossed.tolist())]
    return all(gap == 0 or gap >= facts.least for gap in gaps)


def _gaps(alone: list[int], crossed: list[int]) -> list[int]:
    """Return by how much counts, best grade first, exceed others; the longer list's tail is put together."""
    size = min(len(alone), len(crossed)) - 1
    ours, theirs = ([*counts[:size], sum(counts[size:]), sum(counts)] for counts in (alone, crossed))
    return [one - other for one, other in zip(ours, theirs, strict=True)]


def _rounded(found: movement.Transitions, base: int) -> movement.Transitions:
    """Return a matrix whose counts are rounded to multiples of five: margins give nobody back."""
    counts = round_counts(found.counts, base)
    shares = counts.div(counts.sum(axis=1).where(lambda size: size > 0), axis=0)
    none, untold = found.joined * 0, found.low * float("nan")  # an interval would tell the count behind it
    return replace(found, counts=counts, probabilities=shares, joined=none, left=none, low=untold, high=untold)
