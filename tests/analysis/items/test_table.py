"""Tests of the marks of a component, item by item."""

from __future__ import annotations

import pytest

from jifen_analysis.analysis.items import item_table
from jifen_analysis.errors import UsageError
from tests.report.sampled import result


def test_the_items_add_up_to_the_component() -> None:
    """Of everybody who has a total; weighted by the scheme they are the ledger's contributions."""
    scored = result()
    points = item_table(scored, "daily", "2024H2")
    table = scored.table[scored.table["period"] == "2024H2"].dropna(subset="total").set_index("member_id")
    assert points.index.tolist() == sorted(table.index)
    assert points.sum(axis=1).to_numpy() == pytest.approx(table["daily"].sort_index().to_numpy(), abs=1e-9)
    assert points.notna().all().all()


def test_unknown_names_are_refused_with_the_nearest() -> None:
    """A component or period that does not exist, or in which nobody has a total."""
    with pytest.raises(UsageError, match="没有板块 dayly,最接近的是 daily"):
        item_table(result(), "dayly", "2024H2")
    with pytest.raises(UsageError, match="没有考核期 2025H1"):
        item_table(result(), "daily", "2025H1")
