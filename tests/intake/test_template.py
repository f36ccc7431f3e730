from pathlib import Path

import openpyxl
import pytest

from jifen_analysis.cli import run
from jifen_analysis.errors import UsageError
from jifen_analysis.intake import check, load, write_template
from jifen_analysis.periods import Period
from jifen_analysis.schemes.scheme import read_scheme
from jifen_analysis.tables import TABLES
from jifen_analysis.vocabulary import standard

FILLED = {
    "members": {"member_id": "00001", "branch": "第一支部", "stage": "正式", "floating": "是", "sex": "男"},
    "attendance": {"member_id": "00001", "date": "2024-03-05", "activity": "党课", "status": "缺席"},
    "dues": {"member_id": "00001", "month": "2024-05", "due": 10, "paid": 10, "paid_on": "2024-05-20"},
    "events": {"member_id": "00001", "date": "2024-03-05", "event": "表彰奖励", "level": "市级", "award": "=奖"},
    "evaluations": {"member_id": "00001", "period": "2024H1", "group": "党员", "mark": 90},
    "surveys": {"period": "2024", "branch": "第一支部", "question": "是否满意", "score": 4},
}


def _fill(path: Path) -> Path:
    book = openpyxl.load_workbook(path)
    for table, row in FILLED.items():
        sheet = book[standard().tables[table].label]
        for j, name in enumerate(TABLES[table], start=1):
            if name in row:
                sheet.cell(3, j).value = row[name]
                sheet.cell(3, j).data_type = "s" if isinstance(row[name], str) else "n"
    book.save(path)
    return path


def test_filled_in_it_loads_without_a_note(tmp_path: Path) -> None:
    """Template, fill, load: no problem, no note, the records as filled in; empty sheets stay empty."""
    found = check(_fill(write_template(tmp_path / "模板.xlsx")))
    assert (found.verdict, found.problems) == ("accept", ())
    records = found.records
    for table in FILLED:
        assert len(records.table(table)) == 1
    assert records.attendance["status"].tolist() == ["absent"]
    assert records.events["award"].tolist() == ["=奖"]
    assert records.table("ballots").empty


def test_every_sheet_helps(tmp_path: Path) -> None:
    """Headers are protected and explained, words are chosen from lists, required columns have a star."""
    book = openpyxl.load_workbook(write_template(tmp_path / "模板.xlsx"))
    sheet = book["考勤"]
    assert [cell.value for cell in sheet[1]] == ["*党员编号", "*日期", "*活动类型", "*出勤情况"]
    assert sheet.protection.sheet
    assert sheet["A1"].protection.locked
    assert sheet["A1"].comment is not None
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"list", "date"}
    assert book["字典"].sheet_state == "hidden"


def test_only_what_is_asked_for(tmp_path: Path) -> None:
    """A scheme that reads few tables and words gets a small workbook."""
    path = write_template(tmp_path / "模板.xlsx", scheme="community_60_40", tables=["events"])
    book = openpyxl.load_workbook(path)
    assert set(book.sheetnames) == {"填写说明", "花名册", "事项", "字典"}
    listed = {cell.value for row in book["字典"].iter_rows() for cell in row}
    assert {"表彰奖励", "一票否决"} <= listed
    assert "见义勇为" not in listed


@pytest.mark.parametrize(("name", "period"), [("community_60_40", "2024H1"), ("street_80_20", "2024")])
def test_the_example_of_a_period_is_as_long_as_the_schemes(tmp_path: Path, name: str, period: str) -> None:
    """Who assesses by years is not shown half a year."""
    sheet = openpyxl.load_workbook(write_template(tmp_path / "模板.xlsx", scheme=name))["民主评议"]
    assert sheet["B2"].value == period == str(Period.parse(period).within(read_scheme(name).book.period))


def test_blank_template_has_no_roster(tmp_path: Path) -> None:
    """Sent back as it was it is no error, but there is nobody in it."""
    assert check(write_template(tmp_path / "模板.xlsx")).records is None


def test_unwritable_place_is_wrong_usage(tmp_path: Path) -> None:
    """A folder that does not exist is said, not raised as something else."""
    with pytest.raises(UsageError, match="写不了"):
        write_template(tmp_path / "没有" / "模板.xlsx")


def test_load_takes_the_filled_template(tmp_path: Path) -> None:
    """The strict reading takes it, too."""
    assert load(_fill(write_template(tmp_path / "模板.xlsx"))).years == (2024,)


KINDS = {"id": "00001", "text": "第一支部", "year": 2024, "month": "2024-05", "period": "2024", "date": "2024-03-05"}


def _as_offered(path: Path) -> dict[str, list[str]]:
    """Fill one row of every sheet with what its lists offer; return the headers of each sheet."""
    book = openpyxl.load_workbook(path)
    labels = {word.label: name for name, word in standard().tables.items()}
    headers = {}
    for sheet in book.worksheets:
        if sheet.title not in labels:
            continue
        table = labels[sheet.title]
        named = {standard().column(table, name).label: column for name, column in TABLES[table].items()}
        headers[table] = [named[cell.value.lstrip("*")].name for cell in sheet[1]]
        for cell in sheet[1]:
            column = named[cell.value.lstrip("*")]
            chosen = cell.offset(1).value if column.words or column.name == "item" else KINDS.get(column.kind)
            if column.name not in ("since", "until", "category", "level", "points", "exempt"):  # not all look at them
                cell.offset(2).value = chosen if chosen is not None else "是" if column.kind == "boolean" else 1
    book.save(path)
    return headers


@pytest.mark.parametrize("name", ["community_60_40", "district_classified", "village_monthly", "branch_scorecard"])
def test_what_a_scheme_asks_for_loads_without_a_note(tmp_path: Path, name: str) -> None:
    """Template for a scheme, filled in from its own lists and sent back: no problem, no note, all tables there."""
    path, scheme = tmp_path / "模板.xlsx", read_scheme(name)
    assert run(["template", str(path), "--scheme", name]) == 0
    headers = _as_offered(path)
    found = check(path, scheme=scheme)
    assert [problem.message() for problem in found.problems] == []
    assert {table for table, frame in found.tables.items() if len(frame)} == set(headers)


def test_the_command_refuses_what_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another ending is wrong usage, an unknown scheme too; nothing is left behind."""
    assert run(["template", str(tmp_path / "模板.csv")]) == 2
    assert run(["template", str(tmp_path / "模板.xlsx"), "--scheme", "没有的方案"]) == 2
    assert "没有的方案" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_every_sheet_prints_on_one_page(tmp_path: Path) -> None:
    """A4, lines to write by hand included, broad tables lying; no column beyond them is printed."""
    book = openpyxl.load_workbook(write_template(tmp_path / "模板.xlsx"))
    for tab in (tab for tab in book if tab.sheet_state == "visible"):
        assert tab.page_setup.paperSize == 9
        assert (tab.page_setup.fitToWidth or 1, tab.page_setup.fitToHeight or 1) == (1, 1)
        width = max(cell.column for cell in tab[1] if cell.value is not None)
        assert tab.print_area.split(":")[1].split("$")[1] == openpyxl.utils.get_column_letter(width)
        assert (tab.page_setup.orientation == "landscape") == (width > 5)
