"""Wide sheets: a record in each of many columns, whose headers say its day, month or group."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import plain, shown
from jifen_analysis.intake.cells.times import read_date, read_month
from jifen_analysis.intake.grid import Grid, Value, blank
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.body import is_total
from jifen_analysis.intake.layouts.headers import PERSON, Header, column_of
from jifen_analysis.intake.layouts.surroundings import Surroundings, activity_in
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary

Label = tuple[Value, Value]
"""The upper and the lower header of a column; the lower is blank where there is one level."""
Keys = tuple[tuple[str, Any], ...]
"""What the header of a column says of its records."""

_WEEKDAY = re.compile(r"(?:星期|周|礼拜)?[一二三四五六日天]")
_DATED = re.compile(r"(?:(?P<y>\d{4})[年./-])?(?P<m>\d{1,2})(?P<s>[月./-])(?P<d>\d{1,2})[日号]?")
_DAY = re.compile(r"(?P<d>\d{1,2})[日号]?")
_MONTH = re.compile(r"(?:\d{4}(?:年|[-./]))?\d{1,2}月份?|\d{4}[-./]?\d{2}")
_GROUP_ENDS = re.compile(r"(?:评议|测评|评价|打分|评分|得分|平均|均分|分数|分值|分|意见|占?\d+%|\(.*?\))+$")
_NO_ITEM = re.compile(r"序号|备注|说明|签[名字].*|排名|名次|等[次级]|总分.*|总得分|总评.*|得分率.*")
_FIELDS = {"attendance": "status", "dues": "due", "evaluations": "mark", "marks": "mark"}


@dataclass(frozen=True)
class _Column:
    """One column of a wide sheet: what its header says, and which value stands in it."""

    j: int
    keys: Keys
    field: str


@dataclass(frozen=True)
class Doubt:
    """A header that cannot be read, or names a day that does not exist."""

    row: int
    j: int
    code: str
    text: Text


def wide_header(grid: Grid, row: int, around: Surroundings, words: Vocabulary, called: frozenset[str]) -> Header | None:
    """Read a row (with the one below it, where that is a second level) as the header of a wide sheet."""
    best: Header | None = None
    for depth in (2, 1):
        if depth == 2 and not _second_level(grid, row):
            continue
        labels = _labels(grid, row, depth)
        for table in _FIELDS:
            found = _as_table(labels, row, depth, table, around, words, table in called)
            if found and (best is None or _merit(found) > _merit(best)):
                best = found
    return best


def two_level(grid: Grid, row: int, called: frozenset[str], given: frozenset[str]) -> Header | None:
    """Read two rows as the header of a sheet with one record a row."""
    if not _second_level(grid, row):
        return None
    labels = _labels(grid, row, 2)
    found = []
    for table in TABLES:
        columns: dict[str, int] = {}
        for j, (upper, lower) in enumerate(labels):
            name = _shared((lower, upper), table)
            if name:
                columns.setdefault(name, j)
        found.append(Header(table, row, columns, named=table in called, depth=2))
    plausible = [header for header in found if header.plausible]
    return min(plausible, key=lambda header: header.merit(given)) if plausible else None


def _merit(header: Header) -> tuple[int, int, bool]:
    return len(header.spreads) + len(header.columns), header.depth, header.named


def _second_level(grid: Grid, row: int) -> bool:
    if row + 1 >= grid.height:
        return False
    upper, lower = grid.row(row), grid.row(row + 1)
    persons = [j for j, value in enumerate(upper) if (column_of(value, "dues") or ("",))[0] in PERSON]
    filled = [value for value in lower if not blank(value)]
    return len(filled) >= 2 and all(blank(lower[j]) for j in persons) and not all(map(_is_number, filled))


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _labels(grid: Grid, row: int, depth: int) -> list[Label]:
    upper = list(grid.row(row))
    if depth == 1:
        return [(value, None) for value in upper]
    lower = grid.row(row + 1)
    spans = [m for m in grid.merges if m.top <= grid.row_numbers[row] <= m.bottom and m.right > m.left]
    for j in range(1, len(upper)):
        number = grid.column_numbers[j]
        merged = any(m.left < number <= m.right for m in spans)
        if blank(upper[j]) and not blank(lower[j]) and (merged or not spans):
            upper[j] = upper[j - 1]
    return list(zip(upper, lower, strict=True))


def weekday_row(grid: Grid, row: int) -> bool:
    """Return whether a row says the days of the week below a header."""
    filled = [value for value in grid.row(row) if not blank(value)] if row < grid.height else []
    return len(filled) >= 3 and all(isinstance(v, str) and _WEEKDAY.fullmatch(plain(v)) for v in filled)


def _as_table(
    labels: Sequence[Label], row: int, depth: int, table: str, around: Surroundings, words: Vocabulary, named: bool
) -> Header | None:
    columns: dict[str, int] = {}
    spread: list[_Column] = []
    for j, label in enumerate(labels):
        own = _shared(label, table)
        keys = () if own in PERSON else _keys(label, table, around, words)
        if keys:
            spread.append(_Column(j, keys, _field(label, table)))
        elif own and own not in columns:
            columns[own] = j
    if not {"member_id", "name"} & set(columns) or not _enough(spread, table, named):
        return None
    return Header(table, row, columns, named=named, spreads=tuple(_spreads(spread, table, columns)), depth=depth)


def _enough(spread: Sequence[_Column], table: str, named: bool) -> bool:
    if table == "marks" and not named:
        return False  # any header could be an item: only a sheet that says so is read like this
    distinct = {column.keys for column in spread}
    dated = any(key in ("date", "dated") for column in spread for key, _ in column.keys)
    return len(distinct) >= (1 if named or (table == "attendance" and dated) else 2)


def _shared(label: Label, table: str) -> str:
    found = column_of(label[0], table) or column_of(label[1], table)
    return found[0] if found else ""


def _field(label: Label, table: str) -> str:
    for part in reversed(label):
        found = column_of(part, table)
        if found and found[0] not in PERSON:
            return found[0]
    return _FIELDS[table]


def _keys(label: Label, table: str, around: Surroundings, words: Vocabulary) -> Keys:
    if table == "marks":
        return next((keys for part in reversed(label) if (keys := _item_keys(part))), ())
    for part in label:
        if table == "attendance":
            keys = _day_keys(label, part, words)
        elif table == "dues":
            keys = _month_keys(part, around.year)
        else:
            keys = _group_keys(part, words)
        if keys:
            return keys
    return ()


def _day_keys(label: Label, part: Value, words: Vocabulary) -> Keys:
    activity = activity_in([str(p) for p in label if isinstance(p, str)], words)
    more: Keys = (("activity", activity),) if activity else ()
    day = read_date(part, None).value
    if day or isinstance(part, date):
        return (("date", day) if day else ("undated", shown(part)), *more)
    text = re.sub(r"\s", "", plain(str(int(part) if isinstance(part, float) and part.is_integer() else part or "")))
    found = _DATED.search(text)
    if found and (found["y"] or found["s"] == "月" or found[0] == text):
        return (("dated", found[0]), *more)
    return (("day", int(text.rstrip("日号"))), *more) if _DAY.fullmatch(text) and int(text.rstrip("日号")) <= 31 else ()


def _month_keys(part: Value, year: int | None) -> Keys:
    if isinstance(part, date):
        month = read_month(part, None).value
        return (("month", month),) if month else (("undated", shown(part)),)
    if not isinstance(part, str) or not _MONTH.fullmatch(re.sub(r"\s", "", plain(part))):
        return ()
    reading = read_month(part, year)
    return (("month", reading.value),) if reading.value else (("unread", part),)


def _item_keys(part: Value) -> Keys:
    if not isinstance(part, str) or column_of(part, "members") or column_of(part, "marks"):
        return ()
    text = plain(part)
    return () if not text or is_total(text) or _NO_ITEM.fullmatch(text) else (("item", text),)


def _group_keys(part: Value, words: Vocabulary) -> Keys:
    if not isinstance(part, str):
        return ()
    text = re.sub(r"[\s*]", "", plain(part))
    code = words.code("group", text) or words.code("group", _GROUP_ENDS.sub("", text))
    return (("group", code),) if code else ()


def _spreads(spread: Sequence[_Column], table: str, columns: Mapping[str, int]) -> Iterator[Spread]:
    """Gather the columns of the same key to one record; a second value of the same kind begins another."""
    gathered: dict[tuple[Keys, int], dict[str, int]] = {}
    for column in spread:
        name = "paid" if table == "dues" and column.field == "due" and "due" in columns else column.field
        turn = 0
        while name in gathered.get((column.keys, turn), {}):
            turn += 1
        gathered.setdefault((column.keys, turn), {})[name] = column.j
    for (keys, _), fields in gathered.items():
        yield Spread(fields, dict(keys))


# ---------------------------------------------------------------- days


def dated(header: Header, around: Surroundings) -> tuple[Header, tuple[Doubt, ...]]:
    """Give the columns of an attendance sheet their dates; what is no day becomes a doubt."""
    spreads, doubts = [], []
    for spread in header.spreads:
        j = min(spread.fields.values(), default=0)
        found = _date(spread.constants, around)
        if isinstance(found, Text):
            doubts.append(Doubt(header.row, j, *_named(found)))
        elif found:
            rest = {k: v for k, v in spread.constants.items() if k not in ("dated", "day", "date")}
            spreads.append(Spread(spread.fields, {**rest, "date": found}))
        else:
            spreads.append(spread)
    return header.with_spreads(tuple(spreads)), tuple(doubts)


_UNKNOWN_YEAR = Text(
    "表头的日期没有年份或月份,表题、表名里也没有;请写全日期,或用 --year 指明年份",
    "the day in the header has no year or month, nor has the title or the sheet name; write it or give --year",
)
_NO_DAY = Text("表头的这一天不存在,请核对", "the header names a day that does not exist")
_UNCLEAR = Text(
    "表头不是明确的日期;请写 2024-03-05 或 3月5日", "the header is no unmistakable date; write 2024-03-05 or 3月5日"
)
_CODES = {_UNKNOWN_YEAR: "year_unknown", _NO_DAY: "no_such_day", _UNCLEAR: "bad_date"}


def _named(text: Text) -> tuple[str, Text]:
    return _CODES[text], text


def _date(said: Mapping[str, Any], around: Surroundings) -> date | Text | None:
    if "date" in said:
        day: date = said["date"]
        return day
    if "undated" in said:
        return _UNCLEAR
    if "unread" in said:
        return _UNKNOWN_YEAR
    if "day" in said:
        return _made(around.year, around.month, said["day"])
    if "dated" not in said:
        return None
    found = _DATED.fullmatch(said["dated"])
    if found is None or (found["y"] is None and found["s"] != "月"):
        return _UNCLEAR
    return _made(int(found["y"]) if found["y"] else around.year, int(found["m"]), int(found["d"]))


def _made(year: int | None, month: int | None, day: int) -> date | Text:
    if year is None or month is None:
        return _UNKNOWN_YEAR
    try:
        return date(year, month, day)
    except ValueError:
        return _NO_DAY
