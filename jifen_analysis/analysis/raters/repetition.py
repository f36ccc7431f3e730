"""Whether rows of marks repeat each other, or hold one mark throughout, more often than chance has it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import MIN_N, Ints, as_frame, millionths, pair_values
from jifen_analysis.analysis.inputs.multiple import LEVEL, adjust_p_values, false_alarms
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import RepeatedRows

DRAWS, SEED = 49, 20_240_106

BLOCK, SMALL = 4, 24
"""Neighbours by their mean among whom marks are dealt anew: one fewer of so few rows, where four lie far apart."""


def repeated_rows(
    marks: pd.DataFrame, group: pd.Series | None = None, *, draws: int = DRAWS, min_n: int = MIN_N
) -> pd.DataFrame:
    """Count rows of marks that repeat another row, and rows of one mark throughout, beside what chance has.

    Members of equal merit are marked alike, and few marks to choose from make
    equal rows without anybody copying. Chance is therefore what the same marks
    make when each column is dealt anew among members of about the same mean. More
    than that may come of a common decision, of marks carried over from another
    list, of haste, or of how the sheet was filled; the count does not say which. Where
    everybody has the same marks, dealt anew they are the same: that shows in the
    counts, not in p.

    Parameters
    ----------
    marks : DataFrame of shape (members, columns)
        Such as the mark of each group of evaluators, or of each item; turned over,
        rows are raters. Rows with a missing mark are left out.
    group : Series by member, optional
        Such as the branch: rows are compared inside it. Without one, all together.
    draws : int
        How often the marks are dealt anew.
    min_n : int
        Groups of fewer rows are withheld.

    Returns
    -------
    DataFrame
        One row a group: ``group``, ``n``; ``repeated``, how many rows are the same
        as an earlier one (rows of one mark apart), ``repeated_expected`` by chance,
        ``repeated_p`` of as many, ``repeated_holm`` with all groups considered; the
        same of ``straight``, rows of one mark throughout; ``stands``: ``repeated``,
        ``straight`` or ``both`` where that is beyond chance, else empty;
        ``withheld``. ``attrs``: ``summaries.RepeatedRows``.

    Raises
    ------
    UsageError
        With fewer than two columns, no complete row, or none that has a group.

    Notes
    -----
    Counts of rare coincidences are Poisson (Feller 1968, An Introduction to
    Probability Theory, 3rd ed., chapter 2); the expected one is simulated. Because
    members are sorted by the marks themselves the test keeps below its level; of
    fewer than a dozen rows copies are seldom told from raters who agree. Holm
    (1979), Scand. J. Statistics 6, 65-70.

    Examples
    --------
    >>> marks = pd.DataFrame(np.random.default_rng(1).normal(85, 4, (20, 3)).round(1))
    >>> marks.iloc[10:] = marks.iloc[:10].to_numpy()
    >>> repeated_rows(marks)[["group", "n", "repeated", "stands"]].values.tolist()
    [['all', 20, 10, 'repeated']]
    """
    given = as_frame(marks, "评分", "marks")
    whole = given.dropna()
    if whole.empty or whole.shape[1] < 2:
        raise UsageError(
            f"至少要有两列、一行完整的评分:现有 {len(whole)} 行 {whole.shape[1]} 列",
            f"two columns and a complete row are needed: found {len(whole)} rows of {whole.shape[1]} columns",
        )
    of = pd.Series("all", whole.index) if group is None else _groups(whole, group)
    if of.isna().all():
        raise UsageError("有评分的行都没有分组", "no row with marks has a group")
    rows = [_counted(str(name), millionths(part), draws, min_n) for name, part in _parts(whole, of)]
    table = pd.DataFrame(rows)
    for kind in ("repeated", "straight"):
        table[f"{kind}_holm"] = adjust_p_values(table[f"{kind}_p"])["p_holm"]
    beyond = {kind: table[f"{kind}_holm"] < LEVEL / 2 for kind in ("repeated", "straight")}
    both = beyond["repeated"] & beyond["straight"]
    table["stands"] = np.select([both, beyond["repeated"], beyond["straight"]], ["both", "repeated", "straight"], "")
    tests = int(table[["repeated_p", "straight_p"]].notna().to_numpy().sum())
    return RepeatedRows(min_n, tests, false_alarms(tests), whole.shape[1], len(given) - sum(table["n"])).on(table)


def _groups(whole: pd.DataFrame, group: pd.Series) -> pd.Series:
    if whole.index.is_unique and group.index.is_unique:
        return group.reindex(whole.index)
    return pd.Series(pair_values(pd.Series(range(len(whole)), whole.index), group)["group"].array, whole.index)


def _parts(whole: pd.DataFrame, of: pd.Series) -> list[tuple[object, np.ndarray]]:
    known = of.notna().to_numpy()
    values, names = whole.to_numpy()[known], of[known].astype("str").to_numpy()
    return [(name, values[names == name]) for name in sorted(set(names))]


def _counted(name: str, rows: Ints, draws: int, min_n: int) -> dict[str, object]:
    found: dict[str, object] = {"group": name, "n": len(rows), "withheld": len(rows) < min_n}
    kinds = ("repeated", "straight")
    if len(rows) < min_n:
        blank = {f"{kind}{part}": float("nan") for kind in kinds for part in ("", "_expected", "_p")}
        return found | blank
    seen = _coincidences(rows)
    expected = _by_chance(rows, draws)
    for kind, count, mean in zip(kinds, seen, expected, strict=True):
        p = float(stats.poisson.sf(count - 1, mean)) if count else 1.0
        found |= {kind: count, f"{kind}_expected": float(mean), f"{kind}_p": p}
    return found


def _coincidences(rows: Ints) -> tuple[int, int]:
    """Return how many rows repeat an earlier one, and how many hold one mark throughout."""
    straight = (rows == rows[:, :1]).all(axis=1)
    others = rows[~straight]
    return len(others) - len(np.unique(others, axis=0)), int(straight.sum())


def _by_chance(rows: Ints, draws: int) -> np.ndarray:
    """Return the two counts on average, each column dealt anew among neighbours by their mean."""
    ordered = rows[np.lexsort((*rows.T, rows.sum(axis=1)))]
    block = np.arange(len(rows)) // (BLOCK if len(rows) >= SMALL else BLOCK - 1)
    random = np.random.default_rng(SEED)
    found = np.empty((draws, 2))
    for draw in found:
        keys = block[:, None] + random.random(rows.shape)
        draw[:] = _coincidences(np.take_along_axis(ordered, np.argsort(keys, axis=0), axis=0))
    return np.maximum(found.mean(axis=0), 1 / (draws + 1))
