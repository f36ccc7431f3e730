"""Tests of who passes, of rates by group and of the four-fifths rule."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from jifen_analysis.analysis import thresholds
from jifen_analysis.errors import UsageError

GROUPS = st.lists(
    st.integers(1, 40).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=5
)


def members(counts: dict[str, tuple[int, int]]) -> tuple[list[bool], list[str]]:
    """Members from (selected, all) of each group."""
    selected = [n < won for won, all_ in counts.values() for n in range(all_)]
    return selected, [name for name, (_, all_) in counts.items() for _ in range(all_)]


@pytest.mark.parametrize(("won", "ratio", "flagged"), [(45, 0.75, True), (48, 0.80, False), (51, 0.85, False)])
def test_the_uniform_guidelines_example(won: int, ratio: float, flagged: bool) -> None:
    """Uniform Guidelines on Employee Selection Procedures, Questions and Answers, 44 FR 11996 (1979).

    60 of 100 in one group; 45, 48, 51 of 100 in the other: 75 % and below is
    adverse impact, 80 % and 85 % are not.
    """
    rows = thresholds.selection_rates(*members({"a": (60, 100), "b": (won, 100)}))
    assert rows.loc["b", "ratio"] == pytest.approx(ratio)
    assert rows["below_four_fifths"].tolist() == [False, flagged]


def test_exactly_four_fifths_is_not_below() -> None:
    """3/5 against 3/4 is exactly .8; floats make it .7999…"""
    rows = thresholds.selection_rates(*members({"a": (3, 5), "b": (3, 4)}), min_n=1)
    assert 0.6 / 0.75 < 0.8
    assert not rows.loc["a", "below_four_fifths"]


def others(groups: dict[str, tuple[int, int]], name: str) -> tuple[int, int]:
    """Selected and all of the other groups, pooled."""
    rest = [count for other, count in groups.items() if other != name]
    return sum(won for won, _ in rest), sum(n for _, n in rest)


@settings(deadline=None, max_examples=40)
@given(GROUPS)
def test_rates_tests_and_flags_are_the_standard_ones(counts: list[tuple[int, int]]) -> None:
    """Fractions by hand, Wilson as in statsmodels, Katz written out, Fisher as in scipy, all against the others."""
    groups = {f"g{n}": count for n, count in enumerate(counts)}
    rows = thresholds.selection_rates(*members(groups), min_n=1)
    for name, (won, n) in groups.items():
        won0, n0 = others(groups, name)
        assert rows.loc[name, "rate"] == pytest.approx(won / n)
        assert rows.loc[name, "below_four_fifths"] == (Fraction(won, n) < Fraction(won0, n0) * Fraction(4, 5))
        assert rows.loc[name, ["low", "high"]].tolist() == pytest.approx(proportion_confint(won, n, method="wilson"))
        expected = stats.fisher_exact([[won, n - won], [won0, n0 - won0]]).pvalue
        assert rows.loc[name, "p"] == pytest.approx(expected)
        assert expected - 1e-12 <= rows.loc[name, "p_bh"] <= rows.loc[name, "p_holm"] + 1e-12
        assert rows.loc[name, "ratio"] == (
            pytest.approx(won / n / (won0 / n0)) if won0 else pytest.approx(np.nan, nan_ok=True)
        )
        if not (won and won0) or (won == n and won0 == n0):
            assert rows.loc[name, ["ratio_low", "ratio_high"]].isna().all()  # no variance is no certainty
        else:
            spread = 1.959963984540054 * np.sqrt(1 / won - 1 / n + 1 / won0 - 1 / n0)
            katz = won / n / (won0 / n0) * np.exp([-spread, spread])
            assert rows.loc[name, ["ratio_low", "ratio_high"]].tolist() == pytest.approx(katz.tolist())
    assert rows.attrs["false_alarms"] == pytest.approx(0.05 * len(groups))


def test_small_groups_are_withheld_and_said_to_be() -> None:
    """Four members show their number and nothing that gives their rate; the others are pooled without them."""
    rows = thresholds.selection_rates(*members({"a": (4, 4), "b": (3, 6), "c": (2, 10)}))
    assert rows["withheld"].tolist() == [True, False, False]
    assert rows.loc["a"].drop(["n", "withheld"]).isna().all()
    assert rows.loc["a", "n"] == 4
    assert rows.loc["b", "ratio"] == pytest.approx(0.5 / 0.2)


def test_a_single_group_has_nothing_to_be_compared_with() -> None:
    """Where all others are withheld, a ratio would give their rate back."""
    rows = thresholds.selection_rates(*members({"a": (6, 10), "b": (1, 3)}))
    assert rows.loc["a", ["ratio", "ratio_low", "p", "p_holm"]].isna().all()
    assert not rows.loc["a", "below_four_fifths"]


def test_a_reference_can_be_named() -> None:
    """Ratios then are to that group, above one where it is exceeded."""
    rows = thresholds.selection_rates(*members({"a": (8, 10), "b": (4, 10)}), reference="b")
    assert rows["ratio"].tolist() == pytest.approx([2.0, 1.0])


def test_nobody_selected_anywhere_has_no_ratio() -> None:
    """Zero against zero is no ratio and no adverse impact."""
    rows = thresholds.selection_rates(*members({"a": (0, 10), "b": (0, 10)}))
    assert np.isnan(rows.loc["b", "ratio"])
    assert not rows["below_four_fifths"].any()


def test_unanswered_and_ungrouped_members_are_left_out_and_counted() -> None:
    """A missing grade is not a failure to be selected."""
    selected = pd.array([True, None, False, True, True], dtype="boolean")
    rows = thresholds.selection_rates(selected, ["a", "a", "a", "a", None], min_n=2)
    assert rows.loc["a", ["n", "selected"]].tolist() == [3, 2]
    assert rows.attrs["left_out"] == 2


@settings(deadline=None, max_examples=30)
@given(GROUPS, st.integers(0, 1000))
def test_the_order_of_members_changes_nothing(counts: list[tuple[int, int]], seed: int) -> None:
    """Shuffled members give the same table."""
    selected, group = members({f"g{n}": count for n, count in enumerate(counts)})
    order = np.random.default_rng(seed).permutation(len(group))
    pd.testing.assert_frame_equal(
        thresholds.selection_rates(selected, group, min_n=1),
        thresholds.selection_rates(np.array(selected)[order], np.array(group)[order], min_n=1),
        check_exact=True,
    )


def test_where_every_group_is_small_all_is_withheld() -> None:
    """Without any large group there is no reference, and every row says that it is withheld."""
    rows = thresholds.selection_rates(*members({"a": (1, 2), "b": (1, 3)}))
    assert rows["withheld"].all()
    assert rows[["selected", "rate", "ratio", "p", "below_four_fifths"]].isna().all(axis=None)
    assert rows.attrs["reference"] is None


@pytest.mark.parametrize(("reference", "said"), [("c", "没有组 c"), ("a", "a 人数不足 5,不能作比较的基准")])
def test_a_reference_that_cannot_be_is_refused(reference: str, said: str) -> None:
    """An unknown group, or one too small, is no reference."""
    with pytest.raises(UsageError, match=said):
        thresholds.selection_rates(*members({"a": (1, 2), "b": (1, 3)}), reference=reference)


def test_nobody_to_compare_is_refused() -> None:
    """Only missing answers leave nobody."""
    with pytest.raises(UsageError, match="没有可比较的人"):
        thresholds.selection_rates(pd.array([None], dtype="boolean"), ["a"])


def test_lists_of_different_length_are_refused() -> None:
    """Each member needs an answer and a group."""
    with pytest.raises(UsageError, match="同一批人:1 与 2 个"):
        thresholds.selection_rates([True], ["a", "b"])


TOTALS = st.lists(st.integers(-500, 12_000).map(lambda cents: cents / 100), min_size=1, max_size=50)


@settings(deadline=None, max_examples=40)
@given(TOTALS, st.lists(st.integers(0, 120), min_size=1, max_size=10))
def test_every_cut_is_counted_exactly(totals: list[float], cuts: list[int]) -> None:
    """Brute force over all cuts, the cut itself included, gives the same counts."""
    curve = thresholds.pass_curve(totals, cuts)
    brute = [sum(round(total * 100) >= cut * 100 for total in totals) for cut in sorted(set(cuts))]
    assert curve["n_at_least"].tolist() == brute
    assert curve["share"].tolist() == [count / len(totals) for count in brute]


@settings(deadline=None, max_examples=40)
@given(TOTALS)
def test_the_curve_falls_as_the_cut_rises(totals: list[float]) -> None:
    """A higher cut never lets more pass; the lowest total lets everybody."""
    curve = thresholds.pass_curve(totals)
    assert curve["n_at_least"].is_monotonic_decreasing
    assert curve["n_at_least"].iloc[0] == len(totals)
    assert len(curve) == len(set(totals))


def test_totals_are_compared_at_six_decimals() -> None:
    """A total that floats leave a hair below the cut passes."""
    assert thresholds.pass_curve([0.1 + 0.2, 89.9999999, 89.999999], [0.3, 90])["n_at_least"].tolist() == [3, 1]


def test_missing_totals_are_left_out_and_counted() -> None:
    """Members without a total are no failures."""
    curve = thresholds.pass_curve([90, np.nan], [60])
    assert curve["share"].tolist() == [1.0]
    assert curve.attrs["left_out"] == 1


def test_each_group_has_its_own_curve() -> None:
    """A sweep by group counts each group by itself and withholds shares of small ones."""
    curve = thresholds.pass_curve([90.0] * 5 + [70.0] * 5 + [80.0], [75], list("aaaaabbbbbc"))
    assert curve["group"].tolist() == ["a", "b", "c"]
    assert curve["n_at_least"].tolist() == [5, 0, 1]
    assert curve["share"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(curve["share"].iloc[2])
    assert curve["withheld"].tolist() == [False, False, True]


def test_a_group_for_every_total_is_wanted() -> None:
    """Lists of different lengths cannot be matched."""
    with pytest.raises(UsageError, match="同一批人:1 与 2 个"):
        thresholds.pass_curve([90.0], [60], ["a", "b"])


@pytest.mark.parametrize(("totals", "cuts"), [([], [60]), ([60.0], [])])
def test_no_total_and_no_cut_are_refused(totals: list[float], cuts: list[float]) -> None:
    """Without a total or a cut there is nothing to count."""
    with pytest.raises(UsageError, match="不足"):
        thresholds.pass_curve(totals, cuts)
