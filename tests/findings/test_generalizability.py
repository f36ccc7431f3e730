"""What is said of dependability is what the frame holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import evaluators, generalizability
from jifen_analysis.findings import generalizability as say
from tests.findings.assessed import answered, numbers


@settings(max_examples=25)
@given(st.integers(2, 9), st.integers(2, 4), st.integers(0, 3), st.booleans())
def test_how_many_it_takes(persons: int, judges: int, spread: int, far: bool) -> None:
    """Today's row is said; what is needed is in the frame; of fewer than five nothing is said."""
    random = np.random.default_rng(persons * judges)
    marks = pd.DataFrame(80 + spread * random.integers(-3, 4, (persons, 1)) + random.integers(-1, 2, (persons, judges)))
    frame: list[pd.DataFrame] = []

    def ask() -> object:
        frame.append(generalizability.d_study(evaluators.g_study(marks), distances=[50.0 if far else 0.0]))
        return say.d_study(frame[0])

    found = answered(ask)  # type: ignore[arg-type] # a finding or none
    if not frame:
        return
    assert (found is None) == (persons < 5)
    if found is not None:
        row = frame[0].set_index("evaluators").loc[judges]
        said = found.sentence()
        assert numbers(said)[:2] == [judges, 1]
        assert found.figures["phi"] == row["phi"]
        needed = frame[0].attrs["needed"][1]
        assert ("也不到" in said) == (needed is None)
        assert said.endswith(f"{row['settled']:.0%}。")
