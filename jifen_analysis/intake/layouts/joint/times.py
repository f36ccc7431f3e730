"""The year, the half, the quarter and the month of a row: they beat title and file; days over a turn of years."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

from jifen_analysis.errors import Text
from jifen_analysis.intake.cells import display_raw, is_nothing, plain
from jifen_analysis.intake.cells.times import YEAR, in_digits, read_date, read_month
from jifen_analysis.intake.grid import Value, grouped
from jifen_analysis.intake.layouts.block import Spread
from jifen_analysis.intake.layouts.headers import parts_at
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.spellings import part_of
from jifen_analysis.intake.layouts.year_turns import HALF_A_YEAR, of_one_year, turned_year

_YEAR = re.compile(rf"({YEAR})(?:\.0)?年?度?")
_MONTH = re.compile(r"(\d{1,2})(?:\.0)?月?份?")
_HALVES = {"上": "上半年", "下": "下半年", "1": "上半年", "2": "下半年", "H1": "上半年", "H2": "下半年"}


def with_times(piece: Piece) -> Piece:
    """Put the time that a row says in parts together in one column."""
    columns = piece.header.columns
    name = next((name for name in ("date", "period", "month") if name in columns), "")
    if not name or piece.header.table == "members":
        return piece
    row = piece.header.row
    beside = {part_of(piece.grid.columns[j][row]): j for j in piece.header.beside}
    parts = {**beside, **parts_at(piece.grid, row, piece.header)}
    own = part_of(piece.grid.columns[columns[name]][row])
    parts = {part: j for part, j in parts.items() if part}
    if not parts and own != "year" and (name, own) != ("month", "quarter"):
        taken = {"period": _year_taken, "date": _month_taken}.get(name)
        return taken(piece, columns[name]) if taken else piece
    joined = {i: _joined(piece, i, own, {**parts, **({own: columns[name]} if own else {})}, name) for i in piece.body}
    changes = {i: value for i, value in joined.items() if value is not None}
    told = _said_together(piece, [columns[name], *parts.values()], changes)
    told = _unclear(told, parts, columns[name])
    return told.put(columns[name], changes).reading(*parts.values())


def with_sign_times(piece: Piece) -> Piece:
    """Take whole days in the column of the times at which people signed for the day, where nothing else says it."""
    header, day = piece.header, piece.scene.around.day
    if any(one.constants for one in header.spreads):
        return piece
    if "date" in header.columns or day:
        return _signed_later(piece, day)
    places = [j for j in piece.unread() if _SIGNED_AT.fullmatch(piece.head(j)) and piece.filled(j)]
    days = {i: read_date(value, None).value for j in places[:1] for i, value in piece.filled(j)}
    if len(places) != 1 or not all(days.values()):
        return piece
    only = next(iter(days.values())) if len(set(days.values())) == 1 else None
    blank: dict[int, Value] = {i: only for i in piece.body if i not in days} if only else {}
    text = Text("没有“日期”列,按签到时间的日期读", "no column of days; those of the times of signing")
    told = piece.saying("date_from_signing", text, (min(days), places[0]))
    return told.put(places[0], blank).named("date", places[0])


def _signed_later(piece: Piece, day: date | None) -> Piece:
    """Say where somebody signed on another day than that of the meeting."""
    own = piece.header.columns.get("date")
    for j in [j for j in piece.unread() if _SIGNED_AT.fullmatch(piece.head(j))]:
        signed = {i: read_date(value, None).value for i, value in piece.filled(j)}
        met = {i: read_date(piece.grid.columns[own][i], None).value if own is not None else day for i in signed}
        late = [i for i, on in signed.items() if on and met[i] and on != met[i]]
        text = Text(
            f"{len(late)} 人签到不在活动当天,仍按所填读;若是补签,请写明出勤情况",
            f"{len(late)} signed on another day than that of the meeting; read as they stand: say what they were",
        )
        piece = piece.noting("signed_later", text, late, j)
    return piece


_SIGNED_AT = re.compile(r"(?:签到|打卡|到会)(?:日期)?时间")


def with_paid_days(piece: Piece) -> Piece:
    """Give days of payment without a year that of their month, and read 3.15 as a day of that month or the next."""
    year, ahead = piece.scene.around.year, dict[tuple[int, int], int]()
    for spread in piece.header.spreads:
        at = spread.fields.get("paid_on", piece.at("paid_on"))
        column = piece.grid.columns[at] if at >= 0 else ()
        months = _months_paid(piece, spread, at) if at >= 0 else {}
        days = {i: day for i, month in months.items() if (day := _paid(column[i], month, year)) is not None}
        ahead |= {(i, at): _ahead(column[i], month, year) for i, month in months.items() if i not in days}
        piece = piece.noting("year_from_month", _OF_ITS_MONTH, days, at).put(at, days)
    return _paid_before(piece, ahead)


_PAID = re.compile(r"(?P<m>\d{1,2})(?P<s>[.月])(?P<d>\d{1,2})日?")


def _months_paid(piece: Piece, spread: Spread, at: int) -> Mapping[int, str]:
    """Return by row the month whose day of payment names no year."""
    of, column = piece.at("month"), piece.grid.columns[at]
    short = {value for value in set(column) if isinstance(value, (str, float)) and _PAID.fullmatch(_text(value))}
    said = spread.constants.get("month")
    rows = [i for i in piece.body if column[i] in short]
    months = {
        i: said or (_month_of(piece.grid.columns[of][i], piece) if of >= 0 else piece.scene.around.own_month)
        for i in rows
    }
    return {i: str(month) for i, month in months.items() if month}


def _ahead(value: Value, month: str, year: int | None) -> int:
    """Return by how many months a day that names no year, taken of the sheet's, is before the month that was paid."""
    found = _PAID.fullmatch(_text(value))
    own = found is not None and found["s"] == "月" and int(month[:4]) == year
    return int(month[5:]) - int(found["m"]) if found is not None and own else 0


def _paid_before(piece: Piece, ahead: Mapping[tuple[int, int], int]) -> Piece:
    """Note days of payment before their month; refuse those of a new year, unless more was paid ahead that day."""

    def said(i: int, j: int) -> tuple[Value, str]:
        return _person(piece, i), _text(piece.grid.columns[j][i])

    at_once = {said(*at) for at, months in ahead.items() if months <= HALF_A_YEAR}
    far = sorted(at for at, months in ahead.items() if months > HALF_A_YEAR and said(*at) not in at_once)
    for j in dict.fromkeys(j for _, j in sorted(ahead)):
        near = [i for (i, k), months in ahead.items() if k == j and months > 0 and (i, k) not in far]
        piece = piece.noting("paid_before", _early(piece.scene.around.year), near, j)
    for i, j in far:
        day = read_date(piece.grid.columns[j][i], piece.scene.around.year).value
        piece = piece.saying("paid_before", turned_year(str(day)), (i, j), "error") if day else piece
    return piece


def _person(piece: Piece, i: int) -> Value:
    """Return whose row it is: his id, else his name."""
    return next((value for name in ("member_id", "name") if (value := piece.cell(i, name)) is not None), None)


_OF_ITS_MONTH = Text("没有写年份,按所缴的月份读", "no year; read as that of the month that was paid")


def _early(year: int | None) -> Text:
    return Text(
        f"没有写年份,按 {year} 年读,早于所缴的月份;若是第二年缴的,请写全日期",
        f"names no year; read as of {year}, before the month that was paid: write it out where it was the year after",
    )


def _month_of(value: Value, piece: Piece) -> str | None:
    month: str | None = read_month(value, piece.scene.around.year).value
    return month


def _paid(value: Value, month: str | None, year: int | None) -> str | None:
    """Return a day of payment with the year of its month, where that is sure; a number may have lost a nought."""
    found = _PAID.fullmatch(_text(value)) if isinstance(value, (str, float)) and month else None
    if found is None or month is None or (found["s"] == "月" and year is not None):
        return None
    own, of_year = int(month[5:]), int(month[:4])
    said = int(found["m"])
    lost = isinstance(value, float) and found["d"] in ("1", "2", "3")
    if lost or said not in ((own, own + 1) if found["s"] == "." else range(own, 13)):
        return None
    return f"{of_year}年{said}月{found['d']}日"


def _unclear(piece: Piece, parts: Mapping[str, int], whole: int) -> Piece:
    """Refuse a part that says no time, and a year that is not that of the row's own day, month or period."""
    year = parts.get("year")
    for i in piece.body:
        for part, j in parts.items():
            text = _text(piece.grid.columns[j][i])
            if text and j != whole and not _READ[part](text):
                piece = piece.saying("part_unread", _NO_PART, (i, j), "error")
        own = re.match(r"\d{4}", _text(piece.grid.columns[whole][i])) if year not in (None, whole) else None
        said = _year(_text(piece.grid.columns[year][i])) if own and year is not None else ""
        if own and said and own[0] != said:
            piece = piece.saying("years_differ", _TWO_YEARS, (i, parts["year"]), "error")
    return piece


_NO_PART = Text("不是年度、季度、月份或日,请核对", "is no year, quarter, month or day")
_TWO_YEARS = Text("与同一行日期、月份或考核期的年份不同,请核对", "is not the year of the row's day, month or period")


def _said_together(piece: Piece, places: Sequence[int], changes: Mapping[int, Value]) -> Piece:
    """Say how columns are read together, by the first row."""
    if not changes or len(set(places)) < 2:
        return piece
    named = "、".join(display_raw(piece.label(j)) for j in sorted(set(places)))
    first = changes[min(changes)]
    text = Text(f"{named}合起来读作 {first} 这样", f"{named} are read together, as {first}")
    return piece.noting("times_joined", text, changes, places[0])


def _joined(piece: Piece, i: int, own: str, parts: Mapping[str, int], name: str) -> Value:
    """Return the time of one row in words; nothing where its own cell says all of it, or too little is said."""
    said = {part: _text(piece.grid.columns[j][i]) for part, j in parts.items()}
    year = _year(said.get("year", ""))
    whole = piece.grid.columns[piece.header.columns[name]][i]
    before = f"{year}年" if year else ""
    if name == "date":
        month, day = _number(said.get("month", "")), _number(said.get("day", "").rstrip("日号"))
        if month and (day := day or _day_alone(_text(whole))):
            return f"{before}{month}月{day}日"
        return _with_year(whole, before) if own != "day" else None
    if name == "month" and own == "quarter":
        quarter = _quarter(said["quarter"])
        return f"{before}{quarter}" if quarter else None
    if name == "month":
        month = _number(_text(whole))
        return f"{before}{month}月" if year and month else None
    ends = (_month(said.get("month", "")), _quarter(said.get("quarter", "")), _half(said.get("half", "")))
    end = next((end for end in ends if end), "")
    if own in ("", "year") and not end:
        return _with_year(whole, before) if not own else before or None
    return f"{before}{end}" if end else before or None


def _year_taken(piece: Piece, j: int) -> Piece:
    """Say that periods without a year are of the title's."""
    year = piece.scene.around.year
    column = piece.grid.columns[j]
    said = {value: _text(value) for value in set(column[piece.first :])}
    short = {value for value, text in said.items() if text and not re.search(r"\d{4}", text)}
    bare = [i for i in piece.body if column[i] in short] if short else []
    if not bare or year is None:
        return piece
    n = len(bare)
    told = Text(f"没有写年份,按表题或表名读作 {year} 年(共 {n} 行)", f"no year; that of the title, {year} ({n} rows)")
    return piece.noting("year_from_title", told, bare, j)


def _month_taken(piece: Piece, j: int) -> Piece:
    """Give days without a month, 5日, the month of title or sheet, and say so."""
    month, column = piece.scene.around.own_month, piece.grid.columns[j]
    days = {value: day for value in set(column[piece.first :]) if (day := _day_alone(_text(value)))} if month else {}
    taken: dict[int, Value] = {i: f"{month}-{days[column[i]]}" for i in piece.body if column[i] in days}
    told = Text(f"没有写月份,按表题或表名读作 {month}", f"no month; that of title or sheet, {month}")
    return piece.noting("month_from_title", told, taken, j).put(j, taken) if taken else piece


def _day_alone(text: str) -> int:
    """Return the day of a cell such as 5日, whose month stands in a column of its own."""
    return int(text[:-1]) if re.fullmatch(r"\d{1,2}[日号]", text) else 0


def _with_year(whole: Value, before: str) -> Value:
    """Give a day or period that names no year the year of its row."""
    text = _text(whole)
    return f"{before}{text}" if before and text and isinstance(whole, str) and not re.search(r"\d{4}", text) else None


def _text(value: Value) -> str:
    return "" if is_nothing(value) else re.sub(r"\s", "", in_digits(plain(display_raw(value))))


def _year(text: str) -> str:
    found = _YEAR.fullmatch(text)
    return found[1] if found else ""


def _number(text: str) -> int:
    found = _MONTH.fullmatch(text)
    return int(found[1]) if found else 0


def _month(text: str) -> str:
    return f"{_number(text)}月" if _number(text) else ""


def _quarter(text: str) -> str:
    bare = text.removeprefix("第").removesuffix("度").removesuffix("季").removeprefix("Q").removesuffix(".0")
    return f"第{bare}季度" if bare in tuple("一二三四1234") else ""


def _half(text: str) -> str:
    bare = text.removesuffix("半年").removesuffix(".0")
    return _HALVES.get(bare, text if text in _HALVES.values() else "")


_READ: Mapping[str, Callable[[str], object]] = {
    "year": _year,
    "half": _half,
    "quarter": _quarter,
    "month": _number,
    "day": lambda text: _number(text.rstrip("日号")),
}


# ---------------------------------------------------------------- over the turn of a year


_BARE = re.compile(r"(\d{1,2})月(?:\d{1,2}[日号]?|份)?(?!\d).*")


def with_turned_years(piece: Piece) -> Piece:
    """Give days and months the year that the title's span says; refuse those that fall from December to January."""
    if piece.scene.around.turn and piece.header.wide and piece.header.table in ("attendance", "dues"):
        return piece.saying("year_from_title", _TAKEN, (piece.header.row, min(piece.header.used)))
    for name in ("date", "month"):
        j = piece.at(name)
        read = {value: month for value in set(piece.grid.columns[j]) if (month := _bare(value))} if j >= 0 else {}
        if read and piece.scene.around.turn:
            piece = _dated(piece, j, read)
        elif read and max(read.values()) - min(read.values()) > HALF_A_YEAR:
            piece = _doubted(piece, j, read)
    return piece


@lru_cache(maxsize=1 << 15)
def _bare(value: Value) -> int:
    found = _BARE.fullmatch(re.sub(r"\s", "", in_digits(plain(value)))) if isinstance(value, str) else None
    return int(found[1]) if found else 0


def _dated(piece: Piece, j: int, read: Mapping[Value, int]) -> Piece:
    rows = [(i, value) for i, value in piece.filled(j) if value in read]
    years = {i: piece.scene.around.year_of(read[value]) for i, value in rows}
    known: dict[int, Value] = {i: f"{years[i]}年{value}" for i, value in rows if years[i]}
    outside = [i for i, year in years.items() if year is None and piece.scene.around.year]
    told = piece.refusing("year_unknown", _OUTSIDE, outside, j)
    return told.noting("year_from_title", _TAKEN, known, j).put(j, known)


def _doubted(piece: Piece, j: int, read: Mapping[Value, int]) -> Piece:
    """Refuse the days of somebody, rising otherwise, that fall from the end of a year to its beginning."""
    rows = grouped((_person(piece, i), (i, read[value])) for i, value in piece.filled(j) if value in read)
    falls = sorted(i for own in rows.values() for i in _falls(own))
    if not falls or any(map(of_one_year, piece.scene.titles)):
        return piece
    value = piece.grid.columns[j][falls[0]]
    day = (read_date if piece.at("date") == j else read_month)(value, piece.scene.around.year).value
    return piece.saying("year_turns", turned_year(str(day)), (falls[0], j), "error", times=len(falls)) if day else piece


def _falls(own: list[tuple[int, int]]) -> Iterator[int]:
    steps = [(after - before, i) for (_, before), (i, after) in pairwise(own)]
    down = [i for step, i in steps if step < 0]
    return iter(down if len(down) == 1 and all(step >= 0 or step < -HALF_A_YEAR for step, _ in steps) else ())


_TAKEN = Text("没有写年份,按表题的起止年月读", "no year; that of the months which the title says")
_OUTSIDE = Text(
    "不在表题写的起止年月之内,不知是哪一年;请写全日期", "is outside the months of the title: write the year"
)
