import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.cells.numbers import read_boolean, read_count, read_number
from jifen_analysis.tables import TABLES, Column

DUE = TABLES["dues"]["due"]
MARK = TABLES["evaluations"]["mark"]
QUANTITY = TABLES["events"]["quantity"]


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, 12),
        ("12元", 12),
        ("1,200", 1200),
        ("￥12", 12),
        ("¥12.50", 12.5),
        ("１２", 12),
        ("免缴", 0),
        ("0.12万元", 1200),
        ("12元/月", 12),
    ],
)
def test_amounts_people_write_are_read(value: object, number: float) -> None:
    """Units, thousands and full-width digits do not change an amount."""
    assert read_number(value, DUE).value == number


@given(
    number=st.integers(1, 9999),
    digits=st.sampled_from(["零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"]),
    tens=st.sampled_from(["千百十", "仟佰拾"]),
    unit=st.sampled_from(["元", "元整", "元正", "圆整"]),
)
def test_amounts_in_the_numerals_of_receipts_are_read(number: int, digits: str, tens: str, unit: str) -> None:
    """Every whole amount up to 9999 that is written out, in either set of numerals, is that amount."""
    written, places = "", f"{number:04d}"
    for digit, place in zip(places, (*tens, ""), strict=True):
        written += digits[int(digit)] + place if digit != "0" else digits[0]
    written = re.sub(f"{digits[0]}+", digits[0], written).strip(digits[0])
    for text in {written, written.removeprefix(digits[1]) if written.startswith(digits[1] + tens[2]) else written}:
        reading = read_number(f"人民币{text}{unit}", DUE)
        assert (reading.value, reading.severity) == (number, "note")


@given(yuan=st.integers(0, 2000), jiao=st.integers(0, 9), fen=st.integers(0, 9), whole=st.sampled_from(["", "整"]))
def test_amounts_in_coins_are_read(yuan: int, jiao: int, fen: int, whole: str) -> None:
    """12元5角3分 is 12.53; coins are no marks."""
    parts = (
        f"{yuan:,}元" if yuan else "",
        f"{jiao}角" if jiao else "零" if yuan and fen else "",
        f"{fen}分" if fen else "",
    )
    if (jiao or (yuan and fen)) and (text := "".join(parts) + whole):
        reading = read_number(text, DUE)
        assert (reading.value, reading.severity) == (pytest.approx(yuan + jiao / 10 + fen / 100), "note")
        assert read_number(text, Column("mark", "number")).severity == "error"


@pytest.mark.parametrize(
    "value", ["0.12万", "十二", "二元三", "百元", "约200元", "1,20", "12-15", True, "待定", -5, "-5元", "12分", "1e3"]
)
def test_amounts_nobody_can_know_are_refused(value: object) -> None:
    """Words, estimates, ranges and negative amounts are refused."""
    reading = read_number(value, DUE)
    assert (reading.severity, reading.value) == ("error", None)


@pytest.mark.parametrize("value", [100.1, -1, "优秀", "101", "85元", float("inf")])
def test_marks_stay_between_their_bounds(value: object) -> None:
    """A mark is a number from 0 to 100."""
    assert read_number(value, MARK).severity == "error"


@pytest.mark.parametrize(
    ("value", "count"), [(2, 2), (2.0, 2), ("2", 2), ("3次", 3), ("4户", 4), ("零票", 0), ("一百零二票", 102)]
)
def test_counts_are_read(value: object, count: int) -> None:
    """A count may carry its unit, and be in words with it."""
    assert read_count(value, QUANTITY).value == count


@pytest.mark.parametrize("value", ["几次", "十来户", "一百二户", True, 2.5, "2.5", -1, "一"])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    """Words that are no number, fractions, truth values and negative numbers are no count."""
    assert read_count(value, QUANTITY).severity == "error"


@pytest.mark.parametrize(
    ("value", "truth"),
    [("是", True), ("√", True), (1.0, True), ("TRUE", True), (True, True), ("否", False), (0, False), ("×", False)],
)
def test_booleans_are_read(value: object, truth: bool) -> None:
    """Yes and no come in words, ticks and digits."""
    assert read_boolean(value).value is truth


def test_other_words_are_no_boolean() -> None:
    """A word that is neither is refused, unless it is the column's own."""
    assert read_boolean("可能").severity == "error"
    assert read_boolean("流动", ("流动",)).value is True


def test_no_bounds_leave_numbers_alone() -> None:
    """Points may be negative."""
    assert read_number("-2.5", Column("points", "number")).value == -2.5
