"""Tests of what limits a grade: the cut score or the quota."""

from __future__ import annotations

from math import inf
from pathlib import Path

import pytest

from jifen_analysis.analysis import thresholds
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment, open_result
from jifen_analysis.scoring.regrade import regrade
from tests.builders import random_of

STEP = 1e-6
COMMUNITY = read_scheme("community_60_40").with_quotas(优秀="1/7")
STREET = read_scheme("street_80_20").with_grades(优秀=85, 合格=70).with_quotas(优秀="1/5")
SEVERAL = read_scheme("school_framework").with_quotas(优秀="1/10", 合格="1/2")
STRICT = read_scheme("community_60_40").variant("strict").with_quotas(优秀="1/3")
WHOLE = Scheme({**SEVERAL.document, "grade_rounding": "half_up"})


def other_grades(result: Assessment, grade: str, cut: float, period: str) -> bool:
    """Whether anybody's grade in a period is another with a cut elsewhere."""
    after = regrade(result, result.scheme.with_grades(**{grade: cut}))
    mine = result.table["period"] == period
    return not result.table["grade"][mine].equals(after.table["grade"][mine])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "scheme", [COMMUNITY, STREET, SEVERAL, WHOLE, STRICT], ids=["half", "other", "several", "rounded", "strict"]
)
def test_between_low_and_high_the_cut_moves_nobody(scheme: Scheme, seed: int) -> None:
    """And at its ends it moves somebody: held against assessments with the cut there."""
    result = assess(random_of(seed, 50), scheme)
    found = thresholds.binding(result)
    step = 1 if scheme is WHOLE else STEP
    for row in found[found["period"] >= "2024"].to_dict("records"):
        low, high, grade, period, strict = (row[name] for name in ("low", "high", "grade", "period", "strict"))
        assert strict == (scheme is STRICT and grade == "优秀")
        inside = [
            low + (0 if strict and row["low_moves"] else step) if low > -inf else row["cut"] - 30,
            high - (0 if row["high_moves"] and not strict else step),
        ]
        for cut in [cut for cut in inside if cut < inf]:
            assert not other_grades(result, grade, cut, period), (row, cut)
        if row["low_moves"]:
            assert other_grades(result, grade, low - (step if strict else 0), period), row
        if row["high_moves"]:
            assert other_grades(result, grade, high + (0 if strict else step), period), row
        assert row["held"] + row["shut_out"] == row["entered"]


def test_where_only_the_quota_binds_moving_the_cut_changes_nothing() -> None:
    """As where 优秀 from 85 to 95 left seven throughout."""
    result = assess(random_of(11, 60), COMMUNITY.with_grades(优秀=70))
    best = thresholds.binding(result).query("grade == '优秀' and binds == 'quota'")
    assert len(best)
    assert (best["held"] - best["outside"] <= best["seats"]).all()
    assert (best["shut_out"] > 0).all()
    assert not best["low_moves"].any()


def test_what_it_needs(tmp_path: Path) -> None:
    """Records, and cut scores."""
    given = random_of(1, 10)
    with pytest.raises(UsageError, match="不按总分划等次"):
        thresholds.binding(assess(given, read_scheme("village_monthly")))
    with pytest.raises(UsageError, match="没有计分过程"):
        thresholds.binding(open_result(assess(given, COMMUNITY).save(tmp_path / "结果")))
