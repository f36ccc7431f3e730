"""Tests of whether rows of marks repeat each other beyond chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import raters
from jifen_analysis.errors import UsageError


def sheet(n: int = 60, step: float = 0.5, seed: int = 5) -> pd.DataFrame:
    """Four marks a member, who differ in merit."""
    random = np.random.default_rng(seed)
    marks = 85 + random.normal(0, 4, (n, 1)) + random.normal(0, 4, (n, 4))
    return pd.DataFrame((marks / step).round() * step, columns=list("abcd"))


def test_birthdays_meet_as_often_as_feller_says() -> None:
    """Of 23 birthdays 253/365 pairs are expected to meet (Feller 1968); a second column of two values halves that."""
    random = np.random.default_rng(7)
    found = [
        raters.repeated_rows(pd.DataFrame({"day": random.integers(0, 365, 23), "half": random.integers(400, 402, 23)}))
        for _ in range(60)
    ]
    assert np.mean([table["repeated"].item() for table in found]) == pytest.approx(253 / 365 / 2, abs=0.25)


def test_copied_rows_and_straight_lines_are_found_in_their_branch() -> None:
    """Six rows carried over, and six of one mark, stand out where they are and nowhere else; in any order."""
    marks = sheet()
    branch = pd.Series(np.repeat(["甲", "乙", "丙"], 20))
    marks.iloc[0:6] = marks.iloc[6:12].to_numpy()
    marks.iloc[20:26] = np.repeat([[80.0], [82], [84], [86], [88], [91]], 4, axis=1)
    table = raters.repeated_rows(marks, branch).set_index("group")
    assert table["stands"].to_dict() == {"甲": "repeated", "乙": "straight", "丙": ""}
    assert (table.loc["甲", "repeated"], table.loc["乙", "straight"]) == (6, 6)
    shuffled = marks.sample(frac=1, random_state=2)
    pd.testing.assert_frame_equal(table.reset_index(), raters.repeated_rows(shuffled, branch))


def test_two_sheets_that_are_one_stand_out_turned_over() -> None:
    """Rows are raters when the table is turned over: of six, two hand in the same twelve marks."""
    sheets = sheet(12, 0.5).join(sheet(12, 0.5, 9).add_prefix("x")).T
    sheets.iloc[5] = sheets.iloc[1].to_numpy()
    found = raters.repeated_rows(sheets)
    assert (found["repeated"].item(), found["stands"].item()) == (1, "repeated")


def test_few_marks_to_choose_from_accuse_nobody() -> None:
    """With marks in fives many rows are equal, as chance has it; where all have the same the count says so alone."""
    table = raters.repeated_rows(sheet(80, 5.0))
    assert table["repeated"].item() > 5
    assert table["stands"].item() == ""
    same = raters.repeated_rows(pd.DataFrame(np.full((20, 3), 90.0)))
    assert (same["straight"].item(), same["stands"].item()) == (20, "")


def test_small_groups_missing_marks_and_what_cannot_be_told() -> None:
    """Four rows are withheld, rows with a missing mark counted; one column, or no whole row, is refused."""
    marks = sheet(24)
    marks.iloc[0, 0] = np.nan
    table = raters.repeated_rows(marks, pd.Series(["甲"] * 20 + ["乙"] * 4)).set_index("group")
    assert table["withheld"].to_dict() == {"乙": True, "甲": False}
    assert table.loc["乙", ["repeated", "repeated_p", "straight"]].isna().all()
    assert table.attrs["left_out"] == 1
    for odd in (marks[["a"]], marks.iloc[:1]):
        with pytest.raises(UsageError, match="至少要有两列"):
            raters.repeated_rows(odd)
