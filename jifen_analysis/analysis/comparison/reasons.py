"""Exactly why a member, or everyone, stands differently: the ledgers' difference, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jifen_analysis.analysis.comparison.years import over
from jifen_analysis.analysis.inputs import KEYS, HasLedger, part_of, require, scheme_of, table_of
from jifen_analysis.periods import Period
from jifen_analysis.schemes.model import Item, MarkedItem, PointsItem, RuleBook, item_marks
from jifen_analysis.schemes.scheme import Scheme
from jifen_analysis.summaries import Why

PIECE = ["component", "item", "rule"]
RECORDS = [*KEYS, "total_before", "total_after", "grade_before", "grade_after", "part", "difference", "clause"]
FULL = "full_marks"
"""The piece that holds what a scheme pays where nothing is lost."""
_OF_ALL = {FULL: "满分", "": "总分归零或更正"}
"""What pieces are called that belong to no component."""


def why(a: HasLedger, b: HasLedger, member_id: str, period: str) -> pd.DataFrame:
    """Take a member's difference between two results apart, exactly.

    Readings of a scheme are held against each other piece by piece. Two
    schemes divide the same hundred points otherwise: of them what each takes
    from its full marks is compared, and what it adds to them, and a piece is
    only held against another of the same name.

    Parameters
    ----------
    a, b : Assessment
        Two schemes, readings, or records under one scheme.
    member_id, period : str
        Whose difference, and when: a period that both score, or a year; a result
        of shorter periods is then put together, as its scheme totals years.

    Returns
    -------
    DataFrame
        One row for each ``part`` (component.item.rule, as in the scheme file) of
        either: ``title`` (in the words of the scheme that has it), ``side``
        (``a`` or ``b`` where only one has it), ``component``, ``item``, ``rule``,
        ``a``, ``b``, ``difference`` (points of the total, b - a), ``clause``; the
        largest difference first. Between two schemes ``a`` and ``b`` are points
        from full marks, and the part ``full_marks`` holds these. The differences
        sum to the gap of the totals to 1e-9. ``attrs``: ``summaries.Why``.

    Raises
    ------
    UsageError
        Where the member or the period is not in one of them (with the nearest).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"member_id": ["1"], "period": ["2024"], "total": [9.0], "grade": ["合格"]})
    >>> line = {"member_id": "1", "period": "2024", "component": "daily", "item": "dues", "rule": "late"}
    >>> ledger = pd.DataFrame([line | {"contribution": 9.0, "clause": "三"}])
    >>> one = SimpleNamespace(table=table, ledger=ledger)
    >>> other = SimpleNamespace(table=table.assign(total=7.0), ledger=ledger.assign(contribution=7.0))
    >>> why(one, other, "1", "2024")[["part", "difference"]].values.tolist()
    [['daily.dues.late', -2.0]]
    """
    who, when = str(member_id), str(period)
    both = [over(result, when) for result in (a, b)]
    rows = [_row_of(result, who, when) for result in both]
    across = _differ_in_scheme(a, b)
    sides = (
        [below_full(result, who, when) for result in (a, b)]
        if across
        else [_lines_of(part_of(result, "ledger"), who, when) for result in both]
    )
    table = _differences(*(_titled(lines, result) for lines, result in zip(sides, (a, b), strict=True)))
    table = table.reset_index().drop(columns=KEYS)
    table.insert(0, "part", _dotted(table))
    largest_first = table["difference"].abs().sort_values(ascending=False, kind="stable").index
    table = table.loc[largest_first].reset_index(drop=True)
    total_a, total_b = (float(row["total"]) for row in rows)
    grade_a, grade_b = (row["grade"] for row in rows)
    return Why(total_b - total_a, member_id, period, total_a, total_b, grade_a, grade_b, across).on(table)


def _scheme(result: object) -> Scheme | None:
    found = getattr(result, "scheme", None)
    return found if isinstance(found, Scheme) else None


def _differ_in_scheme(a: object, b: object) -> bool:
    """Return whether two results are of two schemes, not of two readings of one."""
    one, other = _scheme(a), _scheme(b)
    return one is not None and other is not None and one.id != other.id


def _titled(lines: pd.DataFrame, result: object) -> pd.DataFrame:
    """Say beside each line what its scheme calls it."""
    scheme = _scheme(result)
    known: Mapping[tuple[str, ...], tuple[str, ...]] = titles(scheme.book) if scheme is not None else {}
    filled = lines.assign(**{key: lines[key].astype("object").fillna("") for key in [*PIECE, "clause"]})
    return filled.assign(title=[_called(piece, known) for piece in filled[PIECE].itertuples(index=False, name=None)])


def _called(piece: tuple[str, ...], known: Mapping[tuple[str, ...], tuple[str, ...]]) -> str:
    if not piece[0]:
        return _OF_ALL.get(piece[2], piece[2])
    steps = tuple(step for step in piece if step)
    return "·".join(dict.fromkeys(known.get(steps, steps)))


def _row_of(result: HasLedger, member_id: str, period: str) -> pd.Series:
    table = table_of(result, *KEYS, "total", "grade")
    require(period, table["period"].unique(), "考核期", "period")
    there = table[table["period"] == period]
    require(member_id, there["member_id"], "人员", "member")
    return there[there["member_id"] == member_id].iloc[0]


def _lines_of(ledger: pd.DataFrame, member_id: str, period: str) -> pd.DataFrame:
    return ledger[(ledger["member_id"] == member_id) & (ledger["period"] == period)]


def _contributions(lines: pd.DataFrame) -> pd.DataFrame:
    """Sum the ledger's contributions by member, period, component, item and rule, and by what these are called."""
    pieces = lines.groupby([*KEYS, *PIECE, "title"], observed=True)
    return pd.DataFrame({"contribution": pieces["contribution"].sum(), "clause": pieces["clause"].first()})


def _differences(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Return what each piece of two ledgers contributes, on which side it stands alone, and the difference b - a."""
    pieces = pd.concat({"a": _contributions(a), "b": _contributions(b)}, axis=1)
    points = pieces.xs("contribution", axis=1, level=1).fillna(0.0)
    clauses = pieces.xs("clause", axis=1, level=1).fillna("")
    clause = clauses["a"].where(clauses["a"] != "", clauses["b"])
    absent = pieces["a", "contribution"].isna().to_numpy(), pieces["b", "contribution"].isna().to_numpy()
    side = np.select([absent[1], absent[0]], ["a", "b"], "")
    return points.assign(difference=points["b"] - points["a"], clause=clause, side=side)


def _dotted(table: pd.DataFrame) -> list[str]:
    return [".".join(name for name in piece if name) for piece in table[PIECE].itertuples(index=False)]


def records(before: HasLedger, after: HasLedger) -> pd.DataFrame:
    """Say which totals and grades changed or corrected records moved, and by which part.

    Parameters
    ----------
    before, after : Assessment
        Of the records before and after, under one scheme.

    Returns
    -------
    DataFrame
        One row for each member, period and ``part`` of the ledger that differs:
        ``total_before``, ``total_after``, ``grade_before``, ``grade_after``,
        ``part``, ``difference`` (points of the total), ``clause``. A grade that
        moved without any part (a quota, a decision) has one row with an empty
        part; a member or period that is only on one side has the other missing.

    Raises
    ------
    UsageError
        Where nothing was assessed.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"member_id": ["1"], "period": ["2024"], "total": [9.0], "grade": ["合格"]})
    >>> line = {"member_id": "1", "period": "2024", "component": "daily", "item": "dues", "rule": "late"}
    >>> one = SimpleNamespace(table=table, ledger=pd.DataFrame([line | {"contribution": 9.0, "clause": "三"}]))
    >>> records(one, one).empty
    True
    """
    sides = {"before": before, "after": after}
    tables = {side: table_of(result, *KEYS, "total", "grade").set_index(KEYS) for side, result in sides.items()}
    standing = pd.concat([table[["total", "grade"]].add_suffix(f"_{side}") for side, table in tables.items()], axis=1)
    ledgers = [_titled(part_of(result, "ledger"), None) for result in (before, after)]
    pieces = _differences(*ledgers)
    parts = pieces[pieces["difference"] != 0].reset_index([*PIECE, "title"])
    parts = parts.assign(part=_dotted(parts))[["part", "difference", "clause"]]
    moved = _differ(standing, "total") | _differ(standing, "grade")
    unexplained = standing[moved & ~standing.index.isin(parts.index)].index
    rest = pd.DataFrame({"part": "", "difference": 0.0, "clause": ""}, index=unexplained)
    found = pd.concat([parts, rest] if len(rest) else [parts])
    return found.join(standing).sort_index(kind="stable").reset_index()[RECORDS]


def _differ(standing: pd.DataFrame, column: str) -> pd.Series:
    old, new = (standing[f"{column}_{side}"].astype("object") for side in ("before", "after"))
    return (old != new) & ~(old.isna() & new.isna())


# ---------------------------------------------------------------- what a scheme calls its parts


Path = tuple[str, ...]

_MARK = "打分"
"""The line of an item that an assessor marks; it follows no rule of the file."""


def titles(book: RuleBook) -> Mapping[Path, Path]:
    """Return the titles on the way to every component, item and rule, an id where there is no title.

    Examples
    --------
    >>> from jifen_analysis.schemes.scheme import read_scheme
    >>> titles(read_scheme("community_60_40").book)["daily", "dues", "late"]
    ('日常考核', '缴纳党费', '延期缴纳党费')
    """
    return dict(_titles(book))


def _titles(book: RuleBook) -> Iterator[tuple[Path, Path]]:
    for name, component in book.components.items():
        whole = (component.title or name,)
        yield (name,), whole
        for key, item in component.items.items():
            own = (*whole, item.title or key)
            yield (name, key), own
            yield from (((name, key, rule), (*own, title)) for rule, title in _of_rules(item))


def _of_rules(item: Item) -> Iterator[tuple[str, str]]:
    if isinstance(item, MarkedItem):
        yield "mark", _MARK
    yield from ((name, rule.title or name) for name, rule in item.parts.items())


# ---------------------------------------------------------------- full marks


@dataclass(frozen=True)
class Own:
    """One member's part of a result, as far as years are put together from it."""

    table: pd.DataFrame
    years: pd.DataFrame
    ledger: pd.DataFrame
    scheme: Scheme


def below_full(result: HasLedger, member_id: str, period: str) -> pd.DataFrame:
    """Return a member's lines, each item's full marks taken out of it and gathered in a piece of their own.

    What an item pays at the start is its full mark; of one that is marked,
    evaluated or voted on it is the best that can be given. What can only be
    won, such as a bonus, has none.

    Parameters
    ----------
    result : Assessment
        With its scheme.
    member_id, period : str
        Whose lines, and in which period or year.

    Returns
    -------
    DataFrame
        Lines as in the ledger; their contributions still add up to the total.
    """
    mine = {name: _of(part_of(result, name), member_id) for name in ("table", "years", "ledger")}
    ledger = _below_full(mine["ledger"], mine["table"], scheme_of(result))
    put_together = over(Own(mine["table"], mine["years"], ledger, scheme_of(result)), period)
    lines = put_together.ledger
    return lines[lines["period"] == period]


def _of(frame: pd.DataFrame, member_id: str) -> pd.DataFrame:
    return frame[frame["member_id"] == member_id]


def _below_full(ledger: pd.DataFrame, table: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    text = ["component", "item", "rule", "kind", "clause"]
    lines = ledger.astype(dict.fromkeys(text, "object"))
    started = lines["kind"] == "start"
    own = lines[~started].copy()
    best = pd.DataFrame(_best(own, table, scheme), columns=[*KEYS, "component", "item", "contribution"])
    given = pd.MultiIndex.from_frame(own[["component", "item"]]).isin(
        pd.MultiIndex.from_frame(best[["component", "item"]])
    )
    own.loc[given, "rule"] = ""
    gathered = pd.concat([lines.loc[started, [*KEYS, "contribution"]], best[[*KEYS, "contribution"]]])
    full = gathered.assign(component="", item="", rule=FULL, clause="")
    lost = best.assign(contribution=-best["contribution"], rule="", clause="")
    return pd.concat([part for part in (own, lost, full) if len(part)], ignore_index=True)


def _best(lines: pd.DataFrame, table: pd.DataFrame, scheme: Scheme) -> Iterator[tuple[str, str, str, str, float]]:
    """Yield what each item that others give would pay at its best, period by period."""
    category = dict(zip(table["period"], table["category"], strict=True))
    pieces = lines[[*KEYS, "component", "item"]].drop_duplicates()
    for member, period, component, key in pieces.itertuples(index=False, name=None):
        book = scheme.on(Period.parse(str(period)).first_day).book
        item = book.items.get((component, key))
        if item is not None and not isinstance(item, PointsItem):
            best = float(item_marks(item, book.period, str(category.get(period))))
            yield member, period, component, key, book.components[component].weight * best
