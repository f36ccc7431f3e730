"""Items that evaluators mark: the mean of each group by its weight, and the marks behind it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jifen_analysis.schemes.model import EvaluationItem
from jifen_analysis.scoring.arrays import Bools, Ints
from jifen_analysis.scoring.ledger import ItemScore, LedgerLine, ordered_sum
from jifen_analysis.scoring.record_index import Paid, RecordIndex, Trace, shared_traces
from jifen_analysis.scoring.roster import Roster
from jifen_analysis.scoring.submissions import Submissions
from jifen_analysis.tables.columns import SCALE


def evaluation_item(item: EvaluationItem, given: Submissions, roster: Roster) -> ItemScore:
    """Score an item by evaluators; a missing group's weight is shared over the others by their weights."""
    applies = roster.are(item.who)
    sums = {name: [given.marks[group] for group in pool.pool] for name, pool in item.groups.items()}
    total = {name: ordered_sum(total for total, _ in parts) for name, parts in sums.items()}
    count = {name: ordered_sum(count for _, count in parts) for name, parts in sums.items()}
    there = {name: np.where(n > 0, item.groups[name].weight, 0.0) for name, n in count.items()}
    weighed = ordered_sum(there.values())
    lines = tuple(
        LedgerLine(
            name,
            "rule",
            _paid(item.scale, total[name], count[name], there[name], weighed, applies)[:, None],
            np.where(applies, count[name], 0)[:, None],
            item.groups[name].clause or item.clause,
        )
        for name in item.groups
    )
    score = ordered_sum(line.points for line in lines)
    none = np.logical_and.reduce([n == 0 for n in count.values()])
    some = applies & ~none & np.logical_or.reduce([n == 0 for n in count.values()])
    return ItemScore(lines, "period", score, applies & none, (("evaluation_partial", some),))


def _paid(
    scale: float, total: Ints, count: Ints, weight: np.ndarray, weights: np.ndarray, applies: Bools
) -> np.ndarray:
    mean = total / np.maximum(count, 1) / SCALE
    share = weight / np.where(weights > 0, weights, 1)
    return np.where(applies, mean * share * scale, 0.0)


def evaluation_traces(item: EvaluationItem, group: str, paid: Paid, desk: RecordIndex) -> Iterator[Trace]:
    """Yield the evaluators of one pool."""
    given, row = desk.serving(desk.table("evaluations"))
    mine = given["group"].isin(item.groups[group].pool).to_numpy()
    weight = (given["mark"] * given["count"].astype("float64")).to_numpy()
    yield from shared_traces("evaluations", given[mine], row[mine], weight[mine], paid, desk)
