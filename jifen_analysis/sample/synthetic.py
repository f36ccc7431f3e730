"""Put the sample's tables together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from jifen_analysis.errors import UsageError
from jifen_analysis.sample import opinions
from jifen_analysis.sample.attendance import attendance, dues
from jifen_analysis.sample.events import events
from jifen_analysis.sample.habits import habits
from jifen_analysis.sample.names import member_ids
from jifen_analysis.sample.people import people, roster, stints
from jifen_analysis.tables import TABLES, canonical
from jifen_analysis.vocabulary import standard

_ORDER = ("year", "period", "month", "date", "since", "item", "target", "activity", "event", "group")


def synthetic(members: int = 300, years: Sequence[int] = (2023, 2024), seed: int = 7) -> dict[str, pd.DataFrame]:
    """Invent records of every table.

    Parameters
    ----------
    members : int
        People who are ever on the roster; about thirty to a branch. From 300
        on every planted case has a place.
    years : sequence of int
        Calendar years, in any order.
    seed : int
        The same seed gives the same records.

    Returns
    -------
    dict of str to DataFrame
        Canonical tables, ready for ``jifen_analysis.tables.Records.from_frames``.

    Raises
    ------
    UsageError
        Where there is no member, no year, a year outside 1991 to 2099, or a seed below 0.

    Examples
    --------
    >>> tables = synthetic(members=30, years=[2024])
    >>> len(tables["members"]), sorted(tables)[:3]
    (30, ['attendance', 'ballots', 'corrections'])
    """
    wanted = _checked(members, years, seed)
    own = habits()
    everyone, cast = people(members, wanted, seed, own)
    rows = stints(everyone, wanted)
    present = attendance(rows, own, cast, seed)
    tables = {
        "members": roster(rows, own),
        "attendance": present,
        "dues": dues(rows, own, cast, seed),
        "events": events(rows, own, cast, seed),
        "evaluations": opinions.evaluations(rows, present, own, cast, seed),
        "ballots": opinions.ballots(rows, cast, seed),
        "marks": opinions.marks(rows, own, cast, seed),
        "corrections": opinions.corrections(cast),
        "declarations": opinions.declarations(rows, own, seed),
        "surveys": opinions.surveys(rows, own, seed),
    }
    ids = member_ids(members)
    return {name: _canonical(name, table, ids) for name, table in tables.items()}


def _checked(members: int, years: Sequence[int], seed: int) -> tuple[int, ...]:
    if seed < 0:
        raise UsageError(f"种子须是不小于 0 的整数;收到 {seed}", f"a seed is 0 or more; found {seed}")
    wanted = tuple(sorted(set(years)))
    if members < 1 or not wanted or wanted[0] < 1991 or wanted[-1] > 2099:
        raise UsageError(
            f"人数至少为1,年度须在1991到2099之间;收到 {members} 人、年度 {list(years)}",
            f"at least one member and years from 1991 to 2099 are wanted; found {members} members, years {list(years)}",
        )
    return wanted


def _canonical(name: str, table: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    ordered = _sorted(table)
    if "person" in ordered:
        own = ids.array.take(ordered["person"].to_numpy())
        ordered = ordered.drop(columns="person").assign(member_id=own)
    typed, refused = canonical(name, ordered, standard())
    assert not refused, (name, refused)
    return typed[list(TABLES[name])]


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    keys = [_ranks(table[name]) for name in ("person", *_ORDER) if name in table]
    return table.iloc[np.lexsort(keys[::-1])]


def _ranks(values: pd.Series) -> np.ndarray:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy()
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "iM":
        return values.to_numpy().astype("int64")  # a date that is missing comes first
    return pd.factorize(values, sort=True)[0]
