"""Variance components of marks that every evaluator gives to every person, once or in several periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs.values import Floats
from jifen_analysis.summaries import GStudy

Effect = tuple[str, ...]
"""The facets that an effect crosses, such as person and evaluator, in the order of the design."""

FACETS = ("person", "evaluator", "period")
GRAIN = 1e-12
"""A mean square below the square of a millionth is none: marks are compared in millionths."""
DRAWS, SEED = 4_000, 20_240_101


@dataclass(frozen=True)
class Anova:
    """The analysis of variance of a crossed design, inside branches where there are several.

    Parameters
    ----------
    mean_squares, freedoms : mapping of effect to float and int
        Of every effect.
    sizes : mapping of str to float
        Conditions of each facet; of persons the mean of the branches.

    Notes
    -----
    Expected mean squares of random facets: Brennan (2001), Generalizability
    Theory, chapters 2 and 3. Intervals: generalized ones, by the chi-squared law
    of each mean square (Weerahandi 1993, JASA 88, 899-905).
    """

    mean_squares: Mapping[Effect, float]
    freedoms: Mapping[Effect, int]
    sizes: Mapping[str, float]

    @classmethod
    def of(cls, blocks: Sequence[np.ndarray]) -> Anova:
        """Analyse complete blocks, one a branch, with the axes person, evaluator and perhaps period.

        Examples
        --------
        >>> found = Anova.of([np.array([[1.0, 2], [3, 4]])])
        >>> found.mean_squares[("person",)], found.freedoms[("person", "evaluator")]
        (4.0, 1)
        """
        facets = FACETS[: blocks[0].ndim]
        sizes = dict(zip(facets, blocks[0].shape, strict=True))
        freedoms = {
            effect: sum(_freedom(effect, sizes | {"person": len(one)}) for one in blocks) for effect in _effects(facets)
        }
        squares = {
            effect: sum(_square(one, [facets.index(name) for name in effect]) for one in blocks) for effect in freedoms
        }
        means = {effect: square / freedoms[effect] for effect, square in squares.items()}
        means = {effect: mean if mean > GRAIN else 0.0 for effect, mean in means.items()}
        return cls(means, freedoms, sizes | {"person": float(np.mean([len(one) for one in blocks]))})

    @classmethod
    def read(cls, table: pd.DataFrame) -> Anova:
        """Return the analysis behind what ``evaluators.g_study`` returned."""
        facets = FACETS[: 2 if len(table) == 3 else 3]
        effects = [effect for effect in _effects(facets) if name_of(effect, facets) in table.index]
        of = GStudy.read(table)
        sizes = dict(zip(FACETS, (of.size, of.evaluators, of.periods), strict=True))
        rows = table.loc[[name_of(effect, facets) for effect in effects]]
        squares, freedoms = (dict(zip(effects, rows[name].tolist(), strict=True)) for name in ("mean_square", "df"))
        return cls(squares, freedoms, {name: sizes[name] for name in facets})

    @property
    def facets(self) -> tuple[str, ...]:
        """What is crossed."""
        return tuple(self.sizes)

    @cached_property
    def variances(self) -> Mapping[Effect, Floats]:
        """The components as the mean squares have them, negative ones too."""
        return _solved({effect: np.array(square) for effect, square in self.mean_squares.items()}, self.sizes)

    @cached_property
    def drawn(self) -> Mapping[Effect, Floats]:
        """The components as they might be: every mean square over its own chi-squared."""
        random = np.random.default_rng(SEED)
        squares = {
            effect: square * self.freedoms[effect] / random.chisquare(self.freedoms[effect], DRAWS)
            for effect, square in self.mean_squares.items()
        }
        return _solved(squares, self.sizes)

    def coefficients(self, numbers: Mapping[str, int]) -> dict[str, float]:
        """Return what means over so many evaluators (and periods) are worth.

        Returns
        -------
        dict
            ``e_rho2``, ``phi`` with ``_low`` and ``_high`` (95 %), missing where
            nothing varies; ``sem_relative``, ``sem``: the standard errors of a
            mean for the order and for its level, with ``sem_low`` and ``sem_high``.

        Examples
        --------
        >>> found = Anova.of([np.array([[9.0, 8], [7, 5], [4, 4]])]).coefficients({"evaluator": 2})
        >>> round(found["e_rho2"], 3), round(found["sem"], 3)
        (0.951, 0.645)
        """
        person, relative, absolute = _errors(self.variances, numbers)
        found = {"e_rho2": float(_ratio(person, relative)), "phi": float(_ratio(person, absolute))}
        found |= {"sem_relative": float(np.sqrt(relative)), "sem": float(np.sqrt(absolute))}
        persons, relatives, absolutes = _errors(self.drawn, numbers)
        draws = {"e_rho2": _ratio(persons, relatives), "phi": _ratio(persons, absolutes), "sem": np.sqrt(absolutes)}
        for name, several in draws.items():
            ends = np.quantile(several, [0.025, 0.975]) if np.isfinite(found[name]) else [np.nan] * 2
            found |= {f"{name}_low": float(ends[0]), f"{name}_high": float(ends[1])}
        return found


def name_of(effect: Effect, facets: Sequence[str]) -> str:
    """Return what an effect is called in a table.

    Examples
    --------
    >>> name_of(("person", "evaluator"), ("person", "evaluator", "period"))
    'person_evaluator'
    """
    return "residual" if len(effect) == len(facets) else "_".join(effect)


def _effects(facets: Sequence[str]) -> list[Effect]:
    """Return every effect of a crossed design, the main ones first, the last the one with the error in it."""
    return [some for size in range(1, len(facets) + 1) for some in combinations(facets, size)]


def _freedom(effect: Effect, sizes: Mapping[str, int]) -> int:
    return int(np.prod([sizes[name] - 1 for name in effect]))


def _square(marks: np.ndarray, axes: Sequence[int]) -> float:
    """Return the sum of squares of the effect that crosses some axes."""
    deviation = np.zeros(())
    for size in range(len(axes) + 1):
        for kept in combinations(axes, size):
            others = tuple(axis for axis in range(marks.ndim) if axis not in kept)
            deviation = deviation + (-1) ** (len(axes) - size) * marks.mean(axis=others, keepdims=True)
    return float((deviation**2).sum() * marks.size / deviation.size)


def _solved(mean_squares: Mapping[Effect, Floats], sizes: Mapping[str, float]) -> dict[Effect, Floats]:
    """Return the components whose expected mean squares are those given."""
    found: dict[Effect, Floats] = {}
    for effect in sorted(mean_squares, key=len, reverse=True):
        beyond = [other for other in found if set(effect) < set(other)]
        rest = sum((found[other] * _repeats(other, sizes) for other in beyond), np.zeros(()))
        found[effect] = (mean_squares[effect] - rest) / _repeats(effect, sizes)
    return found


def _repeats(effect: Effect, sizes: Mapping[str, float]) -> float:
    """Return over how many marks of a branch an effect stays the same."""
    return float(np.prod([size for name, size in sizes.items() if name not in effect]))


def _errors(variances: Mapping[Effect, Floats], numbers: Mapping[str, int]) -> tuple[Floats, Floats, Floats]:
    """Return the variance of persons, and the error variances of their means: of the order, and of the level."""
    shares = {
        effect: np.maximum(variance, 0) / np.prod([numbers[name] for name in effect if name != "person"])
        for effect, variance in variances.items()
    }
    person = shares.pop(("person",))
    absolute = sum(shares.values(), np.zeros(()))
    relative = sum((share for effect, share in shares.items() if "person" in effect), np.zeros(()))
    return person, relative, absolute


def _ratio(signal: Floats, noise: Floats) -> Floats:
    whole = signal + noise
    return np.divide(signal, whole, out=np.full(np.shape(whole), np.nan), where=whole > 0)
