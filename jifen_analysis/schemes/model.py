"""The parts of a scheme: a closed vocabulary of rule shapes, frozen, without pandas.

A scheme file is checked against these classes. Tables are keyed everywhere, so
that the dotted path of a number is its name, its address in an error, and
where a variant changes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag, model_validator

from jifen_analysis.periods import Kind

FORFEIT = "forfeit"
"""本项不得分: the item is lost."""

Value = float | Literal["forfeit"]
Scope = Literal["branch", "unit"]
Stand = Literal["period", "year"]


def _four_decimals(value: float) -> float:
    if round(value * 10_000) != round(value * 10_000, 6):
        raise ValueError("最多四位小数|at most four decimals")
    return value


def _share(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _proper(value: str) -> str:
    try:
        fraction = Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError("应是 0 到 1 之间的比例,如 0.1 或 \"1/3\"|a share between 0 and 1 is right, as 0.1 or \"1/3\"") from None
    if not 0 <= fraction <= 1:
        raise ValueError("应在 0 到 1 之间|between 0 and 1 is right")
    return value


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


T = TypeVar("T")
Keyed = Annotated[Mapping[str, T], AfterValidator(MappingProxyType)]
Points = Annotated[float, AfterValidator(_four_decimals)]
Share = Annotated[str, BeforeValidator(_share), AfterValidator(_proper)]
Words = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(min_length=1)]


class Part(BaseModel):
    """Any part of a scheme: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False, allow_inf_nan=False)


class Sourced(Part):
    """A part that says where it stands in the source."""

    title: str = ""
    clause: str = ""
    assumed: str = ""


class Who(Part):
    """Which members: by the columns of the roster."""

    category: Words | None = None
    post: Words | None = None
    stage: Words | None = None
    sex: Words | None = None
    floating: bool | None = None
    retired: bool | None = None
    infirm: bool | None = None
    age_at_least: int | None = None
    age_below: int | None = None
    age_unknown: bool = False
    excluding: Who | None = Field(None, alias="except")


class Selector(Part):
    """Which records: a table, the words its coded columns must have, those they must not."""

    table: Literal["attendance", "dues", "events"] = Field(alias="from")
    where: Keyed[Words] = Field(default_factory=dict, validate_default=True)
    excluding: Keyed[Words] = Field(default_factory=dict, alias="except", validate_default=True)


class Condition(Part):
    """Something that holds or not, for a member in a period or a year.

    One of: a measure, an outcome that stands earlier in the file, records that
    exist, or the member's own columns; then what is asked of it.
    """

    measure: str | None = None
    outcome: str | None = None
    table: Literal["attendance", "dues", "events"] | None = Field(None, alias="from")
    where: Keyed[Words] = Field(default_factory=dict, validate_default=True)
    excluding: Keyed[Words] = Field(default_factory=dict, alias="except", validate_default=True)
    who: Who | None = Field(None, alias="for")

    at_least: float | None = None
    at_most: float | None = None
    above: float | None = None
    below: float | Literal["branch_mean"] | None = None
    among: Words | None = Field(None, alias="in")
    outside: Words | None = Field(None, alias="not_in")
    in_a_row: int | None = Field(None, ge=2)
    per: Literal["month", "quarter", "year"] | None = None
    nth: int | None = Field(None, ge=1)
    over: Literal["data"] | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Condition:
        subjects = [self.measure, self.outcome, self.table, self.who]
        if sum(subject is not None for subject in subjects) != 1:
            raise ValueError("须写且只写 measure、outcome、from、for 之一|exactly one of measure, outcome, from, for is right")
        if self.measure is not None and not (self.bounds or self.among or self.outside):
            raise ValueError("须写 at_least、above、below、in 等比较|a comparison such as at_least, above, below or in is wanted")
        return self

    @property
    def bounds(self) -> tuple[tuple[str, float | str], ...]:
        """The comparisons with numbers, as (name, number)."""
        named = (("at_least", self.at_least), ("at_most", self.at_most), ("above", self.above), ("below", self.below))
        return tuple((name, bound) for name, bound in named if bound is not None)

    @property
    def selector(self) -> Selector | None:
        """The records it looks for, if it looks for records."""
        if self.table is None:
            return None
        return Selector.model_validate({"from": self.table, "where": dict(self.where), "except": dict(self.excluding)})


class Rule(Sourced):
    """A price: which records, and what each of them is worth."""

    table: Literal["attendance", "dues", "events"] | None = Field(None, alias="from")
    where: Keyed[Words] = Field(default_factory=dict, validate_default=True)
    excluding: Keyed[Words] = Field(default_factory=dict, alias="except", validate_default=True)
    who: Who | None = Field(None, alias="for")

    by: str | None = None
    points: Points | Literal["forfeit"] | Keyed[Points | Literal["forfeit"]] | None = None
    tiers: tuple[tuple[float, Points | Literal["forfeit"]], ...] = ()
    sum_of: Literal["amount", "points"] | None = None
    times: Literal["quantity"] | None = None
    once: bool = False
    highest_per: Literal["award"] | None = None
    floor: Points | None = None
    cap: Points | None = None

    given: tuple[Selector, ...] = ()
    any_of: tuple[Selector, ...] = ()
    none_of: tuple[Selector, ...] = ()
    otherwise: Points = 0
    when: tuple[Condition, ...] = ()

    @model_validator(mode="after")
    def _one_shape(self) -> Rule:
        shapes = [self.table is not None, bool(self.any_of or self.none_of), bool(self.when)]
        if sum(shapes) != 1:
            raise ValueError("须写且只写 from、any_of/none_of、when 之一|exactly one of from, any_of/none_of, when is right")
        if self.tiers and [low for low, _ in self.tiers] != sorted({low for low, _ in self.tiers}):
            raise ValueError("tiers 的下限须逐级升高|the lower bounds of tiers must rise")
        if (self.by == "days_late" or self.sum_of == "amount") != bool(self.tiers):
            raise ValueError("days_late 和 sum_of = \"amount\" 须配 tiers|days_late and sum_of = \"amount\" go with tiers")
        if self.by not in (None, "days_late") and not isinstance(self.points, Mapping):
            raise ValueError("by 须配 points 表|by goes with a table of points")
        if self.points is None and not self.tiers and self.sum_of != "points":
            raise ValueError("没有分值|no points are given")
        return self

    @property
    def selector(self) -> Selector:
        """The records it prices."""
        return Selector.model_validate({"from": self.table, "where": dict(self.where), "except": dict(self.excluding)})


class PointsItem(Sourced):
    """An item that starts with points and lets rules add or deduct."""

    who: Who | None = Field(None, alias="for")
    start: Points = 0
    floor: Points | None = None
    cap: Points | None = None
    per: Literal["month", "quarter"] | None = None
    rules: Keyed[Rule] = Field(default_factory=dict, validate_default=True)
    text_points: float | None = None


class MarkedItem(Sourced):
    """An item that an assessor marks from 0 to ``max``; some categories may have another."""

    table: Literal["marks"] = Field(alias="from")
    max: Annotated[Points, Field(gt=0)]
    max_for: Keyed[Annotated[Points, Field(gt=0)]] = Field(default_factory=dict, validate_default=True)
    who: Who | None = Field(None, alias="for")
    text_points: float | None = None

    def most(self, category: str | None = None) -> float:
        """Return the full mark of a category's members."""
        return self.max_for.get(category or "", self.max)


class Pool(Sourced):
    """One group of evaluators; several kinds are averaged together."""

    weight: Annotated[float, Field(gt=0)]
    pool: Words


class EvaluationItem(Sourced):
    """The mean mark of evaluators: groups with weights, each a pool of one or more kinds of evaluator."""

    table: Literal["evaluations"] = Field(alias="from")
    groups: Keyed[Pool] = Field(min_length=1)
    scale: Annotated[float, Field(gt=0)] = 1
    who: Who | None = Field(None, alias="for")
    text_points: float | None = None


class VoteShare(Part):
    """A share of the votes, compared exactly."""

    votes: Words
    at_least: Share | None = None
    at_most: Share | None = None
    above: Share | None = None
    below: Share | None = None


class Rung(Sourced):
    """One rung of a ballot ladder; a rung without conditions catches the rest."""

    when: tuple[VoteShare, ...] = ()
    pays: Share | None = None
    becomes: str | None = None
    flag: Literal["review", "ballot_gap"] | None = None


class Limit(Sourced):
    """A second look at a ballot: where a share is out of bounds, another rung is taken."""

    votes: Words
    of: Words
    above: Share | None = None
    below: Share | None = None
    rung: str | None = None
    becomes: str | None = None
    flag: Literal["review"] | None = None


class Quota(Sourced):
    """At most floor(share × n) may keep it; n and ties as in ``scoring.places``."""

    share: Share
    within: Scope = "branch"
    of: Literal["counted", "all"] = "counted"


class BallotQuota(Quota):
    """A quota on a rung of a ladder, by a share of the votes."""

    rung: str
    by: Words
    becomes: str


class BallotItem(Sourced):
    """An item paid by a ladder of vote shares."""

    table: Literal["ballots"] = Field(alias="from")
    max: Annotated[Points, Field(gt=0)]
    votes_cast: Words = ("excellent", "qualified", "basic", "unqualified", "abstained")
    ladder: Keyed[Rung] = Field(min_length=1)
    limits: Keyed[Limit] = Field(default_factory=dict, validate_default=True)
    quota: BallotQuota | None = None
    who: Who | None = Field(None, alias="for")
    text_points: float | None = None


def _item_kind(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("from", "points"))
    return getattr(value, "table", "points")


Item = Annotated[
    Annotated[PointsItem, Tag("points")]
    | Annotated[MarkedItem, Tag("marks")]
    | Annotated[EvaluationItem, Tag("evaluations")]
    | Annotated[BallotItem, Tag("ballots")],
    Discriminator(_item_kind),
]


class Component(Sourced):
    """A weighted part of the total."""

    weight: float = 1
    items: Keyed[Item] = Field(min_length=1)
    text_points: float | None = None


class Band(Part):
    """A band as the source writes it, kept for the linter."""

    at_least: float | None = None
    above: float | None = None
    at_most: float | None = None
    below: float | None = None


class Grade(Sourced):
    """A grade: its cut score, and how many may have it."""

    at_least: float | None = None
    above: float | None = None
    text_band: Band | None = None
    quota: Quota | None = None

    @property
    def cut(self) -> float | None:
        """The cut score, whether it belongs to the grade or not."""
        return self.at_least if self.at_least is not None else self.above


class Decision(Sourced):
    """Something that follows when conditions hold: all of ``all``, and one of ``any``."""

    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    decided_by: str = ""


class Forced(Decision):
    """A clause that sets the lowest grade whatever the total."""

    flag: Literal["veto", "forced"] = "forced"
    zero: bool = False
    at: Stand = "period"

    @model_validator(mode="after")
    def _has_reason(self) -> Forced:
        if not self.any and not self.all:
            raise ValueError("须写 any 或 all|any or all is wanted")
        return self


class Place(Part):
    """A limited number of places: a share of a group, or a count."""

    share: Share | None = None
    count: int | None = Field(None, ge=1)
    within: Scope = "branch"
    by: str = "total"
    min_group: int = 1

    @model_validator(mode="after")
    def _one_number(self) -> Place:
        if (self.share is None) == (self.count is None):
            raise ValueError("须写且只写 share、count 之一|exactly one of share and count is right")
        return self


class Gives(Part):
    """What is given for each full step above a line."""

    measure: str = "total"
    above: float
    for_each: Annotated[float, Field(gt=0)]
    gives: float
    unit: str = ""


class Outcome(Decision):
    """结果运用: what the scheme says follows; never changes a grade."""

    at: Annotated[tuple[Stand, ...], BeforeValidator(_listed)] = ("period",)
    top: Place | None = None
    bottom: Place | None = None
    gives: Gives | None = None


class Ratio(Part):
    """Records counted, as a share of other records."""

    part: tuple[Selector, ...]
    whole: tuple[Selector, ...]


class Run(Part):
    """The most months in a row in which something holds."""

    any_of: tuple[Selector, ...] = ()
    none_of: tuple[Selector, ...] = ()
    given_branch: tuple[Selector, ...] = ()


class Measure(Sourced):
    """A number of a member in a period, made from records."""

    share: Ratio | None = None
    longest_run: Run | None = None
    count: tuple[Selector, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Measure:
        if sum((self.share is not None, self.longest_run is not None, bool(self.count))) != 1:
            raise ValueError("须写且只写 share、longest_run、count 之一|exactly one of share, longest_run, count is right")
        return self


class Category(Sourced):
    """A category of members, for those whom the roster does not place."""

    when: Who | None = None


class Change(Sourced):
    """Another value of some paths."""

    why: str = ""
    set: dict[str, Any] = Field(default_factory=dict)
    drop: tuple[str, ...] = ()


class NewWord(Part):
    """An event that only this scheme knows."""

    label: str
    aliases: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    level_optional: bool = False


class RuleBook(Sourced):
    """A whole scheme as its file says it."""

    id: str
    title: str
    source: str
    period: Kind
    valid_from: date | None = None
    year_total: Literal["sum", "mean"] | None = None
    year_grades: bool = False
    grade_rounding: Literal["none", "half_up"] = "none"
    population: Who | None = None
    words: Mapping[Literal["event"], Mapping[str, NewWord]] = Field(default_factory=dict)
    categories: Keyed[Category] = Field(default_factory=dict, validate_default=True)
    measures: Keyed[Measure] = Field(default_factory=dict, validate_default=True)
    components: Keyed[Component] = Field(min_length=1)
    grades: Keyed[Grade] = Field(default_factory=dict, validate_default=True)
    forced: Keyed[Forced] = Field(default_factory=dict, validate_default=True)
    outcomes: Keyed[Outcome] = Field(default_factory=dict, validate_default=True)
    readings: Keyed[Change] = Field(default_factory=dict, validate_default=True)
    changes: Keyed[Change] = Field(default_factory=dict, validate_default=True)
    unsaid: Keyed[Sourced] = Field(default_factory=dict, validate_default=True)

    @property
    def banded(self) -> bool:
        """Whether totals are turned into grades at all."""
        return any(grade.cut is not None for grade in self.grades.values())

    @property
    def lowest_grade(self) -> str | None:
        """The grade that a forced clause gives."""
        return next(reversed(self.grades), None) if self.grades else None


def walk(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every part of a scheme with its dotted path, depth first.

    Parameters
    ----------
    part : Part, mapping, tuple or scalar
        Where to start.
    path : str
        Its own path.
    """
    yield path, part
    for key, child in _children(part):
        yield from walk(child, f"{path}.{key}" if path else key)


def _children(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, Part):
        fields = type(part).model_fields
        yield from ((field.alias or name, getattr(part, name)) for name, field in fields.items())
    elif isinstance(part, Mapping):
        yield from ((str(key), child) for key, child in part.items())
    elif isinstance(part, tuple):
        yield from ((str(at), child) for at, child in enumerate(part))


def ten_thousandths(value: float) -> int:
    """Return points as a whole number of ten-thousandths."""
    return int(Decimal(str(value)) * 10_000)

