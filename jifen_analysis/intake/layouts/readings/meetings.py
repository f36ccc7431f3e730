"""Attendance with a column a meeting, whose header says the day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from jifen_analysis.errors import Problem, Text
from jifen_analysis.intake.cells import display_raw, plain
from jifen_analysis.intake.cells.phrases import named_in
from jifen_analysis.intake.cells.remarks import void
from jifen_analysis.intake.cells.times import PART_OF_DAY, RECORDED, SEVERAL_DAYS, read_date
from jifen_analysis.intake.grid import Grid, MonthDay, Value
from jifen_analysis.intake.layouts.block import Spread, problem
from jifen_analysis.intake.layouts.body import is_total
from jifen_analysis.intake.layouts.headers import Header
from jifen_analysis.intake.layouts.labels import Label
from jifen_analysis.intake.layouts.piece import Piece
from jifen_analysis.intake.layouts.readings.wide import (
    Keys,
    Kind,
    WideColumn,
    digits,
    enough_distinct,
    read_wide,
    says_number,
)
from jifen_analysis.intake.layouts.scene import Scene
from jifen_analysis.intake.layouts.surroundings import Surroundings, activity_in
from jifen_analysis.vocabulary import Vocabulary

_DAY = re.compile(r"(?P<d>\d{1,2})[日号]?")
_DAY_OF = re.compile(r"(?P<d>\d{1,2})[日号]\D+")
"""A day with its meeting: 5日党课."""
_PART_OF_DAY = re.compile(r"(?:\d{4}年?)?(?:\d{1,2}月份?)?(?:\d{1,2}[日号]?)?")
_SHORT = re.compile(r"\d{1,2}\.[123]")
"""A number that may have lost a nought: 3.1 is the first of March, or the tenth."""


def a_column_a_meeting(grid: Grid, row: int, scene: Scene) -> Header | None:
    """Read rows as days, or days of a month, over the signs of a meeting each."""
    if not says_number(grid, row) and scene.around.day is None:
        return None
    return read_wide(grid, row, scene, _MEETINGS, "attendance" in scene.called or bool(scene.around.activity))


def _column(j: int, label: Label, scene: Scene) -> WideColumn | None:
    keys = keys_in(label, scene.words) or _of_the_day(label, scene)
    return WideColumn(j, keys, "status") if keys else None


def _of_the_day(label: Label, scene: Scene) -> Keys:
    """Return the activity that is all that a header says, on a sheet of one day: 党课, or 上午党课."""
    texts = [text for part in label if isinstance(part, str) and (text := _HALF_DAY.sub("", plain(part)))]
    code = scene.words.code("activity", texts[0]) if len(texts) == 1 and scene.around.day else None
    return (("date", scene.around.day), ("activity", code)) if code else ()


_HALF_DAY = re.compile(rf"^(?:{PART_OF_DAY})(?:的)?")


def keys_in(label: Label, words: Vocabulary) -> Keys:
    """Return the day, and the activity, that a header says on one or on all of its levels."""
    short = next((digits(part) for part in label if isinstance(part, float) and _SHORT.fullmatch(digits(part))), "")
    if short:
        return (("undated", short), *_activity(label, words))
    return next((keys for part in (_joined(label), *label) if (keys := _day_keys(label, part, words))), ())


def _joined(label: Label) -> Value:
    """Return all levels of a header as one text: 3月 over 5 is 3月5, and 3月 over 党课 over 5日 is 3月5日."""
    if any(isinstance(part, date) for part in label):
        return None
    texts = list(map(digits, label))
    return "".join(text for text in texts if _PART_OF_DAY.fullmatch(text)).replace("份", "") or "".join(texts)


def _day_keys(label: Label, part: Value, words: Vocabulary) -> Keys:
    day = part if isinstance(part, MonthDay) else read_date(part, None).value
    if day or isinstance(part, date):
        return (("date", day) if day else ("undated", display_raw(part)), *_activity(label, words))
    text = digits(part)
    found = DATED.search(text)
    if found and words.code("event", text.replace(found[0], "")):
        return ()  # a deed of that day is no meeting
    days = {(one["m"], one["d"]) for one in DATED.finditer(text) if one["s"] == "月"}
    if found and (len(days) > 1 or SEVERAL_DAYS.search(text.replace(found[0], f"{found['d']}日"))):
        return (("undated", text), *_activity(label, words))
    if found and (found["y"] or found["s"] == "月" or found[0] == text or activity_in([text], words)):
        return (("dated", found[0]), *_activity(label, words))
    alone = _DAY.fullmatch(text) or (_DAY_OF.fullmatch(text) if activity_in([text], words) else None)
    return (("day", int(alone["d"])), *_activity(label, words)) if alone else ()


def _activity(label: Label, words: Vocabulary) -> Keys:
    activity = activity_in([part for part in label if isinstance(part, str)], words)
    return (("activity", activity),) if activity else ()


def _enough(spread: Sequence[WideColumn], called: bool) -> bool:
    dated = any(key in ("date", "dated") for column in spread for key, _ in column.keys)
    return enough_distinct(spread, called or dated)


_MEETINGS = Kind("attendance", _column, ("status",), _enough, beside=frozenset({"status"}))
"""Beside a column a day, 出勤 counts the days."""


# ---------------------------------------------------------------- the day of each column


DATED = re.compile(r"(?:(?P<y>\d{4})[年./-])?(?P<m>\d{1,2})(?P<s>[月./-])(?P<d>\d{1,2})[日号]?")
"""A day in a header, alone or among other words."""


@dataclass(frozen=True)
class Doubt:
    """A header that cannot be read, or names a day that does not exist."""

    row: int
    j: int
    code: str
    text: Text


def date_columns(header: Header, around: Surroundings) -> tuple[Header, tuple[Doubt, ...]]:
    """Give the columns of an attendance sheet their dates; what is no day becomes a doubt."""
    spreads, doubts = [], []
    months_first = _months_stand_first(header)
    for spread in header.spreads:
        j = max(spread.first, 0)
        found = _date(spread.constants, around, months_first=months_first)
        if isinstance(found, tuple):
            doubts.append(Doubt(header.row, j, *found))
        elif found:
            rest = {k: v for k, v in spread.constants.items() if k not in ("dated", "day", "date")}
            spreads.append(Spread(spread.fields, {**rest, "date": found}))
        else:
            spreads.append(spread)
    doubts += _unparted(header, around)
    return header.with_spreads(tuple(spreads)), tuple(doubts)


def _months_stand_first(header: Header) -> bool:
    """Return whether of headers such as 3/5 and 3/15 one shows that the day stands last, and none the month.

    So does their order: 4.3, 4.10, 5.8 rise as days of April and May, and not as the third of April or the fourth of
    March, the tenth of April, the eighth of May.
    """
    said = [DATED.fullmatch(str(spread.constants.get("dated", ""))) for spread in header.spreads]
    pairs = [(int(found["m"]), int(found["d"])) for found in said if found]
    if len(pairs) > 2 and _rise(pairs) and not _rise([(last, first) for first, last in pairs]):
        return True
    return any(last > _MONTHS for _, last in pairs) and all(first <= _MONTHS for first, _ in pairs)


def _rise(pairs: Sequence[tuple[int, int]]) -> bool:
    return all(first <= _MONTHS for first, _ in pairs) and all(one < other for one, other in pairwise(pairs))


_MONTHS = 12


def _unparted(header: Header, around: Surroundings) -> Iterator[Doubt]:
    """Doubt an amount for several months of which the sheet has none: nobody knows what each month's share is."""
    months = {spread.month for spread in header.spreads}
    for total in header.sums:
        amount = header.table == "dues" and total.months and not is_total(total.label)
        stated = "due" in header.columns or around.due is not None
        if amount and not stated and not months.issuperset(total.months):
            yield Doubt(header.row, total.j, "bad_month", _UNPARTED)


_UNPARTED = Text(
    "一列是几个月的金额,不知每月各是多少;请每月一列,如 1月、2月、3月",
    "an amount for several months in one column; give every month its own, as 1月, 2月, 3月",
)
_UNKNOWN_YEAR = (
    "year_unknown",
    Text(
        "表头的日期没有年份或月份,表题、表名里也没有明确的一个;请写全日期,或用 --year 指明年份",
        "the day in the header has no year or month, nor do title or sheet name say one; write it, or give --year",
    ),
)
_NO_DAY = "no_such_day", Text("表头的这一天不存在,请核对", "the header names a day that does not exist")
_UNCLEAR = (
    "bad_date",
    Text(
        "表头不是明确的日期;请写 2024-03-05 或 3月5日", "the header is no unmistakable date; write 2024-03-05 or 3月5日"
    ),
)
_MONTH_ONLY = (
    "bad_date",
    Text(
        "表头只有月份,没有日:不知是哪一次;请写成 3月5日 这样",
        "the header says a month and no day: which meeting is it? write it as 3月5日",
    ),
)
_SEVERAL = (
    "bad_date",
    Text("表头是几天,不知一个记号是哪一天的;一天一列,或只写开始的一天", "the header is several days: a column each"),
)
_FAR = (
    "out_of_range",
    Text(
        f"表头的年份不在 {RECORDED[0]}–{RECORDED[1]} 之间,请核对",
        f"the year in the header is outside {RECORDED[0]}–{RECORDED[1]}",
    ),
)
_HIDDEN = (
    "hidden_year",
    Text(
        "表头的日期没有显示年份,存的年份与表题、表名的不同,不知是哪一年;请写全日期",
        "the day in the header shows no year, and another is stored than title or sheet name say; write it out",
    ),
)


_LOST_NOUGHT = re.compile(r"(\d{1,2})\.([123])")


def _lost(month: int, day: int) -> tuple[str, Text]:
    return "bad_date", Text(
        f"表头存成了数,可能是 {month}月{day}日,也可能是 {month}月{day}0日;请写 {month}月{day}日 这样",
        f"the header is a number and may be {month}月{day}日 or {month}月{day}0日; write it so",
    )


def _either(first: int, last: int) -> tuple[str, Text]:
    return "bad_date", Text(
        f"表头可读作 {first}月{last}日,也可读作 {last}月{first}日;请写 {first}月{last}日 这样,或在表题写明月份",
        f"the header may be {first}月{last}日 or {last}月{first}日; write it so, or put the month into the title",
    )


def _date(said: Mapping[str, Any], around: Surroundings, *, months_first: bool) -> date | tuple[str, Text] | None:
    if "date" in said:
        day: date = said["date"]
        if isinstance(day, MonthDay):
            return _HIDDEN if around.year not in (None, day.year) else day.date()
        return day
    if "undated" in said:
        short = _LOST_NOUGHT.fullmatch(str(said["undated"]))
        return _lost(int(short[1]), int(short[2])) if short else _no_day(str(said["undated"]))
    if "unread" in said:
        return _UNKNOWN_YEAR
    if "day" in said:
        return _made(around.year, around.month, said["day"])
    if "dated" not in said:
        return None
    found = DATED.fullmatch(said["dated"])
    if found is None:
        return _UNCLEAR
    month, day_of_month = int(found["m"]), int(found["d"])
    if found["y"] is None and found["s"] != "月" and not months_first and month != around.month:
        return _either(month, day_of_month) if max(month, day_of_month) <= _MONTHS else _UNCLEAR
    return _made(int(found["y"]) if found["y"] else around.year_of(month), month, day_of_month)


def _no_day(said: str) -> tuple[str, Text]:
    """Return why a header is no day: it is a month, several days, or neither."""
    if said == "月":
        return _MONTH_ONLY
    several = SEVERAL_DAYS.search(said) or len(DATED.findall(said)) > 1
    return _SEVERAL if several else _UNCLEAR


def _made(year: int | None, month: int | None, day: int) -> date | tuple[str, Text]:
    if year is None or month is None:
        return _UNKNOWN_YEAR
    if not RECORDED[0] <= year <= RECORDED[1]:
        return _FAR
    try:
        return date(year, month, day)
    except ValueError:
        return _NO_DAY


# ---------------------------------------------------------------- columns that are of no one meeting


def refuse_meetings(piece: Piece) -> Iterator[Problem]:
    """Refuse the columns of a meeting that was not held, of two at once, and those called 1, 2, 3: days, or numbers?"""
    spreads = piece.header.spreads if piece.header.table == "attendance" and piece.header.wide else ()
    dated = sorted(one.first for one in spreads if "date" in one.constants and one.fields)
    heads = {j: "".join(display_raw(piece.grid.columns[j][i] or "") for i in piece.header.lines) for j in dated}
    for j, head in heads.items():
        yield from _not_held(piece, j, head)
        yield from _two_at_once(piece, j, head)
    if len(dated) > 1 and piece.first == piece.header.below and _count_meetings(list(heads.values())):
        yield problem(piece.grid, "day_or_number", _DAY_OR_NUMBER, (piece.header.row, dated[0]))


def _not_held(piece: Piece, j: int, head: str) -> Iterator[Problem]:
    """Refuse signs below a meeting that was cancelled; note one below which nothing stands."""
    if void(head):
        filled = bool(piece.filled(j))
        then = _NOT_HELD if filled else (",没有读", "")
        text = Text(
            f"列名“{head}”说这次会不算或没有开{then[0]}", f"by its header {head} the meeting does not count{then[1]}"
        )
        yield problem(piece.grid, "meeting_void", text, (piece.header.row, j), "error" if filled else "note")


_NOT_HELD = ",下面却有记号;没有开的请清空这一列,开了的请改列名", ", but signs stand below: clear one"


def _two_at_once(piece: Piece, j: int, head: str) -> Iterator[Problem]:
    named = named_in(head, "activity", piece.scene.words)
    if len({*named.values()} - {"unspecified"}) > 1:
        listed = "、".join(named)
        text = Text(
            f"列名里有几种活动({listed}),不知算哪一种;请只写一种,两种都算的分两列写",
            f"the header names several activities ({listed}); write one, or a column for each",
        )
        yield problem(piece.grid, "several_activities", text, (piece.header.row, j))


def _count_meetings(heads: Sequence[str]) -> bool:
    """Return whether headers only count: more than twelve from 1 on are the days of a month."""
    said = [head.removesuffix(".0") for head in heads]
    return len(said) <= _MONTHS and said == [str(n) for n in range(1, len(said) + 1)]


_DAY_OR_NUMBER = Text(
    "列名 1、2、3 可读作 1日、2日、3日,也可读作第几次;请写成 3月5日 这样",
    "headers 1, 2, 3 may be days of the month or numbers of meetings; write them as 3月5日",
)
