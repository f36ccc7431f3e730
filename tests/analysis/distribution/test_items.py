"""Tests of how items hang together."""

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis import distribution
from jifen_analysis.errors import UsageError
from tests.analysis.builders import tai


def test_alpha_of_the_technology_achievement_index() -> None:
    """OECD/JRC Handbook (2008), section 4.3 and Table 11: .70, and alpha and correlation without each indicator."""
    raw = tai().drop(columns="rank_equal_weights")
    found = distribution.reliability((raw - raw.mean()) / raw.std())
    assert found.attrs["alpha"] == pytest.approx(0.7035, abs=5e-5)
    published = {
        "patents": (0.704, 0.261),
        "royalties": (0.645, 0.527),
        "internet": (0.636, 0.566),
        "exports": (0.774, -0.108),
        "telephones": (0.603, 0.701),
        "electricity": (0.624, 0.614),
        "schooling": (0.662, 0.451),
        "university": (0.706, 0.249),
    }
    expected = pd.DataFrame(published, index=["alpha_if_deleted", "item_rest_r"]).T
    # The table's own data are rounded: the Handbook's unrounded ones differ in the third decimal.
    assert (found - expected).abs().max().max() < 0.006


def test_alpha_is_defined_by_covariances() -> None:
    """Alpha is k / (k - 1) times the share of covariances in the variance of the sum."""
    items = pd.DataFrame(np.random.default_rng(3).normal(size=(40, 4)).cumsum(axis=1), columns=list("abcd"))
    covariance = items.cov().to_numpy()
    expected = 4 / 3 * (1 - np.trace(covariance) / covariance.sum())
    assert distribution.reliability(items).attrs["alpha"] == pytest.approx(expected)


def test_reliability_leaves_incomplete_members_out_and_says_so() -> None:
    """A missing item leaves the member out of all of it."""
    items = pd.DataFrame({"a": [1, 2, 3, np.nan], "b": [1, 2, 4, 9], "c": [5, 5, 5, 5]})
    found = distribution.reliability(items)
    assert found.attrs["left_out"] == 1
    assert found["item_rest_r"].isna().to_dict() == {"a": False, "b": False, "c": True}


def test_reliability_of_one_item_is_refused() -> None:
    """One item cannot hang together."""
    with pytest.raises(UsageError, match="分项不足"):
        distribution.reliability(pd.DataFrame({"a": [1, 2, 3]}))
