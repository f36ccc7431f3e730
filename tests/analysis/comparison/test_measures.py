"""Tests of the measures of agreement."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable

from jifen_analysis.analysis import comparison
from jifen_analysis.errors import UsageError

GRADES = ["不合格", "合格", "优秀"]
PAIRS = st.lists(st.tuples(st.sampled_from(GRADES), st.sampled_from(GRADES)), min_size=1, max_size=40)
TOTALS = st.lists(st.tuples(st.integers(60, 75), st.integers(60, 75)), min_size=2, max_size=15)


def sides(pairs: list[tuple[object, object]]) -> tuple[pd.Series, pd.Series]:
    """Two Series by member."""
    a, b = zip(*pairs, strict=True)
    return pd.Series(a), pd.Series(b)


def weighted_kappa(counts: np.ndarray, power: int) -> float:
    """Cohen's weighted kappa written out: 1 - observed over expected disagreement."""
    k, n = len(counts), counts.sum()
    weight = np.abs(np.subtract.outer(np.arange(k), np.arange(k))) ** power if power else 1 - np.eye(k)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / n
    return float(1 - (weight * counts).sum() / (weight * expected).sum())


@settings(deadline=None, max_examples=40)
@given(PAIRS)
def test_kappas_are_observed_over_expected_disagreement(pairs: list[tuple[str, str]]) -> None:
    """All three kappas agree with the definition; all members in one same grade have none."""
    found = comparison.agreement(*sides(pairs), GRADES)
    counts = np.array([[sum(pair == (a, b) for pair in pairs) for b in GRADES] for a in GRADES])
    if len(set(sum(pairs, ()))) == 1:
        assert found[["kappa", "kappa_linear", "kappa_quadratic"]].isna().all()
        return
    expected = [weighted_kappa(counts, power) for power in (0, 1, 2)]
    assert found[["kappa", "kappa_linear", "kappa_quadratic"]].tolist() == pytest.approx(expected)


def test_the_interval_covers_the_kappa_of_the_population() -> None:
    """Of many samples about nineteen in twenty have the true linear kappa inside the interval."""
    rng = np.random.default_rng(20)
    truth = np.array([[4, 2, 1], [2, 8, 3], [1, 4, 15]]) / 40
    kappa = weighted_kappa(truth, 1)
    inside = []
    for _ in range(200):
        cells = rng.choice(9, 150, p=truth.ravel())
        found = comparison.agreement(*sides([(GRADES[c // 3], GRADES[c % 3]) for c in cells]), GRADES)
        inside.append(found["kappa_linear_low"] <= kappa <= found["kappa_linear_high"])
    assert np.mean(inside) == pytest.approx(0.95, abs=0.03)


def test_the_interval_of_a_few_members_is_withheld() -> None:
    """Four members give a kappa, and no interval that would pretend to know."""
    found = comparison.agreement(*sides([("优秀", "优秀"), ("合格", "合格")] * 2), GRADES)
    assert found["kappa"] == 1
    assert found[["kappa_linear_low", "kappa_linear_high"]].isna().all()


@settings(deadline=None, max_examples=40)
@given(PAIRS)
def test_bowker_tests_symmetry(pairs: list[tuple[str, str]]) -> None:
    """The statistic is that of statsmodels where every pair of grades is crossed."""
    every = [*pairs, *((a, b) for a in GRADES for b in GRADES if a != b)]
    found = comparison.agreement(*sides(every), GRADES)
    counts = np.array([[sum(pair == (a, b) for pair in every) for b in GRADES] for a in GRADES])
    expected = SquareTable(counts, shift_zeros=False).symmetry(method="bowker")
    assert found["bowker"] == pytest.approx(expected.statistic)
    assert 0 < found["bowker_p"] <= 1


def test_a_grade_nobody_holds_changes_no_test() -> None:
    """An empty grade adds no degree of freedom and no agreement."""
    pairs = [("优秀", "合格")] * 8 + [("合格", "优秀")] * 2 + [("合格", "合格")] * 5
    few, many = (comparison.agreement(*sides(pairs), grades) for grades in (["合格", "优秀"], GRADES))
    assert many[["kappa", "bowker", "bowker_p"]].tolist() == pytest.approx(
        few[["kappa", "bowker", "bowker_p"]].tolist()
    )
    assert few["bowker_p"] == pytest.approx(stats.binomtest(8, 10).pvalue)


def test_five_moves_to_one_side_are_no_proof() -> None:
    """0 against 5 is .0625, exactly; of many moves the chi-square is near."""
    assert comparison.agreement(*sides([("合格", "优秀")] * 5), GRADES)["bowker_p"] == pytest.approx(0.0625)
    many = [("合格", "优秀")] * 240 + [("优秀", "合格")] * 200
    found = comparison.agreement(*sides(many), GRADES)["bowker_p"]
    assert found == pytest.approx(stats.chi2.sf(40**2 / 440, 1), abs=0.01)


def test_the_interval_stays_inside_and_is_no_point() -> None:
    """Five members alike leave doubt; nothing lies above one; eight members are covered as often as it says."""
    found = comparison.agreement(*sides([("优秀", "优秀")] * 3 + [("合格", "合格")] * 2), GRADES)
    assert found["kappa_linear_low"] < 0.9
    assert found["kappa_linear_high"] == 1
    random, truth = np.random.default_rng(21), np.array([[4, 1, 0], [1, 8, 2], [0, 2, 12]]) / 30
    kappa, inside = weighted_kappa(truth, 1), []
    for _ in range(150):
        cells = random.choice(9, 8, p=truth.ravel())
        found = comparison.agreement(*sides([(GRADES[c // 3], GRADES[c % 3]) for c in cells]), GRADES)
        if found["kappa"] == found["kappa"]:
            assert -1 <= found["kappa_linear_low"] <= found["kappa_linear"] <= found["kappa_linear_high"] <= 1
            inside.append(found["kappa_linear_low"] <= kappa <= found["kappa_linear_high"])
    assert np.mean(inside) > 0.9


def test_periods_of_one_member_are_not_independent() -> None:
    """Ten members over four periods each that never change are ten members, not forty."""
    once = sides([("优秀", "优秀")] * 4 + [("合格", "优秀")] * 5 + [("合格", "合格")])
    often = tuple(
        pd.concat({f"2024Q{quarter}": side for quarter in range(1, 5)}).swaplevel().sort_index() for side in once
    )
    few, many = comparison.agreement(*once, GRADES), comparison.agreement(*often, GRADES)
    assert (many.attrs["n"], many.attrs["members"]) == (40, 10)
    assert many[["kappa", "kappa_linear"]].tolist() == pytest.approx(few[["kappa", "kappa_linear"]].tolist())
    assert many["bowker_p"] == pytest.approx(few["bowker_p"], abs=0.02)
    widths = [found["kappa_linear_high"] - found["kappa_linear_low"] for found in (few, many)]
    assert widths[1] > 0.8 * widths[0]


def test_nobody_moving_is_symmetric() -> None:
    """Without any move there is nothing to test."""
    found = comparison.agreement(*sides([("优秀", "优秀"), ("合格", "合格")]), GRADES)
    assert found[["bowker", "bowker_p"]].tolist() == [0.0, 1.0]


def test_ungraded_members_are_left_out_and_counted() -> None:
    """A grade on one side only is no disagreement."""
    found = comparison.agreement(pd.Series(["优秀", None, "合格"]), pd.Series(["优秀", "优秀", "合格"]), GRADES)
    assert (found.attrs["n"], found.attrs["left_out"], found["kappa"]) == (2, 1, 1.0)


def test_agreement_needs_somebody_graded_twice() -> None:
    """Grades of different members cannot agree."""
    with pytest.raises(UsageError, match="没有两边都有等次的人"):
        comparison.agreement(pd.Series({"1": "优秀"}), pd.Series({"2": "优秀"}), GRADES)


def test_an_unknown_grade_is_refused() -> None:
    """A grade outside the list has no place in the table."""
    with pytest.raises(UsageError, match="没有等次 良好"):
        comparison.agreement(pd.Series(["良好"]), pd.Series(["优秀"]), GRADES)


def test_tau_of_the_handbook() -> None:
    """OECD/JRC Handbook (2008), Box 7: eight persons by height and by weight, .57."""
    height, weight = pd.Series([1, 2, 3, 4, 5, 6, 7, 8]), pd.Series([3, 4, 1, 2, 5, 7, 8, 6])
    assert round(comparison.rank_agreement(height, weight)["tau_b"], 2) == 0.57


@settings(deadline=None, max_examples=40)
@given(TOTALS)
def test_rank_agreement_is_counted(totals: list[tuple[int, int]]) -> None:
    """Tau-b by brute force over pairs, Spearman by Pearson of mean ranks."""
    a, b = sides(totals)
    found = comparison.rank_agreement(a, b)
    if a.nunique() == 1 or b.nunique() == 1:
        assert found.isna().all()
        return
    signs = [(np.sign(x1 - x2), np.sign(y1 - y2)) for n, (x1, y1) in enumerate(totals) for x2, y2 in totals[:n]]
    untied = [sum(sign[side] != 0 for sign in signs) for side in (0, 1)]
    assert found["tau_b"] == pytest.approx(sum(x * y for x, y in signs) / np.sqrt(untied[0] * untied[1]))
    assert found["spearman"] == pytest.approx(np.corrcoef(a.rank(), b.rank())[0, 1])


def test_exchanges_at_the_top_weigh_more() -> None:
    """Weighted tau tells the first two changing places from the last two."""
    a = pd.Series([90.0, 80, 70, 60, 50])
    top, bottom = pd.Series([80.0, 90, 70, 60, 50]), pd.Series([90.0, 80, 70, 50, 60])
    first, last = comparison.rank_agreement(a, top), comparison.rank_agreement(a, bottom)
    assert first["tau_b"] == last["tau_b"]
    assert first["weighted_tau"] < last["weighted_tau"]


@settings(deadline=None, max_examples=30)
@given(TOTALS, st.integers(0, 99))
def test_the_order_of_members_changes_no_bit(totals: list[tuple[int, int]], seed: int) -> None:
    """Members are matched by their id."""
    a, b = sides(totals)
    found = comparison.rank_agreement(a, b)
    other = comparison.rank_agreement(a.sample(frac=1, random_state=seed), b)
    pd.testing.assert_series_equal(found, other, check_exact=True)


def test_totals_equal_at_six_decimals_are_tied() -> None:
    """Bits that floats lose make no order."""
    assert np.isnan(comparison.rank_agreement(pd.Series([0.1 + 0.2, 0.3]), pd.Series([1.0, 2.0]))["tau_b"])


def test_one_member_has_no_order() -> None:
    """Two are needed to agree on an order."""
    with pytest.raises(UsageError, match="不足两名:1"):
        comparison.rank_agreement(pd.Series([90.0]), pd.Series([80.0]))
