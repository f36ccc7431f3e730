"""Contradictions in a table and between its rows."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tables.refusals import PRESENT, codes


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ({"attendance": [PRESENT, PRESENT]}, [("repeated_row", "attendance[1].member_id")]),
        (
            {"attendance": [PRESENT, {**PRESENT, "status": "absent"}]},
            [("contradiction", "attendance[0].status"), ("contradiction", "attendance[1].status")],
        ),
        ({"attendance": [{**PRESENT, "member_id": "00009"}]}, [("unknown_member", "attendance[0].member_id")]),
        ({"attendance": [{**PRESENT, "date": "1989-03-05"}]}, [("out_of_range", "attendance[0].date")]),
        ({"attendance": [{**PRESENT, "status": "吃饭"}]}, [("unknown_word", "attendance[0].status")]),
        ({"attendance": [{**PRESENT, "status": None}]}, [("missing_value", "attendance[0].status")]),
        ({"dues": [{"member_id": "00001", "month": "2024-1", "due": 1}]}, [("out_of_range", "dues[0].month")]),
        ({"dues": [{"member_id": "00001", "month": "2024-01", "due": -1}]}, [("out_of_range", "dues[0].due")]),
        ({"dues": [{"member_id": "00001", "month": "2024-01", "due": 0.00001}]}, [("out_of_range", "dues[0].due")]),
        (
            {"dues": [{"member_id": "00001", "month": "2024-01", "due": 1, "paid_on": "2024-01-05"}]},
            [("missing_value", "dues[0].paid")],
        ),
        (
            {"events": [{"member_id": "00001", "date": "2024-03-05", "event": "honour", "level": "first"}]},
            [("wrong_level", "events[0].level")],
        ),
        (
            {"events": [{"member_id": "00001", "date": "2024-03-05", "event": "donation"}]},
            [("missing_value", "events[0].amount")],
        ),
        (
            {"corrections": [{"member_id": "00001", "period": "2024", "target": "grade", "points": 1, "reason": "x"}]},
            [("missing_value", "corrections[0].grade")],
        ),
    ],
)
def test_what_contradicts_is_found(tables: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Each kind of contradiction is told once, at its rows."""
    assert codes(**tables) == expected


@pytest.mark.parametrize("grade", ["合格→优秀", "合格改为优秀", "由合格调整为优秀", "合格->优秀", "合格/优秀"])
def test_a_grade_that_says_what_it_was_is_refused(grade: str) -> None:
    """A correction gives the grade that is decided, and nothing beside it; A-, 优秀 and 基本合格 are grades."""
    row = {"member_id": "00001", "period": "2024", "target": "grade", "reason": "x"}
    assert codes(corrections=[{**row, "grade": grade}]) == [("bad_value", "corrections[0].grade")]
    for known in ("优秀", "基本合格", "A-", "B+", "不合格(暂定)"):
        assert codes(corrections=[{**row, "grade": known}]) == []


def test_a_broken_cell_hides_nothing_else() -> None:
    """A row with a bad day is still held against the roster, and its level against its event."""
    event = {"member_id": "00009", "date": "2024-02-30", "event": "honour", "level": "first"}
    assert {code for code, _ in codes(events=[event])} == {"bad_value", "unknown_member", "wrong_level"}
