"""The whole scheme: grades, clauses that force one, what follows and how that is said, readings; a walk through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict, StrictBool, model_validator

from jifen_analysis.periods import Kind
from jifen_analysis.schemes.model.ballots import Quota
from jifen_analysis.schemes.model.items import AnyItem, Component
from jifen_analysis.schemes.model.parts import (
    Condition,
    Count,
    Keyed,
    Measure,
    Name,
    Number,
    Positive,
    SchemePart,
    Scope,
    Share,
    Sourced,
    Stand,
    Who,
    as_list,
    freeze,
    refuse,
)
from jifen_analysis.schemes.model.phrases import WITHIN, Speech, measure_text, percent


class Band(SchemePart):
    """A band as the source writes it, kept for the linter."""

    at_least: Number | None = None
    above: Number | None = None
    at_most: Number | None = None
    below: Number | None = None


class Grade(Sourced):
    """A grade: its cut score, and how many may have it."""

    at_least: Number | None = None
    above: Number | None = None
    text_band: Band | None = None
    quota: Quota | None = None

    @property
    def cut(self) -> float | None:
        """The cut score, whether it belongs to the grade or not."""
        return self.at_least if self.at_least is not None else self.above

    @model_validator(mode="after")
    def _fits(self) -> Grade:
        both = self.at_least is not None and self.above is not None
        refuse((both, "at_least 与 above 只写一个", "at_least or above, not both"))
        return self


class Decision(Sourced):
    """Something that follows when conditions hold: all of ``all``, and one of ``any``."""

    any: tuple[Condition, ...] = ()
    all: tuple[Condition, ...] = ()
    decided_by: str = ""


class Forced(Decision):
    """A clause that sets the lowest grade whatever the total."""

    flag: Literal["veto", "forced"] = "forced"
    zero: StrictBool = False
    at: Stand = "period"

    @model_validator(mode="after")
    def _fits(self) -> Forced:
        refuse((not self.any and not self.all, "须写 any 或 all", "any or all is wanted"))
        return self


class Place(SchemePart):
    """A limited number of places: a share of a group, or a count."""

    share: Share | None = None
    count: Count | None = None
    within: Scope = "branch"
    by: str = "total"
    min_group: Count = 1

    @model_validator(mode="after")
    def _fits(self) -> Place:
        one = (self.share is None) != (self.count is None)
        refuse((not one, "须写且只写 share、count 之一", "exactly one of share and count is right"))
        return self


class Gives(SchemePart):
    """What is given for each full step above a line."""

    measure: str = "total"
    above: Number
    for_each: Positive
    gives: Number
    unit: str = ""


class Outcome(Decision):
    """结果运用: what the scheme says follows; never changes a grade."""

    at: Annotated[tuple[Stand, ...], BeforeValidator(as_list), Field(min_length=1)] = ("period",)
    top: Place | None = None
    bottom: Place | None = None
    gives: Gives | None = None

    @model_validator(mode="after")
    def _fits(self) -> Outcome:
        picks = sum(pick is not None for pick in (self.top, self.bottom, self.gives))
        idle = not picks and not self.any and not self.all
        refuse(
            (picks > 1, "top、bottom、gives 只写一个", "one of top, bottom, gives at most"),
            (idle, "须写 any、all、top、bottom 或 gives", "any, all, top, bottom or gives is wanted"),
        )
        return self


# ---------------------------------------------------------------- the whole


class Category(Sourced):
    """A category of members, for those whom the roster does not place."""

    when: Who | None = None


class PathChange(Sourced):
    """Another value of some paths."""

    why: str = ""
    set: Annotated[Mapping[str, Any], AfterValidator(freeze)] = Field(default_factory=dict, validate_default=True)
    drop: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that it changes."""
        return (*self.set, *self.drop)


Detail = Literal["quantity", "amount", "level", "points", "award", "clause"]
"""Columns of an event that only some events read."""


class NewWord(SchemePart):
    """An event that only this scheme knows."""

    label: str
    aliases: tuple[str, ...] = ()
    reads: tuple[Detail, ...] = ()
    levels: tuple[str, ...] = ()
    level_optional: StrictBool = False


class RuleBook(Sourced):
    """A whole scheme as its file says it."""

    id: Name
    title: str
    source: str
    period: Kind
    valid_from: Annotated[date, Strict()] | None = None
    year_total: Literal["sum", "mean"] | None = None
    year_grades: StrictBool = False
    grade_rounding: Literal["none", "half_up"] = "none"
    population: Who | None = None
    words: Mapping[Literal["event"], Keyed[NewWord]] = Field(default_factory=dict)
    categories: Keyed[Category] = Field(default_factory=dict, validate_default=True)
    measures: Keyed[Measure] = Field(default_factory=dict, validate_default=True)
    components: Keyed[Component] = Field(min_length=1)
    grades: Keyed[Grade] = Field(default_factory=dict, validate_default=True)
    forced: Keyed[Forced] = Field(default_factory=dict, validate_default=True)
    outcomes: Keyed[Outcome] = Field(default_factory=dict, validate_default=True)
    readings: Keyed[PathChange] = Field(default_factory=dict, validate_default=True)
    changes: Keyed[PathChange] = Field(default_factory=dict, validate_default=True)
    unsaid: Keyed[Sourced] = Field(default_factory=dict, validate_default=True)

    @property
    def banded(self) -> bool:
        """Whether totals are turned into grades at all."""
        return any(grade.cut is not None for grade in self.grades.values())

    @cached_property
    def every_word(self) -> frozenset[str]:
        """Every word that the scheme writes: a measure that is not among them is asked for by nobody."""
        return frozenset(word for _, word in walk(self) if isinstance(word, str))

    @property
    def items(self) -> dict[tuple[str, str], AnyItem]:
        """Every item under its component and its own name, in file order."""
        return {(name, key): item for name, part in self.components.items() for key, item in part.items.items()}

    @property
    def titles(self) -> dict[str, str]:
        """What every component is called: its title, or its name where it has none."""
        return {name: part.title or name for name, part in self.components.items()}

    @property
    def lowest_grade(self) -> str | None:
        """The grade that a forced clause gives."""
        return list(self.grades)[-1] if self.grades else None


def walk(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every part of a scheme, or of a part at a path of its own, with its dotted path, depth first."""
    return _descend(part, path, ())


def nodes(whole: SchemePart) -> Iterator[tuple[str, SchemePart]]:
    """Yield every part of a scheme that has fields of its own, with its dotted path, depth first."""
    return ((path, part) for path, part in _descend(whole, "", LEAVES) if isinstance(part, SchemePart))


def _descend(part: Any, path: str, but: tuple[type, ...]) -> Iterator[tuple[str, Any]]:
    left = [(path, part)]
    while left:
        path, part = left.pop()
        yield path, part
        children = [] if isinstance(part, LEAVES) else _children(part)
        left += [(f"{path}.{key}" if path else key, one) for key, one in reversed(children) if not isinstance(one, but)]


LEAVES = (str, float, int, type(None))
"""What has no parts: nearly everything that a walk comes by."""


def _children(part: Any) -> list[tuple[str, Any]]:
    if isinstance(part, SchemePart):
        return [(key, getattr(part, name)) for key, name in _keys(type(part))]
    if isinstance(part, tuple):
        return [(str(at), child) for at, child in enumerate(part)]
    return [(str(key), child) for key, child in part.items()] if isinstance(part, Mapping) else []


@cache
def _keys(kind: type[SchemePart]) -> tuple[tuple[str, str], ...]:
    """Return what a file calls each field of a kind of part, and what the field is called."""
    return tuple((field.alias or name, name) for name, field in kind.model_fields.items())


# ---------------------------------------------------------------- in words


def picked_text(outcome: Outcome, speech: Speech) -> Iterator[str]:
    """Yield who of those for whom an outcome holds is picked, and what is given."""
    for place, end in ((outcome.top, ("前", "top")), (outcome.bottom, ("后", "bottom"))):
        if place is not None:
            yield _place(place, end, speech)
    if outcome.gives is not None:
        yield _gives(outcome.gives, speech)


def _place(place: Place, end: tuple[str, str], speech: Speech) -> str:
    within = WITHIN[place.within]
    many = f"{place.count}" if place.share is None else percent(place.share)
    name = speech.say("名" if place.share is None else "(舍去尾数)", "" if place.share is None else " (rounded down)")
    small = speech.say(f",不满{place.min_group}人的不评", f", groups of {place.min_group} or more")
    said = speech.say(
        f"{measure_text(place.by, speech)}居{within[0]}{end[0]}{many}{name}",
        f"{end[1]} {many}{name} of the {within[1]} by {measure_text(place.by, speech)}",
    )
    return said + (small if place.min_group > 1 else "")


def _gives(gives: Gives, speech: Speech) -> str:
    name = measure_text(gives.measure, speech)
    return speech.say(
        f"{name}超过{gives.above:g}后,每满{gives.for_each:g}给{gives.gives:g}{gives.unit}",
        f"{gives.gives:g}{gives.unit} for each full {gives.for_each:g} of {name} above {gives.above:g}",
    )
