"""How a number of members stands in a table of the review."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.report.review.review_data import ReviewData

HIDDEN = "*"


def count_text(count: Any) -> str:
    """Return a count as text, a star where it is hidden."""
    return HIDDEN if pd.isna(count) else str(count)


def masked_count(facts: ReviewData, count: Any, *wholes: int) -> str:
    """Return a count that may be told beside those of which it is a part."""
    told = facts.sayable(count, *wholes)
    return count_text(pd.NA if told is None else told)


def hidden_note(facts: ReviewData, rows: Iterable[tuple[str, ...]]) -> str:
    """Say what a star means, where one stands in a table."""
    if not any(HIDDEN in row for row in rows):
        return ""
    return facts.voice.say(
        f"{HIDDEN} 不足{facts.least}人，或为防止由合计推算而一并不予显示",
        f"{HIDDEN} fewer than {facts.least} members, or hidden so that totals do not give them back",
    )


def period_label(facts: ReviewData, period: str) -> str:
    """Return what a period is called."""
    return Period.parse(period).label(facts.voice.lang)
