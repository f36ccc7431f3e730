from datetime import datetime
from pathlib import Path

import pytest

from jifen_analysis.intake.grid import Area, Fault, Grid, UnreadableError, holds_table, open_grids

SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
HEAD = f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}">'
NUMBERS = {"id": "0000000", "p": "Percent", "d": "Short Date"}
SHOWN_AS = "".join(f'<Style ss:ID="{n}"><NumberFormat ss:Format="{code}"/></Style>' for n, code in NUMBERS.items())
STYLES = f'<Styles>{SHOWN_AS}<Style ss:ID="x"><Font ss:StrikeThrough="1"/></Style></Styles>'


def cell(value: object, kind: str = "String", inside: str = "", **said: object) -> str:
    """Write a cell; ``said`` are its attributes."""
    own = " ".join(f'ss:{name}="{text}"' for name, text in said.items())
    return f'<Cell {own}><Data ss:Type="{kind}">{value}</Data>{inside}</Cell>'


def opened(folder: Path, rows: str, head: str = HEAD) -> Grid:
    """Open a workbook of one sheet."""
    path = folder / "花名册.xls"
    sheet = f'<Worksheet ss:Name="花名册"><Table>{rows}</Table></Worksheet>'
    path.write_text(f"{head}{STYLES}{sheet}</Workbook>", encoding="utf-8")
    assert holds_table(path)
    return open_grids(path, "花名册.xls")[0]


def test_cells_are_read_where_they_stand(tmp_path: Path) -> None:
    """Numbers of rows and cells that leave some out, merged cells, formats, errors, comments, hidden rows."""
    day = cell("2024-03-05T00:00:00.000", "DateTime", Index=4, StyleID="d")
    mark = cell(0.95, "Number", "<Comment><Data>已转出</Data></Comment>", StyleID="p")
    lines = [
        (cell("编号"), cell("姓名", MergeAcross=1), cell("日期")),
        (cell(123, "Number", StyleID="id"), cell("张三", StyleID="x"), day),
        (mark, cell("#N/A", "Error")),
    ]
    rows = "<Row>{}</Row><Row ss:Index='4' ss:Hidden='1'>{}</Row><Row>{}</Row>".format(*map("".join, lines))
    grid = opened(tmp_path, rows)
    assert grid.sheet == "花名册"
    assert list(grid.row_numbers) == [1, 4, 5]
    assert grid.columns[0] == ("编号", "0000123", "95.00%")
    assert grid.columns[1] == ("姓名", "张三", Fault("error", "#N/A"))
    assert grid.columns[-1] == ("日期", datetime(2024, 3, 5), None)
    assert grid.merges == (Area(1, 2, 1, 3),)
    assert (grid.facts.hidden_rows, grid.facts.struck, grid.facts.comments) == (
        frozenset({4}),
        frozenset({(4, 2)}),
        {(5, 1): "已转出"},
    )


def test_entities_are_refused(tmp_path: Path) -> None:
    """A bomb of entities is not opened, in whatever encoding."""
    bomb = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + HEAD.partition("?>")[2]
    with pytest.raises(UnreadableError, match="实体"):
        opened(tmp_path, f"<Row>{cell('&b;')}</Row>", bomb)


@pytest.mark.parametrize("rows", ["<Row>", '<Row ss:Index="99999999"/>', f"<Row>{cell('zwölf', 'Number')}</Row>"])
def test_damaged_ones_are_refused(tmp_path: Path, rows: str) -> None:
    """Half a file, a row beyond the last, a number that is none."""
    with pytest.raises(UnreadableError, match="损坏"):
        opened(tmp_path, rows)
