"""A result put together to years: a table and a ledger as there are by period."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from jifen_analysis.analysis.inputs import KEYS, HasLedger, part_of, scheme_of, table_of


@dataclass(frozen=True)
class Yearly:
    """A result by year.

    Attributes
    ----------
    table, ledger : DataFrame
        As those of an Assessment, of which ``period`` is the year.
    """

    table: pd.DataFrame
    ledger: pd.DataFrame


def over(result: HasLedger, period: str) -> HasLedger:
    """Return the result itself where it scores a period, or put together to years where that is one of its years."""
    if (table_of(result, "period")["period"] == period).any() or not hasattr(result, "years"):
        return result
    years = part_of(result, "years")["year"].astype("str")
    return yearly(result) if (years == period).any() else result


def yearly(result: HasLedger) -> Yearly:
    """Put a result's periods together to years, so that years can be taken apart as periods are.

    Parameters
    ----------
    result : Assessment
        Of a scheme that totals years, by sum or by mean.

    Returns
    -------
    Yearly
        ``table`` (``member_id``, ``period``, the year, ``total``, ``grade``) and
        ``ledger``, whose contributions are each period's in full, or its share
        of the mean: in a year that has a total they sum to it.

    Raises
    ------
    UsageError
        Where it is no result of ``assess``.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> from jifen_analysis.scoring.assess import assess
    >>> from jifen_analysis.tables.records import Records
    >>> mark = {"member_id": ["1", "1"], "period": ["2024H1", "2024H2"], "group": "members", "mark": [80.0, 90]}
    >>> present = {"member_id": "1", "date": ["2024-03-05", "2024-09-05"], "activity": "lecture", "status": "present"}
    >>> tables = {"members": {"member_id": ["1"], "branch": ["一"]}, "attendance": present, "evaluations": mark}
    >>> records = Records.from_frames({name: pd.DataFrame(table) for name, table in tables.items()})
    >>> year = yearly(assess(records, read_scheme("community_60_40")))
    >>> year.table["total"].tolist(), round(float(year.ledger["contribution"].sum()), 9)
    ([94.0], 94.0)
    """
    table = part_of(result, "years").rename(columns={"year": "period"}).astype({"period": "str"})
    totals, ledger = part_of(result, "table").dropna(subset="total"), part_of(result, "ledger")
    n = totals.groupby([totals["member_id"], totals["period"].str[:4].rename("period")]).size()
    ledger = ledger.assign(period=ledger["period"].str[:4])
    if scheme_of(result).book.year_total == "mean":
        shares = n.reindex(pd.MultiIndex.from_frame(ledger[KEYS])).fillna(1).to_numpy()
        ledger["contribution"] = ledger["contribution"] / shares
    return Yearly(table, ledger)
