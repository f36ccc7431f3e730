"""结果运用: what the scheme says follows from scores and grades; it never changes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from jifen_analysis.schemes.model import Condition, Gives, Outcome, Place, RuleBook
from jifen_analysis.schemes.model.parts import Stand
from jifen_analysis.scoring import quotas
from jifen_analysis.scoring.arrays import Bools, Ints
from jifen_analysis.scoring.row_state import MILLION, RowState, Years, decision_holds, holds, holds_in_year, millionths

Rows = TypeVar("Rows", RowState, Years)


@dataclass(frozen=True)
class Standing:
    """One outcome, for all rows of its kind.

    To whom it applies, who was left out by a tie over the boundary, and how much is given, missing where nothing is.
    """

    stands: Bools
    tied: Bools
    quantity: np.ndarray


@dataclass(frozen=True)
class Field:
    """Where an outcome is decided: the rows of periods, or of years.

    ``holds`` says where a condition holds, ``values`` is a measure by name, ``group`` the branch or unit of each row;
    ``counted`` who counts in the n of a group, given a total; ``scored`` who can have outcomes at all.
    """

    holds: Callable[[Condition], Bools]
    values: Callable[[str], np.ndarray]
    group: Callable[[str], Ints]
    counted: Bools
    scored: Bools


def period_outcomes(book: RuleBook, facts: RowState) -> dict[str, Standing]:
    """Decide every outcome that stands in a period."""
    return _decided(book, "period", facts, _period_field)


def year_outcomes(book: RuleBook, years: Years) -> dict[str, Standing]:
    """Decide every outcome that stands in a year."""
    return {} if book.period == "year" else _decided(book, "year", years, _year_field)


def _decided(book: RuleBook, stand: Stand, known: Rows, field_of: Callable[[Rows], Field]) -> dict[str, Standing]:
    """Decide outcomes in file order: later ones may ask for earlier ones."""
    found: dict[str, Standing] = {}
    for name, outcome in book.outcomes.items():
        if stand in outcome.at:
            found[name] = decide_outcome(outcome, field_of(known))
            known = replace(known, stands={**known.stands, name: found[name].stands})
    return found


def _period_field(facts: RowState) -> Field:
    roster = facts.roster
    return Field(
        lambda condition: holds(condition, facts),
        lambda name: facts.values[name],
        roster.groups,
        roster.counted & ~np.isnan(facts.values["total"]),
        roster.scored,
    )


def _year_field(years: Years) -> Field:
    roster, last = years.facts.roster, years.last

    def group(scope: str) -> Ints:
        return roster.groups(scope, roster.year - int(roster.year.min(initial=9999)))[last]

    counted = ~roster.activist[last] & ~np.isnan(years.total)
    return Field(
        lambda condition: holds_in_year(condition, years),
        lambda _name: years.total,
        group,
        counted,
        years.any(roster.scored),
    )


def decide_outcome(outcome: Outcome, field: Field) -> Standing:
    """Decide one outcome: its conditions, then its places, then what it gives."""
    stands = field.scored & decision_holds(outcome, field.holds, len(field.scored))
    tied = np.zeros(len(stands), bool)
    for place, sign in ((outcome.top, 1), (outcome.bottom, -1)):
        if place is not None:
            stands, tied = _placed(place, sign, stands, field)
    quantity = np.broadcast_to(np.nan, stands.shape)
    if outcome.gives is not None:
        quantity = given_amounts(outcome.gives, field.values(outcome.gives.measure))
        stands = stands & (quantity > 0)
    return Standing(stands, tied, quantity)


def _placed(place: Place, sign: int, stands: Bools, field: Field) -> tuple[Bools, Bools]:
    group, values = field.group(place.within), field.values(place.by)
    n = quotas.group_sizes(group, field.counted)
    seats = np.full(len(n), place.count) if place.share is None else quotas.seats(place.share, n)
    entered = stands & field.counted & ~np.isnan(values) & (n >= place.min_group)
    return quotas.keep(sign * millionths(values), group, entered, seats)


def given_amounts(gives: Gives, values: np.ndarray) -> np.ndarray:
    """Return what is given for each full step above a line; missing without a value."""
    known = ~np.isnan(values)
    above = np.where(known, millionths(values), 0) - round(gives.above * MILLION)
    steps = np.maximum(above // round(gives.for_each * MILLION), 0)
    return np.where(known, steps * gives.gives, np.nan)


def outcome_reasons(
    outcome: Outcome, stands: Bools, holds: Callable[[Condition], Bools], said: Callable[[Condition], str]
) -> np.ndarray:
    """Return for each row where an outcome stands the conditions that hold there, in words, joined."""
    words = np.full(len(stands), "", dtype=object)
    for condition in (*outcome.all, *outcome.any):
        here = stands & holds(condition)
        words[here] = [f"{one};{said(condition)}" if one else said(condition) for one in words[here]]
    return words
