"""Tests of a trial as sentences, page and workbook: every sentence is counted anew."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import openpyxl
import pytest

import jifen_analysis as jf
from jifen_analysis.errors import UsageError
from jifen_analysis.report.page import page
from jifen_analysis.report.trial import changes, sentences, trial_page, trial_sheets, try_proposal
from jifen_analysis.report.workbook import write_workbook
from jifen_analysis.schemes.proposal import Proposal
from tests.builders import random_of, records_of
from tests.reference.random_records import random_records
from tests.report.sampled import records, texts

STREET = jf.read_scheme("street_80_20").with_grades(优秀=88, 合格=70)
SHARES = Proposal({"base": 0.5, "evaluation": 0.5})
CUTS = Proposal(cuts={"优秀": 91})
QUOTAS = Proposal(quotas={"优秀": "1/5"})
ALL = Proposal(SHARES.shares, CUTS.cuts, QUOTAS.quotas)


@pytest.mark.parametrize(("seed", "proposal"), [*product((1, 2), (SHARES, CUTS, QUOTAS, ALL))])
def test_every_sentence_is_counted_anew(seed: int, proposal: Proposal) -> None:
    """How many move, rise and fall, reach a cut and are shut out: as two assessments have it."""
    given = random_of(seed, 40)
    told = try_proposal(jf.assess(given, STREET, periods=["2024"]), proposal)
    before, after = (jf.assess(given, scheme, periods=["2024"]).table for scheme in (STREET, proposal.of(STREET)))
    moved = before["grade"].astype("object").ne(after["grade"].astype("object")) & before["grade"].notna()
    rises = int((after["grade"].cat.codes > before["grade"].cat.codes).sum())
    first, *others = sentences(told)
    without = jf.assess(given, Proposal(proposal.shares, {}, proposal.quotas).of(STREET), periods=["2024"]).table
    idle = bool(proposal.cuts) and without["grade"].equals(after["grade"])
    assert any("分数线的改动没有改变任何人的等次" in one.zh for one in others) == idle
    graded = int(before["grade"].notna().sum())
    assert graded < len(before)
    if not moved.any():
        assert first.zh == f"{graded} 人次,没有人的等次改变"
    else:
        start = f"{graded} 人次中 {moved.sum()} 人次等次改变:升 {rises},降 {moved.sum() - rises}。"
        assert first.zh.startswith(start)
    for row in told.after.to_dict("records"):
        mine = after[after["period"] == row["period"]]
        assert (
            row["held"] == int((mine["grade"].astype("object") == row["grade"]).sum())
            or mine["flags"].str.contains("corrected").any()
        )
        assert sum(f"“{row['grade']}”:" in one.zh and f"到线 {row['entered']} 人" in one.zh for one in others) <= len(
            told.after
        )


def test_where_only_the_quota_binds_it_is_said() -> None:
    """The cut from 85 to 95 changes nothing, and why."""
    scheme = jf.read_scheme("community_60_40").with_grades(优秀=70).with_quotas(优秀="1/10")
    result = jf.assess(records(), scheme, periods=["2024H2"])
    told = try_proposal(result, Proposal(cuts={"优秀": 75}))
    said = [one.zh for one in sentences(told)]
    assert "没有人的等次改变" in said[0]
    assert said[1] == "分数线的改动没有改变任何人的等次"
    assert re.fullmatch(r"“优秀”起作用的只是名额:到线而被名额挡下的有 \d+ 人次", said[2])
    assert "起作用的只是名额" in said[3]


def test_the_page_and_the_workbook_name_nobody_unless_asked(tmp_path: Path, undrawn: None) -> None:
    """Ids, and names only where they are asked for; in both languages."""
    result = jf.assess(records(), jf.read_scheme("community_60_40"), periods=["2024H2"])
    told = try_proposal(result, Proposal({"daily": 0.3, "evaluation": 0.7}, {"优秀": 88}, {"优秀": "0.2"}))
    names = set(told.found.moves["name"])
    bare, named = (texts(trial_page(told, named=wanted)) for wanted in (False, True))
    assert names
    assert not [name for name in names if name in bare]
    assert all(name in named for name in names)
    assert "≈" in bare
    assert "日常考核" in page(trial_page(told))
    assert "On trial" in texts(trial_page(told, "en"))
    target = write_workbook(trial_sheets(told), tmp_path / "试算.xlsx", ["优秀", "合格", "不合格"])
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["概况", "各支部等次", "谁变了", "什么起作用", "换位", "说明"]
    assert book["谁变了"].max_row >= len(told.found.moves)
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert not names & cells
    after = {(row.branch, row.grade): row.after for row in told.found.grades.itertuples()}
    rows = list(book["各支部等次"].iter_rows(min_row=2, values_only=True))
    assert {(row[1], row[2]): row[4] for row in rows if row[1] != "党支部"} == after


def test_where_only_the_line_moves_one_curve_has_both() -> None:
    """Totals stay, so there is one curve; the line now and that on trial both stand in it, and grades are counted."""
    told = try_proposal(jf.assess(random_of(1, 40), STREET, periods=["2024"]), CUTS)
    (picture,) = trial_page(told).pictures()
    assert len(picture.figure.data) == 1
    assert {shape.x0 for shape in picture.figure.layout.shapes} == {91, 88, 70}
    counts = told.found.after.table["grade"].value_counts()
    assert all(re.search(rf"{name} (\d+ → )?{counts[name]} 人", picture.sentence) for name in ("优秀", "合格"))
    (moved,) = trial_page(try_proposal(told.found.before, SHARES)).pictures()
    assert len(moved.figure.data) > 1


def test_what_is_proposed_is_said_once_each() -> None:
    """Shares, cuts and quotas before and after."""
    scheme = jf.read_scheme("street_80_20")
    said = [
        one.zh for one in changes(scheme, Proposal({"base": "2/3", "evaluation": "1/3"}, {"优秀": 95}, {"合格": 0.9}))
    ]
    assert said[0].endswith("占满分 80% → 2/3")
    assert said[2:] == ["“优秀”线 100 → 95", "“合格”名额 无 → 90%"]


def test_a_scheme_without_grades_and_an_empty_proposal() -> None:
    """Totals change, nobody's grade does; nothing proposed is refused."""
    result = jf.assess(records(30), jf.read_scheme("village_monthly"))
    told = try_proposal(result, Proposal({"base": 1}))
    assert "没有人的等次改变" in sentences(told)[0].zh
    assert trial_page(told).front == ()
    assert trial_sheets(told)
    with pytest.raises(UsageError, match="没有说要试什么"):
        try_proposal(result, Proposal())


def test_where_nobody_has_a_total_nothing_is_tried() -> None:
    """Members who are all pending are moved by no proposal, which would say nothing of it."""
    given = {name: table for name, table in random_records(1, 9).items() if name != "evaluations"}
    pending = jf.assess(records_of(given), STREET)
    with pytest.raises(UsageError, match=r"没有一个人有“.*”的分"):
        try_proposal(pending, CUTS)
