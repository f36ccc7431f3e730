"""Tests of p values of many tests at once."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from jifen_analysis.analysis.inputs import multiple

TRIAL = [
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000),
]
"""Fifteen endpoints of a trial of thrombolysis: Benjamini & Hochberg (1995), JRSS B 57, 289-300, section 2.3."""


def test_the_fifteen_p_values_of_the_paper() -> None:
    """Bonferroni and Holm reject three, Benjamini and Hochberg four; a missing one counts for nothing."""
    found = multiple.adjust_p_values(pd.Series([*TRIAL, np.nan]))
    assert (np.array(TRIAL) * 15 < 0.05).sum() == 3
    assert (found["p_holm"] < 0.05).sum() == 3
    assert (found["p_bh"] < 0.05).sum() == 4
    assert found.iloc[-1].isna().all()


@settings(max_examples=20)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_both_are_those_of_statsmodels(p: list[float]) -> None:
    """Of any p values, tied ones among them, in any order."""
    found = multiple.adjust_p_values(pd.Series(p))
    assert found["p_holm"].tolist() == pytest.approx(multipletests(p, method="holm")[1].tolist())
    assert found["p_bh"].tolist() == pytest.approx(multipletests(p, method="fdr_bh")[1].tolist())
