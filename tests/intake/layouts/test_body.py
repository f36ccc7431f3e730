from pathlib import Path

import pytest

from jifen_analysis.intake import check
from jifen_analysis.intake.layouts.body import is_total
from tests.intake.sheets import Rows, book, checked, errors, filled_cells, notes, rows_of

HEAD = ("姓名", "应缴", "实缴")
PAID = ("member_id", "month", "due")


@pytest.mark.parametrize(
    "text", ["合计", "总 计", "第一支部小计", "合计:2人", "合计(元)", "人均", "全年合计", "出勤率"]
)
def test_labels_of_totals(text: str) -> None:
    """A total may name its scope, its unit or its count."""
    assert is_total(text)


@pytest.mark.parametrize("text", ["合计捐款200元", "张三", "党课", "说明:以上为小计、合计"])
def test_words_with_a_total_inside_are_none(text: str) -> None:
    """A sentence that mentions a total is not the label of one."""
    assert not is_total(text)


@pytest.mark.parametrize(
    ("rows", "merges"),
    [
        ([("2024年1月党费",), HEAD, ("张三", 1, 1), HEAD, ("李四", 2, 2)], []),
        ([("2024年1月党费",), HEAD, ("张三", 1, 1), (), ("—1—",), (), HEAD, ("李四", 2, 2)], []),
        ([("2024年党费",), ("姓名", "1月", "3月"), ("张三", 1), ("姓名", "1月", "3月"), ("李四", 2)], []),
        (
            [("2024年党费",), ("姓名", "1月", None), (None, "应缴", "实缴"), ("张三", 1, 1), ("姓名", "1月", None),
             (None, "应缴", "实缴"), ("李四", 2, 2)],
            ["B2:C2", "B5:C5"],
        ),
    ],
)  # fmt: skip
def test_headers_repeat_after_a_page(tmp_path: Path, rows: Rows, merges: list[str]) -> None:
    """Long or wide, one level or two: a repeated header is no record."""
    found = checked(tmp_path, rows, merges=merges)
    assert rows_of(found, "dues", *PAID) == [("00001", "2024-01", 1), ("00002", "2024-01", 2)]
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


def test_blocks_below_take_their_own_titles(tmp_path: Path) -> None:
    """A title over all, a title and a unit row over each, a footer under each."""
    rows = [("2024年党费",), ("1月",), ("单位:元",), HEAD, ("张三", 1, 1), ("填表人:", "李四"),
            ("2月",), ("单位:元",), HEAD, ("李四", 2, 2), ("填表人:", "李四")]  # fmt: skip
    found = checked(tmp_path, rows)
    assert rows_of(found, "dues", *PAID) == [("00001", "2024-01", 1), ("00002", "2024-02", 2)]
    assert found.errors == ()
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


def test_a_legend_of_rows(tmp_path: Path) -> None:
    """Signs and their meaning may stand below each other, under the list."""
    rows = [("2024年3月党课",), ("姓名", 5, 6), ("张三", "○", "△"), ("图例",), ("○", "请假"), ("△", "迟到")]
    found = checked(tmp_path, rows)
    assert rows_of(found, "attendance", "status") == [("leave",), ("late",)]
    assert (found.errors, found.counts["legend"]) == ((), 4)


def test_who_filled_in_the_sheet_is_no_record(tmp_path: Path) -> None:
    """A footer stays one where the name in it stands below the names."""
    rows = [("2024年3月党课",), ("序号", "姓名", 5), (1, "张三", "√"), ("填表人:", "李四", "审核:王五")]
    assert rows_of(checked(tmp_path, rows), "attendance", "member_id") == [("00001",)]


@pytest.mark.parametrize("heading", ["第一支部", "离退休党员", "第二党小组", "一、在职人员:"])
def test_headings_between_the_rows(tmp_path: Path, heading: str) -> None:
    """A line over the rows of some members is nobody, even among names alone."""
    rows = [("2024年1月党费",), HEAD, ("张三", 1, 1), (heading,), ("李四", 2, 2)]
    found = checked(tmp_path, rows)
    assert (found.errors, len(rows_of(found, "dues", *PAID))) == ((), 2)
    assert sum(found.counts.values()) == filled_cells(tmp_path / "数据.xlsx")


def test_rows_under_a_merged_cell_are_filled(tmp_path: Path) -> None:
    """Day and event merged over two rows are those of both members."""
    rows = [("日期", "事项", "姓名"), ("2024-05-01", "见义勇为", "张三"), (None, None, "李四")]
    found = checked(tmp_path, rows, merges=["A2:A3", "B2:B3"])
    assert (found.errors, len(found.tables["events"])) == ((), 2)


@pytest.mark.parametrize("line", [("过次页", 3, 3), ("承前页", 3, 3), ("其中:男1人,女1人",), ("例", 1, 1)])
def test_lines_of_a_page_and_examples_are_nobody(tmp_path: Path, line: tuple[str | int, ...]) -> None:
    """What carries a sum over to the next page, a count and an example are no records among names."""
    found = checked(tmp_path, [("2024年1月党费",), HEAD, ("张三", 1, 1), line, ("李四", 2, 2)])
    assert (found.errors, len(rows_of(found, "dues", *PAID))) == ((), 2)


@pytest.mark.parametrize(
    ("title", "heads", "above", "line", "code"),
    [
        ("党课考勤", ("3月5日", "4月9日"), ("√", "√"), (None, "√", "×"), ["missing_value"]),
        ("党课考勤", ("3月5日", "4月9日"), ("√", "√"), (None, 1, 1), []),
        ("党费", ("1月", "2月"), (10, 12), (None, 10, 7), ["missing_value"]),
        ("党费", ("1月", "2月"), (10, 12), (None, 10, 12), []),
    ],
)
def test_a_row_without_a_name_is_a_record_that_lost_it_or_a_sum(
    tmp_path: Path, title: str, heads: tuple[str, ...], above: tuple[str | int, ...], line: tuple, code: list[str]
) -> None:  # fmt: skip
    """Signs or amounts below nobody are refused at the missing name; counts and sums of those above are none."""
    found = checked(tmp_path, [(f"2024年{title}",), ("姓名", *heads), ("张三", *above), line])
    assert sorted({p.code for p in found.errors}) == code


@pytest.mark.parametrize(
    ("table", "head", "rows"),
    [
        ("marks", ("考评项目", "得分"), [("理论学习", 9), ("本职工作", 8), ("合计", 17)]),
        ("evaluations", ("评议主体", "分数"), [("党员", 90), ("班子成员", 92), ("平均分", 91)]),
        ("dues", ("月份", "应缴", "实缴"), [("1月", 10, 10), ("2月", 10, 10), ("小计", 20, 20)]),
    ],
)
def test_what_somebody_has_in_all_is_no_record(tmp_path: Path, table: str, head: tuple, rows: list[tuple]) -> None:
    """合计 where other rows of a member name an item, a group or a month is held against them; a wrong sum is said."""
    titles = {"marks": "2024年考评打分", "evaluations": "2024年民主评议", "dues": "2024年党费"}
    sheet = [(titles[table],), ("姓名", *head), *(("张三", *row) for row in rows)]
    found = checked(tmp_path / "right", sheet)
    assert (found.errors, len(found.tables[table]), "total_differs" in notes(found)) == ((), 2, False)
    if table != "evaluations":
        off = checked(tmp_path / "wrong", [*sheet[:-1], (*sheet[-1][:-1], 99)])
        assert "total_differs" in notes(off)


@pytest.mark.parametrize(
    "names", [("member_id", "name", "branch"), ("党员编号", "姓 名", "支部"), ("人员编号", "党员姓名", "所在党支部")]
)
def test_a_header_in_other_words_below_it_is_no_record(tmp_path: Path, names: tuple[str, ...]) -> None:
    """A second line of headers, in English or in other words, names the same columns and nobody."""
    rows = [("编号", "姓名", "党支部"), names, ("00001", "张三", "第一支部")]
    found = check(book(tmp_path / "花名册.xlsx", {"花名册": rows}))
    assert (errors(found), rows_of(found, "members", "member_id")) == ([], [("00001",)])


@pytest.mark.parametrize("cells", [(None, "无"), ("—", "无"), ("/", None)])
def test_nobody_s_events_are_no_records(tmp_path: Path, cells: tuple[str | None, str | None]) -> None:
    """A row that says of somebody that there is nothing is named as one that was not filled in."""
    rows = [("姓名", "日期", "事项"), ("张三", "2024-03-05", "见义勇为"), ("李四", *cells)]
    found = checked(tmp_path, rows)
    assert (found.errors, len(rows_of(found, "events", "event"))) == ((), 1)
    assert [p.cell for p in found.notes if p.code == "unfilled_rows"] == ["A3"]
