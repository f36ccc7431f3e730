"""Tests of the gallery's charts of weights: they weigh shares of the full marks, and what only adds stays."""

from __future__ import annotations

from fractions import Fraction

import pytest

import jifen_analysis as jf
from jifen_analysis.report.gallery import Subject, draw_chart
from tests.report.sampled import result


@pytest.mark.parametrize("scheme", ["community_60_40", "street_80_20"])
def test_members_swap_where_their_totals_are_level(scheme: str) -> None:
    """Scored anew under the very shares at which a pair is said to swap, both have the same total."""
    of = Subject(result(scheme, 120))
    figure = draw_chart("weights.swap_points", of, {})
    (first, share), (other, _) = of.scheme.shares.items()
    assert figure.layout.shapes[-1].x0 == pytest.approx(float(share))
    steps = figure.data[0]
    pair, weight = steps.customdata[len(steps.x) // 2]
    anew = of.scheme.with_shares(**{first: Fraction(weight), other: 1 - Fraction(weight)})
    totals = jf.assess(of.records, anew, periods=[of.looked_at]).table.set_index("member_id")["total"]
    one, two = (totals[name] for name in pair.split(" ↔ "))
    assert one == pytest.approx(two, abs=1e-6)
