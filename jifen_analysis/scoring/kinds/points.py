"""Items of rules: they start with points, and rules add or deduct."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jifen_analysis.schemes.model import PointsItem, Rule, ten_thousandths
from jifen_analysis.scoring.arrays import Bools, Ints, broadcast, compress
from jifen_analysis.scoring.kinds.rules import price, rule_queries
from jifen_analysis.scoring.ledger import NONE, ItemScore, LedgerLine, ordered_sum
from jifen_analysis.scoring.queries import Query
from jifen_analysis.scoring.row_state import RowState
from jifen_analysis.tables.columns import SCALE
from jifen_analysis.vocabulary import Vocabulary


def points_queries(item: PointsItem, words: Vocabulary) -> Iterator[Query]:
    """Yield every question that the rules of an item ask."""
    for rule in item.rules.values():
        yield from rule_queries(rule, words, item.per or "period")


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


def _rule_lines(
    name: str, rule: Rule, item: PointsItem, facts: RowState, per: str, mine: Bools
) -> tuple[list[LedgerLine], Bools]:
    count, points, lost = price(rule, facts, per)
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
