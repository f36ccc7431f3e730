"""Who and which period can be explained, and what is said of those without a score."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.errors import UsageError
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.assessment import Assessment, open_result
from jifen_analysis.scoring.explain import explain, explained_lines
from jifen_analysis.scoring.explain.decisions import Cut
from tests.builders import records, scheme

CAME = [["00017", "2024-03-04", "lecture", "present"], ["00017", "2023-09-04", "lecture", "absent"]]
SMALL = '[components.all.items.item.rules.r]\nfrom = "attendance"\npoints = 1'


def result(name: str = "village_monthly", **tables: Any) -> Assessment:
    """A result about member 00017."""
    return assess(records(**{"members": [["00017", "甲"]], "attendance": CAME, **tables}), read_scheme(name))


def test_the_last_period_is_explained_unless_another_is_named() -> None:
    """By default the member's last scored one; others by code or in words."""
    given = result()
    assert given.explain("00017").period == "2024-03"
    assert {given.explain("00017", text).period for text in ("2023-09", "2023年9月")} == {"2023-09"}


def test_only_periods_that_the_result_shows_are_explained() -> None:
    """A result for some periods explains these."""
    given = assess(
        records(members=[["00017", "甲"]], attendance=CAME), read_scheme("village_monthly"), periods=["2023-09"]
    )
    assert given.explain("00017").period == "2023-09"
    with pytest.raises(UsageError, match="2024-03;有:2023-09"):
        given.explain("00017", "2024-03")


@pytest.mark.parametrize(
    ("member", "period", "said"),
    [
        ("17", None, "没有编号是 17 的党员,最接近的是 00017"),
        ("00018", None, "没有编号是 00018 的党员,最接近的是 00017"),
        ("某某", None, "没有叫 某某 的党员$"),
        ("00017", "2024-05", "没有考核期 2024-05;有:2023-09、2024-03"),
        ("00017", "去年", "没有考核期 去年"),
    ],
)
def test_unknown_members_and_periods_are_refused(member: str, period: str | None, said: str) -> None:
    """What was asked, and what there is."""
    with pytest.raises(UsageError, match=said):
        explain(result(), member, period)


def test_a_name_that_one_member_bears_will_do() -> None:
    """With or without the blank between two signs, in every year of the roster."""
    named = records(members=[["00017", "一", "某 某", {"year": 2023}], ["00017", "二", "某某", {"year": 2024}]],
                    attendance=CAME)  # fmt: skip
    given = assess(named, read_scheme("village_monthly"))
    assert {given.explain(asked).person.member_id for asked in ("某某", "某\u3000某", "00017")} == {"00017"}


def test_a_name_that_several_bear_is_answered_with_a_question() -> None:
    """Who asks by such a name is told the ids and branches to choose from."""
    same = records(members=[["00017", "一", "某某"], ["00018", "二", "某某"]], attendance=CAME)
    given = assess(same, read_scheme("village_monthly"))
    with pytest.raises(UsageError, match=r"有 2 人,请给出编号:00017\(一\)、00018\(二\)"):
        given.explain("某某")


def test_the_refusal_is_in_english_too() -> None:
    """Both languages say the same."""
    with pytest.raises(UsageError) as refused:
        result().explain("00018")
    assert refused.value.message("en") == "there is no member 00018 on the roster; the nearest is 00017"


def test_a_result_from_a_folder_has_no_records_to_explain(tmp_path: Path) -> None:
    """It says what to do instead."""
    opened = open_result(result().save(tmp_path / "result"))
    for refused in (lambda: opened.explain("00017"), lambda: explained_lines(opened)):
        with pytest.raises(UsageError, match="没有原始记录,无法逐条说明"):
            refused()


@pytest.mark.parametrize(
    ("scheme_name", "member", "state", "said"),
    [
        ("village_monthly", {"exempt": True}, "exempt", "免考核"),
        ("village_monthly", {"until": "2023-10-31"}, "not_assessed", "本期不考核"),
        ("village_inspector", {}, "outside", "不在本方案考核范围(只考核纪检委员)"),
        ("village_monthly", {"year": 2023}, "not_on_roster", "不在2024年的花名册上"),
    ],
)
def test_who_has_no_score_is_told_why(scheme_name: str, member: dict[str, Any], state: str, said: str) -> None:
    """The explanation says just that: no lines, no grade, no outcomes."""
    other = [["00001", "2024-03-04", "lecture", "present"]]
    given = result(scheme_name, members=[["00001", "甲"], ["00017", "乙", member]], attendance=other)
    one = given.explain("00017", str(given.working.roster.periods[-1]) if given.working else None)
    assert (one.state, one.why.zh, one.lines, one.grade, one.outcomes) == (state, said, (), "", ())
    assert said in one.text()
    assert "明细" not in one.text()
    assert len(one.frame) == 0


def test_someone_else_s_last_period_is_not_taken_for_the_members_own() -> None:
    """A member who left is explained in the last period in which he was scored."""
    given = result(
        members=[["00001", "甲"], ["00017", "甲", {"until": "2023-10-31"}]],
        attendance=[CAME[1], ["00001", "2024-03-04", "lecture", "present"]],
    )
    assert given.explain("00017").period == "2023-09"
    assert given.explain("00001").period == "2024-03"


def test_without_any_period_there_is_nothing_to_explain() -> None:
    """Records that open no period leave none to name."""
    given = assess(records(members=[["00017", "甲"]]), read_scheme("village_monthly"))
    with pytest.raises(UsageError, match="没有考核期;一个也没有"):
        given.explain("00017")


def test_what_is_missing_is_named() -> None:
    """A total that cannot be made says by which items; flags say what they are about."""
    one = result("community_60_40", members=[["00017", "甲", {"since": "2024-05-20"}]], attendance=[
        ["00017", "2024-06-04", "lecture", "present"]]).explain("00017")  # fmt: skip
    assert (one.total, one.band.grade, [text.zh for text in one.missing]) == (None, "", ["民主评议没有评议分"])
    assert dict(one.flags)["part_period"].zh == "考核期不满(在册2个月)"
    assert "总分: 待评(民主评议没有评议分)" in one.text()
    partial = result("community_60_40", evaluations=[["00017", "2024H1", "committee", 80]]).explain("00017")
    assert dict(partial.flags)["evaluation_partial"].zh == "评议主体不全(缺党员、群众代表、联户代表)"


def test_a_provisional_result_shows_only_what_is_seen() -> None:
    """Nothing after the day stands among the records, and the day is named."""
    given = records(members=[["00017", "甲"]], attendance=[*CAME, ["00017", "2024-03-20", "lecture", "late"]])
    one = assess(given, read_scheme("village_monthly"), as_of=date(2024, 3, 10)).explain("00017")
    assert [r.date for line in one.lines for r in line.records] == ["2024-03-04"]
    assert "暂计至: 2024-03-10" in one.text()


def test_readings_and_other_settings_are_named() -> None:
    """A reading by its title, other changes as they were asked for."""
    of = read_scheme("community_60_40").variant("strict").with_weights(daily=0.7, evaluation=0.3)
    one = assess(records(members=[["00017", "甲"]], attendance=CAME), of).explain("00017")
    assert [text.zh for text in one.basis.readings] == ["高于90分才为优秀", "daily=0.7,evaluation=0.3"]


DATED = """
[grades."优秀"]
at_least = 2
[grades."合格"]
[outcomes.talk]
any = [{ measure = "total", below = 1 }]
[changes."2024-01-01"]
clause = "修订一"
[changes."2024-01-01".set]
"grades.优秀.at_least" = 1
"components.all.items.item.rules.r.points" = 1
"outcomes.talk.any.0.below" = 2
"outcomes.reward" = { any = [{ measure = "total", above = 1 }] }
"""


def test_the_value_in_force_is_shown_with_the_one_before() -> None:
    """2023 by the first cut score, 2024 by the changed one; what did not really change is not named."""
    given = assess(records(members=[["00017", "甲"]], attendance=CAME), scheme(SMALL + DATED))
    before, after = given.explain("00017", "2023"), given.explain("00017", "2024")
    assert (before.band.higher_cut, before.basis.changes) == (Cut(2.0), ())
    assert (after.band.cut, after.grade) == (Cut(1.0), "优秀")
    assert [(one.path, one.since, one.before, one.now) for one in after.basis.changes] == [
        ("grades.优秀.at_least", "2024-01-01", "2", "1"),
        ("outcomes.talk.any.0.below", "2024-01-01", "1", "2"),
        ("outcomes.reward", "2024-01-01", "-", '{"any": [{"measure": "total", "above": 1}]}'),
    ]
    assert "自2024-01-01起grades.优秀.at_least为1(原为2) 修订一" in after.text()
