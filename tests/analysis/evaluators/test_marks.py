"""Tests of how much a mark says about the judge, and of how gently branches mark."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import evaluators
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from tests.analysis.builders import brennan, result, shrout_fleiss, table
from tests.builders import records

MARKS = st.integers(2, 5).flatmap(
    lambda k: st.lists(st.tuples(*[st.integers(0, 100)] * k), min_size=2, max_size=8).map(
        lambda rows: pd.DataFrame(rows, dtype=float)
    )
)


def test_the_six_targets_of_shrout_and_fleiss() -> None:
    """Shrout & Fleiss (1979), Tables 3 and 4: ICC(2,4) = .62 is phi, ICC(3,4) = .91 is E rho2; mean squares too."""
    found = evaluators.g_study(shrout_fleiss())
    assert round(found.attrs["phi"], 2) == 0.62
    assert round(found.attrs["e_rho2"], 2) == 0.91
    residual = found.loc["residual", "variance"]
    assert residual == pytest.approx(1.02, abs=0.005)
    assert 4 * found.loc["person", "variance"] + residual == pytest.approx(11.24, abs=0.005)
    assert 6 * found.loc["evaluator", "variance"] + residual == pytest.approx(32.49, abs=0.005)


def test_the_ten_persons_of_brennan() -> None:
    """Brennan (2001), Table 3.3: the seven components of the p x i x o design."""
    found = evaluators.g_study(brennan())
    published = [0.5528, 0.4417, 0.0074, 0.5750, 0.1009, 0.1565, 0.9352]
    assert found["variance"].round(4).tolist() == published
    assert found.index.tolist()[:4] == ["person", "evaluator", "period", "person_evaluator"]
    assert found["df"].tolist() == [9, 3, 1, 27, 9, 3, 27]


def test_inside_branches_their_level_and_their_size_say_nothing() -> None:
    """Two branches alike but for their level have the components of one; a lone member and a stranger are left out."""
    one = brennan()
    two = pd.concat([one, one + 20, one.iloc[:2] * 5], ignore_index=True)
    branch = pd.Series(["甲"] * 10 + ["乙"] * 10 + ["丙", None])
    found, alone = evaluators.g_study(two, branch), evaluators.g_study(one)
    np.testing.assert_allclose(found["variance"], alone["variance"], atol=1e-12)
    assert found["df"].tolist() == (2 * alone["df"]).tolist()
    assert (found.attrs["branches"], found.attrs["persons"], found.attrs["left_out"]) == (2, 20, 2)
    shuffled = two.sample(frac=1, random_state=1).sample(frac=1, axis=1, random_state=2)
    pd.testing.assert_frame_equal(found, evaluators.g_study(shuffled, branch), check_exact=True)


def test_marks_of_a_result_are_those_of_every_group_and_period() -> None:
    """Who misses a mark is not among them, who changed branch has none, and half-years are not mixed with years."""
    rows = [(who, period, group, 80.0) for who in "123" for period in ("2023H1", "2023H2") for group in ("a", "b")]
    rows += [("1", "2023", "a", 99.0)]
    evaluations = pd.DataFrame(rows[:-2] + rows[-1:], columns=["member_id", "period", "group", "mark"])
    table = pd.DataFrame(
        {"member_id": list("123123"), "period": ["2023H1"] * 3 + ["2023H2"] * 3, "branch": list("甲甲甲甲乙甲")}
    )
    held = SimpleNamespace(table=table, records=SimpleNamespace(table=lambda _: evaluations))
    marks, branch = evaluators.complete_marks(held)
    assert marks.index.tolist() == ["1", "2"]
    assert marks.shape == (2, 4)
    assert branch.reindex(["1", "2"]).isna().tolist() == [False, True]
    assert evaluators.complete_marks(held, ["2023H1"])[0].columns.tolist() == ["a", "b"]
    with pytest.raises(UsageError, match="没有这些期的评议分"):
        evaluators.complete_marks(held, ["2022H1"])


@settings(deadline=None, max_examples=40)
@given(MARKS)
def test_components_solve_the_expected_mean_squares(marks: pd.DataFrame) -> None:
    """Sums of squares written out by hand give the same components, a negative one being zero."""
    n, k = marks.shape
    grand, values = marks.to_numpy().mean(), marks.to_numpy()
    persons = k * ((marks.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    judges = n * ((marks.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    whole = ((values - grand) ** 2).sum()
    rest = (whole - (n - 1) * persons - (k - 1) * judges) / ((n - 1) * (k - 1))
    raw = {"person": (persons - rest) / k, "evaluator": (judges - rest) / n, "residual": rest}
    found = evaluators.g_study(marks)
    assert found["variance"].to_dict() == pytest.approx({name: max(0, one) for name, one in raw.items()}, abs=1e-8)
    assert set(found.attrs["negative"]) >= {name for name, one in raw.items() if one < -1e-8}


def test_the_true_components_are_found() -> None:
    """With many persons and evaluators the estimates come near what was put in."""
    rng = np.random.default_rng(24)
    marks = 80 + 5 * rng.normal(size=(400, 1)) + 3 * rng.normal(size=(1, 60)) + 4 * rng.normal(size=(400, 60))
    found = evaluators.g_study(pd.DataFrame(marks))["variance"]
    assert found.to_dict() == pytest.approx({"person": 25, "evaluator": 9, "residual": 16}, rel=0.25)


def test_the_order_of_persons_and_evaluators_changes_no_bit() -> None:
    """Both are known by name."""
    marks = shrout_fleiss()
    turned = marks[["d", "b", "a", "c"]].sample(frac=1, random_state=1)
    evaluators.g_study(marks.rename(columns={"a": 1}))  # names of two kinds have an order too
    pd.testing.assert_frame_equal(evaluators.g_study(marks), evaluators.g_study(turned), check_exact=True)


def test_marks_without_any_spread_have_no_coefficient() -> None:
    """If everybody gets the same there is nothing to depend on."""
    found = evaluators.g_study(pd.DataFrame(np.full((3, 2), 90.0)))
    assert found["variance"].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(found.attrs["phi"])


@pytest.mark.parametrize("marks", [[[1.0, np.nan], [2, 3]], [[1.0, 2.0]], [[1.0], [2.0]]])
def test_marks_must_be_complete(marks: list[list[float]]) -> None:
    """A missing mark, one person or one evaluator cannot be split."""
    with pytest.raises(UsageError, match="至少要有两人、两个评议主体,且没有缺失"):
        evaluators.g_study(pd.DataFrame(marks))


def test_marks_must_cross() -> None:
    """An evaluator who missed a period, or one period on two levels, is no crossed design; nor is a branch of one."""
    for columns in (brennan().iloc[:, 1:], brennan().iloc[:, :4]):
        with pytest.raises(UsageError, match="每个主体每期都有"):
            evaluators.g_study(columns)
    with pytest.raises(UsageError, match="没有一个支部有两人以上"):
        evaluators.g_study(shrout_fleiss(), pd.Series(range(6)))


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
