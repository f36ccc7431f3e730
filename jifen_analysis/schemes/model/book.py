"""The whole scheme: what it measures, whom it is for, its readings; and a walk through its parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, Strict, StrictBool

from jifen_analysis.periods import Kind
from jifen_analysis.schemes.frozen import frozen
from jifen_analysis.schemes.model.decisions import Forced, Grade, Outcome
from jifen_analysis.schemes.model.items import Component
from jifen_analysis.schemes.model.measures import Measure
from jifen_analysis.schemes.model.parts import Keyed, Name, SchemePart, Sourced, Who


class Category(Sourced):
    """A category of members, for those whom the roster does not place."""

    when: Who | None = None


class PathChange(Sourced):
    """Another value of some paths."""

    why: str = ""
    set: Annotated[Mapping[str, Any], AfterValidator(frozen)] = Field(default_factory=dict, validate_default=True)
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
    def lowest_grade(self) -> str | None:
        """The grade that a forced clause gives."""
        return list(self.grades)[-1] if self.grades else None


def walk(part: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every part of a scheme with its dotted path, depth first.

    Parameters
    ----------
    part : SchemePart, mapping, tuple or scalar
        Where to start.
    path : str
        Its own path.
    """
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
