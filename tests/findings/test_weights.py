"""What is said of weights is what their frames hold."""

from __future__ import annotations

import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import weights
from jifen_analysis.findings import weights as say
from tests.findings.assessed import answered, numbers, sound, tables


@settings(max_examples=10)
@given(tables(), st.floats(0, 1))
def test_how_stable_ranks_and_grades_are(table: pd.DataFrame, mix: float) -> None:
    """Half move by at most what is said, and so many keep a grade as is said."""
    scores = pd.DataFrame({"a": table["total"], "b": (table["total"] * mix + table.index % 7).round(3)}).dropna()
    if scores.empty:
        return
    found = weights.acceptability(scores, n=20, cuts={"优秀": 90, "合格": -np.inf})
    moved, kept = answered(lambda: say.acceptability(found)), answered(lambda: say.grade_acceptability(found))
    span = found.members["worst_rank"] - found.members["best_rank"]
    assert moved is not None
    assert kept is not None
    if span.any():
        n, still, middle, most = numbers(moved.sentence())
        assert (n, still, most) == (len(span), (span == 0).sum(), span.max())
        assert (span <= middle).mean() >= 0.5
    else:
        assert "都不变" in moved.sentence()
    surest = found.grades.max(axis=1)
    assert numbers(kept.sentence()) == [len(surest), (surest >= 0.95).sum(), 95, (surest < 0.95).sum()]


@given(st.lists(st.sampled_from([0.0, 0.2, 0.5, 0.5000001, -0.1, float("nan")]), min_size=1, max_size=4))
def test_what_decides_most_does(shares: list[float]) -> None:
    """All components that tie are named, with the weight on paper only where one stands alone."""
    names = list("abcd")[: len(shares)]
    table = pd.DataFrame({"share": shares, "nominal": [0.6, 0.4, np.nan, 0.0][: len(shares)]}, index=names)
    found = answered(lambda: say.influence(table))
    held = table["share"].dropna().round(6)
    assert (found is None) == held.empty
    if found is not None:
        assert set(found.about) == set(held.index[held == held.max()])
        assert abs(numbers(found.sentence())[0] - 100 * held.max()) <= 0.0501
        assert ("名义" in found.sentence()) == (len(found.about) == 1)


@given(st.lists(st.integers(0, 100), max_size=8), st.sampled_from([None, 0.0, 0.55, 0.6, 1.0]))
def test_swaps_near_the_weight_in_force(hundredths: list[int], current: float | None) -> None:
    """Pairs within five hundredths are counted by decimals, not by binary fractions."""
    found = say.swap_points(pd.DataFrame({"weight": [each / 100 for each in hundredths]}), current)
    sound(found)
    assert found.figures["pairs"] == len(hundredths)
    if current is not None and hundredths:
        assert found.figures["near"] == sum(abs(each - round(100 * current)) <= 5 for each in hundredths)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.sampled_from([0.0, 0.25, 0.3, 1.0]))
def test_the_ends_of_a_sweep(counts: list[int], current: float) -> None:
    """The counts at both ends and, where it was tried, at the weight in force."""
    tried = [place / 4 for place in range(len(counts))]
    table = pd.DataFrame({"weight": tried, "grade": "优秀", "n": counts})
    table.attrs = {"component": "a", "current": current}
    found = answered(lambda: say.sweep(table))
    assert found is not None
    assert (found.figures["first"], found.figures["last"]) == (counts[0], counts[-1])
    here = counts[tried.index(current)] if current in tried else None
    assert found.figures.get("now") == here
    said = re.search(r"现行[\d.]+为(\d+)人次", found.sentence())
    assert (said and int(said[1])) == (here if len(set(counts)) > 1 else None)
    assert ("变为" in found.sentence()) == (len(set(counts)) > 1)


def test_a_table_of_nothing_says_nothing() -> None:
    """Without members, grades or shares there is no sentence."""
    empty = pd.DataFrame({"best_rank": [], "worst_rank": []})
    assert say.acceptability(SimpleNamespace(members=empty, grades=None)) is None
    assert say.grade_acceptability(SimpleNamespace(members=empty, grades=None)) is None
    assert say.sweep(pd.DataFrame({"weight": [], "grade": [], "n": []})) is None
