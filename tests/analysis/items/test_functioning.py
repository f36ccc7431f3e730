"""Tests of whether an item is harder for a group than for others who do as well."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from jifen_analysis.analysis import items
from jifen_analysis.errors import UsageError

RABBITS = {0: (0, 6, 0, 5), 1: (3, 3, 0, 6), 2: (6, 0, 2, 4), 3: (5, 1, 6, 0), 4: (2, 0, 5, 0)}
"""Agresti (1990), Categorical Data Analysis, 231-237: cured and died, treated at once and late, by dose."""

MANTEL_HAENSZEL = [1.7076, 2.1486, 0.9926, 1.9302, 2.9540, 9.6032, 0.0013, 0.6752, 0.8185, 1.6292, 0.0152, 4.1188]
MANTEL_HAENSZEL += [0.1324, 2.7501, 0.0683, 6.3029, 6.8395, 0.2170, 5.7817, 3.8880, 0.2989, 1.1220, 1.4491, 0.8390]
LOGISTIC = [2.0014, 3.3541, 2.4742, 4.7296, 4.1404, 11.4111, 1.6061, 1.6331, 2.6989, 2.4547, 2.0997, 3.6877]
LOGISTIC += [1.2196, 4.7304, 1.0456, 7.6935, 10.2622, 1.7016, 7.2379, 5.8680, 1.2763, 2.9521, 2.6956, 1.3524]
"""What difMH and difLogistic of R's difR 6.1 print of women and men in ``verbal``, item by item."""


def rasch(n: int = 200, seed: int = 2, harder: float = 0.0) -> tuple[pd.DataFrame, pd.Series]:
    """Six items that women and men of one ability hold alike, but for the first."""
    random = np.random.default_rng(seed)
    sex = pd.Series(np.where(np.arange(n) % 2, "男", "女"))
    ability = random.normal(0, 1, n) + 0.5 * (sex == "男")
    easy = np.linspace(-0.5, 1.5, 6) - np.outer(sex == "女", [harder, 0, 0, 0, 0, 0])
    held = random.random((n, 6)) < 1 / (1 + np.exp(-ability.to_numpy()[:, None] - easy))
    return pd.DataFrame(held, columns=list("abcdef")).astype("float64"), sex


def test_penicillin_and_rabbits() -> None:
    """The published statistic, 3.93, common odds ratio, 7, and exact p, .03994 (R: mantelhaen.test, exact)."""
    rows = [
        (dose, group, cured)
        for dose, counts in RABBITS.items()
        for (group, cured), count in zip((("早", 1), ("早", 0), ("晚", 1), ("晚", 0)), counts, strict=True)
        for _ in range(count)
    ]
    frame = pd.DataFrame(rows, columns=["dose", "group", "cured"])
    marks = frame[["cured"]].assign(other=np.arange(len(frame)) % 2)
    table = items.differential_functioning(marks, frame["group"], match=frame["dose"]).set_index("item")
    row = table.loc["cured"]
    assert row["group"] == "早"
    assert (row["odds_ratio"], row["chi2"]) == (pytest.approx(7), pytest.approx(3.9286, abs=5e-5))
    assert row["p"] == pytest.approx(0.03994, abs=5e-6)
    assert stats.chi2.sf(row["chi2"], 1) == pytest.approx(0.04747, abs=5e-6)
    assert (row["low"], row["high"]) == (pytest.approx(1.027, abs=5e-4), pytest.approx(47.73, abs=0.005))


def test_verbal_aggression() -> None:
    """The published statistics of both tests, of 24 items (Magis et al. 2010, Behav. Res. Methods 42, 847-862)."""
    path = Path(__file__).parents[2] / "data" / "verbal_aggression.csv"
    given = pd.read_csv(path, comment="#", dtype="str")
    answers = pd.DataFrame([[float(one) for one in said] for said in given["answers"]])
    table = items.differential_functioning(answers, given["sex"])
    assert table["group"].eq("F").all()
    assert table["chi2"].tolist() == pytest.approx(MANTEL_HAENSZEL, abs=6e-5)
    assert stats.chi2.isf(table["p_logistic"], 2).tolist() == pytest.approx(LOGISTIC, abs=6e-5)
    assert table["p"].round(4)[[5, 15, 20]].tolist() == [0.0019, 0.0121, 0.3998]  # the last exact: of few
    assert table["odds_ratio"].round(4)[[5, 15]].tolist() == [2.8804, 0.3209]


def test_an_item_that_is_harder_for_a_group_is_found_and_no_other() -> None:
    """The planted one alone stands out, though men do better on the whole; by either test; in any order."""
    marks, sex = rasch(600, harder=1.5)
    table = items.differential_functioning(marks, sex)
    assert table.loc[table["stands"] != "", ["item", "group", "stands"]].values.tolist() == [["a", "女", "harder"]]
    assert table.loc[table["p_logistic_holm"] < 0.05, "item"].tolist() == ["a"]
    assert table.loc[table["item"] == "a", "effect"].item() == "C"
    shuffled = marks.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(table, items.differential_functioning(shuffled, sex))


def test_of_few_p_is_exact() -> None:
    """A group of six is held against no chi-square: one stratum is Fisher's test, and many hold their size."""
    few = pd.DataFrame({"a": [1] * 6 + [1] * 6 + [0] * 8, "b": [1, 0] * 10})
    group = pd.Series(["甲"] * 6 + ["乙"] * 14)
    row = items.differential_functioning(few, group, match=pd.Series(1, index=few.index)).set_index("item").loc["a"]
    assert row["p"] == pytest.approx(stats.fisher_exact([[6, 0], [6, 8]]).pvalue)
    random = np.random.default_rng(3)
    p = []
    for _ in range(60):
        held = pd.DataFrame(random.random((60, 5)) < 0.5, columns=list("abcde")).astype("float64")
        found = items.differential_functioning(held, pd.Series(["甲"] * 6 + ["乙"] * 54))
        p += found.loc[found["item"] == "a", "p"].tolist()
    assert np.mean(np.array(p) < 0.05) <= 0.07


def test_an_item_that_turns_with_the_score_is_seen_by_the_logistic_test() -> None:
    """Easier for the weak and harder for the strong of one group: the odds ratio averages it away."""
    random = np.random.default_rng(4)
    group, score = pd.Series(np.where(np.arange(800) % 2, "甲", "乙")), pd.Series(random.integers(0, 9, 800))
    slope = np.where(group == "甲", 1.0, -1.0)
    held = (random.random(800) < 1 / (1 + np.exp(-slope * (score - 4)))).astype("float64")
    marks = pd.DataFrame({"a": held, "b": random.integers(0, 2, 800)})
    row = items.differential_functioning(marks, group, match=score).iloc[0]
    assert row["p"] > 0.01 > 1e-10 > row["p_logistic"]


def test_small_groups_and_what_cannot_be_told() -> None:
    """A group of four is withheld; an item that all hold has no number; unmatched members tell nothing."""
    marks, sex = rasch(60)
    branch = sex.where(np.arange(60) > 3, "小").where(np.arange(60) < 40, None)
    table = items.differential_functioning(marks.assign(g=1.0), branch)
    assert table["withheld"].tolist() == (table["group"] == "小").tolist()
    assert table.loc[table["withheld"], ["share_full", "odds_ratio", "p", "p_logistic"]].isna().all().all()
    assert table.loc[table["item"] == "g", "p"].isna().all()
    assert table.attrs["left_out"] == 20
    apart = items.differential_functioning(marks, sex, match=(sex == "男").astype("float64"))
    assert apart["p"].isna().all()
    assert apart.attrs["tests"] == 0


@pytest.mark.parametrize(
    ("group", "said"), [(["甲"] * 60, "至少要有两组人才能比:现有 1 组"), ([None] * 60, "现有 0 组")]
)
def test_one_group_is_no_comparison(group: list[str | None], said: str) -> None:
    """With one branch, or nobody's branch known, there is nothing to compare."""
    with pytest.raises(UsageError, match=said):
        items.differential_functioning(rasch(60)[0], pd.Series(group, dtype="object"))


def test_a_member_named_twice_is_refused() -> None:
    """Several periods of one member are no several members."""
    marks, sex = rasch(60)
    twice = marks.set_axis([0, *range(59)])
    with pytest.raises(UsageError, match="同一人出现多次"):
        items.differential_functioning(twice, sex)
