"""异议复核: where a decision belongs, what it changes, and which have no place."""

from datetime import date
from typing import Any

import pytest

from jifen_analysis.errors import InvalidRecords
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from tests.builders import records, scheme

TEXT = """
[components.base]
weight = 0.5
[components.base.items.meetings]
title = "组织生活"
start = 20
floor = 0
rules.absent = { title = "缺席", from = "attendance", where = { status = "absent" }, points = -15 }
[components.base.items.duties]
title = "工作"
start = 30
rules.task = { title = "任务", from = "events", where = { event = "task" }, points = -1 }
rules.late = { title = "逾期", from = "events", where = { event = "task", level = "late" }, points = -1 }
[components.base.items.others]
title = "其他"
rules.late = { title = "迟到", from = "attendance", where = { status = "late" }, points = -1 }
[grades."优秀"]
at_least = 25
[grades."合格"]
at_least = 10
[grades."不合格"]
"""


def result(*decisions: list[Any], corrections: bool = True, as_of: date | None = None, **tables: Any) -> Assessment:
    """Member 1, absent twice in 2024, with decisions after objections: 0.5 * (0 + 30) = 15 without them."""
    given = {
        "members": [["1", "甲"]],
        "attendance": [["1", f"2024-01-0{day}", "lecture", "absent"] for day in (1, 2)],
        "corrections": [[one, period, target, {"reason": "复核", **more}] for one, period, target, more in decisions],
    }
    return assess(records(**(given | tables)), scheme(TEXT), corrections=corrections, as_of=as_of)


def total(found: Assessment) -> float:
    """The one total."""
    return found.table["total"].item()


@pytest.mark.parametrize("target", ["meetings", "base.meetings", "组织生活", "组织 生活", "absent", "缺席"])
def test_an_item_is_named_in_many_ways(target: str) -> None:
    """By id, with its component, by title, or by one of its rules; two points more come after the floor."""
    found = result(["1", "2024", target, {"points": 2}])
    assert (total(found), found.table["flags"].item()) == (16, "corrected")
    line = found.ledger[found.ledger["kind"] == "correction"]
    assert line[["item", "rule", "count", "points", "contribution"]].to_numpy().tolist() == [
        ["meetings", "", 1, 2.0, 1.0]
    ]


@pytest.mark.parametrize(
    ("target", "period", "more"),
    [
        ("late", "2024", {"points": 1}),
        ("own_work", "2024", {"points": 1}),
        ("meetings", "2024H1", {"points": 1}),
        ("meetings", "2023", {"points": 1}),
        ("grade", "2024", {"grade": "良好"}),
        ("grade", "2024H1", {"grade": "优秀"}),
    ],
)
def test_what_has_no_place_is_noted(target: str, period: str, more: dict[str, Any]) -> None:
    """A rule of two items, another scheme's item or grade, a period not scored: nothing changes, and a note says so."""
    found = result(["1", period, target, more], members=[["1", "甲"], ["2", "甲"]])
    assert found.table["flags"].tolist() == ["", ""]
    assert [(note.code, note.severity, note.value) for note in found.notes] == [("correction_unused", "note", target)]
    assert f"“{target}”({period})" in found.notes[0].message()


def test_decisions_on_one_item_add_up() -> None:
    """Two decisions, one of them downwards."""
    found = result(["1", "2024", "meetings", {"points": 6}], ["1", "2024", "absent", {"points": -2.5}])
    assert total(found) == 0.5 * (30 + 3.5)


def test_two_grades_contradict_each_other() -> None:
    """Whichever of its two names the grade is given, only one decision can stand."""
    with pytest.raises(InvalidRecords, match="与另一行矛盾"):
        result(["1", "2024", "grade", {"grade": "优秀"}], ["1", "2024", "等次", {"grade": "不合格"}])


def test_points_move_the_band_and_a_grade_ends_it() -> None:
    """Twenty points more make the total 25; the grade decided is the last word all the same."""
    found = result(["1", "2024", "duties", {"points": 20}], ["1", "2024", "grade", {"grade": "不合格"}]).table
    assert (found["grade_by_total"].item(), found["grade"].item()) == ("优秀", "不合格")


def test_without_corrections_nothing_is_laid_over() -> None:
    """The computed result, without flag and without note."""
    decisions = (
        ["1", "2024", "meetings", {"points": 2}],
        ["1", "2024", "grade", {"grade": "优秀"}],
        ["1", "2024", "x", {"points": 2}],
    )
    found = result(*decisions, corrections=False)
    assert (total(found), found.table["grade"].item(), found.table["flags"].item()) == (15, "合格", "")
    assert found.notes == ()


def test_a_decision_after_the_day_is_not_seen() -> None:
    """One of the day itself is, and so is one without a date."""
    dated = [
        ["1", "2024", "meetings", {"points": 2, "decided_on": "2024-12-31"}],
        ["1", "2024", "duties", {"points": 4}],
    ]
    assert total(result(*dated, as_of=date(2024, 12, 30))) == 17
    assert total(result(*dated, as_of=date(2024, 12, 31))) == 18


@pytest.mark.parametrize("member", [{"exempt": True}, {"until": "2023-12-31"}])
def test_who_is_not_scored_is_not_corrected(member: dict[str, Any]) -> None:
    """The states that stand alone stay alone."""
    decided = ["1", "2024", "grade", {"grade": "优秀"}]
    other = [["2", "2024-01-01", "lecture", "absent"]]
    found = result(decided, members=[["1", "甲", member], ["2", "甲"]], attendance=other).table
    assert (found["flags"].iloc[0], found["grade"].isna().iloc[0]) in [("exempt", True), ("not_assessed", True)]
