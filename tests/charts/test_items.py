"""The pictures of items show the numbers of their tables."""

from __future__ import annotations

import numpy as np
import pytest

from jifen_analysis.charts import items, theme
from jifen_analysis.errors import UsageError
from tests.charts.frames import PLAIN, differential_functioning, item_analysis


def test_item_analysis() -> None:
    """A bar an item, its share of the variance; what tells apart has another colour than what fills the sheet."""
    table = item_analysis(PLAIN)
    figure = items.item_analysis(table, labels={"family": "家庭"})
    shares = {name: value for bar in figure.data for name, value in zip(bar.y, bar.x, strict=True)}
    assert shares["家庭"] == 0
    assert sorted(shares.values()) == sorted(table["share"].tolist())
    assert {bar.name: len(bar.y) for bar in figure.data}["全员同分"] == 1
    assert "ω = " in figure.layout.title.text


def test_differential_functioning() -> None:
    """Dots at delta with their intervals, the least likely first; what stands out is dark, or an arrow."""
    table = differential_functioning(PLAIN)
    points, arrows = items.differential_functioning(table, shown=7).data
    number = np.isfinite(table["delta"]) & table["low"].notna()
    rows = table[number | (table["stands"] != "")].sort_values(["p", "item", "group"]).head(7)
    numbers = rows[number[rows.index]]
    known = ~np.isnan(points.x)
    np.testing.assert_allclose(points.x[known], numbers["delta"])
    np.testing.assert_allclose((points.x + points.error_x.array)[known], 2.35 * np.log(numbers["high"]))
    assert [colour == theme.BAD for colour in points.marker.color] == (rows["stands"] != "").tolist()
    off = rows[~number[rows.index]]
    assert len(off) > 0
    assert np.sign(arrows.x).tolist() == [1 if stands == "easier" else -1 for stands in off["stands"]]


def test_small_groups_are_in_no_picture() -> None:
    """Fewer than five members, or a group of them, are not drawn."""
    table = differential_functioning(PLAIN)
    small = min(set(table["group"]))
    few = table.assign(withheld=table["group"] == small)
    figure = items.differential_functioning(few, shown=99)
    assert not [name for name in figure.data[0].y if small in name]
    assert "1 组不足 5 人" in figure.layout.title.text
    with pytest.raises(UsageError, match="不足 5 人"):
        items.item_analysis(item_analysis(PLAIN).assign(n=4))
