"""Tests of what is taken of a result."""

import pytest

from jifen_analysis.analysis import inputs
from jifen_analysis.errors import UsageError
from tests.analysis.builders import result, table


def test_a_result_and_its_table_are_read_alike() -> None:
    """An assessment and the bare frame give the same table."""
    frame = table([90.0])
    assert inputs.table_of(result(frame), "total") is inputs.table_of(frame, "total")


def test_an_empty_table_is_refused() -> None:
    """No rows, no answer."""
    with pytest.raises(UsageError, match="表是空的"):
        inputs.table_of(table([]), "total")


def test_an_unknown_column_is_refused_with_the_nearest() -> None:
    """A slip in a column's name is shown the name that was meant."""
    with pytest.raises(UsageError, match="没有列 brunch,最接近的是 branch"):
        inputs.table_of(table([90.0]), "brunch")


def test_grades_nobody_holds_are_listed() -> None:
    """The list of grades comes from the scheme, not from who holds them."""
    assert inputs.grades_of(table([90.0], grade="优秀")) == ["不合格", "合格", "优秀"]


def test_what_is_no_result_is_refused() -> None:
    """A table where a result is needed, a list where a table is, records where a scheme is."""
    with pytest.raises(UsageError, match="须给出 assess 的结果\\(要用其中的 ledger\\),收到的是 DataFrame"):
        inputs.part_of(table([90.0]), "ledger")
    with pytest.raises(UsageError, match="要用其中的 table\\),收到的是 list"):
        inputs.table_of([90.0])  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="要用其中的 scheme"):
        inputs.scheme_of(result(table([90.0]), scheme="community"))
