"""Tests of which choice moves the grades most."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import jifen_analysis as jf
from jifen_analysis.analysis import evaluators
from jifen_analysis.analysis.sensitivity import choices, indices
from jifen_analysis.errors import UsageError
from tests.report.sampled import result


@cache
def of_totals(*totals: float) -> jf.Assessment:
    """Members with full daily points and a mark that makes the total; without a mark there is none."""
    ids = [f"{n:03d}" for n in range(len(totals))]
    members = pd.DataFrame({"member_id": ids, "branch": "一"})
    present = pd.DataFrame({"member_id": ids, "date": "2024-03-05", "activity": "lecture", "status": "present"})
    marks = pd.DataFrame({"member_id": ids, "period": "2024H1", "group": "members"})
    marks["mark"] = [(total - 60) / 0.4 for total in totals]
    tables = {"members": members, "attendance": present, "evaluations": marks.dropna(subset="mark")}
    return jf.assess(jf.Records.from_frames(tables), jf.read_scheme("community_60_40"))


def test_cuts_decide_by_who_stands_beside_them() -> None:
    """Of a cut drawn evenly over two points a total at share p of them is graded otherwise with the odds p (1 - p)."""
    table = choices(of_totals(90.4, 89.5, 60.4, 75, 80), readings=[], shares=0, n=128).set_index("factor")
    top, pass_ = 0.3 * 0.7 + 0.25 * 0.75, 0.3 * 0.7
    for kind in ("first", "total"):
        assert table[kind].to_dict() == pytest.approx(
            {"cut.优秀": top / (top + pass_), "cut.合格": pass_ / (top + pass_)}, abs=0.04
        )
    assert table["moved"].to_dict() == pytest.approx({"cut.优秀": 2 * top / 5, "cut.合格": 2 * pass_ / 5}, abs=0.01)
    assert (table.attrs["members"], table.attrs["still"]) == (5, 2)


def test_all_choices_of_the_sample() -> None:
    """Shares, both cuts, missing groups and readings; the most deciding first; of those assessed in the period."""
    given = result("community_60_40", 120)
    missing = evaluators.partial(given)
    bound = missing.dropna(subset="gain_low")
    period = str(bound["period"].iloc[0])
    table = choices(given, missing, n=8, period=period)
    assert set(table["factor"]) == {"weights", "cut.优秀", "cut.合格", "missing", "reading"}
    assert table["total"].is_monotonic_decreasing
    assert table.attrs["evaluations"] == 8 * 7
    assert table.attrs["readings"] == list(given.scheme.book.readings)
    assert table.attrs["missing"] == bound.loc[bound["period"] == period, "member_id"].nunique()
    rows = given.table[given.table["period"] == period]
    assert table.attrs["members"] == rows["grade"].notna().sum()
    fewer = choices(given, None, shares=0, readings=["strict"], n=8, period="2023H1")
    assert set(fewer["factor"]) == {"cut.优秀", "cut.合格", "reading"}
    assert fewer.attrs["period"] == "2023H1"


def test_who_waits_for_a_total_keeps_no_grade() -> None:
    """Only members with a grade are counted, among those whose grade stays, too."""
    table = choices(of_totals(90.4, 89.5, 60.4, 75, np.nan), readings=[], shares=0, n=128)
    assert (table.attrs["members"], table.attrs["still"]) == (4, 1)


def test_nobody_moved_is_told() -> None:
    """Where all stand far from every cut nothing decides anything."""
    table = choices(of_totals(*[75.0] * 6), readings=[], shares=0.001, n=8)
    assert table["total"].isna().all()
    assert table.attrs["still"] == 6


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"cuts": -1}, "幅度不能为负"),
        ({"readings": ["strickt"]}, "没有读法 strickt,最接近的是 strict"),
        ({"readings": [], "cuts": 0}, "至少要有两项"),
        ({"n": 3}, "2 的幂"),
        ({"n": "8"}, "2 的幂"),
        ({"seed": -1}, "seed 须为不小于 0 的整数"),
        ({"missing": pd.DataFrame({"periode": [1]})}, "没有列 member_id"),
        ({"missing": [1]}, "missing 须是 partial 的结果"),
        ({"period": "1999H1"}, "没有考核期 1999H1"),
        ({"n": 1 << 26}, "请减小 n"),
        ({"result": of_totals(90.0).table}, "须给出 assess 的结果"),
    ],
)
def test_what_cannot_be_chosen(given: Mapping[str, Any], said: str) -> None:
    """Negative ranges, unknown readings and periods, too little or too much to draw."""
    with pytest.raises(UsageError, match=said):
        choices(**{"result": of_totals(*[75.0] * 6), **given})


@pytest.mark.parametrize(
    ("scheme", "said"), [("community_cadre", "本方案不划等次"), ("district_classified", "至少要有两项")]
)
def test_schemes_that_leave_nothing_to_choose(scheme: str, said: str) -> None:
    """Without grades, or without cut scores and readings."""
    with pytest.raises(UsageError, match=said):
        choices(result(scheme, 30))


def ishigami(points: np.ndarray) -> np.ndarray:
    """Ishigami & Homma (1990), with a = 7, b = .1."""
    x, y, z = np.pi * (2 * points - 1)
    return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)


def test_the_function_of_ishigami() -> None:
    """Its indices are known: first .3139, .4424, 0; total .5576, .4424, .2437 (Saltelli et al. 2008)."""
    table = indices(ishigami, {"x": 1, "y": 1, "z": 1}, n=4096).set_index("factor")
    assert table["first"].tolist() == pytest.approx([0.3139, 0.4424, 0], abs=0.01)
    assert table["total"].tolist() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)
    for kind in ("first", "total"):
        assert (table[f"{kind}_low"] < table[kind]).all()
        assert (table[kind] < table[f"{kind}_high"]).all()


def test_several_outputs_are_taken_together() -> None:
    """Outputs of one factor each share by their variances (Gamboa et al. 2014); what never moves adds none."""

    def model(points: np.ndarray) -> np.ndarray:
        return np.stack([2 * points[0], points[1], np.zeros(points.shape[1])])

    table = indices(model, {"a": 1, "b": 1}, n=512)
    assert table["first"].tolist() == pytest.approx([0.8, 0.2], abs=0.02)
    assert table["moved"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert (table.attrs["outputs"], table.attrs["still"], table.attrs["evaluations"]) == (3, 1, 2048)


def test_columns_of_one_factor_are_drawn_together() -> None:
    """A factor of two columns decides what both do, also with each other."""
    table = indices(lambda x: x[0] * x[1] + 0 * x[2], {"both": 2, "none": 1}, n=512)
    assert table["first"].tolist() == pytest.approx([1, 0], abs=0.03)
    assert table["total"].tolist() == pytest.approx([1, 0], abs=0.03)


def test_the_same_seed_gives_the_same_numbers() -> None:
    """To the bit; another seed gives others."""
    one, again, other = (indices(ishigami, {"x": 1, "y": 1, "z": 1}, n=64, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again, check_exact=True)
    assert not one["first"].equals(other["first"])


def test_what_never_moves_has_no_index() -> None:
    """A constant has no variance to share."""
    table = indices(lambda x: np.ones(x.shape[1]), {"a": 1, "b": 1}, n=8)
    assert table["total"].isna().all()
    assert table["moved"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"factors": {"x": 3}}, "至少要有两项"),
        ({"n": 100}, "2 的幂:100"),
        ({"n": 4}, "8 以上"),
        ({"n": 64.0}, "2 的幂"),
    ],
)
def test_what_cannot_be_drawn(given: Mapping[str, Any], said: str) -> None:
    """One factor, or a number of points that is no power of two."""
    with pytest.raises(UsageError, match=said):
        indices(ishigami, **{"factors": {"x": 1, "y": 1, "z": 1}, **given})
