"""What is said of movement is what its frames hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import movement
from jifen_analysis.errors import UsageError
from jifen_analysis.findings import movement as say
from tests.findings.assessed import GRADES, answered, grades_of, named, numbers, tables


@settings(max_examples=40)
@given(tables(), tables())
def test_who_rose_and_fell_is_counted(before: pd.DataFrame, after: pd.DataFrame) -> None:
    """The three counts add up to those graded twice, and are those of both lists."""
    sides = [one.set_index("member_id") for one in (before, after)]
    grades = [grades_of(side["total"]) for side in sides]
    crossed = movement.transitions(*grades, GRADES)
    found = answered(lambda: say.transitions(crossed))
    both = pd.concat(grades, axis=1, join="inner").dropna().map(GRADES.index)
    assert (found is None) == both.empty
    if found is not None:
        moved = both.iloc[:, 1] - both.iloc[:, 0]
        counts = [len(both), int((moved < 0).sum()), int((moved > 0).sum()), int((moved == 0).sum())]
        said = numbers(found.sentence())
        assert said == (counts if "上升" in found.sentence() else [len(both)])
        assert ("都没有变" in found.sentence()) == (not moved.any())


@settings(max_examples=40)
@given(tables(), tables())
def test_ranks_and_returns_are_counted(before: pd.DataFrame, after: pd.DataFrame) -> None:
    """Who rose, fell and stayed in rank add up; a tenth too small says nothing."""
    totals = [one.set_index("member_id")["total"] for one in (before, after)]
    try:
        frame = movement.ranks(*totals)
    except UsageError:
        return
    found = answered(lambda: say.ranks(frame))
    assert found is not None
    said = numbers(found.sentence())
    assert said[0] == len(frame) == sum(said[1:4])
    assert said[1] == (frame["rank_after"] < frame["rank_before"]).sum()
    try:
        returned = movement.regression_to_mean(*totals)
    except UsageError:
        return
    back = answered(lambda: say.regression_to_mean(returned))
    low = returned[returned["n"] > 0].iloc[0]
    assert (back is None) == (low["n"] < 5)
    assert back is None or abs(numbers(back.sentence())[1] - low["observed"]) <= 0.0501


@settings(max_examples=15)
@given(tables(), tables())
def test_the_change_of_the_same_members(before: pd.DataFrame, after: pd.DataFrame) -> None:
    """The change is that of the frame; branches are named where their interval leaves 0."""
    sides = [one.set_index("member_id") for one in (before, after)]
    frame: list[pd.DataFrame] = []

    def ask() -> object:
        frame.append(movement.paired_change(sides[0]["total"], sides[1]["total"], sides[1]["branch"]))
        return say.paired_change(frame[0])

    found = answered(ask)  # type: ignore[arg-type] # a finding or none
    if not frame:
        return
    table = frame[0]
    assert (found is None) == (table.attrs["n"] < 5)
    if found is not None:
        said = found.sentence()
        assert numbers(said)[0] == table.attrs["n"]
        assert abs(numbers(said)[1] - table.attrs["change"]) <= 0.0501
        assert ("只有一个支部" in said) == (table.attrs["branches"] == 1)
        assert "区间很宽" not in said or round(table.attrs["high"] - table.attrs["low"], 6) > 0
        assert set(found.about) == set(table.loc[table["stands"] != "", "branch"])
        assert len(named(said)) == min(3, (table["stands"] == "rose").sum()) + min(3, (table["stands"] == "fell").sum())


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), max_size=9))
def test_the_parts_of_a_change_are_its_means(parts: list[tuple[float, float]]) -> None:
    """Behaviour, rule and their sum are the means of the frame."""
    frame = pd.DataFrame(parts, columns=["behaviour", "rule"]).eval("total_change = behaviour + rule")
    found = answered(lambda: say.attribution(frame))
    assert (found is None) == (not parts)
    if found is not None:
        said = numbers(found.sentence())
        expected = [frame[name].mean() for name in ("total_change", "behaviour", "rule")]
        assert np.allclose(said[1:], expected, atol=0.0501)


@given(st.lists(st.sampled_from(["stayed", "transferred", "joined", "left"]), max_size=9))
def test_who_came_and_went_is_counted(states: list[str]) -> None:
    """The four counts are those of the frame."""
    found = answered(lambda: say.whereabouts(pd.DataFrame({"state": states})))
    assert (found is None) == (not states)
    if found is not None:
        counts = [states.count(name) for name in ("stayed", "transferred", "joined", "left")]
        assert numbers(found.sentence()) == [len(states), *counts]
