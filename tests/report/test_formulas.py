"""The live workbook: what LibreOffice calculates is what the engine does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.chart import ScatterChart

import jifen_analysis as jf
from jifen_analysis.analysis.inputs import millionths
from jifen_analysis.analysis.thresholds import binding
from jifen_analysis.analysis.weights import trial
from jifen_analysis.report import native, results
from jifen_analysis.report.parameters import parameters
from jifen_analysis.report.results import sheets
from jifen_analysis.report.workbook import write_workbook
from jifen_analysis.schemes.proposal import Proposal
from jifen_analysis.scoring.row_state import six_decimals
from tests.builders import records, scheme
from tests.report.builders import assessed, assessed_of
from tests.report.recalculation import changed, column, needs_office, recalculated

COLUMNS = {
    "total": "总分",
    "rank_branch": "支部名次",
    "rank_overall": "总名次",
    "grade_by_total": "试算等次",
    "distance_to_next_grade": "距上一等次",
}
PARTS = """
components.study = { title = "学习", weight = 0.6, items.exam = { title = "考试", from = "marks", max = 100 } }
components.work = { title = "工作", weight = 0.4, items.task = { title = "任务", from = "marks", max = 100 } }
forced.lost = { title = "一票否决", flag = "veto", zero = true, any = [{ from = "events", where.event = "veto" }] }
grades."优秀" = { above = 80 }
grades."合格" = { at_least = 60 }
grades."不合格" = {}
"""
LATER = """changes."2024-01-01".set = { "components.study.weight" = 0.5, "components.work.weight" = 0.5 }"""
SUMMED = """
components.study = { title = "学习", items.exam = { title = "考试", from = "marks", max = 60 } }
components.work = { title = "工作", items.task = { title = "任务", from = "marks", max = 45 } }
components.more = { title = "加分", items.more = { title = "加分", cap = 10 } }
forced.lost = { title = "一票否决", flag = "veto", any = [{ from = "events", where.event = "veto" }] }
grades."优秀" = { at_least = 70, quota = { share = "1/3", within = "unit", of = "all" } }
grades."良好" = { at_least = 60 }
grades."合格" = { at_least = 50, quota = { share = 0.5 } }
grades."不合格" = {}
"""
"""Full marks of 105 in items that sum; quotas of a unit and of a branch."""
TRIED = Proposal(
    {"study": "70%", "work": "30%"}, {"优秀": 66.5, "良好": 62}, {"优秀": "30%", "良好": "50%", "合格": None}
)
MARKS = [(70, 95), (80, 80), (80, 80), (79.5, 79.5), (50, 61), (90, 20), (100, 100), (33.3333, 87.1), (60, 60)]


@dataclass(frozen=True)
class Trial:
    """A scheme, and other weights and cut scores for it."""

    scheme: jf.Scheme
    weights: Mapping[str, float]
    cuts: Mapping[str, float]

    @property
    def varied(self) -> jf.Scheme:
        """The scheme under them."""
        return self.scheme.with_weights(**self.weights).with_grades(**self.cuts)


TRIALS = {
    "above": Trial(scheme(PARTS), {"study": 0.3, "work": 0.7}, {"优秀": 75.5, "合格": 62}),
    "half_up": Trial(
        scheme(PARTS, grade_rounding="half_up"), {"study": 0.75, "work": 0.25}, {"优秀": 79, "合格": 60.5}
    ),
    "dated": Trial(scheme(PARTS + LATER), {"study": 0.2, "work": 0.8}, {"优秀": 70}),
}


def members() -> jf.Records:
    """Two years of ten members: one never marked, an activist, one whose total is set to nothing, ties."""
    ids = [f"{at:05d}" for at in range(1, len(MARKS) + 1)]
    marks = [
        [member, period, item, mark]
        for period in ("2023", "2024")
        for member, pair in zip(ids, MARKS if period == "2023" else MARKS[::-1], strict=True)
        for item, mark in zip(("exam", "task"), pair, strict=True)
    ]
    roster = [[member, ("一*支部", "=1+1")[at % 2], f"甲{at}"] for at, member in enumerate(ids)]
    roster[1] += [*[None] * 7, "activist"]
    roster += [["00099", "一*支部", "缺"]]
    present = [["00001", f"{year}-03-05", "lecture", "present"] for year in (2023, 2024)]
    return records(members=roster, marks=marks, attendance=present, events=[["00003", "2024-04-01", "veto"]])


def written(trial: Trial, folder: Path, name: str) -> list[Path]:
    """Write a trial's workbook, without stored results: as it is, and with other parameters."""
    result = jf.assess(members(), trial.scheme)
    path = write_workbook(sheets(result), folder / "x.xlsx", result.scheme.book.grades)
    given = parameters(result)
    addresses = {
        address: value
        for version in range(len(given.books))
        for addressed, wanted in ((given.weight, trial.weights), (given.cut, trial.cuts))
        for address, value in ((addressed(version, one), value) for one, value in wanted.items())
    }
    cells = {address.split("!")[1].replace("$", ""): value for address, value in addresses.items()}
    return [changed(path, folder / f"{name}-plain.xlsx", {}), changed(path, folder / f"{name}-varied.xlsx", cells)]


def tried_cells(result: jf.Assessment) -> dict[str, float]:
    """What a person types into 参数 for the proposal: shares and quotas in percent."""
    given = parameters(result)
    typed: dict[str, float] = {}
    for version in range(len(given.books)):
        typed |= {given.share(version, "study"): 70, given.share(version, "work"): 30}
        typed |= {given.cut(version, name): cut for name, cut in TRIED.cuts.items()}
        typed |= {given.quota(version, name): percent for name, percent in (("优秀", 30), ("良好", 50), ("合格", 100))}
    return {address.split("!")[1].replace("$", ""): value for address, value in typed.items()}


def quota_books(folder: Path) -> list[Path]:
    """The workbook of a scheme with quotas: as it is, and as tried."""
    result = jf.assess(halved(), scheme(SUMMED))
    path = write_workbook(sheets(result), folder / "x.xlsx", result.scheme.book.grades)
    return [
        changed(path, folder / f"quota-{name}.xlsx", cells)
        for name, cells in (("plain", {}), ("varied", tried_cells(result)))
    ]


def expected(table: pd.DataFrame, code: str) -> list[object]:
    """What a column of 总分 says of a result: totals at the six decimals at which they are compared."""
    values = pd.Series(six_decimals(table["total"])) if code == "total" else table[code]
    return [None if pd.isna(value) else value for value in values.astype(object)]


@cache
def halved() -> jf.Records:
    """Random marks of two units of branches, with ties, activists, a correction and a veto."""
    rng = np.random.default_rng(8)
    ids = [f"{at:05d}" for at in range(1, 61)]
    roster = [
        [one, f"第{at % 5}支部", f"甲{at}", *[None] * 7, "activist" if at % 11 == 0 else None]
        for at, one in enumerate(ids)
    ]
    marks = [
        [one, "2024", item, float(rng.integers(most // 2, most + 1))]
        for one in ids
        for item, most in (("exam", 60), ("task", 45))
    ]
    return records(
        members=roster,
        marks=marks,
        attendance=[[ids[0], "2024-03-05", "lecture", "present"]],
        events=[[ids[2], "2024-04-01", "veto"]],
    )


@pytest.fixture(scope="module")
def calculated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, openpyxl.Workbook]:
    """Every trial as LibreOffice calculates it; asked once, for it starts slowly."""
    folder = tmp_path_factory.mktemp("office")
    paths = [path for name, trial in TRIALS.items() for path in written(trial, folder, name)]
    return recalculated([*paths, *quota_books(folder)], folder)


@needs_office
@pytest.mark.parametrize("name", TRIALS)
@pytest.mark.parametrize("state", ["plain", "varied"])
def test_a_spreadsheet_program_calculates_the_same(
    calculated: dict[str, openpyxl.Workbook], name: str, state: str
) -> None:
    """Totals at six decimals, ranks, grades by total and distances are the engine's to the bit, whatever is changed."""
    trial = TRIALS[name]
    table = jf.assess(members(), trial.varied if state == "varied" else trial.scheme).table
    for code, header in COLUMNS.items():
        assert column(calculated[f"{name}-{state}"], "总分", header) == expected(table, code), header


@needs_office
@pytest.mark.parametrize("state", ["plain", "varied"])
def test_shares_and_quotas_decide_as_the_engine(calculated: dict[str, openpyxl.Workbook], state: str) -> None:
    """Compared scores to the last millionth and every grade, quotas, ties, vetoes and all."""
    book = calculated[f"quota-{state}"]
    result = jf.assess(halved(), scheme(SUMMED))
    found = trial(result, TRIED if state == "varied" else Proposal()).after
    totals = found.table["total"]
    whole = [None if pd.isna(one) else one for one in pd.array(millionths(totals), dtype="Int64")]
    assert column(book, "总分", "比较分(百万分之一)") == whole
    assert column(book, "总分", "总分") == six_decimals(totals).tolist()
    assert column(book, "总分", "试算认定") == found.table["grade"].astype("object").tolist()
    lines = list(book["参数"].iter_rows(min_row=3, values_only=True))
    held = found.table["grade"].value_counts()
    assert {line[1]: line[3] for line in lines if line[0] == "试算认定人数"} == {
        name: held[name] for name in held.index
    }
    out = binding(found).set_index("grade")["shut_out"]
    assert {line[1]: line[3] for line in lines if line[0] == "名额挡下人数"} == out.to_dict()
    weights = [line[3] for line in lines if line[0] == "板块权重"]
    assert weights == [part.weight for part in found.scheme.book.components.values()]


@needs_office
def test_counts_and_state_follow(calculated: dict[str, openpyxl.Workbook]) -> None:
    """参数 counts the grades anew and says that something was changed."""
    plain, varied = calculated["above-plain"], calculated["above-varied"]
    for book, state in ((plain, "与方案一致"), (varied, "已改动:总分页为试算")):
        lines = list(book["参数"].iter_rows(min_row=3, values_only=True))
        grades = column(book, "总分", "试算等次")
        assert {line[1]: line[3] for line in lines if line[0] == "试算人数"} == {
            grade: grades.count(grade) for grade in ("优秀", "合格", "不合格")
        }
        assert [line[1] for line in lines if line[0] == "状态"] == [state]


@needs_office
@pytest.mark.parametrize("name", TRIALS)
@pytest.mark.parametrize("state", ["plain", "varied"])
def test_the_summary_follows(calculated: dict[str, openpyxl.Workbook], name: str, state: str) -> None:
    """汇总 counts 试算等次 by branch and period, also of a branch whose name has a star, before and after a change."""
    book = calculated[f"{name}-{state}"]
    rows = zip(*(column(book, "总分", header) for header in ("考核期", "党支部", "试算等次")), strict=True)
    held = pd.DataFrame(list(rows), columns=["period", "branch", "grade"])
    headers = [cell.value for cell in book["汇总"][2]]
    for line in book["汇总"].iter_rows(min_row=3, values_only=True):
        said = dict(zip(headers, line, strict=True))
        mine = held[
            (held["period"] == said["考核期"])
            & held["branch"].isin([said["党支部"]] if said["党支部"] != "合计" else held["branch"])
        ]
        for header in (header for header in headers if header.endswith("(试算)")):
            assert said[header] == (mine["grade"] == header.removesuffix("(试算)")).sum()


@needs_office
@pytest.mark.parametrize("state", ["plain", "varied"])
def test_the_distribution_counts_everyone_ranked(calculated: dict[str, openpyxl.Workbook], state: str) -> None:
    """Each bar's two points stand for its members, whom none is missing from, and the cut lines where the cuts are."""
    book = calculated[f"above-{state}"]
    bars = [value for value in column(book, "图表", "人数", top=2) if value is not None]
    year = column(book, "总分", "考核期")
    ranked = [rank for rank, period in zip(column(book, "总分", "总名次"), year, strict=True) if period == "2024年"]
    assert sum(bars) == 2 * sum(rank is not None for rank in ranked)
    cuts = {"plain": [80, 80, 60, 60], "varied": [75.5, 75.5, 62, 62]}[state]
    assert [value for value in column(book, "图表", "分数线", top=2) if value is not None] == cuts


def test_stored_results_are_those_of_the_engine(tmp_path: Path) -> None:
    """Who opens the workbook without calculating sees the assessment."""
    result = jf.assess(members(), TRIALS["above"].scheme)
    path = write_workbook(sheets(result), tmp_path / "x.xlsx", result.scheme.book.grades)
    book = openpyxl.load_workbook(path, data_only=True)
    for code, header in COLUMNS.items():
        stored = [None if value == " " else value for value in column(book, "总分", header)]
        assert stored == expected(result.table, code)


def test_decided_grades_are_values_with_their_reason(tmp_path: Path) -> None:
    """认定等次 is no formula, and says why it is not what the total gives."""
    result = assessed()
    path = write_workbook(sheets(result), tmp_path / "x.xlsx", result.scheme.book.grades)
    book = openpyxl.load_workbook(path)
    decided = zip(*(column(book, "总分", header) for header in ("认定等次", "认定理由")), strict=True)
    assert list(decided)[:4] == [("优秀", None), ("优秀", None), ("不合格", "一票否决"), (None, None)]


def test_three_native_charts(tmp_path: Path) -> None:
    """Distribution, movement and grades by branch; no movement where there is one period."""
    result = jf.assess(members(), TRIALS["above"].scheme)
    titles = [chart.title.split("(")[0] for sheet in sheets(result) for chart in sheet.charts]
    assert titles == ["总分分布与分数线", "认定等次变动:2023年各等次的人到2024年", "各支部认定等次"]
    one = jf.assess(members(), TRIALS["above"].scheme, periods=["2024"])
    assert len([chart for sheet in sheets(one) for chart in sheet.charts]) == 2
    path = write_workbook(sheets(result), tmp_path / "x.xlsx", result.scheme.book.grades)
    charts = openpyxl.load_workbook(path)["图表"]._charts  # openpyxl has no other way to them
    assert [one.y_axis.majorUnit for one in charts if isinstance(one, ScatterChart)] == [1]  # no half persons


def test_a_last_period_without_totals_has_no_distribution() -> None:
    """Where nobody has a total yet in the last period, the other charts stand alone."""
    result = jf.assess(members(), TRIALS["above"].scheme)
    rows = result.table.assign(total=result.table["total"].mask(result.table["period"] == "2024"))
    given = replace(result, frames=lambda name: rows if name == "table" else result.frames(name))
    titles = [chart.title.split("(")[0] for sheet in sheets(given) for chart in sheet.charts]
    assert titles == ["认定等次变动:2023年各等次的人到2024年", "各支部认定等次"]


def test_more_branches_than_bars(tmp_path: Path) -> None:
    """The columns of 图表 may be of any length: each branch stands there, and each formula keeps its row."""
    result = assessed_of(members=[[f"{at:05d}", f"第{at}支部", "甲"] for at in range(1, 81)])
    path = write_workbook(sheets(result), tmp_path / "x.xlsx", result.scheme.book.grades)
    book = openpyxl.load_workbook(path)
    assert len([name for name in column(book, "图表", "党支部", top=2) if name]) == 80
    assert sum(str(value).startswith("=COUNTIFS") for value in column(book, "图表", "人数", top=2)) > 0


def test_a_large_result_has_values_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where tallying anew would take a spreadsheet program long, 总分 keeps its values and 说明 says so."""
    monkeypatch.setattr(results, "MOST_RANKED", 5)
    found = {sheet.name: sheet for sheet in sheets(jf.assess(members(), TRIALS["above"].scheme))}
    assert "参数" not in found
    assert not found["总分"].formulas
    assert "固定值" in found["说明"].frame["said"].str.cat()


def test_a_few_far_totals_do_not_broaden_the_bars() -> None:
    """Bars are as wide as nearly all totals need; who is beyond them is counted in the last."""
    edges = native._edges(np.array([20.0, *np.linspace(80, 99, 98), 300.0]))
    assert set(np.diff(edges)) == {1.0}
    assert (edges[0], edges[-1]) == (79.0, 100.0)
