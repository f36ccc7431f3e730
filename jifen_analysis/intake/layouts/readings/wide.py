"""What all wide layouts share: a record in each of many columns, whose headers say what its records are of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from jifen_analysis.intake.cells.lexicon import MEANS, SHARES, SUMS
from jifen_analysis.intake.cells.reading import unspaced
from jifen_analysis.intake.cells.times import in_digits, read_span
from jifen_analysis.intake.grid import Grid, Value, is_blank
from jifen_analysis.intake.layouts.block import LONG, Spread
from jifen_analysis.intake.layouts.headers import Header, Sum
from jifen_analysis.intake.layouts.labels import Label, labels, levels
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.spellings import PERSON, asks_for_card, column_of
from jifen_analysis.intake.layouts.totals import sum_in
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import spelling

Keys = tuple[tuple[str, Any], ...]
"""What the header of a column says of its records."""


@dataclass(frozen=True)
class WideColumn:
    """One column of a wide sheet: what its header says, which value stands in it, whether it says so itself."""

    j: int
    keys: Keys
    field: str
    sure: bool = True


def enough_distinct(spread: Sequence[WideColumn], called: bool) -> bool:
    """Return whether headers name different things, or one over several values or on a sheet that is called so."""
    several = called or len({column.field for column in spread}) > 1
    return len({column.keys for column in spread}) >= (1 if several else 2)


@dataclass(frozen=True)
class Kind:
    """One kind of wide sheet."""

    table: str  # the table of its records
    column: Callable[[int, Label, Scene], WideColumn | None]  # reads the header of one column
    fields: tuple[str, ...]  # the values that may stand in a column, first the one of headers that do not say which
    # returns whether the columns found, on a sheet that is or is not called so, make such a sheet; by default two
    # that differ do, of one that is called so one
    enough: Callable[[Sequence[WideColumn], bool], bool] = enough_distinct
    beside: frozenset[str] = frozenset()  # columns of the table that sum up the others where they stand beside them
    # returns whether the dues of a month are stated elsewhere, given the other columns
    rated: Callable[[Scene, frozenset[str]], bool] = lambda *_: False
    # spelling to value, for headers that mean one only on such a sheet
    more: Mapping[str, str] = field(default_factory=dict)

    def field(self, label: Label) -> str:
        """Return which value the header of a column speaks of, the usual one where it does not say."""
        return self.field_of(label) or self.fields[0]

    def field_of(self, label: Label) -> str:
        """Return which value a header speaks of, from its lowest level up; blank where of none."""
        return next((name for part in reversed(label) if (name := self._named(part))), "")

    def _named(self, part: Value) -> str:
        name = column_of(part, self.table)
        return name if name in self.fields else self.more.get(spelling(part), "") if isinstance(part, str) else ""


def read_wide(grid: Grid, row: int, scene: Scene, kind: Kind, called: bool) -> Header | None:
    """Read a row, with those below it where they are further levels, as the header of a wide sheet."""
    best: Header | None = None
    for depth in levels(grid, row):
        found = _read(labels(grid, row, depth), scene, kind, called)
        if found and (best is None or _extent(found) > _extent(best)):
            best = replace(found, row=row, depth=depth)
    return best


def says_number(grid: Grid, row: int) -> bool:
    """Return whether a header in a row, or a level below it, may say a day or a month: a number, or a word for one."""
    rows = grid.rows(row, row + next(levels(grid, row)))
    return any(not isinstance(part, str) or _NUMBER.search(part) for line in rows for part in line if part is not None)


_NUMBER = re.compile(r"[\d元一二三四五六七八九十]|[A-Za-z]{3}|[上下全]半?年")


def _extent(header: Header) -> int:
    return len(header.spreads) + len(header.columns)


def _read(named: Sequence[Label], scene: Scene, kind: Kind, called: bool) -> Header | None:
    columns: dict[str, list[int]] = {}
    spread: list[WideColumn] = []
    sums: list[Sum] = []
    means: list[WideColumn] = []
    for j, label in enumerate(named):
        own, total = shared_column(label, kind.table), sum_in(label, kind.table)
        column = None if own in PERSON or (total and not _MEAN.search(total.label)) else kind.column(j, label, scene)
        if column and total:
            means, column = [*means, column], None
        if own not in PERSON and (total or (own in kind.beside and not column)):
            sums.append(replace(total or Sum(j, own), j=j, field=kind.field(tuple(map(_summed, label)))))
        elif column:
            spread.append(column)
        elif own:
            columns.setdefault(own, []).append(j)
    if len(columns.get("member_id", ())) > 1:
        columns["member_id"] = [j for j in columns["member_id"] if not asks_for_card(named[j])] or columns["member_id"]
    alone = _means_alone(means, spread)
    sums = [total for total in sums if total.j not in {column.j for column in alone}]
    spread = list(_sure([*spread, *alone, *_followers(columns, spread)]))
    unparted = called and "month" not in columns and any(total.months for total in sums)
    if not {"member_id", "name"} & set(columns) or not (unparted or kind.enough(spread, called)):
        return None
    spreads = tuple(gather_columns(spread, rated=kind.rated(scene, frozenset(columns))))
    fields = {name for one in spreads for name in (*one.fields, *map(_said_by, one.constants))}
    kept = {name: at[0] for name, at in columns.items() if name not in fields}
    doubled = {name: tuple(at) for name, at in columns.items() if len(at) > 1 and (name in PERSON or name in kept)}
    return Header(kind.table, 0, kept, doubled, called, spreads, sums=tuple(sums))


def _means_alone(means: Sequence[WideColumn], spread: Sequence[WideColumn]) -> list[WideColumn]:
    """Return the means of groups of whose evaluators no other column tells: each is the mark of its group."""
    groups = [dict(column.keys).get("group") for column in (*spread, *means) if column.field == "mark"]
    return [one for one in means if (group := dict(one.keys).get("group")) and groups.count(group) == 1]


_MEAN = re.compile(f"^(?!.*(?:综合|加权)).*(?:{MEANS})")


def _summed(part: Value) -> Value:
    """Return what is summed up: 实缴 of 实缴合计."""
    return re.sub(SUMS, "", part) if isinstance(part, str) else part


def _followers(columns: dict[str, list[int]], spread: Sequence[WideColumn]) -> Iterator[WideColumn]:
    """Take columns of one header that stand one behind each month, day or group for what more is said of it."""
    keyed = sorted((column.j, column.keys) for column in spread)
    for name in [name for name, at in columns.items() if name not in PERSON and len(at) > 1]:
        before = [max((one for one in keyed if one[0] < j), default=(-1, ())) for j in columns[name]]
        if len({keys for _, keys in before if keys}) == len(before) == len({keys for _, keys in keyed}):
            yield from (WideColumn(j, keys, name) for j, (_, keys) in zip(columns.pop(name), before, strict=True))


def _said_by(key: str) -> str:
    """Return the column that a key of a header stands for."""
    return "date" if key in ("day", "dated", "undated") else key


def _sure(spread: Sequence[WideColumn]) -> Iterator[WideColumn]:
    """Leave out what stands beside a value of the same key under a header of its own, such as a rank."""
    told = {column.keys for column in spread if column.sure and column.field in ("due", "paid", "mark")}
    return (column for column in spread if column.sure or column.keys not in told)


def gather_columns(spread: Sequence[WideColumn], *, rated: bool = False) -> Iterator[Spread]:
    """Gather the columns of the same key to one record; a second value of the same kind begins another.

    Where the dues of a month are stated elsewhere (``rated``), a month's amount is what was paid.
    """
    rated = rated and all(column.field != "paid" for column in spread)
    found: dict[tuple[Keys, int], dict[str, int]] = {}
    for column in spread:
        name = "paid" if column.field == "due" and rated else column.field
        turn = 0
        while name in found.get((column.keys, turn), {}):
            turn += 1
        found.setdefault((column.keys, turn), {})[name] = column.j
    return (Spread(fields, dict(keys)) for (keys, _), fields in found.items())


# ---------------------------------------------------------------- what a header says


def shared_column(label: Sequence[Value], table: str) -> str:
    """Return the column of the table that one level of a header names; whose row it is before all others."""
    named = [found for part in label if (found := column_of(part, table))]
    return next((name for name in named if name in PERSON), named[0] if named else "")


def said_below(parts: Label, n: int, field_of: Callable[[Label], str]) -> bool:
    """Return whether every level below one says nothing, or which value stands in the column."""
    return all(is_blank(below) or field_of((below,)) for below in parts[n + 1 :])


def period_keys(label: Label, table: str, year: int | None) -> Keys:
    """Return the half or quarter that stands over a group or an item."""
    texts = [part for part in label if isinstance(part, str) and not is_blank(part) and "period" in TABLES[table]]
    return next(((("period", period),) for text in texts if (period := read_span(text, year).value)), ())


def digits(part: Value) -> str:
    """Return a header without spaces, its numbers in digits."""
    if part is None:
        return ""
    return _in_digits(str(int(part) if isinstance(part, float) and part.is_integer() else part))


@lru_cache(maxsize=1 << 14)
def _in_digits(text: str) -> str:
    return in_digits(unspaced(text))


# ---------------------------------------------------------------- a record for each period


_SHARE = re.compile(rf"{SHARES}|.*率|%|\(%\)")


def a_column_a_period(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read some rows as a header whose upper level says halves or quarters, or nothing that a record needs."""
    depth = next(levels(grid, row))
    if depth == 1:
        return None
    named = labels(grid, row, depth)
    found = [
        replace(_by_period(named, table, scene.around.year), row=row, named=table in scene.called, depth=depth)
        for table in TABLES
    ]
    plausible = [header for header in found if header.plausible]
    return min(plausible, key=lambda header: header.merit(scene.given)) if plausible else None


def _by_period(named: Sequence[Label], table: str, year: int | None) -> Header:
    at: dict[Keys, dict[str, list[int]]] = {}
    for j, label in enumerate(named):
        name = "" if sum_in(label, table) or _is_share(label) else shared_column(label[::-1], table)
        if name:
            keys = () if name in PERSON else period_keys(label, table, year)
            at.setdefault(keys, {}).setdefault(name, []).append(j)
    columns = {name: places[0] for name, places in at.pop((), {}).items()}
    spreads = tuple(Spread({name: places[0] for name, places in own.items()}, dict(keys)) for keys, own in at.items())
    return Header(table, 0, columns, spreads=spreads or LONG)


def _is_share(label: Label) -> bool:
    return any(isinstance(part, str) and _SHARE.fullmatch(digits(part)) for part in label)
