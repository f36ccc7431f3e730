"""The marks of a component, item by item."""

from __future__ import annotations

import pandas as pd

from jifen_analysis.analysis.inputs import HasLedger, part_of, require, table_of
from jifen_analysis.errors import UsageError


def item_table(result: HasLedger, component: str, period: str) -> pd.DataFrame:
    """Return the points of each member in each item of a component.

    Parameters
    ----------
    result : Assessment
        Its table and ledger.
    component : str
        A component by its id.
    period : str
        One period, such as ``2024H2``.

    Returns
    -------
    DataFrame of shape (members, items)
        In points, before the component's weight; of those who have a total,
        ordered by member. Where an item has no line for a member it gave and
        took nothing: 0, for the ledger adds up.

    Raises
    ------
    UsageError
        Where the component or the period does not exist (with the nearest), or
        nobody has a total in it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = {"member_id": ["1", "1", "2"], "period": "2024", "component": "daily", "item": ["a", "b", "a"]}
    >>> ledger = pd.DataFrame(rows | {"points": [5.0, -1.0, 4.0]})
    >>> table = pd.DataFrame({"member_id": ["1", "2"], "period": "2024", "total": [4.0, 4.0]})
    >>> item_table(SimpleNamespace(ledger=ledger, table=table), "daily", "2024").values.tolist()
    [[5.0, -1.0], [4.0, 0.0]]
    """
    table, ledger = table_of(result, "member_id", "period", "total"), part_of(result, "ledger")
    require(period, table["period"].unique(), "考核期", "period")
    require(component, ledger["component"].dropna().unique(), "板块", "component")
    scored = table.loc[(table["period"] == period) & table["total"].notna(), "member_id"]
    if scored.empty:
        raise UsageError(f"{period} 还没有人有总分", f"nobody has a total in {period}")
    lines = ledger[(ledger["period"] == period) & (ledger["component"] == component)]
    points = lines.groupby(["member_id", "item"], observed=True)["points"].sum().unstack("item")
    return points.reindex(sorted(scored), fill_value=0.0).fillna(0.0).rename_axis(columns="item")
