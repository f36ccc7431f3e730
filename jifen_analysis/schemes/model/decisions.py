"""What is decided on totals and records: grades, clauses that force one, and what follows."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from jifen_analysis.schemes.model.ballots import Quota
from jifen_analysis.schemes.model.parts import (
    Condition,
    Count,
    Number,
    Positive,
    SchemePart,
    Scope,
    Share,
    Sourced,
    Stand,
    as_list,
    refuse,
)


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
