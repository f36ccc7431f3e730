"""What a rule is: one of five shapes, chosen by its keys; each in words, and the range of its points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from math import inf
from typing import Annotated, Any, Literal, assert_never, get_args, get_type_hints

from pydantic import Discriminator, Field, PlainValidator, StrictBool, Tag, create_model

from jifen_analysis.schemes.model.parts import (
    FORFEIT,
    Condition,
    Keyed,
    Number,
    Points,
    Price,
    RecordFilter,
    Selector,
    Sourced,
    Table,
    Who,
    refuse,
)
from jifen_analysis.schemes.model.phrases import (
    PARTS,
    Speech,
    condition_text,
    either_text,
    points_text,
    records_text,
    table_text,
    who_text,
)


@dataclass(frozen=True)
class Span:
    """The least and the most points, infinite where nothing bounds them.

    Examples
    --------
    >>> Span(-5, 0) + Span(10, 10)
    Span(low=5, high=10)
    """

    low: float
    high: float

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def times(self, factor: float) -> Span:
        """Return the span of so many times as much; nothing stays nothing however often."""
        return Span(*(end * factor if end and factor else 0 for end in (self.low, self.high)))

    def within(self, floor: float | None, cap: float | None) -> Span:
        """Return what is left of it between a floor and a cap."""
        least, most = -inf if floor is None else floor, inf if cap is None else cap
        return Span(min(max(self.low, least), most), min(max(self.high, least), most))

    def or_nothing(self) -> Span:
        """Return a span that also contains 0."""
        return Span(min(self.low, 0), max(self.high, 0))


NO_POINTS = Span(0, 0)


def sum_ranges(spans: Iterable[Span]) -> Span:
    """Return the span of a sum."""
    return reduce(Span.__add__, spans, NO_POINTS)


class Priced(Sourced):
    """What rules of every shape may say: for whom, and where their points stop."""

    who: Who | None = Field(None, alias="for")
    floor: Points | None = None
    cap: Points | None = None


class RecordRule(Priced, RecordFilter):
    """A price of records: which ones, and whether each, each unit of them, or one alone counts."""

    table: Table = Field(alias="from")
    times: Literal["quantity"] | None = None
    once: StrictBool = False


class PerRecord(RecordRule):
    """The same ``points`` for each record; with ``sum_of``, those that the record itself says."""

    points: Price = 0
    sum_of: Literal["points"] | None = None


class ByWord(RecordRule):
    """A table of ``points`` by the words of a coded column."""

    by: str
    points: Keyed[Price]
    highest_per: Literal["award"] | None = None


class Tiered(RecordRule):
    """Steps: of the days that a month's dues were late, or of the sum of a column."""

    by: Literal["days_late"] | None = None
    sum_of: Literal["amount"] | None = None
    tiers: tuple[tuple[Number, Price], ...]

    @property
    def steps(self) -> tuple[tuple[float, float, Price], ...]:
        """The tiers, as (from, below, price)."""
        ends = [*(low for low, _ in self.tiers[1:]), float("inf")]
        return tuple((low, end, price) for (low, price), end in zip(self.tiers, ends, strict=True))


class Occurrence(Priced):
    """Whether something happened, or did not, in a part of the period; only where ``given`` did."""

    given: tuple[Selector, ...] = ()
    any_of: tuple[Selector, ...] = ()
    none_of: tuple[Selector, ...] = ()
    points: Points
    otherwise: Points = 0


class Conditional(Priced):
    """Whether one of some conditions holds."""

    when: tuple[Condition, ...]
    points: Price


Rule = PerRecord | ByWord | Tiered | Occurrence | Conditional
"""A price: which records, and what each of them is worth."""

_Prices = Annotated[
    Annotated[Price, Tag("one")] | Annotated[Keyed[Price], Tag("table")],
    Discriminator(lambda value: "table" if isinstance(value, Mapping) else "one"),
]
_KINDS = {"by": str, "points": _Prices, "sum_of": Literal["amount", "points"]}
"""What a key holds that does not hold the same in every shape."""


def _needed() -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield every key that some shape needs, as one that may be left out."""
    for shape in get_args(Rule):
        kinds = get_type_hints(shape, include_extras=True) | _KINDS
        for name, field in shape.model_fields.items():
            if field.is_required() or name in _KINDS:
                yield name, (kinds[name] | None, Field(None, alias=field.alias))


_fields: dict[str, Any] = dict(_needed())
_EveryKey = create_model("_EveryKey", __base__=get_args(Rule), **_fields)
"""Every key that a rule of some shape has, none of them needed: whether each value alone is of its kind."""


def _keys(*shapes: type[Priced]) -> set[str]:
    """Return the keys that some shapes have beyond those of every shape."""
    fields = {name: field for shape in shapes for name, field in shape.model_fields.items()}
    return {field.alias or name for name, field in fields.items() if name not in Priced.model_fields} - {"points"}


def bounds_cross(floor: Any, cap: Any) -> bool:
    """Return whether a floor lies above a cap."""
    numbers = isinstance(floor, int | float) and isinstance(cap, int | float)
    return numbers and floor > cap


CROSSED = "floor 不能高于 cap", "floor cannot be above cap"
_ONE_SHAPE = "须写且只写 from、any_of/none_of、when 之一", "exactly one of from, any_of/none_of, when is right"
_OF_RECORDS = "where、by、times 等只配 from", "where, by, times and their like go with from"
_OF_PARTS = "given、otherwise 只配 any_of、none_of", "given and otherwise go with any_of and none_of"
_STEPPED = 'days_late、sum_of = "amount" 须配 tiers', 'days_late and sum_of = "amount" go with tiers'
_BY = "by 须配 points 表,points 表须配 by", "by and a table of points go together"
_SUM = "sum_of 不与 by、times、once 同写", "sum_of stands without by, times and once"

_RECORD_KEYS = _keys(*(shape for shape in get_args(Rule) if issubclass(shape, RecordRule))) - {"from"}
_PART_KEYS = _keys(Occurrence) - {"any_of", "none_of"}
_SHAPED = _keys(*get_args(Rule)) - {"from", "by"}
"""Keys that say nothing where they are false or empty."""


def _rule(value: Any) -> Rule:
    """Return the rule that is written, refusing keys that do not go together."""
    if not isinstance(value, Mapping):
        return value if isinstance(value, Rule) else PerRecord.model_validate(value)
    said = {key: part for key, part in value.items() if part or key not in _SHAPED}
    misfits = [misfit for misfit in _misfits(said) if misfit[0]]
    if misfits or len(said) < len(value):
        _EveryKey.model_validate(value)  # a value of the wrong kind is told by itself, at its own key
    refuse(*misfits)
    return _shape(said).model_validate(said)


def _misfits(said: Mapping[str, Any]) -> tuple[tuple[bool, str, str], ...]:
    """Return what keys do not go together, as ``refuse`` takes it."""
    told = "any_of" in said or "none_of" in said
    by, points, sum_of, tiers = (said.get(key) for key in ("by", "points", "sum_of", "tiers"))
    by_word, twice = _by_word(said), points is not None and bool(tiers or sum_of)
    return (
        (("from" in said) + told + ("when" in said) != 1, *_ONE_SHAPE),
        ("from" not in said and any(said.get(key) for key in _RECORD_KEYS), *_OF_RECORDS),
        (not told and any(key in said for key in _PART_KEYS), *_OF_PARTS),
        (told and points == FORFEIT, "any_of、none_of 须配数", "any_of and none_of pay a number"),
        (not _rising(tiers), "tiers 的下限须逐级升高", "the lower bounds of tiers must rise"),
        ((by == "days_late" or sum_of == "amount") != bool(tiers), *_STEPPED),
        (by_word != isinstance(points, Mapping), *_BY),
        (points is None and not tiers and sum_of != "points", "没有分值", "no points are given"),
        (twice, "points 不与 tiers、sum_of 同写", "points stand without tiers and sum_of"),
        (sum_of is not None and any(said.get(key) for key in ("by", "times", "once")), *_SUM),
        ("highest_per" in said and not by_word, "highest_per 须配 by", "highest_per goes with by"),
        (bounds_cross(said.get("floor"), said.get("cap")), *CROSSED),
    )


def _by_word(said: Mapping[str, Any]) -> bool:
    return said.get("by") not in (None, "days_late")


def _rising(tiers: Any) -> bool:
    steps = tiers if isinstance(tiers, list | tuple) else ()
    lows = [step[0] for step in steps if isinstance(step, list | tuple) and step]
    return not all(isinstance(low, int | float) for low in lows) or lows == sorted(set(lows))


def _shape(said: Mapping[str, Any]) -> type[Rule]:
    if "when" in said:
        return Conditional
    if "any_of" in said or "none_of" in said:
        return Occurrence
    if _by_word(said):
        return ByWord
    return Tiered if "tiers" in said else PerRecord


AnyRule = Annotated[Rule, PlainValidator(_rule)]
"""A rule as a file says it: its keys choose its shape."""


# ---------------------------------------------------------------- in words


def rule_text(rule: Rule, per: str | None, speech: Speech) -> str:
    """Return what a rule of an item pays, and for what, where the item is asked for each month, quarter or period."""
    said = [_price(rule, per, speech), *_modifiers(rule, speech)]
    return speech.say(",", ", ").join(said)


def _price(rule: Rule, per: str | None, speech: Speech) -> str:
    match rule:
        case Conditional():
            held = speech.say(" 或 ", " or ").join(condition_text(condition, speech) for condition in rule.when)
            return speech.say(f"{held}时", f"{held}: ") + points_text(rule.points, speech)
        case Occurrence():
            return _told(rule, per, speech)
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


def _told(rule: Occurrence, per: str | None, speech: Speech) -> str:
    part = speech.say(*PARTS.get(per or "", ("", "")))
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
