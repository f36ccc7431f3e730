"""Tests of branches compared with regard to their size."""

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.mixed_linear_model import MixedLM

from jifen_analysis.analysis import branches
from jifen_analysis.errors import UsageError

COUNTS = st.lists(
    st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=20
)

BATTING = [400, 378, 356, 333, 311, 311, 289, 267, 244, 244, 222, 222, 222, 222, 222, 200, 178, 156]
"""Averages of 18 players after 45 at-bats of 1970, in thousandths: Efron & Morris (1975), JASA 70, Table 1."""


def batting() -> tuple[list[int], list[int]]:
    """Every at-bat as 1 or 0, and the player."""
    hits = [round(45 * average / 1000) for average in BATTING]
    return [int(n < hit) for hit in hits for n in range(45)], [player for player in range(18) for _ in range(45)]


@settings(deadline=None, max_examples=40)
@given(COUNTS, st.floats(0.05, 0.95))
def test_limits_are_exact_binomial(counts: list[tuple[int, int]], target: float) -> None:
    """Beyond a limit lies at most half of what the level leaves, and one step inside lies more."""
    won, tried = (np.array(side) for side in zip(*counts, strict=True))
    rows = branches.funnel(won, tried, target)
    for level, name in ((0.95, "95"), (0.998, "99_8")):
        tail = (1 - level) / 2
        low, high = (np.rint(rows[f"{side}_{name}"] * tried) for side in ("low", "high"))
        assert (stats.binom.cdf(low - 1, tried, target) <= tail + 1e-12).all()
        assert (stats.binom.cdf(low, tried, target) >= tail - 1e-12).all()
        assert (stats.binom.sf(high, tried, target) <= tail + 1e-12).all()
        assert (stats.binom.sf(high - 1, tried, target) >= tail - 1e-12).all()


@settings(deadline=None, max_examples=40)
@given(COUNTS)
def test_a_flag_is_an_exact_test(counts: list[tuple[int, int]]) -> None:
    """A unit flagged at 99.8 % has a one-sided exact p below 0.001."""
    won, tried = (np.array(side) for side in zip(*counts, strict=True))
    rows = branches.funnel(won, tried)
    for row in rows[rows["flag"].str.endswith("99_8")].itertuples():
        side = "less" if row.flag.startswith("below") else "greater"
        p = stats.binomtest(row.successes, row.n, rows.attrs["target"], alternative=side).pvalue
        assert p < 0.001 + 1e-12


def test_each_p_is_exact_and_many_are_allowed_for() -> None:
    """Twice the smaller binomial tail; of 24 equal branches one is expected outside single limits, none by Holm."""
    won = np.random.default_rng(3).binomial(25, 0.3, 24)
    rows = branches.funnel(won, [25] * 24)
    target = rows.attrs["target"]
    tails = [min(stats.binom.cdf(k, 25, target), stats.binom.sf(k - 1, 25, target)) for k in won]
    assert rows["p"].tolist() == pytest.approx(np.minimum(1, 2 * np.array(tails)))
    assert 0.3 < rows.attrs["false_alarms"] <= 24 * 0.05
    assert (rows["p_holm"] >= rows["p"]).all()
    assert rows["p_holm"].min() > 0.05


def test_the_target_is_the_pooled_rate() -> None:
    """Large branches weigh more in it than small ones."""
    rows = branches.funnel([1, 30], [2, 98])
    assert rows.attrs["target"] == pytest.approx(0.31)


def test_a_branch_far_out_is_flagged_and_a_small_one_is_not() -> None:
    """Nine of ten stands out from 35 %, one of one does not."""
    rows = branches.funnel(pd.Series({"甲": 9, "乙": 30, "丙": 1}), pd.Series({"丙": 1, "甲": 10, "乙": 100}))
    assert rows.set_index("unit")["flag"].to_dict() == {"甲": "above_99_8", "乙": "", "丙": ""}


def test_z_is_of_the_arcsine_rate() -> None:
    """Spiegelhalter (2005): 2 sqrt(n) (asin sqrt(rate) - asin sqrt(target))."""
    rows = branches.funnel([20, 5], [40, 40], target=0.25)
    expected = 2 * np.sqrt(40) * (np.arcsin(np.sqrt([0.5, 0.125])) - np.arcsin(0.5))
    assert rows["z"].tolist() == pytest.approx(expected.tolist())


def test_overdispersion_is_the_moment_estimate_of_winsorised_scores() -> None:
    """Phi and tau2 follow the formulas of Spiegelhalter (2005), appendix A.3, written out once more."""
    rng = np.random.default_rng(4)
    n, won = np.full(60, 50), rng.binomial(50, rng.beta(6, 6, 60))
    rows = branches.funnel(won, n)
    z = np.sort(rows["z"].to_numpy())
    low, high = np.quantile(z, 0.1), np.quantile(z, 0.9)
    phi = np.mean(np.clip(z, low, high) ** 2)
    weight = 4 * 50.0
    tau2 = (60 * phi - 59) / (60 * weight - 60 * weight**2 / (60 * weight))
    assert rows.attrs["phi"] == pytest.approx(phi)
    assert rows.attrs["tau2"] == pytest.approx(tau2)
    assert rows["z_adjusted"].to_numpy() == pytest.approx(rows["z"] / np.sqrt(1 + 200 * tau2))


def test_without_overdispersion_nothing_is_adjusted() -> None:
    """Where chance explains the spread tau2 is zero and z stays."""
    rows = branches.funnel([10, 11, 9, 10], [20, 20, 20, 20])
    assert rows.attrs["tau2"] == 0.0
    assert rows["z_adjusted"].tolist() == rows["z"].tolist()


def test_a_unit_without_trials_stays_without_a_rate() -> None:
    """Nobody counted is no rate of zero."""
    rows = branches.funnel([0, 5], [0, 10])
    assert rows["rate"].isna().tolist() == [True, False]
    assert rows["flag"].tolist() == ["", ""]


def test_the_order_of_units_changes_nothing() -> None:
    """Each unit has the same row wherever it stands."""
    won, tried = pd.Series({"甲": 9, "乙": 30, "丙": 2}), pd.Series({"甲": 10, "乙": 99, "丙": 7})
    turned = branches.funnel(won[::-1], tried)
    pd.testing.assert_frame_equal(branches.funnel(won, tried), turned.loc[won.index], check_exact=True)
    assert turned.attrs == branches.funnel(won, tried).attrs


@pytest.mark.parametrize(
    ("won", "tried", "said"),
    [([3], [2], "整数且不超过总数:0"), ([0.5], [2], "整数"), ([np.nan], [2], "整数"), ([0], [0], "总数全为 0")],
)
def test_counts_that_cannot_be_are_refused(won: list[float], tried: list[float], said: str) -> None:
    """More successes than trials, halves, and blanks are no counts."""
    with pytest.raises(UsageError, match=said):
        branches.funnel(won, tried)


def test_units_must_be_the_same() -> None:
    """Successes of one branch and trials of another are not compared."""
    with pytest.raises(UsageError, match="单位不一致"):
        branches.funnel(pd.Series({"甲": 1}), pd.Series({"乙": 2}))


def test_a_target_outside_zero_and_one_is_refused() -> None:
    """Percent where a share is wanted is told so."""
    with pytest.raises(UsageError, match="0 与 1 之间:35"):
        branches.funnel([1], [2], target=35)


def unbalanced(seed: int, between: float) -> tuple[np.ndarray, np.ndarray]:
    """Scores of branches of many sizes."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 40, 15)
    branch = np.repeat(np.arange(15), sizes)
    return 85 + between * rng.normal(size=15)[branch] + 5 * rng.normal(size=sizes.sum()), branch


def test_shrunken_means_of_equal_branches_are_the_analysis_of_variance() -> None:
    """With equal sizes REML has a closed form."""
    rng = np.random.default_rng(5)
    branch = np.repeat(np.arange(12), 8)
    scores = 80 + 3 * rng.normal(size=12)[branch] + 4 * rng.normal(size=96)
    rows = branches.shrunken_means(scores, branch)
    means = scores.reshape(12, 8).mean(axis=1)
    within = ((scores.reshape(12, 8) - means[:, None]) ** 2).sum() / 84
    between = means.var(ddof=1) - within / 8
    assert rows.attrs["var_within"] == pytest.approx(within, rel=1e-6)
    assert rows.attrs["var_between"] == pytest.approx(between, rel=1e-6)
    assert rows["shrinkage"].to_numpy() == pytest.approx(np.full(12, between / (between + within / 8)))
    assert rows["shrunken"].to_numpy() == pytest.approx(
        means.mean() + between / (between + within / 8) * (means - means.mean())
    )


@pytest.mark.parametrize("seed", range(5))
def test_shrunken_means_agree_with_statsmodels(seed: int) -> None:
    """Variances, mean and predictions are those of MixedLM, to its precision."""
    scores, branch = unbalanced(seed, between=3)
    rows = branches.shrunken_means(scores, branch)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = MixedLM(scores, np.ones((len(scores), 1)), groups=branch).fit(reml=True)
    assert rows.attrs["var_between"] == pytest.approx(fit.cov_re[0, 0], rel=1e-3)
    assert rows.attrs["var_within"] == pytest.approx(fit.scale, rel=1e-4)
    assert rows.attrs["mean"] == pytest.approx(fit.fe_params[0], abs=1e-3)
    effects = [fit.random_effects[key].iloc[0] for key in rows.index]
    assert rows["shrunken"].to_numpy() == pytest.approx(np.array(effects) + fit.fe_params[0], abs=1e-3)


def test_no_spread_between_branches_is_found_as_exactly_none() -> None:
    """Where branches differ less than chance would have it, everybody gets the common mean."""
    scores = [80.0, 90, 81, 89, 79, 91]
    rows = branches.shrunken_means(scores, ["甲", "甲", "乙", "乙", "丙", "丙"])
    assert rows.attrs["var_between"] == rows.attrs["icc"] == 0.0
    assert rows["shrunken"].to_numpy() == pytest.approx(np.full(3, 85))


def test_no_spread_within_branches_leaves_the_means() -> None:
    """Where all of a branch have the same, its mean is known."""
    rows = branches.shrunken_means([80.0, 80, 90, 90], ["甲", "甲", "乙", "乙"])
    assert rows["shrunken"].to_dict() == rows["mean"].to_dict()


def test_no_spread_at_all_is_no_error() -> None:
    """If everybody has the same score the intervals have no width."""
    rows = branches.shrunken_means([80.0] * 4, ["甲", "甲", "乙", "乙"])
    assert rows[["shrunken", "low", "high"]].values.tolist() == [[80.0] * 3] * 2


def test_shrinkage_of_the_batting_averages() -> None:
    """Efron & Morris (1975; Scientific American 236, 1977): c = 1 - (k - 3) s2 / S = .212.

    For equal sizes REML shrinks by 1 - (k - 1) s2 / S, so the published factor follows from ours.
    """
    scores, player = batting()
    shrinkage = branches.shrunken_means(scores, player)["shrinkage"].iloc[0]
    assert 1 - (1 - shrinkage) * (18 - 3) / (18 - 1) == pytest.approx(0.212, abs=1e-3)


def test_the_interval_covers_what_it_should() -> None:
    """Over many draws the true branch means lie inside about 19 times of 20."""
    rng, inside = np.random.default_rng(6), []
    for _ in range(60):
        branch = np.repeat(np.arange(30), rng.integers(2, 12, 30))
        truth = 85 + 3 * rng.normal(size=30)
        rows = branches.shrunken_means(truth[branch] + 5 * rng.normal(size=len(branch)), branch)
        inside += ((rows["low"] <= truth) & (truth <= rows["high"])).tolist()
    assert np.mean(inside) == pytest.approx(0.95, abs=0.02)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 1000), st.permutations(range(15)))
def test_names_and_order_of_branches_change_nothing(seed: int, names: list[int]) -> None:
    """Relabelled branches and shuffled members have the same shrunken means."""
    scores, branch = unbalanced(seed, between=2)
    order = np.random.default_rng(seed).permutation(len(scores))
    first = branches.shrunken_means(scores, branch)
    other = branches.shrunken_means(scores[order], np.array(names)[branch[order]])
    assert other["shrunken"].loc[names].to_numpy() == pytest.approx(first["shrunken"].to_numpy(), abs=1e-5)
    pd.testing.assert_frame_equal(first, branches.shrunken_means(scores[order], branch[order]), check_exact=True)


def test_missing_scores_are_left_out_and_counted() -> None:
    """A member without a score does not count into his branch."""
    rows = branches.shrunken_means([80.0, np.nan, 82, 90, 91], ["甲", "甲", "甲", "乙", None])
    assert rows["n"].to_dict() == {"乙": 1, "甲": 2}
    assert rows.attrs["left_out"] == 2


@pytest.mark.parametrize("branch", [["甲", "甲"], ["甲", "乙"]])
def test_too_few_branches_or_members_are_refused(branch: list[str]) -> None:
    """One branch, or branches of one member each, tell nothing of the spread."""
    with pytest.raises(UsageError, match="至少要有两个支部"):
        branches.shrunken_means([80.0, 90], branch)


@pytest.mark.parametrize(("sizes", "spread"), [((3, 4, 5, 7, 9, 10), 2.0), ((12,) * 24, 2.0)])
def test_intervals_of_means_cover(sizes: tuple[int, ...], spread: float) -> None:
    """With few branches the variances are not known: intervals that took them so covered .84 of the means."""
    random, group = np.random.default_rng(7), np.repeat(np.arange(len(sizes)), sizes)
    covered = []
    for _ in range(240 // len(sizes)):
        means = 85 + random.normal(0, spread, len(sizes))
        rows = branches.shrunken_means(means[group] + random.normal(0, 4, len(group)), group)
        covered.append((rows["low"] <= means) & (means <= rows["high"]))
    assert np.mean(covered) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 240)


def test_marks_that_differ_in_the_last_bits_leave_no_doubt() -> None:
    """.1 + .2 and .3 are one mark: the interval of a mean of such is the mean."""
    rows = branches.shrunken_means([0.1 + 0.2, 0.3, 0.5, 0.5], ["甲", "甲", "乙", "乙"])
    assert (rows["high"] - rows["low"]).max() == pytest.approx(0, abs=1e-9)


def test_the_last_bits_of_equal_scores_are_no_spread() -> None:
    """0.1 + 0.2 in one branch and 0.3 in the other: nothing lies between branches, and nobody is above or below."""
    table = branches.shrunken_means([0.1 + 0.2] * 6 + [0.3] * 6, ["甲"] * 6 + ["乙"] * 6)
    assert table.attrs["icc"] == 0
    assert (table["low"] <= table.attrs["mean"]).all()
    assert (table["high"] >= table.attrs["mean"]).all()
