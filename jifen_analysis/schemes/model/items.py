"""What is priced: rules, the items they make up, the components those make up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StrictBool, Tag, model_validator

from jifen_analysis.schemes.model.parts import (
    FORFEIT,
    Condition,
    Factor,
    FullMark,
    Keyed,
    Number,
    Points,
    Positive,
    Price,
    Prices,
    SchemePart,
    Scope,
    Selector,
    Share,
    Sourced,
    Table,
    Who,
    Words,
    as_list,
    refuse,
)

Vote = Literal["excellent", "qualified", "basic", "unqualified", "abstained", "satisfied", "neutral", "dissatisfied"]
Votes = Annotated[tuple[Vote, ...], BeforeValidator(as_list), Field(min_length=1)]


class Rule(Sourced):
    """A price: which records, and what each of them is worth.

    Five shapes: ``points`` for each record; ``by`` a coded column with a table
    of ``points``; ``tiers`` of days late or of a sum; ``any_of``/``none_of``,
    whether something happened in a part of the period; ``when``, whether a
    measure is reached.
    """

    table: Table | None = Field(None, alias="from")
    where: Keyed[Words] = Field(default_factory=dict, validate_default=True)
    excluding: Keyed[Words] = Field(default_factory=dict, alias="except", validate_default=True)
    who: Who | None = Field(None, alias="for")

    by: str | None = None
    points: Prices | None = None
    tiers: tuple[tuple[Number, Price], ...] = ()
    sum_of: Literal["amount", "points"] | None = None
    times: Literal["quantity"] | None = None
    once: StrictBool = False
    highest_per: Literal["award"] | None = None
    floor: Points | None = None
    cap: Points | None = None

    given: tuple[Selector, ...] = ()
    any_of: tuple[Selector, ...] = ()
    none_of: tuple[Selector, ...] = ()
    otherwise: Points = 0
    when: tuple[Condition, ...] = ()

    @property
    def by_word(self) -> bool:
        """Whether it prices the words of a column."""
        return self.by is not None and self.by != "days_late"

    @property
    def tells(self) -> bool:
        """Whether it prices that something happened, or did not."""
        return bool(self.any_of or self.none_of)

    @property
    def _of_records(self) -> bool:
        """Whether anything is written that only a price of records can have."""
        written = (self.where, self.excluding, self.by, self.tiers, self.sum_of, self.times, self.once)
        return any(written) or self.highest_per is not None

    @model_validator(mode="after")
    def _fits(self) -> Rule:
        shapes = [self.table is not None, self.tells, bool(self.when)]
        lows = [low for low, _ in self.tiers]
        stepped = self.by == "days_late" or self.sum_of == "amount"
        twice = self.points is not None and bool(self.tiers or self.sum_of)
        refuse(
            (sum(shapes) != 1, *_ONE_SHAPE),
            (self.table is None and self._of_records, *_OF_RECORDS),
            (not self.tells and bool(self.given or self.otherwise), *_OF_PARTS),
            (self.tells and self.points == FORFEIT, "any_of、none_of 须配数", "any_of and none_of pay a number"),
            (lows != sorted(set(lows)), "tiers 的下限须逐级升高", "the lower bounds of tiers must rise"),
            (stepped != bool(self.tiers), *_STEPPED),
            (self.by_word != isinstance(self.points, Mapping), *_BY),
            (self.points is None and not self.tiers and self.sum_of != "points", "没有分值", "no points are given"),
            (twice, "points 不与 tiers、sum_of 同写", "points stand without tiers and sum_of"),
            (self.sum_of is not None and bool(self.by or self.times or self.once), *_SUM),
            (self.highest_per is not None and not self.by_word, "highest_per 须配 by", "highest_per goes with by"),
            (crossed(self.floor, self.cap), *_CROSSED),
        )
        return self


_ONE_SHAPE = "须写且只写 from、any_of/none_of、when 之一", "exactly one of from, any_of/none_of, when is right"
_OF_RECORDS = "where、by、times 等只配 from", "where, by, times and their like go with from"
_OF_PARTS = "given、otherwise 只配 any_of、none_of", "given and otherwise go with any_of and none_of"
_STEPPED = 'days_late、sum_of = "amount" 须配 tiers', 'days_late and sum_of = "amount" go with tiers'
_BY = "by 须配 points 表,points 表须配 by", "by and a table of points go together"
_SUM = "sum_of 不与 by、times、once 同写", "sum_of stands without by, times and once"
_CROSSED = "floor 不能高于 cap", "floor cannot be above cap"


def crossed(floor: float | None, cap: float | None) -> bool:
    """Return whether a floor lies above a cap."""
    return floor is not None and cap is not None and floor > cap


class Item(Sourced):
    """Anything with a score of its own inside a component.

    ``text_points`` is what the source says that it counts for.
    """

    who: Who | None = Field(None, alias="for")
    text_points: Number | None = None


class PointsItem(Item):
    """An item that starts with points and lets rules add or deduct."""

    start: Points = 0
    floor: Points | None = None
    cap: Points | None = None
    per: Literal["month", "quarter"] | None = None
    rules: Keyed[Rule] = Field(default_factory=dict, validate_default=True)

    @model_validator(mode="after")
    def _fits(self) -> PointsItem:
        refuse((crossed(self.floor, self.cap), *_CROSSED))
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


class VoteShare(SchemePart):
    """A share of the votes, compared exactly."""

    votes: Votes
    at_least: Share | None = None
    at_most: Share | None = None
    above: Share | None = None
    below: Share | None = None

    @property
    def bounds(self) -> tuple[tuple[str, str], ...]:
        """The comparisons, as (name, share)."""
        named = (("at_least", self.at_least), ("at_most", self.at_most), ("above", self.above), ("below", self.below))
        return tuple((name, bound) for name, bound in named if bound is not None)

    @model_validator(mode="after")
    def _fits(self) -> VoteShare:
        refuse((not self.bounds, "须写 at_least、at_most、above、below", "a bound such as at_least is wanted"))
        return self


class Rung(Sourced):
    """One rung of a ballot ladder; a rung without conditions catches the rest."""

    when: tuple[VoteShare, ...] = ()
    pays: Share | None = None
    becomes: str | None = None
    flag: Literal["review", "ballot_gap"] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Rung:
        both = (self.pays is None) == (self.becomes is None)
        refuse((both, "须写且只写 pays、becomes 之一", "exactly one of pays and becomes is right"))
        return self


class Limit(Sourced):
    """A second look at a ballot: where a share is out of bounds, another rung is taken."""

    votes: Votes
    of: Votes
    above: Share | None = None
    below: Share | None = None
    rung: str | None = None
    becomes: str | None = None
    flag: Literal["review"] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Limit:
        unbound, idle = self.above is None and self.below is None, self.becomes is None and self.flag is None
        refuse(
            (unbound, "须写 above 或 below", "above or below is wanted"),
            (idle, "须写 becomes 或 flag", "becomes or flag is wanted"),
        )
        return self


class Quota(Sourced):
    """At most floor(share × n) may keep it; n and ties as in ``scoring.quotas``."""

    share: Share
    within: Scope = "branch"
    of: Literal["counted", "all"] = "counted"


class BallotQuota(Quota):
    """A quota on a rung of a ladder, by a share of the votes."""

    rung: str
    by: Votes
    becomes: str


class BallotItem(Item):
    """An item paid by a ladder of vote shares."""

    table: Literal["ballots"] = Field(alias="from")
    max: FullMark
    votes_cast: Votes = ("excellent", "qualified", "basic", "unqualified", "abstained")
    ladder: Keyed[Rung] = Field(min_length=1)
    limits: Keyed[Limit] = Field(default_factory=dict, validate_default=True)
    quota: BallotQuota | None = None


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
