"""What is priced: the items that rules, marks, evaluations and ballots make up, and the components those make up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from jifen_analysis.schemes.model.parts import (
    Factor,
    FullMark,
    Keyed,
    Number,
    Points,
    Positive,
    SchemePart,
    Scope,
    Share,
    Sourced,
    Who,
    Words,
    as_list,
    refuse,
)
from jifen_analysis.schemes.model.rules import CROSSED, AnyRule, crossed

Vote = Literal["excellent", "qualified", "basic", "unqualified", "abstained", "satisfied", "neutral", "dissatisfied"]
Votes = Annotated[tuple[Vote, ...], BeforeValidator(as_list), Field(min_length=1)]


class Item(Sourced):
    """Anything with a score of its own inside a component.

    ``text_points`` is what the source says that it counts for.
    """

    who: Who | None = Field(None, alias="for")
    text_points: Number | None = None

    @property
    def parts(self) -> Mapping[str, Sourced]:
        """The parts that have lines of their own in the ledger, by their ids."""
        return {}


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
        refuse((crossed(self.floor, self.cap), *CROSSED))
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

    @property
    def parts(self) -> Mapping[str, Sourced]:
        """The rungs of its ladder."""
        return self.ladder


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
