"""Small groups: hidden for good, so that nobody gives them back by adding and subtracting."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import optimize

from jifen_analysis.report.summary import WHOLE

LEAST = 5
"""Groups of fewer members are not shown."""


def number_members(listed: Iterable[str]) -> dict[str, str]:
    """Return ``#1``, ``#2``, … for members in the order in which they are first listed.

    The same number stands for the same member throughout what is numbered at
    once, and for nobody anywhere else.

    Examples
    --------
    >>> number_members(["00007", "00003", "00007"])
    {'00007': '#1', '00003': '#2'}
    """
    return {member: f"#{n}" for n, member in enumerate(dict.fromkeys(listed), start=1)}


Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


def suppress(counts: pd.DataFrame, least: int = LEAST) -> pd.DataFrame:
    """Hide small counts of a table, and as many others as keep the totals from giving them back.

    Parameters
    ----------
    counts : DataFrame of shape (groups, kinds)
        Members, as whole numbers, without totals.
    least : int
        Counts from 1 to ``least - 1`` are hidden. 0 hides nothing.

    Returns
    -------
    DataFrame
        The table with a row and a column ``合计``, ``Int64``; hidden cells are
        missing. Whoever knows every number shown, and that counts are not
        negative, cannot tell of any small count that it is below ``least``.

    Notes
    -----
    Primary and complementary cell suppression with an audit by linear
    programming: Hundepool et al. (2012), Statistical Disclosure Control, ch. 4;
    Fischetti & Salazar (2001), "Solving the cell suppression problem",
    Management Science 47, 1008-1027. Complements are chosen greedily.

    Examples
    --------
    >>> counts = pd.DataFrame({"优秀": [20, 9, 12], "合格": [2, 8, 6]}, index=["一", "二", "三"])
    >>> suppress(counts)["合格"].astype("object").where(lambda held: held.notna(), None).tolist()
    [None, None, 6, 16]
    """
    table = _with_totals(counts)
    values = table.to_numpy()
    small = (values > 0) & (values < least)
    hidden = small.copy()
    for cell in map(tuple, np.argwhere(small)):
        if _highest(values, hidden, cell) < least:
            hidden |= _complements(values, hidden, cell, least)
    return table.astype("Int64").mask(pd.DataFrame(hidden, table.index, table.columns))


def _with_totals(counts: pd.DataFrame) -> pd.DataFrame:
    whole = counts.astype("int64")
    wide = whole.assign(**{WHOLE: whole.sum(axis=1)})
    return pd.concat([wide, wide.sum().to_frame(WHOLE).T])


def _highest(values: Counts, hidden: Mask, cell: tuple[int, int]) -> float:
    """Return the largest count that a hidden cell may have, by all that is shown."""
    rows, columns = values.shape
    place = np.full(values.shape, -1)
    place[hidden] = np.arange(hidden.sum())
    lines = [*(place[row] for row in range(rows)), *(place[:, column] for column in range(columns))]
    shown = [*(np.where(hidden[row], 0, values[row]) for row in range(rows))]
    shown += [np.where(hidden[:, column], 0, values[:, column]) for column in range(columns)]
    equations = [_equation(line, known, int(hidden.sum())) for line, known in zip(lines, shown, strict=True)]
    wanted = np.zeros(int(hidden.sum()))
    wanted[place[cell]] = -1
    left, right = np.array([one[0] for one in equations]), np.array([one[1] for one in equations])
    found = optimize.linprog(wanted, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
    return float("inf") if found.status == _UNBOUNDED else round(-found.fun)


_UNBOUNDED = 3


def _equation(line: Counts, known: Counts, size: int) -> tuple[npt.NDArray[np.float64], float]:
    """Return what a line says of the hidden cells: all but its last add up to its last."""
    signs = np.append(np.ones(len(line) - 1), -1.0)
    factors = np.zeros(size)
    at = line >= 0
    factors[line[at]] = signs[at]
    return factors, -float(signs @ known)


def _complements(values: Counts, hidden: Mask, cell: tuple[int, int], least: int) -> Mask:
    """Return the cheapest three cells that let a small one be as large as ``least``; all, where none do.

    With the small cell they are the corners of a rectangle, round which members
    could be moved without changing a total.
    """
    row, column = cell
    needed = least - values[cell]
    # One member more in the cell: what each corner has to change by, margins with the other sign.
    rows, columns = (np.append(np.ones(size - 1), -1) for size in values.shape)
    across, down = -columns[column] / columns, -rows[row] / rows
    able = np.where(values >= needed, 0.0, np.inf)
    price = np.where(hidden, 0.0, values + 1.0 + values.sum() * _margins(values.shape))
    beside = price[row] + np.where(across < 0, able[row], 0)
    below = price[:, column] + np.where(down < 0, able[:, column], 0)
    corner = price + np.where(np.outer(down, across) < 0, able, 0)
    total = corner + beside + below[:, None]
    total[row], total[:, column] = np.inf, np.inf
    other_row, other_column = divmod(int(np.argmin(total)), total.shape[1])
    chosen = np.zeros_like(hidden)
    chosen[[row, row, other_row, other_row], [column, other_column, column, other_column]] = True
    return chosen if np.isfinite(total[other_row, other_column]) else np.ones_like(hidden)


def _margins(shape: tuple[int, ...]) -> Counts:
    """Return 0 for a cell, 1 for a total, 2 for the total of all."""
    last_row, last_column = np.arange(shape[0]) == shape[0] - 1, np.arange(shape[1]) == shape[1] - 1
    return last_row[:, None].astype("int64") + last_column


def round_counts(counts: pd.DataFrame, base: int = LEAST) -> pd.DataFrame:
    """Return counts rounded to multiples of a number, so that their sum gives nobody back beside exact ones.

    Examples
    --------
    >>> round_counts(pd.DataFrame({"n": [5, 7, 13, 0]}))["n"].tolist()
    [5, 5, 15, 0]
    """
    return (counts / base).round().astype("int64") * base


def apart(groups: Mapping[str, frozenset[str]], wholes: Iterable[frozenset[str]], least: int = LEAST) -> dict[str, int]:
    """Return the groups whose sizes may be told beside those of the wholes that they are parts of.

    Parameters
    ----------
    groups : mapping of str to frozenset
        The members of each, in the order in which they are to be told.
    wholes : iterable of frozenset
        Groups whose sizes are told elsewhere.
    least : int
        No group of fewer is told, and none that leaves fewer of a whole, alone
        or with another part of it that is told and has no member in common.

    Returns
    -------
    dict of str to int
        Sizes by name; those that are hidden are not in it.

    Examples
    --------
    >>> whole = frozenset(map(str, range(58)))
    >>> most, half = frozenset(map(str, range(55))), frozenset(map(str, range(29)))
    >>> apart({"光荣榜": most, "提醒": half}, [whole])
    {'提醒': 29}
    """
    told: dict[str, int] = {}
    known = [frozenset[str](), *wholes]
    for name, members in groups.items():
        if not members or all(gap == 0 or gap >= least for gap in _rests(members, known)):
            told[name] = len(members)
            known.append(members)
    return told


def _rests(members: frozenset[str], known: list[frozenset[str]]) -> Iterable[int]:
    """Yield what is left of each known group without the members, or of the members without it, and without a third."""
    for other in known:
        small, large = sorted((members, other), key=len)
        if small <= large:
            yield len(large - small)
            yield from (len(large - small - third) for third in known if third <= large and not third & small)


def space_scores(
    totals: pd.Series, wanted: Iterable[float], told: Iterable[int] = (), least: int = LEAST
) -> list[float]:
    """Return the scores at which it may be told how many members reach them.

    Parameters
    ----------
    totals : Series
        In points, none missing.
    wanted : iterable of float
        Scores, the most wanted first.
    told : iterable of int
        How many members are told of elsewhere: how many hold the best grade,
        how many it or the next. Whoever subtracts finds nobody, or enough.
    least : int
        Members between any two numbers that are told.

    Returns
    -------
    list of float
        In ascending order.

    Examples
    --------
    >>> held = pd.Series([80.5] * 6 + [81.5] * 2 + [82.5] * 7)
    >>> space_scores(held, [82, 81, 83]), space_scores(held, [82, 81, 83], told=[9])
    ([82.0], [81.0])
    """
    held = np.sort(totals.round(6).to_numpy("float64"))
    elsewhere, known, kept = set(told), [0, len(held)], set()
    for score in wanted:
        reached = len(held) - int(np.searchsorted(held, score))
        others = [*known, *(elsewhere - {reached})]
        if all(abs(count - reached) >= least for count in others):
            known.append(reached)
            kept.add(float(score))
    return sorted(kept)
