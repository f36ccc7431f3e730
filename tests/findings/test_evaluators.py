"""What is said of those who judge is what the frames hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import evaluators
from jifen_analysis.findings import evaluators as say
from jifen_analysis.findings.evaluators import means_and_marks
from tests.findings.assessed import answered, extremes, named, number, numbers, tables


@settings(max_examples=15)
@given(tables())
def test_where_marks_are_highest(table: pd.DataFrame) -> None:
    """Highest and lowest are those of all branches; where some are hidden nobody is called so."""
    marks = table.assign(evaluation=table["total"])
    frame: list[pd.DataFrame] = []

    def ask() -> object:
        frame.append(evaluators.leniency(marks))
        return say.leniency(frame[0])

    found = answered(ask)  # type: ignore[arg-type] # a finding or none
    if found is not None:
        shown = frame[0][~frame[0]["withheld"]].set_index("branch")["mean"]
        hidden = bool(frame[0]["withheld"].any())
        assert ("不予显示" in found.sentence()) == hidden
        assert not hidden or "最高的是" not in found.sentence()
        if not hidden:
            extremes(found.sentence(), shown)


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([-2.0, -0.004, 0.0, 0.5, 2.0])), min_size=1, max_size=5))
def test_gaps_are_those_of_the_groups_shown(rows: list[tuple[int, float]]) -> None:
    """The mean is weighted, its direction is said in words, and all that lie farthest apart are named."""
    table = pd.DataFrame([(f"第{at}支部", n, gap, n < 5) for at, (n, gap) in zip("一二三四五", rows, strict=False)])
    table.columns = pd.Index(["branch", "n", "gap", "withheld"])
    found = answered(lambda: say.self_gap(table))
    held = table[~table["withheld"]]
    assert (found is None) == held.empty
    if found is not None:
        mean = np.average(held["gap"], weights=held["n"])
        first = found.sentence().split("\uff1b")[0]
        if "没有差别" in first:
            assert abs(mean) < 0.00501
        else:
            assert number(first) * (1 if "高" in first else -1) == pytest.approx(mean, abs=0.00501)
        widest = held[held["gap"].abs() == held["gap"].abs().max()]["branch"]
        assert set(named(found.sentence())) <= set(widest)


_GROUP = st.tuples(st.integers(1, 30), st.sampled_from([3.0, 3.5, 4.0]), st.sampled_from([0.1, 0.6, float("nan")]))


@given(st.lists(_GROUP, min_size=1, max_size=4))
def test_who_lies_off_the_mean(rows: list[tuple[int, float, float]]) -> None:
    """Named are exactly those whose interval does not hold the mean of all shown."""
    table = pd.DataFrame(
        [
            (f"第{at}支部", n, mean, mean - half, mean + half, n < 5)
            for at, (n, mean, half) in zip("一二三四", rows, strict=False)
        ],
        columns=["group", "n", "mean", "low", "high", "withheld"],
    )
    found = answered(lambda: say.survey(table))
    held = table[~table["withheld"]]
    assert (found is None) == held.empty
    if found is not None:
        mean = np.average(held["mean"], weights=held["n"])
        off = held[(held["low"] > mean) | (held["high"] < mean)]["group"]
        assert set(named(found.sentence())) <= set(off)
        assert len(named(found.sentence())) == min(len(off), 3)
        assert numbers(found.sentence())[0] == pytest.approx(mean, abs=0.00501)
        assert ("都含平均值" in found.sentence()) == (off.empty and len(held) > 1 and held["low"].notna().all())


@given(st.floats(0, 1), st.sampled_from([0.8, float("nan")]))
def test_whose_variance_it_is(share: float, phi: float) -> None:
    """The share of the persons is said; the dependability only where there is one."""
    table = pd.DataFrame({"share": [share, 1 - share]}, index=["person", "residual"])
    table.attrs = {"phi": phi, "persons": 30}
    found = answered(lambda: say.g_study(table))
    assert found is not None
    assert abs(numbers(found.sentence())[0] - 100 * share) <= 0.501
    assert ("可靠性" in found.sentence()) == (phi == phi)


branches = st.lists(
    st.tuples(st.integers(5, 30), st.floats(70, 99), st.floats(0.1, 9), st.floats(-9, 9), st.floats(0.1, 9)),
    min_size=2,
    max_size=5,
)


@given(branches)
def test_who_is_named_stands_apart_in_both_the_same_way(rows: list[tuple[int, float, float, float, float]]) -> None:
    """Marks beyond their interval, totals on the same side: beyond theirs, or furthest; every number is a frame's."""
    names = [f"第{number}支部" for number, _ in zip("一二三四五", rows, strict=False)]
    means = pd.DataFrame(
        [(n, mean, mean - reach, mean + reach) for n, mean, reach, _, _ in rows],
        index=names,
        columns=["n", "shrunken", "low", "high"],
    )
    whole = float(means["shrunken"].mean())
    means.attrs = {"mean": whole}
    marks = pd.DataFrame(
        [(name, gap, gap - reach, gap + reach) for name, (*_, gap, reach) in zip(names, rows, strict=True)],
        columns=["branch", "difference", "difference_low", "difference_high"],
    )
    found = answered(lambda: means_and_marks(means, marks))
    if found is None:
        return
    aside = marks.set_index("branch")
    assert list(found.about) == named(found.sentence())
    for name, part in zip(found.about, found.sentence().split("；"), strict=False):
        gap, total = aside.loc[name], means.loc[name]
        assert gap["difference_low"] > 0 or gap["difference_high"] < 0
        assert (gap["difference"] > 0) == (total["shrunken"] > whole)
        said = numbers(part)
        assert abs(said[0] - abs(gap["difference"])) <= 0.0501
        assert abs(said[1] - total["shrunken"]) <= 0.0501
        beyond = total["low"] > whole or total["high"] < whole
        assert ("未超出偶然波动" in part) == (not beyond)
