"""Results of several schemes side by side: how far they agree, and who stands differently."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from jifen_analysis.analysis.comparison.measures import agreement, rank_agreement
from jifen_analysis.analysis.inputs import KEYS, HasYears, grades_of, millionths, must_be, part_of, table_of
from jifen_analysis.errors import UsageError
from jifen_analysis.summaries import Moves

_MOVES = [
    *KEYS,
    *("name", "branch"),
    *("total_a", "total_b", "difference"),
    *("grade_a", "grade_b", "grade_changed"),
    *("rank_a", "rank_b", "rank_change"),
]
_NO_ORDER = pd.Series(np.nan, index=["tau_b", "weighted_tau", "spearman"])
_NO_GRADES = pd.Series(
    np.nan,
    index=["kappa", "kappa_linear", "kappa_quadratic", "kappa_linear_low", "kappa_linear_high", "bowker", "bowker_p"],
)


def schemes(results: Mapping[str, HasYears]) -> pd.DataFrame:
    """Say how far each pair of schemes agrees on the same members.

    Parameters
    ----------
    results : mapping of str to Assessment
        By the name of the scheme or variant; at least two.

    Returns
    -------
    DataFrame
        One row a pair: ``a``, ``b``, ``grain`` (``period`` where both score the
        same periods, else ``year``), ``n`` (members and periods with both
        totals), ``tau_b``, ``weighted_tau``, ``spearman`` (missing for fewer than
        two, and where all totals of a side are equal), ``n_graded``, then the
        measures of :func:`agreement`, which are missing where the two have
        not the same list of grades (``same_grades``) or nobody holds both.

    Raises
    ------
    UsageError
        With fewer than two results, where one assesses nobody, or two have no
        member and period or year in common.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = {"member_id": ["1", "2"], "period": "2024", "total": [90.0, 80], "grade": ["优秀", "合格"]}
    >>> one = SimpleNamespace(table=pd.DataFrame(rows))
    >>> schemes({"x": one, "y": one})[["a", "b", "tau_b", "kappa"]].values.tolist()
    [['x', 'y', 1.0, 1.0]]
    """
    must_be(results, Mapping, "须按名称给出结果,如 {'现行': 结果}", "results are given by name, as {'present': result}")
    if len(results) < 2:
        raise UsageError(
            f"至少要两个方案才能比较,只有 {len(results)} 个", f"two schemes are needed, found {len(results)}"
        )
    nobody = "、".join(name for name, result in results.items() if part_of(result, "table").empty)
    if nobody:
        raise UsageError(f"按这些方案没有人参加考核:{nobody}", f"nobody is assessed under: {nobody}")
    return pd.DataFrame([_pair(a, b, results[a], results[b]) for a, b in combinations(results, 2)])


def _pair(name_a: str, name_b: str, a: HasYears, b: HasYears) -> dict[str, object]:
    both, grain = _aligned(a, b)
    n = int(both[["total_a", "total_b"]].notna().all(axis=1).sum())
    order = rank_agreement(both["total_a"], both["total_b"]) if n > 1 else _NO_ORDER
    grades, others = grades_of(both, "grade_a"), grades_of(both, "grade_b")
    graded = both[["grade_a", "grade_b"]].dropna()
    comparable = len(graded) > 0 and grades == others
    alike = agreement(graded["grade_a"], graded["grade_b"], grades) if comparable else _NO_GRADES
    head = {"a": name_a, "b": name_b, "grain": grain, "n": n}
    return {**head, **order, "n_graded": len(graded), "same_grades": grades == others, **alike}


def _aligned(a: HasYears, b: HasYears) -> tuple[pd.DataFrame, str]:
    """Return the standings of those in both, by period where periods are common, else by year."""
    tables = table_of(a, *KEYS, "total", "grade"), table_of(b, *KEYS, "total", "grade")
    grain = "period" if set(tables[0]["period"]) & set(tables[1]["period"]) else "year"
    if grain == "year":
        tables = _by_year(a), _by_year(b)
    sides = [_standings(table).add_suffix(suffix) for table, suffix in zip(tables, ("_a", "_b"), strict=True)]
    both = pd.concat(sides, axis=1, join="inner").sort_index()
    if both.empty:
        raise UsageError("两个方案没有共同的人员和考核期", "the two have no member and period in common")
    return _ranked_alike(both), grain


def _ranked_alike(both: pd.DataFrame) -> pd.DataFrame:
    """Rank those anew who have a rank on both sides: places among others cannot be compared."""
    ranked = both[["rank_a", "rank_b"]].notna().all(axis=1)
    ranks = {f"rank_{side}": _ranks(both[f"total_{side}"].where(ranked)).astype("Int64") for side in "ab"}
    return both.assign(**ranks)


def _by_year(result: HasYears) -> pd.DataFrame:
    """Return the years, ranked without those who have a rank in none of their periods, such as activists."""
    years = part_of(result, "years").rename(columns={"year": "period"}).astype({"period": "str"})
    if "rank_overall" not in (table := table_of(result)):
        return years
    ranked = table[table["rank_overall"].notna()].assign(period=table["period"].str[:4])[KEYS]
    counted = years["total"].where(pd.MultiIndex.from_frame(years[KEYS]).isin(pd.MultiIndex.from_frame(ranked)))
    return years.assign(rank_overall=_ranks(counted.set_axis(pd.MultiIndex.from_frame(years[KEYS]))).array)


def _standings(table: pd.DataFrame) -> pd.DataFrame:
    named = table.set_index(KEYS)
    if not named.index.is_unique:
        twice = "、".join(map(str, named.index[named.index.duplicated()][0]))
        raise UsageError(f"同一人同一考核期出现多次:{twice}", f"a member stands twice in a period: {twice}")
    rank = named["rank_overall"] if "rank_overall" in named else _ranks(named["total"])
    return named[["total", "grade"]].assign(rank=rank.astype("Int64"))


def _ranks(totals: pd.Series) -> pd.Series:
    grains = pd.Series(millionths(totals.dropna()), index=totals.dropna().index)
    return grains.groupby(level="period").rank(method="min", ascending=False).reindex(totals.index)


def _people(result: HasYears, grain: str) -> pd.DataFrame:
    """Return name and branch by member and period, or by member and year as they were last."""
    table = table_of(result).sort_values("period", kind="stable")
    named = table.reindex(columns=[*KEYS, "name", "branch"])
    if grain == "year":
        named["period"] = named["period"].str[:4]
    return named.drop_duplicates(KEYS, keep="last").set_index(KEYS)


def moves(a: HasYears, b: HasYears) -> Moves:
    """Say who changes grade or rank from one scheme (or reading) to another.

    Parameters
    ----------
    a, b : Assessment
        Of the same members.

    Returns
    -------
    Moves
        The members, the transition table, and by what they were matched. A
        grade has changed where it is called otherwise; not where it is missing
        on both sides, and nobody's where one of the two gives no grades at all.

    Raises
    ------
    UsageError
        Where nothing was assessed, or no member and period or year is common.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> rows = {"member_id": ["1", "2"], "period": "2024", "total": [90.0, 80], "grade": ["优秀", "合格"]}
    >>> one, other = pd.DataFrame(rows), pd.DataFrame(rows | {"total": [70.0, 80], "grade": ["合格", "合格"]})
    >>> found = moves(SimpleNamespace(table=one), SimpleNamespace(table=other))
    >>> found.members[["member_id", "grade_changed", "rank_change"]].values.tolist()
    [['1', True, -1], ['2', False, 1]]
    """
    both, grain = _aligned(a, b)
    grades = [grades_of(both, side) for side in ("grade_a", "grade_b")]
    named = [both[side].astype("object").fillna("<NA>") for side in ("grade_a", "grade_b")]
    both["difference"] = both["total_b"] - both["total_a"]
    both["rank_change"] = both["rank_a"] - both["rank_b"]
    both["grade_changed"] = (named[0] != named[1]) & all(map(bool, grades))
    order = pd.DataFrame({"grade": ~both["grade_changed"], "rank": -both["rank_change"].abs().fillna(0)})
    members = both.loc[order.sort_values(["grade", "rank"], kind="stable").index]
    members = members.join(_people(a, grain).combine_first(_people(b, grain))).reset_index()
    counts = pd.crosstab(named[0], named[1])
    rows, columns = (
        [*listed, "<NA>"] if "<NA>" in set(held) else listed for listed, held in zip(grades, named, strict=True)
    )
    return Moves(members[_MOVES], counts.reindex(index=rows, columns=columns, fill_value=0), grain)
