"""Whose grade hangs on a point, on a quota, or on how a sentence is read."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pandas as pd

from jifen_analysis.analysis.inputs import (
    KEYS,
    Bools,
    HasLedger,
    HasScheme,
    Ints,
    as_number,
    millionths,
    must_be,
    part_of,
    scheme_of,
    table_of,
)
from jifen_analysis.errors import UsageError
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model import Quota, RuleBook
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.scoring import quotas
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from jifen_analysis.scoring.collection import collect_once
from jifen_analysis.summaries import Readings
from jifen_analysis.tables.records import Records

ITEM = ["component", "item"]


def near_cut(result: HasLedger, margin: float = 1) -> pd.DataFrame:
    """List the members who miss the next grade by little, and the cheapest item that would give it.

    Parameters
    ----------
    result : Assessment
        Its table and ledger.
    margin : float
        How many points at most, this many included.

    Returns
    -------
    DataFrame
        One row a member and period, the smallest distance first:
        ``member_id``, ``period``, ``name``, ``branch``, ``total``,
        ``grade_by_total``, ``grade`` (which may be forced), ``distance`` to the next grade in points
        of the total; ``item`` (component.item), the one that lost the fewest
        points among those that lost enough to reach it alone, ``lost`` in points
        of the total, ``clause``; missing where no single item lost enough.

    Raises
    ------
    UsageError
        Where nothing was assessed, the margin is negative, or the scheme has no
        grades by total.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> mark = {"member_id": ["1"], "period": ["2024H1"], "group": ["members"], "mark": [82.0]}
    >>> absent = {"member_id": ["1"], "date": ["2024-03-05"], "activity": ["lecture"], "status": ["absent"]}
    >>> tables = {"members": {"member_id": ["1"], "branch": ["一"]}, "attendance": absent, "evaluations": mark}
    >>> records = Records.from_frames({name: pd.DataFrame(table) for name, table in tables.items()})
    >>> near_cut(assess(records, read_scheme("community_60_40")))[["distance", "item", "lost"]].values.tolist()
    [[0.2, 'daily.organisation_activities', 3.0]]
    """
    ledger = part_of(result, "ledger")
    table = table_of(result, *KEYS, "distance_to_next_grade", "grade_by_total")
    if not as_number(margin, "分差", "the margin") >= 0:
        raise UsageError(f"分差不能为负:{margin}", f"the margin cannot be negative: {margin}")
    if table["grade_by_total"].isna().all():
        raise UsageError("本方案没有按总分划定的等次", "the scheme has no grades by total")
    table = table.rename(columns={"distance_to_next_grade": "distance"})
    close = table[millionths(table["distance"].fillna(np.inf).clip(upper=1e6)) <= millionths(margin)]
    found = close.reindex(columns=[*KEYS, "name", "branch", "total", "grade_by_total", "grade", "distance"])
    cheapest = _cheapest(found, _lost(ledger))
    return found.merge(cheapest, on=KEYS, how="left").sort_values(["distance", *KEYS], ignore_index=True)


def _lost(ledger: pd.DataFrame) -> pd.DataFrame:
    """Return what each item lost by rules and forfeits, net of floors, in points of the total."""
    lines = ledger[~ledger["kind"].isin(["start", "correction", "zero"])]
    items = lines.groupby([*KEYS, *ITEM], observed=True)
    found = pd.DataFrame({"lost": -items["contribution"].sum(), "clause": items["clause"].first()})
    return found[found["lost"] > 0].reset_index()


def _cheapest(close: pd.DataFrame, lost: pd.DataFrame) -> pd.DataFrame:
    each = close[[*KEYS, "distance"]].merge(lost, on=KEYS)
    enough = each[millionths(each["lost"]) >= millionths(each["distance"])]
    first = enough.sort_values(["lost", *ITEM], kind="stable").drop_duplicates(KEYS)
    return first.assign(item=first["component"].str.cat(first["item"], sep="."))[[*KEYS, "item", "lost", "clause"]]


def quota_audit(result: HasScheme) -> pd.DataFrame:
    """List the members who met the line of a grade and lost it to its quota.

    Parameters
    ----------
    result : Assessment
        Its table and scheme.

    Returns
    -------
    DataFrame
        One row a member, period and grade lost: ``period``, ``within`` (branch
        or unit) and ``group``, ``member_id``, ``name``, ``total``,
        ``grade_by_total``, ``grade``; ``tied`` (a place was there but for a tie over the boundary);
        ``n`` the quota is a share of, ``met`` (members who met the line),
        ``places`` (floor of share x n); whether the grade would be kept with
        the share rounded half up ``kept_if_rounded``, rounded up
        ``kept_if_ceiling``, or pooled over all groups of the period
        ``kept_if_pooled``. Empty where nobody lost anything.

    Raises
    ------
    UsageError
        Where nothing was assessed.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> rows = {"member_id": list("12345"), "period": "2024", "branch": "一", "stage": "full", "flags": ""}
    >>> table = pd.DataFrame(rows | {"total": [95.0, 92, 80, 80, 80], "grade": ["优秀"] + ["合格"] * 4})
    >>> table["grade_by_total"] = ["优秀", "优秀", "合格", "合格", "合格"]
    >>> one = SimpleNamespace(table=table, scheme=read_scheme("bureau_quarterly"))
    >>> quota_audit(one)[["member_id", "places", "kept_if_rounded"]].values.tolist()
    [['2', 1, False]]
    """
    scheme = scheme_of(result)
    table = table_of(result, *KEYS, "total", "grade_by_total", "grade", "flags", "stage")
    flags = table["flags"].fillna("")
    table = table.assign(
        name=table.get("name"),
        counted=(table["stage"] != "activist") & ~flags.str.contains("exempt|not_assessed"),
        held=table["total"].notna(),
        forced=flags.str.contains("veto|forced"),
    )
    periods = {str(code): rows for code, rows in table.groupby("period", observed=True)}
    books = {code: scheme.on(Period.parse(code).first_day).book for code in periods}
    found = [audit for code, rows in periods.items() for audit in _audits(rows, books[code])]
    empty = pd.DataFrame(columns=AUDIT)
    return pd.concat(found, ignore_index=True)[AUDIT] if found else empty


AUDIT = [
    *("period", "within", "group", "member_id", "name", "total", "grade_by_total", "grade", "tied"),
    *("n", "met", "places", "kept_if_rounded", "kept_if_ceiling", "kept_if_pooled"),
]


def _audits(rows: pd.DataFrame, book: RuleBook) -> Iterator[pd.DataFrame]:
    """Yield those who lose each grade, from the highest; who falls stands for the next grade."""
    names = list(book.grades)
    standing = rows["grade_by_total"].astype("object").mask(rows["forced"], book.lowest_grade)
    for name, grade in book.grades.items():
        if grade.quota is not None:
            audit = _audit(rows, (standing == name) & rows["counted"] & rows["held"], grade.quota)
            yield audit[~audit["kept"]]
            fallen = audit.index[~audit["kept"]]
            standing = standing.mask(standing.index.isin(fallen), names[names.index(name) + 1])


def _audit(rows: pd.DataFrame, entered: pd.Series, quota: Quota) -> pd.DataFrame:
    """Say of everyone who met the line who keeps the grade, as it is and under other roundings."""
    group = pd.factorize(rows[quota.within], sort=True)[0]
    counted = (rows["counted"] & (rows["held"] | (quota.of == "all"))).to_numpy()
    share, whole = Fraction(quota.share), np.zeros_like(group)
    n, everyone = quotas.group_sizes(group, counted), quotas.group_sizes(whole, counted)
    over, under = share.numerator, share.denominator

    def keep(within: Ints, seats: Ints) -> tuple[Bools, Bools]:
        return quotas.keep(millionths(rows["total"].fillna(0)), within, entered.to_numpy(), seats)

    kept, tied = keep(group, n * over // under)
    columns = {
        "within": quota.within,
        "group": rows[quota.within],
        "kept": kept,
        "tied": tied,
        "n": n,
        "met": quotas.group_sizes(group, entered.to_numpy()),
        "places": n * over // under,
        "kept_if_rounded": keep(group, (2 * n * over + under) // (2 * under))[0],
        "kept_if_ceiling": keep(group, -(-n * over // under))[0],
        "kept_if_pooled": keep(whole, everyone * over // under)[0],
    }
    return rows.assign(**columns)[entered]


def readings(records: Records, scheme: Scheme) -> pd.DataFrame:
    """Ask whom each reading of an ambiguous text moves.

    Parameters
    ----------
    records : Records
        What is scored.
    scheme : Scheme
        Its readings are laid over it one at a time.

    Returns
    -------
    DataFrame
        One row for each reading, member and period (or year, where the scheme
        grades years) whose grade differs: ``variant``, ``member_id``,
        ``period``, ``grade_before``, ``grade_after``, ``total_before``,
        ``total_after``. ``attrs``: ``summaries.Readings``.

    Raises
    ------
    InvalidRecords
        Where the records cannot be scored.
    UsageError
        Where the two are something else.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> mark = {"member_id": ["1"], "period": ["2024H1"], "group": ["members"], "mark": [75.0]}
    >>> present = {"member_id": ["1"], "date": ["2024-03-05"], "activity": ["lecture"], "status": ["present"]}
    >>> tables = {"members": {"member_id": ["1"], "branch": ["一"]}, "attendance": present, "evaluations": mark}
    >>> records = Records.from_frames({name: pd.DataFrame(table) for name, table in tables.items()})
    >>> table = readings(records, read_scheme("community_60_40"))
    >>> table[["variant", "period", "grade_before", "grade_after"]].values.tolist()[0]
    ['strict', '2024', '优秀', '合格']
    >>> table.attrs["summary"]["floored"]
    0
    """
    must_be(records, Records, "须先给出 load 读入的记录", "records come first")
    must_be(scheme, Scheme, "其次须给出 read_scheme 读入的方案", "a scheme comes second")
    once = collect_once()
    base = _standings(assess(records, scheme, gather=once))
    names = list(scheme.book.readings)
    read = (_standings(assess(records, scheme.variant(name), gather=once)) for name in names)
    moved = [_moved(base, after).assign(variant=name) for name, after in zip(names, read, strict=True)]
    found = pd.concat([part for part in moved if len(part)] or [pd.DataFrame(columns=MOVED)], ignore_index=True)[MOVED]
    return Readings({name: len(part) for name, part in zip(names, moved, strict=True)}).on(found)


MOVED = ["variant", *KEYS, "grade_before", "grade_after", "total_before", "total_after"]


def _standings(result: Assessment) -> pd.DataFrame:
    """Return total and grade of every period, and of every year that is longer than one."""
    frames = [result.table]
    if result.scheme.period != "year":
        frames.append(result.years.rename(columns={"year": "period"}).astype({"period": "str"}))
    whole = pd.concat([frame[[*KEYS, "total", "grade"]].astype({"grade": "object"}) for frame in frames])
    return whole.set_index(KEYS)


def _moved(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    both = pd.concat([before.add_suffix("_before"), after.add_suffix("_after")], axis=1).sort_index()
    old, new = both["grade_before"], both["grade_after"]
    return both[(old != new) & ~(old.isna() & new.isna())].reset_index()
