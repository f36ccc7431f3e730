import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from jifen_analysis.intake.grid import Area, Fault, UnreadableError, open_grids
from jifen_analysis.intake.grid.package import facts


def _copy(path: Path, change: dict[str, bytes], *, drop: tuple[str, ...] = ()) -> Path:
    """Write a workbook again with some members changed."""
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in drop:
                target.writestr(name, change.get(name, source.read(name)))
        for name in set(change) - set(source.namelist()):
            target.writestr(name, change[name])
    return path


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook with one cell."""
    made = openpyxl.Workbook()
    made.active["A1"] = "编号"
    made.save(tmp_path / "a.xlsx")
    return tmp_path / "a.xlsx"


def test_errors_and_uncalculated_formulas_are_found() -> None:
    """What calamine reads as blank is told apart by the XML."""
    xml = (
        b'<worksheet><sheetData><row r="2"><c r="A2"/><c r="B2" t="e"><v>#REF!</v></c><c r="C2"><f>1+1</f><v></v></c>'
        b'<c r="D2"><f>1+1</f><v>2</v></c><c r="E2" t="str"><f>""</f><v></v></c></row></sheetData></worksheet>'
    )
    assert facts(xml).faults == {(2, 2): Fault("error", "#REF!"), (2, 3): Fault("uncalculated", "=1+1")}


_CELLS = {
    '<c r="{}"{} t="s"><v>3</v></c>': "",
    "<c r='{}'{} t='s'><v>3</v></c>": "",
    '<c r="{}"{} t="s"><v></v></c>': "refused",
    '<c r="{}"{} t="s"><v>E</v></c>': "refused",
    '<c t="s" r="{}"{}><v>x</v></c>': "refused",
    '<c r="{}"{}><v>4.5</v></c>': "",
    '<c r="{}"{}><f>SUM(A1:A2)</f><v>4.5</v></c>': "",
    '<c r="{}"{}><f ca="1">A1</f><v> </v></c>': "=A1",
    '<c r="{}"{}><f>A1</f></c>': "=A1",
    '<c r="{}"{} t="str"><f>A1</f><v></v></c>': "",
    '<c r="{}"{} t="e"><v>#N/A</v></c>': "#N/A",
    '<c r="{}"{} t="inlineStr"><is><t>f: e</t></is></c>': "",
}


@given(st.lists(st.sampled_from(sorted(_CELLS)), min_size=1, max_size=6), st.sampled_from(["", ' s="1"']))
def test_rows_of_any_make_are_looked_through(cells: list[str], style: str) -> None:
    """What is unusual is found beside what every program writes, and nothing is found where all is usual."""
    row = "".join(cell.format(f"A{n}", style) for n, cell in enumerate(cells, start=1))
    xml = f'<worksheet><sheetData><row r="1" spans="1:9">{row}</row></sheetData></worksheet>'.encode()
    said = [_CELLS[cell] for cell in cells]
    if "refused" in said:
        with pytest.raises(UnreadableError, match="文件已损坏"):
            facts(xml)
    else:
        found = {at: fault.shown for at, fault in facts(xml).faults.items()}
        assert found == {(n, 1): what for n, what in enumerate(said, start=1) if what}


def test_hidden_and_merged_are_found() -> None:
    """Hidden rows and columns and merged areas come from the XML."""
    xml = (
        b'<worksheet><cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="4" hidden="1"/></sheetData>'
        b'<mergeCells><mergeCell ref="A1:C2"/></mergeCells></worksheet>'
    )
    found = facts(xml)
    assert (found.hidden_rows, found.hidden_columns) == ({4}, {2, 3})
    assert found.merges == (Area(1, 1, 2, 3),)


def test_stray_cell_is_read_without_its_range(workbook: Path) -> None:
    """A cell at the far corner costs no more than itself, and keeps its address."""
    made = openpyxl.load_workbook(workbook)
    made.active["XFD1048576"] = "z"
    made.save(workbook)
    (grid,) = open_grids(workbook, "a.xlsx")
    assert (grid.height, grid.width) == (2, 2)
    assert grid.address(1, 1) == "XFD1048576"


@pytest.mark.parametrize("row", [999, 1000, 9999, 10_000, 1_048_576])
@pytest.mark.parametrize(("letters", "column"), [("Z", 26), ("AA", 27), ("ZZ", 702), ("AAA", 703), ("XFD", 16_384)])
def test_a_range_too_large_for_its_cells_is_known_before_it_is_held(row: int, letters: str, column: int) -> None:
    """Two million cells and more, nearly all of them empty, whichever cell says so, in whatever quotes and prefix."""
    cells = f'<row r="1"><c r="{letters}1"/></row><row r="{row}"><c r="A{row}"/></row>'
    prefixed = cells.replace("<", "<x:").replace("<x:/", "</x:")
    made = (cells, cells.replace('"', "'"), cells.replace("c r", "c  r"), prefixed)
    said = {facts(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode()).sparse for rows in made}
    assert said == {row * column > 2_000_000}


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml"])
def test_entities_are_refused(workbook: Path, part: str) -> None:
    """XML that defines entities of its own is not opened."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><worksheet>&x;</worksheet>'
    with pytest.raises(UnreadableError, match="实体"):
        open_grids(_copy(workbook, {part: bomb}), "a.xlsx")


def test_bombs_are_refused(workbook: Path) -> None:
    """A package that unpacks to far more than it holds is not unpacked."""
    with pytest.raises(UnreadableError, match="解压后有"):
        open_grids(_copy(workbook, {"xl/bomb.bin": bytes(80 << 20)}), "a.xlsx")


def test_missing_and_broken_parts_are_damage(workbook: Path) -> None:
    """A package without its sheet, or with nonsense for one, is refused as damaged."""
    with pytest.raises(UnreadableError, match="已损坏"):
        open_grids(_copy(workbook, {}, drop=("xl/worksheets/sheet1.xml",)), "a.xlsx")


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    """A string that begins with = is read as it stands."""
    made = openpyxl.Workbook()
    made.active["A1"] = "=1+1"
    made.active["A1"].data_type = "s"
    made.save(tmp_path / "a.xlsx")
    assert open_grids(tmp_path / "a.xlsx", "a.xlsx")[0].row(0) == ("=1+1",)


@pytest.mark.parametrize(("number", "form"), [(-1e17, "yyyy-mm-dd"), (1e17, "[h]:mm:ss")])
def test_dates_no_reader_can_hold_cost_only_their_cell(workbook: Path, number: float, form: str) -> None:
    """A number far beyond the calendar in a cell formatted as a date does not take the sheet along."""
    made = openpyxl.load_workbook(workbook)
    made.active["B1"] = number
    made.active["B1"].number_format = form
    made.save(workbook)
    (grid,) = open_grids(workbook, "a.xlsx")
    assert grid.row(0)[0] == "编号"
    assert grid.width == 2


def test_an_unknown_encoding_is_damage(tmp_path: Path) -> None:
    """A part that names an encoding that nobody knows is one refusal, no crash."""
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    book = b'<?xml version="1.0" encoding="Z9Z"?><workbook/>'
    with pytest.raises(UnreadableError, match="UTF-8"):
        open_grids(_copy(tmp_path / "a.xlsx", {"xl/workbook.xml": book}), "a.xlsx")


def test_cells_that_name_no_place_stand_one_behind_the_other(workbook: Path) -> None:
    """What a cell's format shows, and an error in it, is known also where rows and cells are only counted."""
    made = openpyxl.load_workbook(workbook)
    for column, (value, form) in enumerate([(123, "0000000"), (0.95, "0%"), ("=1/0", "General")], start=1):
        made.active.cell(2, column, value).number_format = form
    made.save(workbook)
    part = "xl/worksheets/sheet1.xml"
    (grid,) = open_grids(workbook, "a.xlsx")
    bare = re.sub(rb' r="[A-Z]?\d+"', b"", zipfile.ZipFile(workbook).read(part))
    (again,) = open_grids(_copy(workbook, {part: bare}), "a.xlsx")
    assert grid.row(1)[:2] == again.row(1)[:2] == ("0000123", "95%")
    assert again.row(1)[2] == grid.row(1)[2]


@pytest.mark.parametrize("content", [b"<worksheet/>", b"<a>" * 1000, b"<worksheet><rows/></worksheet>"])
def test_a_sheet_without_a_place_for_its_rows_is_damage(content: bytes) -> None:
    """It would vanish beside others, and nobody would hear of it."""
    with pytest.raises(UnreadableError, match="已损坏"):
        facts(content)


@pytest.mark.parametrize("index", [b"-1", b"1.5", b"x"])
def test_a_shared_text_is_named_by_its_number_or_not_at_all(tmp_path: Path, index: bytes) -> None:
    """A reader that takes the first text for what is no number would guess; the file is damaged."""
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet().write_row(0, 0, ["编号", "姓名"])
    (grid,) = open_grids(tmp_path / "a.xlsx", "a.xlsx")
    assert grid.width == 2
    part = "xl/worksheets/sheet1.xml"
    sheet = zipfile.ZipFile(tmp_path / "a.xlsx").read(part)
    with pytest.raises(UnreadableError, match="已损坏"):
        open_grids(_copy(tmp_path / "a.xlsx", {part: sheet.replace(b"<v>1</v>", b"<v>" + index + b"</v>")}), "a.xlsx")
