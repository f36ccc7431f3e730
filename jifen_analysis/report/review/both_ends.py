"""Which branches a figure draws where they are many: those at both ends, and its title says so."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.errors import Text

_MOST, _EACH = 20, 8
"""Branches that are all drawn; of more, how many at either end."""


def both_ends(table: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """Return the rows to draw: all of them, or of very many the highest and the lowest.

    Parameters
    ----------
    table : DataFrame
        A row for each branch; what it says of all of them stays.
    by : Series
        What is compared, beside it.

    Examples
    --------
    >>> table = pd.DataFrame({"mean": range(60)})
    >>> both_ends(table, table["mean"])["mean"].tolist()[6:10]
    [6, 7, 52, 53]
    """
    if len(table) <= _MOST:
        return table
    place = by.rank(method="first")
    return table[((place <= _EACH) | (place > len(table) - _EACH)).to_numpy()]


def name_ends(title: Text, drawn: pd.DataFrame, table: pd.DataFrame) -> Text:
    """Return the title of a figure, with what it draws where that is not all.

    Examples
    --------
    >>> title, table = Text("各支部平均分", "Mean totals by branch"), pd.DataFrame({"mean": range(60)})
    >>> name_ends(title, both_ends(table, table["mean"]), table).zh
    '各支部平均分(60个中最高、最低的各8个)'
    """
    if len(drawn) == len(table):
        return title
    return Text(
        f"{title.zh}({len(table)}个中最高、最低的各{_EACH}个)",
        f"{title.en} (the {_EACH} highest and the {_EACH} lowest of {len(table)})",
    )
