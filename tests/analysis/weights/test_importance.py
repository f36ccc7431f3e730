"""Tests of what each component really weighs."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import weights
from jifen_analysis.errors import UsageError

NAMES = ["daily", "evaluation", "bonus"]
SCORES = st.lists(st.tuples(*[st.integers(0, 1000).map(lambda n: n / 10)] * 3), min_size=3, max_size=30)


def frame(scores: list[tuple[float, ...]]) -> pd.DataFrame:
    """Scores in three components."""
    return pd.DataFrame(scores, columns=NAMES)


@settings(deadline=None, max_examples=40)
@given(SCORES, st.tuples(*[st.floats(0.05, 2)] * 3))
def test_shares_sum_to_one_and_are_covariances(scores: list[tuple[float, ...]], given_: tuple[float, ...]) -> None:
    """Share and r2 agree with numpy's covariance matrix of components and total."""
    components, nominal = frame(scores), dict(zip(["daily", "evaluation", "bonus"], given_, strict=True))
    total = components.to_numpy() @ np.array(given_)
    if np.ptp(total) < 1e-6:
        return
    found = weights.influence(components, nominal)
    covariance = np.cov(components.to_numpy().T, total)
    assert found["share"].sum() == pytest.approx(1)
    assert found["share"].to_numpy() == pytest.approx(np.array(given_) * covariance[:3, 3] / covariance[3, 3], abs=1e-9)
    for name in components:
        if components[name].nunique() > 1:
            assert found.loc[name, "r2"] == pytest.approx(np.corrcoef(components[name], total)[0, 1] ** 2, abs=1e-9)


def test_uncorrelated_components_share_by_their_variances() -> None:
    """Without correlation the share is w2 var(x), whatever the nominal weights say."""
    components = pd.DataFrame({"a": [1, 1, -1, -1], "b": [3, -3, 3, -3]})
    assert weights.influence(components, {"a": 0.9, "b": 0.1})["share"].tolist() == pytest.approx([0.9, 0.1])


def test_nominal_weights_are_shares_of_the_full_marks() -> None:
    """Sixty and forty where both weigh one; a bonus has none; a stranger is refused."""
    components, given_ = frame([(55.0, 30.0, 1.0), (60.0, 25.0, 0.0), (40.0, 39.0, 2.0)]), dict.fromkeys(NAMES, 1.0)
    found = weights.influence(components, given_, nominal={"daily": Fraction(3, 5), "evaluation": 0.4})["nominal"]
    assert found.to_list()[:2] == [0.6, 0.4]
    assert np.isnan(found["bonus"])
    with pytest.raises(UsageError, match="dayly"):
        weights.influence(components, given_, nominal={"dayly": 1.0})


def test_a_constant_component_moves_nobody() -> None:
    """Sixty percent on which all are equal weigh nothing."""
    found = weights.influence(
        pd.DataFrame({"daily": [100.0] * 3, "evaluation": [80, 90, 95]}), {"daily": 0.6, "evaluation": 0.4}
    )
    assert found.loc["daily", ["nominal", "share"]].tolist() == [0.6, 0.0]
    assert np.isnan(found.loc["daily", "r2"])
    assert found.loc["evaluation", ["share", "r2"]].tolist() == pytest.approx([1, 1])


@settings(deadline=None, max_examples=20)
@given(SCORES, st.integers(0, 99))
def test_the_order_of_members_changes_no_bit(scores: list[tuple[float, ...]], seed: int) -> None:
    """Shuffled members give the same table."""
    components, nominal = (
        frame([*scores, (1.0, 2.0, 3.0), (4.0, 5.0, 7.0)]),
        {"daily": 0.6, "evaluation": 0.4, "bonus": 1},
    )
    pd.testing.assert_frame_equal(
        weights.influence(components, nominal),
        weights.influence(components.sample(frac=1, random_state=seed), nominal),
        check_exact=True,
    )


def test_incomplete_members_are_left_out_and_counted() -> None:
    """A missing component leaves the member out."""
    found = weights.influence(pd.DataFrame({"a": [1, 2, np.nan], "b": [1, 3, 5]}), pd.Series({"b": 0.5, "a": 0.5}))
    assert (found.attrs["n"], found.attrs["left_out"]) == (2, 1)


def test_weights_of_other_components_are_refused() -> None:
    """Every component has a weight and every weight a component."""
    with pytest.raises(UsageError, match="没有分项权重 dayly,最接近的是 daily"):
        weights.influence(pd.DataFrame({"daily": [1, 2]}), {"dayly": 1.0})


def test_equal_totals_have_nothing_to_share() -> None:
    """Without spread there is no influence."""
    with pytest.raises(UsageError, match="至少要有两个不同的总分"):
        weights.influence(pd.DataFrame({"a": [1, 1]}), {"a": 1.0})


def test_totals_that_differ_in_the_last_bits_are_equal() -> None:
    """Where components cancel out, what floats leave behind is no variance to share."""
    opposite = pd.DataFrame({"a": [0.1, 0.2, 0.7], "b": [0.9, 0.8, 0.3]})
    assert (opposite["a"] * 0.3 + opposite["b"] * 0.3).nunique() > 1
    with pytest.raises(UsageError, match="至少要有两个不同的总分"):
        weights.influence(opposite, {"a": 0.3, "b": 0.3})


def test_a_missing_weight_is_refused() -> None:
    """A blank is no weight of zero."""
    with pytest.raises(UsageError, match="权重不能空缺"):
        weights.influence(frame([(1.0, 2.0, 3.0)]), {"daily": 0.6, "evaluation": np.nan, "bonus": 1})
