"""结果运用: what the scheme says follows from scores and grades; it never changes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from jifen_analysis.schemes.model import Condition, Gives, Outcome, Place, RuleBook
from jifen_analysis.scoring import places
from jifen_analysis.scoring.conditions import MILLION, Facts, Years, decided, holds, holds_in_year, millionths
from jifen_analysis.scoring.roster import Bools, Ints


@dataclass(frozen=True)
class Standing:
    """One outcome, for all rows of its kind.

    Parameters
    ----------
    stands, tied : ndarray of bool
        To whom it applies; who was left out by a tie over the boundary.
    quantity : ndarray of float
        How much is given, missing where the outcome gives nothing to count.
    reasons : tuple of (Condition, ndarray of bool)
        Which of its conditions held where.
    """

    stands: Bools
    tied: Bools
    quantity: np.ndarray
    reasons: tuple[tuple[Condition, Bools], ...]


@dataclass(frozen=True)
class Field:
    """Where an outcome is decided: the rows of periods, or of years.

    Parameters
    ----------
    holds : callable
        Says where a condition holds.
    values : callable
        Returns a measure by name.
    group : callable
        Returns the branch or unit of each row.
    counted : ndarray of bool
        Who counts in the n of a group, given a total.
    scored : ndarray of bool
        Who can have outcomes at all.
    """

    holds: Callable[[Condition], Bools]
    values: Callable[[str], np.ndarray]
    group: Callable[[str], Ints]
    counted: Bools
    scored: Bools


def period_outcomes(book: RuleBook, facts: Facts) -> dict[str, Standing]:
    """Decide every outcome that stands in a period, in file order."""
    known = facts
    found: dict[str, Standing] = {}
    for name, outcome in book.outcomes.items():
        if "period" in outcome.at:
            found[name] = standing(outcome, _period_field(known))
            known = replace(known, stands={**known.stands, name: found[name].stands})
    return found


def _period_field(facts: Facts) -> Field:
    roster = facts.roster
    return Field(
        lambda condition: holds(condition, facts),
        lambda name: facts.values[name],
        roster.groups,
        roster.counted & ~np.isnan(facts.values["total"]),
        roster.scored,
    )


def year_outcomes(book: RuleBook, years: Years) -> dict[str, Standing]:
    """Decide every outcome that stands in a year."""
    known = years
    found: dict[str, Standing] = {}
    for name, outcome in book.outcomes.items():
        if "year" in outcome.at and book.period != "year":
            found[name] = standing(outcome, _year_field(known))
            known = replace(known, stands={**known.stands, name: found[name].stands})
    return found


def _year_field(years: Years) -> Field:
    roster, last = years.facts.roster, years.last

    def group(scope: str) -> Ints:
        names = np.unique(roster.facts[scope].to_numpy()[last].astype(str), return_inverse=True)[1]
        return (roster.year[last] - int(roster.year.min(initial=9999))) * (int(names.max(initial=0)) + 1) + names

    counted = ~roster.activist[last] & ~np.isnan(years.total)
    return Field(
        lambda condition: holds_in_year(condition, years),
        lambda name: years.total,
        group,
        counted,
        years.any(roster.scored),
    )


def standing(outcome: Outcome, field: Field) -> Standing:
    """Decide one outcome: its conditions, then its places, then what it gives."""
    stands = field.scored & decided(outcome, field.holds, len(field.scored))
    tied = np.zeros(len(stands), bool)
    for place, sign in ((outcome.top, 1), (outcome.bottom, -1)):
        if place is not None:
            stands, tied = _placed(place, sign, stands, field)
    quantity = np.full(len(stands), np.nan)
    if outcome.gives is not None:
        quantity = given(outcome.gives, field.values(outcome.gives.measure))
        stands = stands & (quantity > 0)
    held = tuple((condition, stands & field.holds(condition)) for condition in (*outcome.all, *outcome.any))
    return Standing(stands, tied, quantity, held)


def _placed(place: Place, sign: int, stands: Bools, field: Field) -> tuple[Bools, Bools]:
    group, values = field.group(place.within), field.values(place.by)
    n = places.group_sizes(group, field.counted)
    seats = np.full(len(n), place.count) if place.share is None else places.seats(place.share, n)
    entered = stands & field.counted & ~np.isnan(values) & (n >= place.min_group)
    return places.keep(sign * millionths(values), group, entered, seats)


def given(gives: Gives, values: np.ndarray) -> np.ndarray:
    """Return what is given for each full step above a line; missing without a value."""
    known = ~np.isnan(values)
    above = np.where(known, millionths(values), 0) - round(gives.above * MILLION)
    steps = np.maximum(above // round(gives.for_each * MILLION), 0)
    return np.where(known, steps * gives.gives, np.nan)


def reason(standing_: Standing, said: Mapping[int, str]) -> np.ndarray:
    """Return for each row the conditions that held there, in words, joined.

    Parameters
    ----------
    said : mapping of int to str
        The words of each condition, by its position.
    """
    words = np.full(len(standing_.stands), "", dtype=object)
    for at, (_, where) in enumerate(standing_.reasons):
        words[where] = [f"{one};{said[at]}" if one else said[at] for one in words[where]]
    return words
