"""Every CSV that leaves the desk is written here: no text of it is taken for a formula."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.saving import FORMULA


def csv_text(table: pd.DataFrame) -> str:
    """Return a flat table as CSV, floats in full.

    A text that a spreadsheet would take for a formula gets an apostrophe
    before it, which reading such a file takes away again.

    Parameters
    ----------
    table : DataFrame
        One level of columns.

    Examples
    --------
    >>> print(csv_text(pd.DataFrame({"branch": ["=1+1", "第一支部"], "total": [1.5, -2.0]})), end="")
    branch,total
    '=1+1,1.5
    第一支部,-2.0
    """
    return str(table.apply(_harmless).to_csv(index=False, lineterminator="\n"))


def _harmless(values: pd.Series) -> pd.Series:
    if not pd.api.types.is_string_dtype(values.dtype):
        return values
    text = values.astype("str")
    return text.mask(text.str.match(FORMULA, na=False), "'" + text)
