"""Tests of how much a mark says about the judge."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import evaluators
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from tests.analysis.builders import result, shrout_fleiss, table
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


@settings(deadline=None, max_examples=60)
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
