"""Tests of the linter: each check on a small scheme, and what it finds in the ten."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path
from typing import Any

import pytest

from jifen_analysis.schemes.lint import LintFinding, lint
from jifen_analysis.schemes.lint.finding import clause_of
from jifen_analysis.schemes.lint.votes import ballots
from jifen_analysis.schemes.model import walk
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.schemes.scheme import read_scheme
from tests.schemes.builders import GONE, small

EXPECTED = tomllib.loads((Path(__file__).parent / "findings.toml").read_text(encoding="utf-8"))


def found(changes: dict[str, Any], code: str) -> list[tuple[str, str]]:
    """Path and sentence of the findings of one kind in the small scheme, changed."""
    return [(finding.path, finding.message()) for finding in lint(small(changes)) if finding.code == code]


def bands(upper: dict[str, float], lower: dict[str, float]) -> dict[str, Any]:
    """The small scheme with two bands as a text writes them."""
    return {"grades.优.text_band": upper, "grades.良.text_band": lower}


# ---------------------------------------------------------------- the ten


@pytest.mark.parametrize("name", scheme_names())
def test_findings_of_the_ten(name: str) -> None:
    """Each scheme has the findings that are listed for it, in kind, place and order."""
    listed: dict[str, list[str]] = {}
    for finding in lint(read_scheme(name)):
        listed.setdefault(finding.code, []).append(finding.path)
    assert listed == EXPECTED[name]


@pytest.mark.parametrize("name", scheme_names())
def test_findings_say_where_and_why(name: str) -> None:
    """A finding stands at a path of the file, has a sentence in both languages, and a clause where there is one."""
    book = read_scheme(name).book
    paths = {path for path, _ in walk(book)}
    for finding in lint(read_scheme(name)):
        assert finding.path in paths
        assert finding.message("zh") != finding.message("en")
        assert finding.clause or finding.code in ("assumed", "unsaid")


@pytest.mark.parametrize(
    ("name", "code", "sentence"),
    [
        ("bureau_quarterly", "grade_needs_bonus", "“优秀”的分数线 90 分正是不靠加分的满分,丢一分就须靠加分"),
        ("bureau_quarterly", "narrow_span", "“评议分”拉不开名义上的差距:14 至 20 分"),
        ("bureau_quarterly", "ballot_gap", "有的票数不属任何一档,如 优秀票 11、不合格票 6、弃权票 3(方案按“基本合格”)"),
        ("branch_scorecard", "text_sum", "“思想政治表现”原文为 30 分,所列项目合计 20 分"),
        ("community_60_40", "cut_differs", "“优秀”原文为高于 90 分,方案按达到 90 分"),
        ("district_classified", "text_sum", "“共项积分”原文为 100 分,所列项目合计 40 分"),
        (
            "town_tiered",
            "narrow_span",
            "“基础分”拉不开名义上的差距:tier1:人人 10 分、tier2:人人 20 分、tier3:人人 30 分、tier4:人人 40 分",
        ),
    ],
)
def test_sentences(name: str, code: str, sentence: str) -> None:
    """The sentences are such as one can read out."""
    assert sentence in [finding.message() for finding in lint(read_scheme(name)) if finding.code == code]


def test_readings_change_what_is_found() -> None:
    """Under a reading that settles a matter the finding is gone; a new contradiction appears."""
    codes = {finding.code for finding in lint(read_scheme("bureau_quarterly").variant("soft_quota"))}
    assert "no_place" not in codes
    changed = [
        finding.path
        for finding in lint(read_scheme("street_80_20").variant("attendance_30"))
        if finding.code == "text_points"
    ]
    assert changed == ["components.base.items.organisational_life"]


# ---------------------------------------------------------------- bands and grades


@pytest.mark.parametrize(
    ("upper", "lower", "code", "said"),
    [
        ({"at_least": 90}, {"at_least": 60, "at_most": 89}, "band_gap", "89(不含)至 90(不含)"),
        ({"above": 90}, {"at_least": 60, "at_most": 89}, "band_gap", "89(不含)至 90(含)"),
        ({"above": 90}, {"at_least": 60, "below": 90}, "band_gap", "恰为 90 的总分"),
        ({"at_least": 90}, {"at_least": 60, "at_most": 90}, "band_overlap", "90 至 90"),
        ({"at_least": 88}, {"at_least": 60, "below": 90}, "band_overlap", "88 至 90"),
    ],
)
def test_bands_of_the_text(upper: dict[str, float], lower: dict[str, float], code: str, said: str) -> None:
    """What lies between two bands, or in both, is found."""
    (only,) = found(bands(upper, lower), code)
    assert only[0] == "grades.优.text_band"
    assert said in only[1]


@pytest.mark.parametrize(
    ("upper", "lower"), [({"at_least": 90}, {"at_least": 60, "below": 90}), ({"above": 90}, {"at_most": 90})]
)
def test_bands_that_meet(upper: dict[str, float], lower: dict[str, float]) -> None:
    """Bands that meet leave nothing and share nothing."""
    codes = {finding.code for finding in lint(small(bands(upper, lower)))}
    assert not codes & {"band_gap", "band_overlap"}


def test_a_cut_may_differ_from_the_text() -> None:
    """The scheme's cut is held against the band."""
    assert found({"grades.良.text_band": {"at_least": 61}}, "cut_differs") == [
        ("grades.良", "“良”原文为达到 61 分,方案按达到 60 分")
    ]
    assert found({"grades.良.text_band": {"at_least": 60}}, "cut_differs") == []


@pytest.mark.parametrize(
    ("cut", "code", "said"),
    [
        (111, "grade_unreachable", "最多 110 分"),
        (105, "grade_needs_bonus", "须靠加分:不靠加分最多 100 分"),
        (100, "grade_needs_bonus", "正是不靠加分的满分"),
    ],
)
def test_grades_out_of_reach(cut: float, code: str, said: str) -> None:
    """Beyond everything, beyond all but a bonus, or just at full marks."""
    (only,) = found({"grades.优.at_least": cut}, code)
    assert only[0] == "grades.优"
    assert said in only[1]


def test_grades_within_reach() -> None:
    """Nothing is said of a grade that full marks reach."""
    codes = {finding.code for finding in lint(small())}
    assert not codes & {"grade_unreachable", "grade_needs_bonus"}


def test_a_lowest_grade_that_nobody_gets() -> None:
    """Where the least is above the lowest cut and nothing forces a grade."""
    floors = {"components.duty.items.base": {"title": "底", "start": 100}, "forced": {}}
    assert found(floors, "grade_unreachable") == [("grades.差", "“差”不会出现:最少也有 80 分")]


# ---------------------------------------------------------------- points


def test_items_that_do_not_sum_to_the_text() -> None:
    """The sum is said, by category where it differs."""
    text = {"components.duty.text_points": 100, "components.duty.items.meetings.text_points": 60}
    assert found(text, "text_sum") == [("components.duty", "“履职”原文为 100 分,所列项目合计 60 分")]
    mark = {"components.duty.items.mark.text_points": 40, "components.duty.items.mark.for": {"category": "old"}}
    assert found({**text, **mark}, "text_sum") == [("components.duty", "“履职”原文为 100 分,所列项目合计 60 分")]
    more = {"components.duty.items.mark.text_points": 30, "components.duty.items.mark.for": {"category": "old"}}
    assert found({**text, **more}, "text_sum")[0][1].endswith("合计 old:90 分、others:60 分")
    weighted = {**text, "components.duty.text_points": 48, "components.duty.weight": 0.8}
    assert found(weighted, "text_sum") == []  # the text may give the points after the weight


def test_parts_count_as_often_as_they_occur() -> None:
    """Six months at one point are six points of the text."""
    text = {"components.duty.text_points": 6, "components.duty.items.quiet.text_points": 1}
    assert found(text, "text_sum") == []
    assert found(text, "text_points") == []


def test_an_item_may_count_for_something_else() -> None:
    """Start, full mark or cap are held against the text."""
    assert found({"components.bonus.items.extra.text_points": 8}, "text_points") == [
        ("components.bonus.items.extra", "“加分”原文为 8 分,方案为 10 分")
    ]


def test_narrow_components() -> None:
    """A component that nobody can lose in full is narrower than it looks."""
    narrow = {"components.bonus.items": {"sure": {"title": "x", "start": 4}}}
    assert found(narrow, "narrow_span") == [("components.bonus", "“加分”拉不开名义上的差距:人人 4 分")]
    assert found({}, "narrow_span") == []


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"by": "days_late", "tiers": [[1, -1]]}, 1),
        ({"where": {"state": ["late", "short"]}, "points": -1}, 1),
        ({"by": "state", "points": {"late": -1}}, 1),
        ({"where": {"state": "unpaid"}, "points": -1}, 0),
        ({"by": "state", "points": {"on_time": 1}}, 0),
    ],
)
def test_the_last_month_of_dues(rule: dict[str, Any], expected: int) -> None:
    """Every rule that asks for late dues is told that the last month can hardly be."""
    path = "components.duty.items.meetings.rules.dues"
    assert len(found({path: {"title": "x", "from": "dues", **rule}}, "last_month_dues")) == expected


# ---------------------------------------------------------------- ballots


def ballot(*shares: dict[str, Any], rest: bool = False) -> dict[str, Any]:
    """The small scheme with a ladder of two kinds of votes."""
    ladder: dict[str, Any] = {
        f"r{at}": {"title": f"第{at}档", "when": [share], "pays": 1} for at, share in enumerate(shares)
    }
    ladder |= {"rest": {"title": "余", "pays": 0}} if rest else {}
    votes = {"title": "票", "from": "ballots", "max": 5, "votes_cast": ["excellent", "unqualified"], "ladder": ladder}
    return {"components.review.items.vote": votes}


HALF = {"votes": "excellent", "at_least": 0.5}
LESS = {"votes": "excellent", "below": 0.5}
NONE = {"votes": "excellent", "at_most": 0}


def test_votes_between_the_rungs() -> None:
    """The first votes that match no rung are given as an example."""
    (only,) = found(ballot(HALF, NONE), "ballot_gap")
    assert only == ("components.review.items.vote.ladder", "有的票数不属任何一档,如 优秀票 9、不合格票 11(则没有得分)")
    assert "方案按“余”" in found(ballot(HALF, NONE, rest=True), "ballot_gap")[0][1]
    assert found(ballot(HALF, LESS), "ballot_gap") == []


def test_rungs_that_nothing_reaches() -> None:
    """A rung in the shadow of those above is found."""
    more = {"votes": "excellent", "above": 0.8}
    assert found(ballot(HALF, more, LESS), "rung_unreachable") == [
        ("components.review.items.vote.ladder.r1", "没有票数能达到“第1档”")
    ]


def test_all_votes_are_tried_once() -> None:
    """Twenty voters and five kinds of vote make 10626 ballots."""
    tried = [tuple(one.values()) for one in ballots(("a", "b", "c", "d", "e"))]
    assert (len(tried), len(set(tried)), {sum(one) for one in tried}) == (10626, 10626, {20})


# ---------------------------------------------------------------- members and places


def test_categories_that_nobody_has() -> None:
    """A category in the shadow of those above, or asking for what cannot be."""
    shadow = {"categories": {"all": {"title": "全体"}, "old": {"title": "年长", "when": {"age_at_least": 60}}}}
    odd = {"categories.never": {"title": "无", "when": {"floating": True, "except": {"floating": True}}}}
    keep = {"components.duty.items.mark.max_for": {}}
    assert found({**shadow, **keep}, "category_unreachable")[0][0] == "categories.old"
    assert [path for path, _ in found(odd, "category_unreachable")] == ["categories.never"]
    assert found({}, "category_unreachable") == []


def test_members_whom_no_category_takes() -> None:
    """Without a category for all others somebody is left out, such as who has no date of birth."""
    left = {"categories.others.when": {"age_below": 60}}
    assert found(left, "category_missing") == [("categories", "有的党员不属任何一类")]
    assert found({"categories.others.when": {"age_below": 60, "age_unknown": True}}, "category_missing") == []


def test_the_population_narrows_the_kinds_of_member() -> None:
    """Nobody outside the population counts."""
    outside = {"population": {"post": "none"}, "categories.old.when": {"post": "secretary"}}
    assert [path for path, _ in found(outside, "category_unreachable")] == ["categories.old"]


def test_small_groups_get_no_place() -> None:
    """0.15 rounded down gives nobody a place among six; a smallest group may see to that."""
    texts = dict(found({}, "no_place"))
    assert texts == {"grades.优.quota": "名额为 0.15 舍去尾数,不满 7 人的支部一个也没有"}
    assert "outcomes.reward.top" in dict(found({"outcomes.reward.top.min_group": 2}, "no_place"))


# ---------------------------------------------------------------- notes


def test_runs_end_with_the_period() -> None:
    """Runs of months, and of quarters with records, are not seen across periods."""
    run = {"measures.run": {"title": "x", "longest_run": {"any_of": [{"from": "dues"}]}}}
    asked = {"forced.veto.any": [{"from": "events", "in_a_row": 2, "per": "quarter"}]}
    assert [path for path, _ in found(run, "run_inside_period")] == ["measures.run"]
    assert [path for path, _ in found(asked, "run_inside_period")] == ["forced.veto.any.0"]


def test_what_cites_no_clause() -> None:
    """Rules may lean on their component's clause; grades and decisions need one of their own."""
    paths = [path for path, _ in found({"components.bonus.clause": GONE}, "no_clause")]
    assert "components.bonus.items.extra.rules.trees" in paths
    assert "components.duty.items.meetings" not in paths
    assert {"grades.优", "forced.veto", "outcomes.talk"} <= set(paths)


def test_assumptions_readings_and_silences() -> None:
    """What the file itself says is passed on."""
    assert found({}, "assumed") == [("components.duty.items.meetings.rules.dues", "推定“党费”:一个月按30天")]
    assert [path for path, _ in found({}, "reading")] == ["readings.strict", "readings.open", "readings.lenient"]
    silence = {"unsaid.x": {"title": "某事", "assumed": "不计"}}
    assert found(silence, "unsaid") == [("unsaid.x", "原文未定“某事”:不计")]


def test_the_nearest_clause_holds() -> None:
    """A number's clause is that of the nearest part around it."""
    book = small({"components.duty.items.meetings.clause": "一(1)"}).book
    path = "components.duty.items.meetings"
    assert (clause_of(f"{path}.rules.dues.tiers.0", book), clause_of("components.duty.weight", book)) == ("一(1)", "一")
    assert clause_of("grades.优", book) == ""


def test_findings_are_frozen_lines() -> None:
    """A finding reads as place, sentence and clause, and cannot be written."""
    finding = next(one for one in lint(read_scheme("bureau_quarterly")) if one.code == "narrow_span")
    assert finding.line() == "components.evaluation: “评议分”拉不开名义上的差距:14 至 20 分 〔四、3〕"
    assert finding.line("en") == "components.evaluation: narrower than it looks: 14 to 20 〔四、3〕"
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign"):
        finding.code = "x"  # type: ignore[misc]
    assert isinstance(finding, LintFinding)
