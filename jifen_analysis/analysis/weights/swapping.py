"""At which weight two members swap, in exact rational numbers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations

import pandas as pd

from jifen_analysis.analysis.inputs import as_frame, as_series, by_member, floats
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import CompleteCases


def swaps(a: Sequence[float] | pd.Series, b: Sequence[float] | pd.Series) -> Fraction | None:
    """Return the weight of the first of two components at which two members draw level.

    Parameters
    ----------
    a, b : sequence of two numbers
        Each member's scores in the two components, in points. A float is read
        as the decimal that it prints.

    Returns
    -------
    Fraction or None
        The weight w inside (0, 1) with w a1 + (1 - w) a2 = w b1 + (1 - w) b2;
        None where no weight changes their order.

    Raises
    ------
    UsageError
        Where a member has not exactly two scores, or one is missing.

    Examples
    --------
    >>> swaps([90, 70], [80, 85])
    Fraction(3, 5)
    """
    return _weight(_exact(a), _exact(b))


def swap_points(components: pd.DataFrame) -> pd.DataFrame:
    """Return every weight at which two members change their order.

    Parameters
    ----------
    components : DataFrame of shape (members, 2)
        Scores in two components, in points; members with a missing one are left
        out. All pairs are tried: meant for a branch, not for everyone at once.

    Returns
    -------
    DataFrame
        ``a``, ``b`` (members, in the order of the index), ``weight`` of the
        first column, an exact Fraction inside (0, 1); sorted by weight, then by
        member. ``attrs``: ``summaries.CompleteCases``.

    Raises
    ------
    UsageError
        Where there are not exactly two columns, nobody has both, or a member
        stands there twice.

    Examples
    --------
    >>> scores = pd.DataFrame({"daily": [90, 80, 70], "evaluation": [70, 85, 60]}, index=["1", "2", "3"])
    >>> swap_points(scores).values.tolist()
    [['1', '2', Fraction(3, 5)]]
    """
    as_frame(components, "分项得分", "components")
    if len(components.columns) != 2:
        raise UsageError(
            f"须恰有两个分项,现有 {len(components.columns)} 个",
            f"exactly two components are needed, found {len(components.columns)}",
        )
    whole = by_member(components.dropna(), "分项得分", "components")
    scores = [(member, _exact(row)) for member, row in zip(whole.index, whole.itertuples(index=False), strict=True)]
    found = [(weight, a, b) for (a, mine), (b, theirs) in combinations(scores, 2) if (weight := _weight(mine, theirs))]
    found.sort(key=lambda swap: swap[0])
    table = pd.DataFrame(found, columns=["weight", "a", "b"])[["a", "b", "weight"]]
    return CompleteCases(len(whole), len(components) - len(whole)).on(table)


def _exact(scores: Sequence[float] | pd.Series) -> tuple[Fraction, Fraction]:
    given = floats(as_series(scores, "分项得分", "scores"), "分项得分", "scores")
    numbers = [Fraction(str(score)) for score in given.dropna().tolist()]
    if len(numbers) != 2:
        raise UsageError(
            f"每人须恰有两个分项分数,现有 {len(numbers)} 个",
            f"each member needs exactly two scores, found {len(numbers)}",
        )
    return numbers[0], numbers[1]


def _weight(a: tuple[Fraction, Fraction], b: tuple[Fraction, Fraction]) -> Fraction | None:
    first, second = a[0] - b[0], a[1] - b[1]
    return second / (second - first) if first * second < 0 else None
