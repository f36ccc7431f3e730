"""Marks, ballots and evaluations: which of a member's rows serve a period."""

from fractions import Fraction
from typing import Any

from .exact import exact, exact_or
from .periods import contains, months_of

Row = dict[str, Any]
VOTES = ("excellent", "qualified", "basic", "unqualified", "abstained")
SATISFACTION = ("satisfied", "neutral", "dissatisfied")


def serving(rows: list[Row], period: str) -> list[Row]:
    """All rows inside the period; where there is none, the shortest longer one's."""
    inside = [row for row in rows if contains(period, row["period"])]
    around = [row for row in rows if contains(row["period"], period)]
    if inside or not around:
        return inside
    shortest = min(len(months_of(row["period"])) for row in around)
    return [row for row in around if len(months_of(row["period"])) == shortest]


def mean_mark(rows: list[Row], groups: tuple[str, ...]) -> Fraction | None:
    """The marks of these groups averaged together, weighted by `count`."""
    heard = [row for row in rows if row["group"] in groups]
    if not heard:
        return None
    counts = [exact_or(row.get("count"), 1) for row in heard]
    marks = [exact(row["mark"]) for row in heard]
    return sum((m * c for m, c in zip(marks, counts, strict=True)), Fraction(0)) / sum(counts)


def marks_by_item(rows: list[Row], period: str) -> dict[str, Fraction]:
    """Each item's mark for the period: the average of the rows that serve it."""
    means = {}
    for item in {row["item"] for row in rows}:
        marks = [exact(row["mark"]) for row in serving([r for r in rows if r["item"] == item], period)]
        if marks:
            means[item] = Fraction(sum(marks), len(marks))
    return means


def votes_cast(row: Row) -> int:
    """The votes of the five kinds on one ballot row."""
    return sum(row.get(kind) or 0 for kind in VOTES)


def ballot(rows: list[Row], period: str) -> dict[str, int] | None:
    """The votes of a period added up; none where no vote was cast."""
    cast = serving([row for row in rows if votes_cast(row) > 0], period)
    if not cast:
        return None
    return {kind: sum(row.get(kind) or 0 for row in cast) for kind in VOTES + SATISFACTION}
