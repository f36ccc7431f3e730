from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.cells.times import read_date, read_day_of_life, read_month, read_span, read_year
from jifen_analysis.intake.grid import MonthDay, YearMonth

DAY = date(2024, 3, 5)


@pytest.mark.parametrize(
    "value",
    [
        DAY,
        datetime(2024, 3, 5, 8, 30),
        45356.0,
        20240305,
        "2024-03-05",
        "2024.3.5",
        "2024/3/5 星期二 8:30",
        "2024年3月5日",
        "2024年3月5日(周二)",
        "20240305",
        "2024-03-05T00:00:00",
        "2024-03-05 00:00:00",
        "３月５日",
        "3月5号",
        " 2024 - 3 - 5 ",
        "2024. 3. 5.",
        "2024.3.5下午",
        "2024年3月5日9:00–11:00",
        "2024年3月5日14:30至16:00",
        "2024年3月5日 星期二 19:30—21:00",
        "3月5日上午9点半",
        "2024年3月5日(农历正月廿五)",
        "二○二四年三月五日",
        "24年3月5日",
        "24.3.5",
        "24-03-05",
    ],
)
def test_dates_people_write_are_read(value: object) -> None:
    """Every unmistakable way of writing a day gives that day."""
    assert read_date(value, 2024).value == DAY


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("3.5", "bad_date"),
        ("3/5", "bad_date"),
        ("15/3", "bad_date"),
        (3.5, "bad_date"),
        ("5/3/2024", "bad_date"),
        ("23.3.5", "bad_date"),
        ("2024年3月", "month_not_day"),
        ("2024年2月30日", "no_such_day"),
        ("1900-01-01", "out_of_range"),
        ("2204-03-05", "out_of_range"),
        (date(1900, 1, 1), "out_of_range"),
        ("待定", "bad_date"),
        ("2024.3.112:30", "bad_date"),
        ("2024年3月5日至6日", "several_days"),
        ("3月5日、12日", "several_days"),
        (2024.0, "bad_date"),
        (True, "bad_date"),
    ],
)
def test_what_is_no_day_is_refused(value: object, code: str) -> None:
    """A day that nobody can know is refused with its own code and no value."""
    reading = read_date(value, 2024)
    assert (reading.severity, reading.code, reading.value) == ("error", code, None)


def test_month_and_day_need_a_year() -> None:
    """A month and a day alone are refused where no year is known."""
    assert read_date("3月5日", None).code == "year_unknown"


def test_two_numbers_are_a_day_where_they_can_be_no_other() -> None:
    """3/15 is one day of the year; 3/5 may be two, and both are named."""
    reading = read_date("3/15", 2024)
    assert (reading.value, reading.severity) == (date(2024, 3, 15), "note")
    assert reading.text
    assert "2024-03-15" in reading.text.zh
    either = read_date("3/5", 2024).text
    assert either
    assert "3月5日,也可读作 5月3日" in either.zh


def test_serials_are_noted() -> None:
    """A bare serial is read with a note that says the day."""
    reading = read_date(45356, None)
    assert reading.severity == "note"
    assert "2024-03-05" in reading.text.zh


@pytest.mark.parametrize(
    "value",
    [
        "2024-05",
        "202405",
        202405,
        "2024年5月",
        "5月",
        "5",
        5.0,
        "2024/5",
        date(2024, 5, 1),
        "May",
        "May-24",
        2024.5,
        "2024年5月份党费",
        "24年5月",
        YearMonth(2024, 5, 9),
    ],
)
def test_months_people_write_are_read(value: object) -> None:
    """Every unmistakable way of writing a month gives that month."""
    assert read_month(value, 2024).value == "2024-05"


@pytest.mark.parametrize("value", ["一季度", "1-6月", "13月", 2024.1, "2024", True, "上半年"])
def test_what_is_no_single_month_is_refused(value: object) -> None:
    """A quarter, a range or a thirteenth month is no month."""
    assert read_month(value, 2024).severity == "error"


@pytest.mark.parametrize(
    ("value", "period"),
    [
        ("2024", "2024"),
        (2024.0, "2024"),
        ("2024年度", "2024"),
        ("2024年上半年", "2024H1"),
        ("上半年", "2024H1"),
        ("2024Q3", "2024Q3"),
        ("第三季度", "2024Q3"),
        ("2024年7月", "2024-07"),
        ("2024年上", "2024H1"),
        ("24年下半年", "2024H2"),
    ],
)
def test_periods_are_read(value: object, period: str) -> None:
    """Periods are read in codes and in words, the year from the sheet where they name none."""
    assert read_span(value, 2024).value == period


@pytest.mark.parametrize(("value", "year"), [(2024.0, 2024), ("2024年", 2024), ("2024年度", 2024)])
def test_years_are_read(value: object, year: int) -> None:
    """A year may be a number or words."""
    assert read_year(value).value == year


@pytest.mark.parametrize("value", [2024.5, "去年", 1900, True])
def test_what_is_no_year_is_refused(value: object) -> None:
    """Half a year, a word or a year of no records is refused."""
    assert read_year(value).severity == "error"


@pytest.mark.parametrize(
    ("value", "day"),
    [("二〇二四年三月五日", "2024-03-05"), ("十二月三十一日", "2024-12-31"), ("3月14日上午", "2024-03-14"),
     ("2024年3月16号", "2024-03-16")],
)  # fmt: skip
def test_days_in_words(value: str, day: str) -> None:
    """A day may be written in words or with its half."""
    assert str(read_date(value, 2024).value) == day


@pytest.mark.parametrize("value", ["十一月", "11月份"])
def test_months_in_words(value: str) -> None:
    """A month may be written in words."""
    assert read_month(value, 2024).value == "2024-11"


@pytest.mark.parametrize(
    ("value", "code"), [("上半年", "year_unknown"), ("全年", "bad_period"), ("13月", "bad_period")]
)
def test_periods_without_their_year(value: str, code: str) -> None:
    """A half without a year lacks its year; a month that does not exist lacks more."""
    assert read_span(value, None).code == code


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("1998.7", date(1998, 7, 1)),
        (1998.7, date(1998, 7, 1)),
        ("2005年6月", date(2005, 6, 1)),
        (YearMonth(2005, 6, 20), date(2005, 6, 1)),
        ("1986-07-01", date(1986, 7, 1)),
    ],
)
def test_of_a_life_the_month_will_do(value: object, day: date) -> None:
    """Who knows the month of joining alone joined on its first; who left in a month was there to its end."""
    assert read_day_of_life(value, None).value == day


@pytest.mark.parametrize("value", [1998.1, "1998", "1998.13", "650301", "去年"])
def test_half_a_month_is_no_day_of_a_life(value: object) -> None:
    """1998.1 may be October; a year alone is no month."""
    assert read_day_of_life(value, None).severity == "error"


@pytest.mark.parametrize(("year", "code"), [(None, "hidden_year"), (2024, ""), (2023, "hidden_year")])
def test_a_year_that_is_not_shown(year: int | None, code: str) -> None:
    """It is taken in silence only where the sheet says the same."""
    reading = read_date(MonthDay(2024, 3, 5), year)
    assert reading.code == code
    assert reading.value == (None if year == 2023 else DAY)


@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.sampled_from("一二三四五六日天"), st.sampled_from(["星期", "周"])
)
def test_a_day_and_the_day_of_the_week_beside_it_are_held_against_each_other(day: date, on: str, said: str) -> None:
    """The day is read as it stands; that it falls on another day of the week is said."""
    reading = read_date(f"{day.year}年{day.month}月{day.day}日({said}{on})", None)
    agrees = "一二三四五六日".index(on.replace("天", "日")) == day.weekday()
    assert (reading.value, reading.code) == (day, "" if agrees else "weekday_differs")


@pytest.mark.parametrize("month", ["元月", "1月", "一月", "元月份"])
def test_the_first_month_has_a_name_of_its_own(month: str) -> None:
    """元月 is January."""
    assert read_month(month, 2024).value == "2024-01"
