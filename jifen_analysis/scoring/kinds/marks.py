"""Items that an assessor marks: the mean of the marks, and the marks behind it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jifen_analysis.schemes.model import MarkedItem
from jifen_analysis.scoring.ledger import ItemScore, LedgerLine
from jifen_analysis.scoring.record_index import Paid, RecordIndex, Trace, shared_traces
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.submissions import Submissions
from jifen_analysis.tables.columns import SCALE


def marked_item(item: MarkedItem, name: str, given: Submissions, roster: Roster) -> ItemScore:
    """Score an item by the mean of the assessors' marks."""
    applies = roster.are(item.who)
    total, n = given.items[name]
    mean = np.where(applies & (n > 0), total / np.where(n > 0, n, 1) / SCALE, 0.0)
    count = np.where(applies, n, 0)[:, None]
    lines = (LedgerLine("mark", "rule", mean[:, None], count, item.clause),)
    return ItemScore(lines, "period", mean[:, None], applies & (n == 0))


def mark_traces(item: MarkedItem, key: str, paid: Paid, desk: RecordIndex) -> Iterator[Trace]:
    """Yield the assessors' marks of one item."""
    marks = desk.table("marks")
    mine, row = desk.serving(marks[marks["item"].isin([key, item.title])])
    yield from shared_traces("marks", mine, row, mine["mark"].to_numpy(), paid, desk)
