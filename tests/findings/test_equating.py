"""What is said of two years' scores is what the frame holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import equating
from jifen_analysis.findings import equating as say
from tests.findings.assessed import CUTS, answered, numbers


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 99), st.sampled_from([-4.0, 0.0, 4.0]), st.sampled_from(["same", "equivalent"]))
def test_what_a_cut_was_worth(seed: int, shift: float, design: str) -> None:
    """The equivalent and its interval are the frame's; that they differ is said only beyond the interval."""
    random = np.random.default_rng(seed)
    before = pd.Series(random.normal(88, 3, 40).round(1))
    after = before + shift + random.normal(0, 1, 40).round(1)
    table = equating.equivalents(before, after, design=design)  # type: ignore[arg-type] # one of both
    found = answered(lambda: say.equivalents(table, CUTS))
    rows = table[(table["method"] == "equipercentile") & (table["score"] == 90)].dropna()
    assert (found is None) == rows.empty
    if found is not None:
        row, said = rows.iloc[0], found.sentence()
        assert np.allclose(numbers(said)[:2], [90, row["equivalent"]], atol=0.0501)
        inside = row["low"] <= 90 <= row["high"]
        assert ("看不出" in said) == inside == (found.sure == "within_chance")
        assert ("只要" in said) == (row["high"] < 90)
        assert "前提是" in said
    assert say.equivalents(table, {"优秀": 200.0}) is None
