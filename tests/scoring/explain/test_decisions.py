"""Why a grade is what it is: band, clauses, quotas, outcomes, corrections, years."""

from __future__ import annotations

from typing import Any

import pytest

from jifen_analysis.schemes.scheme import Scheme, read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.explain import Explanation
from jifen_analysis.scoring.explain.decisions import BandReached, Cut, Rank, StandingDecision
from tests.builders import records, scheme

POINTS = """
[components.all.items.item.rules.good]
from = "events"
where = { event = "courage" }
points = 10
[grades."优秀"]
at_least = 30
quota = { share = 0.34 }
[grades."合格"]
above = 10
assumed = "分数线为本方案设定"
[grades."不合格"]
"""
FORCED = """
[measures.unpaid]
title = "欠缴月数"
assumed = "只看一年之内"
longest_run.any_of = [{ from = "dues", where = { state = "unpaid" } }]
[forced.unpaid]
title = "连续两个月不缴党费"
clause = "第九条"
decided_by = "支部大会"
any = [{ measure = "unpaid", at_least = 2 }]
[forced.discipline]
title = "受处分"
zero = true
any = [{ from = "events", where = { event = "discipline" } }]
[outcomes.talk]
title = "谈话"
clause = "第十条"
any = [{ measure = "grade", in = "不合格" }]
[outcomes.best]
title = "表彰"
decided_by = "党委"
top = { count = 1 }
"""


def courage(**times: int) -> list[list[Any]]:
    """So many deeds of each member."""
    return [["m" + who[1:], f"2024-01-{day:02d}", "courage"] for who, n in times.items() for day in range(1, n + 1)]


def explained(member: str, of: Scheme, period: str = "2024", **tables: Any) -> Explanation:
    """The explanation of one of three members of a branch."""
    return assess(records(**{"members": [["m1", "甲"], ["m2", "甲"], ["m3", "甲"]], **tables}), of).explain(
        member, period
    )


def grounds(one: StandingDecision) -> list[tuple[str, str, list[str]]]:
    """What held, what it found, and the dates of the records."""
    return [(g.said.zh, g.value.zh, [r.date for r in g.records]) for g in one.grounds]


def test_the_band_names_its_cut_and_the_next() -> None:
    """Cut score of the grade, of the next higher one, and what is missing to it."""
    one = explained("m1", scheme(POINTS), events=courage(m1=2))
    assert one.band == BandReached("合格", Cut(10.0, above=True), False, "优秀", Cut(30.0), 10.0, "分数线为本方案设定")
    assert "按分等次: 合格(高于10分)" in one.text()
    assert "距上一等次: 优秀(30分起),差10分" in one.text()
    lowest = explained("m1", scheme(POINTS), events=courage(m1=1))
    assert lowest.band == BandReached("不合格", None, False, "合格", Cut(10.0, above=True), 0.0)
    assert "按分等次: 不合格(不高于10分)" in lowest.text()
    assert "差0分" in lowest.text()


def test_whole_marks_are_said() -> None:
    """Where totals are rounded before they are compared, the band says so."""
    one = explained("m1", scheme(POINTS, grade_rounding="half_up"), events=courage(m1=3))
    assert "按分等次: 优秀(30分起,四舍五入到整数后比较)" in one.text()


@pytest.mark.parametrize(
    ("deeds", "kept", "tied", "grade", "said"),
    [
        ({"m1": 4, "m2": 3}, True, False, "优秀", "本人在名额内"),
        ({"m1": 3, "m2": 4}, False, False, "合格", "超出名额,降为合格"),
        ({"m1": 3, "m2": 3}, False, True, "合格", "并列超出名额,降为合格"),
    ],
)
def test_a_quota_says_how_it_came_out(deeds: dict[str, int], kept: bool, tied: bool, grade: str, said: str) -> None:
    """Places of the branch, whether the member has one, whether a tie cost it."""
    one = explained("m1", scheme(POINTS), events=courage(**deeds, m3=1))
    [seats] = one.quotas
    assert (seats.grade, seats.n, seats.seats, seats.kept, seats.tied, one.grade) == ("优秀", 3, 1, kept, tied, grade)
    assert f"优秀名额:3人的34%为1名,{said}" in one.text()


def test_a_grade_without_a_quota_meets_none() -> None:
    """A member whose grade has no limited number has nothing to say of places."""
    assert explained("m3", scheme(POINTS), events=courage(m1=3, m3=2)).quotas == ()


def test_ranks_count_the_ranked() -> None:
    """Rank and number within the branch; members without a rank have none."""
    tables = {"members": [["m1", "甲"], ["m2", "甲"], ["m3", "甲", {"stage": "activist"}], ["m4", "乙"]]}
    one = explained("m2", scheme(POINTS), events=courage(m1=2, m2=1, m3=4, m4=3), **tables)
    assert one.ranks == (Rank(2, 2), Rank(3, 3))
    assert explained("m3", scheme(POINTS), events=courage(m1=2, m3=4), **tables).ranks == (None, None)


def test_a_forced_clause_says_who_decides_and_why() -> None:
    """Title, clause, whose decision it is, what held, and the months behind it."""
    dues = [["m1", "2024-01", 5, 5], ["m1", "2024-02..2024-04", 5]]
    one = explained("m1", scheme(POINTS + FORCED), events=courage(m1=3), dues=dues)
    [clause] = one.forced
    assert (clause.id, clause.title.zh, clause.clause, clause.decided_by) == (
        "unpaid", "连续两个月不缴党费", "第九条", "支部大会",
    )  # fmt: skip
    assert grounds(clause) == [("欠缴月数达到2个月", "3", ["2024-02", "2024-03", "2024-04"])]
    assert (one.grade, one.band.grade, clause.assumed) == ("不合格", "优秀", "只看一年之内")
    assert "拟定不合格,须由支部大会决定" in one.text()


def test_a_clause_that_clears_all_points_has_a_line() -> None:
    """The last line takes away what the others gave; the record stands with the clause."""
    events = [*courage(m1=3), ["m1", "2024-06-01", "discipline"]]
    one = explained("m1", scheme(POINTS + FORCED), events=events)
    assert [(line.kind, line.contribution) for line in one.lines] == [("rule", 30.0), ("zero", -30.0)]
    assert one.total == 0
    assert grounds(one.forced[0]) == [("事项:党纪处分", "1条记录", ["2024-06-01"])]


def test_outcomes_are_advice_or_proposals() -> None:
    """Without a decider they are suggested, with one proposed; a place among the first says so."""
    one = explained("m1", scheme(POINTS + FORCED), events=courage(m1=1))
    assert [(o.id, grounds(o)) for o in one.outcomes] == [
        ("talk", [("等次为不合格", "不合格", [])]),
        ("best", [("总分居支部前1名", "", [])]),
    ]
    text = one.text()
    assert "建议" in text
    assert "拟定,由党委决定" in text


def test_corrections_stand_beside_what_the_scheme_gave() -> None:
    """Before and after, and the decision that set the grade."""
    corrections = [
        ["m1", "2024", "item", 10, "", "", "", "", "漏记"],
        ["m1", "2024", "grade", "", "不合格", "党委", "2025-01-20", "〔2025〕2号", "复议"],
    ]
    one = explained("m1", scheme(POINTS), events=courage(m1=2), corrections=corrections)
    assert one.review is not None
    assert (one.review.total, one.review.grade, one.total, one.grade) == (20.0, "合格", 30.0, "不合格")
    assert [(r.what.zh, r.value.zh) for r in one.review.decisions] == [("复议(党委 2025-01-20 〔2025〕2号)", "不合格")]
    assert "系统分: 20 合格;复核后 30 不合格" in one.text()
    assert "复核后等次: 不合格" in one.text()


def test_without_corrections_nothing_is_reviewed() -> None:
    """A result computed without them knows of none."""
    given = records(
        members=[["m1", "甲"]], events=courage(m1=2), corrections=[["m1", "2024", "item", 10, "", "", "", "", "漏记"]]
    )
    one = assess(given, scheme(POINTS), corrections=False).explain("m1")
    assert (one.review, one.total) == (None, 20.0)


def halves(**more: Any) -> Explanation:
    """The second half of a year with deductions in both halves."""
    attendance = [
        ["m1", f"{month}-0{day}", "lecture", "absent"] for month in ("2024-03", "2024-09") for day in range(1, 8)
    ]
    evaluations = [["m1", "2024", "committee", 90]]
    given = records(members=[["m1", "甲"]], attendance=attendance, evaluations=evaluations, **more)
    return assess(given, read_scheme("community_60_40")).explain("m1")


def test_a_half_tells_its_year() -> None:
    """Totals of the halves, the year's mean and grade, its clauses with the values of both halves."""
    one = halves()
    assert one.period == "2024H2"
    assert one.year is not None
    assert (one.year.made, one.year.totals, one.year.total) == ("mean", (("2024H1", 75.0), ("2024H2", 75.0)), 75.0)
    assert one.year.grade == "不合格"
    assert [(c.id, grounds(c)[0][1]) for c in one.year.forced] == [
        ("both_halves_deducted_30", "35、35"),
        ("attendance_below_60", "0%"),
    ]
    assert "2024年度" in one.text()


def test_a_correction_of_the_year_stands_in_the_year() -> None:
    """The half keeps its grade; the year shows what it was and the decision."""
    one = halves(corrections=[["m1", "2024", "grade", "", "合格", "", "", "", "情有可原"]])
    assert one.year is not None
    assert one.year.review is not None
    assert (one.year.review.grade, one.year.grade, one.grade) == ("不合格", "合格", "合格")
    assert one.review is not None
    assert not one.review.touched
    assert one.text().count("情有可原") == 1
    assert one.text().count("系统分") == 1


QUARTERS = """
[measures.deeds]
title = "好事"
count = [{ from = "events", where = { event = "courage" } }]
[components.all.items.mark]
from = "marks"
max = 10
[grades."合格"]
at_least = 5
[grades."不合格"]
[outcomes.busy]
title = "积极"
any = [{ measure = "deeds", at_least = 1 }]
[outcomes.twice]
title = "连续"
at = "year"
any = [{ measure = "total", below = 5, in_a_row = 2 }]
[outcomes.fails]
title = "年度不合格"
at = "year"
all = [{ measure = "grade", in = "不合格" }, { for = { post = "none" } }]
[outcomes.deeds]
title = "全年好事"
at = "year"
all = [{ outcome = "twice" }, { measure = "deeds", at_least = 2 }]
"""


def test_a_year_shows_what_its_conditions_looked_at() -> None:
    """Every period's value of a run, the year's grade, and the records of a measure in the whole year."""
    of = scheme(QUARTERS, period="quarter", year_total="mean", year_grades=True)
    marks = [["m1", f"2024Q{quarter}", "mark", 1] for quarter in (1, 2, 3)]
    events = [["m1", "2024-02-01", "courage"], ["m1", "2024-11-01", "courage"]]
    one = explained("m1", of, "2024Q1", marks=marks, events=[*events, ["m1", "2024-05-01..2024-08-01", "duty_shift"]])
    assert [(o.id, grounds(o)) for o in one.outcomes] == [("busy", [("好事达到1次", "1", ["2024-02-01"])])]
    assert one.year is not None
    assert one.year.total is None
    found = {o.id: grounds(o) for o in one.year.outcomes}
    assert found["twice"] == [("总分低于5分(连续2个季度)", "1、1、1、-", [])]
    assert found["deeds"] == [("“连续”", "", []), ("好事达到2次", "2", ["2024-02-01", "2024-11-01"])]
    marked = [*marks, ["m1", "2024Q4", "mark", 1]]
    whole = explained(
        "m1", of, "2024Q1", marks=marked, events=[*events, ["m1", "2024-05-01..2024-08-01", "duty_shift"]]
    )
    assert whole.year is not None
    assert grounds(next(o for o in whole.year.outcomes if o.id == "fails")) == [
        ("等次为不合格", "不合格", []),
        ("无职", "", []),
    ]
