import pickle

import pandas as pd
import pytest

from jifen_analysis.errors import InvalidRecords, UsageError
from jifen_analysis.tables import Records, Source
from jifen_analysis.tables.sources import letters

MEMBERS = pd.DataFrame({"member_id": ["00001", "00002"], "branch": ["甲", "乙"]})
ATTENDANCE = pd.DataFrame(
    {
        "member_id": ["00001", "00002"],
        "date": ["2024-03-05", "2023-03-05"],
        "activity": "lecture",
        "status": "present",
        "_source": 1,
        "_row": [3, 4],
        "_column": [0, 7],
    }
)
SOURCE = Source("a.xlsx", "考勤", {"member_id": 1, "status": 5}, beside={"date": 2})


def _records() -> Records:
    return Records.from_frames({"members": MEMBERS, "attendance": ATTENDANCE}, sources=[SOURCE])


def test_frames_handed_out_are_fresh() -> None:
    """Writing into a frame changes nothing inside."""
    records = _records()
    frame = records.members
    frame.loc[0, "branch"] = "丙"
    assert records.members["branch"].tolist() == ["甲", "乙"]


def test_tables_that_are_absent_are_empty() -> None:
    """A table nobody sent has its columns and no rows."""
    assert _records().dues.empty
    assert list(_records().dues) == ["member_id", "month", "due", "paid", "paid_on"]


def test_cutting_changes_nothing() -> None:
    """In batches or in one, the same rows."""
    records = _records()
    assert len(list(records.cut(1).batches("attendance"))) == 2
    pd.testing.assert_frame_equal(records.cut(1).attendance, records.attendance)


def test_addresses_lead_to_the_cell() -> None:
    """A shared column gives its own cell, a wide record its column, another value stands beside it."""
    records = _records()
    first, second = (row for _, row in records.attendance.iterrows())
    assert records.address(first, "status") == ("a.xlsx", "考勤", "E3")
    assert records.address(second, "member_id")[2] == "A4"
    assert records.address(second, "date")[2] == "I4"
    assert records.address(second, "activity")[2] == "G4"
    assert records.address(records.members.iloc[0]) == ("", "", "")


@pytest.mark.parametrize(("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (16_384, "XFD"), (0, "")])
def test_letters_of_columns(number: int, name: str) -> None:
    """Column numbers have the letters that spreadsheets give them."""
    assert letters(number) == name


def test_years_are_those_of_the_records() -> None:
    """Every year that any table speaks of."""
    assert _records().years == (2023, 2024)


def test_only_keeps_the_rows_of_a_mask() -> None:
    """Records of one branch are records again."""
    records = _records()
    few = records.only({"members": records.members["branch"] == "甲"})
    assert few.members["member_id"].tolist() == ["00001"]
    assert len(few.attendance) == 2


def test_records_survive_pickling() -> None:
    """Records travel to worker processes."""
    again = pickle.loads(pickle.dumps(_records().attendance))
    pd.testing.assert_frame_equal(again, _records().attendance)


def test_unknown_tables_are_wrong_usage() -> None:
    """A table that does not exist, or no roster, is a mistake of the call."""
    with pytest.raises(UsageError, match="members"):
        Records.from_frames({"attendance": ATTENDANCE})


def test_all_problems_come_at_once() -> None:
    """Both bad rows are told, not the first alone."""
    bad = ATTENDANCE.assign(status=["x", "y"])
    with pytest.raises(InvalidRecords, match="2 处错误") as caught:
        Records.from_frames({"members": MEMBERS, "attendance": bad}, sources=[SOURCE])
    assert [problem.cell for problem in caught.value.problems] == ["E3", "E4"]


def test_types_survive_parquet(tmp_path) -> None:
    """A round trip through Parquet keeps every type."""
    for name in ("members", "attendance"):
        frame = _records().table(name)
        frame.to_parquet(tmp_path / "a.parquet")
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "a.parquet"), frame)
