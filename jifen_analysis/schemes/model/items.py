"""What is priced: items of every kind, in words, with the points that they can come to; and the components of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal, assert_never

from pydantic import Discriminator, Field, Tag, model_validator

from jifen_analysis.errors import NOTHING, Text
from jifen_analysis.periods import MONTHS, Kind
from jifen_analysis.schemes.model.ballots import BallotItem, Lines, ballot_lines
from jifen_analysis.schemes.model.parts import (
    Factor,
    FullMark,
    Item,
    Keyed,
    Number,
    Points,
    Positive,
    Sourced,
    Who,
    Words,
    exact,
    refuse,
)
from jifen_analysis.schemes.model.phrases import PARTS, Speech, category_text, who_text, words_text
from jifen_analysis.schemes.model.rules import (
    CROSSED,
    NO_POINTS,
    AnyRule,
    Span,
    bounds_cross,
    forfeits,
    prices,
    rule_span,
    sum_ranges,
)


class PointsItem(Item):
    """An item that starts with points and lets rules add or deduct."""

    start: Points = 0
    floor: Points | None = None
    cap: Points | None = None
    per: Literal["month", "quarter"] | None = None
    rules: Keyed[AnyRule] = Field(default_factory=dict, validate_default=True)

    @property
    def parts(self) -> Mapping[str, Sourced]:
        """Its rules."""
        return self.rules

    @model_validator(mode="after")
    def _fits(self) -> PointsItem:
        refuse((bounds_cross(self.floor, self.cap), *CROSSED))
        return self


class MarkedItem(Item):
    """An item that an assessor marks from 0 to ``max``; a category may have another full mark."""

    table: Literal["marks"] = Field(alias="from")
    max: FullMark
    max_for: Keyed[FullMark] = Field(default_factory=dict, validate_default=True)

    def most(self, category: str | None = None) -> float:
        """Return the full mark of a category's members."""
        return self.max_for.get(category or "", self.max)


class Pool(Sourced):
    """One group of evaluators; several kinds are averaged together."""

    weight: Positive
    pool: Words


class EvaluationItem(Item):
    """The mean mark of evaluators: groups with weights, each a pool of one or more kinds of evaluator."""

    table: Literal["evaluations"] = Field(alias="from")
    groups: Keyed[Pool] = Field(min_length=1)
    scale: Positive = 1

    @property
    def parts(self) -> Mapping[str, Sourced]:
        """Its groups of evaluators."""
        return self.groups


def _item_kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("from", "points"))
    return str(getattr(value, "table", "points"))


AnyItem = Annotated[
    Annotated[PointsItem, Tag("points")]
    | Annotated[MarkedItem, Tag("marks")]
    | Annotated[EvaluationItem, Tag("evaluations")]
    | Annotated[BallotItem, Tag("ballots")],
    Discriminator(_item_kind),
]


class Component(Sourced):
    """A weighted part of the total."""

    weight: Annotated[Factor, Field(ge=0)] = 1
    items: Keyed[AnyItem] = Field(min_length=1)
    text_points: Number | None = None


# ---------------------------------------------------------------- in words


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
        yield speech.say(f"{PARTS[item.per][0]}分别计算", f"scored {PARTS[item.per][1]}")
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


def item_lines(item: AnyItem, speech: Speech) -> Lines:
    """Yield what stands inside an item besides rules: its groups of evaluators, or the rungs of its ballot."""
    match item:
        case EvaluationItem():
            return _pool_lines(item, speech)
        case BallotItem():
            return ballot_lines(item, speech)
        case PointsItem() | MarkedItem():
            return iter(())
        case _:
            assert_never(item)


def _pool_lines(item: EvaluationItem, speech: Speech) -> Lines:
    whole = sum(pool.weight for pool in item.groups.values())
    for pool in item.groups.values():
        named = words_text("group", pool.pool, speech)
        yield speech.say(f"{named}:占{pool.weight / whole:.4g}", f"{named}: {pool.weight / whole:.4g}"), pool


def submitted_text(item: AnyItem) -> Text:
    """Return what is wanted for an item where it has no score."""
    match item:
        case PointsItem():
            return NOTHING
        case MarkedItem():
            return Text("考评打分", "assessor's mark")
        case EvaluationItem():
            return Text("评议分", "evaluator's mark")
        case BallotItem():
            return Text("测评票", "ballot")
        case _:
            assert_never(item)


# ---------------------------------------------------------------- the points that it can come to


FULL_EVALUATION = 100
"""The best mark of an evaluator."""


def may_be(who: Who | None, category: str | None) -> bool:
    """Return whether members of a category can be among those described."""
    if who is None:
        return True
    left_out = who.excluding is not None and category in (who.excluding.category or ())
    return (who.category is None or category in who.category) and not left_out


def _must_be(who: Who | None) -> bool:
    """Return whether nothing but the category is asked."""
    return who is None or (who.model_fields_set <= {"category", "excluding"} and _must_be(who.excluding))


def item_span(item: AnyItem, period: Kind, category: str | None) -> Span:
    """Return the span of an item for a category's members, in a whole period."""
    if not may_be(item.who, category):
        return NO_POINTS
    span = _item_span(item, period, category)
    return span if _must_be(item.who) else span.or_nothing()


def _item_span(item: AnyItem, period: Kind, category: str | None) -> Span:
    match item:
        case PointsItem():
            return _points_span(item, MONTHS[period], category)
        case MarkedItem():
            return Span(0, item.most(category))
        case EvaluationItem():
            return Span(0, round(FULL_EVALUATION * item.scale, 9))
        case BallotItem():
            return _ballot_span(item)
        case _:
            assert_never(item)


def _ballot_span(item: BallotItem) -> Span:
    pays = [Fraction(rung.pays) * Fraction(str(item.max)) for rung in item.ladder.values() if rung.pays is not None]
    return Span(float(min(pays, default=0)), float(max(pays, default=0)))


def _points_span(item: PointsItem, length: int, category: str | None) -> Span:
    months = MONTHS[item.per] if item.per else length
    rules = [rule for rule in item.rules.values() if may_be(rule.who, category)]
    spans = [rule_span(rule, months) if _must_be(rule.who) else rule_span(rule, months).or_nothing() for rule in rules]
    span = Span(item.start, item.start) + sum_ranges(spans)
    if any(map(forfeits, rules)):
        span = Span(min(span.low, 0), span.high)
    return span.within(item.floor, item.cap).times(length // months)


def item_marks(item: AnyItem, period: Kind, category: str | None) -> Fraction:
    """Return the full marks of one item for a category, before its weight: what it pays at the start, or at best.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> book = read_scheme("street_80_20").book
    >>> [str(item_marks(item, book.period, "")) for item in book.components["evaluation"].items.values()]
    ['20']
    """
    match item:
        case PointsItem():
            return exact(item.start) * (MONTHS[period] // MONTHS[item.per or period])
        case EvaluationItem():
            return FULL_EVALUATION * exact(item.scale)
        case MarkedItem():
            return exact(item.most(category))
        case BallotItem():
            return exact(item.max)
        case _:
            assert_never(item)
