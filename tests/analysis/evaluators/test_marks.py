"""Tests of how much a mark says about the judge."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import evaluators
from jifen_analysis.errors import UsageError
from tests.analysis.builders import brennan, shrout_fleiss

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
