"""Schemes side by side: what is compared, why somebody moves, and what is written of it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from scipy.stats import kendalltau, weightedtau
from statsmodels.stats.inter_rater import cohens_kappa

import jifen_analysis as jf
from jifen_analysis.analysis.comparison.reasons import titles
from jifen_analysis.errors import UsageError
from jifen_analysis.report.comparison import (
    Compared,
    compare_results,
    comparison_page,
    comparison_sheets,
    contenders,
    unnamed_comparison,
)
from jifen_analysis.report.comparison.facts import EXPLAINED
from jifen_analysis.report.page import page
from jifen_analysis.report.review import Table
from jifen_analysis.report.workbook import write_workbook
from tests.builders import records
from tests.report.builders import MEMBERS
from tests.report.sampled import texts

SCHEMES = ("community_60_40", "street_80_20")
GRADES = ["不合格", "合格", "优秀"]


@cache
def told(*schemes: str, variants: tuple[str, ...] = ()) -> Compared:
    """Compare schemes on four members: one late, one vetoed, one at 90 exactly, one without a review."""
    data = records(
        members=[[*row] for row in MEMBERS],
        attendance=[["00001", "2024-03-05", "lecture", "late"], ["00003", "2024-03-05", "lecture", "present"]],
        events=[["00003", "2024-04-01", "veto"]],
        evaluations=[
            [f"0000{n}", period, "committee", mark]
            for n, mark in ((1, 85), (2, 75), (3, 85))
            for period in ("2024H1", "2024H2", "2024")
        ],
    )
    named = contenders([jf.read_scheme(name) for name in schemes], variants)
    return compare_results({name: jf.assess(data, scheme) for name, scheme in named.items()})


@pytest.fixture(scope="module")
def sampled(sample: jf.Records) -> Compared:
    """Compare the schemes on the sample's members."""
    return compare_results({name: jf.assess(sample, jf.read_scheme(name)) for name in SCHEMES})


def test_a_reading_is_compared_under_every_scheme_that_has_it() -> None:
    """A reading adds one contender for each scheme that knows it, after the schemes themselves."""
    named = contenders([jf.read_scheme(name) for name in SCHEMES], ["strict"])
    assert [scheme.applied for scheme in named.values()] == [(), (), ("strict",)]
    assert list(named)[2].startswith(next(iter(named)))


@pytest.mark.parametrize("variants", [[], ["nobody"]])
def test_one_scheme_compares_with_nothing(variants: list[str]) -> None:
    """The same scheme twice is one; an unknown reading is named with the known ones."""
    with pytest.raises(UsageError, match="至少要两个" if not variants else "没有读法 nobody,可用:每项扣完为止"):
        contenders([jf.read_scheme("community_60_40")] * 2, variants)


def test_schemes_of_one_title_are_told_apart() -> None:
    """Two schemes with the same title get different names."""
    base = jf.read_scheme("community_60_40")
    other = jf.read_scheme("community_60_40").patch({"grades.优秀.at_least": 85})
    same = type(other)(other.document, other.file)
    first, second = contenders([base, same])
    assert first == base.title
    assert second.startswith(f"{base.title}({base.id} ")


def test_everything_is_held_against_the_first() -> None:
    """Each two agree or not; movers are told for the first and each other."""
    found = told(*SCHEMES, variants=("strict",))
    assert len(found.agreement) == 3
    assert [pair.a for pair in found.pairs] == [next(iter(found.results))] * 2


def test_a_grade_that_moves_without_points_is_a_move() -> None:
    """At 90 exactly the strict reading takes the top grade away though no point differs."""
    (pair,) = told("community_60_40", variants=("strict",)).pairs
    assert {member for member, _ in pair.reasons} == {"00002"}
    assert pair.changed == len(pair.moves.members[pair.moves.members["member_id"] == "00002"])
    assert all(table.attrs["gap"] == 0 for table in pair.reasons.values())


def test_half_years_against_years_are_explained_by_year(sample: jf.Records) -> None:
    """The largest movers' parts sum to the gap of their years, and at most five are taken apart."""
    named = {name: jf.assess(sample, jf.read_scheme(name)) for name in SCHEMES}
    (pair,) = compare_results(named).pairs
    assert pair.moves.grain == "year"
    assert len(pair.reasons) == EXPLAINED
    for (member, year), table in pair.reasons.items():
        ends = [result.years.set_index(["member_id", "year"])["total"][member, int(year)] for result in named.values()]
        assert table["difference"].sum() == pytest.approx(ends[1] - ends[0], abs=1e-9)


# ---------------------------------------------------------------- what is written


def test_the_workbook_holds_what_was_found(tmp_path: Path) -> None:
    """Every sheet is there; the reasons of each member add up to the difference of the totals."""
    found = told(*SCHEMES)
    path = write_workbook(comparison_sheets(found), tmp_path / "x.xlsx")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["结论", "一致程度", "等次变动", "谁变了", "为什么", "读法", "读法使谁变", "说明"]
    moved, why = (
        pd.read_excel(path, sheet_name=name, header=1, dtype={"党员编号": "str"}, engine="openpyxl")
        for name in ("谁变了", "为什么")
    )
    sums = why.groupby(["党员编号", "考核期"])["差"].sum()
    gaps = moved.set_index(["党员编号", "考核期"])["差"]
    assert len(sums) > 0
    assert sums.to_numpy() == pytest.approx(gaps[sums.index].to_numpy(), abs=1e-9)
    assert max(len(repr(points).partition(".")[2]) for points in why["差"].abs()) <= 12


def test_the_workbook_concludes_what_the_page_concludes() -> None:
    """The first sheet holds every point of the page, whether a figure shows it or not."""
    found = told(*SCHEMES, variants=("strict",))
    (concluded, *_) = comparison_sheets(found)
    assert concluded.frame["said"].tolist() == [point.text for point in comparison_page(found).points()]


def test_a_small_branch_is_a_star_that_is_explained() -> None:
    """Without names, a branch of fewer than five is a star, and the title above says what a star is."""
    moved = next(sheet for sheet in comparison_sheets(unnamed_comparison(told(*SCHEMES))) if sheet.name == "谁变了")
    assert set(moved.frame["branch"]) == {"*"}
    assert moved.title.endswith(";* 不足5人的党支部")


def test_nobody_is_named_without_being_asked_for(tmp_path: Path) -> None:
    """Members go by the number at which they are first listed, the same on every sheet and in every figure."""
    found = unnamed_comparison(told(*SCHEMES, variants=("strict",)))
    book = openpyxl.load_workbook(write_workbook(comparison_sheets(found), tmp_path / "x.xlsx"))
    cells = "\n".join(str(cell) for sheet in book for row in sheet.values for cell in row)
    assert not re.search(r"(?<![\d.])0000[1-4](?!\d)|甲[一二]", f"{cells}\n{texts(comparison_page(found))}")
    assert next(member for pair in found.pairs for member, _ in pair.reasons) == "#1"
    assert found.pairs[0].reasons[next(iter(found.pairs[0].reasons))].attrs["member_id"] == "#1"
    assert {"序号", "党支部"} <= {str(cell.value) for cell in book["谁变了"][2]}
    assert "姓名" not in {str(cell.value) for cell in book["谁变了"][2]}
    assert len(told(*SCHEMES).people.merge(unnamed_comparison(told(*SCHEMES)).people, on="member_id")) == 0


def test_every_part_has_its_title() -> None:
    """Components, items, rules and groups of evaluators are called by their titles, not by their codes."""
    (pair,) = told(*SCHEMES).pairs
    rows = [row for table in pair.reasons.values() for row in table.to_dict("records")]
    assert {"a", "b"} <= {row["side"] for row in rows}
    assert not [said for said in map(pair.said, rows) if re.search("[a-z_]", said)]


def test_a_part_is_called_as_its_own_scheme_calls_it() -> None:
    """Where both have the same code under other titles, neither lends its title to the other."""
    (pair,) = told(*SCHEMES).pairs
    own = {side: {"·".join(dict.fromkeys(said)) for said in titles(result.scheme.book).values()}
           for side, result in zip("ab", told(*SCHEMES).results.values(), strict=True)}  # fmt: skip
    rows = [row for table in pair.reasons.values() for row in table.to_dict("records") if row["component"]]
    for row in rows:
        assert all(row["title"] in own[side] for side in row["side"] or "ab")
        assert pair.said(row).endswith(f"({getattr(pair, row['side'])})" if row["side"] else "")


def test_transitions_count_everyone_once() -> None:
    """The table of grades holds each member and period once, those without a grade under 无."""
    found = told(*SCHEMES)
    frame = next(sheet for sheet in comparison_sheets(found) if sheet.name == "等次变动").frame
    assert int(frame.drop(columns=["against", "before"]).to_numpy().sum()) == len(found.pairs[0].moves.members)
    assert "无" in frame["before"].tolist()


def test_other_lists_of_grades_are_said() -> None:
    """Where the two schemes do not have the same grades, the sentence says so."""
    same, other = told(*SCHEMES), told("community_60_40", "village_monthly")
    assert (same.pairs[0].same_grades, other.pairs[0].same_grades) == (True, False)
    assert "等次表不同" in next(comparison_page(other).points()).text
    assert "等次表不同" not in next(comparison_page(same).points()).text


@pytest.mark.parametrize("evaluations", [[], [["00001", "2024", "committee", 85]]])
def test_nobody_to_rank_is_said_with_a_dash(tmp_path: Path, undrawn: None, evaluations: list[list[object]]) -> None:
    """Without two totals there is no agreement to show, and every table and page still stands."""
    data = records(
        members=[["00001", "甲"]], attendance=[["00001", "2024-03-05", "lecture", "late"]], evaluations=evaluations
    )
    schemes = (*SCHEMES, "school_framework")
    found = compare_results({name: jf.assess(data, jf.read_scheme(name)) for name in schemes})
    text = page(comparison_page(found))
    assert "τ-b=—" in text
    assert "nan" not in text.split("<script")[0]
    assert write_workbook(comparison_sheets(found), tmp_path / "x.xlsx").is_file()


def test_the_readings_that_move_nobody_are_counted_too() -> None:
    """Each reading has its row in the summary; who moves stands in the list, as often as counted."""
    found = told(*SCHEMES)
    asked = [name for one in SCHEMES for name in jf.read_scheme(one).book.readings]
    assert len(found.summary) == len(asked)
    assert found.summary["n"].sum() == len(found.readings) > 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_says_what_was_computed(lang: str, undrawn: None) -> None:
    """Agreement, changes and reasons stand in the page, in either language; no figure is missing."""
    found = told(*SCHEMES, variants=("strict",))
    review = comparison_page(found, "en" if lang == "en" else "zh")
    text = page(review)
    for pair in found.pairs:
        assert (f"{pair.changed} change grade" if lang == "en" else f"{pair.changed}人次等次改变") in text
    assert text.count("<figure id=") == len(review.front) == 1 + 2 * len(found.pairs) + 1
    assert (">Readings<" if lang == "en" else ">读法<") in text


def test_numbers_of_the_page_are_those_of_the_frames() -> None:
    """One base: who changes, of all with a grade on either side, is counted anew; every reading has its bar."""
    found = told(*SCHEMES, variants=("strict",))
    written = comparison_page(found)
    for pair, point in zip(found.pairs, written.points(), strict=False):  # a point for each pair comes first
        rows = pair.moves.members
        base = rows[["grade_a", "grade_b"]].notna().any(axis=1)
        changed = int(rows["grade_changed"].sum())
        assert f"{int(base.sum())}人次中，{changed}人次等次改变（{changed / base.sum():.1%}）" in point.text
        moves = next(one for one in written.pictures() if one.title == f"换成{pair.b}，谁变了")
        assert moves.sentence.split("。")[0] in point.text
        assert point.shown_by == moves.key
        best = [int((rows[f"grade_{side}"] == "优秀").sum()) for side in "ab"]
        assert f"优秀由{best[0]}人次变为{best[1]}人次" in point.text
        both = rows[["total_a", "total_b"]].notna().all(axis=1)
        drawn = sum(len(trace.x) for trace in moves.figure.data)
        assert drawn == int(both.sum())
        assert (f"两边都有总分的{drawn}人次" in moves.sentence) == bool((base & ~both).any())
        table = next(
            block
            for section in written.appendix
            if section.title == pair.b
            for block in section.blocks
            if isinstance(block, Table) and block.title == "等次变动（人次）"
        )
        assert sum(int(cell) for row in table.rows for cell in row[1:]) == len(rows)
    readings = next(one for one in written.pictures() if one.key == "readings")
    bars = [float(value) for trace in readings.figure.data for value in trace.x if value == value]
    assert sorted(bars) == sorted(map(float, found.summary["n"]))
    most = int(found.summary["n"].max())
    assert f"（{most}人次）" in readings.sentence
    assert all(one.figure.layout.title.text is None for one in written.pictures())


def test_agreement_and_transitions_are_what_others_count(sampled: Compared) -> None:
    """Every number of the two tables is what scipy, statsmodels and a crosstab give of the members' rows."""
    tables = {block.title: block for section in comparison_page(sampled).appendix for block in section.blocks
              if isinstance(block, Table)}  # fmt: skip
    rows = sampled.pairs[0].moves.members
    both = rows.dropna(subset=["total_a", "total_b"])
    a, b = (both[f"total_{side}"].round(6) for side in "ab")
    before, after = (rows[f"grade_{side}"].astype("object").fillna("无") for side in "ab")
    counted = pd.crosstab(before, after)
    square = counted.reindex(index=GRADES, columns=GRADES, fill_value=0).to_numpy()
    alike = (kendalltau(a, b).statistic, weightedtau(a, b).statistic, cohens_kappa(square, wt="linear").kappa)
    assert tables["两两比较"].rows[0][1:5] == (str(len(both)), *(f"{one:.3f}" for one in alike))
    moved = tables["等次变动（人次）"]
    cells = {
        (row[0], after): int(cell) for row in moved.rows for after, cell in zip(moved.headers[1:], row[1:], strict=True)
    }
    assert {pair: n for pair, n in cells.items() if n} == rows.groupby([before, after]).size().to_dict()


def test_two_counts_of_members_say_why_they_differ(sampled: Compared) -> None:
    """Where a grade stands without a total, the figure says how many are drawn and how many are not."""
    rows = sampled.pairs[0].moves.members
    both = rows[["total_a", "total_b"]].notna().all(axis=1)
    graded = rows[["grade_a", "grade_b"]].notna().any(axis=1)
    left, changed = graded & ~both, rows["grade_changed"].astype("bool") & ~both
    assert left.sum() > 0
    picture = next(one for one in comparison_page(sampled).pictures() if one.key == "moves_0")
    assert f"{both.sum()}人次，名次也只比他们；另{left.sum()}人次" in picture.sentence
    assert f"（等次改变的{changed.sum()}人次）" in picture.sentence
    assert int(sampled.agreement["n"].iloc[0]) == both.sum()
