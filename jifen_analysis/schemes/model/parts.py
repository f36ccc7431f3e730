"""What all parts of a scheme are made of: values, records asked for, members meant, conditions, measures."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    StrictBool,
    StrictInt,
    model_validator,
)

from jifen_analysis.errors import Text

FORFEIT = "forfeit"
"""本项不得分: the item is lost."""

MOST = 1_000_000
"""No number of a scheme is larger; sums stay exact far beyond it."""

CODED: Mapping[str, tuple[str, ...]] = {
    "attendance": ("activity", "status"), "events": ("event", "level"), "dues": ("state",)
}  # fmt: skip
"""The coded columns of each table that a scheme may ask about."""

WORD_KINDS = {"state": "dues_state", "pool": "group", "levels": "level"}
"""Kind of word of a column, where it is not named alike."""

COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "at_least": operator.ge, "at_most": operator.le, "above": operator.gt, "below": operator.lt
}  # fmt: skip

Scope = Literal["branch", "unit"]
Stand = Literal["period", "year"]
Table = Literal["attendance", "dues", "events"]


class MisfitError(ValueError):
    """Something that cannot stand where it stands, said in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(zh)
        self.text = Text(zh, en)


def refuse(*faults: tuple[bool, str, str]) -> None:
    """Raise one ``MisfitError`` that names every fault whose first entry is true."""
    found = [(zh, en) for wrong, zh, en in faults if wrong]
    if found:
        raise MisfitError(";".join(zh for zh, _ in found), "; ".join(en for _, en in found))


# ---------------------------------------------------------------- values


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise MisfitError("须是数", "a number is right")
    if not abs(value) <= MOST:
        raise MisfitError(f"须是不超过 {MOST} 的数", f"a number up to {MOST} is right")
    return float(value)


def _factor(value: Any) -> float:
    if isinstance(value, str):
        fits = re.fullmatch(r"\d{1,40}/0*[1-9]\d{0,39}", value)
        refuse((not fits, '须是数或分数,写成 0.6 或 "7/6"', 'a number or a fraction is right, as 0.6 or "7/6"'))
        return _number(float(Fraction(value)))
    return _number(value)


def _four_decimals(value: float) -> float:
    if Decimal(str(value)) % Decimal("0.0001"):
        raise MisfitError("最多四位小数", "at most four decimals are right")
    return value


def _price(value: Any) -> float | str:
    if isinstance(value, str):
        refuse((value != FORFEIT, f'须是数或 "{FORFEIT}"', f'a number or "{FORFEIT}" is right'))
        return value
    return _four_decimals(_number(value))


def _bound(value: Any) -> float | str:
    if isinstance(value, str):
        refuse((value != "branch_mean", '须是数或 "branch_mean"', 'a number or "branch_mean" is right'))
        return value
    return _number(value)


def _share(value: Any) -> str:
    said = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}(\.\d{1,12})?|\d{1,6}/0*[1-9]\d{0,5}", said):
        raise MisfitError('须是比例,写成 0.1 或 "1/3"', 'a share is right, as 0.1 or "1/3"')
    refuse((Fraction(said) > 1, "须在 0 到 1 之间", "between 0 and 1 is right"))
    return said


def as_list(value: Any) -> Any:
    """Return a single word as a list of one."""
    return [value] if isinstance(value, str) else value


def _name(value: str) -> str:
    unfit = not value or bool(re.search(r"[.;\s]", value))
    refuse((unfit, "名称不能是空的,不能含点、分号、空格", "a name without dots, semicolons and spaces is right"))
    return value


T = TypeVar("T")
Name = Annotated[str, AfterValidator(_name)]
Keyed = Annotated[Mapping[Name, T], AfterValidator(MappingProxyType)]
Number = Annotated[float, BeforeValidator(_number)]
Factor = Annotated[float, BeforeValidator(_factor)]
Positive = Annotated[Number, Field(gt=0)]
Points = Annotated[Number, AfterValidator(_four_decimals)]
FullMark = Annotated[Points, Field(gt=0)]
Price = Annotated[float | Literal["forfeit"], PlainValidator(_price)]
Bound = Annotated[float | Literal["branch_mean"], PlainValidator(_bound)]
Share = Annotated[str, PlainValidator(_share)]
Words = Annotated[tuple[str, ...], BeforeValidator(as_list), Field(min_length=1)]
Count = Annotated[StrictInt, Field(ge=1, le=MOST)]
Age = Annotated[StrictInt, Field(ge=0, le=150)]


def ten_thousandths(value: float) -> int:
    """Return points as a whole number of ten-thousandths.

    Examples
    --------
    >>> ten_thousandths(0.3)
    3000
    """
    return int(Decimal(str(value)) * 10_000)


def exact(number: float | int | str | Decimal | Fraction) -> Fraction:
    """Return the number that somebody wrote: a float as the short decimal that it prints, or else the simple fraction.

    What computing has left behind the twelfth decimal is nobody's writing.

    Examples
    --------
    >>> exact(0.7), exact(1 / 3), exact("7/6"), exact(0.123456), exact(0.7 + 0.1)
    (Fraction(7, 10), Fraction(1, 3), Fraction(7, 6), Fraction(1929, 15625), Fraction(4, 5))
    """
    if not isinstance(number, float):
        return Fraction(number)
    printed, simple = Fraction(repr(float(number))), Fraction(number).limit_denominator(10**6)
    if 10**9 % printed.denominator == 0:
        return printed
    return simple if abs(float(simple) - number) < 1e-12 else Fraction(round(number, 9)).limit_denominator(10**9)


# ---------------------------------------------------------------- parts


class SchemePart(BaseModel):
    """Any part of a scheme: frozen, and unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=False)


class Sourced(SchemePart):
    """A part that says where it stands in the source, and what is assumed."""

    title: str = ""
    clause: str = ""
    assumed: str = ""


class Bounded(SchemePart):
    """A part that compares something with bounds: those of the four comparisons that its kind has."""

    @property
    def bounds(self) -> tuple[tuple[str, Any], ...]:
        """The comparisons that are written, as (name, bound)."""
        written = ((name, getattr(self, name, None)) for name in COMPARISONS)
        return tuple((name, bound) for name, bound in written if bound is not None)


class Who(SchemePart):
    """Which members: by the columns of the roster, all of those that are written.

    ``age_unknown`` lets the ages stand for members without a date of birth.
    """

    category: Words | None = None
    post: Words | None = None
    stage: Words | None = None
    sex: Words | None = None
    floating: StrictBool | None = None
    retired: StrictBool | None = None
    infirm: StrictBool | None = None
    age_at_least: Age | None = None
    age_below: Age | None = None
    age_unknown: StrictBool = False
    excluding: Who | None = Field(None, alias="except")


class RecordFilter(SchemePart):
    """What may say which records: a table, the words its coded columns must have, those they must not."""

    table: Table | None = Field(None, alias="from")
    where: Keyed[Words] = Field(default_factory=dict, validate_default=True)
    excluding: Keyed[Words] = Field(default_factory=dict, alias="except", validate_default=True)


class Selector(RecordFilter):
    """Which records."""

    table: Table = Field(alias="from")


_ONE_SUBJECT = "须写且只写 measure、outcome、from、for 之一", "exactly one of measure, outcome, from, for is right"
_PER = "per 须配 from 和 in_a_row", "per goes with from and in_a_row together"


class Condition(Bounded, RecordFilter):
    """Something that holds or not, for a member in a period or a year.

    One of: a measure, an outcome that stands earlier in the file, records that
    exist, or the member's own columns; then what is asked of it.
    """

    measure: str | None = None
    outcome: str | None = None
    who: Who | None = Field(None, alias="for")

    at_least: Number | None = None
    at_most: Number | None = None
    above: Number | None = None
    below: Bound | None = None
    among: Words | None = Field(None, alias="in")
    outside: Words | None = Field(None, alias="not_in")
    in_a_row: Annotated[StrictInt, Field(ge=2, le=24)] | None = None
    per: Literal["month", "quarter", "year"] | None = None
    nth: Count | None = None
    over: Literal["data"] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Condition:
        subjects = [self.measure, self.outcome, self.table, self.who]
        names = bool(self.among or self.outside)
        bare = self.measure is not None and not (self.bounds or names)
        loose = bool(self.bounds) and not (self.measure or self.table)
        refuse(
            (sum(subject is not None for subject in subjects) != 1, *_ONE_SUBJECT),
            (bare, "须写 at_least、above、below、in 等比较", "a comparison such as at_least or in is wanted"),
            (bool(self.bounds) and names, "数的比较与 in、not_in 不能同写", "numbers or names are compared, not both"),
            (names and self.measure is None, "in、not_in 只配 measure", "in and not_in go with measure"),
            (loose, "比较只配 measure、from", "bounds go with measure and from"),
            (self.table is None and bool(self.where or self.excluding), "where、except 只配 from", "where wants from"),
            (self.per is not None and not (self.table and self.in_a_row), *_PER),
            (self.over is not None and self.table is None, "over 只配 from", "over goes with from"),
        )
        return self


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


# ---------------------------------------------------------------- measures


Selectors = Annotated[tuple[Selector, ...], Field(min_length=1)]


class Ratio(SchemePart):
    """Records counted, as a share of other records."""

    part: Selectors
    whole: Selectors


class Run(SchemePart):
    """The most months in a row in which something holds."""

    any_of: tuple[Selector, ...] = ()
    none_of: tuple[Selector, ...] = ()
    given_branch: tuple[Selector, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Run:
        refuse((not self.any_of and not self.none_of, "须写 any_of 或 none_of", "any_of or none_of is wanted"))
        return self


class Measure(Sourced):
    """A number of a member in a period, made from records."""

    share: Ratio | None = None
    longest_run: Run | None = None
    count: tuple[Selector, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Measure:
        ways = sum((self.share is not None, self.longest_run is not None, bool(self.count)))
        one = "须写且只写 share、longest_run、count 之一", "exactly one of share, longest_run, count is right"
        refuse((ways != 1, *one))
        return self


# ---------------------------------------------------------------- tables that nobody can write into


def freeze(value: Any) -> Any:
    """Return a value whose tables and lists, at any depth, cannot be changed.

    Examples
    --------
    >>> freeze({"points": [1, 2]})["points"]
    (1, 2)
    """
    if isinstance(value, Mapping):
        return MappingProxyType({key: freeze(child) for key, child in value.items()})
    return tuple(freeze(child) for child in value) if isinstance(value, list | tuple) else value


def thaw(value: Any) -> Any:
    """Return a copy made of plain dictionaries and lists.

    Examples
    --------
    >>> thaw(freeze({"points": [1, 2]}))
    {'points': [1, 2]}
    """
    if isinstance(value, Mapping):
        return {key: thaw(child) for key, child in value.items()}
    return [thaw(child) for child in value] if isinstance(value, list | tuple) else value
