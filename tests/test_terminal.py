"""Problems as lines: never so many that nobody reads them, and none of them lost."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen_analysis.cli import terminal
from jifen_analysis.cli.reading import follow_progress
from jifen_analysis.cli.terminal import MOST, Terminal, problem_lines
from jifen_analysis.errors import Problem, Text
from tests.command import Jifen, console_of, files
from tests.intake.sheets import book


def error(n: int, code: str = "unknown_word", file: str = "a.csv") -> Problem:
    """Return an error of its own cell and content."""
    return Problem("error", code, Text(f"“{n}”", str(n)), file, "", f"D{n}", str(n))


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from("abc"), st.sampled_from(["x", "y"])), max_size=600))
def test_every_cell_is_in_some_line(given: list[tuple[int, str, str]]) -> None:
    """However they are put together, as many cells are told as there are problems, in few lines."""
    told = problem_lines([error(n, code, f"{file}.csv") for n, code, file in given])
    assert sum(len(line.cells) for line in told) == len(given)
    assert len(told) <= MOST


def test_few_errors_stand_one_by_one() -> None:
    """Each has to be mended, so each is told with its own cell; a spelling that nobody knows is one mistake."""
    wrong = [error(n, "bad_value") for n in (1, 1, 2)]
    assert [line.cells for line in problem_lines(wrong)] == [("D1",), ("D1",), ("D2",)]
    assert [line.cells for line in problem_lines([error(1), error(1), error(2)])] == [("D1", "D1"), ("D2",)]


def test_equal_notes_of_a_sheet_are_told_once() -> None:
    """A note that repeats itself names its cells in one line."""
    note = Problem("note", "blank", Text("空", "blank"), "a.csv", "", "A1")
    assert [line.cells for line in problem_lines([note, note])] == [("A1", "A1")]


def test_what_one_rule_made_of_many_cells_is_told_once() -> None:
    """Months taken as their first day are one line, which says that each differs; what a remark says stands alone."""
    months = [Problem("note", "month_as_day", Text(f"“{n}”", str(n)), "a.csv", "", f"E{n}") for n in (4, 5, 6)]
    remarks = [Problem("note", "remark", Text(f"“{n}”", str(n)), "a.csv", "", f"F{n}") for n in (4, 5)]
    assert [(line.cells, line.kind) for line in problem_lines(months + remarks)] == [
        (("E4", "E5", "E6"), True),
        (("F4",), False),
        (("F5",), False),
    ]


def test_a_file_of_wrong_rows_is_told_in_a_screen(jifen: Jifen, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A thousand wrong rows print a few lines, which say how many there are and where all of them are told."""
    rows = "".join(f"00001,2024-03-05,党课,词{chr(0x4E00 + n)}{n}\n" for n in range(1000))
    data = files(tmp_path, members="member_id,branch\n00001,一支部\n", 考勤="党员编号,日期,活动类型,出勤情况\n" + rows)
    code, out, _ = jifen("check", data)
    assert code == 1
    assert len(out.splitlines()) < 30
    assert "同类另有 999 处" in out
    assert "--json" in out


def test_what_is_said_of_one_cell_is_said_at_that_cell_alone(jifen: Jifen, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Of hundreds of unknown ids the first is named where it stands; where others stand is said beside it."""
    rows = "".join(f"9{n:04},2024-03-05,党课,出勤\n" for n in range(MOST + 50))
    data = files(tmp_path, members="member_id,branch\n00001,一支部\n", 考勤="党员编号,日期,活动类型,出勤情况\n" + rows)
    out = jifen("check", data)[1]
    assert "A2:花名册中没有编号 90000,最接近的是 00001(同类另有 199 处,在 A3、A4、A5、A6、A7等,共 1 个文件" in out


def test_what_is_said_of_sheets_without_a_cell_lists_the_sheets(jifen: Jifen, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Of hundreds of sheets that hold no table the first is named, the next few beside it, all are counted."""
    data = files(tmp_path, members="member_id,branch\n00001,一支部\n")
    book(data / "m.xlsx", {f"杂{n}": [["x", n]] for n in range(MOST + 50)})
    code, out, _ = jifen("check", data)
    assert (code, "、、" in out, "  杂0:" in out, "同类另有 199 处,在 杂1、杂10、" in out) == (1, False, True, True)


def test_what_is_told_together_over_sheets_names_the_sheet_of_each_cell() -> None:
    """Where many problems of one file are told by kind, a cell on another sheet stands with the name of that sheet."""
    many = [
        Problem("error", "unknown_id", Text(f"没有 {n}", str(n)), "a.xlsx", f"第{n + 1}张", f"B{n}")
        for n in range(2 * MOST)
    ]
    (line,) = problem_lines(many)
    assert line.cells[:3] == ("B0", "第2张!B1", "第3张!B2")


def test_where_no_branch_is_known_no_table_is_printed(jifen: Jifen, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A blank form has its error and its counts, and no header over nothing."""
    book(tmp_path / "空白.xlsx", {"花名册": [["党员编号", "党支部"]]})
    code, out, _ = jifen("check", tmp_path / "空白.xlsx")
    assert (code, "报送情况" in out, "错误" in out) == (1, False, True)


@pytest.mark.parametrize(("terminal_there", "seen"), [(True, "3/9"), (False, "")])
def test_how_far_long_tables_are_is_seen_on_a_terminal_alone(terminal_there: bool, seen: str) -> None:
    """In megabytes of all; a pipe sees nothing, and nobody asks."""
    console = console_of(terminal_there)
    with console.capture() as captured, follow_progress(Terminal("zh", console, console), map) as (_, watch):
        assert (watch is None) != terminal_there
        if watch:
            watch(500, 900)
            watch(3_200_000, 9_000_000)
    assert seen in captured.get()
    assert ("MB" in captured.get()) == terminal_there


CELLS = st.text(st.sampled_from("甲乙1a [:]，é\n\t\x07"), max_size=5) | st.none() | st.integers(0, 999)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=4),
    headers=st.tuples(
        *[st.text(st.sampled_from("甲b[:/]"), min_size=1, max_size=4).filter(lambda one: one != "[/]")] * 3
    ),
    numbers=st.integers(0, 2),
    width=st.sampled_from([12, 10_000]),
)
def test_a_table_in_a_pipe_looks_the_same_however_it_is_laid_out(
    rows: list[tuple[object, ...]],
    headers: tuple[str, ...],
    numbers: int,
    width: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever stands in it and however wide it may be, long tables are those that would take much longer."""
    seen = []
    for quickly in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if not quickly:
                patch.setattr(terminal, "_aligned", lambda *_: None)
            patch.setenv("COLUMNS", str(width))
            patch.setattr(terminal, "requested_width", lambda: width)
            desk = Terminal.open("zh")
            try:
                desk.table([*headers], rows, "题", numbers)
            except Exception as fault:  # a header that is no markup
                seen.append(type(fault).__name__)
            seen.append(capsys.readouterr().out)
    assert seen[: len(seen) // 2] == seen[len(seen) // 2 :]
