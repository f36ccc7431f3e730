"""The annual review: what is said is computed, what is small is not said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import jifen_analysis as jf
from jifen_analysis.errors import UsageError
from jifen_analysis.report.review import Review, Table, Voice, conclusions, review
from jifen_analysis.report.review.lines import quota
from jifen_analysis.report.review.review_data import ReviewData
from jifen_analysis.report.review.summary_page import influence_picture
from jifen_analysis.report.summary import WHOLE
from jifen_analysis.schemes.read import scheme_names
from jifen_analysis.scoring.assess import assess
from tests.builders import records as made
from tests.builders import scheme
from tests.odd_data import odd
from tests.report.sampled import result, texts
from tests.report.sampled import written as reviewed


@cache
def of(scheme: str, members: int) -> tuple[Review, ReviewData]:
    """Return the review of a sample's last year, and what it rests on."""
    usual = (scheme, members) == ("community_60_40", 120)
    return reviewed() if usual else review(result(scheme, members)), ReviewData(result(scheme, members), 2024, Voice())


@pytest.mark.parametrize(
    ("scheme", "lang"), [*((name, "zh") for name in scheme_names()), ("bureau_quarterly", "en"), ("town_tiered", "en")]
)
def test_every_scheme_has_a_review(scheme: str, lang: str) -> None:
    """At most eight figures stand in front, each with a few sentences; no number is missing inside."""
    written = of(scheme, 60)[0] if lang == "zh" else review(result(scheme, 60), lang="en")
    assert len(written.front) <= 8
    assert written.front or len(result(scheme, 60).table) < 20
    for picture in written.front:
        assert re.fullmatch(r"([^。\n]+。){1,3}" if lang == "zh" else r".+\.", picture.sentence)
        assert "nan" not in picture.sentence
    assert len({picture.key for picture in written.pictures()}) == len(list(written.pictures()))


def test_the_sentence_on_grades_counts_those_graded() -> None:
    """Counts and shares are those of the year's grades."""
    graded = result().years.query("year == 2024")["grade"].dropna()
    held = int((graded == "优秀").sum())
    sentence = reviewed().front[0].sentence
    assert sentence.startswith(f"2024年评出等次的{len(graded)}人中，优秀{held}人（{held / len(graded):.1%}）")


def test_nobody_is_named_unless_asked() -> None:
    """Names and ids stand in no word, number or hover; the lists have them for internal use."""
    people = result().table[["member_id", "name"]].drop_duplicates()
    said = texts(reviewed())
    assert not [name for name in people["name"] if re.search(rf"(?<![\u4e00-\u9fff]){name}(?![\u4e00-\u9fff])", said)]
    assert not [member for member in people["member_id"] if f'"{member}"' in said]
    named = texts(reviewed(with_names=True))
    honoured = result().outcomes.query("outcome == 'honour_board' and period == '2024H2'")["member_id"]
    names = people.set_index("member_id")["name"]
    assert all(names[member] in named for member in honoured)
    assert "内部使用" in named


def test_small_counts_are_hidden_in_every_table() -> None:
    """No count between 1 and 4 stands in a table of members."""
    for section in reviewed().appendix:
        for block in section.blocks:
            if isinstance(block, Table) and block.title in ("各支部等次人数", "临线人数", "名额核查"):
                cells = [cell for row in block.rows for cell in row[-block.numbers :]]
                assert not {"1", "2", "3", "4"} & set(cells)


def test_a_branch_table_and_the_years_table_agree() -> None:
    """What both show is the same number."""
    facts = ReviewData(result(), 2024, Voice())
    assert facts.by_year is not None
    for grade, count in facts.by_branch.loc["合计"].dropna().items():
        if grade in facts.by_year:
            assert facts.by_year.loc["2024年", grade] == count


def test_figures_show_no_small_class() -> None:
    """No bar of the distribution stands for fewer than five."""
    assert min(people(reviewed())) >= 5


def test_the_first_year_has_no_year_before() -> None:
    """The movement is left out and the reason stands with the data."""
    written = review(result(), 2023)
    assert "movement" not in {picture.key for picture in written.front}
    assert any(
        "等次变动" in block for section in written.appendix for block in section.blocks if isinstance(block, str)
    )


@pytest.mark.parametrize("members", [1, 12])
def test_a_few_members_are_reviewed(members: int) -> None:
    """What cannot be calculated is left out, and says so; nothing is nan, with or without names."""
    for with_names in (False, True):
        written = review(result("bureau_quarterly", members), with_names=with_names)
        assert "nan" not in " ".join(picture.sentence for picture in written.pictures())
        assert len(written.front) <= 8


def test_of_very_many_branches_figures_draw_both_ends(tmp_path: Path) -> None:
    """No figure takes a page of paper for itself; where branches are left out, its title says so."""
    records = jf.load(odd(tmp_path / "数据", (6,) * 30))
    written = review(assess(records, jf.read_scheme("community_60_40")), with_names=True)
    assert max(picture.figure.layout.height for picture in written.pictures()) < 900
    assert [picture.key for picture in written.pictures() if "30个中最高、最低的各8个" in picture.title] == [
        "grades_by_branch",
        "branch_means",
        "gentle_marks",
    ]


def test_a_year_without_scores_is_refused() -> None:
    """Nothing is invented."""
    with pytest.raises(UsageError, match="2031 年没有任何得分"):
        review(result(), 2031)


def figure(written: Review, key: str) -> Any:
    """Return a figure of a review by its key, or nothing."""
    return next((picture.figure for picture in written.pictures() if picture.key == key), None)


LARGER = ["community_60_40", "street_80_20", "bureau_quarterly", "branch_scorecard"]
every_sample = pytest.mark.parametrize(
    ("scheme", "members"), [*((name, 60) for name in scheme_names()), *((name, 120) for name in LARGER)]
)


def people(written: Review) -> list[int]:
    """Return how many each bar of the distribution stands for: its area is in proportion to them."""
    bars = figure(written, "totals").data[0]
    counts = [int(n) for _, n in bars.customdata]
    np.testing.assert_allclose(bars.y * bars.width * sum(counts), np.array(counts) * (bars.y * bars.width).sum())
    return counts


@every_sample
def test_no_two_numbers_differ_by_a_few(scheme: str, members: int) -> None:
    """Distribution, curve and grades subtracted from each other give nobody, or five and more."""
    written, facts = of(scheme, members)
    above = np.cumsum(people(written)[::-1]) if figure(written, "totals") else []
    told = {*above, *facts.told_counts}
    told = sorted({0, *map(int, told)})
    assert all(gap >= 5 for gap in np.diff(told))


@every_sample
def test_figures_tell_no_more_of_a_branch_than_the_table(scheme: str, members: int) -> None:
    """A branch hidden in the table has no number in a figure, and others have the same one, or five more or less."""
    written, facts = of(scheme, members)
    shown = facts.by_branch["合计"].to_dict()
    for key in ("grades_by_branch", "branch_means", "gentle_marks", "funnel"):
        said = json.loads(figure(written, key).to_json()) if figure(written, key) else {}
        numbers = re.findall(r"([^\s\"]*支部)(?:<br>)?\(n=(\d+)\)", json.dumps(said, ensure_ascii=False))
        for branch, n in numbers if facts.book.banded else []:
            assert pd.notna(shown[branch]), key
            assert shown[branch] == int(n) or abs(shown[branch] - int(n)) >= 5, key


@pytest.mark.parametrize("scheme", LARGER)
@pytest.mark.parametrize("members", [60, 120])
def test_who_came_and_went_cannot_be_counted(scheme: str, members: int) -> None:
    """The grades of a year less those of the members graded in both are nobody, or five and more, or rounded."""
    written, facts = of(scheme, members)
    drawn = figure(written, "movement")
    if drawn is None or facts.by_year is None:
        return
    sentence = next(picture.sentence for picture in written.pictures() if picture.key == "movement")
    cells = np.array([[int(re.match(r"(\d+)", cell)[1]) for cell in row] for row in drawn.data[0].text])  # type: ignore[index]
    came = int(facts.by_year.iloc[-1].sum() - cells.sum())
    assert "按5取整" in sentence or came == 0 or came >= 5
    assert "按5取整" not in sentence or not (cells % 5).any()


FORCED = """
components.base.items.work = { from = "marks", max = 100 }
grades."优秀" = { at_least = 90, quota = { share = 0.15, within = "branch" } }
grades."合格" = { at_least = 60 }
grades."不合格" = {}
forced.out = { any = [{ from = "events", where = { event = "veto" } }] }
"""


@pytest.mark.parametrize("forced", [0, 2, 4, 7])
def test_a_quota_does_not_give_the_forced_away(forced: int) -> None:
    """Who reaches the line less who holds the grade less who lost to the quota are those forced: nobody, or enough."""
    ids = [f"{number:05d}" for number in range(240)]
    marks = [[one, "2024", "work", 50 + at * 7 % 50] for at, one in enumerate(ids)]
    members = [[one, f"{'甲乙丙丁'[at // 60]}支部"] for at, one in enumerate(ids)]
    events = [[one, "2024-05-05", "veto"] for one, _, _, mark in marks if mark >= 95][:forced]
    given = made(members=members, marks=marks, events=events or [["00001", "2024-05-05", "mediation"]])
    facts = ReviewData(assess(given, scheme(FORCED)), 2024, Voice())
    reached = sum(mark >= 90 for _, _, _, mark in marks)
    lost = quota(facts).rows[0][1]  # type: ignore[union-attr] # a table
    assert facts.beyond["优秀"] == reached - facts.told_counts[0]
    assert (lost == "*") == (0 < forced < 5)
    assert lost == "*" or facts.beyond["优秀"] - int(lost) == forced


def test_the_first_page_concludes() -> None:
    """Three to five findings with how sure they are and what shows them; two to four topics; limits; the scope."""
    written = reviewed()
    found, topics, limits, scope = written.opening
    points = found.blocks[0].points  # type: ignore[union-attr] # points
    assert 3 <= len(points) <= 5
    assert all(point.note and point.shown_by in written.told_by() for point in points)
    assert 2 <= len(topics.blocks[0].points) <= 4  # type: ignore[union-attr] # points
    assert limits.blocks
    assert "不足5人的组不予显示" in texts(written)
    assert any("参加考核" in str(block) for block in scope.blocks)


def test_on_how_many_a_finding_rests_gives_nobody_away() -> None:
    """Where it is near a number that is told, or told nowhere else, it is rounded; for internal use it is exact."""
    _, facts = of("community_60_40", 60)
    inside = replace(facts, with_names=True)
    for size in range(1, 90):
        said = conclusions._basis(facts, size)
        near = {other for other in facts.sizes if 0 < abs(other - size) < 5}
        assert said == f"依据{size}人" if size in facts.sizes and not near else re.fullmatch(r"依据约\d*[05]人", said)
        assert conclusions._basis(inside, size) == f"依据{size}人"
        assert conclusions._basis(facts, size, f"评出等次的{size}人中") == f"依据{size}人"


def test_where_branches_are_hidden_nobody_is_highest() -> None:
    """No sentence names a best or a worst branch, and the limits say that the internal version differs."""
    written, facts = of("community_60_40", 280)
    assert facts.by_branch.iloc[:-1].isna().any(axis=None)
    said = " ".join(picture.sentence for picture in written.pictures() if "不予显示" in picture.sentence)
    assert said
    assert not re.search("最高的是|最低的是", said)
    assert any("内部使用版" in point.text for point in written.points())


def test_what_was_lost_to_a_quota_stands_on_the_first_page() -> None:
    """Who reached the line and lost the grade is counted, and the table that shows it is named."""
    written, facts = of("bureau_quarterly", 280)
    point = next(point for point in written.points() if "因名额未得" in point.text)
    lost = int(quota(facts).rows[0][1])  # type: ignore[union-attr] # a table
    assert f"{lost}人因名额未得优秀" in point.text
    assert written.told_by()[point.shown_by] == "表“名额核查”"


def test_a_component_of_any_name_is_found_by_who_marks_it() -> None:
    """What evaluators mark is known by its items, not by what it is called."""
    text = """
    components.others.title = "众人看"
    components.others.items.votes = { from = "evaluations", groups.members = { pool = ["members"], weight = 1 } }
    grades."优秀" = { at_least = 90 }
    grades."合格" = {}
    """
    ids = [f"{number:05d}" for number in range(40)]
    members = [[one, f"{'甲乙'[at % 2]}支部"] for at, one in enumerate(ids)]
    marks = [[one, "2024", "members", 80 + at % 15] for at, one in enumerate(ids)]
    dated = [["00001", "2024-05-05", "mediation"]]  # which year it is
    written = review(assess(made(members=members, evaluations=marks, events=dated), scheme(text)))
    assert "众人看" in next(picture.title for picture in written.pictures() if picture.key == "gentle_marks")


VOTED = """
components.heard.items.votes = { from = "evaluations", groups.members = { pool = ["members"], weight = 1 } }
grades."先进" = { at_least = 90 }
grades."达标" = { at_least = 80 }
grades."落后" = {}
"""


@pytest.mark.parametrize(("kind", "years"), [("alike", 1), ("alike", 2), ("changing", 2), ("joining", 2)])
def test_what_the_first_page_presumes_is_so(kind: str, years: int) -> None:
    """Topics speak of movers and of those near a line where there are some; years are compared where there are two."""
    ids = [f"{number:05d}" for number in range(12)]
    now = [96 if at % 3 else 90.5 for at in range(12)] if kind == "changing" else [95] * 12
    before = [85 if kind == "changing" else None if kind == "joining" and not at % 4 else 95 for at in range(12)]
    given = {"2023": before, "2024": now} if years == 2 else {"2024": now}
    marks = [[one, year, "members", mark] for year in given for one, mark in zip(ids, given[year], strict=True) if mark]
    dated = [["00001", f"{year}-05-05", "mediation"] for year in given]
    people = [[one, f"{'甲乙'[at % 2]}支部"] for at, one in enumerate(ids)]
    written = review(assess(made(members=people, evaluations=marks, events=dated), scheme(VOTED)), with_names=True)
    said = " ".join([*(point.text for point in written.points()), *(picture.title for picture in written.pictures())])
    presumed = ("等次有变动", "1分以内有人", "不完全相同", "与上年比较")
    changing = kind == "changing"
    assert [one in said for one in presumed] == [changing, changing, kind == "joining", years == 2]


def test_the_review_says_where_it_comes_from() -> None:
    """The version and the beginning of the scheme's hash stand at the end; every hash with what the file is made of."""
    said = texts(reviewed())
    assert result().scheme.digest[:12] in said
    assert result().scheme.digest not in said
    assert reviewed().made["scheme_sha256"] == result().scheme.digest
    assert "jifen-analysis" in said


@pytest.mark.parametrize("said", ["{id} 重复", "记录重复:{id}", "党员{id}的总分是空的", "{name}、{id}:各两行"])
def test_why_a_figure_is_left_out_names_nobody(said: str) -> None:
    """Wherever in a refusal somebody stands; inside the house it is said whole, and numbers are no ids."""
    first = result().records.members.iloc[0]  # type: ignore[union-attr]
    whole = said.format(id=first["member_id"], name=first["name"])
    facts = ReviewData(result(), 2024, Voice())
    told = facts.reason(UsageError(whole, whole))
    assert first["member_id"] not in told
    assert first["name"] not in told
    assert told
    assert ReviewData(result(), 2024, Voice(), with_names=True).reason(UsageError(whole, whole)) == whole
    assert facts.reason(UsageError("各组都不足 5 人", "few")) == "各组都不足 5 人"


def test_what_differs_between_half_years_tells_no_members_apart() -> None:
    """Of members alike in each half-year no component decides anything; where one differs, its own does."""
    rows = [
        {
            "member_id": f"{n}",
            "period": period,
            "daily": 90.0,
            "bonus": 0.0,
            "evaluation": mark,
            "total": 0.6 * 90 + 0.4 * mark,
        }
        for n in range(8)
        for period, mark in (("2024H1", 80.0), ("2024H2", 90.0))
    ]
    facts = SimpleNamespace(
        book=jf.read_scheme("community_60_40").book,
        inside=pd.DataFrame(rows),
        ranked=pd.DataFrame(rows),
        least=5,
        voice=Voice("zh"),
        style={"labels": {}},
    )
    with pytest.raises(UsageError, match="两个不同的总分"):
        influence_picture(facts)
    facts.inside.loc[0, "daily"] = 50.0
    assert "的100.0%来自daily" in influence_picture(facts).sentence


@pytest.mark.parametrize(("with_names", "told"), [(False, ["as shown", "many fewer"]), (True, None)])
def test_a_branch_is_told_where_its_size_gives_no_small_group_back(with_names: bool, told: list[str] | None) -> None:
    """Neither beside a hidden size, nor beside one of which a few are missing; to those who may see names, all are."""
    shown = pd.DataFrame({WHOLE: [10, 10, 20, None, 40]}, ["as shown", "few fewer", "many fewer", "hidden", WHOLE])
    facts = SimpleNamespace(by_branch=shown, with_names=with_names, book=SimpleNamespace(banded=True), least=5)
    sizes = pd.Series({"as shown": 10, "few fewer": 8, "many fewer": 12, "hidden": 30})
    assert ReviewData.agrees(facts, sizes) == (told or list(sizes.index))  # type: ignore[arg-type]
