"""Tests of what scores look like."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jifen_analysis.analysis import distribution
from jifen_analysis.errors import UsageError
from tests.analysis.builders import result, table, tai

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


def test_alpha_of_the_technology_achievement_index() -> None:
    """OECD/JRC Handbook (2008), section 4.3 and Table 11: .70, and alpha and correlation without each indicator."""
    raw = tai().drop(columns="rank_equal_weights")
    found = distribution.reliability((raw - raw.mean()) / raw.std())
    assert found.attrs["alpha"] == pytest.approx(0.7035, abs=5e-5)
    published = {
        "patents": (0.704, 0.261),
        "royalties": (0.645, 0.527),
        "internet": (0.636, 0.566),
        "exports": (0.774, -0.108),
        "telephones": (0.603, 0.701),
        "electricity": (0.624, 0.614),
        "schooling": (0.662, 0.451),
        "university": (0.706, 0.249),
    }
    expected = pd.DataFrame(published, index=["alpha_if_deleted", "item_rest_r"]).T
    # The table's own data are rounded: the Handbook's unrounded ones differ in the third decimal.
    assert (found - expected).abs().max().max() < 0.006


def test_alpha_is_defined_by_covariances() -> None:
    """Alpha is k / (k - 1) times the share of covariances in the variance of the sum."""
    items = pd.DataFrame(np.random.default_rng(3).normal(size=(40, 4)).cumsum(axis=1), columns=list("abcd"))
    covariance = items.cov().to_numpy()
    expected = 4 / 3 * (1 - np.trace(covariance) / covariance.sum())
    assert distribution.reliability(items).attrs["alpha"] == pytest.approx(expected)


def test_reliability_leaves_incomplete_members_out_and_says_so() -> None:
    """A missing item leaves the member out of all of it."""
    items = pd.DataFrame({"a": [1, 2, 3, np.nan], "b": [1, 2, 4, 9], "c": [5, 5, 5, 5]})
    found = distribution.reliability(items)
    assert found.attrs["left_out"] == 1
    assert found["item_rest_r"].isna().to_dict() == {"a": False, "b": False, "c": True}


def test_reliability_of_one_item_is_refused() -> None:
    """One item cannot hang together."""
    with pytest.raises(UsageError, match="分项不足"):
        distribution.reliability(pd.DataFrame({"a": [1, 2, 3]}))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(-3000, 12_000).map(lambda cents: cents / 100), min_size=1, max_size=80))
def test_digits_are_counted_and_expected_as_many(marks: list[float]) -> None:
    """Brute force over the marks near the (lower) middle; a fraction is cut off, as many are expected as are."""
    found = distribution.heaping(marks)
    whole = [int(mark // 1) for mark in marks]
    middle = sorted(whole)[(len(whole) - 1) // 2]
    near = [one for one in whole if abs(one - middle) <= 60]
    assert found["count"].tolist() == [sum(abs(one) % 10 == digit for one in near) for digit in range(10)]
    assert found["expected"].sum() == pytest.approx(len(near), rel=0.01)
    assert (found.attrs["n"], found.attrs["outside"]) == (len(near), len(marks) - len(near))


def test_smooth_marks_of_a_small_spread_are_not_accused() -> None:
    """Sixty marks about 88 end in 7, 8 and 9, of which uniform digits would make much."""
    p = [distribution.heaping(np.random.default_rng(seed).normal(88, 2, 60)).attrs["p"] for seed in range(40)]
    assert (np.array(p) < 0.05).sum() <= 6
    found = distribution.heaping(np.random.default_rng(1).normal(88, 2, 600)).set_index("digit")
    assert found.loc[8, "expected"] > 90
    assert found.loc[3, "expected"] < 15


def test_the_most_striking_of_many_groups_is_held_against_all_of_them() -> None:
    """Of eight groups that like no digit, the one whose marks end in 0 or 5 most often is rarely told of."""
    draw = np.random.default_rng(5)
    told = []
    for _ in range(30):
        groups = [draw.normal(86, 5, 120) for _ in range(8)]
        fond = max(groups, key=lambda marks: np.isin(marks.astype(int) % 10, [0, 5]).mean())
        told.append([distribution.heaping(fond, among).attrs["p"] < 0.05 for among in (1, 8)])
    alone, of_all = np.array(told).sum(axis=0)
    assert of_all <= 3 < alone
    alone, of_eight = (distribution.heaping(fond, among).attrs["p"] for among in (1, 8))
    assert of_eight == pytest.approx(1 - (1 - alone) ** 8)


def test_a_liking_for_round_numbers_is_found() -> None:
    """A fifth of the marks rounded to fives."""
    random = np.random.default_rng(2)
    marks = random.normal(85, 6, 300)
    heaped = np.where(random.random(300) < 0.2, 5 * np.round(marks / 5), marks)
    assert distribution.heaping(heaped).attrs["p"] < 0.001
    assert distribution.heaping(np.round(marks / 5) * 5).attrs["p"] < 0.001


def test_full_marks_are_a_ceiling_and_no_liking() -> None:
    """Many at a hundred are as expected."""
    marks = np.minimum(100, np.random.default_rng(4).normal(95, 4, 400))
    assert distribution.heaping(marks).attrs["p"] > 0.05


def test_marks_far_out_and_many_stop_nothing() -> None:
    """Heavy tails, a far mark, thousands: a p that accuses nobody, and one where a tenth is rounded to fives."""
    draw = np.random.default_rng(21)
    marks = np.append(86 + 4 * draw.standard_t(3, 1500), [20.0, 140.0])
    assert distribution.heaping(marks).attrs["p"] > 0.05
    assert distribution.heaping(np.where(draw.random(1502) < 0.1, 5 * np.round(marks / 5), marks)).attrs["p"] < 0.01


def test_heaping_says_where_marks_are_too_few() -> None:
    """Under fifty marks p is doubtful; marks at a single point have none."""
    assert distribution.heaping([90] * 49).attrs["small"]
    assert not distribution.heaping([90] * 50).attrs["small"]
    assert np.isnan(distribution.heaping([90] * 50).attrs["p"])


def test_heaping_of_nothing_is_refused() -> None:
    """Without a mark there is no digit."""
    with pytest.raises(UsageError, match="分数不足"):
        distribution.heaping([])
