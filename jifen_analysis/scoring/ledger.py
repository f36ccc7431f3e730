"""What was won or lost: the lines of every item, by member, period, part and rule.

Points are whole ten-thousandths until the first division, so the lines of an
item add up to its score exactly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import reduce
from typing import assert_never

import numpy as np

from jifen_analysis.schemes.model import (
    FORFEIT,
    ByWord,
    Conditional,
    Occurrence,
    PerRecord,
    PointsItem,
    Price,
    Rule,
    Tiered,
    ten_thousandths,
)
from jifen_analysis.scoring.arrays import Bools, Ints, broadcast, compress
from jifen_analysis.scoring.conditions import holds
from jifen_analysis.scoring.queries import Query, matching, price_queries
from jifen_analysis.scoring.row_state import RowState
from jifen_analysis.tables.columns import SCALE


@dataclass(frozen=True)
class LedgerLine:
    """One kind of entry of the ledger, for all rows at once.

    Parameters
    ----------
    rule : str
        Id of the rule; empty for the item as a whole.
    kind : str
        start, rule, floor, cap, forfeit, zero or correction.
    points : ndarray, shape (rows, parts)
        Whole ten-thousandths (int64), or points (float64) where something was divided. Not to be changed.
    count : ndarray of int, shape (rows, parts)
        Records behind it.
    clause : str
        Where it stands in the source.
    """

    rule: str
    kind: str
    points: np.ndarray
    count: Ints
    clause: str = ""

    def over(self, shape: tuple[int, int]) -> LedgerLine:
        """Return the line for all rows and parts, where it was the same for some."""
        return replace(self, points=broadcast(self.points, shape), count=broadcast(self.count, shape))

    @property
    def value(self) -> np.ndarray:
        """The points as floats."""
        return self.points / SCALE if self.points.dtype.kind == "i" else self.points


@dataclass(frozen=True)
class ItemScore:
    """The score of one item, for all rows.

    Parameters
    ----------
    lines : tuple of Line
        What it is made of.
    per : str
        ``period``, or the part at which its lines stand.
    parts : ndarray of float, shape (rows, parts)
        The score of each part.
    missing : ndarray of bool, shape (rows,)
        Where there is nothing to score it by.
    flags : tuple of (flag, ndarray of bool)
        What it has to say of some rows.
    correction : ndarray of float, shape (rows,), or 0
        Points added by decisions after objections.
    """

    lines: tuple[LedgerLine, ...]
    per: str
    parts: np.ndarray
    missing: Bools
    flags: tuple[tuple[str, Bools], ...] = ()
    correction: np.ndarray | float = 0.0

    def block(self, some: slice) -> ItemScore:
        """Return what it says of a block of rows."""
        lines = tuple(replace(line, points=line.points[some], count=line.count[some]) for line in self.lines)
        flags = tuple((name, where[some]) for name, where in self.flags)
        correction = self.correction[some] if isinstance(self.correction, np.ndarray) else self.correction
        return ItemScore(lines, self.per, self.parts[some], self.missing[some], flags, correction)

    @property
    def score(self) -> np.ndarray:
        """The score of the period, once where all rows are alike; missing where it cannot be scored."""
        parts = compress(self.parts)
        summed = (parts[:, 0] if parts.shape[1] == 1 else parts.sum(axis=1)) + self.correction
        return np.where(self.missing, np.nan, summed) if compress(self.missing).any() else summed


NONE = np.zeros((1, 1), dtype="int64")
"""Nothing, for every row and part."""


def points_item(item: PointsItem, facts: RowState) -> ItemScore:
    """Score an item that starts with points and lets rules add or deduct."""
    per = item.per or "period"
    applies = facts.roster.are(item.who)
    start = compress(applies)[:, None] * np.int64(ten_thousandths(item.start))
    lines = [LedgerLine("", "start", start, NONE, item.clause)]
    lost = NONE > 0
    for name, rule in item.rules.items():
        mine = compress(applies & facts.roster.are(rule.who))[:, None]
        priced_lines, forfeited = _rule_lines(name, rule, item, facts, per, mine)
        lines += priced_lines
        lost = lost | forfeited
    lines += _bounded(ordered_sum(line.points for line in lines), lost, item)
    shape = (len(facts.roster), facts.roster.parts(per))
    score = broadcast(ordered_sum(line.points for line in lines) / SCALE, shape)
    return ItemScore(tuple(line.over(shape) for line in lines), per, score, broadcast(False, shape[:1]))


def ordered_sum(arrays: Iterable[np.ndarray]) -> np.ndarray:
    """Return the sum of some arrays, added in their order."""
    return reduce(np.add, arrays)


def _rule_lines(
    name: str, rule: Rule, item: PointsItem, facts: RowState, per: str, mine: Bools
) -> tuple[list[LedgerLine], Bools]:
    count, points, lost = _priced(rule, facts, per)
    if not mine.all():
        count, points, lost = count * mine, points * mine, lost & mine
    clause = rule.clause or item.clause
    lines = [LedgerLine(name, "rule", points, count, clause)]
    for kind, bound in (("cap", rule.cap), ("floor", rule.floor)):
        if bound is not None:
            lines.append(_limit(name, kind, ordered_sum(line.points for line in lines), bound, clause))
    return lines, lost


def _limit(rule: str, kind: str, points: Ints, bound: float, clause: str) -> LedgerLine:
    whole = ten_thousandths(bound)
    limited = np.minimum(points, whole) if kind == "cap" else np.maximum(points, whole)
    return LedgerLine(rule, kind, limited - points, NONE, clause)


def _bounded(points: Ints, lost: Bools, item: PointsItem) -> Iterator[LedgerLine]:
    """Yield what a forfeit, a floor and a cap of the item change, in this order."""
    if lost.any():
        change = np.where(lost, np.minimum(points, 0) - points, 0)
        yield LedgerLine("", "forfeit", change, lost.astype("int64"), item.clause)
        points = points + change
    for kind, bound in (("floor", item.floor), ("cap", item.cap)):
        if bound is not None:
            line = _limit("", kind, points, bound, item.clause)
            yield line
            points = points + line.points


def _priced(rule: Rule, facts: RowState, per: str) -> tuple[Ints, Ints, Bools]:
    """Return records, points and forfeits of one rule, each of shape (rows, parts)."""
    match rule:
        case Conditional():
            return _when(rule, facts)
        case Occurrence():
            return _held(rule, facts, per)
        case PerRecord() | Tiered() if rule.sum_of:
            return _summed(rule, facts, per)
        case PerRecord() | ByWord() | Tiered():
            return _by_record(rule, facts, per)
        case _:
            assert_never(rule)


def _columns(values: np.ndarray) -> np.ndarray:
    """Return counts of shape (rows, parts), or (1, parts) where all rows are alike."""
    return compress(values[:, None] if values.ndim == 1 else values)


def _by_record(rule: PerRecord | ByWord | Tiered, facts: RowState, per: str) -> tuple[Ints, Ints, Bools]:
    answers = [(_columns(facts.sums[query]), query, price) for query, price in price_queries(rule, facts.words, per)]
    count = ordered_sum(found for found, _, _ in answers)
    paid = [_paid(found, query, price, rule, facts) for found, query, price in answers if price != FORFEIT]
    lost = [found > 0 for found, _, price in answers if price == FORFEIT]
    return count, ordered_sum(paid or [NONE]), reduce(np.logical_or, lost, NONE > 0)


def _paid(count: Ints, query: Query, price: Price, rule: PerRecord | ByWord | Tiered, facts: RowState) -> Ints:
    if rule.times:
        count = _columns(facts.sums[replace(query, value=rule.times)])
    return (np.minimum(count, 1) if rule.once else count) * np.int64(ten_thousandths(float(price)))


def _summed(rule: PerRecord | Tiered, facts: RowState, per: str) -> tuple[Ints, Ints, Bools]:
    """Price the sum of a column: itself, or by the highest tier it reaches."""
    count = _columns(facts.sums[matching(rule, facts.words, per)])
    summed = _columns(facts.sums[matching(rule, facts.words, per, str(rule.sum_of))])
    if isinstance(rule, PerRecord):
        return count, summed, NONE > 0
    lows = np.array([ten_thousandths(low) for low, _ in rule.tiers])
    step = np.searchsorted(lows, summed, side="right")
    pays = np.array([0] + [0 if price == FORFEIT else ten_thousandths(float(price)) for _, price in rule.tiers])
    loses = np.array([False] + [price == FORFEIT for _, price in rule.tiers])
    return count, pays[step], loses[step]


def _held(rule: Occurrence, facts: RowState, per: str) -> tuple[Ints, Ints, Bools]:
    """Price each part of the period by whether something happened in it."""
    given = [_columns(facts.count(selector, per)) > 0 for selector in rule.given]
    happened = [_columns(facts.count(rule.any_of, per)) > 0] if rule.any_of else []
    happened += [_columns(facts.count(rule.none_of, per)) == 0] if rule.none_of else []
    holds_now = reduce(np.logical_and, happened)
    pays = np.where(holds_now, ten_thousandths(rule.points), ten_thousandths(rule.otherwise))
    points = np.where(reduce(np.logical_and, given, np.ones(pays.shape, bool)), pays, 0)
    return (points != 0).astype("int64"), points, NONE > 0


def _when(rule: Conditional, facts: RowState) -> tuple[Ints, Ints, Bools]:
    """Price the whole period once, where one of the conditions holds."""
    stands = reduce(np.logical_or, [holds(condition, facts) for condition in rule.when])[:, None]
    pays = 0 if rule.points == FORFEIT else ten_thousandths(float(rule.points))
    return stands.astype("int64"), stands * np.int64(pays), stands & (rule.points == FORFEIT)
