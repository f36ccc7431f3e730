from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.periods import KINDS, MONTHS, Period, longer_kinds, read_period, requested_periods

PERIODS = st.builds(Period.of_month, st.integers(12 * 1990, 12 * 2100 + 11), st.sampled_from(KINDS))


@given(PERIODS)
def test_code_and_period_are_one(period: Period) -> None:
    """What is written is read back, in codes and in words."""
    assert Period.parse(str(period)) == period
    assert read_period(period.label()) == period


@given(PERIODS, st.sampled_from(KINDS))
def test_parts_make_the_whole(period: Period, kind: str) -> None:
    """The parts of a period follow each other without gap, and each lies inside."""
    if MONTHS[kind] <= period.length:
        parts = period.split(kind)
        assert [month for part in parts for month in part.months] == list(period.months)
        assert all(part in period for part in parts)


def test_parts_have_names() -> None:
    """Months and quarters of a period are named; the whole is blank."""
    half = Period.parse("2024H2")
    assert half.part_names("quarter") == ("2024Q3", "2024Q4")
    assert (half.part_names("month")[0], half.part_names("period")) == ("2024-07", ("",))


@given(PERIODS)
def test_first_and_last_day_frame_the_months(period: Period) -> None:
    """The first day is the first of a month, the day after the last likewise."""
    assert period.first_day.day == 1
    assert (period.last_day.toordinal() + 1) == Period(period.first + period.length, 1).first_day.toordinal()


@pytest.mark.parametrize("code", ["2024H3", "2024Q5", "2024-13", "24", "2024-1", "0000"])
def test_other_codes_are_none(code: str) -> None:
    """A code that names no period is refused."""
    with pytest.raises(ValueError, match=code):
        Period.parse(code)


@pytest.mark.parametrize(
    ("text", "code"),
    [("2024年上半年", "2024H1"), ("2024 年 第三季度", "2024Q3"), ("2024年7月", "2024-07"), ("２０２４年度", "2024"),
     ("2024.1-2024.6", "2024H1"), ("2024年4-6月", "2024Q2"), ("2024年1月至12月", "2024"), ("2024年2月—2月", "2024-02"),
     ("202407", "2024-07"), ("2024.7", "2024-07")],
)  # fmt: skip
def test_words_are_read(text: str, code: str) -> None:
    """Periods as people write them."""
    assert str(read_period(text)) == code


@pytest.mark.parametrize(
    "text",
    ["上半年", "2024年13月", "1-6月", "去年", "", "0000年", "000007", "2024年2-6月", "2024年1-14月", "2024.1-2025.6",
     "2024.1-6", "2024年6-1月"],
)  # fmt: skip
def test_nothing_is_guessed(text: str) -> None:
    """What names no single period with its year is none."""
    assert read_period(text) is None


def test_leap_years_and_order() -> None:
    """February has its 29th; months count up; kinds lengthen."""
    assert Period.parse("2024-02").last_day == date(2024, 2, 29)
    assert Period.parse("2024-05").first - Period.parse("2023-05").first == 12
    assert longer_kinds("month") == ("quarter", "half", "year")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("2024", "2024H1 2024H2"), ("2024H2", "2024H2"), ("2024 2024H1", "2024H1 2024H2"), ("2024Q1", ""), ("", "")],
)
def test_a_year_stands_for_its_halves(wanted: str, found: str) -> None:
    """A longer period is split; a shorter one than the scheme's is none of its periods."""
    asked = requested_periods([Period.parse(period) for period in wanted.split()], "half")
    assert " ".join(map(str, asked)) == found
