"""The results workbook, opened again with openpyxl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from jifen_analysis.errors import Problem, Text, UsageError
from jifen_analysis.intake.results import read_results
from jifen_analysis.report import workbook
from jifen_analysis.report.results import sheets
from jifen_analysis.report.sheets import Sheet
from jifen_analysis.report.workbook import signs, tints, write_workbook
from jifen_analysis.scoring.assessment import Assessment, open_result
from tests.report.builders import assessed

GRADES = ("优秀", "合格", "不合格")
PROBLEM = Problem("note", "repeat", Text("重复的行", "a repeated row"), "a.xlsx", "考勤", "B7", "迟到")


def opened(result: Assessment, folder: Path, **more: Any) -> dict[str, Worksheet]:
    """Write the workbook of a result and open it again."""
    path = write_workbook(sheets(result, [PROBLEM], **more), folder / "x.xlsx", result.scheme.book.grades)
    return {sheet.title: sheet for sheet in openpyxl.load_workbook(path, data_only=True)}


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Worksheet]:
    """The workbook of the usual result, opened once."""
    return opened(assessed(), tmp_path_factory.mktemp("usual"))


def lines(sheet: Worksheet, top: int = 1) -> list[dict[str, Any]]:
    """Return the rows of a sheet by header."""
    rows = list(sheet.iter_rows(min_row=top, values_only=True))
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_the_sheets_in_order(usual: dict[str, Worksheet]) -> None:
    """The page that is forwarded comes first, what it was made from last."""
    assert list(usual) == [
        "汇总", "总分", "参数", "图表", "分项", "积分台账", "结果运用", "数据问题", "说明",
    ]  # fmt: skip


def test_the_summary_ends_each_period_with_the_whole(usual: dict[str, Worksheet]) -> None:
    """One row a branch, then 合计, with counts and shares."""
    half = [row for row in lines(usual["汇总"], 2) if row["考核期"] == "2024年上半年"]
    assert [row["党支部"] for row in half] == ["第二支部", "第十支部", "合计"]
    assert {key: half[-1][key] for key in ("应考核", "实考核", "免考核", "待评", "优秀", "优秀占比")} == {
        "应考核": 4, "实考核": 3, "免考核": 0, "待评": 1, "优秀": 2, "优秀占比": pytest.approx(2 / 3),
    }  # fmt: skip


def test_totals_are_stored_in_full(tmp_path: Path) -> None:
    """A total is the float of the result, shown with two decimals; who has none has a blank, not a zero."""
    result = assessed()
    sheet = opened(result, tmp_path)["总分"]
    stored = [row["总分"] for row in lines(sheet)]
    assert stored == [" " if pd.isna(total) else total for total in result.table["total"]]
    column = [cell.value for cell in sheet[1]].index("总分")
    assert sheet[2][column].number_format == "0.00"


def test_items_add_up_to_their_component(usual: dict[str, Worksheet]) -> None:
    """分项 has every item's score, blank where its component has none."""
    rows = lines(usual["分项"])
    daily = [sum(value for header, value in row.items() if header.startswith("日常考核")) for row in rows]
    assert daily == [96, 100, 100, 100]
    assert [row["民主评议"] for row in rows] == [85, 85, 85, None]
    assert [row["加分·加分项目"] for row in rows] == [0, 0, 0, 0]


def test_the_ledger_runs_up_to_the_total(tmp_path: Path) -> None:
    """The last running sum of a member and period is the total of the table."""
    result = assessed()
    rows = pd.DataFrame(lines(opened(result, tmp_path)["积分台账"]))
    last = rows.drop_duplicates(["党员编号", "考核期"], keep="last").set_index("党员编号")["累计"]
    expected = result.table.set_index("member_id")["total"].dropna()
    assert last[expected.index].tolist() == pytest.approx(expected.tolist(), abs=1e-9)
    late = rows[rows["事项"] == "党课:迟到"].iloc[0]
    assert late[["日期/月份", "项目", "依据条款", "加减分"]].tolist() == [
        "2024-03-05",
        "日常考核·组织活动",
        "第四条(一)",
        -4,
    ]


def test_what_follows_says_who_decides(usual: dict[str, Worksheet]) -> None:
    """Forced grades and outcomes stand there as proposals, with clause and body."""
    sheet = usual["结果运用"]
    assert "拟定" in str(sheet["A1"].value)
    forced = [row for row in lines(sheet, 2) if row["党员编号"] == "00003" and row["结果运用"] == "认定为不合格"]
    assert [(row["考核期"], row["理由"], row["决定机构"]) for row in forced][:1] == [
        ("2024年上半年", "一票否决", "社区党员大会")
    ]


def test_problems_keep_their_address(usual: dict[str, Worksheet]) -> None:
    """数据问题 has file, sheet and cell of every problem and note."""
    row = lines(usual["数据问题"])[0]
    assert [*row.values()] == ["提示", "a.xlsx", "考勤", "B7", "迟到", "重复的行"]


def test_about_names_scheme_variant_and_who_was_left_out(tmp_path: Path) -> None:
    """说明 says by what, from what and for whom the result was made."""
    said = {row["项目"]: row["内容"] for row in lines(opened(assessed(), tmp_path, left_out=["第三支部"])["说明"])}
    assert said["方案"] == "社区党员量化管理(community_60_40)"
    assert said["方案校验值 SHA-256"] == assessed().scheme.digest
    assert said["未计的支部"] == "第三支部"


def test_text_stays_text(tmp_path: Path) -> None:
    """A text that looks like a formula is a text, in its cell, its header and its title."""
    texts = ["=1+1", "@SUM(1)", "+1", "-1", "{=1}", "=cmd|x"]
    told = Sheet("甲", pd.DataFrame({"name": texts}), ("=2+2",), "=3+3")
    (sheet,) = openpyxl.load_workbook(write_workbook([told], tmp_path / "x.xlsx"))
    kinds = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds == dict.fromkeys(["=3+3", "=2+2", *texts], "s")


def test_headers_stay_in_sight_and_filter(usual: dict[str, Worksheet]) -> None:
    """Every sheet has a frozen header with a filter, down to its last row."""
    for name, sheet in usual.items():
        top = 2 if name in ("汇总", "参数", "图表", "结果运用") else 1
        assert str(sheet.freeze_panes).endswith(str(top + 1))
        assert sheet.auto_filter.ref.startswith(f"A{top}:")
        assert sheet.auto_filter.ref.endswith(str(sheet.max_row)) or sheet.max_row == top


def test_grades_are_coloured(usual: dict[str, Worksheet]) -> None:
    """The best grade is blue and the lowest orange, as in the pictures, wherever a grade stands."""
    sheet = usual["总分"]
    column = [cell.value for cell in sheet[1]].index("认定等次")
    colours = {row[column].value: row[column].fill.start_color.rgb for row in sheet.iter_rows(min_row=2)}
    assert colours == {"优秀": "FFBCD3EC", "不合格": "FFF7CDB9", None: "00000000"}


def test_no_grade_between_warns() -> None:
    """What is neither the best nor the lowest is hardly coloured: no amber on a pass."""
    for grades in (("优秀", "合格", "不合格"), ("优秀", "合格", "基本合格", "不合格")):
        red, green, blue = (int(tints(grades)["合格"][at : at + 2], 16) for at in (1, 3, 5))
        assert min(red, green, blue) >= 0xD0
        assert blue >= red


def test_the_workbook_is_read_back_with_who_has_no_total(tmp_path: Path) -> None:
    """What was written is a list of results like any other: a total that is not there is missing, no mistake."""
    read = read_results(write_workbook(sheets(assessed()), tmp_path / "结果.xlsx"))
    assert read["total"].isna().tolist() == assessed().table["total"].isna().tolist()
    assert read["total"].isna().any()


def test_every_sheet_prints_on_a4(usual: dict[str, Worksheet]) -> None:
    """As broad as a page, its header on every page, its columns for formulas on none; words keep to their cells."""
    for name, sheet in usual.items():
        assert (sheet.page_setup.paperSize, sheet.sheet_properties.pageSetUpPr.fitToPage) == (9, True)
        if name == "图表":
            continue
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == f"$1:${2 if name in ('汇总', '参数', '结果运用') else 1}"
        last = openpyxl.utils.column_index_from_string(sheet.print_area.split(":")[1].split("$")[1])
        hidden = [
            at
            for at in range(1, sheet.max_column + 1)
            if sheet.column_dimensions[sheet.cell(1, at).column_letter].hidden
        ]
        assert last == min([sheet.max_column, *(at - 1 for at in hidden)])
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                broad = signs(str(cell.value or "")) > 76
                assert not broad or (cell.alignment.wrap_text and sheet.row_dimensions[cell.row].height > 15)


def test_the_summary_says_what_follows_the_parameters(tmp_path: Path) -> None:
    """Beside the decided counts stand those by the total alone, as formulas; the title says which is which."""
    result = assessed()
    book = opened(result, tmp_path)
    assert "不随“参数”页变" in book["汇总"]["A1"].value
    rows = [row for row in lines(book["汇总"], 2) if row["考核期"] == "2024年上半年"]
    table = result.table[result.table["period"] == "2024H1"]
    by_total = table["grade_by_total"].astype("object")
    for row in rows:
        mine = by_total if row["党支部"] == "合计" else by_total[table["branch"] == row["党支部"]]
        assert {grade: row[f"{grade}(试算)"] for grade in GRADES} == {grade: (mine == grade).sum() for grade in GRADES}
    years = [row for row in lines(book["汇总"], 2) if row["考核期"] == "2024年"]
    assert {row[f"{grade}(试算)"] for row in years for grade in GRADES} == {None}


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing of the day or the machine goes into the file."""
    paths = [write_workbook(sheets(assessed()), tmp_path / f"{name}.xlsx") for name in "ab"]
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_a_long_sheet_goes_on_in_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More rows than a sheet holds are not lost."""
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    sheet = Sheet("台账", pd.DataFrame({"n": [1, 2, 3]}), ("数",))
    book = openpyxl.load_workbook(write_workbook([sheet], tmp_path / "x.xlsx"))
    assert {name: [row[0].value for row in book[name].iter_rows(min_row=2)] for name in book.sheetnames} == {
        "台账": [1, 2],
        "台账(2)": [3],
    }


def test_a_saved_result_has_a_workbook_without_ledger(tmp_path: Path) -> None:
    """A result opened from a folder has no records, so no 积分台账; the rest is there."""
    result = open_result(assessed().save(tmp_path / "saved"))
    assert "积分台账" not in opened(result, tmp_path)


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """The folder must be there."""
    with pytest.raises(UsageError, match="文件夹不存在"):
        write_workbook([], tmp_path / "none" / "x.xlsx")
