"""Tests of what scores look like."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jifen_analysis.analysis import distribution
from jifen_analysis.errors import UsageError
from tests.analysis.builders import result, table

TOTALS = st.lists(st.integers(0, 12_000).map(lambda cents: cents / 100), min_size=1, max_size=60)


def test_summary_is_what_numpy_and_scipy_say() -> None:
    """Moments and quantiles agree with the libraries that define them."""
    totals = np.random.default_rng(1).normal(85, 6, 200).round(2)
    row = distribution.summary(result(table(totals))).iloc[0]
    assert row["mean"] == pytest.approx(totals.mean())
    assert row["sd"] == pytest.approx(totals.std(ddof=1))
    assert row[["p10", "p25", "median", "p75", "p90"]].tolist() == pytest.approx(
        np.quantile(totals, [0.1, 0.25, 0.5, 0.75, 0.9]).tolist()
    )
    assert row["skewness"] == pytest.approx(stats.skew(totals, bias=False))


def test_summary_counts_who_has_no_total() -> None:
    """Incomplete and exempt members are counted apart, and nobody disappears."""
    frame = table([90, np.nan, np.nan, np.nan], grade=["优秀", None, None, None])
    frame["flags"] = ["", "evaluation_partial;incomplete", "exempt", "not_assessed"]
    row = distribution.summary(frame, min_n=1).iloc[0]
    assert row[["n", "incomplete", "unscored"]].tolist() == [1, 1, 2]


def test_without_flags_whoever_has_no_total_is_incomplete() -> None:
    """A plain frame cannot tell why a total is missing."""
    frame = table([90, np.nan]).drop(columns="flags")
    assert distribution.summary(frame).loc[0, ["incomplete", "unscored"]].tolist() == [1, 0]


def test_a_grade_nobody_holds_has_a_share_of_zero() -> None:
    """Every grade of the scheme keeps its column."""
    row = distribution.summary(table([90, 91, 70, 71, 72], grade=["优秀"] * 2 + ["合格"] * 3)).iloc[0]
    assert row[["share_不合格", "share_合格", "share_优秀"]].tolist() == [0.0, 0.6, 0.4]


def test_shares_of_a_small_group_are_withheld_and_said_to_be() -> None:
    """Under five members no rate is shown, but the group stays in the table."""
    frame = table([90] * 9, grade="优秀").assign(branch=["甲"] * 5 + ["乙"] * 4)
    rows = distribution.summary(frame, by="branch").set_index("group")
    assert rows["withheld"].to_dict() == {"甲": False, "乙": True}
    assert rows["share_优秀"].isna().to_dict() == {"甲": False, "乙": True}
    assert rows["n"].to_dict() == {"甲": 5, "乙": 4}


def test_a_scheme_without_bands_has_no_shares() -> None:
    """Where nobody is graded the shares are missing, not zero."""
    row = distribution.summary(table([90] * 6, grade=None)).iloc[0]
    assert row[["share_优秀", "share_合格", "share_不合格"]].isna().all()


def test_the_share_at_the_maximum_counts_full_marks() -> None:
    """Full marks are the highest total, or what the caller says."""
    frame = table([100, 100, 99, 98, 97])
    assert distribution.summary(frame)["share_at_maximum"].item() == 0.4
    assert distribution.summary(frame, maximum=110)["share_at_maximum"].item() == 0.0


def test_summary_of_an_unknown_column_names_the_nearest() -> None:
    """Grouping by what is not there is refused."""
    with pytest.raises(UsageError, match="最接近的是 branch"):
        distribution.summary(table([90]), by="branches")


@settings(deadline=None, max_examples=40)
@given(TOTALS, st.randoms())
def test_the_order_of_rows_changes_nothing(totals: list[float], random: object) -> None:
    """Shuffled rows give the same bits."""
    frame = table(totals, grade="合格").assign(branch=[f"支部{n % 3}" for n in range(len(totals))])
    shuffled = frame.sample(frac=1, random_state=random.randint(0, 2**31))  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(
        distribution.summary(frame, "branch"), distribution.summary(shuffled, "branch"), check_exact=True
    )
    pd.testing.assert_frame_equal(
        distribution.ecdf(frame, "branch"), distribution.ecdf(shuffled, "branch"), check_exact=True
    )


@settings(deadline=None, max_examples=40)
@given(TOTALS)
def test_the_empirical_distribution_is_a_count(totals: list[float]) -> None:
    """Each step is the exact share at or below it, rising to one."""
    steps = distribution.ecdf(table(totals))
    expected = [np.mean(np.asarray(totals) <= total + 1e-9) for total in steps["total"]]
    assert steps["share"].tolist() == pytest.approx(expected)
    assert steps["share"].is_monotonic_increasing
    assert steps["share"].iloc[-1] == 1


def test_the_empirical_distribution_names_its_groups() -> None:
    """Each group has its own steps and its own n."""
    steps = distribution.ecdf(table([80, 90, 90]).assign(branch=["甲", "甲", "乙"]), by="branch")
    assert steps[["group", "total", "share", "n"]].values.tolist() == [
        ["乙", 90.0, 1.0, 1],
        ["甲", 80.0, 0.5, 2],
        ["甲", 90.0, 1.0, 2],
    ]
