"""Items of rules: what each shape of rule asks of the records, how it prices them, which record adds what to its lines.

An item starts with points, and rules add or deduct; what the records of a line add up to is the line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial, reduce
from typing import assert_never

import numpy as np

from jifen_analysis.errors import NOTHING, Text
from jifen_analysis.schemes.model import FORFEIT, PointsItem, Price, Selector, ten_thousandths
from jifen_analysis.schemes.model.phrases import number
from jifen_analysis.schemes.model.rules import (
    ByWord,
    Conditional,
    Occurrence,
    PerRecord,
    RecordRule,
    Rule,
    Tiered,
)
from jifen_analysis.scoring.arrays import Bools, Ints, compress
from jifen_analysis.scoring.ledger import NONE, ItemScore, LedgerLine, ordered_sum
from jifen_analysis.scoring.queries import Query, records_query, words_by_column
from jifen_analysis.scoring.record_index import TELLING, Match, Paid, RecordIndex, Trace
from jifen_analysis.scoring.row_state import RowState, holds
from jifen_analysis.tables.columns import SCALE
from jifen_analysis.vocabulary import Vocabulary

ONCE = Text("只计一次", "counts once")
SAME_AWARD = Text("同一奖项只计最高的一次", "the same award counts once, at its highest")
LOST = Text("本项不得分", "forfeits the item")

Grounds = Callable[[Conditional, Paid], Iterator[Trace]]
"""Says what the conditions of a rule stand upon, by row and part."""


# ---------------------------------------------------------------- what is asked of the records


def rule_queries(rule: Rule, words: Vocabulary, per: str) -> Iterator[Query]:
    """Yield every question that a rule asks."""
    match rule:
        case PerRecord() | Tiered() if rule.sum_of:
            yield from (records_query(rule, words, per), records_query(rule, words, per, rule.sum_of))
        case PerRecord() | ByWord() | Tiered():
            for query, _ in price_queries(rule, words, per):
                yield from (query, replace(query, value=rule.times)) if rule.times else (query,)
        case Occurrence():
            yield from (records_query(selector, words, per) for selector in (*rule.given, *rule.any_of, *rule.none_of))
        case Conditional():
            pass  # its conditions ask for themselves
        case _:
            assert_never(rule)


def price_queries(rule: PerRecord | ByWord | Tiered, words: Vocabulary, per: str) -> tuple[tuple[Query, Price], ...]:
    """Return the questions of a price by record, with the price of each."""
    base = records_query(rule, words, per)
    match rule:
        case PerRecord():
            return ((base, rule.points),)
        case Tiered():
            return tuple((replace(base, days=(low, high)), price) for low, high, price in rule.steps)
        case ByWord():
            answers = tuple((_also(base, rule.by, words, word), price) for word, price in rule.points.items())
            return _highest(answers, rule.highest_per) if rule.highest_per else answers
        case _:
            assert_never(rule)


def _highest(answers: tuple[tuple[Query, Price], ...], column: str) -> tuple[tuple[Query, Price], ...]:
    """Let each award count once, at its highest price (the first in the file where two are equal)."""
    falling = sorted(answers, key=lambda answer: -float(answer[1]))
    return tuple(
        (replace(query, distinct=column, unless=tuple(better for better, _ in falling[:at])), price)
        for at, (query, price) in enumerate(falling)
    )


def _also(base: Query, column: str, words: Vocabulary, word: str) -> Query:
    more = words_by_column({column: (word,)}, words)
    return replace(base, where=base.where + more)


def rule_looks_around(rule: Rule) -> bool:
    """Return whether what a rule pays depends on other members."""
    match rule:
        case Conditional():
            return any(condition.below == "branch_mean" for condition in rule.when)
        case PerRecord() | ByWord() | Tiered() | Occurrence():
            return False
        case _:
            assert_never(rule)


# ---------------------------------------------------------------- what it is worth


def price(rule: Rule, facts: RowState, per: str) -> tuple[Ints, Ints, Bools]:
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
    count = _columns(facts.sums[records_query(rule, facts.words, per)])
    summed = _columns(facts.sums[records_query(rule, facts.words, per, str(rule.sum_of))])
    return count, *_steps(rule, summed)


def _steps(rule: PerRecord | Tiered, summed: Ints) -> tuple[Ints, Bools]:
    """Return what sums pay, and where they forfeit the item: themselves, or by the highest tier they reach."""
    if isinstance(rule, PerRecord):
        return summed, NONE > 0
    lows = np.array([ten_thousandths(low) for low, _ in rule.tiers])
    step = np.searchsorted(lows, summed, side="right")
    pays = np.array([0] + [0 if price == FORFEIT else ten_thousandths(float(price)) for _, price in rule.tiers])
    loses = np.array([False] + [price == FORFEIT for _, price in rule.tiers])
    return pays[step], loses[step]


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


# ---------------------------------------------------------------- which record adds what


def rule_traces(rule: Rule, per: str, paid: Paid, desk: RecordIndex, stand: Grounds) -> Iterator[Trace]:
    """Yield what stands behind a rule's lines; ``stand`` yields what the conditions of one stand upon."""
    match rule:
        case Conditional():
            found = stand(rule, paid)
        case Occurrence():
            found = _occurrence_traces(rule, per, paid, desk)
        case PerRecord() | Tiered() if rule.sum_of:
            found = _sum_traces(rule, per, desk)
        case PerRecord() | ByWord() | Tiered():
            found = _record_traces(rule, per, desk)
        case _:
            assert_never(rule)
    return (trace for trace in found if (trace.row, trace.part) in paid)


def _record_traces(rule: PerRecord | ByWord | Tiered, per: str, desk: RecordIndex) -> Iterator[Trace]:
    for query, price in price_queries(rule, desk.words, per):
        if price == FORFEIT:
            yield from (_trace(match, rule, 0.0, LOST) for match in desk.matches(query))
        elif query.distinct:
            yield from _by_award(query, float(price), rule, desk)
        else:
            yield from _each(query, float(price), rule, desk)


def _trace(match: Match, rule: RecordRule, points: float, remark: Text = NOTHING) -> Trace:
    return Trace(match.row, match.part, rule.table, match.record, deciding_column(rule), points, remark)


def deciding_column(rule: RecordRule) -> str:
    """Return the column whose value decided what a record is worth."""
    if rule.table != "events":
        return TELLING[rule.table]
    priced_by = rule.by if isinstance(rule, ByWord) else rule.sum_of if isinstance(rule, PerRecord | Tiered) else None
    told_by = "level" if "level" in {*rule.where, *rule.excluding} else TELLING["events"]
    return priced_by or rule.times or told_by


def _each(query: Query, price: float, rule: RecordRule, desk: RecordIndex) -> Iterator[Trace]:
    counted: set[tuple[int, int]] = set()
    for match in desk.matches(query):
        times = desk.record("events", match.record)["quantity"] if rule.times else 1
        if rule.once:
            again = (match.row, match.part) in counted
            times = 0 if again else min(times, 1)
            counted |= {(match.row, match.part)} if times else set()
            yield _trace(match, rule, times * price, ONCE if again else NOTHING)
        else:
            yield _trace(match, rule, times * price)


def _by_award(query: Query, price: float, rule: RecordRule, desk: RecordIndex) -> Iterator[Trace]:
    """Price the first record of each award, unless one at a higher price bears the same name."""
    counted = {_award(match, query, desk) for better in query.unless for match in desk.matches(better)}
    for match in desk.matches(query):
        award = _award(match, query, desk)
        again = award[2] is not None and award in counted
        counted |= {award}
        yield _trace(match, rule, 0.0 if again else price, SAME_AWARD if again else NOTHING)


def _award(match: Match, query: Query, desk: RecordIndex) -> tuple[int, int, str | None]:
    return match.row, match.part, desk.record(query.table, match.record)[query.distinct]


def _sum_traces(rule: PerRecord | Tiered, per: str, desk: RecordIndex) -> Iterator[Trace]:
    """Let each record add itself, or what the running sum pays more through it."""
    running: dict[tuple[int, int], int] = {}
    for match in desk.selected(rule, per):
        value = desk.record("events", match.record)[str(rule.sum_of)] or 0.0
        before = running.get((match.row, match.part), 0)
        after = running[match.row, match.part] = before + ten_thousandths(value)
        paid, _ = _steps(rule, np.array([before, after]))
        said = number(after / SCALE)
        reached = Text(f"累计{said}", f"{said} so far") if isinstance(rule, Tiered) else NOTHING
        yield _trace(match, rule, float(paid[1] - paid[0]) / SCALE, reached)


def _occurrence_traces(rule: Occurrence, per: str, paid: Paid, desk: RecordIndex) -> Iterator[Trace]:
    """Name what happened in a part of the period; where nothing did, say among how many records."""
    matches = partial(_by_part, per=per, desk=desk)
    deciding, asked = matches((*rule.none_of, *rule.any_of)), matches(rule.given)
    for place, points in paid.items():
        tables = deciding.get(place, [])
        for at, (table, match) in enumerate(tables):
            yield Trace(*place, table, match.record, TELLING[table], 0.0 if at else points)
        if not tables:
            yield _nothing_there(place, points, asked.get(place, []))


Found = list[tuple[str, Match]]


def _by_part(selectors: tuple[Selector, ...], per: str, desk: RecordIndex) -> dict[tuple[int, int], Found]:
    found: dict[tuple[int, int], Found] = {}
    for selector in selectors:
        for match in desk.selected(selector, per):
            found.setdefault((match.row, match.part), []).append((selector.table, match))
    return found


def _nothing_there(place: tuple[int, int], points: float, asked: Found) -> Trace:
    said = Text("没有相应的记录", "no such record")
    among = Text(f"相关记录{len(asked)}条", f"among {len(asked)} records") if asked else NOTHING
    table, record = (asked[0][0], asked[0][1].record) if asked else ("", -1)
    return Trace(*place, table, record, "", points, finding=(said, among))


# ---------------------------------------------------------------- an item of rules


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
    score = np.broadcast_to(ordered_sum(line.points for line in lines) / SCALE, shape)
    return ItemScore(tuple(line.over(shape) for line in lines), per, score, np.broadcast_to(False, shape[:1]))


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
