"""Tests of numbers, lists and names as every question needs them."""

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import inputs
from jifen_analysis.errors import UsageError


def test_an_unknown_name_is_said_in_english_too() -> None:
    """Every message exists in both languages."""
    with pytest.raises(UsageError) as refused:
        inputs.require("优", ["优秀", "合格"], "等次", "grade")
    assert refused.value.message("en") == "no grade 优; the nearest is 优秀; there are: 优秀, 合格"


def test_missing_numbers_are_left_out_and_the_rest_is_ordered() -> None:
    """Numbers come sorted, so that sums do not depend on the order of rows."""
    assert inputs.numbers([3, np.nan, 1]).tolist() == [1.0, 3.0]


def test_too_few_numbers_are_refused() -> None:
    """Only missing values are no numbers."""
    with pytest.raises(UsageError, match="分数不足:至少需要 1 个,只有 0 个"):
        inputs.numbers([np.nan])


def test_a_member_named_twice_is_refused() -> None:
    """Two periods in one list cannot be told apart."""
    with pytest.raises(UsageError, match="前一年中同一人出现多次:1"):
        inputs.by_member(pd.Series([1, 2], index=["1", "1"]), "前一年", "before")


def test_an_empty_list_of_members_is_refused() -> None:
    """A year without anybody is no year to compare."""
    with pytest.raises(UsageError, match="前一年是空的"):
        inputs.by_member(pd.Series(dtype=float), "前一年", "before")


def test_two_series_are_matched_by_member() -> None:
    """Lists in another order are of the same members; lists of others are refused."""
    value, group = pd.Series({"1": 90.0, "2": 80.0}), pd.Series({"2": "乙", "1": "甲"})
    assert inputs.pair_values(value, group)["group"].tolist() == ["甲", "乙"]
    with pytest.raises(UsageError, match="同一批人"):
        inputs.pair_values(value, pd.Series({"2": "乙", "3": "甲"}))


def test_rows_with_a_missing_value_are_not_complete() -> None:
    """Only whole rows are kept, and at least two of them are needed."""
    frame = pd.DataFrame({"a": [1, 2, np.nan], "b": [1, 2, 3]})
    assert inputs.complete(frame, "分项", "items").index.tolist() == [0, 1]
    with pytest.raises(UsageError, match="只有 1 行 2 列"):
        inputs.complete(frame.iloc[1:], "分项", "items")


@pytest.mark.parametrize(("low", "high"), [(0.1 + 0.2, 0.3), (0.7 * 90 + 0.3 * 90, 90.0), (89.9999996, 90.0)])
def test_totals_equal_at_six_decimals_are_equal(low: float, high: float) -> None:
    """What floats lose in the last bits never decides."""
    assert inputs.millionths(low) == inputs.millionths(high)


def test_a_seventh_decimal_is_seen_only_after_rounding() -> None:
    """A real difference at the sixth decimal stays."""
    assert inputs.millionths(89.999999) < inputs.millionths(90)


@pytest.mark.parametrize("junk", [None, 3, "2024", {90, 80}, np.ones((2, 2)), pd.DataFrame({"a": [1]})])
def test_what_is_no_list_is_refused(junk: object) -> None:
    """One value, a word, a set or a table is no list of scores."""
    with pytest.raises(UsageError, match="分数须是一列值,收到的是"):
        inputs.numbers(junk)  # type: ignore[arg-type]


@pytest.mark.parametrize(("values", "said"), [(["九十"], "不是数字的内容"), ([np.inf, 1], "有无穷大")])
def test_what_is_no_number_is_refused(values: list[object], said: str) -> None:
    """A word among scores, or an endless one."""
    with pytest.raises(UsageError, match=said):
        inputs.floats(pd.Series(values), "分数", "scores")


@pytest.mark.parametrize("junk", [None, np.nan, np.inf, "优秀", [90]])
def test_a_single_number_is_asked_for(junk: object) -> None:
    """A cut that is missing, a word or a list is none."""
    with pytest.raises(UsageError, match="分数线须是一个数,收到的是"):
        inputs.as_number(junk, "分数线", "the cut")


def test_a_table_of_numbers_is_checked() -> None:
    """A Series is no table, and two columns of one name cannot be told apart."""
    with pytest.raises(UsageError, match="分项须是 DataFrame,收到的是 Series"):
        inputs.as_frame(pd.Series([1.0]), "分项", "items")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="分项有两列都叫 a"):
        inputs.as_frame(pd.DataFrame([[1, 2]], columns=["a", "a"]), "分项", "items")


def test_a_grade_listed_twice_is_refused() -> None:
    """A list of grades has each once, and their order is kept."""
    held = pd.Series({"1": "合格"})
    assert inputs.as_grades(held, ["不合格", "合格"], "前一年", "before").cat.categories.tolist() == ["不合格", "合格"]
    with pytest.raises(UsageError, match="等次表有重复"):
        inputs.as_grades(held, ["合格", "合格"], "前一年", "before")
