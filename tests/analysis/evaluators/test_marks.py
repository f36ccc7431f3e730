"""Tests of how much a mark says about the judge."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import evaluators
from jifen_analysis.errors import UsageError
from tests.analysis.builders import shrout_fleiss

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
