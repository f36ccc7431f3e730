from pathlib import Path

import pytest

from tests.intake.sheets import checked, rows_of


@pytest.mark.parametrize(("top", "low"), [("理论学习", ("一季度", "二季度")), ("一季度", ("理论学习", "本职工作"))])
def test_a_quarter_beside_an_item_is_when(tmp_path: Path, top: str, low: tuple[str, str]) -> None:
    """Above or below the item a quarter is its period, and alone it is no item."""
    rows = [("2024年考评打分",), ("姓名", top, None), (None, *low), ("张三", 9, 8)]
    found = checked(tmp_path / "both", rows, merges=["A2:A3", "B2:C2"])
    whole = {"理论学习": [("理论学习", "2024Q1"), ("理论学习", "2024Q2")]}
    told = whole.get(top, [("理论学习", "2024Q1"), ("本职工作", "2024Q1")])
    assert (found.errors, rows_of(found, "marks", "item", "period")) == ((), told)
    alone = checked(tmp_path / "alone", [("2024年考评打分",), ("姓名", "一季度", "二季度"), ("张三", 9, 8)])
    assert alone.errors
