"""The records behind the price of a rule, each with what it adds.

The shapes of rules are those of ``ledger``; what the records of a line add up
to is the line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import assert_never

from jifen_analysis.errors import Text
from jifen_analysis.schemes.model import (
    FORFEIT,
    ByWord,
    Conditional,
    Occurrence,
    PerRecord,
    Price,
    RecordRule,
    Rule,
    Selector,
    Tiered,
)
from jifen_analysis.scoring.explain.grounds import condition_met, condition_text, condition_traces, value_of
from jifen_analysis.scoring.explain.member_records import NOTHING, TELLING, Match, MemberRecords, Trace
from jifen_analysis.scoring.explain.words import number
from jifen_analysis.scoring.queries import Query, matching, price_queries

Paid = Mapping[tuple[int, int], float]
"""The points of a line, by row and part."""

ONCE = Text("只计一次", "counts once")
SAME_AWARD = Text("同一奖项只计最高的一次", "the same award counts once, at its highest")
LOST = Text("本项不得分", "forfeits the item")


def rule_traces(rule: Rule, per: str, paid: Paid, desk: MemberRecords) -> Iterator[Trace]:
    """Yield what stands behind a rule's lines."""
    match rule:
        case Conditional():
            found = _when(rule, paid, desk)
        case Occurrence():
            found = _told(rule, per, paid, desk)
        case PerRecord() | Tiered() if rule.sum_of:
            found = _summed(rule, per, desk)
        case PerRecord() | ByWord() | Tiered():
            found = _by_record(rule, per, desk)
        case _:
            assert_never(rule)
    return (trace for trace in found if (trace.row, trace.part) in paid)


# ---------------------------------------------------------------- a price for each record


def _by_record(rule: PerRecord | ByWord | Tiered, per: str, desk: MemberRecords) -> Iterator[Trace]:
    for query, price in price_queries(rule, desk.words, per):
        if price == FORFEIT:
            yield from (_trace(match, rule, 0.0, LOST) for match in desk.matches(query))
        elif query.distinct:
            yield from _by_award(query, float(price), rule, desk)
        else:
            yield from _each(query, float(price), rule, desk)


def _trace(match: Match, rule: RecordRule, points: float, remark: Text = NOTHING) -> Trace:
    return Trace(match.row, match.part, rule.table, match.record, cited(rule), points, remark)


def cited(rule: RecordRule) -> str:
    """Return the column whose value decided what a record is worth."""
    if rule.table != "events":
        return TELLING[rule.table]
    priced_by = rule.by if isinstance(rule, ByWord) else rule.sum_of if isinstance(rule, PerRecord | Tiered) else None
    told_by = "level" if "level" in {*rule.where, *rule.excluding} else TELLING["events"]
    return priced_by or rule.times or told_by


def _each(query: Query, price: float, rule: RecordRule, desk: MemberRecords) -> Iterator[Trace]:
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


def _by_award(query: Query, price: float, rule: RecordRule, desk: MemberRecords) -> Iterator[Trace]:
    """Price the first record of each award, unless one at a higher price bears the same name."""
    counted = {_award(match, query, desk) for better in query.unless for match in desk.matches(better)}
    for match in desk.matches(query):
        award = _award(match, query, desk)
        again = award[2] is not None and award in counted
        counted |= {award}
        yield _trace(match, rule, 0.0 if again else price, SAME_AWARD if again else NOTHING)


def _award(match: Match, query: Query, desk: MemberRecords) -> tuple[int, int, str | None]:
    return match.row, match.part, desk.record(query.table, match.record)[query.distinct]


# ---------------------------------------------------------------- a price for a sum


def _summed(rule: PerRecord | Tiered, per: str, desk: MemberRecords) -> Iterator[Trace]:
    """Let each record add itself, or what the running sum pays more through it."""
    running: dict[tuple[int, int], float] = {}
    for match in desk.matches(matching(rule, desk.words, per)):
        value = desk.record("events", match.record)[str(rule.sum_of)] or 0.0
        before = running.get((match.row, match.part), 0.0)
        after = running[match.row, match.part] = round(before + value, 4)
        more = _pays(rule, after) - _pays(rule, before)
        reached = Text(f"累计{number(after)}", f"{number(after)} so far") if isinstance(rule, Tiered) else NOTHING
        yield _trace(match, rule, more, reached)


def _pays(rule: PerRecord | Tiered, summed: float) -> float:
    if isinstance(rule, PerRecord):
        return summed
    prices: list[Price] = [0.0, *(price for low, _, price in rule.steps if summed >= low)]
    return 0.0 if prices[-1] == FORFEIT else float(prices[-1])


# ---------------------------------------------------------------- whether something happened


def _told(rule: Occurrence, per: str, paid: Paid, desk: MemberRecords) -> Iterator[Trace]:
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


def _by_part(selectors: tuple[Selector, ...], per: str, desk: MemberRecords) -> dict[tuple[int, int], Found]:
    found: dict[tuple[int, int], Found] = {}
    for selector in selectors:
        for match in desk.matches(matching(selector, desk.words, per)):
            found.setdefault((match.row, match.part), []).append((selector.table, match))
    return found


def _nothing_there(place: tuple[int, int], points: float, asked: Found) -> Trace:
    said = Text("没有相应的记录", "no such record")
    among = Text(f"相关记录{len(asked)}条", f"among {len(asked)} records") if asked else NOTHING
    table, record = (asked[0][0], asked[0][1].record) if asked else ("", -1)
    return Trace(*place, table, record, "", points, finding=(said, among))


# ---------------------------------------------------------------- whether a condition holds


def _when(rule: Conditional, paid: Paid, desk: MemberRecords) -> Iterator[Trace]:
    lost = LOST if rule.points == FORFEIT else NOTHING
    for (row, part), points in paid.items():
        standing = [condition for condition in rule.when if condition_met(condition, row, desk)]
        for at, condition in enumerate(standing):
            said = condition_text(condition, desk), value_of(condition, row, desk)
            yield Trace(row, part, points=0.0 if at else points, remark=lost, finding=said)
            behind = condition_traces(condition, row, desk)
            yield from (replace(trace, row=row, part=part) for trace in behind)
