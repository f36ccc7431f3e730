"""What was submitted, behind a line: each mark with its share, and where one of a longer period serves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jifen_analysis.errors import Text
from jifen_analysis.periods import Period
from jifen_analysis.scoring.record_index import NOTHING, Paid, RecordIndex, Trace


def shared_traces(
    table: str, record: np.ndarray, row: np.ndarray, weight: np.ndarray, paid: Paid, desk: RecordIndex
) -> Iterator[Trace]:
    """Share a line's points over its records by their weight in it."""
    whole = np.bincount(row, weight, minlength=len(desk.roster))
    for at, here, part in zip(record.tolist(), row.tolist(), weight.tolist(), strict=True):
        if (here, 0) in paid:
            points = paid[here, 0] * part / whole[here] if whole[here] else 0.0
            yield Trace(here, 0, table, at, "mark", points, from_longer(table, at, here, desk))


def from_longer(table: str, record: int, row: int, desk: RecordIndex) -> Text:
    """Say where a record of a longer period serves."""
    given = Period.parse(desk.record(table, record)["period"])
    if given in desk.roster.periods[desk.roster.period[row]]:
        return NOTHING
    return Text(f"本期没有,用{given.label()}的", f"none in the period itself: that of {given} serves")
