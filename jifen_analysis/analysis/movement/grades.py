"""Movement between grades: the transition matrix, and one number for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from jifen_analysis.analysis.inputs import Floats, Numbers, as_grades, as_series, floats
from jifen_analysis.analysis.inputs.resampling import expanded_tail
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Mobility, Transitions


def transitions(before: pd.Series, after: pd.Series, grades: Sequence[str]) -> Transitions:
    """Cross the grades of two years.

    Parameters
    ----------
    before, after : Series
        Grades by member; missing where a member was not graded.
    grades : sequence of str
        Every grade there is, in order.

    Returns
    -------
    Transitions
        Counts and probabilities of those graded in both, with ``joined``,
        ``left`` and ``ungraded``: together each member of either list once.

    Raises
    ------
    UsageError
        For an empty list, a member named twice, or a grade not in ``grades``.

    Examples
    --------
    >>> before, after = pd.Series({"1": "优秀", "2": "合格"}), pd.Series({"1": "合格", "3": "合格"})
    >>> found = transitions(before, after, ["优秀", "合格", "不合格"])
    >>> found.counts.loc["优秀"].tolist(), found.joined["合格"].item(), found.left["合格"].item()
    ([0, 1, 0], 1, 1)
    """
    first, second = as_grades(before, grades, "前一年", "before"), as_grades(after, grades, "后一年", "after")
    both = pd.concat({"before": first, "after": second}, axis=1, join="inner").dropna()
    counts = both.groupby(["before", "after"], observed=False).size().unstack(fill_value=0)
    joined = second[~second.index.isin(first.index)].value_counts(sort=False)
    left = first[~first.index.isin(second.index)].value_counts(sort=False)
    held = counts.sum(axis=1)
    return Transitions(
        counts,
        counts.div(held.where(held > 0, 1), axis=0),
        joined.rename("joined").rename_axis("grade"),
        left.rename("left").rename_axis("grade"),
        len(first.index.union(second.index)) - int(held.sum() + joined.sum() + left.sum()),
        *_intervals(counts, held),
    )


def _intervals(counts: pd.DataFrame, held: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ends of each probability's interval: of a row of few members it is wide, and says so."""
    n = np.broadcast_to(held.to_numpy("float64")[:, None], counts.shape)
    low, high = proportion_confint(counts.to_numpy("float64"), np.where(n > 0, n, np.nan), method="wilson")
    return tuple(pd.DataFrame(side, counts.index, counts.columns) for side in (low, high))  # type: ignore[return-value] # two


def mobility(
    p: pd.DataFrame | Sequence[Sequence[float]], initial: Numbers | None = None, counts: pd.DataFrame | None = None
) -> pd.Series:
    """Say in one number how much members move between grades.

    Parameters
    ----------
    p : array_like of shape (grades, grades)
        Transition probabilities; each row sums to 1. A row of zeros is a grade
        that nobody held before.
    initial : array_like of shape (grades,), optional
        Shares of the grades before, for Bartholomew's measures; default equal.
    counts : DataFrame of shape (grades, grades), optional
        The members behind the probabilities, for an interval.

    Returns
    -------
    Series
        ``prais`` (k - trace) / (k - 1); ``determinant`` 1 - abs(det P);
        ``second_eigenvalue`` 1 - abs(lambda 2); ``bartholomew_1`` (k - k sum pi_i
        p_ii) / (k - 1); ``bartholomew_2`` sum pi_i p_ij abs(i - j) / (k - 1).
        0 is no movement. A grade that nobody held before or after is no state
        of the chain and does not count into k. Where a grade was reached that
        nobody held before, nothing is known of leaving it: the first three are
        missing, and so are Bartholomew's if it has a share. ``attrs``: ``summaries.Mobility``.

    Raises
    ------
    UsageError
        Where ``p`` is not square, a row sums to neither 1 nor 0, fewer than two
        grades are held, or ``initial`` does not fit or sum to 1.

    Notes
    -----
    Prais (1955), JRSS A 118, 56-66; Shorrocks (1978), Econometrica 46,
    1013-1024; Bartholomew (1973), Stochastic Models for Social Processes; interval:
    the Bayesian bootstrap of members, Rubin (1981), Annals of Statistics 9, 130-134,
    its ends expanded for few, Hesterberg (2015), The American Statistician 69, 371-386.

    Examples
    --------
    >>> mobility([[0.9, 0.1], [0.2, 0.8]]).round(3).tolist()
    [0.3, 0.3, 0.3, 0.3, 0.15]
    """
    table = _matrix(p)
    held = _held(table)
    chain, shares = table.to_numpy()[held][:, held], _shares(initial, held)
    seen = {**_of_chain(chain), **_of_members(chain, shares)}
    measures = pd.Series(seen, name="value").rename_axis("measure")
    of_chain = Mobility(table.index[held].tolist(), shares.tolist())
    if counts is None:
        return of_chain.on(measures)
    low, high = _drawn_anew(counts.to_numpy("float64")[held][:, held], shares, seen)
    return replace(of_chain, n=int(counts.to_numpy().sum()), low=low, high=high).on(measures)


def _drawn_anew(
    counts: Floats, shares: Floats, seen: Mapping[str, float], draws: int = 1_000
) -> tuple[dict[str, float], dict[str, float]]:
    """Return the ends of each measure's interval under the Bayesian bootstrap of the members of a table.

    One member of each grade is spread evenly over all beside them: where everybody
    stayed the interval is no point. It holds what was seen.
    """
    held = counts.sum(axis=1, keepdims=True)
    weights = np.random.default_rng(_SEED).gamma(counts + (held > 0) / len(counts), size=(draws, *counts.shape))
    totals = weights.sum(axis=2, keepdims=True)
    chains = weights / np.where(totals > 0, totals, 1)
    found = pd.DataFrame([{**_of_chain(chain), **_of_members(chain, shares)} for chain in chains])
    tail = expanded_tail(int(held[held > 0].min()))  # of the fewest who held one grade
    ends = found.quantile([tail, 1 - tail]).to_numpy()
    low = {name: float(np.minimum(end, one)) for (name, one), end in zip(seen.items(), ends[0], strict=True)}
    return low, {name: float(np.maximum(end, one)) for (name, one), end in zip(seen.items(), ends[1], strict=True)}


_SEED = 20_240_101


def _matrix(p: pd.DataFrame | Sequence[Sequence[float]]) -> pd.DataFrame:
    try:
        table = p if isinstance(p, pd.DataFrame) else pd.DataFrame(np.asarray(p, dtype="float64"))
    except (TypeError, ValueError):
        kind = type(p).__name__
        raise UsageError(
            f"须给出概率矩阵,如 transitions(…).probabilities,收到的是 {kind}",
            f"a matrix is needed, such as transitions(…).probabilities; found {kind}",
        ) from None
    return floats(table, "转移概率", "probabilities")


def _held(table: pd.DataFrame) -> npt.NDArray[np.bool_]:
    if table.shape[0] != table.shape[1]:
        raise UsageError(f"转移矩阵须是方阵,现为 {table.shape}", f"the matrix must be square, found {table.shape}")
    rows, columns = table.to_numpy().sum(axis=1), table.to_numpy().sum(axis=0)
    wrong = ~(np.isclose(rows, 1) | (rows == 0)) | (table.to_numpy() < 0).any(axis=1)
    if wrong.any():
        names = table.index[wrong].tolist()
        raise UsageError(f"这些行的概率之和不是 1:{names}", f"probabilities of these rows do not sum to 1: {names}")
    held: npt.NDArray[np.bool_] = (rows > 0) | (columns > 0)
    if held.sum() < 2:
        raise UsageError("至少要有两个等次有人", "at least two grades must be held")
    return held


def _shares(initial: Numbers | None, held: npt.NDArray[np.bool_]) -> Floats:
    if initial is None:
        return np.full(held.sum(), 1 / held.sum())
    given = floats(as_series(initial, "初始分布", "initial shares"), "初始分布", "initial shares").to_numpy()
    if given.shape != held.shape or not np.isclose(given.sum(), 1) or (given < 0).any() or given[~held].any():
        raise UsageError(
            f"初始分布须与等次一一对应、无负数且和为 1:{given.tolist()}",
            f"initial shares must match the grades, none negative, and sum to 1: {given.tolist()}",
        )
    return given[held]


def _of_chain(chain: Floats) -> dict[str, float]:
    k = len(chain)
    if (chain.sum(axis=1) == 0).any():
        return dict.fromkeys(("prais", "determinant", "second_eigenvalue"), float("nan"))
    return {
        "prais": float((k - np.trace(chain)) / (k - 1)),
        "determinant": float(1 - abs(np.linalg.det(chain))),
        "second_eigenvalue": float(1 - np.sort(np.abs(np.linalg.eigvals(chain)))[-2]),
    }


def _of_members(chain: Floats, shares: Floats) -> dict[str, float]:
    k, place = len(chain), np.arange(len(chain))
    if shares[chain.sum(axis=1) == 0].any():
        return dict.fromkeys(("bartholomew_1", "bartholomew_2"), float("nan"))
    steps = np.abs(place[:, None] - place)
    return {
        "bartholomew_1": float((k - k * (shares @ np.diag(chain))) / (k - 1)),
        "bartholomew_2": float((shares @ (chain * steps)).sum() / (k - 1)),
    }
