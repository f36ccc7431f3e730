"""The least and the most points that something can come to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from math import inf


@dataclass(frozen=True)
class Span:
    """The least and the most points, infinite where nothing bounds them.

    Examples
    --------
    >>> Span(-5, 0) + Span(10, 10)
    Span(low=5, high=10)
    """

    low: float
    high: float

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def times(self, factor: float) -> Span:
        """Return the span of so many times as much; nothing stays nothing however often."""
        return Span(*(end * factor if end and factor else 0 for end in (self.low, self.high)))

    def within(self, floor: float | None, cap: float | None) -> Span:
        """Return what is left of it between a floor and a cap."""
        least, most = -inf if floor is None else floor, inf if cap is None else cap
        return Span(min(max(self.low, least), most), min(max(self.high, least), most))

    def or_nothing(self) -> Span:
        """Return a span that also contains 0."""
        return Span(min(self.low, 0), max(self.high, 0))


NOTHING = Span(0, 0)


def sum_ranges(spans: Iterable[Span]) -> Span:
    """Return the span of a sum."""
    return reduce(Span.__add__, spans, NOTHING)
