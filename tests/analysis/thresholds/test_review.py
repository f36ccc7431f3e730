"""Tests of who is near a line, who lost to a quota, and whom a reading moves."""

import math
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jifen_analysis.analysis import thresholds
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from tests.analysis.builders import ledger, result, table
from tests.builders import records, scheme

QUOTA = """
[components.work.items.mark]
title = "工作"
from = "marks"
max = 100
[grades."优秀"]
at_least = 90
quota = { share = 0.25, within = "branch" }
[grades."合格"]
at_least = 60
[grades."不合格"]
"""


def close(distance: list[float], lost: list[tuple[str, str, str, float]]) -> SimpleNamespace:
    """A result whose members miss the next grade by some points and lost some."""
    frame = table([89.0] * len(distance), grade="合格", distance_to_next_grade=distance)
    return result(frame.assign(grade_by_total=frame["grade"]), ledger=ledger(lost))


def test_members_within_the_margin_are_listed_nearest_first() -> None:
    """The margin itself counts; who has no next grade is not near one."""
    found = thresholds.near_cut(close([1.0, 0.2, 1.000001, np.nan], [("00001", "dues", "late", -1.0)]), margin=1)
    assert found["member_id"].tolist() == ["00002", "00001"]


def test_the_cheapest_item_is_the_smallest_loss_that_suffices() -> None:
    """Losses below the distance do not help, larger ones cost more."""
    lost = [("00001", "small", "late", -0.5), ("00001", "enough", "late", -1.2), ("00001", "large", "absent", -5.0)]
    row = thresholds.near_cut(close([0.8], lost)).iloc[0]
    assert row[["item", "lost", "clause"]].tolist() == ["daily.enough", 1.2, "第四条"]


def test_an_item_is_taken_with_all_its_rules() -> None:
    """Two rules of one item add up, and its starting points are no loss."""
    lost = [("00001", "dues", "", 10.0), ("00001", "dues", "late", -0.5), ("00001", "dues", "short", -0.5)]
    assert thresholds.near_cut(close([0.9], lost))["lost"].tolist() == [1.0]


def test_where_no_item_suffices_none_is_named() -> None:
    """Nothing is invented for a member whose losses are too small one by one."""
    row = thresholds.near_cut(close([0.8], [("00001", "dues", "late", -0.5)])).iloc[0]
    assert row[["item", "lost", "clause"]].isna().all()


def test_near_cut_needs_grades_by_total() -> None:
    """A scheme without bands has no line to be near to."""
    frame = table([89.0], grade=None, grade_by_total=None, distance_to_next_grade=np.nan)
    with pytest.raises(UsageError, match="没有按总分划定的等次"):
        thresholds.near_cut(result(frame, ledger=ledger([])))


def test_a_negative_margin_is_refused() -> None:
    """Nobody is nearer than not at all."""
    with pytest.raises(UsageError, match="分差不能为负"):
        thresholds.near_cut(close([0.5], []), margin=-1)


def quotas(marks: dict[str, list[float]]) -> pd.DataFrame:
    """The audit of a scheme with a quota of a quarter, from marks by branch."""
    members = [(f"{branch}{n}", branch, mark) for branch, given_ in marks.items() for n, mark in enumerate(given_)]
    tables = {
        "members": [[name, branch] for name, branch, _ in members],
        "attendance": [[members[0][0], "2024-03-05", "lecture", "present"]],
        "marks": [[name, "2024", "mark", mark] for name, _, mark in members],
    }
    return thresholds.quota_audit(assess(records(**tables), scheme(QUOTA)))


def test_who_met_the_line_and_lost_is_listed() -> None:
    """One place of five members: the second best lost it, and would keep it rounded up."""
    found = quotas({"甲": [95, 92, 80, 80, 80]})
    assert found[["member_id", "grade_by_total", "grade", "tied"]].values.tolist() == [["甲1", "优秀", "合格", False]]
    assert found[["n", "met", "places", "kept_if_rounded", "kept_if_ceiling"]].values.tolist() == [
        [5, 2, 1, False, True]
    ]


def test_a_tie_over_the_boundary_is_said_to_be_one() -> None:
    """Two share one place: both lose it by the tie."""
    found = quotas({"甲": [95, 95, 80, 80]})
    assert found["tied"].tolist() == [True, True]
    assert found["kept_if_ceiling"].tolist() == [False, False]


def test_a_pooled_quota_helps_the_better_branch() -> None:
    """Each branch has one place of four, together two, which the better branch would both take."""
    found = quotas({"甲": [99, 98, 80, 80], "乙": [91, 80, 80, 80]})
    assert found[["member_id", "kept_if_pooled"]].values.tolist() == [["甲1", True]]


def test_a_small_branch_has_no_place() -> None:
    """Floor of a quarter of three is none."""
    found = quotas({"甲": [95, 80, 80]})
    assert found[["places", "kept_if_rounded"]].values.tolist() == [[0, True]]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.sampled_from([70, 80, 90, 92, 95]), min_size=1, max_size=12))
def test_the_audit_is_brute_force(marks: list[float]) -> None:
    """Counting by hand who stands above whom gives the same losers under every rounding."""
    found = quotas({"甲": marks}).set_index("member_id")
    exact = Fraction(1, 4) * len(marks)
    met = [n for n, mark in enumerate(marks) if mark >= 90]
    last = {n: sum(other >= marks[n] for other in marks) for n in met}
    seats = {
        "lost": math.floor(exact),
        "kept_if_rounded": math.floor(exact + Fraction(1, 2)),
        "kept_if_ceiling": math.ceil(exact),
    }
    assert set(found.index) == {f"甲{n}" for n in met if last[n] > seats["lost"]}
    for column in ("kept_if_rounded", "kept_if_ceiling"):
        assert found[column].to_dict() == {name: last[int(name[1:])] <= seats[column] for name in found.index}


def test_forced_members_and_activists_are_not_audited() -> None:
    """A veto is no quota, and an activist keeps what he holds."""
    rows = {"period": "2024", "branch": "甲", "stage": ["full", "activist"], "flags": ["veto", ""], "total": 95.0}
    frame = pd.DataFrame(rows | {"member_id": ["1", "2"], "grade_by_total": "优秀", "grade": ["不合格", "优秀"]})
    assert thresholds.quota_audit(SimpleNamespace(table=frame, scheme=scheme(QUOTA))).empty


def test_a_scheme_without_quota_has_nothing_to_audit() -> None:
    """The list is empty, with its columns."""
    frame = table([95.0], grade="优秀", stage="full")
    found = thresholds.quota_audit(result(frame.assign(grade_by_total="优秀"), scheme=read_scheme("community_60_40")))
    assert found.empty
    assert "kept_if_pooled" in found


def test_readings_list_whom_each_one_moves() -> None:
    """A total of exactly 90 is 优秀 by default and not under the strict reading, in the half and in the year."""
    given_ = records(
        members=[["00001..00002", "甲"]],
        attendance=[["00001", "2024-03-05", "lecture", "present"]],
        evaluations=[["00001", "2024H1", "members", 75], ["00002", "2024H1", "members", 90]],
    )
    found = thresholds.readings(given_, read_scheme("community_60_40"))
    assert found[["variant", "member_id", "period", "grade_before", "grade_after"]].values.tolist() == [
        ["strict", "00001", "2024", "优秀", "合格"],
        ["strict", "00001", "2024H1", "优秀", "合格"],
    ]
    summary = {"floored": 0, "dues_gap_strict": 0, "bonus_in_daily": 0, "strict": 2, "cumulative": 0}
    assert found.attrs["summary"] == summary


def test_a_scheme_without_readings_moves_nobody() -> None:
    """No other reading, no rows, the same columns."""
    given_ = records(members=[["1", "甲"]], attendance=[["1", "2024-03-05", "lecture", "present"]])
    found = thresholds.readings(given_, scheme(QUOTA))
    assert found.empty
    assert found.attrs["summary"] == {}
