"""A scheme written as a workbook, or as TOML, is read as the same scheme."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.frozen import thaw
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.schemes.sheets import document_of, rows_of
from tests.schemes.builders import small

GUIDE = Path(__file__).parents[3] / "docs" / "writing_a_scheme.md"


@pytest.mark.parametrize("ending", ["xlsx", "toml"])
@pytest.mark.parametrize("name", scheme_names())
def test_the_ten_come_back_the_same(tmp_path: Path, name: str, ending: str) -> None:
    """To the digest, and in the order in which things are said."""
    scheme = read_scheme(name)
    again = read_scheme(scheme.write(tmp_path / f"方案.{ending}"))
    assert thaw(again.document) == thaw(scheme.document)
    assert again.digest == scheme.digest
    assert again.describe() == scheme.describe()


def test_what_a_variant_changed_is_written(tmp_path: Path) -> None:
    """Weights that are fractions, quotas of one's own, readings applied: as they are now."""
    scheme = (
        read_scheme("community_60_40")
        .with_shares(daily=2 / 3, evaluation=1 / 3)
        .with_grades(优秀=88)
        .variant("floored")
    )
    again = read_scheme(scheme.write(tmp_path / "方案.xlsx"))
    assert again.digest == scheme.digest


MUCH: dict[str, Any] = {
    "population": {"stage": ["full", "probationary"], "except": {"infirm": True}},
    "valid_from": date(2024, 1, 1),
    "changes": {"2024-01-01": {"set": {"components.duty.weight": 0.5, "period": "year"}, "drop": ["forced"]}},
    "readings": {"empty": {"title": "空", "why": "无"}, "odd": {"set": {"a.b": ["甲", 1], "c": "7/6", "d": True}}},
    "outcomes.more": {
        "title": "多", "any": [
            {"measure": "total", "below": "branch_mean"},
            {"from": "attendance", "where": {"status": ["absent", "late"]}, "except": {"activity": "workday"},
             "at_least": 2, "in_a_row": 3, "per": "month"},
            {"for": {"sex": "female", "age_below": 60, "except": {"post": "none"}}},
        ],
        "gives": {"above": 100, "for_each": 50, "gives": 0.5, "unit": "张;“券”,1=1"},
    },
}  # fmt: skip


def test_every_shape_of_value_comes_back() -> None:
    """Nested notes, quoted texts, dates, lists and JSON of readings."""
    document = thaw(small().document)
    for path, value in MUCH.items():
        *steps, last = path.split(".")
        table = document
        for step in steps:
            table = table.setdefault(step, {})
        table[last] = value
    placed = document_of(rows_of(document))
    assert placed.problems == ()
    assert placed.document == document


def test_where_to_is_checked(tmp_path: Path) -> None:
    """Another ending is refused."""
    with pytest.raises(UsageError, match=r"可用后缀 .toml、.xlsx"):
        read_scheme("street_80_20").write(tmp_path / "a.docx")


def test_the_workbook_says_the_same_in_the_words_of_the_document() -> None:
    """Labels, not codes."""
    rows = rows_of(thaw(read_scheme("community_60_40").document))
    header, first, *_ = rows["规则"]
    said = {head: cell for head, cell in zip(header, first, strict=True) if cell is not None}
    assert said == {
        "板块": "daily", "项目": "organisation_activities", "代号": "attendance", "名称": "参加组织活动",
        "记录": "考勤", "除外": "活动类型=工作日考勤", "按": "出勤情况", "设定": "病假按请假扣分",
        "分值": "缺席=-5;迟到=-4;早退=-4;请假=-3;病假=-3;替会=-10",
    }  # fmt: skip
    assert isinstance(Scheme(document_of(rows).document), Scheme)
