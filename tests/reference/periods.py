"""Periods as lists of months: 2024, 2024H1, 2024Q3, 2024-07."""

from calendar import monthrange
from datetime import date
from functools import cache


def year_of(period: str) -> str:
    """The year a period lies in."""
    return period[:4]


def months_of(period: str) -> list[str]:
    """The months of a period, in order."""
    year, rest = period[:4], period[4:]
    if rest == "":
        first, count = 1, 12
    elif rest[0] == "H":
        first, count = 6 * int(rest[1]) - 5, 6
    elif rest[0] == "Q":
        first, count = 3 * int(rest[1]) - 2, 3
    else:
        first, count = int(rest[1:]), 1
    return [f"{year}-{month:02d}" for month in range(first, first + count)]


def month_of(day: date) -> str:
    """The month a day lies in."""
    return f"{day.year:04d}-{day.month:02d}"


def first_day(period: str) -> date:
    """The first day of a period."""
    year, month = months_of(period)[0].split("-")
    return date(int(year), int(month), 1)


def last_day(period: str) -> date:
    """The last day of a period."""
    year, month = (int(part) for part in months_of(period)[-1].split("-"))
    return date(year, month, monthrange(year, month)[1])


@cache
def contains(outer: str, inner: str) -> bool:
    """Whether every month of `inner` is a month of `outer`."""
    return set(months_of(inner)) <= set(months_of(outer))


def periods_of_year(year: str, kind: str) -> list[str]:
    """The years, halves, quarters or months of a year, in order."""
    if kind == "year":
        return [year]
    if kind == "half":
        return [f"{year}H1", f"{year}H2"]
    if kind == "quarter":
        return [f"{year}Q{number}" for number in (1, 2, 3, 4)]
    return months_of(year)


def period_of(month: str, kind: str) -> str:
    """The year, half, quarter or month that a month lies in."""
    [period] = [p for p in periods_of_year(month[:4], kind) if month in months_of(p)]
    return period


def kind_of(period: str) -> str:
    """Whether a period is a year, a half, a quarter or a month."""
    return {"": "year", "H": "half", "Q": "quarter", "-": "month"}[period[4:5]]


def period_before(period: str) -> str:
    """The period of the same kind that ends the day before this one begins."""
    kind = kind_of(period)
    siblings = periods_of_year(year_of(period), kind)
    place = siblings.index(period)
    if place > 0:
        return siblings[place - 1]
    return periods_of_year(str(int(year_of(period)) - 1), kind)[-1]
