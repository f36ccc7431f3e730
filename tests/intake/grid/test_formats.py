from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.grid import Fault, MonthDay, YearMonth
from jifen_analysis.intake.grid.formats import BUILT_IN, as_shown, matters

DAY = datetime(2025, 3, 5, 9, 30)


@pytest.mark.parametrize(
    ("value", "code", "seen"),
    [
        (123.0, "0000000", "0000123"),
        (7.0, '"DY"0000', "DY0007"),
        (202405.0, "0000!-00", "2024-05"),
        (0.95, "0%", "95%"),
        (0.955, "0.0%", "95.5%"),
        (5.0, '0"月"', "5月"),
        (3.0, 'General"号"', "3号"),
        (12345.0, '0!.0,"万"', "1.2万"),
        (1.0, '[=1]"√";[=0]"×"', "√"),
        (0.0, '[=1]"√";[=0]"×"', "×"),
        (1.0, '"√"', "√"),
        (5.0, ";;;", Fault("hidden", "5")),
        ("甲", ";;;", Fault("hidden", "甲")),
        (45721.0, "aaaa", "星期三"),
        (DAY, 'd"日"', "5日"),
        (DAY, 'm"月"', "3月"),
        (DAY, "h:mm", time(9, 30)),
    ],
)
def test_what_a_format_shows_is_the_value(value: Any, code: str, seen: Any) -> None:
    """Padding, percent, words and hidden parts are read as the person sees them."""
    assert as_shown(value, code) == (seen, "")
    assert matters(code)


@pytest.mark.parametrize("code", ['m"月"d"日"', "m/d;@", "mm-dd", "[$-804]m/d", "d-mmm", BUILT_IN[58]])
def test_a_hidden_year_is_known(code: str) -> None:
    """A day of which nobody sees the year is no full day."""
    assert type(as_shown(DAY, code)[0]) is MonthDay


@pytest.mark.parametrize("code", ["mmm-yy", 'yyyy"年"m"月"', "[$-804]yyyy/m;@", 'e"年"m"月"', BUILT_IN[57]])
def test_a_hidden_day_is_known(code: str) -> None:
    """A month typed into a cell is no first of the month."""
    assert type(as_shown(date(2025, 3, 5), code)[0]) is YearMonth


@pytest.mark.parametrize(
    "code", ["General", "@", "yyyy/m/d", "yyyy-mm-dd h:mm", "# ?/?", "0.00E+00", "[DBNum1]General"]
)
def test_plain_formats_do_not_matter(code: str) -> None:
    """What shows the stored value costs nothing."""
    assert not matters(code)


@pytest.mark.parametrize(
    ("value", "code", "display"),
    [
        (12.0, '0"元"', ""),
        (12.5, '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', ""),
        (0.0, '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', ""),
        (0.0, "0;-0;;@", "空白"),
        (-5.0, "#,##0;(#,##0)", ""),
        (-5.0, "0;0", "5"),
        (89.96, "0.0", "90.0"),
        (1234567.891, "#,##0.00", "1234567.89"),
    ],
)
def test_a_number_stays_a_number(value: float, code: str, display: str) -> None:
    """Money and thousands leave it alone; of hidden digits, a hidden sign or nought there is word."""
    assert as_shown(value, code) == (value, display)


@pytest.mark.parametrize(
    ("value", "code", "read"), [(91.333333, "0.00", 91.33), (-1 / 3, "¥0.0", -0.3), (2 / 3, "0", 1)]
)
def test_a_mean_is_what_is_shown_of_it(value: float, code: str, read: float) -> None:
    """Of a number with more digits than a record may have, as a formula leaves it, what is seen is read."""
    kept, display = as_shown(value, code)
    assert kept == read
    assert display


@given(st.integers(0, 10**9), st.integers(1, 12))
def test_padding_keeps_every_digit(number: int, width: int) -> None:
    """However many zeros a format asks for, the digits are those of the number."""
    shown = as_shown(float(number), "0" * width)[0]
    assert str(int(shown) if isinstance(shown, float) else shown) == (str(number).zfill(width))


@given(st.text(st.sampled_from('0#?.,%;"\\_*[]年月日ymdhsae@GeneralE+-()=1'), max_size=12), st.floats(-1e6, 1e6))
def test_no_format_fails(code: str, value: float) -> None:
    """A format nobody would write is still only a format."""
    kept, display = as_shown(value, code)
    assert isinstance(kept, (str, float, Fault, date, time))
    assert isinstance(display, str)
