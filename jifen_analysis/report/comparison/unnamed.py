"""A comparison without ids and names: members go by their number in the list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from jifen_analysis.report.comparison.facts import Compared, Pair
from jifen_analysis.report.privacy import LEAST, number_members
from jifen_analysis.report.review.cells import HIDDEN
from jifen_analysis.summaries import Why


def unnamed_comparison(found: Compared) -> Compared:
    """Return a comparison that names nobody.

    Parameters
    ----------
    found : Compared
        From ``compared``.

    Returns
    -------
    Compared
        Members are ``#1``, ``#2``, … in the order in which they are listed:
        the same number stands for the same member throughout, and for nobody
        in another comparison. A branch of fewer than five is ``*``.
    """
    numbers = number_members(_listed(found))
    sizes = found.people["branch"].value_counts()
    small = frozenset(map(str, sizes[sizes < LEAST].index))
    return replace(
        found,
        pairs=tuple(_pair(pair, numbers, small) for pair in found.pairs),
        readings=_rows(found.readings, numbers, small),
        people=_rows(found.people, numbers, small).drop(columns="name"),
    )


def _listed(found: Compared) -> Iterator[str]:
    """Yield ids in the order of the lists: those whose difference is taken apart, those who move, all others."""
    for pair in found.pairs:
        yield from (member for member, _ in pair.reasons)
    for pair in found.pairs:
        yield from pair.moves.members["member_id"]
    yield from found.readings["member_id"]
    yield from found.people["member_id"]


def _pair(pair: Pair, numbers: Mapping[str, str], small: frozenset[str]) -> Pair:
    members = _rows(pair.moves.members, numbers, small)
    reasons = {
        (numbers[member], period): replace(Why.read(table), member_id=numbers[member]).on(table)
        for (member, period), table in pair.reasons.items()
    }
    return replace(pair, moves=replace(pair.moves, members=members), reasons=reasons)


def _rows(rows: pd.DataFrame, numbers: Mapping[str, str], small: frozenset[str]) -> pd.DataFrame:
    """Return rows by number, without names and without the branches that are small."""
    told: dict[str, Any] = {"member_id": rows["member_id"].map(numbers).astype("str")}
    if "name" in rows:
        told["name"] = pd.Series(None, index=rows.index, dtype="str")
    if "branch" in rows:
        told["branch"] = rows["branch"].astype("object").mask(rows["branch"].isin(small), HIDDEN).astype("str")
    return rows.assign(**told)
