"""Tests of behaviour and rule taken apart."""

from typing import Any

import pandas as pd
import pytest

from jifen_analysis.analysis import movement
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from tests.builders import records, scheme

COMMUNITY = read_scheme("community_60_40")
DATED = """
[components.work.items.life]
title = "组织生活"
start = 100
rules.absent = { title = "缺席", from = "attendance", where = { status = "absent" }, points = -5 }
[changes."2024-01-01"]
title = "新办法"
set = { "components.work.items.life.rules.absent.points" = -20 }
"""


def sample() -> dict[str, list[list[Any]]]:
    """Three members over two years; the third joins in the second."""
    statuses = {"2023-03-05": "lpa", "2023-09-05": "ppp", "2024-03-05": "apl", "2024-09-05": "pap"}
    words = {"l": "late", "p": "present", "a": "absent"}
    ids = ["00001", "00002", "00003"]
    return {
        "members": [["00001..00002", "甲"], ["00003", "甲", {"since": "2024-01-01"}]],
        "attendance": [
            [member, day, "lecture", words[code]]
            for day, codes in statuses.items()
            for member, code in zip(ids, codes, strict=True)
            if member != "00003" or day > "2024"
        ],
        "evaluations": [
            [member, year, "members", 70 + 5 * n + (year == "2024")]
            for n, member in enumerate(ids)
            for year in ("2023", "2024")
        ],
    }


def year(of: str, rules: Scheme = COMMUNITY, **tables: Any) -> Assessment:
    """The assessment of one year of the sample."""
    return assess(records(**(sample() | tables)), rules, periods=[of])


def test_the_parts_sum_to_the_change_and_are_the_shapley_values() -> None:
    """Enumerating both orders by hand gives the same parts."""
    rules = COMMUNITY.with_weights(daily=0.8, evaluation=0.2)
    found = movement.attribution(year("2023"), year("2024", rules)).set_index("member_id")
    assert found.index.tolist() == ["00001", "00002"]
    assert (found["behaviour"] + found["rule"]).tolist() == pytest.approx(found["total_change"].tolist())
    crossed = {
        (when, name): year(when, of) for when in ("2023", "2024") for name, of in (("old", COMMUNITY), ("new", rules))
    }
    total = {key: one.years.set_index("member_id")["total"] for key, one in crossed.items()}
    for member, row in found.iterrows():
        start, end = total["2023", "old"][member], total["2024", "new"][member]
        behaviour_first = total["2024", "old"][member] - start
        behaviour_second = end - total["2023", "new"][member]
        assert row["behaviour"] == pytest.approx((behaviour_first + behaviour_second) / 2)
        assert row["behaviour_first"] == pytest.approx(behaviour_first)
        assert row["rule_first"] == pytest.approx(total["2023", "new"][member] - start)
    assert found.attrs["order"] == "mean of behaviour first and rule first"


def test_the_same_rules_leave_everything_to_behaviour() -> None:
    """Without a change of rules their part is nothing."""
    found = movement.attribution(year("2023"), year("2024"))
    assert found["rule"].tolist() == [0.0, 0.0]
    assert found["behaviour"].tolist() == found["total_change"].tolist()


def test_the_same_behaviour_leaves_everything_to_the_rules() -> None:
    """A year repeated under new weights moves by the rules alone."""
    again = [[member, f"{year_}-03-05", "lecture", "late"] for member in ("00001", "00002") for year_ in (2023, 2024)]
    evaluations = [[member, year_, "members", 80] for member in ("00001", "00002") for year_ in ("2023", "2024")]
    changed = {"attendance": again, "evaluations": evaluations}
    rules = COMMUNITY.with_weights(daily=0.5, evaluation=0.5)
    found = movement.attribution(year("2023", **changed), year("2024", rules, **changed))
    assert found["behaviour"].tolist() == [0.0, 0.0]
    assert (found["rule"] < 0).all()


def test_a_dated_rule_is_split_from_behaviour() -> None:
    """One scheme whose price changes by date: each year's rules are carried over to the other year."""
    rules = scheme(DATED)
    tables = {
        "members": [["1", "甲"]],
        "attendance": [["1", "2023-03-05", "lecture", "absent"], ["1", "2024-03-05", "lecture", "absent"]],
    }
    before, after = (assess(records(**tables), rules, periods=[of]) for of in ("2023", "2024"))
    row = movement.attribution(before, after).iloc[0]
    assert row[["before", "after", "behaviour", "rule"]].tolist() == [95.0, 80.0, 0.0, -15.0]


MIDYEAR = DATED.replace("2024-01-01", "2024-07-01")


def test_a_rule_that_changes_within_a_year_changes_on_the_same_day_of_the_other() -> None:
    """The same absences in both years, a higher price from July of the second: all of the change is the rule's."""
    rules = scheme(MIDYEAR, period="half", year_total="mean")
    days = [f"{of}-{month}-05" for of in (2023, 2024) for month in ("03", "09")]
    tables = {"members": [["1", "甲"]], "attendance": [["1", day, "lecture", "absent"] for day in days]}
    before, after = (assess(records(**tables), rules, periods=[of]) for of in ("2023", "2024"))
    row = movement.attribution(before, after).iloc[0]
    assert row[["before", "after", "behaviour", "rule"]].tolist() == [95.0, 87.5, 0.0, -7.5]


def test_a_change_within_the_year_before_is_undone_by_later_rules() -> None:
    """The year after has the new price all year, the year before from July: half a year's difference is the rule's."""
    rules = scheme(MIDYEAR, period="half", year_total="mean")
    days = [f"{of}-{month}-05" for of in (2024, 2025) for month in ("03", "09")]
    tables = {"members": [["1", "甲"]], "attendance": [["1", day, "lecture", "absent"] for day in days]}
    before, after = (assess(records(**tables), rules, periods=[of]) for of in ("2024", "2025"))
    row = movement.attribution(before, after).iloc[0]
    assert row[["before", "after", "behaviour", "rule"]].tolist() == [87.5, 80.0, 0.0, -7.5]


def test_who_changes_branch_is_split_like_anybody() -> None:
    """A transfer in the middle of the second year is two rows of the roster and one member."""
    moved = [["00001", "甲", {"until": "2024-06-30"}], ["00001", "乙", {"since": "2024-07-01"}], ["00002", "甲"]]
    rules = COMMUNITY.with_weights(daily=0.5, evaluation=0.5)
    tables = {
        "members": moved,
        "attendance": [row for row in sample()["attendance"] if row[0] != "00003"],
        "evaluations": [row for row in sample()["evaluations"] if row[0] != "00003"],
    }
    found = movement.attribution(year("2023", **tables), year("2024", rules, **tables)).set_index("member_id")
    assert found.index.tolist() == ["00001", "00002"]
    assert (found["behaviour"] + found["rule"]).tolist() == pytest.approx(found["total_change"].tolist())


def test_a_list_without_records_is_refused() -> None:
    """A hand-tallied list has totals, but nothing that could be scored under other rules."""
    with pytest.raises(UsageError, match="须给出 assess 的结果\\(要用其中的 years\\),收到的是 DataFrame"):
        movement.attribution(pd.DataFrame({"total": [90.0]}, index=["00001"]), year("2024"))  # type: ignore[arg-type]


def test_years_scored_by_halves_and_as_a_whole_are_crossed() -> None:
    """A scheme of halves is held against one of years, by the totals of the year."""
    halves, whole = scheme(DATED, period="half", year_total="mean"), scheme(DATED)
    found = movement.attribution(year("2023", halves), year("2024", whole)).set_index("member_id")
    # 00001: late and present in 2023, absent and present in 2024 at the new price.
    assert found.loc["00001", ["before", "after"]].tolist() == [100.0, 80.0]
    assert found.loc["00001", ["behaviour_first", "rule_first"]].tolist() == [-2.5, 0.0]
    assert found["behaviour"].sum() + found["rule"].sum() == pytest.approx(found["total_change"].sum())


def test_joiners_and_leavers_are_counted() -> None:
    """Who has a total in one year only is not split."""
    found = movement.attribution(year("2023"), year("2024"))
    assert (found.attrs["only_before"], found.attrs["only_after"]) == (0, 1)
    assert found.attrs["years"] == (2023, 2024)


def test_a_total_that_the_other_rules_cannot_give_leaves_no_parts() -> None:
    """New rules that ask for marks nobody gave in the year before: the change stands, its parts are missing."""
    asked = """
[components.work.items.mark]
title = "工作"
from = "marks"
max = 100
"""
    members = [["00001", "甲"]]
    attendance = [["00001", f"{year_}-03-05", "lecture", "present"] for year_ in (2023, 2024)]
    tables = {"members": members, "attendance": attendance, "marks": [["00001", "2024", "mark", 80]]}
    before = assess(records(**tables), scheme(DATED), periods=["2023"])
    found = movement.attribution(before, assess(records(**tables), scheme(asked), periods=["2024"]))
    assert found["total_change"].tolist() == [-20.0]
    assert found["behaviour"].isna().all()
    assert found.attrs["unsplit"] == 1


def test_a_result_of_two_years_is_refused() -> None:
    """Which year is meant must be said."""
    both = assess(records(**sample()), COMMUNITY)
    with pytest.raises(UsageError, match=r"这份有 \[2023, 2024\]"):
        movement.attribution(both, year("2024"))


def test_nobody_in_both_years_is_refused() -> None:
    """A member of each year only is no change."""
    with pytest.raises(UsageError, match="没有两年都有总分的人"):
        movement.attribution(year("2023"), year("2024", evaluations=[["00003", "2024", "members", 80]]))


def test_a_result_without_records_is_refused() -> None:
    """What was opened from a folder cannot be scored again."""
    opened = Assessment(COMMUNITY, lambda name: getattr(year("2023"), name))
    with pytest.raises(UsageError, match="没有原始记录"):
        movement.attribution(opened, year("2024"))


def test_the_table_is_fresh() -> None:
    """The frame belongs to who asked."""
    assert isinstance(movement.attribution(year("2023"), year("2024")), pd.DataFrame)
