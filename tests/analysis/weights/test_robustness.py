"""Tests of ranks and grades under many weightings, and of one component at every weight."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import weights
from jifen_analysis.analysis.weights import robustness
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from tests.analysis.builders import tai, tai_normalised
from tests.builders import random_of, records, scheme

COMMUNITY = read_scheme("community_60_40")
PLAIN = """
[components.work.items.life]
title = "组织生活"
start = 100
rules.absent = { title = "缺席", from = "attendance", where = { status = "absent" }, points = -5 }
[components.extra.items.present]
title = "加分"
rules.present = { title = "出勤", from = "attendance", where = { status = "present" }, points = 1 }
[grades."合格"]
at_least = 60
[grades."不合格"]
"""


def test_every_weight_is_an_assessment_of_its_own() -> None:
    """Counts are those of the scheme with these weights, forced grades and all."""
    given = random_of(5)
    found = weights.sweep(assess(given, COMMUNITY), "daily", [0.8, 0.5])
    assert found["weight"].drop_duplicates().tolist() == [0.5, 0.8]
    for weight, rows in found.groupby("weight"):
        direct = assess(given, COMMUNITY.with_weights(daily=weight, evaluation=round(1 - weight, 12))).table["grade"]
        assert rows.set_index("grade")["n"].to_dict() == direct.value_counts().to_dict()
        assert found.attrs["ungraded"][weight] == direct.isna().sum()


def test_the_scheme_s_own_weight_changes_nothing() -> None:
    """At 0.6 the grades are those of the result itself."""
    result = assess(random_of(6), COMMUNITY)
    found = weights.sweep(result, "daily", [0.6]).set_index("grade")["n"]
    assert found.to_dict() == result.table["grade"].value_counts().to_dict()


def test_shares_keep_the_full_marks() -> None:
    """A sweep over shares is with_shares at each, even where weights are no shares, and thirds are exact."""
    result = assess(random_of(6), read_scheme("street_80_20"))
    found = weights.sweep(result, "base", [0.7, 0.8, 1 / 3], of="share")
    assert (found.attrs["current"], found.attrs["of"], found.attrs["against"]) == (0.8, "share", ["evaluation"])
    for share, rows in found.groupby("weight"):
        shares = {"base": "1/3", "evaluation": "2/3"} if share < 0.5 else {"base": share, "evaluation": 1 - share}
        direct = assess(result.records, result.scheme.with_shares(**shares)).table["grade"]
        assert rows.set_index("grade")["n"].to_dict() == {
            grade: (direct == grade).sum() for grade in result.scheme.book.grades
        }
    with pytest.raises(UsageError, match="没有满分板块 bonus"):
        weights.sweep(result, "bonus", [0.5], of="share")
    with pytest.raises(UsageError, match="权重须在 0 与 1 之间"):
        weights.sweep(result, "base", [1.5], of="share")


def test_grades_nobody_holds_stay() -> None:
    """Every weight has a row for every grade, from the highest."""
    given = records(
        members=[["1", "甲"]],
        attendance=[["1", "2024-03-05", "lecture", "present"]],
        evaluations=[["1", "2024H1", "members", 80]],
    )
    found = weights.sweep(assess(given, COMMUNITY), "daily", [0.6, 0.7])
    assert found["grade"].tolist() == ["优秀", "合格", "不合格"] * 2
    assert found["n"].tolist() == [1, 0, 0] * 2


def test_the_sweep_is_asked_for_as_the_result_was() -> None:
    """A result of one half is swept over that half only."""
    given = records(
        members=[["1", "甲"]],
        attendance=[["1", "2023-03-05", "lecture", "present"], ["1", "2024-03-05", "lecture", "present"]],
        evaluations=[["1", "2023", "members", 80], ["1", "2024", "members", 80]],
    )
    assert weights.sweep(assess(given, COMMUNITY, periods=["2023H1"]), "daily", [0.6])["n"].sum() == 1


def test_who_gives_way_can_be_named() -> None:
    """Where nothing but a bonus is beside it, the caller says against which component."""
    given = records(members=[["1", "甲"]], attendance=[["1", "2024-03-05", "lecture", "present"]])
    result = assess(given, scheme(PLAIN))
    with pytest.raises(UsageError, match="work 没有与之分权的板块"):
        weights.sweep(result, "work", [0.5])
    found = weights.sweep(result, "work", [0.5, 1.0], against=["extra"])
    assert found.loc[found["grade"] == "合格", "n"].tolist() == [0, 1]
    assert found.attrs["against"] == ["extra"]


def test_bonuses_never_give_way_unasked() -> None:
    """In a scheme whose weights are all one, the other components share with it and the bonus stands."""
    given = random_of(7)
    found = weights.sweep(assess(given, read_scheme("street_80_20")), "evaluation", [1.0, 1.5])
    assert found.attrs["against"] == ["base"]
    direct = assess(given, read_scheme("street_80_20").with_weights(evaluation=1.5, base=0.5)).table["grade"]
    assert found[found["weight"] == 1.5].set_index("grade")["n"].to_dict() == {
        grade: int((direct == grade).sum()) for grade in ("优秀", "合格", "不合格")
    }


@pytest.mark.parametrize(
    ("component", "grid", "said"),
    [
        ("dayly", [0.5], "没有板块 dayly,最接近的是 daily"),
        ("daily", [1.2], "权重须在 0 与 1 之间:1.2"),
        ("daily", [-0.1], "权重须在 0 与 1 之间:-0.1"),
        ("bonus", [0.5], "bonus 没有与之分权的板块"),
        ("daily", [], "权重不足"),
    ],
)
def test_weights_that_cannot_be_are_refused(component: str, grid: list[float], said: str) -> None:
    """Unknown components, weights beyond what is shared, an empty grid."""
    given = records(members=[["1", "甲"]], attendance=[["1", "2024-03-05", "lecture", "present"]])
    with pytest.raises(UsageError, match=said):
        weights.sweep(assess(given, COMMUNITY), component, grid)


def test_a_scheme_without_grades_is_refused() -> None:
    """Where nobody is graded no weight changes a grade."""
    given = records(members=[["1", "甲"]], attendance=[["1", "2024-03-05", "lecture", "present"]])
    ungraded = scheme(PLAIN.partition("[grades")[0])
    with pytest.raises(UsageError, match="本方案不划等次"):
        weights.sweep(assess(given, ungraded), "work", [0.5], against=["extra"])


def test_a_result_without_records_is_refused() -> None:
    """What was opened from a folder cannot be scored again."""
    given = records(members=[["1", "甲"]], attendance=[["1", "2024-03-05", "lecture", "present"]])
    whole = assess(given, COMMUNITY)
    with pytest.raises(UsageError, match="没有原始记录"):
        weights.sweep(Assessment(COMMUNITY, lambda name: getattr(whole, name)), "daily", [0.5])


SCORES = st.lists(st.tuples(*[st.integers(0, 6).map(lambda n: n / 2)] * 3), min_size=1, max_size=12)


def frame(scores: list[tuple[float, ...]]) -> pd.DataFrame:
    """Component scores by member."""
    return pd.DataFrame(scores, columns=list("abc")[: len(scores[0])], index=[f"m{n}" for n in range(len(scores))])


def drawn(scores: pd.DataFrame, n: int, seed: int) -> np.ndarray:
    """The totals under the same draws, by plain numpy: shape (draws, members)."""
    draws = np.random.default_rng(seed).dirichlet(np.ones(scores.shape[1]), n)
    return np.rint(draws @ scores.to_numpy().T * 1e6)


@settings(deadline=None, max_examples=40)
@given(SCORES, st.integers(0, 5), st.integers(1, 14))
def test_every_draw_is_counted(scores: list[tuple[float, ...]], seed: int, top: int) -> None:
    """Ranks, means and places are brute force over the same draws, ties included."""
    components = frame(scores)
    found = weights.acceptability(components, n=50, seed=seed, top=top)
    totals = drawn(components, 50, seed)
    ranks = 1 + (totals[:, None, :] > totals[:, :, None]).sum(axis=2)
    last = (totals[:, None, :] >= totals[:, :, None]).sum(axis=2)
    expected = np.array([(ranks == rank).mean(axis=0) for rank in range(1, len(scores) + 1)]).T
    assert found.ranks.to_numpy() == pytest.approx(expected)
    assert found.members["mean_rank"].to_numpy() == pytest.approx(ranks.mean(axis=0))
    assert found.members["best_rank"].tolist() == ranks.min(axis=0).tolist()
    assert found.members["worst_rank"].tolist() == ranks.max(axis=0).tolist()
    assert found.in_top is not None
    assert found.in_top.to_numpy() == pytest.approx((last <= top).mean(axis=0))


@settings(deadline=None, max_examples=40)
@given(SCORES)
def test_shares_of_ranks_sum_to_one(scores: list[tuple[float, ...]]) -> None:
    """Under every weighting a member has exactly one rank."""
    found = weights.acceptability(frame(scores), n=20)
    assert found.ranks.sum(axis=1).to_numpy() == pytest.approx(np.ones(len(scores)))


def test_places_are_never_more_than_there_are() -> None:
    """Where a tie reaches over the boundary the whole tie goes without."""
    found = weights.acceptability(frame([(3.0, 3), (2, 2), (2, 2), (1, 1)]), n=10, top=2)
    assert found.in_top is not None
    assert found.in_top.tolist() == [1.0, 0.0, 0.0, 0.0]


def test_two_components_have_exact_probabilities() -> None:
    """With uniform weights the probability of a rank is the length of the weights that give it.

    The swap points cut [0, 1] into pieces on which the order stands still.
    """
    components = frame([(90.0, 70), (80, 85), (70, 95), (88, 60), (75, 75)])
    cuts = sorted({0, *map(float, weights.swap_points(components)["weight"]), 1})
    exact = np.zeros((5, 5))
    for low, high in pairwise(cuts):
        middle = (low + high) / 2
        totals = middle * components["a"] + (1 - middle) * components["b"]
        exact[np.arange(5), totals.rank(ascending=False).astype(int) - 1] += high - low
    found = weights.acceptability(components, n=40_000)
    assert found.ranks.to_numpy() == pytest.approx(exact, abs=0.01)


@settings(deadline=None, max_examples=30)
@given(SCORES, st.integers(0, 99))
def test_the_order_of_members_changes_nothing(scores: list[tuple[float, ...]], seed: int) -> None:
    """Shuffled members keep their own shares, to the last bit."""
    components = frame(scores)
    first = weights.acceptability(components, n=30, top=2, cuts={"优秀": 2})
    other = weights.acceptability(components.sample(frac=1, random_state=seed), n=30, top=2, cuts={"优秀": 2})
    for part in ("ranks", "members", "grades"):
        pd.testing.assert_frame_equal(
            getattr(other, part).loc[components.index], getattr(first, part), check_exact=True
        )


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """One weighting at a time gives the same numbers as all at once."""
    components = frame(list(map(tuple, np.random.default_rng(21).uniform(60, 100, (30, 3)))))
    whole = weights.acceptability(components, n=200, top=5)
    monkeypatch.setattr(robustness, "CELLS", 1)
    pd.testing.assert_frame_equal(weights.acceptability(components, n=200, top=5).ranks, whole.ranks, check_exact=True)


def test_many_members_are_shown_at_the_best_ranks_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the table of ranks would grow too large its first columns are kept, unchanged."""
    components = frame(list(map(tuple, np.random.default_rng(22).uniform(60, 100, (30, 3)))))
    whole = weights.acceptability(components, n=100).ranks
    monkeypatch.setattr(robustness, "RANK_CELLS", 30 * 7)
    short = weights.acceptability(components, n=100).ranks
    pd.testing.assert_frame_equal(short, whole.iloc[:, :7], check_exact=True)


def test_the_same_seed_gives_the_same_numbers() -> None:
    """And another seed others."""
    components = tai_normalised()
    first, again, other = (weights.acceptability(components, n=200, seed=seed).ranks for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)


def test_grades_are_the_bands_of_the_drawn_totals() -> None:
    """A total on the cut has the grade; what reaches no cut stands under the empty name."""
    components = frame([(90.0, 90), (60, 60), (50, 50), (100, 50)])
    found = weights.acceptability(components, n=500, seed=3, cuts={"合格": 60, "优秀": 90}).grades
    assert found is not None
    assert found.columns.tolist() == ["优秀", "合格", ""]
    totals = drawn(components, 500, 3) / 1e6
    assert found.to_numpy() == pytest.approx(
        np.array([(totals >= 90).mean(0), ((totals >= 60) & (totals < 90)).mean(0), (totals < 60).mean(0)]).T
    )
    lowest = weights.acceptability(components, n=10, cuts={"优秀": 90, "不合格": -np.inf}).grades
    assert lowest is not None
    assert (lowest[""] == 0).all()


def test_weights_are_drawn_around_the_given_ones() -> None:
    """A high concentration gives the order of the given weights, which need not sum to one."""
    components = tai_normalised()
    nominal = dict.fromkeys(components, 5.0)
    found = weights.acceptability(components, nominal, n=50, concentration=1e7)
    published = tai()["rank_equal_weights"]
    assert (found.ranks.idxmax(axis=1) == published).all()
    assert found.assumptions["alpha"] == pytest.approx(dict.fromkeys(components, 1e7 / 8))


def test_without_weights_the_centre_is_equal_weights() -> None:
    """A concentration draws closer around them; k, the number of components, is the uniform simplex."""
    components = tai_normalised()
    plain, same, close = (weights.acceptability(components, n=50, concentration=c) for c in (None, 8, 1e7))
    assert plain.assumptions["alpha"] == same.assumptions["alpha"] == dict.fromkeys(components, 1.0)
    pd.testing.assert_frame_equal(plain.ranks, same.ranks, check_exact=True)
    assert (close.ranks.max(axis=1) == 1).all()


def test_equal_weights_give_the_ranking_of_the_handbook() -> None:
    """OECD/JRC Handbook (2008), Table 23: the Technology Achievement Index with equal weights, 23 countries."""
    total = tai_normalised().mean(axis=1)
    assert total.rank(ascending=False, method="min").astype(int).to_dict() == tai()["rank_equal_weights"].to_dict()


def test_a_bonus_outside_the_weights_is_added_to_every_component() -> None:
    """Weights sum to one, so that the total has the bonus once."""
    components, bonus = frame([(90.0, 70), (80, 85), (70, 60)]), pd.Series([0.0, 0, 40], index=["m0", "m1", "m2"])
    found = weights.acceptability(components.add(bonus, axis=0), n=500, top=1)
    assert found.in_top is not None
    assert found.in_top["m2"] == 1.0


def test_incomplete_members_are_left_out_and_counted() -> None:
    """A missing component is not zero."""
    found = weights.acceptability(frame([(90.0, np.nan), (80, 85)]), n=5)
    assert found.ranks.index.tolist() == ["m1"]
    assert found.assumptions["left_out"] == 1


def test_memory_stays_small() -> None:
    """20,000 members, every kind of count asked for, need less than 150 MB, however many weightings follow."""
    components = pd.DataFrame(np.random.default_rng(23).uniform(60, 100, (20_000, 3)))
    tracemalloc.start()
    weights.acceptability(components, n=20, top=2000, cuts={"优秀": 90})
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150e6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"n": 0}, "n 与 top 须为正整数:0"),
        ({"n": 10.5}, "n 与 top 须为正整数:10.5"),
        ({"seed": -1}, "seed 须为不小于 0 的整数:-1"),
        ({"cuts": [90]}, "分数线须按等次给出"),
        ({"cuts": {"优秀": np.nan}}, "分数线须是一个数"),
        ({"top": 0}, "n 与 top 须为正整数"),
        ({"weights": {"a": 1.0}}, "没有分项权重 b"),
        ({"weights": {"a": 1.0, "b": 1.0, "d": 1.0}}, "没有分项权重 d"),
        ({"weights": {"a": 1.0, "b": 0.0}}, "须大于 0"),
        ({"weights": {"a": 1.0, "b": 1.0}, "concentration": 0}, "须大于 0"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments: dict[str, object], said: str) -> None:
    """Weights fit the components and are positive, and so are the numbers of draws and places."""
    with pytest.raises(UsageError, match=said):
        weights.acceptability(frame([(90.0, 70), (80, 85)]), **arguments)


def test_nobody_to_rank_is_refused() -> None:
    """Without a complete member there is no rank."""
    with pytest.raises(UsageError, match="没有各分项都有分数的人"):
        weights.acceptability(frame([(np.nan, 1.0)]))


def test_scores_beyond_the_keys_are_refused() -> None:
    """Totals and member numbers share 63 bits: what nobody scores is refused before."""
    with pytest.raises(UsageError, match="大得不合理"):
        weights.acceptability(frame([(1e13, 1.0), (1.0, 1.0)]))
