from pathlib import Path

import pytest

from jifen_analysis.intake import check
from jifen_analysis.intake.grid import Area, UnreadableError, open_grids
from jifen_analysis.intake.grid.page import page_grids
from tests.intake.sheets import errors, notes, rows_of

ROSTER = (
    "<html><head><meta charset='{charset}'><style>td {{color: red}}</style><title>导出</title></head>"
    "<body><h3>第一支部花名册</h3>"
    "<table border=1><thead><tr><th>党员编号</th><th>姓名</th><th>党支部</th></tr></thead>"
    "<tr><td x:str>00001<td>张&nbsp;三<td rowspan=2>第一支部"
    "<tr style='display:none'><td>00002</td><td><a href='#'>李四</a></td></tr></table></body></html>"
)


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gbk"])
def test_tables_of_a_page_are_read(tmp_path: Path, charset: str) -> None:
    """What a system exports as .xls is read as a browser shows it: text, merged cells, hidden rows."""
    path = tmp_path / "花名册.xls"
    path.write_bytes(ROSTER.format(charset=charset).encode("gb18030" if charset != "utf-8" else "utf-8"))
    found = check(path)
    assert rows_of(found, "members", "member_id", "name", "branch") == [
        ("00001", "张三", "第一支部"),
        ("00002", "李四", "第一支部"),
    ]
    assert not errors(found)
    assert "hidden_rows" in notes(found)


def test_each_table_is_a_sheet_with_what_stands_over_it() -> None:
    """A table inside another is one of its own; what is crossed out is known."""
    one = "<p>A</p><table><tr><td>1<td colspan=2>2<tr><td><s>3</s></table>"
    two = "B<table><tr><td><table><tr><td>4</table>5</table>"
    first, inner, outer = page_grids((one + two).encode(), "a.xls")
    assert (first.above, first.columns, first.facts.struck) == (("A",), (("1", "3"), ("2", None)), frozenset({(2, 1)}))
    assert [grid.sheet for grid in (first, inner, outer)] == ["表1", "表2", "表3"]
    assert (inner.columns, outer.columns) == ((("4",),), (("5",),))


@pytest.mark.parametrize("page", ["<html>登录</html>", "<table></table>", "<table><tr><td rowspan=999999>1</table>"])
def test_pages_without_a_table_are_refused(tmp_path: Path, page: str) -> None:
    """A page of words, and a table that spans the sky, are no workbook."""
    (tmp_path / "a.xls").write_text(page, encoding="utf-8")
    with pytest.raises(UnreadableError, match="网页"):
        open_grids(tmp_path / "a.xls", "a.xls")


@pytest.mark.parametrize("colour", ["#fff", "#FFFFFF", "white", "rgb(255, 255, 255)"])
@pytest.mark.parametrize(
    ("cell", "unseen"),
    [
        ("<td style='color: {}'>90", True),
        ("<td style='font-size:9pt;color:{}'>90", True),
        ("<td><font color='{}'>90</font>", True),
        ("<td bgcolor='red' style='color:{}'>90", False),
        ("<td bgcolor='black' style='background-color:{0};color:{0}'>90", True),
        ("<td style='background:{}'>90", False),
        ("<td><span style='color:{}'></span>90", False),
    ],
)
def test_letters_in_the_colour_of_what_is_behind_them_are_known(colour: str, cell: str, *, unseen: bool) -> None:
    """However the colour is written, and closed or not; what comes behind the cell is seen."""
    body = f"<table><tr><td>1{cell.format(colour)}<td>2<tr><td>3<td>4<td>5</table>"
    (grid,) = page_grids(body.encode(), "a.xls")
    assert grid.facts.unseen == ({(1, 2)} if unseen else set())


@pytest.mark.parametrize("cell", ["<td><s>3</s>4", "<td style='text-decoration: line-through'>3", "<td><del>3</del>"])
def test_what_is_crossed_out_on_a_page_is_known(cell: str) -> None:
    """By a tag or by a style, of a cell or of its row; what comes behind it counts."""
    row = cell.replace("<td style=", "<tr style=") if "style" in cell else "<tr>"
    (grid,) = page_grids(f"<table><tr><td>1<td>2<tr>{cell}<td>5<tr><td>6</table>".encode(), "a.xls")
    assert grid.facts.struck == {(2, 1)}
    if "style" in cell:
        (grid,) = page_grids(f"<table><tr><td>1<td>2{row}<td>3<td>5<tr><td>6</table>".encode(), "a.xls")
        assert grid.facts.struck == {(2, 1), (2, 2)}


def test_pictures_on_a_page_are_known() -> None:
    """A signature that is a picture leaves its cell blank."""
    (grid,) = page_grids(b"<table><tr><td>1<td><img src='a.png'><tr><td>2<td>3</table><img src='b.png'>", "a.xls")
    assert grid.facts.pictures == {Area(1, 2, 1, 2)}


@pytest.mark.parametrize(("tag", "shown"), [("sup", "9¹"), ("sub", "9₁"), ("b", "91")])
def test_raised_digits_of_a_page_stay_raised(tag: str, shown: str) -> None:
    """9<sup>1</sup> is 9 with a note, as a browser shows it."""
    page = f"<table><tr><td>9<{tag}>1</{tag}></td><td>10</td></tr></table>"
    assert list(page_grids(page.encode(), "a.xls")[0].row(0)) == [shown, "10"]
