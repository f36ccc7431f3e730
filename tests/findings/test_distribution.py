"""What is said of distributions is what their frames hold."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import distribution
from jifen_analysis.findings import distribution as say
from tests.findings.assessed import CUTS, answered, extremes, number, numbers, tables


@settings(max_examples=40)
@given(tables(), st.integers(0, 2))
def test_medians_and_shares_are_those_of_the_frame(table: pd.DataFrame, hidden: int) -> None:
    """The highest is highest, the lowest lowest, ties share, small groups have no part in it."""
    frame = distribution.summary(table, "branch")
    found = answered(lambda: say.summary(frame))
    enough = frame[frame["n"] >= 5].set_index("group")["median"]
    assert (found is None) == (len(enough) < 2 and not (len(enough) == len(frame) == 1))
    if found is not None and len(enough) > 1:
        extremes(found.sentence(), enough)
    if "share_优秀" not in frame:
        return
    shares = answered(lambda: say.grade_shares(frame, "优秀", hidden=hidden))
    seen = frame[~frame["withheld"] & frame["share_优秀"].notna()].set_index("group")["share_优秀"]
    assert (shares is None) == seen.empty
    if shares is not None and len(seen) > 1:
        all_shown = len(seen) == len(frame) and not hidden
        assert ("最高的可能" in shares.sentence() or "最高和最低的可能" in shares.sentence()) != all_shown
        assert all_shown or "最高的是" not in shares.sentence()
        if all_shown:
            extremes(shares.sentence(), seen)


@settings(max_examples=40)
@given(tables())
def test_who_reaches_a_line_is_counted(table: pd.DataFrame) -> None:
    """Each count is that of the totals at or above the cut, at six decimals."""
    held = table["total"].dropna()
    if held.empty:
        return
    found = answered(lambda: say.histogram(distribution.ecdf(table, "branch"), CUTS))
    assert (found is None) == (len(held) < 5)
    if found is not None:
        reached = [int(count) for count in re.findall(r"的(\d+)人", found.sentence())]
        assert reached == [int((held.round(6) >= cut).sum()) for cut in CUTS.values()]
        assert numbers(found.sentence())[0] == len(held)


@settings(max_examples=40)
@given(tables())
def test_the_middle_is_where_half_are(table: pd.DataFrame) -> None:
    """At least half lie at or below the value said, and at or above it."""
    held = table["total"].dropna()
    if held.empty:
        return
    found = answered(lambda: say.ecdf(distribution.ecdf(table)))
    assert (found is None) == (len(held) < 5)
    if found is not None:
        middle = found.figures["median"]
        assert (held.round(6) <= middle).mean() >= 0.5 >= (held.round(6) < middle).mean()
        assert abs(number(found.sentence().split("不超过")[1]) - middle) <= 0.0501


@settings(max_examples=40)
@given(st.lists(st.integers(40, 100), max_size=80))
def test_round_endings_are_counted(marks: list[int]) -> None:
    """The share that ends in 0 or 5 is right, and is called many only where it is more than expected."""
    if len(marks) < 5:
        return
    frame = distribution.heaping(marks)
    found = answered(lambda: say.heaping(frame))
    assert found is not None
    share = sum(mark % 5 == 0 for mark in marks) / len(marks)
    assert abs(numbers(found.sentence())[3] - 100 * share) <= 0.0501
    if "多于预期" in found.sentence():
        assert share > frame.loc[frame["digit"].isin([0, 5]), "expected"].sum() / frame["expected"].sum()


def test_two_years_are_compared_in_order() -> None:
    """The last is held against the one before, never a year against itself."""
    frame = pd.DataFrame({"group": ["2023年", "2024年"], "n": [20, 20], "share_优秀": [0.23, 0.23], "withheld": False})
    found = say.grade_shares(frame, joint=True)
    assert found is not None
    assert found.sentence() == "2024年评出等次的20人中，优秀5人（23.0%）；优秀的比例与2023年持平。"


def test_full_marks_are_no_grade_and_no_branch_is_no_name() -> None:
    """Totals without grades have no shares to speak of; who has no branch is said to have none."""
    table = pd.DataFrame({"total": [90.0, 80] * 10, "branch": ["甲", "乙"] * 5 + [None] * 10})
    frame = distribution.summary(table, by="branch")
    assert say.grade_shares(frame) is None
    alone = distribution.summary(table.assign(grade="合格").dropna(), by="branch", maximum=90).head(1)
    found = say.grade_shares(alone)
    assert found is not None
    assert "share_at_maximum" in alone
    assert found.text.zh.endswith("人中，合格5人(100.0%)")
    assert frame["group"].tolist() == ["乙", "甲", "未注明"]
