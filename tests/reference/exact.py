"""Exact numbers: what is read becomes a fraction, what is compared is rounded."""

from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any


def exact(value: Any) -> Fraction:
    """The number as it is written: 0.1 is one tenth, whatever type carries it."""
    if isinstance(value, Fraction):
        return value
    return Fraction(Decimal(str(value)))


def exact_or(value: Any, default: int) -> Fraction:
    """The number, or the default where the cell is blank."""
    return Fraction(default) if value is None else exact(value)


def rounded(value: Fraction) -> Fraction:
    """To 6 decimals: what bands, ranks and ties compare."""
    return Fraction(round(value * 10**6), 10**6)


def whole_mark(value: Fraction) -> Fraction:
    """To 6 decimals, then to a whole mark, halves up."""
    return Fraction(floor(rounded(value) + Fraction(1, 2)))
