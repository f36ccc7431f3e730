"""The cited cells hold what the explanation shows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from jifen_analysis.intake.load import load
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.scoring.assess import assess
from jifen_analysis.scoring.explain import Explanation
from jifen_analysis.tables.records import Records
from jifen_analysis.vocabulary import standard
from tests.builders import scheme

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
KINDS = ("status", "event", "level")


def opened(folder: Path, cited: pd.DataFrame) -> Iterator[tuple[dict[str, Any], tuple[Any, ...], Any]]:
    """Yield each cited row with the whole row of its sheet and the value of its cell."""
    for file, rows in cited.groupby("file"):
        for row in rows.to_dict("records"):
            letters, number = row["cell"].rstrip("0123456789"), int(row["cell"].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
            whole = sheet(folder / str(file), row["sheet"])[number - 1]
            yield row, whole, whole[position(letters)]


@cache
def sheet(file: Path, name: str) -> list[tuple[Any, ...]]:
    """The rows of a sheet, read once."""
    book = load_workbook(file, read_only=True, data_only=True)
    rows = list(book[name].values)
    book.close()
    return rows


def position(letters: str) -> int:
    """The position of a column among all."""
    return sum((ord(letter) - 64) * 26**power for power, letter in enumerate(reversed(letters))) - 1


def said(value: Any) -> set[str]:
    """How the explanation may say a cell's value."""
    if value is None:
        return {"空白"}
    if isinstance(value, datetime | date):
        return {value.strftime("%Y-%m-%d")}
    if isinstance(value, int | float):
        return {f"{value:.6f}".rstrip("0").rstrip(".")}
    words = standard()
    codes = ((kind, words.code(kind, str(value))) for kind in KINDS)
    return {str(value), *(words.label(kind, code) for kind, code in codes if code)}


def fifty(sample: Records, scheme: str, seed: int) -> pd.DataFrame:
    """Fifty random records behind lines of three branches' members, each with its cell; three a member's period.

    To open a branch's workbooks takes longer than all that is looked up there.
    """
    result = assess(sample, read_scheme(scheme))
    table = result.table
    rng = random.Random(seed)
    branches = rng.sample(sorted(table["branch"].unique()), 3)
    scored = table[table["total"].notna() & table["branch"].isin(branches)]
    found: list[pd.DataFrame] = []
    while len(found) < 50:
        member, period = scored.iloc[rng.randrange(len(scored))][["member_id", "period"]]
        frame = result.explain(member, period).frame
        cited = frame[frame["cell"].notna() & (frame["cell"] != "")]
        found += [cited.iloc[[at]] for at in rng.sample(range(len(cited)), min(3, len(cited)))]
    return pd.concat(found[:50])


@pytest.mark.parametrize(("scheme", "seed"), [("community_60_40", 1), ("bureau_quarterly", 2), ("town_tiered", 3)])
def test_fifty_random_lines_show_the_value_of_their_cell(sample: Records, scheme: str, seed: int) -> None:
    """Opened with openpyxl, the cited cell holds the value shown, in a row of that member."""
    checked = list(opened(SAMPLE, fifty(sample, scheme, seed)))
    assert len(checked) == 50
    for row, whole, value in checked:
        assert row["member_id"] in map(str, whole)
        assert row["value"] in said(value), row


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Write a workbook."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def explained(folder: Path, **sheets: list[list[Any]]) -> Explanation:
    """The explanation of the one member of a workbook."""
    path = workbook(folder / "甲.xlsx", {"花名册": [["党员编号", "党支部"], ["00001", "甲"]], **sheets})
    return assess(load(path), read_scheme("street_80_20")).explain("00001", "2024")


def shown(one: Explanation) -> dict[str, tuple[str, str, str]]:
    """Cell, sheet and value of each record by its date."""
    frame = one.frame[one.frame["cell"] != ""]
    rows = zip(frame["date"], frame["sheet"], frame["cell"], frame["value"], strict=True)
    return {date: (sheet, cell, value) for date, sheet, cell, value in rows}


def test_a_wide_sheet_is_cited_by_the_cell_of_the_day(tmp_path: Path) -> None:
    """Each day has its own column, and so its own cell."""
    wide = [["党课考勤(2024年)", None, None, None], ["党员编号", "姓名", "2024-03-05", "2024-04-09"],
            ["00001", "样例甲", "缺席", "迟到"]]  # fmt: skip
    assert shown(explained(tmp_path, 考勤=wide)) == {
        "2024-03-05": ("考勤", "C3", "缺席"),
        "2024-04-09": ("考勤", "D3", "迟到"),
    }


def test_dues_are_cited_by_the_cell_that_decided(tmp_path: Path) -> None:
    """The payment that is not there, the date of a late one, the sum of a short one."""
    dues = [["党员编号", "月份", "应缴", "实缴", "缴纳日期"], ["00001", "2024-01", 20, None, None],
            ["00001", "2024-02", 20, 20, date(2024, 4, 1)], ["00001", "2024-03", 20, 8, date(2024, 3, 1)]]  # fmt: skip
    assert shown(explained(tmp_path, 党费=dues)) == {
        "2024-01": ("党费", "D2", "空白"),
        "2024-02": ("党费", "E3", "2024-04-01"),
        "2024-03": ("党费", "D4", "8"),
    }


@pytest.mark.parametrize("said", ["补缴", "20(补缴)", "已补缴20元"])
def test_a_payment_told_late_without_a_day_is_cited_by_its_own_cell(tmp_path: Path, said: str) -> None:
    """The blank date decides nothing, also beside rows that have one: in a long ledger, a wide one, on its side."""
    people = [["党员编号", "姓名", "党支部"], ["00001", "甲一", "甲"], ["00002", "乙二", "甲"]]
    days = (date(2024, 3, 9), date(2024, 4, 1))
    long = [["党员编号", "月份", "应缴", "实缴", "缴纳日期"], ["00001", "2024-01", 20, said, None],
            ["00001", "2024-02", 20, 20, days[1]], ["00001", "2024-03", 20, said, days[0]]]  # fmt: skip
    wide = [["党员编号", "姓名", "10月", None, None, "11月", None, None],
            [None, None, *["应缴", "实缴", "缴纳日期"] * 2],
            ["00001", "甲一", 20, said, None, 20, 20, date(2024, 12, 7)],
            ["00002", "乙二", 20, 20, days[0], 20, 20, days[0]]]  # fmt: skip
    found = []
    for name, sheet in (("党费", long), ("2024年党费", wide), ("党费", [list(row) for row in zip(*long, strict=True)])):
        path = workbook(tmp_path / "甲.xlsx", {"花名册": people, name: sheet})
        found += [shown(assess(load(path), scheme(LATE)).explain("00001", "2024"))]
    assert [list(one.values()) for one in found] == [
        [("党费", "D2", "补缴"), ("党费", "E3", "2024-04-01")],
        [("2024年党费", "D3", "补缴"), ("2024年党费", "H3", "2024-12-07")],
        [("党费", "B4", "补缴"), ("党费", "C5", "2024-04-01")],
    ]


LATE = """
[components.all.items.dues]
start = 10
[components.all.items.dues.rules.late]
from = "dues"
where = { state = "late" }
points = -1
"""


def test_where_no_payment_could_be_written_what_was_due_is_cited(tmp_path: Path) -> None:
    """A list of arrears has no cell for what was paid."""
    dues = [["党员编号", "月份", "应缴"], ["00001", "2024-01", 20]]
    assert shown(explained(tmp_path, 党费=dues)) == {"2024-01": ("党费", "C2", "20")}


TWO = ("2024-11", "2024-12")
MONTHS = ("11月", "12月")


def upright(head: list[Any], row: list[Any]) -> list[list[Any]]:
    """A sheet of two members, the other of whom has paid."""
    return [head, row, ["00002", "乙二", *[20 if value is None else value for value in row[2:]]]]


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        (upright(["党员编号", "姓名", "月应缴", *MONTHS], ["00001", "甲一", 20, 8, None]), ["D2", "E2"]),
        (upright(["党员编号", "姓名", *MONTHS, "月应缴"], ["00001", "甲一", 8, None, 20]), ["C2", "D2"]),
        (upright(["党员编号", "姓名", "月应缴", *MONTHS], ["00001", "甲一", 20, 8, "未缴"]), ["D2", "E2"]),
        ([["党员编号", "姓名", "11月", None, "12月", None], [None, None, *["应缴", "实缴"] * 2],
          ["00001", "甲一", 20, 8, 20, None], ["00002", "乙二", 20, 20, 20, 20]], ["D3", "F3"]),
        ([["党员编号", "姓名", "11月", None, None, "12月", None, None], [None, None, *["应缴", "实缴", "缴纳日期"] * 2],
          ["00001", "甲一", 20, 8, date(2024, 11, 5), 20, None, None],
          ["00002", "乙二", 20, 20, date(2024, 11, 5), 20, 20, date(2024, 12, 5)]], ["D3", "G3"]),
        ([["姓名", "甲一", "乙二"], ["月应缴", 20, 20], ["11月", 8, 20], ["12月", None, 20]], ["B3", "B4"]),
    ],
    ids=["standard before", "standard behind", "unpaid in words", "due and paid", "with days", "on its side"],
)  # fmt: skip
def test_a_short_and_an_unpaid_month_are_cited_by_their_own_cells(
    tmp_path: Path, sheet: list[list[Any]], cells: list[str]
) -> None:
    """However the ledger lies: never the standard that holds for every month."""
    people = [["党员编号", "姓名", "党支部"], ["00001", "甲一", "甲"], ["00002", "乙二", "甲"]]
    path = workbook(tmp_path / "甲.xlsx", {"花名册": people, "2024年党费": sheet})
    frame = assess(load(path), read_scheme("street_80_20")).explain("00001", "2024").frame
    found = frame[frame["sheet"] == "2024年党费"].drop_duplicates("date")
    nothing = "0" if "未缴" in sheet[1] else "空白"
    assert found[["date", "cell", "value"]].to_numpy().tolist() == [
        [TWO[0], cells[0], "8"],
        [TWO[1], cells[1], nothing],
    ]


def test_a_quantity_nobody_wrote_is_not_cited(tmp_path: Path) -> None:
    """Where a blank means one, the event's own cell is cited."""
    events = [["党员编号", "日期", "事项", "数量"], ["00001", date(2024, 3, 1), "公益事业", None],
              ["00001", date(2024, 3, 2), "公益事业", 4]]  # fmt: skip
    assert {day: cell for day, (_, cell, _) in shown(explained(tmp_path, 事项=events)).items()} == {
        "2024-03-01": "C2",
        "2024-03-02": "D3",
    }


SIDEWAYS = [
    ["2024年3月党课考勤", None, None],
    ["姓名", "甲一", "乙二"],
    ["3月5日", "缺席", "出勤"],
    ["3月12日", "出勤", "迟到"],
]
HALVES = [["党员编号", "姓名", "上半年", None, "下半年", None], [None, None, "班子成员", "党员", "班子成员", "党员"],
          ["00001", "甲一", 81, 82, 83, 84], ["00002", "乙二", 91, 92, 93, 94]]  # fmt: skip
COUNTED = [["党员编号", "姓名", "班子成员评议分", "班子成员评议人数", "党员评议分", "党员评议人数"],
           ["00001", "甲一", 81, 5, 82, 9], ["00002", "乙二", 91, 5, 92, 9]]  # fmt: skip
ITEMS = [["党员编号", "姓名", "理论学习", "志愿服务"], ["00001", "甲一", 7, 8], ["00002", "乙二", 9, 10]]
SCHEME = """
[components.all.items.life.rules.absent]
from = "attendance"
by = "status"
points = { absent = -1, late = -2 }
[components.all.items.review]
from = "evaluations"
[components.all.items.review.groups]
committee = { weight = 0.5, pool = "committee" }
members = { weight = 0.5, pool = "members" }
[components.all.items.theory]
title = "理论学习"
from = "marks"
max = 10
[components.all.items.service]
title = "志愿服务"
from = "marks"
max = 10
"""


@pytest.mark.parametrize(
    ("name", "rows"),
    [("2024年党课考勤", SIDEWAYS), ("2024年民主评议", HALVES), ("2024年民主评议", COUNTED), ("2024年考评打分", ITEMS)],
    ids=["on its side", "two levels", "with numbers of evaluators", "items"],
)
def test_the_cited_cell_of_a_wide_sheet_holds_the_value(tmp_path: Path, name: str, rows: list[list[Any]]) -> None:
    """Whatever stands across or down: for every member and record."""
    people = [["党员编号", "姓名", "党支部"], ["00001", "甲一", "甲"], ["00002", "乙二", "甲"]]
    came = [["党员编号", "日期", "活动类型", "出勤情况"], ["00001", date(2024, 9, 5), "党课", "出勤"]]
    path = workbook(tmp_path / "甲.xlsx", {"花名册": people, "考勤": came, name: rows})
    result = assess(load(path), scheme(SCHEME))
    found = [result.explain(member, "2024").frame for member in ("00001", "00002")]
    cited = pd.concat(found).query("sheet == @name and cell != ''")
    checked = list(opened(tmp_path, cited))
    assert len(checked) == {"2024年党课考勤": 2}.get(name, 8 if rows is HALVES else 4)
    assert all(row["value"] in said(value) for row, _, value in checked)
