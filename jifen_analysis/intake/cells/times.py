"""Dates, months, periods and years as people and spreadsheets write them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from jifen_analysis.intake.cells.reading import (
    Reading,
    display_raw,
    is_number,
    plain,
    read_as,
    refusal,
    unspaced,
    value_with_note,
)
from jifen_analysis.intake.grid import MonthDay, Value, YearMonth
from jifen_analysis.periods import Period, days_of, read_moment, read_period

RECORDED = (1990, 2100)
LIVED = (1901, 2100)
"""Years of records, and of births, entries and roster dates."""

_SERIAL_START = date(1899, 12, 30)
_NUMBER = r"(?P<y>\d{4})(?P<s>[-./年])(?P<m>\d{1,2})(?:[-./月])(?P<d>\d{1,2})[日号]?"
_FULL = re.compile(_NUMBER)
_SHORT_FULL = re.compile(r"(?P<y>\d\d)(?P<s>[-./年])(?P<m>\d{1,2})(?:[-./月])(?P<d>\d{1,2})[日号]?")
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})")
_MONTH_DAY = re.compile(r"(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?")
_MONTH = re.compile(r"(?P<y>\d{4})(?:年|[-./])(?P<m>\d{1,2})月?(?:份)?")
_COMPACT_MONTH = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})")
_BARE_MONTH = re.compile(r"(?P<m>\d{1,2})月(?:份)?")
_ENGLISH = re.compile(
    r"(?:(?P<y0>\d{4})[-/. ]?)?(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
    r"(?:[-/., ]?(?P<y>\d{4}|\d\d))?",
    re.IGNORECASE,
)
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SHORT_YEAR = re.compile(r"(?P<y>\d\d)年(?P<m>\d{1,2})月(?:份)?")
_FOR_DUES = re.compile(r"(?:的|份)?(?:党费|应缴|缴[费纳])$")
_WEEKDAY = re.compile(r"[(]?(?:星期|周|礼拜)(?P<on>[一二三四五六日天])[)]?")
WEEK = "一二三四五六日"
YEAR = r"(?:19|20)\d\d"
"""A year that records may be of, or that somebody may have been born or admitted in."""
TO = "-—–―~至到"
"""What stands between the first and the last of several months or hours."""
SEVERAL_DAYS = re.compile(r"\d[日号]?(?:[至到~—–、及和]|-(?=\d+月|\d+日))\d+(?:[日号.月/-]|$)")
_LUNAR = re.compile(r"\((?:农历|星期|周)[^()]*\)")
PART_OF_DAY = "上午|下午|中午|晚上|早上|晚间|傍晚|夜|晚|早|全天"
_HOUR = r"\d{1,2}[:时点](?:\d{1,2}(?:[:分]\d{0,2}(?:\.\d+)?)?|半)?[分秒]?(?:Z|[+-]\d\d:?\d\d)?"
_UNTIL = rf"(?:\s*[{TO}]+\s*(?:{PART_OF_DAY})?\s*{_HOUR})?(?:起|开始)?"
_CLOCK = re.compile(
    rf"(?:(?<=[\sT日号])\s*(?:(?:{PART_OF_DAY})?\s*{_HOUR}{_UNTIL}|(?:{PART_OF_DAY}))"
    rf"|(?<=\d)(?:{PART_OF_DAY})(?:\s*{_HOUR}{_UNTIL})?)$"
)
"""A time, from one to another, or a part of the day, behind the day."""

_DATE_FORMS = ("日期可写 2024-03-05、2024/3/5、2024年3月5日", "write a date as 2024-03-05, 2024/3/5 or 2024年3月5日")
_MONTH_FORMS = ("月份可写 2024-05、202405、2024年5月", "write a month as 2024-05, 202405 or 2024年5月")
_PERIOD_FORMS = (
    "考核期可写 2024、2024H1、2024Q3、2024-07 或 2024年上半年",
    "write a period as 2024, 2024H1, 2024Q3 or 2024-07",
)


_DIGITS = dict(zip("〇○零一二三四五六七八九", "000123456789", strict=True))
_YEAR_IN_WORDS = re.compile(r"[〇○零一二三四五六七八九]{4}(?=年)")
_NUMBER_IN_WORDS = re.compile(r"(?:[一二三]?十)?[一二三四五六七八九]?(?=月(?!一)|[日号])")

_FIRST_MONTH = re.compile(r"(?<![\d百千万亿美欧港日])元(?=月)")
"""元月 is the first month; 10元月 are yuan a month."""


def in_digits(text: str) -> str:
    """Return text with the numbers of years, months and days in digits.

    Examples
    --------
    >>> in_digits("二〇二四年十二月三十一日星期二")
    '2024年12月31日星期二'
    """
    text = _FIRST_MONTH.sub("1", text)
    text = _YEAR_IN_WORDS.sub(lambda found: "".join(map(_DIGITS.__getitem__, found[0])), text)
    return _NUMBER_IN_WORDS.sub(lambda found: numeral(found[0]), text)


def numeral(text: str) -> str:
    """Return a number up to 99 that is written in words in digits.

    Examples
    --------
    >>> numeral("七"), numeral("十"), numeral("二十一")
    ('7', '10', '21')
    """
    tens, ten, ones = text.rpartition("十")
    digits = (_DIGITS.get(tens, "1") if ten else "") + "".join(map(_DIGITS.__getitem__, ones))
    return f"{digits}0" if ten and not ones else digits


def read_date(value: Value, year: int | None, years: tuple[int, int] = RECORDED) -> Reading:
    """Read a day, where it names no year of that of the sheet; no other years can be meant than those given.

    Examples
    --------
    >>> read_date("2024年3月5日 星期二", None).value
    datetime.date(2024, 3, 5)
    >>> read_date("3.5", 2024).severity
    'error'
    """
    if isinstance(value, MonthDay):
        return _seen_without_year(value, year if years == RECORDED else None, years)
    if isinstance(value, YearMonth):
        return _month_for_day(value)
    if isinstance(value, datetime):
        return _of_moment(value, value, years)
    if isinstance(value, date):
        return _within(value, value, years)
    if is_number(value):
        return _numeric_date(value, years)
    if not isinstance(value, str):
        return _no_date(value)
    moment = read_moment(plain(value))
    return _of_moment(value, moment, years) if moment else _on_its_weekday(value, _written_date(value, year, years))


def _of_moment(value: Value, moment: datetime, years: tuple[int, int]) -> Reading:
    """Read a moment as its day; with a zone only where that is the day in Beijing: else nobody knows which is meant."""
    named = moment.date()
    others = days_of(moment) - {named}
    if not others:
        return _within(value, named, years)
    (beijing,) = others
    return refusal(
        "zone_unclear",
        value,
        f"带时区的钟点是 {named},按北京时间是 {beijing},不知以哪一天为准;请只写日期",
        f"is {named} in its zone and {beijing} in Beijing: write the day alone",
    )


def _on_its_weekday(value: str, reading: Reading) -> Reading:
    """Say where the day of the week that stands beside a day is another than that day's: one of the two is wrong."""
    found = _WEEKDAY.search(plain(value))
    day: date | None = reading.value
    if found is None or day is None or reading.severity or WEEK.index(found["on"].replace("天", "日")) == day.weekday():
        return reading
    own = f"星期{WEEK[day.weekday()]}"
    return value_with_note(
        day, "weekday_differs", value, f"读作 {day},而那天是{own};请核对", f"is read as {day}, a {day:%A}: check it"
    )


def _seen_without_year(value: MonthDay, year: int | None, years: tuple[int, int]) -> Reading:
    """Take a day whose format hides the year where the sheet says the same year, and say so where it says none."""
    day = value.date()
    if year is not None and year != day.year:
        return refusal(
            "hidden_year",
            value,
            f"没有显示年份:存的是 {day},表上说的是 {year} 年;请写全年月日",
            f"shows no year: {day} is stored, the sheet says {year}; write year, month and day",
        )
    reading = _within(value, day, years)
    if reading.severity or year is not None:
        return reading
    return value_with_note(
        day, "hidden_year", value, f"没有显示年份,按存的读作 {day}", f"shows no year; read as stored, {day}"
    )


def _month_for_day(value: Value) -> Reading:
    return refusal(
        "month_not_day", value, f"只有月份没有日;{_DATE_FORMS[0]}", f"is a month, not a day; {_DATE_FORMS[1]}"
    )


def _numeric_date(value: float, years: tuple[int, int]) -> Reading:
    if 19_000_101 <= value <= 22_001_231 and float(value).is_integer():
        return _written_date(str(int(value)), None, years)
    first, last = ((date(edge, 1, 1) - _SERIAL_START).days for edge in (max(years[0], 1920), years[1]))
    if first <= value <= last:
        day = _SERIAL_START + timedelta(days=int(value))
        return value_with_note(day, "date_serial", value, f"是日期序号,读作 {day}", f"is a date serial, read as {day}")
    return _no_date(value)


def _written_date(value: str, year: int | None, years: tuple[int, int]) -> Reading:
    text = in_digits(re.sub(r"\s+", " ", plain(_WEEKDAY.sub(" ", plain(value)))))
    text = re.sub(r"\s", "", _CLOCK.sub("", _LUNAR.sub("", text))).rstrip("T.。")
    found = _FULL.fullmatch(text) or _COMPACT.fullmatch(text)
    if found:
        return _day(value, int(found["y"]), int(found["m"]), int(found["d"]), years)
    found = _SHORT_FULL.fullmatch(text) if years == RECORDED else None
    if found and (found["s"] == "年" or int(found["y"]) + 2000 == year):
        reading = _day(value, int(found["y"]) + 2000, int(found["m"]), int(found["d"]), years)
        day = reading.value
        return reading if reading.severity else value_with_note(day, "short_year", value, f"读作 {day}", f"is {day}")
    found = _MONTH_DAY.fullmatch(text)
    if found and year is None:
        return refusal(
            "year_unknown",
            value,
            "没有年份,表题、表名里也没有;请写全日期,或用 --year 指明,或在对照表里写明年份",
            "has no year, nor has the title; write it out, give --year, or settle the year in a correspondence table",
        )
    if found and year is not None:
        reading = _day(value, year, int(found["m"]), int(found["d"]), years)
        return reading if reading.severity else Reading(reading.value)
    if _MONTH.fullmatch(text) or _COMPACT_MONTH.fullmatch(text):
        return _month_for_day(value)
    if SEVERAL_DAYS.search(text):
        return refusal(
            "several_days",
            value,
            "是几天;一天一行,或只写开始的一天",
            "is several days; write a row for each",
        )
    found = _TWO_NUMBERS.fullmatch(text) if years == RECORDED else None
    return _of_two_numbers(value, int(found["m"]), int(found["d"]), year) if found and year else _no_date(value)


_TWO_NUMBERS = re.compile(r"(?P<m>\d{1,2})[-./](?P<d>\d{1,2})")


def _of_two_numbers(value: Value, first: int, last: int, year: int) -> Reading:
    """Read 3/15 under a year as the only day that it can be; refuse 3/5, which may be two, and name both."""
    if max(first, last) <= _MONTHS_OF_YEAR:
        return refusal(
            "bad_date",
            value,
            f"可读作 {first}月{last}日,也可读作 {last}月{first}日;{_DATE_FORMS[0]}",
            f"may be {first}月{last}日 or {last}月{first}日; {_DATE_FORMS[1]}",
        )
    reading = _day(value, year, first, last, years=RECORDED) if first <= _MONTHS_OF_YEAR else _no_date(value)
    day = reading.value
    return reading if reading.severity else value_with_note(day, "short_day", value, f"读作 {day}", f"is {day}")


_MONTHS_OF_YEAR = 12


def read_day_of_life(value: Value, year: int | None, *, last: bool = False) -> Reading:
    """Read a day of somebody's life, of which people often know the month alone: its first day, or its last.

    Examples
    --------
    >>> read_day_of_life("1998.7", None).value, read_day_of_life("2024年6月", None, last=True).value
    (datetime.date(1998, 7, 1), datetime.date(2024, 6, 30))
    >>> read_day_of_life(1998.1, None).severity
    'error'
    """
    written = month_in_number(value) if isinstance(value, float) else value
    reading = read_date(written, year, LIVED)
    if reading.code != "month_not_day" or written is None:
        return reading
    text = display_raw(written)
    found = _MONTH.fullmatch(re.sub(r"\s", "", in_digits(plain(text)))) or _COMPACT_MONTH.fullmatch(plain(text))
    if found is None or not 1 <= int(found["m"]) <= 12:
        return reading
    first = date(int(found["y"]), int(found["m"]), 1)
    day = (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1) if last else first
    if (within := _within(written, day, LIVED)).severity:
        return within
    return value_with_note(day, "month_as_day", value, f"只有月份,读作 {day}", f"is a month, read as {day}")


def month_in_number(value: float) -> Value:
    """Return 1998.7 as the month that it is; 1998.1 may have been October, and stays a number."""
    text = repr(value)
    return text if re.fullmatch(rf"{YEAR}\.(?:[2-9]|0[1-9]|1[0-2])", text) else value


def _day(value: Value, year: int, month: int, day: int, years: tuple[int, int]) -> Reading:
    try:
        found = date(year, month, day)
    except ValueError:
        return refusal("no_such_day", value, "这一天不存在,请核对", "is a day that does not exist")
    return _within(value, found, years)


def _within(value: Value, day: date, years: tuple[int, int]) -> Reading:
    if years[0] <= day.year <= years[1]:
        return Reading(day)
    return refusal(
        "out_of_range",
        value,
        f"的年份不在 {years[0]}–{years[1]} 之间,请核对",
        f"has a year outside {years[0]}–{years[1]}",
    )


def _no_date(value: Value) -> Reading:
    return refusal("bad_date", value, f"不是明确的日期;{_DATE_FORMS[0]}", f"is no unmistakable date; {_DATE_FORMS[1]}")


def read_month(value: Value, year: int | None) -> Reading:
    """Read a month as ``2024-05``.

    Examples
    --------
    >>> read_month("2024年5月", None).value, read_month("5月", 2024).value
    ('2024-05', '2024-05')
    """
    if isinstance(value, MonthDay):
        day = _seen_without_year(value, year, RECORDED)
        return day if day.severity == "error" else replace(day, value=f"{value:%Y-%m}")
    if isinstance(value, date):
        reading = _month(value, value.year, value.month)
        if reading.severity or value.day == 1 or isinstance(value, YearMonth):
            return reading
        month = str(reading.value)
        return value_with_note(month, "day_as_month", value, f"是日期,读作 {month}", f"is a day, read as {month}")
    if isinstance(value, float) and not value.is_integer():
        value = month_in_number(value)
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return _no_month(value)
    if isinstance(value, float) and not value.is_integer():
        return _no_month(value)
    text = plain(str(int(value) if isinstance(value, float) else value))
    return _written_month(value, in_digits(re.sub(r"\s", "", text)), year)


def _written_month(value: Value, text: str, year: int | None) -> Reading:
    if (said := _in_english(text)) != text:
        reading = _written_month(value, said, year)
        month = reading.value
        return reading if month is None else read_as(month, "month_read", value, f" {month}")
    text = _FOR_DUES.sub("", text)
    found = _MONTH.fullmatch(text) or _COMPACT_MONTH.fullmatch(text) or _SHORT_YEAR.fullmatch(text)
    if found:
        full = int(found["y"]) + (2000 if len(found["y"]) == 2 else 0)
        return _month(value, full, int(found["m"]))
    found = _BARE_MONTH.fullmatch(text) or re.fullmatch(r"(?P<m>\d{1,2})", text)
    if not found or not 1 <= int(found["m"]) <= 12:
        return _no_month(value)
    if year is None:
        return refusal(
            "year_unknown",
            value,
            "没有年份,表题、表名里也没有;请写成 2024-05,或用 --year 指明",
            "has no year, nor has the title or the sheet name; write 2024-05 or give --year",
        )
    return _month(value, year, int(found["m"]))


def _in_english(text: str) -> str:
    """Return Jan or Jan-24, as a spreadsheet writes a month, as 1月 or 2024年1月; other text as it is."""
    found = _ENGLISH.fullmatch(text)
    if not found:
        return text
    year, month = found["y0"] or found["y"] or "", _ENGLISH_MONTHS.index(found["m"].lower()) + 1
    return f"{'20' if len(year) == 2 else ''}{year}{'年' if year else ''}{month}月"


def _month(value: Value, year: int, month: int) -> Reading:
    if not 1 <= month <= 12:
        return _no_month(value)
    if not RECORDED[0] <= year <= RECORDED[1]:
        return _within(value, date(year, month, 1), RECORDED)
    return Reading(f"{year:04d}-{month:02d}")


def _no_month(value: Value) -> Reading:
    return refusal("bad_month", value, f"不是一个月份;{_MONTH_FORMS[0]}", f"is no single month; {_MONTH_FORMS[1]}")


_WHOLE_YEAR = ("全年", "年度", "全年度", "本年度")


def read_span(value: Value, year: int | None) -> Reading:
    """Read an assessed period as ``2024``, ``2024H1``, ``2024Q3`` or ``2024-07``.

    Examples
    --------
    >>> read_span("2024年上半年", None).value, read_span("第三季度", 2024).value
    ('2024H1', '2024Q3')
    """
    if isinstance(value, date) and (value.day == 1 or isinstance(value, YearMonth)):
        month = str(Period(12 * value.year + value.month - 1, 1))
        return value_with_note(month, "day_as_month", value, f"是日期,读作 {month}", f"is a day, read as {month}")
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return _no_period(value)
    text = plain(str(int(value) if isinstance(value, float) and value.is_integer() else value))
    text = in_full(text)
    period = read_period(text)
    if period is None and year is not None:
        period = read_period(f"{year}年{'' if text in _WHOLE_YEAR else text.removeprefix('年')}")
    if period is None and read_period(f"2000年{text}"):
        return refusal(
            "year_unknown",
            value,
            "没有年份,表题、表名里也没有;请写成 2024年上半年 这样,或用 --year 指明",
            "has no year, nor has the title or the sheet name; write 2024H1 or give --year",
        )
    if period is None:
        return _no_period(value)
    reading = _within(value, period.first_day, RECORDED)
    return reading if reading.severity else Reading(str(period))


_SHORT_SPAN = re.compile(rf"(?<![\d./、~—–至到-])(\d\d)年(?=度|[上下]|第|[一二三四]季|\d{{1,2}}(?:[{TO}]\d{{1,2}})?月)")
_CUT_HALF = re.compile(r"(年度?[上下])(?:半)?$")


def in_full(text: str) -> str:
    """Return the year of a period in four digits, and 上 and 下 of one as the halves that they are.

    Examples
    --------
    >>> in_full("24年下"), in_full("24年度评议"), in_full("建党24年")
    ('2024年下半年', '2024年度评议', '建党24年')
    """
    return _CUT_HALF.sub(r"\1半年", _SHORT_SPAN.sub(r"20\1年", text))


def _no_period(value: Value) -> Reading:
    return refusal("bad_period", value, f"不是一个考核期;{_PERIOD_FORMS[0]}", f"is no period; {_PERIOD_FORMS[1]}")


def read_year(value: Value) -> Reading:
    """Read a year.

    Examples
    --------
    >>> read_year("2024年度").value
    2024
    """
    number = value if is_number(value) else None
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{4})(?:年度?)?", unspaced(value))
        number = int(found[1]) if found else None
    if number is None or not float(number).is_integer():
        return refusal("bad_year", value, "不是年度;年度写成 2024", "is no year; a year is written 2024")
    if not RECORDED[0] <= number <= RECORDED[1]:
        return refusal(
            "out_of_range", value, f"不在 {RECORDED[0]}–{RECORDED[1]} 之间", f"is outside {RECORDED[0]}–{RECORDED[1]}"
        )
    return Reading(int(number))
