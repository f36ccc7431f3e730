"""What is said of branches is what their frames hold."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import branches
from jifen_analysis.errors import UsageError
from jifen_analysis.findings import branches as say
from tests.findings.assessed import answered, named, numbers, tables


@settings(max_examples=20, deadline=None)
@given(tables(), st.integers(0, 3))
def test_rates_beyond_chance_are_those_of_the_frame(table: pd.DataFrame, hidden: int) -> None:
    """Whoever is named lies outside, everybody outside is counted, and no rate is another's."""
    graded = table.dropna(subset="grade")
    top = (graded["grade"] == "优秀").groupby(graded["branch"])
    if not len(graded):
        return
    frame = branches.funnel(top.sum(), top.size())
    found = answered(lambda: say.funnel(frame, "优秀", hidden=hidden))
    assert (found is None) == (len(frame) < 2)
    if found is None:
        return
    said = found.sentence()
    rates = frame.set_index("unit")["rate"]
    assert set(named(said)) <= set(found.about)
    for unit, rate in re.findall(r"(第.支部)（([\d.]+)%）", said):
        assert abs(100 * rates[unit] - float(rate)) <= 0.0501
    assert ("不予显示" in said) == bool(hidden)
    assert len(named(said)) == len(set(named(said)))
    if not found.about:
        assert ("都在偶然波动之内" in said) or rates.round(6).nunique() == 1


@settings(max_examples=40, deadline=None)
@given(tables())
def test_means_that_differ_are_those_whose_interval_leaves_the_mean_out(table: pd.DataFrame) -> None:
    """Nobody is called higher or lower whose interval holds the mean of all."""
    try:
        frame = branches.shrunken_means(table["total"], table["branch"])
    except UsageError:
        return
    found = answered(lambda: say.shrunken_means(frame))
    assert found is not None
    said, mean = found.sentence(), frame.attrs["mean"]
    outside = set(frame.index[(frame["low"] > mean) | (frame["high"] < mean)])
    assert set(found.about) == outside
    assert set(named(said)) <= outside
    assert len(named(said)) == len(set(named(said)))
    differ = frame["mean"].round(6).nunique() > 1
    assert ("偶然波动之内" in said) == (differ and not outside)
    assert ("各支部平均分都是" in said) == (not differ)
    assert not outside or abs(numbers(said)[0] - mean) <= 0.0501
