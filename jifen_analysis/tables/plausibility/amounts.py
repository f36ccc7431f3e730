"""Amounts and counts far from what they belong with: payments and dues, votes, quantities."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from jifen_analysis.errors import Text
from jifen_analysis.tables.coded import different
from jifen_analysis.tables.columns import decode_texts
from jifen_analysis.tables.consistency import Tables
from jifen_analysis.tables.failures import Failure
from jifen_analysis.tables.plausibility.marks import SLIPS
from jifen_analysis.tables.plausibility.saying import FEWEST, display_value, note_rows

_MONTHS = 12
"""Whoever pays ahead pays a year at most."""
_SEVERAL = 3
"""Times what was due from which a payment may be that of several months."""
_UNLIKE = 9
"""Times another amount: with less between them none is ten times the other; to look no further where all are alike."""
_VOTES = ("excellent", "qualified", "basic", "unqualified", "abstained")
_MORE_VOTES = 3
"""Times the votes that others of the branch have."""
_MORE, _AT_LEAST = 20, 50
"""Times the upper quartile of an event's quantities, and how many in any case."""


def payment_doubts(tables: Tables) -> Iterator[Failure]:
    """Yield payments ten times what was due, a tenth of it, more than a year's, or of months that are unpaid otherwise.

    And dues unlike the member's own.
    """
    if "dues" not in tables:
        return
    dues = tables["dues"]
    due, paid = dues["due"].to_numpy(), dues["paid"].to_numpy()
    odd = odd_payments(due, paid)
    yield from _payments(dues[odd])
    yield from _in_one(dues, several_months(due, paid) & ~odd)
    yield from _standards(decode_texts("dues", dues[_of_unlike_dues(dues["member_id"], due)]))


def odd_payments(due: np.ndarray, paid: np.ndarray) -> np.ndarray:
    """Return which payments are ten times what was due, a tenth of it, or more than a year's.

    Examples
    --------
    >>> odd_payments(np.array([2.0, 2.0, 2.0]), np.array([20.0, 4.0, np.nan])).tolist()
    [True, False, False]
    """
    if len(due):  # Where the ends are near each other, all are; where one is missing, so are the ends.
        least, most = np.minimum(due.min(), paid.min()), np.maximum(due.max(), paid.max())
        if 0 < most < _UNLIKE * least:
            return np.zeros(len(due), bool)
    unlike = (due > 0) & (paid > 0) & ((paid > _UNLIKE * due) | (due > _UNLIKE * paid))
    some = np.flatnonzero(unlike)
    times = pd.Series(paid[some] / due[some])
    unlike[some] = _is_slip(times) | (times > _MONTHS)
    return unlike


def several_months(due: np.ndarray, paid: np.ndarray) -> np.ndarray:
    """Return which payments are three times what was due, or another whole number of times.

    Examples
    --------
    >>> several_months(np.array([2.0, 2.0, 0.0]), np.array([24.0, 7.0, 6.0])).tolist()
    [True, False, False]
    """
    several = (due > 0) & (paid >= _SEVERAL * due)
    times = paid[several] / due[several]
    several[several] = np.isclose(times, np.rint(times), rtol=1e-9)
    return several


def _in_one(dues: pd.DataFrame, several: np.ndarray) -> Iterator[Failure]:
    """Yield payments of several months at once by members of whom no other month of the year is paid.

    Whoever paid another month, too, may have given more. Where no other month stands there, less than a year's
    dues are nothing to ask about: the other months may come on another sheet.
    """
    if not several.any():
        return
    year = dues["month"].astype("object").str[:4]
    settled = (dues["paid"] > 0).groupby([dues["member_id"], year], observed=True)
    apart = (settled.transform("size") > 1) | (dues["paid"] >= _MONTHS * dues["due"])
    rows = dues[several & (apart & (settled.transform("sum") == 1)).to_numpy()]
    said = Text(
        "是应缴的整倍数,而本人当年别的月份都没有缴:像是几个月的党费写在一个月里,别的月份不会因此算作已缴;请分到各月",
        "several times what was due, and no other month of the member's year is paid: several months' dues in one? "
        "the others do not count as paid by it; write each into its month",
    )
    yield from note_rows("dues", "paid", "months_in_one", rows.index.tolist(), rows["paid"].tolist(), said)


def _payments(odd: pd.DataFrame) -> Iterator[Failure]:
    times = odd["paid"] / odd["due"]
    for _, same in odd.groupby(["due", "paid"]):
        due, most = float(same["due"].iloc[0]), display_value(_times(float(times[same.index[0]])))
        said = Text(f"应缴{display_value(due)},差了{most}倍", f"{display_value(due)} was due: {most} times off")
        yield from note_rows("dues", "paid", "paid_unlike_due", same.index.tolist(), same["paid"].tolist(), said)


def _of_unlike_dues(members: pd.Series, due: np.ndarray) -> np.ndarray:
    """Return the dues of those of whose dues one is so many times another: the others' medians fit every month."""
    owed = due > 0
    if not owed.any() or not uneven(due[owed].min(), due[owed].max()):
        return np.zeros(len(due), bool)
    whose = different(members)[0]
    ends = pd.Series(due[owed]).groupby(whose[owed]).agg(["min", "max"])
    return owed & np.isin(whose, ends.index[uneven(ends["min"].to_numpy(), ends["max"].to_numpy())])


def uneven(least: np.ndarray, most: np.ndarray) -> np.ndarray:
    """Return between which least and most dues one may be ten times another."""
    return np.asarray(most >= _UNLIKE * least)


def _times(ratio: float) -> float:
    return round(max(ratio, 1 / ratio), 2)


def _is_slip(times: pd.Series) -> pd.Series:
    return pd.Series(np.logical_or.reduce([np.isclose(times, by, rtol=1e-9) for by in SLIPS]), index=times.index)


def _standards(rows: pd.DataFrame) -> Iterator[Failure]:
    """Yield the months in which ten times as much was due as in most of the member's others, or a tenth."""
    year = rows["month"].str[:4]
    months = rows["due"].groupby([rows["member_id"], year])
    usual = months.transform("median")
    odd = rows[_is_slip(rows["due"] / usual) & (months.transform("size") > FEWEST)]
    for most, same in odd.groupby(usual[odd.index]):
        said = Text(
            f"本人当年各月应缴多为{display_value(most)},差了十倍或百倍",
            f"{display_value(most)} in most months of the member's year",
        )
        yield from note_rows("dues", "due", "due_unlike_others", same.index.tolist(), same["due"].tolist(), said)


def doubtful_counts(tables: Tables) -> Iterator[Failure]:
    """Yield ballots with far more votes than others of the branch, and quantities far beyond the event's others."""
    if "ballots" in tables and "members" in tables:
        yield from _ballots(tables["ballots"], tables["members"])
    if "events" in tables:
        yield from _quantities(tables["events"])


def _ballots(ballots: pd.DataFrame, members: pd.DataFrame) -> Iterator[Failure]:
    branch = ballots["member_id"].map(
        members.drop_duplicates("member_id", keep="last").set_index("member_id")["branch"]
    )
    votes = ballots[list(_VOTES)].fillna(0).astype("int64")
    cast = votes.sum(axis=1)
    groups = cast.groupby([branch, ballots["period"]])
    most = groups.transform("quantile", 0.75)
    odd = (cast > _MORE_VOTES * most) & (groups.transform("size") > FEWEST) & (most > 0)
    for row in np.flatnonzero(odd).tolist():
        usual, column = display_value(float(most.iloc[row])), votes.columns[int(votes.iloc[row].to_numpy().argmax())]
        said = Text(
            f"共{cast.iloc[row]}票,同一支部其他人多在{usual}票以内",
            f"{cast.iloc[row]} votes in all, {usual} at most for most others of the branch",
        )
        yield from note_rows("ballots", str(column), "votes_unlike_others", [row], [votes[column].iloc[row]], said)


def _quantities(events: pd.DataFrame) -> Iterator[Failure]:
    quantity = events["quantity"].astype("float64")
    if not (quantity >= _AT_LEAST).any():
        return
    groups = quantity.groupby(events["event"], observed=True)
    most = groups.transform("quantile", 0.75)
    odd = events[(quantity >= np.maximum(_MORE * most, _AT_LEAST)) & (groups.transform("size") > FEWEST)]
    for usual, same in odd.groupby(most[odd.index]):
        said = Text(
            f"同类事项的数量多在{display_value(usual)}以内",
            f"{display_value(usual)} or less in most events of the kind",
        )
        yield from note_rows(
            "events", "quantity", "quantity_unlike_others", same.index.tolist(), same["quantity"].tolist(), said
        )
