"""Tests of the change of the same members."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis.movement import paired_change
from jifen_analysis.errors import UsageError

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
