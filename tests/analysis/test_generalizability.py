"""Tests of how many evaluators it takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis.evaluators import g_study
from jifen_analysis.analysis.generalizability import d_study
from jifen_analysis.errors import UsageError
from tests.analysis.builders import brennan, shrout_fleiss


def test_coefficients_follow_from_the_published_components() -> None:
    """Brennan (2001), Table 3.3 and equations 4.7 to 4.16, p x I x O with 4 items and 2 occasions, and with 8 and 1."""
    p, i, o, pi, po, io, pio = 0.5528, 0.4417, 0.0074, 0.5750, 0.1009, 0.1565, 0.9352
    table = d_study(g_study(brennan()), [4, 8], [1, 2]).set_index(["evaluators", "periods"])
    for items, occasions in ((4, 2), (8, 1)):
        relative = pi / items + po / occasions + pio / (items * occasions)
        absolute = relative + i / items + o / occasions + io / (items * occasions)
        row = table.loc[(items, occasions)]
        assert row["e_rho2"] == pytest.approx(p / (p + relative), abs=1e-4)
        assert row["phi"] == pytest.approx(p / (p + absolute), abs=1e-4)
        assert row["sem"] ** 2 == pytest.approx(absolute, abs=1e-4)
        assert row["sem_relative"] ** 2 == pytest.approx(relative, abs=1e-4)


def test_a_single_judge_of_shrout_and_fleiss() -> None:
    """Shrout & Fleiss (1979), Table 4: ICC(2,1) = .29 and ICC(3,1) = .71, for one judge in place of four."""
    table = d_study(g_study(shrout_fleiss()), [4, 1])
    assert table["phi"].round(2).tolist() == [0.29, 0.62]
    assert table["e_rho2"].round(2).tolist() == [0.71, 0.91]
    assert ((table["phi_low"] <= table["phi"]) & (table["phi"] <= table["phi_high"])).all()


def test_how_many_and_whose_grade_is_settled() -> None:
    """More evaluators never make it worse; the least that reach the target are named, or that none do."""
    study = g_study(shrout_fleiss())
    table = d_study(study, range(1, 40), distances=[0.1, 3.0, np.nan, 50.0])
    assert table["phi"].is_monotonic_increasing
    assert table["settled"].is_monotonic_increasing
    assert table["settled"].iloc[-1] == pytest.approx(2 / 3)
    needed = table.attrs["needed"][1]
    assert table["phi"][needed - 1] >= 0.8 > table["phi"][needed - 2]
    assert d_study(study, [1, 2]).attrs["needed"] == {1: None}
    assert d_study(study)["settled"].isna().all()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"evaluators": [0]}, "评议主体数须为 1 至 1000 的整数"),
        ({"evaluators": []}, "评议主体数须为"),
        ({"evaluators": [1.5]}, "评议主体数须为"),
        ({"periods": [2]}, "推不出多期会怎样"),
        ({"target": 1}, "目标须在 0 与 1 之间"),
        ({"distances": ["远"]}, "分差里有不是数字的内容"),
        ({"study": pd.DataFrame({"variance": [1.0]})}, "须给出 g_study 的结果"),
        ({"study": g_study(pd.DataFrame(np.full((3, 2), 90.0)))}, "评议分没有差别"),
    ],
)
def test_what_a_study_cannot_say(given: Mapping[str, Any], said: str) -> None:
    """Wrong numbers, and marks without any difference, are refused in a sentence."""
    with pytest.raises(UsageError, match=said):
        d_study(**{"study": g_study(shrout_fleiss()), **given})
