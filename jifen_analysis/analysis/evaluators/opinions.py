"""What members say of themselves, and what people say of the scheme."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from jifen_analysis.analysis.inputs import KEYS, MIN_N, HasRecords, floats, millionths, part_of, table_of
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.model import Item, PointsItem
from jifen_analysis.summaries import SelfGap, Withheld


def self_gap(
    result: HasRecords,
    by: str | Sequence[str] = ("branch", "item"),
    declarations: pd.DataFrame | None = None,
    *,
    min_n: int = MIN_N,
) -> pd.DataFrame:
    """Compare what members declared for themselves with what they were given.

    Parameters
    ----------
    result : Assessment
        Its ledger gives the points of each item (before the component's weight).
    by : str or sequence of str
        ``item`` or columns of the table; a blank stays a group of its own.
    declarations : DataFrame, optional
        ``member_id``, ``period``, ``item``, ``points``; default those among the
        result's records.
    min_n : int
        Shares of smaller groups are withheld.

    Returns
    -------
    DataFrame
        One row a group: the columns of ``by``, ``n`` (declarations of items and
        periods that were scored), ``declared``, ``given`` (mean points), ``gap``
        (declared - given), ``share_above`` (who declared more than was given),
        ``withheld``. ``attrs``: ``summaries.SelfGap``.

    Raises
    ------
    UsageError
        Where nothing was declared, an item was declared twice at other points
        (the same declaration twice counts once), no declaration meets a score,
        or a column does not exist (with the nearest).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> row = {"member_id": ["1"], "period": ["2024H1"]}
    >>> one = SimpleNamespace(
    ...     table=pd.DataFrame(row | {"branch": ["一"]}),
    ...     ledger=pd.DataFrame(row | {"item": ["dues"], "points": [8.0]}),
    ... )
    >>> self_gap(one, declarations=pd.DataFrame(row | {"item": ["dues"], "points": [10.0]}))["gap"].tolist()
    [2.0]
    """
    part_of(result, "ledger")
    groups = _named(by)
    table = table_of(result, *KEYS, *(name for name in groups if name != "item"))
    claimed = _declared(result, declarations)
    compared = claimed.join(_given(result, claimed), on=[*KEYS, "item"]).dropna(subset=["points", "given"])
    if compared.empty:
        raise UsageError("自评申报与得分没有一条对得上", "no declaration meets a score")
    named = compared.merge(table.drop(columns=["item", "points"], errors="ignore"), on=KEYS)
    rows = _gaps(named.sort_values(["points", "given"], kind="stable"), groups, min_n)
    return SelfGap(min_n, len(claimed) - len(compared)).on(rows)


def _named(by: str | Sequence[str]) -> list[str]:
    names = [by] if isinstance(by, str) else list(by)
    if not names:
        raise UsageError("by 至少要有一列", "by must name a column")
    return names


def _declared(result: HasRecords, declarations: pd.DataFrame | None) -> pd.DataFrame:
    records = getattr(result, "records", None)
    if declarations is None and records is not None:
        declarations = records.table("declarations")
    if declarations is None or declarations.empty:
        raise UsageError("没有自评申报", "nothing was declared")
    declarations = table_of(declarations, *KEYS, "item", "points")
    declarations = declarations.assign(points=floats(declarations["points"], "自评申报", "declarations"))
    titles = {item.title: key for key, item in _items(result).items()}
    named = declarations.assign(item=declarations["item"].astype("object").replace(titles))
    once = named.drop_duplicates([*KEYS, "item", "points"])
    twice = once[once.duplicated([*KEYS, "item"])]
    if len(twice):
        who = "、".join(map(str, twice[[*KEYS, "item"]].iloc[0]))
        raise UsageError(
            f"同一人同一考核期同一项目有几个不同的自评分:{who};留下一个",
            f"a member declared an item of a period at several points: {who}; keep one",
        )
    return once


def _given(result: HasRecords, claimed: pd.DataFrame) -> pd.Series:
    """Return the points of every item that was scored.

    An item of rules in which nothing happened has no line in the ledger: where
    the member was scored that is 0, while a mark nobody gave stays missing.
    """
    ledger = result.ledger
    points = ledger.groupby([*KEYS, "item"], observed=True)["points"].sum().rename("given")
    scored = pd.MultiIndex.from_frame(claimed[KEYS]).isin(pd.MultiIndex.from_frame(ledger[KEYS]))
    priced = [key for key, item in _items(result).items() if isinstance(item, PointsItem)]
    quiet = claimed[scored & claimed["item"].isin(priced)][[*KEYS, "item"]].drop_duplicates()
    return points.combine_first(pd.Series(0.0, index=pd.MultiIndex.from_frame(quiet), name="given"))


def _items(result: HasRecords) -> dict[str, Item]:
    scheme = getattr(result, "scheme", None)
    return {key: item for (_, key), item in scheme.book.items.items()} if scheme is not None else {}


def _gaps(compared: pd.DataFrame, by: list[str], min_n: int) -> pd.DataFrame:
    above = millionths(compared["points"]) > millionths(compared["given"])
    groups = compared.assign(above=above).groupby(by, observed=True, dropna=False)
    rows = groups.agg(
        n=("points", "size"), declared=("points", "mean"), given=("given", "mean"), share_above=("above", "mean")
    )
    rows.insert(3, "gap", rows["declared"] - rows["given"])
    rows["withheld"] = rows["n"] < min_n
    rows["share_above"] = rows["share_above"].mask(rows["withheld"])
    return rows.reset_index()


def survey(surveys: pd.DataFrame, by: str | Sequence[str] = ("period", "group"), *, min_n: int = MIN_N) -> pd.DataFrame:
    """Say how satisfied people are with the scheme itself, with n and interval.

    Parameters
    ----------
    surveys : DataFrame
        ``score``, ``count`` (answers that a row stands for; 1 where the column
        is missing) and the columns of ``by``, such as ``period``, ``branch``,
        ``group`` and ``question``.
    by : str or sequence of str
        What to group by; a blank stays a group of its own.
    min_n : int
        Means of groups with fewer answers are withheld.

    Returns
    -------
    DataFrame
        One row a group: the columns of ``by``, ``n`` (answers), ``rows``,
        ``mean`` (on the questionnaire's own scale), ``low``, ``high`` (95 %
        interval, missing for one row), ``withheld``.

    Raises
    ------
    UsageError
        Where nobody answered, a count is negative, or a column does not exist
        (with the nearest).

    Notes
    -----
    A row may be the mean of many answers, whose spread is not known: rows are
    taken as clusters (Cochran 1977, Sampling Techniques, section 6.4), which for
    single answers is Student's interval.

    Examples
    --------
    >>> answers = pd.DataFrame({"period": "2024", "score": [3.0, 4, 4, 5, 4]})
    >>> survey(answers, by=["period"])[["n", "mean", "low", "high"]].round(2).values.tolist()
    [[5.0, 4.0, 3.12, 4.88]]
    """
    names = _named(by)
    ordered = _answered(table_of(surveys, "score", *names))
    groups = ordered.groupby(names, observed=True, dropna=False)[["score", "count"]]
    rows = pd.DataFrame([dict(zip(names, key, strict=True)) | _estimate(part) for key, part in groups])
    rows["withheld"] = rows["n"] < min_n
    rows[["mean", "low", "high"]] = rows[["mean", "low", "high"]].mask(rows["withheld"])
    return Withheld(min_n).on(rows)


def _answered(surveys: pd.DataFrame) -> pd.DataFrame:
    scores = floats(surveys["score"], "评价", "scores")
    counts = floats(surveys["count"], "人数", "counts").fillna(1) if "count" in surveys else 1.0
    table = surveys.assign(score=scores, count=counts).dropna(subset="score")
    if (table["count"] < 0).any():
        raise UsageError("人数不能为负", "a count cannot be negative")
    found = table[table["count"] > 0]
    if found.empty:
        raise UsageError("没有人作答", "nobody answered")
    return found.sort_values(["score", "count"], kind="stable")  # sums then do not depend on the order of rows


def _estimate(answers: pd.DataFrame) -> dict[str, float]:
    scores, counts = answers["score"].to_numpy("float64"), answers["count"].to_numpy("float64")
    n, k = counts.sum(), len(scores)
    mean = counts @ scores / n
    reach = np.nan
    if k > 1:
        spread = (counts**2) @ (scores - mean) ** 2 * k / (k - 1) / n**2
        reach = stats.t.isf(0.025, k - 1) * np.sqrt(spread)
    return {"n": int(n), "rows": k, "mean": mean, "low": mean - reach, "high": mean + reach}
