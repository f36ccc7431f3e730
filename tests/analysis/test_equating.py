"""Tests of whether a score is worth the same in two years."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis.equating import equivalents
from jifen_analysis.errors import UsageError

FORM_X = [0, 1, 1, 3, 9, 18, 59, 67, 91, 144, 149, 192, 192, 192, 201, 204, 217, 181, 184, 170, 201,
          147, 163, 147, 140, 147, 126, 113, 100, 106, 107, 91, 83, 73, 72, 75, 50, 37, 38, 23, 15]  # fmt: skip
FORM_Y = [0, 1, 3, 13, 42, 59, 95, 131, 158, 161, 194, 164, 166, 197, 177, 158, 169, 132, 158, 151, 134,
          137, 122, 110, 116, 132, 104, 104, 114, 97, 107, 88, 80, 79, 70, 61, 48, 47, 29, 32, 12]  # fmt: skip
"""ACT Mathematics, raw scores 0 to 40: Kolen & Brennan (2004), Test Equating, Scaling, and Linking, Table 2.5."""


def scores(counts: list[int]) -> pd.Series:
    """Every examinee's score."""
    return pd.Series(np.repeat(np.arange(len(counts), dtype="float64"), counts))


def by_method(table: pd.DataFrame, column: str = "equivalent") -> pd.DataFrame:
    """One column a method."""
    return table.pivot(index="score", columns="method", values=column)


def test_the_act_forms_of_kolen_and_brennan() -> None:
    """Kolen & Brennan (2004), Tables 2.6 and 2.7: moments, and form X scores on the scale of form Y."""
    before, after = scores(FORM_Y), scores(FORM_X)
    table = equivalents(before, after, np.arange(41), "equivalent")
    assert (table.attrs["n_after"], table.attrs["n_before"]) == (4329, 4152)
    assert round(table.attrs["mean_after"], 4) == 19.8524
    assert round(table.attrs["mean_before"], 4) == 18.9798
    found = by_method(table)
    published = {4: 2.8932, 5: 3.6205, 10: 8.1607, 15: 13.3929, 20: 19.1647, 25: 25.0292, 30: 30.1305, 35: 35.1016,
                 39: 39.0807, 40: 39.9006}  # fmt: skip
    assert found["equipercentile"][list(published)].round(4).to_dict() == published
    assert found["mean"][20] == pytest.approx(20 - 0.8726, abs=1e-4)
    assert found["linear"].loc[[0, 20]].tolist() == pytest.approx([-2.6319, 1.0886 * 20 - 2.6319], abs=2e-3)
    assert found["equipercentile"].loc[:3].isna().all()  # five examinees at 0 to 3


def test_the_five_scores_of_kolen_and_brennan() -> None:
    """Kolen & Brennan (2014), Table 2.3: the equivalents of 0, 1, 2, 3, 4 on a test of four items."""
    after, before = scores([20, 30, 20, 20, 10]), scores([10, 20, 20, 30, 20])
    found = by_method(equivalents(before, after, design="equivalent"))["equipercentile"]
    assert found.round(4).tolist() == [0.5, 1.75, 2.8333, 3.5, 4.25]


def test_the_standard_error_of_a_mean_is_the_known_one() -> None:
    """Kolen & Brennan (2014), chapter 7, for the mean: of the same members that of their changes."""
    random = np.random.default_rng(3)
    before = pd.Series(random.normal(85, 4, 200))
    after = before + random.normal(1, 1, 200)
    same = by_method(equivalents(before, after, [90.0]), "se")["mean"].item()
    two = by_method(equivalents(before, after, [90.0], "equivalent"), "se")["mean"].item()
    assert same == pytest.approx(1 / np.sqrt(200), rel=0.15)
    assert two == pytest.approx(np.sqrt(2 * 16 / 200), rel=0.15)


TOTALS = st.lists(st.integers(600, 1000).map(lambda n: n / 10), min_size=30, max_size=40, unique=False)


@settings(deadline=None, max_examples=4)
@given(TOTALS, st.integers(1, 5), st.randoms())
def test_a_line_is_found_again(totals: list[float], shift: int, random: Any) -> None:
    """What every member gained comes off again; order of members changes no bit; higher scores never stand lower."""
    before = pd.Series(totals, index=[f"{n:03d}" for n in range(len(totals))])
    if before.nunique() < 2:
        return
    table = equivalents(before, before + shift)
    found = by_method(table)
    assert np.allclose((found["mean"] + shift) - found.index, 0)
    known = found["equipercentile"].dropna()
    assert known.is_monotonic_increasing
    turned = before.sample(frac=1, random_state=random.randint(0, 99))
    pd.testing.assert_frame_equal(equivalents(turned, before + shift), table, check_exact=True)


def test_the_same_distribution_is_the_same_scale() -> None:
    """Where both years are alike, gaps and all, a score is its own equivalent in the middle of the scale."""
    totals = pd.Series([80.0] * 10 + [90.0] * 10 + [97.0] * 10)
    found = by_method(equivalents(totals, totals, [80.0, 85, 90, 97]))
    assert np.allclose(found.loc[[80.0, 90, 97], "equipercentile"], [80, 90, 97])
    assert np.allclose(found["linear"], found.index)


YEAR = pd.Series(np.linspace(60, 99, 40))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"after": YEAR.iloc[:20]}, "两年都有总分的至少要有 30 人,现有 20、20"),
        ({"after": YEAR.set_axis(range(100, 140))}, "两年都有总分的至少要有 30 人,现有 0、0"),
        ({"after": YEAR * 0}, "有一年的总分全都一样"),
        ({"after": YEAR, "step": 0}, "步长须大于 0"),
        ({"after": YEAR, "step": 1e-9}, "步长过细:总分相差"),
        ({"after": YEAR, "design": "anchor"}, "没有设计 anchor"),
        ({"after": YEAR.tolist()}, "须以党员编号为索引"),
        ({"after": YEAR, "scores": []}, "分数不足"),
    ],
)
def test_what_cannot_be_equated(given: Mapping[str, Any], said: str) -> None:
    """Too few, none in common, no spread: refused in a sentence."""
    with pytest.raises(UsageError, match=said):
        equivalents(YEAR, **given)
