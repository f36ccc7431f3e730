"""Cases planted on purpose (``planted.toml``), so that every rule has something to show.

A case names members of a branch and what they did, with years written 1 and 2
for the first and second year of the sample. Here the cases are read, given
members, and laid over what chance drew for everybody else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from jifen_analysis.periods import Period
from jifen_analysis.sample.habits import read_toml
from jifen_analysis.sample.times import first_months


@dataclass(frozen=True)
class Case:
    """One planted case; ``planted.toml`` says what each field holds."""

    name: str
    why: str
    branch: int
    post: str = "none"
    copies: int = 1
    yearless: bool = False
    arrives: str = ""
    leaves: str = ""
    moves: Sequence[Any] = ()
    roster: Mapping[str, Any] = field(default_factory=dict)
    attendance: Sequence[Sequence[Any]] = ()
    more_attendance: Sequence[Sequence[Any]] = ()
    dues: Sequence[Sequence[Any]] = ()
    events: Sequence[Sequence[Any]] = ()
    evaluations: Sequence[Sequence[Any]] = ()
    ballots: Sequence[Sequence[Any]] = ()
    marks: Sequence[Sequence[Any]] = ()
    skill: Sequence[Sequence[Any]] = ()
    corrections: Sequence[Sequence[Any]] = ()


@dataclass(frozen=True)
class PlantedChange:
    """One line of a case, for one member, with its year filled in."""

    person: int
    when: str
    rest: tuple[Any, ...]

    @property
    def period(self) -> Period:
        """The period it speaks of."""
        return Period.parse(self.when)


@cache
def cases() -> tuple[Case, ...]:
    """Return all planted cases, in the file's order.

    Examples
    --------
    >>> cases()[0].name
    'six_months_absent'
    """
    return tuple(Case(name, **entry) for name, entry in read_toml("planted.toml").items())


@dataclass(frozen=True)
class Planting:
    """Which members play which case, in which years.

    Parameters
    ----------
    years : tuple of int
        The sample's years.
    players : tuple of (int, Case)
        Person numbers with the case each plays.
    """

    years: tuple[int, ...]
    players: tuple[tuple[int, Case], ...]

    def __contains__(self, case: str) -> bool:
        return any(played.name == case for _, played in self.players)

    @property
    def people(self) -> np.ndarray:
        """The planted members' numbers."""
        return np.array([person for person, _ in self.players], dtype="int64")

    def among(self, person: np.ndarray) -> np.ndarray:
        """Return which persons are planted."""
        return np.isin(person, self.people)

    def when(self, text: str) -> str | None:
        """Fill in the year of a date or period; ``None`` where the sample has no such year."""
        number, rest = int(text[0]), text[1:]
        return f"{self.years[number - 1]}{rest}" if number <= len(self.years) else None

    def day(self, text: str) -> np.datetime64:
        """Fill in the year of a date; not a time where there is none."""
        found = self.when(text) if text else None
        return np.datetime64(found or "NaT", "D")

    def changes(self, table: str) -> Iterator[PlantedChange]:
        """Return every line the cases have for a table."""
        for person, case in self.players:
            for when, *rest in getattr(case, table):
                found = self.when(when)
                if found:
                    yield PlantedChange(person, found, tuple(rest))


def plant_cases(branch: np.ndarray, post: np.ndarray, years: tuple[int, ...]) -> Planting:
    """Give every case its members: the first of the branch with the post who play none yet.

    A sample too small for a case goes without it.
    """
    taken: set[int] = set()
    players: list[tuple[int, Case]] = []
    for case in cases():
        free = [n for n in _seats(branch, post, case) if n not in taken][: case.copies]
        taken.update(free)
        players += [(n, case) for n in free]
    return Planting(years, tuple(players))


def _seats(branch: np.ndarray, post: np.ndarray, case: Case) -> list[int]:
    return [int(n) for n in np.flatnonzero((branch == case.branch - 1) & (post == case.post))]


def affected_rows(frame: pd.DataFrame, change: PlantedChange, column: str) -> np.ndarray:
    """Return the rows of a change's member that lie in its period."""
    month = first_months(frame, column)
    period = change.period
    inside = (period.first <= month) & (month < period.first + period.length)
    mine: np.ndarray = inside & (frame["person"].to_numpy() == change.person)
    return mine


def laid_over(frame: pd.DataFrame, planting: Planting, table: str, column: str, lay: Any) -> pd.DataFrame:
    """Lay the cases' lines for a table over the rows of the planted members, one after another.

    Parameters
    ----------
    frame : DataFrame
        Rows of everybody, with a column ``person``.
    planting : Planting
        Who plays what.
    table : str
        The cases' field.
    column : str
        Where a row's time stands.
    lay : callable
        Takes rows, a mask of those touched and the change; returns new rows.
    """
    mine = planting.among(frame["person"].to_numpy())
    rows = frame[mine]
    for change in planting.changes(table):
        rows = lay(rows, affected_rows(rows, change, column), change)
    return pd.concat([frame[~mine], rows], ignore_index=True)
