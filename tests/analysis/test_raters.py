"""Tests of how far raters agree."""

from __future__ import annotations

import krippendorff
import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import raters
from jifen_analysis.analysis.raters import _distances, _drawn_grades
from jifen_analysis.errors import UsageError

NO = np.nan
OBSERVERS = pd.DataFrame(
    {
        "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, NO, NO, NO],
        "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NO, 3],
        "C": [NO, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NO],
        "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NO],
    }
)
"""Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C."""

ANXIETY = pd.DataFrame(
    {
        "rater1": [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        "rater2": [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        "rater3": [2, 1, 4, 4, 3, 2, 1, 6, 1, 1, 1, 2, 3, 3, 1, 1, 3, 3, 2, 2],
    }
)
"""The data set of R's irr package."""


def test_krippendorffs_four_observers() -> None:
    """Published in 2011: .743 nominal, .815 ordinal, .849 interval; the unit with a single mark is left out."""
    table = raters.concordance(OBSERVERS, draws=19)
    assert table.loc[["alpha_nominal", "alpha_ordinal", "alpha_interval"], "value"].round(3).tolist() == [
        0.743,
        0.815,
        0.849,
    ]
    assert table.attrs == {"persons": 11, "raters": 4, "whole": 8, "left_out": 1}
    assert (table["p"] <= 0.05).all()
    again = raters.concordance(OBSERVERS.sample(frac=1, random_state=1)[["C", "A", "D", "B"]], draws=19)
    pd.testing.assert_frame_equal(table, again)


def test_kendalls_w_of_the_anxiety_ratings() -> None:
    """What R's irr prints (kendall, ties corrected): W .54 with p .0429."""
    row = raters.concordance(ANXIETY, draws=1).loc["kendall_w"]
    assert (round(row["value"], 2), round(row["p"], 4)) == (0.54, 0.0429)
    assert row["chance"] == pytest.approx(1 / 3)


def test_cohens_kappa_of_a_table() -> None:
    """R's irr (kappa2) on the table 53 5 2, 11 14 5, 1 6 3: .429."""
    second = [np.repeat([0, 1, 2], counts) for counts in ([53, 5, 2], [11, 14, 5], [1, 6, 3])]
    marks = pd.DataFrame({"r1": np.repeat([0, 1, 2], [60, 30, 10]), "r2": np.concatenate(second)})
    assert raters.concordance(marks, draws=1).loc["kappa", "value"] == pytest.approx(0.429, abs=5e-4)


def test_marks_of_many_values_have_the_same_alpha() -> None:
    """The sums of squares give what the table of coincidences gives; kappa is none of such marks."""
    marks = pd.DataFrame(
        np.random.default_rng(3).normal(85, 4, (20, 1)) + np.random.default_rng(4).normal(0, 2, (20, 3))
    )
    marks.iloc[0, 0] = NO
    fine = raters.concordance(marks.round(), draws=3)
    by_table = krippendorff.alpha(marks.round().T.to_numpy(), level_of_measurement="interval")
    assert fine.loc["alpha_interval", "value"] == pytest.approx(by_table)
    assert fine.loc[["kappa", "alpha_nominal"], "value"].isna().all()


TOO_FEW, ALIKE = "至少要有两人各得两个评分,现有", "所有评分全同"


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        ({"a": [1.0, 2]}, TOO_FEW),
        ({"a": [1.0, NO], "b": [2.0, 3]}, TOO_FEW),
        ({"a": [5.0, 5], "b": [5.0, 5]}, ALIKE),
        ({"a": [0.1 + 0.2, 0.3], "b": [0.3, 0.3]}, ALIKE),
    ],
)
def test_one_rater_or_marks_all_alike_are_no_agreement(marks: dict[str, list[float]], said: str) -> None:
    """One rater, one person with two marks, no difference at all or of the last bits only: each is said."""
    with pytest.raises(UsageError, match=said):
        raters.concordance(pd.DataFrame(marks))


@pytest.mark.parametrize("step", [1.0, 0.01])
def test_raters_who_never_differed_may_yet(step: float) -> None:
    """Identical rows are no certainty: the interval is none of few, ends at 1, and starts the higher the more."""
    merit = np.arange(60) % 4 + np.arange(60) * (step < 1) * step
    low = []
    for persons in (4, 5, 12, 60):
        table = raters.concordance(pd.DataFrame(dict.fromkeys("abc", merit[:persons])), draws=3)
        row = table.loc["alpha_interval"]
        assert row["value"] == 1
        assert np.isnan(row["low"]) if persons < 5 else row["high"] == 1
        low.append(row["low"])
    assert 0.3 < low[1] < 0.6 < low[2] < 0.9 < low[3] < 0.97


@pytest.mark.parametrize("marks", [OBSERVERS.iloc[:11], ANXIETY])
def test_what_is_drawn_is_the_librarys(marks: pd.DataFrame) -> None:
    """With every person drawn once the tables add up to what krippendorff and statsmodels say."""
    held = marks.to_numpy("float64")
    once = np.ones((1, len(held)))
    drawn = np.append(_drawn_grades(held, once)[0], _distances(held, once)[0])
    value = raters.concordance(marks, draws=1)["value"]
    assert drawn.tolist() == pytest.approx(value.drop("kendall_w").tolist())


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
