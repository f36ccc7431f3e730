"""What is said of a cut score set by judgement is what was found."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import standard_setting
from jifen_analysis.findings import Finding
from jifen_analysis.findings import standard_setting as say
from tests.findings.assessed import CUTS, answered, numbers


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 99), st.floats(-6, 6), st.floats(1.5, 4))
def test_the_cut_beside_todays(seed: int, shift: float, spread: float) -> None:
    """Cut, interval and who moves are the frames'; within the interval it says so and weighs little."""
    random = np.random.default_rng(seed)
    ratings = pd.Series(random.uniform(2, 4, 60).round(1))
    totals = (90 + shift + 4 * (ratings - 3.5) + random.normal(0, spread, 60)).round(1)

    def ask() -> Finding:
        found = standard_setting.borderline_regression(totals, ratings, 3.5)
        moved = standard_setting.moves(totals, CUTS, "优秀", found.cut)
        told = say.cut_score(found, moved)
        up, down = ((totals < 90) & (totals >= found.cut)).sum(), ((totals >= 90) & (totals < found.cut)).sum()
        assert np.allclose(
            numbers(told.sentence())[1:], [found.cut, 95, found.low, found.high, 90, up, down], atol=0.051
        )
        assert ("区间之内" in told.sentence()) == (found.low <= 90 <= found.high) == (told.sure == "within_chance")
        return told

    answered(ask)
