import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.sheets import Rows, checked, errors, rows_of

HEADS = {"出勤": "present", "到会": "present", "请假": "leave", "病假": "sick_leave", "缺席": "absent", "迟到": "late"}
SEEN = ("member_id", "date", "status")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    heads=st.lists(st.sampled_from(["出勤", "请假", "病假", "缺席", "迟到"]), min_size=2, max_size=4, unique=True),
    days=st.integers(0, 2),
    picks=st.lists(st.integers(0, 3), min_size=4, max_size=4),
    sign=st.sampled_from(["√", "✓", "✔"]),
)
def test_a_column_a_status_in_any_dress(tmp_path: Path, heads: list, days: int, picks: list, sign: str) -> None:
    """For the title's meeting or below each of some days, a sign means its column's status."""
    meetings = max(days, 1)
    levels = [("姓名", *heads)]
    if days:
        upper = [f"3月{day + 5}日" if k == 0 else None for day in range(days) for k in range(len(heads))]
        levels = [("姓名", *upper), (None, *heads * days)]
    body, wanted = [], []
    for n, name in enumerate(["张三", "李四"]):
        cells: list = []
        for day in range(meetings):
            pick = picks[2 * n + day] % len(heads)
            cells += [sign if k == pick else None for k in range(len(heads))]
            wanted.append((f"0000{n + 1}", f"2024-03-0{day + 5}", HEADS[heads[pick]]))
        body.append((name, *cells))
    title = "2024年党课" if days else "2024年3月5日党课"
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    found = checked(tmp_path / "data", [(title,), *levels, *body])
    assert found.errors == ()
    assert sorted(rows_of(found, "attendance", *SEEN)) == sorted(wanted)


TITLE = ("2024年3月5日党课",)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([TITLE, ("姓名", "出勤", "请假"), ("张三", "√", "√")], "several_marks"),
        ([TITLE, ("姓名", "出勤", "请假", "缺席"), ("张三", 5, 1, 2)], "status_counts"),
        ([TITLE, ("姓名", "出勤", "缺席"), ("张三", "缺席", None)], None),
    ],
)
def test_signs_that_cannot_be_one_status(tmp_path: Path, rows: Rows, code: str | None) -> None:
    """Two signs in a row, or numbers, say no status."""
    found = errors(checked(tmp_path, rows))
    assert [kind for kind, _ in found] == [code] if code else found == []


def test_reasons_below_a_status(tmp_path: Path) -> None:
    """Words in the column of a status are its reason; a more exact word of attendance counts."""
    rows = [TITLE, ("姓名", "出勤", "请假", "缺席"), ("张三", "√(迟到)"[0], None, None), ("李四", None, "出差", None)]
    assert rows_of(checked(tmp_path, rows), "attendance", "status") == [("present",), ("leave",)]


def test_counts_of_statuses_are_refused_as_what_they_are(tmp_path: Path) -> None:
    """Numbers below statuses count meetings: that is said, and no missing column."""
    rows = [("2024年考勤统计",), ("姓名", "出勤", "请假", "缺席"), ("张三", 10, 1, 1), ("李四", 12, 0, 0)]
    assert errors(checked(tmp_path, rows)) == [("status_counts", "B2")]
