"""Tests of changes of rank and total, of chance in them, and of the change of the same members."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from jifen_analysis.analysis import movement
from jifen_analysis.analysis.movement import paired_change
from jifen_analysis.errors import UsageError

TOTALS = st.dictionaries(st.integers(0, 30).map(str), st.integers(600, 640).map(lambda n: n / 10), min_size=8)


@settings(deadline=None, max_examples=40)
@given(TOTALS, TOTALS)
def test_ranks_and_tau_are_counted(before: dict[str, float], after: dict[str, float]) -> None:
    """Competition ranks and tau-b by brute force over all pairs."""
    both = sorted(set(before) & set(after))
    if len(both) < 2:
        return
    rows = movement.ranks(pd.Series(before), pd.Series(after))
    for member in both:
        assert rows.loc[member, "rank_before"] == 1 + sum(before[other] > before[member] for other in both)
        assert rows.loc[member, "rank_after"] == 1 + sum(after[other] > after[member] for other in both)
    assert (rows["change"] == rows["rank_before"] - rows["rank_after"]).all()
    signs = [
        (np.sign(before[a] - before[b]), np.sign(after[a] - after[b])) for n, a in enumerate(both) for b in both[:n]
    ]
    untied = [sum(sign[side] != 0 for sign in signs) for side in (0, 1)]
    expected = sum(x * y for x, y in signs) / np.sqrt(untied[0] * untied[1]) if all(untied) else np.nan
    assert rows.attrs["tau_b"] == pytest.approx(expected, nan_ok=True)


def test_ranks_leave_joiners_and_leavers_out_and_count_them() -> None:
    """Who has no total in one of the years has no change of rank, and moves nobody else's."""
    before = pd.Series({"1": 90.0, "2": 80.0, "3": 85.0, "4": np.nan})
    rows = movement.ranks(before, pd.Series({"1": 70.0, "2": 80.0, "4": 99.0}))
    assert rows[["rank_before", "rank_after", "change"]].values.tolist() == [[1, 2, -1], [2, 1, 1]]
    assert (rows.attrs["n"], rows.attrs["only_before"], rows.attrs["only_after"]) == (2, 1, 1)


def test_totals_that_differ_in_the_last_bits_are_tied() -> None:
    """Ranks compare at six decimals."""
    rows = movement.ranks(pd.Series({"1": 0.1 + 0.2, "2": 0.3}), pd.Series({"1": 1.0, "2": 2.0}))
    assert rows["rank_before"].tolist() == [1, 1]


def test_ids_that_lost_their_zeros_are_shown() -> None:
    """Where nobody is in both lists an id of each says why."""
    with pytest.raises(UsageError, match="前一年的编号如 17,后一年的如 00017"):
        movement.ranks(pd.Series({"17": 90.0, "18": 80.0}), pd.Series({"00017": 90.0, "00018": 80.0}))


def test_ranks_of_one_member_are_refused() -> None:
    """A rank needs somebody else."""
    with pytest.raises(UsageError, match="两年都有总分的人不足两名:1"):
        movement.ranks(pd.Series({"1": 90.0, "2": 80.0}), pd.Series({"1": 90.0}))


def years(seed: int, n: int = 5000, improved: float = 0.0) -> tuple[pd.Series, pd.Series]:
    """Two years of noisy totals; the worst tenth may really improve."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(85, 5, n)
    before, after = (truth + rng.normal(0, 4, n) for _ in range(2))
    after = after + improved * (stats.rankdata(before) <= n / 10)
    members = [f"{member:05d}" for member in range(n)]
    return pd.Series(before, members), pd.Series(after, members)


def test_chance_alone_looks_like_improvement_and_is_expected() -> None:
    """The worst tenth rises without any change, by as much as the reliability of 25 / 41 says."""
    rows = movement.regression_to_mean(*years(16), reliability=25 / 41).set_index("decile")
    assert rows.loc[1, "observed"] > 3
    assert rows.loc[10, "observed"] < -3
    assert rows["excess"].abs().max() < 0.7


def test_a_real_improvement_exceeds_what_is_expected() -> None:
    """Five points more for the worst tenth are beyond the interval."""
    rows = movement.regression_to_mean(*years(17, improved=5), reliability=25 / 41).set_index("decile")
    assert rows.loc[1, "excess_low"] > 2.5


def test_a_change_without_any_error_is_not_called_the_return_to_the_mean() -> None:
    """Everybody moves halfway to 80, exactly: of perfect totals all of it is change, else nothing is said."""
    before = pd.Series(np.linspace(60, 99, 40))
    after = 80 + 0.5 * (before - 80)
    rows = movement.regression_to_mean(before, after, reliability=1)
    assert rows.attrs["slope"] == pytest.approx(0.5)
    np.testing.assert_allclose(rows["expected"], (after - before).mean())
    assert rows["excess"].iloc[0] > 8
    unknown = movement.regression_to_mean(before, after)
    assert unknown[["expected", "expected_low", "excess", "excess_high"]].isna().all(axis=None)
    np.testing.assert_allclose(unknown["observed"], rows["observed"])


def test_half_years_tell_the_reliability() -> None:
    """Two halves with half the variance of error each give the reliability of their sum, inside its interval."""
    random = np.random.default_rng(20)
    truth = random.normal(85, 5, 300)
    halves = pd.DataFrame({half: truth + random.normal(0, 4, 300) for half in ("H1", "H2")})
    before, after = halves.mean(axis=1), pd.Series(truth + random.normal(0, 3, 300))
    rows = movement.regression_to_mean(before, after, halves=halves)
    known = rows.attrs
    assert known["reliability_low"] < 25 / (25 + 8) < known["reliability_high"]
    assert rows.loc[0, "expected_low"] < rows.loc[0, "expected"] < rows.loc[0, "expected_high"]
    assert rows.loc[0, "excess_low"] < 0 < rows.loc[0, "excess_high"]
    few = movement.regression_to_mean(before, after, halves=halves.head(9))
    assert np.isnan(few.attrs["reliability"])


def test_a_reliability_beyond_one_is_refused() -> None:
    """Percent where a share is wanted is told so."""
    with pytest.raises(UsageError, match="信度须在 0 与 1 之间:80"):
        movement.regression_to_mean(*years(18, n=40), reliability=80)


def test_what_differs_in_the_last_bits_only_has_no_slope() -> None:
    """.1 + .2 and .3 are one total: a line through them would be noise."""
    noise = pd.Series([0.1 + 0.2, 0.3] * 6)
    with pytest.raises(UsageError, match="前一年的总分全是 0\\.3"):
        movement.regression_to_mean(noise, pd.Series(np.arange(12.0)))


def test_the_line_is_least_squares_and_the_means_agree() -> None:
    """The slope is numpy's; observed and expected have the same mean over all."""
    before, after = years(18, n=400)
    rows = movement.regression_to_mean(before, after, reliability=0.6)
    slope, _ = np.polyfit(before, after, 1)
    assert rows.attrs["slope"] == pytest.approx(slope)
    assert rows.attrs["r"] == pytest.approx(np.corrcoef(before, after)[0, 1])
    assert (rows["n"] * rows["excess"]).sum() == pytest.approx(0, abs=1e-6)
    assert rows["n"].tolist() == [40] * 10


def test_deciles_nobody_stands_in_stay() -> None:
    """Ties go together, and an empty tenth keeps its row."""
    before = pd.Series([80.0] * 9 + [90.0, 91.0, 92.0], index=list("abcdefghijkl"))
    rows = movement.regression_to_mean(before, before + np.arange(12))
    assert rows["decile"].tolist() == list(range(1, 11))
    assert rows["n"].sum() == 12
    assert rows.loc[rows["n"] == 0, "observed"].isna().all()


def test_a_tenth_is_a_tenth_whatever_floats_say() -> None:
    """Seven of seventy are the lowest tenth, and totals that differ in the last bits stand in one."""
    before = pd.Series(np.arange(70.0))
    assert movement.regression_to_mean(before, before[::-1].reset_index(drop=True))["n"].tolist() == [7] * 10
    before[7] = 6 + 1e-12
    assert movement.regression_to_mean(before, before[::-1].reset_index(drop=True))["n"].tolist()[:3] == [6, 8, 7]


def test_members_are_the_same_in_any_order() -> None:
    """Shuffled years give the same table."""
    before, after = years(19, n=60)
    other = movement.regression_to_mean(before.sample(frac=1, random_state=1), after.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(movement.regression_to_mean(before, after), other, check_exact=True)


@pytest.mark.parametrize(
    ("after", "said"), [([1.0] * 12, "后一年的总分全是 1"), (list(range(9)), "至少要有十人两年都有总分,现有 9 人")]
)
def test_too_little_to_draw_a_line_is_refused(after: list[float], said: str) -> None:
    """Equal totals, or fewer than ten members, give no tenths: what it was is said."""
    with pytest.raises(UsageError, match=said):
        movement.regression_to_mean(pd.Series(np.arange(12.0)), pd.Series(after, dtype=float))


def test_whereabouts_tell_four_states() -> None:
    """Stayed, transferred, joined, left: each member of either year once."""
    rows = movement.whereabouts(
        pd.Series({"1": "甲", "2": "甲", "3": "乙"}), pd.Series({"4": "甲", "2": "乙", "1": "甲"})
    )
    assert rows["state"].to_dict() == {"1": "stayed", "2": "transferred", "3": "left", "4": "joined"}
    assert rows.loc["2", ["branch_before", "branch_after"]].tolist() == ["甲", "乙"]


def test_a_blank_branch_is_no_coming_and_no_going() -> None:
    """Who is on both lists neither joined nor left, whatever is known of the branch."""
    rows = movement.whereabouts(
        pd.Series({"1": None, "2": "甲", "3": None}), pd.Series({"1": None, "2": None, "4": None})
    )
    assert rows["state"].to_dict() == {"1": "unknown", "2": "unknown", "3": "left", "4": "joined"}


SLEEP = ([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])
"""Extra hours of sleep of ten patients under two drugs: Student (1908), Biometrika 6, 1-25."""


def changed(change: list[float], branch: list[str], min_n: int = 5) -> pd.DataFrame:
    """Both years of members who changed so much."""
    before = pd.Series(80.0, index=[f"{n:03d}" for n in range(len(change))])
    return paired_change(before, before + change, pd.Series(branch, index=before.index), min_n)


def test_the_sleep_of_student() -> None:
    """Student (1908): mean 1.58, t 4.06 with 9 degrees, 95 % interval .70 to 2.46, each patient a branch or all one."""
    first, second = (pd.Series(hours) for hours in SLEEP)
    each = paired_change(first, second, pd.Series(range(10)).astype(str)).attrs
    assert (round(each["change"], 2), round(each["change"] / each["se"], 2), each["df"]) == (
        1.58,
        4.06,
        pytest.approx(9),
    )
    assert (round(each["low"], 2), round(each["high"], 2)) == (0.70, 2.46)
    one = paired_change(first, second, pd.Series("甲", index=first.index))
    assert one[["low", "high"]].round(2).values.tolist() == [[0.70, 2.46]]
    assert np.isnan(one.attrs["low"])


def test_branches_of_one_size_are_as_statsmodels_has_them() -> None:
    """With equal sizes the variance is the usual cluster-robust one, and so is the interval."""
    random = np.random.default_rng(5)
    branch = np.repeat(np.arange(6), 9)
    change = (random.normal(0, 1, 6)[branch] + random.normal(1, 2, 54)).round(6)
    fit = sm.OLS(change, np.ones(54)).fit(cov_type="cluster", cov_kwds={"groups": branch}, use_t=True)
    known = changed(change.tolist(), branch.astype(str).tolist()).attrs
    assert known["se"] == pytest.approx(fit.bse[0], rel=1e-9)
    assert [known["low"], known["high"]] == pytest.approx(fit.conf_int()[0].tolist(), rel=1e-9)
    assert known["effective"] == pytest.approx(6)


MOVES = st.lists(st.tuples(st.sampled_from("甲乙丙"), st.integers(-50, 50)), min_size=1, max_size=30)


@settings(deadline=None, max_examples=15)
@given(MOVES)
def test_what_stands_in_a_row(rows: list[tuple[str, int]]) -> None:
    """Means are of a branch, small ones withheld for good; who stands apart does not reach 0; order changes no bit."""
    branch, change = (list(side) for side in zip(*rows, strict=True))
    table = changed([step / 10 for step in change], branch)
    means = pd.Series(change, dtype=float).div(10).groupby(branch).agg(["mean", "size"])
    for row in table.itertuples():
        assert row.withheld >= (row.n < 5)
        assert row.withheld == np.isnan(row.change)
        assert row.n == means.loc[row.branch, "size"]
        assert row.withheld or row.change == pytest.approx(means.loc[row.branch, "mean"], abs=1e-9)
        assert (row.stands == "rose") == (row.low > 0)
        assert (row.stands == "fell") == (row.high < 0)
    hidden = table.loc[table["withheld"], "n"]
    assert hidden.sum() == 0 or hidden.sum() >= 5 or hidden.size == len(table)  # all less those told: of five or more
    assert (hidden >= 5).sum() <= (hidden[hidden < 5].sum() in range(1, 5))  # and no more is hidden than that needs
    assert table.attrs["change"] == pytest.approx(np.mean(change) / 10, abs=1e-9)
    assert np.isnan(table.attrs["low"]) == (len(set(branch)) < 2)
    before = pd.Series(80.0, index=[f"{n:03d}" for n in range(len(rows))])
    after, homes = before + [step / 10 for step in change], pd.Series(branch, index=before.index)
    pd.testing.assert_frame_equal(paired_change(before[::-1], after.sample(frac=1, random_state=1), homes), table)


def test_who_is_left_out_is_counted() -> None:
    """Members of one year only, and without a branch; nobody left is refused."""
    before = pd.Series({"1": 80.0, "2": 81.0, "3": 82.0, "4": None})
    after = pd.Series({"2": 83.0, "3": 83.0, "4": 90.0, "5": 91.0})
    known = paired_change(before, after, pd.Series({"2": "甲", "3": None})).attrs
    assert [known[name] for name in ("n", "only_before", "only_after", "no_branch")] == [1, 1, 2, 1]
    with pytest.raises(UsageError, match="没有一个人两年都有总分、又有支部"):
        paired_change(before, after, pd.Series({"9": "甲"}))
    with pytest.raises(UsageError, match="同一人出现多次"):
        paired_change(before, after, pd.Series(["甲", "乙"], index=["2", "2"]))
    with pytest.raises(UsageError, match="支部须以党员编号为索引"):
        paired_change(before, after, ["甲"])  # type: ignore[arg-type] # that is the mistake


def test_all_alike_changed_for_sure() -> None:
    """Where everybody changed by the same there is no error, and no noise in its place."""
    table = changed([0.1 + 0.2] * 5 + [0.3] * 5, ["甲"] * 5 + ["乙"] * 5)
    assert (table.attrs["se"], table.attrs["low"]) == (0.0, table.attrs["change"])
    assert table["stands"].tolist() == ["rose", "rose"]
