"""Whether the items of a scheme hang together."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.analysis.inputs import complete, differ
from jifen_analysis.analysis.inputs.consistency import cronbach_alpha, feldt
from jifen_analysis.summaries import Reliability


def reliability(items: pd.DataFrame) -> pd.DataFrame:
    """Return how well items hang together: Cronbach's alpha, and each item's part in it.

    Parameters
    ----------
    items : DataFrame of shape (members, items)
        Scores as they are added up; standardise them first for the
        standardised alpha. Members with a missing item are left out.

    Returns
    -------
    DataFrame
        Indexed by ``item``: ``alpha_if_deleted`` (missing where one item would
        be left), ``item_rest_r``, the correlation with the sum of the others.
        ``attrs``: ``summaries.Reliability``.

    Raises
    ------
    UsageError
        With fewer than two items or two complete members.

    Notes
    -----
    Cronbach (1951), Psychometrika 16, 297-334; interval: Feldt (1965),
    Psychometrika 30, 357-370. Alpha is the reliability of the sum of items that
    measure the same with independent errors, at most a bound of it otherwise.

    Examples
    --------
    >>> items = pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3], "c": [1, 2, 3, 5]})
    >>> round(reliability(items).attrs["alpha"], 4)
    0.8715
    """
    whole = complete(items, "分项", "items")
    deleted = {item: cronbach_alpha(whole.drop(columns=item)) for item in whole}
    rest = {item: _correlation(whole[item], whole.drop(columns=item).sum(axis=1)) for item in whole}
    table = pd.DataFrame({"alpha_if_deleted": deleted, "item_rest_r": rest}).rename_axis("item")
    alpha = cronbach_alpha(whole)
    low, high = feldt(alpha, *whole.shape)
    return Reliability(alpha, len(whole), low, high, len(items) - len(whole)).on(table)


def _correlation(x: pd.Series, y: pd.Series) -> float:
    return float(x.corr(y)) if differ(x) and differ(y) else float("nan")
