"""What is measured of a member in a period: counts, shares, runs of months."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from jifen_analysis.schemes.model.parts import SchemePart, Selector, Sourced, refuse

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
