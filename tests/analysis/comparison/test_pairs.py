"""Tests of results side by side."""

from types import SimpleNamespace

import pandas as pd
import pytest

from jifen_analysis.analysis import comparison
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from tests.analysis.builders import result, table
from tests.builders import records


def graded(totals: list[float], grades: list[str | None], **parts: object) -> SimpleNamespace:
    """A result of one period."""
    return result(table(totals, grade=grades), **parts)


def test_each_pair_of_schemes_has_a_row() -> None:
    """Three results make three pairs, in the order they were given."""
    one = graded([90, 80, 70], ["优秀", "合格", "合格"])
    other = graded([70, 80, 90], ["合格", "合格", "优秀"])
    rows = comparison.schemes({"x": one, "y": other, "z": one})
    assert rows[["a", "b"]].values.tolist() == [["x", "y"], ["x", "z"], ["y", "z"]]
    assert rows["tau_b"].tolist() == pytest.approx([-1, 1, -1])
    assert rows["kappa"].tolist() == pytest.approx([-0.5, 1, -0.5])


def test_the_measures_are_those_of_their_functions() -> None:
    """The pair's row is agreement and rank_agreement of the same members."""
    one = graded([90, 80, 70, 60], ["优秀", "合格", "合格", "不合格"])
    other = graded([91, 70, 75, 65], ["优秀", "不合格", "合格", "合格"])
    row = comparison.schemes({"x": one, "y": other}).iloc[0]
    alike = comparison.agreement(one.table["grade"], other.table["grade"], ["不合格", "合格", "优秀"])
    assert row[alike.index].astype(float).to_dict() == pytest.approx(alike.to_dict(), nan_ok=True)


def test_schemes_with_other_grades_are_compared_by_order_only() -> None:
    """Kappa needs one list of grades; ranks need none."""
    one = graded([90, 80], ["优秀", "合格"])
    other = one.table.assign(grade=pd.Categorical(["良好", "合格"], ["合格", "良好"], ordered=True))
    row = comparison.schemes({"x": one, "y": result(other)}).iloc[0]
    assert not row["same_grades"]
    assert pd.isna(row["kappa"])
    assert row["tau_b"] == 1


def test_schemes_of_other_periods_are_compared_by_year() -> None:
    """Halves and years meet in the year's total."""
    given = records(
        members=[["00001..00003", "甲"]],
        attendance=[["00001", "2024-03-05", "lecture", "absent"], ["00002", "2024-03-05", "lecture", "late"]],
        evaluations=[[member, "2024", "members", 80] for member in ("00001", "00002", "00003")],
    )
    results = {name: assess(given, read_scheme(name)) for name in ("community_60_40", "street_80_20")}
    row = comparison.schemes(results).iloc[0]
    assert (row["grain"], row["n"]) == ("year", 3)
    assert row["tau_b"] == pytest.approx(1)


def test_one_scheme_is_no_comparison() -> None:
    """At least two results are needed."""
    with pytest.raises(UsageError, match="至少要两个方案"):
        comparison.schemes({"x": graded([90], ["优秀"])})


def test_too_few_totals_have_no_order() -> None:
    """One member has grades but no rank to agree on: the row stays, its measures of order are missing."""
    row = comparison.schemes({"x": graded([90], ["优秀"]), "y": graded([80], ["合格"])}).iloc[0]
    assert (row["n"], row["n_graded"]) == (1, 1)
    assert row[["tau_b", "weighted_tau", "spearman"]].isna().all()


def test_a_scheme_that_assesses_nobody_is_named() -> None:
    """Of several schemes the empty one is said."""
    one = graded([90, 80], ["优秀", "合格"])
    with pytest.raises(UsageError, match="按这些方案没有人参加考核:y"):
        comparison.schemes({"x": one, "y": graded([], [])})


def test_schemes_without_common_members_are_refused() -> None:
    """Nobody in both is nothing to compare."""
    one = graded([90, 80], ["优秀", "合格"])
    other = result(one.table.assign(member_id=["8", "9"]))
    with pytest.raises(UsageError, match="没有共同的人员"):
        comparison.schemes({"x": one, "y": other})


def test_moves_list_everyone_and_who_changed_first() -> None:
    """Grade changes come first, then the largest changes of rank."""
    one = graded([95, 90, 80, 70], ["优秀", "优秀", "合格", "合格"])
    other = graded([94, 85, 81, 84], ["优秀", "合格", "合格", "合格"])
    found = comparison.moves(one, other)
    columns = ["member_id", "grade_changed", "rank_change", "difference"]
    assert found.members[columns].values.tolist() == [
        ["00002", True, 0, -5.0],
        ["00003", False, -1, 1.0],
        ["00004", False, 1, 14.0],
        ["00001", False, 0, -1.0],
    ]


def test_moves_say_who_and_where() -> None:
    """Name and branch stand beside the id, those of the period; missing where neither result has them."""
    one, other = graded([95, 90], ["优秀", "优秀"]), graded([94, 85], ["优秀", "合格"])
    one.table["name"] = ["张三", "李四"]
    found = comparison.moves(one, result(other.table.drop(columns="branch"))).members
    assert found[["member_id", "name", "branch"]].values.tolist() == [["00002", "李四", "甲"], ["00001", "张三", "甲"]]
    assert comparison.moves(other, other).members["name"].isna().all()


def test_moves_of_a_year_have_its_last_branch() -> None:
    """Who was transferred in the year stands in the branch where the year ended."""
    given = records(
        members=[["00001", "甲", {"until": "2024-06-30"}], ["00001", "乙", {"since": "2024-07-01"}]],
        attendance=[["00001", day, "lecture", "present"] for day in ("2024-03-05", "2024-09-05")],
        evaluations=[["00001", "2024", "members", 80]],
    )
    halves, years = (assess(given, read_scheme(name)) for name in ("community_60_40", "street_80_20"))
    found = comparison.moves(halves, years)
    assert (found.grain, found.members["branch"].tolist()) == ("year", ["乙"])


def test_who_has_no_rank_in_a_period_has_none_in_the_year() -> None:
    """An activist with the highest total takes nobody's place."""
    given = records(
        members=[["00001..00002", "甲"], ["00003", "甲", {"stage": "activist"}]],
        attendance=[["00001", "2024-03-05", "lecture", "late"], ["00002", "2024-03-05", "lecture", "absent"],
                    ["00003", "2024-03-05", "lecture", "present"]],
        evaluations=[[member, "2024", "members", 80] for member in ("00001", "00002", "00003")],
    )  # fmt: skip
    halves, years = (assess(given, read_scheme(name)) for name in ("community_60_40", "village_monthly"))
    found = comparison.moves(halves, years).members.set_index("member_id")
    assert found["rank_a"].dropna().to_dict() == {"00001": 1, "00002": 2}


def test_a_member_twice_in_a_period_is_refused() -> None:
    """Two lines of one member cannot be told apart."""
    frame = table([90, 80], grade="合格").assign(member_id="00001")
    with pytest.raises(UsageError, match="同一人同一考核期出现多次:00001、2024"):
        comparison.moves(result(frame), result(frame))


def test_the_transition_table_keeps_empty_grades_and_the_ungraded() -> None:
    """Every grade stays, and members without one are counted beside."""
    found = comparison.moves(graded([95, 90], ["优秀", None]), graded([80, 90], ["合格", "优秀"]))
    assert found.transitions.index.tolist() == ["不合格", "合格", "优秀", "<NA>"]
    assert found.transitions.columns.tolist() == ["不合格", "合格", "优秀"]
    assert found.transitions.to_numpy().sum() == 2
    assert found.transitions.loc["<NA>", "优秀"] == 1


def test_official_ranks_are_used_where_there_are_any() -> None:
    """Activists have no rank, and do not get one here."""
    frame = table([95, 90], grade="优秀").assign(rank_overall=pd.array([None, 1], dtype="Int64"))
    found = comparison.moves(result(frame), result(frame)).members.set_index("member_id")
    assert found["rank_a"].isna().to_dict() == {"00001": True, "00002": False}


def test_a_grade_missing_on_both_sides_has_not_changed() -> None:
    """Two blanks are the same."""
    found = comparison.moves(graded([95], [None]), graded([95], [None]))
    assert found.members["grade_changed"].tolist() == [False]


def test_where_one_gives_no_grades_none_has_changed() -> None:
    """A scheme without grades takes nobody's away."""
    bare = table([95, 90]).assign(grade=pd.Categorical([None, None], categories=[]))
    found = comparison.moves(graded([95, 90], ["优秀", "合格"]), result(bare))
    assert found.members["grade_changed"].tolist() == [False, False]
    assert found.transitions.columns.tolist() == ["<NA>"]


def test_an_empty_result_is_refused() -> None:
    """Nothing was assessed, nothing can move."""
    with pytest.raises(UsageError, match="表是空的"):
        comparison.moves(graded([], []), graded([95], ["优秀"]))
