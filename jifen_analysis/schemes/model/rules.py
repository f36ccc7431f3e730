"""What a rule is: one of five shapes, chosen by its keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, StrictBool, Tag, create_model

from jifen_analysis.schemes.model.parts import (
    FORFEIT,
    Condition,
    Keyed,
    Number,
    Points,
    Price,
    Selector,
    Sourced,
    Table,
    Who,
    Words,
    refuse,
)


class Priced(Sourced):
    """What rules of every shape may say: for whom, and where their points stop."""

    who: Who | None = Field(None, alias="for")
    floor: Points | None = None
    cap: Points | None = None


class RecordRule(Priced):
    """A price of records: which ones, and whether each, each unit of them, or one alone counts."""

    table: Table = Field(alias="from")
    where: Keyed[Words] = Field(default_factory=dict, validate_default=True)
    excluding: Keyed[Words] = Field(default_factory=dict, alias="except", validate_default=True)
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

Prices = Annotated[
    Annotated[Price, Tag("one")] | Annotated[Keyed[Price], Tag("table")],
    Discriminator(lambda value: "table" if isinstance(value, Mapping) else "one"),
]
Summed = Literal["amount", "points"]

_EveryKey = create_model(
    "_EveryKey",
    __base__=(PerRecord, ByWord, Tiered, Occurrence, Conditional),
    table=(Table | None, Field(None, alias="from")),
    by=(str | None, None),
    points=(Prices | None, None),
    tiers=(tuple[tuple[Number, Price], ...], ()),
    sum_of=(Summed | None, None),
    when=(tuple[Condition, ...], ()),
)
"""Every key that a rule of some shape has, none of them needed: whether each value alone is of its kind."""


def crossed(floor: Any, cap: Any) -> bool:
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

_RECORD_KEYS = ("where", "except", "by", "tiers", "sum_of", "times", "once", "highest_per")
_PART_KEYS = ("given", "otherwise")
_SHAPED = {*_RECORD_KEYS, *_PART_KEYS, "any_of", "none_of", "when"} - {"by"}
"""Keys that say nothing where they are false or empty."""


def _written(value: Any) -> Any:
    """Return what is written of a rule, refusing keys that do not go together."""
    if not isinstance(value, Mapping):
        return value
    said = {key: part for key, part in value.items() if part or key not in _SHAPED}
    misfits = [misfit for misfit in _misfits(said) if misfit[0]]
    if misfits or len(said) < len(value):
        _EveryKey.model_validate(value)  # a value of the wrong kind is told by itself, at its own key
    refuse(*misfits)
    return said


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
        (crossed(said.get("floor"), said.get("cap")), *CROSSED),
    )


def _by_word(said: Mapping[str, Any]) -> bool:
    return said.get("by") not in (None, "days_late")


def _rising(tiers: Any) -> bool:
    steps = tiers if isinstance(tiers, list | tuple) else ()
    lows = [step[0] for step in steps if isinstance(step, list | tuple) and step]
    return not all(isinstance(low, int | float) for low in lows) or lows == sorted(set(lows))


def _shape(value: Any) -> str:
    if not isinstance(value, Mapping):
        return type(value).__name__ if isinstance(value, Rule) else "PerRecord"
    if "when" in value:
        return "Conditional"
    if "any_of" in value or "none_of" in value:
        return "Occurrence"
    if _by_word(value):
        return "ByWord"
    return "Tiered" if "tiers" in value else "PerRecord"


AnyRule = Annotated[
    Annotated[PerRecord, Tag("PerRecord")]
    | Annotated[ByWord, Tag("ByWord")]
    | Annotated[Tiered, Tag("Tiered")]
    | Annotated[Occurrence, Tag("Occurrence")]
    | Annotated[Conditional, Tag("Conditional")],
    Discriminator(_shape),
    BeforeValidator(_written),
]
"""A rule as a file says it: its keys choose its shape."""
