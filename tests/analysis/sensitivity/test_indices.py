"""Tests of Sobol' indices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from jifen_analysis.analysis.sensitivity import indices
from jifen_analysis.errors import UsageError


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
