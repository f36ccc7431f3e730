"""Rules and items in words: what is counted, what it is worth, where it stops; and the range of a rule."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import inf
from typing import assert_never

from jifen_analysis.periods import MONTHS
from jifen_analysis.schemes.model import (
    FORFEIT,
    AnyItem,
    BallotItem,
    BallotQuota,
    ByWord,
    Conditional,
    EvaluationItem,
    Limit,
    MarkedItem,
    Occurrence,
    PerRecord,
    PointsItem,
    Price,
    RecordRule,
    Rule,
    Rung,
    Sourced,
    Tiered,
    VoteShare,
)
from jifen_analysis.schemes.phrases import (
    BOUNDS,
    Speech,
    category_text,
    condition_said,
    either_text,
    points_text,
    records_text,
    table_text,
    who_text,
    words_text,
)
from jifen_analysis.schemes.span import Span

_PARTS = {"month": ("每月", "each month"), "quarter": ("每季度", "each quarter")}


# ---------------------------------------------------------------- rules


def rule_text(rule: Rule, item: PointsItem, speech: Speech) -> str:
    """Return what a rule pays, and for what.

    Parameters
    ----------
    rule : Rule
        A rule of the item.
    item : PointsItem
        Says whether the rule is asked for each month or quarter.
    speech : Speech
        The language.
    """
    said = [_price(rule, item, speech), *_modifiers(rule, speech)]
    return speech.say(",", ", ").join(said)


def _price(rule: Rule, item: PointsItem, speech: Speech) -> str:
    match rule:
        case Conditional():
            held = speech.say(" 或 ", " or ").join(condition_said(condition, speech) for condition in rule.when)
            return speech.say(f"{held}时", f"{held}: ") + points_text(rule.points, speech)
        case Occurrence():
            return _told(rule, item, speech)
        case PerRecord():
            return _each(rule, points_text(rule.points, speech), speech)
        case Tiered():
            return _tiers(rule, speech)
        case ByWord():
            return table_text(rule.by, rule.points, speech)
        case _:
            assert_never(rule)


def _each(rule: PerRecord, points: str, speech: Speech) -> str:
    if rule.sum_of:
        return speech.say("按登记的酌情分值相加", "the points on record, added up")
    if rule.times:
        return speech.say(f"每单位数量{points}", f"{points} for each unit of quantity")
    if rule.once or rule.points == FORFEIT:
        return speech.say(f"有即{points}", f"{points} if any")
    each = ("每月", "a month") if rule.table == "dues" else ("每次", "each")
    return speech.say(each[0] + points, f"{points} {each[1]}")


def _tiers(rule: Tiered, speech: Speech) -> str:
    unit = ("天", "days") if rule.by == "days_late" else ("元", "yuan")
    said = [
        speech.say(
            f"满{low:g}{unit[0]}{points_text(price, speech)}", f"from {low:g} {unit[1]} {points_text(price, speech)}"
        )
        for low, price in rule.tiers
    ]
    start = ("每月按逾期天数:", "by days late, each month: ") if rule.by else ("按累计金额:", "by the sum: ")
    return speech.say(*start) + speech.say(",", ", ").join(said)


def _told(rule: Occurrence, item: PointsItem, speech: Speech) -> str:
    part = speech.say(*_PARTS.get(item.per or "", ("", "")))
    some, none = (either_text(selectors, speech) for selectors in (rule.any_of, rule.none_of))
    held = [speech.say(f"有〔{some}〕", f"with {some}")] if some else []
    held += [speech.say(f"没有〔{none}〕", f"without {none}")] if none else []
    points = points_text(rule.points, speech)
    told = speech.say(f"{part}{'、'.join(held)}{points}", f"{part} {' and '.join(held)}: {points}")
    if rule.otherwise:
        told += speech.say(",否则", ", otherwise ") + points_text(rule.otherwise, speech)
    given = speech.listed(records_text(selector, speech) for selector in rule.given)
    return told + (speech.say(f"(须有〔{given}〕)", f" (only with {given})") if given else "")


def _modifiers(rule: Rule, speech: Speech) -> Iterator[str]:
    if isinstance(rule, RecordRule) and rule.once and (rule.times or not isinstance(rule, PerRecord)):
        yield speech.say("各计一次", "once each")
    if isinstance(rule, ByWord) and rule.highest_per:
        yield speech.say("同一奖项只计最高的一次", "the same award once, at its highest")
    if rule.cap is not None:
        yield speech.say(f"最多{rule.cap:g}分", f"at most {rule.cap:g}")
    if rule.floor is not None:
        yield speech.say(f"最少{rule.floor:g}分", f"at least {rule.floor:g}")
    if rule.who is not None:
        yield speech.say(f"只限{who_text(rule.who, speech)}", f"only {who_text(rule.who, speech)}")


def counted_text(rule: Rule, speech: Speech) -> str:
    """Return which records a rule counts, where it counts any."""
    return records_text(rule, speech) if isinstance(rule, RecordRule) else ""


# ---------------------------------------------------------------- the range of a rule


def prices(rule: Rule) -> tuple[float, ...]:
    """Return every number of points that a rule may give for one record or occasion."""
    return tuple(float(price) for price in _listed(rule) if price != FORFEIT)


def forfeits(rule: Rule) -> bool:
    """Return whether a rule can make its item worth nothing."""
    return FORFEIT in _listed(rule)


def _listed(rule: Rule) -> tuple[Price, ...]:
    match rule:
        case PerRecord() | Conditional():
            return (rule.points,)
        case ByWord():
            return tuple(rule.points.values())
        case Tiered():
            return tuple(price for _, price in rule.tiers)
        case Occurrence():
            return rule.points, rule.otherwise
        case _:
            assert_never(rule)


def rule_span(rule: Rule, months: int) -> Span:
    """Return the span of a rule in a part of the period that is some months long."""
    return _unbounded(rule, months).within(rule.floor, rule.cap)


def _unbounded(rule: Rule, months: int) -> Span:
    known = prices(rule)
    one = Span(min(known, default=0), max(known, default=0))
    match rule:
        case Occurrence():
            return one.or_nothing() if rule.given else one
        case Conditional():
            return one.or_nothing()
        case PerRecord() | Tiered() if rule.sum_of:
            return one.or_nothing() if isinstance(rule, Tiered) else Span(-inf, inf)
        case PerRecord() | ByWord() | Tiered() if rule.once:
            return Span(sum(price for price in known if price < 0), sum(price for price in known if price > 0))
        case PerRecord() | ByWord() | Tiered():
            return one.or_nothing().times(months if rule.table == "dues" else inf)
        case _:
            assert_never(rule)


# ---------------------------------------------------------------- items


def item_text(item: AnyItem, speech: Speech) -> str:
    """Return how an item is scored, without its rules."""
    said = [*_scored(item, speech)]
    if item.who is not None:
        said.append(speech.say(f"只限{who_text(item.who, speech)}", f"only {who_text(item.who, speech)}"))
    return speech.say(",", ", ").join(said)


def _scored(item: AnyItem, speech: Speech) -> Iterator[str]:
    match item:
        case PointsItem():
            yield from _accumulated(item, speech)
        case MarkedItem():
            yield speech.say(f"由考评人打分,0至{item.max:g}分", f"marked from 0 to {item.max:g}")
            for category, most in item.max_for.items():
                title = category_text((category,), speech)
                yield speech.say(f"{title}0至{most:g}分", f"{title}: to {most:g}")
        case EvaluationItem():
            yield _evaluated(item, speech)
        case BallotItem():
            yield speech.say(f"按测评票数,最高{item.max:g}分", f"by votes, at most {item.max:g}")
        case _:
            assert_never(item)


def _accumulated(item: PointsItem, speech: Speech) -> Iterator[str]:
    if item.per:
        yield speech.say(f"{_PARTS[item.per][0]}分别计算", f"scored {_PARTS[item.per][1]}")
    if item.start or not item.rules:
        yield speech.say(f"起始{item.start:g}分", f"starts with {item.start:g}")
    if item.floor is not None:
        yield speech.say("扣完为止" if item.floor == 0 else f"不低于{item.floor:g}分", f"not below {item.floor:g}")
    elif item.start and any(price < 0 for rule in item.rules.values() for price in prices(rule)):
        yield speech.say("扣分不设下限", "without a floor")
    if item.cap is not None:
        yield speech.say(f"最高{item.cap:g}分", f"at most {item.cap:g}")


def _evaluated(item: EvaluationItem, speech: Speech) -> str:
    scale = "" if item.scale == 1 else f" × {item.scale:g}"
    return speech.say(f"评议平均分{scale}", f"mean mark{scale}")


Lines = Iterator[tuple[str, Sourced]]
"""Lines in words, each with the part of the scheme that it is about."""


def item_lines(item: AnyItem, speech: Speech) -> Lines:
    """Yield what stands inside an item besides rules: its groups of evaluators, or the rungs of its ballot."""
    match item:
        case EvaluationItem():
            return pool_lines(item, speech)
        case BallotItem():
            return ballot_lines(item, speech)
        case PointsItem() | MarkedItem():
            return iter(())
        case _:
            assert_never(item)


def pool_lines(item: EvaluationItem, speech: Speech) -> Lines:
    """Yield the groups of evaluators with their weights."""
    whole = sum(pool.weight for pool in item.groups.values())
    for pool in item.groups.values():
        named = words_text("group", pool.pool, speech)
        yield speech.say(f"{named}:占{pool.weight / whole:.4g}", f"{named}: {pool.weight / whole:.4g}"), pool


# ---------------------------------------------------------------- ballots


def ballot_lines(item: BallotItem, speech: Speech) -> Lines:
    """Yield the rungs, the limits and the quota of a ballot, in the order in which they are applied."""
    for rung in item.ladder.values():
        yield _rung(rung, item, speech), rung
    for limit in item.limits.values():
        yield _limit(limit, item, speech), limit
    if item.quota is not None:
        yield _quota(item.quota, item, speech), item.quota


def _quota(quota: BallotQuota, item: BallotItem, speech: Speech) -> str:
    share, kept, fall = percent(quota.share), item.ladder[quota.rung].title, item.ladder[quota.becomes].title
    return speech.say(
        f"“{kept}”最多占支部的{share}(舍去尾数,得票率高的在先),其余为“{fall}”",
        f"{kept}: at most {share} of the branch (rounded down), the others become {fall}",
    )


def _rung(rung: Rung, item: BallotItem, speech: Speech) -> str:
    asked = speech.say(",", ", ").join(_share(share, speech) for share in rung.when) or speech.say("其余", "all others")
    paid = item.ladder[rung.becomes] if rung.becomes else rung
    points = f"{float(Fraction(str(paid.pays)) * Fraction(str(item.max))):g}"
    flag = speech.say(f",标记“{_flag(rung.flag, speech)}”", f", flag {rung.flag}") if rung.flag else ""
    return speech.say(f"{asked}:{paid.title},{points}分{flag}", f"{asked}: {paid.title}, {points}{flag}")


def _flag(flag: str | None, speech: Speech) -> str:
    return speech.words.label("flag", str(flag), speech.lang)


def _share(share: VoteShare, speech: Speech) -> str:
    votes = _votes(share.votes, speech)
    return speech.listed(
        votes + speech.say("", " ") + speech.say(*BOUNDS[name]) + percent(bound) for name, bound in share.bounds
    )


def _votes(kinds: tuple[str, ...], speech: Speech) -> str:
    return "+".join(speech.words.column("ballots", kind).said(speech.lang) for kind in kinds)


def _limit(limit: Limit, item: BallotItem, speech: Speech) -> str:
    bounds = (("above", limit.above), ("below", limit.below))
    asked = speech.listed(speech.say(*BOUNDS[name]) + percent(bound) for name, bound in bounds if bound is not None)
    where = speech.say(
        f"{_votes(limit.votes, speech)}占{_votes(limit.of, speech)}{asked}时",
        f"{_votes(limit.votes, speech)} of {_votes(limit.of, speech)} {asked}",
    )
    then = (
        [speech.say(f"改为“{item.ladder[limit.becomes].title}”", f"becomes {item.ladder[limit.becomes].title}")]
        if limit.becomes
        else []
    )
    then += [speech.say(f"标记“{_flag(limit.flag, speech)}”", f"flag {limit.flag}")] if limit.flag else []
    rung = speech.say(f"“{item.ladder[limit.rung].title}”", f"{item.ladder[limit.rung].title} ") if limit.rung else ""
    return where + speech.say(",", ": ") + rung + speech.listed(then)


def percent(share: str) -> str:
    """Return a share as people say it.

    Examples
    --------
    >>> percent("0.2"), percent("1/3")
    ('20%', '1/3')
    """
    return share if "/" in share else f"{float(Fraction(share) * 100):g}%"


def length_text(kind: str, speech: Speech) -> str:
    """Return how often is scored."""
    named = {
        "year": ("每年", "a year"),
        "half": ("每半年", "a half"),
        "quarter": ("每季度", "a quarter"),
        "month": ("每月", "a month"),
    }
    assert set(named) == set(MONTHS)
    return speech.say(*named[kind])
