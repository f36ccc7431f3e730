"""Months and periods."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.sample.times import first_months, period_codes, year_opens


@given(st.lists(st.integers(12 * 1991, 12 * 2099), min_size=1, max_size=20), st.sampled_from([1, 3, 6, 12]))
def test_codes_and_months_are_inverse(months: list[int], length: int) -> None:
    """A period's code gives back the month in which it begins."""
    opens = np.array([month - month % length for month in months])
    codes = period_codes((opens - 12 * 1970).astype("datetime64[M]"), length)
    assert first_months(pd.DataFrame({"period": codes}), "period").tolist() == opens.tolist()


def test_a_year_opens_in_january() -> None:
    """The year's first month is its January."""
    assert year_opens(pd.DataFrame({"year": [2024]})).tolist() == [pd.Timestamp("2024-01-01").date()]
