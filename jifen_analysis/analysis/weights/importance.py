"""What each component really weighs, beside what the scheme says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import SupportsFloat

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import as_frame, as_series, floats, millionths, require
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import CompleteCases


def influence(
    components: pd.DataFrame,
    weights: Mapping[str, float] | pd.Series,
    nominal: Mapping[str, SupportsFloat] | pd.Series | None = None,
) -> pd.DataFrame:
    """Split the variance of the totals among the components.

    A component in which everybody has nearly the same moves nobody, whatever
    its nominal weight.

    Parameters
    ----------
    components : DataFrame of shape (members, k)
        Component scores in points; members with a missing one are left out.
    weights : mapping or Series by component
        The weights that make the total.
    nominal : mapping or Series by component, optional
        What each component is said to count for: its share of the full marks,
        as ``scheme.shares`` has it; missing where it has none (a bonus). By
        default the weights, which are such shares only where every component
        has the same full marks.

    Returns
    -------
    DataFrame
        Indexed by ``component``: ``nominal`` (as given), ``share`` of
        the variance of the total, w cov(x, total) / var(total), which sums to 1
        and is negative where a component works against the total; ``r2``, the
        squared correlation with the total (missing for a constant component).
        ``attrs``: ``summaries.CompleteCases``.

    Raises
    ------
    UsageError
        Where weights do not fit the components, or fewer than two members are
        left, or all totals are equal.

    Notes
    -----
    Covariance decomposition; r2 as the main effect of a linear composite:
    Paruolo, Saisana & Saltelli (2013), "Ratings and rankings: voodoo or
    science?", JRSS A 176, 609-634.

    Examples
    --------
    >>> scores = pd.DataFrame({"daily": [100, 100, 99, 99], "evaluation": [90, 70, 60, 80]})
    >>> influence(scores, {"daily": 0.6, "evaluation": 0.4}).round(3)["share"].tolist()
    [0.032, 0.968]
    """
    components = as_frame(components, "分项得分", "component scores")
    given = floats(as_series(weights, "权重", "weights"), "权重", "weights")
    if given.isna().any():
        raise UsageError(f"权重不能空缺:{given.to_dict()}", f"a weight is missing: {given.to_dict()}")
    for name in [*given.index, *components.columns]:
        require(name, components.columns if name in given.index else given.index, "分项权重", "component weight")
    whole = components.dropna()
    whole = whole.sort_values(list(whole.columns), kind="stable")  # sums then do not depend on the order of rows
    weighted = whole * given[whole.columns]
    total = weighted.sum(axis=1)
    if len(np.unique(millionths(total))) < 2:
        raise UsageError("至少要有两个不同的总分", "at least two different totals are needed")
    share = weighted.apply(lambda part: part.cov(total)) / total.var()
    r2 = whole.apply(lambda part: part.corr(total) ** 2 if part.nunique() > 1 else float("nan"))
    said = given if nominal is None else _shares(nominal, components)
    table = pd.DataFrame({"nominal": said.reindex(whole.columns), "share": share, "r2": r2}).rename_axis("component")
    return CompleteCases(len(whole), len(components) - len(whole)).on(table)


def _shares(nominal: Mapping[str, SupportsFloat] | pd.Series, components: pd.DataFrame) -> pd.Series:
    said = {str(name): float(share) for name, share in nominal.items()}
    for name in said:
        require(name, components.columns, "分项占比", "nominal share")
    return pd.Series(said, dtype="float64")
