"""How the invented branches behave, as data: ``habits.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Branch:
    """One invented branch; more branches repeat the pattern.

    Parameters
    ----------
    size : int
        Its share of the members.
    unit : int
        Number of the unit it belongs to, inside the pattern.
    posts : sequence of str
        Posts of its first members.
    lenient : float
        Marks its evaluators give over the usual.
    without : sequence of str
        Groups that never evaluate.
    evaluated : {"half", "year"}
        How often it evaluates.
    separately : bool
        Whether the committee's marks come one evaluator a row.
    dated : bool
        Whether its dues ledger has dates of payment.
    blanks : sequence of str
        Columns of the roster left blank for ordinary members.
    honoured : str
        Level at which the branch is commended every year, if it is.
    declares : bool
        Whether its members hand in scores of their own.
    """

    size: int
    unit: int
    posts: Sequence[str]
    lenient: float = 0.0
    without: Sequence[str] = ()
    evaluated: str = "half"
    separately: bool = False
    dated: bool = True
    blanks: Sequence[str] = ()
    honoured: str = ""
    declares: bool = False


@dataclass(frozen=True)
class Habits:
    """Everything ``habits.toml`` says."""

    units: Sequence[str]
    branches: Sequence[Branch]
    plan: Mapping[str, Mapping[str, Any]]
    workday: Mapping[str, Sequence[int]]
    lapses: Mapping[str, Mapping[str, float]]
    events: Mapping[str, Mapping[str, float]]
    marks: Mapping[str, Mapping[str, int]]
    declared: Mapping[str, int]
    survey: Mapping[str, Sequence[str]]

    def of_branches(self, branch: np.ndarray, name: str) -> np.ndarray:
        """Return one property of the branches with these numbers (0-based), repeating the pattern."""
        values = np.array([getattr(pattern, name) for pattern in self.branches])
        return np.take(values, branch % len(values))

    def among_branches(self, branch: np.ndarray, name: str, value: str) -> np.ndarray:
        """Return whether a word is in a property of the branches that lists words."""
        listed = np.array([value in getattr(pattern, name) for pattern in self.branches])
        return np.take(listed, branch % len(listed))


def read_toml(name: str) -> dict[str, Any]:
    """Read one of this package's data files."""
    return tomllib.loads(resources.files("jifen_analysis.sample").joinpath(name).read_text(encoding="utf-8"))


@cache
def habits() -> Habits:
    """Return the habits of the sample's branches.

    Examples
    --------
    >>> sum(branch.size for branch in habits().branches)
    300
    """
    raw = read_toml("habits.toml")
    return Habits(**{**raw, "branches": tuple(Branch(**entry) for entry in raw["branches"].values())})
