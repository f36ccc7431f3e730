"""How a doubt is said: the same sentence for all cells of a kind, so that they are listed together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.tables.failures import Failure

FEWEST = 5
"""With fewer others there is nothing to compare with."""
_SHOWN = 3
"""Values of one kind that a sentence names."""


def note_rows(
    table: str, column: str, code: str, rows: Sequence[int], values: Sequence[object], text: Text
) -> Iterator[Failure]:
    """Yield a note on some rows, if there are any, with one sentence that begins with what was found.

    Parameters
    ----------
    table, column, code : str
        Which cells, and the kind of doubt.
    rows : sequence of int
        Positions in the table.
    values : sequence
        What stands in them.
    text : Text
        What they were compared to, and what may have happened.
    """
    said = [display_value(value) for value in values]
    distinct = list(dict.fromkeys(said))
    more = len(distinct) > _SHOWN
    zh = "、".join(distinct[:_SHOWN]) + ("等" if more else "")
    en = ", ".join(distinct[:_SHOWN]) + (" …" if more else "")
    whole = Text(f"{zh}:{text.zh};请核对,数据未改动", f"{en}: {text.en}; please check, nothing was changed")
    if said:
        place = {value: at for at, value in enumerate(distinct)}
        at = np.array([place[value] for value in said])
        yield Failure(table, np.asarray(rows), column, code, whole, "note", distinct, at)


def display_value(value: object) -> str:
    """Return a value as a sentence names it.

    Examples
    --------
    >>> display_value(9.50), display_value(pd.Timestamp("2042-03-05")), display_value("2024H1")
    ('9.5', '2042-03-05', '2024H1')
    """
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return f"{value:g}" if isinstance(value, float) else str(value)
