"""Wide sheets: a record in each of many columns, whose headers say its day, month, group or item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from jifen_analysis.intake.cells import plain, shown
from jifen_analysis.intake.cells.times import in_digits, read_date, read_month, read_span
from jifen_analysis.intake.grid import Grid, Value, blank
from jifen_analysis.intake.layouts.block import LONG, Spread
from jifen_analysis.intake.layouts.days import DATED
from jifen_analysis.intake.layouts.headers import PERSON, Header, Sum, column_of
from jifen_analysis.intake.layouts.labels import Label, labels, levels
from jifen_analysis.intake.layouts.sums import sum_in
from jifen_analysis.intake.layouts.surroundings import Surroundings, activity_in
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import Vocabulary, spelling

Keys = tuple[tuple[str, Any], ...]
"""What the header of a column says of its records."""

_DAY = re.compile(r"(?P<d>\d{1,2})[日号]?")
_YEAR = re.compile(r"(\d{4})年?度?")
_MONTH = re.compile(r"(?:\d{4}(?:年|[-./]))?\d{1,2}月份?|\d{4}(?:[-./]\d{1,2}|\d{2})")
_BARE_MONTH = re.compile(r"0?[1-9]|1[0-2]")
_BRACKETS = re.compile(r"[(\[【][^)\]】]*[)\]】]")
_GROUP_ENDS = re.compile(r"(?:评议|测评|评价|打分|评分|得分|平均|均分|分数|分值|分|意见|占?\d+%|\(.*?\))+$")
_COUNTED = re.compile(r"(?P<group>.+?)(?P<count>参评人数|评议人数|评议人次|人数)")
_FULL_MARK = re.compile(r"\((?:满分)?\d+(?:分|%)\)$")
_NO_ITEM = re.compile(r"序号|备注|说明|签[名字].*|排名|名次|等[次级]|总评.*|得分率.*")
_FIELDS = {
    "attendance": ("status",),
    "dues": ("due", "paid", "paid_on"),
    "evaluations": ("mark", "count"),
    "marks": ("mark",),
    "declarations": ("points",),
}
"""What may stand in the columns of a wide sheet; the first where the header does not say."""
_ITEMS = ("marks", "declarations")
_SHARE = re.compile(r"占比|比例|比重|百分比|.*率|%|\(%\)")
_PAID_ON = ("日期", "时间")
"""Headers that mean the day of payment only below a month."""


@dataclass(frozen=True)
class _Column:
    """One column of a wide sheet: what its header says, which value stands in it, whether it says so itself."""

    j: int
    keys: Keys
    field: str
    sure: bool


def wide_header(grid: Grid, row: int, around: Surroundings, words: Vocabulary, called: frozenset[str]) -> Header | None:
    """Read a row (with those below it, where they are further levels) as the header of a wide sheet."""
    best: Header | None = None
    for depth in levels(grid, row):
        named = labels(grid, row, depth)
        for table in _FIELDS:
            told = table in called or (table == "attendance" and bool(around.activity))
            found = _as_table(named, table, around, words, told)
            if found and table == "dues" and not told and ("attendance" in called or around.activity):
                found = _without_days(found)
            if found and (best is None or _merit(found) > _merit(best)):
                best = replace(found, row=row, depth=depth)
    return best


def _without_days(header: Header) -> Header:
    """Take months on a sheet of ticks for what they are: days of which only the month is said."""
    spreads = tuple(
        Spread({"status": j}, {"undated": spread.constants})
        for spread in header.spreads
        for j in spread.fields.values()
    )
    return replace(header, table="attendance", spreads=spreads, sums=())


def two_level(grid: Grid, row: int, called: frozenset[str], given: frozenset[str], year: int | None) -> Header | None:
    """Read some rows as the header of a sheet with one record a row, or one for each period in the upper level."""
    depth = next(levels(grid, row))
    if depth == 1:
        return None
    named = labels(grid, row, depth)
    found = [replace(_by_period(named, table, year), row=row, named=table in called, depth=depth) for table in TABLES]
    plausible = [header for header in found if header.plausible]
    return min(plausible, key=lambda header: header.merit(given)) if plausible else None


def _by_period(named: Sequence[Label], table: str, year: int | None) -> Header:
    at: dict[Keys, dict[str, list[int]]] = {}
    for j, label in enumerate(named):
        name = "" if sum_in(label, table) or _is_share(label) else _shared(label[::-1], table)
        if name:
            at.setdefault(_period_keys(label, table, year), {}).setdefault(name, []).append(j)
    columns = {name: places[0] for name, places in at.pop((), {}).items()}
    spreads = tuple(Spread({name: places[0] for name, places in own.items()}, dict(keys)) for keys, own in at.items())
    return Header(table, 0, columns, spreads=spreads or LONG)


def _is_share(label: Label) -> bool:
    return any(isinstance(part, str) and _SHARE.fullmatch(_digits(part)) for part in label)


def _merit(header: Header) -> tuple[int, int, bool]:
    return len(header.spreads) + len(header.columns), header.depth, header.named


def _as_table(
    named: Sequence[Label], table: str, around: Surroundings, words: Vocabulary, called: bool
) -> Header | None:
    columns: dict[str, list[int]] = {}
    spread: list[_Column] = []
    sums: list[Sum] = []
    for j, label in enumerate(_with_months(named) if table == "dues" and called else named):
        own, total = _shared(label, table), sum_in(label, table)
        column = None if own in PERSON or total else _column(j, label, table, around, words)
        if own in PERSON:
            columns.setdefault(own, []).append(j)
        elif total or (own == "status" and not column):  # beside a column a day, 出勤 counts the days
            sums.append(replace(total or Sum(j, own), j=j, field=_field(label, table)))
        elif column:
            spread.append(column)
        elif own:
            columns.setdefault(own, []).append(j)
    spread = list(_sure(spread, table))
    unparted = called and any(total.months for total in sums)
    if not {"member_id", "name"} & set(columns) or not (unparted or _enough(spread, table, called)):
        return None
    spreads = tuple(_spreads(spread, table, "due" in columns or around.due is not None))
    fields = {name for one in spreads for name in (*one.fields, *map(_said_by, one.constants))}
    shared = {name: at[0] for name, at in columns.items() if name not in fields}
    doubled = {name: tuple(at) for name, at in columns.items() if name in PERSON and len(at) > 1}
    return Header(table, 0, shared, doubled, called, spreads, sums=tuple(sums))


def _said_by(key: str) -> str:
    """Return the column that a key of a header stands for."""
    return "date" if key in ("day", "dated", "undated") else key


def _with_months(named: Sequence[Label]) -> list[Label]:
    """Take 1 to 12 for months, on a sheet that says it is of dues."""
    return [
        tuple(f"{_digits(part)}月" if _BARE_MONTH.fullmatch(_digits(part)) else part for part in label)
        for label in named
    ]


def _sure(spread: Sequence[_Column], table: str) -> Iterator[_Column]:
    """Leave out what stands beside a value of the same key under a header of its own, such as a rank."""
    told = {column.keys for column in spread if column.sure and column.field in ("due", "paid", "mark")}
    return (c for c in spread if c.sure or table == "attendance" or c.keys not in told)


def _enough(spread: Sequence[_Column], table: str, called: bool) -> bool:
    if table in _ITEMS and not called:
        return False  # any header could be an item: only a sheet that says so is read like this
    distinct = {column.keys for column in spread}
    dated = any(key in ("date", "dated") for column in spread for key, _ in column.keys)
    return len(distinct) >= (1 if called or (table == "attendance" and dated) else 2)


def _shared(label: Sequence[Value], table: str) -> str:
    return next((found[0] for part in label if (found := column_of(part, table))), "")


# ---------------------------------------------------------------- what a header says


def _column(j: int, label: Label, table: str, around: Surroundings, words: Vocabulary) -> _Column | None:
    if table == "attendance":
        keys = next((keys for part in (_joined(label), *label) if (keys := _day_keys(label, part, words))), ())
        return _Column(j, keys, "status", True) if keys else None
    parts = _split(label, table, words)
    for n, part in reversed(list(enumerate(parts))) if table in _ITEMS else enumerate(parts):
        keys = _keys(part, parts, table, around, words)
        if keys:
            sure = all(blank(below) or _field_of(below, table) for below in parts[n + 1 :])
            more = _period_keys(parts, table, around.year)
            return _Column(j, tuple(dict.fromkeys((*keys, *more))), _field(parts, table), sure)
    return None


def _period_keys(label: Label, table: str, year: int | None) -> Keys:
    """Return the half or quarter that stands over a group or an item."""
    texts = [part for part in label if isinstance(part, str) and not blank(part)] if "period" in TABLES[table] else []
    return next(((("period", period),) for text in texts if (period := read_span(text, year).value)), ())


def _keys(part: Value, label: Label, table: str, around: Surroundings, words: Vocabulary) -> Keys:
    if table in _ITEMS:
        return _item_keys(part, table)
    if table == "evaluations":
        return _group_keys(part, words) or (_period_keys((part,), table, around.year) if around.group else ())
    years = [found[1] for other in label if isinstance(other, str) and (found := _YEAR.fullmatch(_digits(other)))]
    return _month_keys(part, int(years[0]) if years else around.year)


def _field(label: Label, table: str) -> str:
    return next((name for part in reversed(label) if (name := _field_of(part, table))), _FIELDS[table][0])


def _field_of(part: Value, table: str) -> str:
    found = column_of(part, table)
    if found and found[0] in _FIELDS[table]:
        return found[0]
    return "paid_on" if table == "dues" and isinstance(part, str) and spelling(part) in _PAID_ON else ""


def _split(label: Label, table: str, words: Vocabulary) -> Label:
    """Take a header such as 1月应缴 or 党员评议人数 for the two that it is."""
    return tuple(half for part in label for half in _halves(part, table, words))


def _halves(part: Value, table: str, words: Vocabulary) -> tuple[Value, ...]:
    text = _digits(part) if isinstance(part, str) else ""
    if table == "dues" and (month := _MONTH.match(text)) and _field_of(text[month.end() :], table):
        return text[: month.end()], text[month.end() :]
    if table == "evaluations" and (counted := _COUNTED.fullmatch(text)) and _group_keys(counted["group"], words):
        return counted["group"], counted["count"]
    return (part,)


def _digits(part: Value) -> str:
    whole = int(part) if isinstance(part, float) and part.is_integer() else part
    return in_digits(re.sub(r"\s", "", plain(str(whole if whole is not None else ""))))


def _joined(label: Label) -> Value:
    """Return all levels of a header as one text: 3月 over 5 is 3月5."""
    return "".join(map(_digits, label)) if not any(isinstance(part, date) for part in label) else None


def _day_keys(label: Label, part: Value, words: Vocabulary) -> Keys:
    activity = activity_in([str(p) for p in label if isinstance(p, str)], words)
    more: Keys = (("activity", activity),) if activity else ()
    day = read_date(part, None).value
    if day or isinstance(part, date):
        return (("date", day) if day else ("undated", shown(part)), *more)
    text = _digits(part)
    found = DATED.search(text)
    if found and (found["y"] or found["s"] == "月" or found[0] == text):
        return (("dated", found[0]), *more)
    return (("day", int(text.rstrip("日号"))), *more) if _DAY.fullmatch(text) else ()


def _month_keys(part: Value, year: int | None) -> Keys:
    if isinstance(part, date):
        month = read_month(part, None).value
        return (("month", month),) if month else (("undated", shown(part)),)
    text = _BRACKETS.sub("", _digits(part)) if isinstance(part, str) else ""
    if not _MONTH.fullmatch(text):
        return ()
    reading = read_month(text, year)
    return (("month", reading.value),) if reading.value else (("unread", part),)


def _item_keys(part: Value, table: str) -> Keys:
    if not isinstance(part, str) or column_of(part, "members") or column_of(part, table):
        return ()
    text = _FULL_MARK.sub("", plain(part))
    return () if not text or _NO_ITEM.fullmatch(text) else (("item", text),)


def _group_keys(part: Value, words: Vocabulary) -> Keys:
    if not isinstance(part, str):
        return ()
    text = re.sub(r"[\s*]", "", plain(part))
    code = words.code("group", text) or words.code("group", _GROUP_ENDS.sub("", text))
    return (("group", code),) if code else ()


def _spreads(spread: Sequence[_Column], table: str, rated: bool) -> Iterator[Spread]:
    """Gather the columns of the same key to one record; a second value of the same kind begins another.

    Where the dues of a month are stated elsewhere (``rated``), a month's amount is what was paid.
    """
    rated = rated and all(column.field != "paid" for column in spread)
    gathered: dict[tuple[Keys, int], dict[str, int]] = {}
    for column in spread:
        name = "paid" if table == "dues" and column.field == "due" and rated else column.field
        turn = 0
        while name in gathered.get((column.keys, turn), {}):
            turn += 1
        gathered.setdefault((column.keys, turn), {})[name] = column.j
    for (keys, _), fields in gathered.items():
        yield Spread(fields, dict(keys))
