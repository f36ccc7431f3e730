"""Tests of one component at every weight."""

import pytest

from jifen_analysis.analysis import weights
from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment
from tests.builders import records, records_of, scheme
from tests.reference.random_records import random_records

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
    given = records_of(random_records(5))
    found = weights.sweep(assess(given, COMMUNITY), "daily", [0.8, 0.5])
    assert found["weight"].drop_duplicates().tolist() == [0.5, 0.8]
    for weight, rows in found.groupby("weight"):
        direct = assess(given, COMMUNITY.with_weights(daily=weight, evaluation=round(1 - weight, 12))).table["grade"]
        assert rows.set_index("grade")["n"].to_dict() == direct.value_counts().to_dict()
        assert found.attrs["ungraded"][weight] == direct.isna().sum()


def test_the_scheme_s_own_weight_changes_nothing() -> None:
    """At 0.6 the grades are those of the result itself."""
    result = assess(records_of(random_records(6)), COMMUNITY)
    found = weights.sweep(result, "daily", [0.6]).set_index("grade")["n"]
    assert found.to_dict() == result.table["grade"].value_counts().to_dict()


def test_shares_keep_the_full_marks() -> None:
    """A sweep over shares is with_shares at each, even where weights are no shares, and thirds are exact."""
    result = assess(records_of(random_records(6)), read_scheme("street_80_20"))
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
    given = records_of(random_records(7))
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
