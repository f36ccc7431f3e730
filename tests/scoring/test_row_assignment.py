"""Which row each record belongs to, in which month, and what it says, however the records are cut."""

from datetime import date

import numpy as np
import pytest

from jifen_analysis.periods import Period
from jifen_analysis.scoring import row_assignment
from jifen_analysis.scoring.queries import coding
from jifen_analysis.scoring.roster import build_roster
from jifen_analysis.scoring.row_assignment import AssignedRecords, assign_records, assign_rows
from jifen_analysis.vocabulary import standard
from tests.builders import records

GIVEN = records(
    members=[["1", "甲"], ["2", "甲"]],
    attendance=[
        ["2", "2024-08-31", "lecture", "absent"],
        ["1", "2023-12-31", "lecture", "absent"],
        ["1", "2024-07-01", "lecture", "late"],
        ["1", "2024-12-01", "theme_day", "late"],
    ],
)
ROWS = build_roster(GIVEN, [Period.parse("2024H1"), Period.parse("2024H2")])
CODE = coding("attendance", [], standard())


def together(parts: list[AssignedRecords]) -> list[list[int]]:
    """Row, month, code and place of the records of some slices."""
    kept = [np.arange(len(part.batch))[part.kept] for part in parts]
    columns = [(part.row, part.part(1), part.code.of(), at) for part, at in zip(parts, kept, strict=True)]
    return [np.concatenate(column).tolist() for column in zip(*columns, strict=True)]


def test_records_find_their_row_and_month() -> None:
    """By member and day; what lies in no scored period is left out."""
    row, month, code, at = together([assign_rows(GIVEN.attendance, "attendance", ROWS, CODE)])
    assert (row, month, at) == ([3, 1, 1], [1, 0, 5], [0, 2, 3])
    assert code[1] != code[0] != code[2] != code[1]


@pytest.mark.parametrize("size", [1, 2, 3])
def test_slices_change_nothing(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut anywhere, the records are placed as they are whole."""
    whole = together([assign_rows(GIVEN.attendance, "attendance", ROWS, CODE)])
    monkeypatch.setattr(row_assignment, "SLICE", size)
    cut = together(list(assign_records([GIVEN.attendance], "attendance", ROWS, CODE, None)))
    assert cut == whole


def test_what_is_not_seen_has_no_row() -> None:
    """Nothing after the last day; that day itself is seen."""
    row, *_ = together([assign_rows(GIVEN.attendance, "attendance", ROWS, CODE, date(2024, 8, 31))])
    assert row == [3, 1]


def test_no_records_are_placed_nowhere() -> None:
    """An empty table has one empty slice."""
    assert together([assign_rows(GIVEN.attendance[:0], "attendance", ROWS, CODE)]) == [[], [], [], []]
