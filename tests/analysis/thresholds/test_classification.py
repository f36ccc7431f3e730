"""Tests of how far grades can be relied upon."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from jifen_analysis.analysis import thresholds
from jifen_analysis.errors import UsageError

TOTALS = st.lists(st.integers(4000, 11_000).map(lambda cents: cents / 100), min_size=1, max_size=40)


def test_probabilities_are_the_normal_areas_between_the_cuts() -> None:
    """Rudner (2005): the true score is normal around the observed one."""
    found = thresholds.accuracy([62.0, 89.0], se=3, cuts=[90, 60])
    expected = [
        [stats.norm.cdf(60, 62, 3), stats.norm.cdf(90, 62, 3) - stats.norm.cdf(60, 62, 3), stats.norm.sf(90, 62, 3)],
        [stats.norm.cdf(60, 89, 3), stats.norm.cdf(90, 89, 3) - stats.norm.cdf(60, 89, 3), stats.norm.sf(90, 89, 3)],
    ]
    assert found.probabilities.to_numpy() == pytest.approx(np.array(expected))
    assert found.accuracy == pytest.approx((expected[0][1] + expected[1][1]) / 2)
    assert found.consistency == pytest.approx((np.array(expected) ** 2).sum() / 2)


def test_a_second_assessment_agrees_as_often_as_said() -> None:
    """Simulated true scores and re-assessments meet accuracy and consistency."""
    rng = np.random.default_rng(13)
    observed = rng.normal(80, 8, 300).round(1)
    found = thresholds.accuracy(observed, se=4, cuts=[60, 75, 90])
    draws = observed + 4 * rng.normal(size=(2, 4000, 300))
    bands = np.digitize(draws, [60, 75, 90])
    assert found.accuracy == pytest.approx((bands[0] == np.digitize(observed, [60, 75, 90])).mean(), abs=0.003)
    assert found.consistency == pytest.approx((bands[0] == bands[1]).mean(), abs=0.003)


@settings(deadline=None, max_examples=40)
@given(TOTALS, st.floats(0.1, 20), st.integers(0, 100))
def test_probabilities_sum_to_one_whatever_the_order(totals: list[float], se: float, seed: int) -> None:
    """Each member stands in one band or another; shuffled members change no bit of the means."""
    found = thresholds.accuracy(totals, se, [60, 90])
    assert found.probabilities.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(totals)))
    shuffled = thresholds.accuracy(np.random.default_rng(seed).permutation(totals), se, [90, 60])
    assert (shuffled.accuracy, shuffled.consistency) == (found.accuracy, found.consistency)


def test_a_total_on_the_cut_belongs_to_the_band_above() -> None:
    """90 is at least 90, also where floats lose a bit."""
    found = thresholds.accuracy([90.0, 89.9999999], se=1, cuts=[90])
    assert found.accuracy == pytest.approx(0.5)
    assert found.probabilities.columns.astype(str).tolist() == ["[-inf, 90.0)", "[90.0, inf)"]


def test_each_member_may_have_an_error_of_his_own() -> None:
    """A smaller error makes a grade surer."""
    found = thresholds.accuracy(pd.Series([88.0, 88.0]), pd.Series([1.0, 4.0]), [90])
    assert found.probabilities.iloc[0].max() > found.probabilities.iloc[1].max()


def test_an_error_of_nothing_is_refused() -> None:
    """Without error there is no question."""
    with pytest.raises(UsageError, match="标准误须大于 0"):
        thresholds.accuracy([90.0], 0, [60])


def test_a_hair_below_the_line_is_on_it_in_every_number() -> None:
    """Band, chance and the lines themselves at one grain: half a hair below 90 is as likely right as 90 is."""
    on, below = (thresholds.accuracy([score], 1e-9, [90, 90 + 1e-9]) for score in (90.0, 90 - 1e-9))
    assert on.accuracy == below.accuracy == pytest.approx(0.5)
    assert below.probabilities.shape == (1, 2)


def beta_binomial(n: int, alpha: float, beta: float, lower: float = 0, upper: float = 1) -> np.ndarray:
    """Integer marks in nearly exact proportion to a (four-parameter) beta-binomial law."""
    truth = stats.beta(alpha, beta, loc=lower, scale=upper - lower)
    share = [
        integrate.quad(lambda p, k=k: stats.binom.pmf(k, n, p) * truth.pdf(p), lower, upper)[0] for k in range(n + 1)
    ]
    return np.repeat(np.arange(n + 1), np.rint(np.array(share) * 200_000).astype(int))


def kr21(marks: np.ndarray, n: int) -> float:
    """Kuder-Richardson formula 21, exact for binomial errors."""
    mean, variance = marks.mean(), marks.var(ddof=1)
    return float(n / (n - 1) * (1 - mean * (n - mean) / (n * variance)))


@pytest.mark.parametrize("law", [(8.0, 4.0, 0.0, 1.0), (2.0, 3.0, 0.25, 0.95)])
def test_a_binomial_test_is_recovered(law: tuple[float, float, float, float]) -> None:
    """From marks with binomial errors come their length, the law of true scores, and the exact accuracies.

    KR-21 is the reliability of such marks, for which the effective length of
    Livingston & Lewis (1995) is the number of items itself; accuracy,
    consistency and kappa are then integrals that scipy does independently.
    """
    n, cut = 20, 12
    marks = beta_binomial(n, *law)
    found = thresholds.livingston_lewis(marks, kr21(marks, n), 0, n, [cut])
    truth = stats.beta(law[0], law[1], loc=law[2], scale=law[3] - law[2])

    def reach(p: float) -> float:
        return float(stats.binom.sf(cut - 1, n, p))

    line, span = cut / n, (law[2], law[3])
    high = integrate.quad(lambda p: reach(p) * truth.pdf(p), line, span[1])[0]
    low = integrate.quad(lambda p: (1 - reach(p)) * truth.pdf(p), span[0], line)[0]
    both = integrate.quad(lambda p: (reach(p) ** 2 + (1 - reach(p)) ** 2) * truth.pdf(p), *span)[0]
    passing = integrate.quad(lambda p: reach(p) * truth.pdf(p), *span)[0]
    chance = passing**2 + (1 - passing) ** 2
    assert found.effective_length == n
    assert found.accuracy == pytest.approx(high + low, abs=2e-4)
    assert found.consistency == pytest.approx(both, abs=2e-4)
    assert found.kappa == pytest.approx((both - chance) / (1 - chance), abs=5e-4)


def test_bounds_of_the_true_scores_are_fitted() -> None:
    """Four parameters where they fit inside the scale."""
    marks = beta_binomial(40, 2.0, 3.0, 0.25, 0.95)
    true = thresholds.livingston_lewis(marks, kr21(marks, 40), 0, 40, [20]).true_scores
    assert true.parameters == 4
    assert (true.alpha, true.beta, true.lower, true.upper) == pytest.approx((2, 3, 0.25, 0.95), abs=0.1)


def test_two_parameters_where_the_bounds_would_leave_the_scale() -> None:
    """Marks as round as the normal curve would want bounds far outside what is possible."""
    marks = stats.norm.ppf(np.linspace(0.001, 0.999, 999), 50, 8)
    true = thresholds.livingston_lewis(marks, 0.8, 0, 100, [60]).true_scores
    assert (true.parameters, true.lower, true.upper) == (2, 0.0, 1.0)
    assert true.alpha / (true.alpha + true.beta) == pytest.approx(0.5)


def test_the_joint_table_holds_all_probability() -> None:
    """True and observed bands sum to one, and the diagonal is the accuracy."""
    marks = np.random.default_rng(14).normal(80, 8, 400).clip(0, 100)
    found = thresholds.livingston_lewis(marks, 0.8, 0, 100, [90, 60, 75])
    assert found.table.to_numpy().sum() == pytest.approx(1)
    assert np.trace(found.table) == pytest.approx(found.accuracy)
    assert found.table.shape == (4, 4)


def test_a_more_reliable_total_classifies_better() -> None:
    """All three measures rise with reliability."""
    marks = np.random.default_rng(15).normal(80, 8, 400).clip(0, 100)
    weak, strong = (thresholds.livingston_lewis(marks, r, 0, 100, [80]) for r in (0.6, 0.95))
    assert weak.accuracy < strong.accuracy
    assert weak.consistency < strong.consistency
    assert weak.kappa < strong.kappa


@pytest.mark.parametrize(
    ("totals", "reliability", "cuts", "said"),
    [
        ([80.0, 90], 1.2, [85], "信度须在 0 与 1 之间"),
        ([80.0, 105], 0.8, [85], "超出的:\\[105.0\\]"),
        ([80.0, 90], 0.8, [100], "超出的:\\[100.0\\]"),
        ([80.0, 80], 0.8, [85], "总分全是 80,没有差异"),
        ([0.0, 100], 0.5, [50], "等效题数不足 2:总分的差异"),
    ],
)
def test_what_the_model_cannot_hold_is_refused(
    totals: list[float], reliability: float, cuts: list[float], said: str
) -> None:
    """Scores and cuts off the scale, an impossible reliability, no spread."""
    with pytest.raises(UsageError, match=said):
        thresholds.livingston_lewis(totals, reliability, 0, 100, cuts)
    with pytest.raises(UsageError, match="最低分须低于最高分:100、0"):
        thresholds.livingston_lewis([80.0, 90], 0.8, 100, 0, [85])


def test_low_reliability_is_not_flattered() -> None:
    """At a reliability of .6 the regressed figures are those of the simulated truth, the plain ones are too high."""
    random = np.random.default_rng(6)
    truth = random.normal(80, np.sqrt(0.6) * 8, 40_000)
    first, second = (truth + random.normal(0, np.sqrt(0.4) * 8, 40_000) for _ in range(2))
    found = thresholds.accuracy(first, np.sqrt(0.4) * 8, [75, 85])
    right, alike = (float(np.mean(np.digitize(first, [75, 85]) == np.digitize(x, [75, 85]))) for x in (truth, second))
    assert found.reliability == pytest.approx(0.6, abs=0.01)
    assert found.accuracy > right + 0.02
    assert (found.accuracy_regressed, found.consistency_regressed) == pytest.approx((right, alike), abs=0.01)


def test_what_is_noise_only_gives_no_coefficient() -> None:
    """Errors as large as the spread leave no reliability, one band no kappa; no share is over 1."""
    assert np.isnan(thresholds.accuracy([80.0, 81, 82], 5, [81]).accuracy_regressed)
    with pytest.raises(UsageError, match="没有差异"):
        thresholds.livingston_lewis([0.1 + 0.2, 0.3], 0.7, 0, 1, [0.5])
    sure = thresholds.livingston_lewis([10, 11, 12, 13], 0.7, 0, 100, [90])
    assert np.isnan(sure.kappa)
    assert max(sure.accuracy, sure.consistency) <= 1
    assert thresholds.livingston_lewis([10, 10.00001, 90], 0.999999999, 0, 100, [50]).effective_length >= 2
