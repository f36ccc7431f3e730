"""Tests of how gently branches mark, as far as marks can tell."""

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import evaluators
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from tests.analysis.builders import result, table
from tests.builders import records


def branches() -> pd.DataFrame:
    """A gentle branch, a strict one, and a tiny one."""
    marks = [99, 100, 100, 98, 100, 80, 85, 90, 75, 70, 88]
    return table([90] * 11, evaluation=marks).assign(branch=["宽"] * 5 + ["严"] * 5 + ["小"])


def test_a_gentle_branch_stands_above_the_mean() -> None:
    """Mean, spread, difference and full marks by branch."""
    rows = evaluators.leniency(branches()).set_index("branch")
    assert rows.loc["宽", ["n", "mean", "ceiling_share"]].tolist() == pytest.approx([5, 99.4, 0.6])
    assert rows.loc["严", "difference"] == pytest.approx(80 - branches()["evaluation"].mean())
    assert rows.loc["严", "sd"] == pytest.approx(np.std([80, 85, 90, 75, 70], ddof=1))


def test_full_marks_are_those_of_the_scheme() -> None:
    """Twenty is full where the mean mark counts a fifth, and a hundred where nothing else is said."""
    frame = branches().assign(evaluation=branches()["evaluation"] / 5)
    fifth = evaluators.leniency(result(frame, scheme=read_scheme("street_80_20")))
    assert fifth.attrs["maximum"] == 20
    assert fifth.set_index("branch").loc["宽", "ceiling_share"] == 0.6
    assert evaluators.leniency(frame).attrs["maximum"] == 100
    assert evaluators.leniency(frame, maximum=19.6).set_index("branch").loc["宽", "ceiling_share"] == 1.0


def test_shares_of_a_small_branch_are_withheld() -> None:
    """One mark has a mean and no share."""
    rows = evaluators.leniency(branches()).set_index("branch")
    assert rows["withheld"].to_dict() == {"宽": False, "严": False, "小": True}
    assert np.isnan(rows.loc["小", "ceiling_share"])


def test_between_and_within_are_the_whole_variance() -> None:
    """The spread of all marks splits exactly between branches and inside them."""
    attrs = evaluators.leniency(branches()).attrs
    assert attrs["between"] + attrs["within"] == pytest.approx(branches()["evaluation"].var(ddof=0))
    assert attrs["eta2"] == pytest.approx(attrs["between"] / branches()["evaluation"].var(ddof=0))


def test_few_voters_are_flagged_where_records_are_at_hand() -> None:
    """A branch whose members are marked by three people is flagged, one with eight is not."""
    given_ = records(
        members=[["00001", "少"], ["00002", "多"]],
        attendance=[["00001", "2024-03-05", "lecture", "present"]],
        evaluations=[["00001", "2024H1", "members", 90, 3], ["00002", "2024H1", "members", 90, 8]],
    )
    rows = evaluators.leniency(assess(given_, read_scheme("community_60_40"))).set_index("branch")
    assert rows["voters"].to_dict() == {"少": 3.0, "多": 8.0}
    assert rows["few_voters"].to_dict() == {"少": True, "多": False}


def test_without_records_voters_are_unknown() -> None:
    """Not knowing how many voted is not few."""
    assert evaluators.leniency(branches())["few_voters"].isna().all()


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (table([90], evaluation=np.nan), "没有评议分"),
        (table([90], evaluations=90.0), "没有列 evaluation,最接近的是 evaluations"),
    ],
)
def test_no_evaluations_are_refused(frame: pd.DataFrame, said: str) -> None:
    """A scheme without evaluation, or a year without any, has no leniency."""
    with pytest.raises(UsageError, match=said):
        evaluators.leniency(result(frame))


def equal(seed: int, branches: int = 30, members: int = 5) -> pd.DataFrame:
    """Branches that mark alike, of few members each."""
    marks = np.random.default_rng(seed).normal(85, 4, branches * members).round(2)
    return pd.DataFrame({"branch": np.repeat([f"{n:02d}" for n in range(branches)], members), "evaluation": marks})


def test_equal_branches_are_not_told_apart() -> None:
    """Eta squared is a fifth by chance alone, omega squared about nothing with 0 in its interval; nobody is named."""
    found = [evaluators.leniency(equal(seed)) for seed in range(20)]
    assert np.mean([rows.attrs["eta2"] for rows in found]) > 0.17
    assert np.mean([rows.attrs["omega2"] for rows in found]) < 0.05
    assert sum(rows.attrs["omega2_low"] == 0 for rows in found) >= 17
    assert sum((rows["stands"] != "").any() for rows in found) <= 3


def test_a_branch_that_stands_apart_is_named() -> None:
    """Ten points more are beyond the interval of all branches at once."""
    frame = equal(1, branches=8, members=12)
    frame.loc[frame["branch"] == "03", "evaluation"] += 10
    rows = evaluators.leniency(frame).set_index("branch")
    assert rows.loc["03", "stands"] == "above"
    assert rows.loc["03", "difference_low"] > 0
    assert rows.attrs["omega2_low"] > 0.1


def test_marks_of_one_member_are_not_independent() -> None:
    """The same marks written down four times make nothing surer."""
    once = equal(2, branches=6).assign(member_id=[f"{n:05d}" for n in range(30)])
    often = pd.concat([once.assign(period=f"2024Q{quarter}") for quarter in range(1, 5)])
    columns = ["members", "difference", "difference_low", "difference_high", "stands"]
    pd.testing.assert_frame_equal(evaluators.leniency(once)[columns], evaluators.leniency(often)[columns])
    assert evaluators.leniency(often).attrs["omega2"] == pytest.approx(evaluators.leniency(once).attrs["omega2"])


def test_marks_by_common_judges_take_merit_out() -> None:
    """A branch that is better by everybody's marks is not gentle; one that only its own mark higher is."""
    random = np.random.default_rng(3)
    branch = np.repeat(["常", "好", "宽", "另"], 40)
    merit = random.normal(80, 4, 160) + 8 * (branch == "好")
    common, own = merit + random.normal(0, 1, 160), merit + random.normal(0, 1, 160) + 6 * (branch == "宽")
    frame = pd.DataFrame({"branch": branch, "evaluation": own, "common": common})
    assert evaluators.leniency(frame).set_index("branch").loc["好", "stands"] == "above"
    rows = evaluators.leniency(frame, anchor="common").set_index("branch")
    assert rows.loc["宽", "stands"] == "above"
    assert rows.loc["好", "difference"] < rows.loc["宽", "difference"] - 4
    assert rows.attrs["slope"] == pytest.approx(1, abs=0.1)


def test_a_hair_below_full_marks_is_full() -> None:
    """Full marks are compared as all scores are, in millionths."""
    frame = pd.DataFrame({"branch": ["一"] * 5, "evaluation": [100 - 1e-9] * 4 + [90.0]})
    assert evaluators.leniency(frame).loc[0, "ceiling_share"] == 0.8


@pytest.mark.parametrize("marks", [(78.71, 78.46, 77.69, 77.882), (0.1, 0.2, 0.3), (90.0, 90.0)])
def test_members_alike_in_every_period_are_told_apart_by_no_last_bit(marks: tuple[float, ...]) -> None:
    """Marks that differ between periods alone have no spread between members: no branch is above or below by noise."""
    rows = [(branch, f"{branch}{n}", mark) for branch in "甲乙丙" for n in range(7) for mark in marks]
    table = evaluators.leniency(pd.DataFrame(rows, columns=["branch", "member_id", "evaluation"]))
    assert (table["stands"] == "").all()
