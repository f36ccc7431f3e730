"""How many evaluators it takes until marks say who is better, and a grade does not hang on who judged."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import Numbers, as_number, as_series, floats, must_be
from jifen_analysis.analysis.inputs.crossed import Anova
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import DStudy, GStudy

_MOST = 1_000
"""Evaluators or periods at most: more are a slip."""


def d_study(
    study: pd.DataFrame,
    evaluators: Sequence[int] = range(1, 13),
    periods: Sequence[int] = (1,),
    distances: Numbers | None = None,
    target: float = 0.8,
) -> pd.DataFrame:
    """Say how dependable a mean mark would be over other numbers of evaluators and periods.

    Parameters
    ----------
    study : DataFrame
        What ``evaluators.g_study`` returned.
    evaluators, periods : sequence of int
        Over how many a mark would be averaged; a study of one period knows
        nothing of several.
    distances : array_like of shape (members,), optional
        How far each member's mean mark lies from where the grade would be
        another, in points of a mark; missing ones are left out.
    target : float
        The dependability that is asked for, inside (0, 1).

    Returns
    -------
    DataFrame
        One row for each pair of numbers: ``evaluators``, ``periods``, ``e_rho2``
        (generalizability: of the order), ``phi`` (dependability: of the level,
        which a cut score asks for), ``sem_relative`` and ``sem`` (their standard
        errors, in points of a mark), 95 % intervals ``e_rho2_low``,
        ``e_rho2_high``, ``phi_low``, ``phi_high``, ``sem_low``, ``sem_high``;
        ``settled``: the share of the members who lie farther than 1.96 standard
        errors from another grade (missing without distances). ``attrs``: ``summaries.DStudy``.

    Raises
    ------
    UsageError
        Where it is no such study, nothing varies in it, or a number is not
        positive and whole.

    Notes
    -----
    Brennan (2001), Generalizability Theory, chapters 2 and 4. Marks of the
    branch's own evaluators: how gently the branch marks as a whole is in no
    coefficient.

    Examples
    --------
    >>> from jifen_analysis.analysis.evaluators import g_study
    >>> marks = pd.DataFrame({"committee": [90, 80, 70, 85], "members": [94, 79, 77, 84]})
    >>> d_study(g_study(marks), [1, 2, 4])["phi"].round(2).tolist()
    [0.87, 0.93, 0.96]
    """
    found = _study(study)
    counts = [
        _counts(evaluators, "评议主体数", "numbers of evaluators"),
        _counts(periods, "期数", "numbers of periods"),
    ]
    if "period" not in found.sizes and set(counts[1]) != {1}:
        raise UsageError("只有一期的评议分,推不出多期会怎样", "marks of one period say nothing of several")
    wanted = as_number(target, "目标", "the target")
    if not 0 < wanted < 1:
        raise UsageError(f"目标须在 0 与 1 之间:{target}", f"the target must lie inside (0, 1): {target}")
    apart = (
        None if distances is None else floats(as_series(distances, "分差", "distances"), "分差", "distances").dropna()
    )
    rows = [
        {"evaluators": many, "periods": times, **found.coefficients({"evaluator": many, "period": times})}
        for times, many in product(counts[1], counts[0])
    ]
    table = pd.DataFrame(rows)
    table["settled"] = [_settled(apart, sem) for sem in table["sem"]]
    reached = table[table["phi"] >= wanted].groupby("periods")["evaluators"].min()
    needed = {times: int(reached[times]) if times in reached.index else None for times in counts[1]}
    of = GStudy.read(study)
    distance = np.nan if apart is None or apart.empty else float(apart.abs().median())
    return DStudy(of.persons, of.evaluators, needed, wanted, of.branches, of.periods, distance).on(table)


def _study(study: pd.DataFrame) -> Anova:
    must_be(study, pd.DataFrame, "须给出 g_study 的结果", "what g_study returned is needed")
    if not {"mean_square", "df"} <= set(study.columns):
        raise UsageError("须给出 g_study 的结果", "what g_study returned is needed")
    if not study["variance"].sum() > 0:
        raise UsageError("评议分没有差别,谈不上可靠", "marks do not differ: there is nothing to depend on")
    return Anova.read(study)


def _counts(given: Sequence[int], zh: str, en: str) -> list[int]:
    found = floats(as_series(given, zh, en), zh, en)
    if not len(found) or found.isna().any() or ((found < 1) | (found > _MOST) | (found != found.round())).any():
        raise UsageError(
            f"{zh}须为 1 至 {_MOST} 的整数:{list(given)}", f"{en} must be whole, from 1 to {_MOST}: {list(given)}"
        )
    return sorted({int(one) for one in found})


def _settled(distances: pd.Series | None, sem: float) -> float:
    if distances is None or not len(distances):
        return float("nan")
    return float((distances.abs() > stats.norm.isf(0.025) * sem).mean())
